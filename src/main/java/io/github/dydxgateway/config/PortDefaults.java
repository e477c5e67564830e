package io.github.dydxgateway.config;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Where the ports listen unless they are told: all addresses with TLS or where plain text is asked
 * for, and else this machine only. With TLS, HTTP's one port speaks it.
 */
public final class PortDefaults implements ConfigSourceFactory {
  static final String TLS = "gateway.access.tls-configuration-name";
  static final String PLAIN_TEXT = "gateway.access.plain-text";

  /** Below {@code application.properties}. */
  private static final int ORDINAL = 200;

  @Override
  public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
    String tls = textOf(context, TLS);
    boolean open = !tls.isEmpty() || isTrue(textOf(context, PLAIN_TEXT));
    String host = open ? "0.0.0.0" : "127.0.0.1";
    Map<String, String> defaults = new HashMap<>();
    defaults.put("quarkus.http.host", host);
    defaults.put("quarkus.grpc.server.host", host);
    if (!tls.isEmpty()) {
      defaults.put("quarkus.http.tls-configuration-name", tls);
      defaults.put("quarkus.http.insecure-requests", "disabled");
      defaults.put("quarkus.http.ssl-port", "${quarkus.http.port}");
      defaults.put("quarkus.http.test-ssl-port", "${quarkus.http.test-port}");
    }
    return List.of(new PropertiesConfigSource(defaults, "ports of the gateway", ORDINAL));
  }

  private static String textOf(ConfigSourceContext context, String key) {
    ConfigValue value = context.getValue(key);
    return value == null || value.getValue() == null ? "" : value.getValue().trim();
  }

  /** What is no boolean stops the start when the configuration is read. */
  private static boolean isTrue(String value) {
    try {
      return Boolean.TRUE.equals(new TrueOrFalse().convert(value));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
