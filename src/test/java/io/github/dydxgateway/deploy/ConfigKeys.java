package io.github.dydxgateway.deploy;

import io.github.dydxgateway.config.GatewayConfig;
import io.smallrye.config.WithDefault;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The keys of {@link GatewayConfig}, found by walking it. */
final class ConfigKeys {
  private static final String ACCOUNT = "accounts[i]";
  private static final String TOKEN = "access.tokens[i]";
  private static final Set<String> SECRETS =
      Set.of("upstream.proxy-username", "upstream.proxy-password", "upstream.headers");

  private final Map<String, String> defaults = new TreeMap<>();

  ConfigKeys() {
    walk(GatewayConfig.class, "");
  }

  private void walk(Class<?> group, String prefix) {
    for (Method method : group.getDeclaredMethods()) {
      if (method.isSynthetic()) {
        continue;
      }
      String key = prefix + kebab(method.getName());
      if (method.getReturnType().isInterface()
          && method.getReturnType() != List.class
          && method.getReturnType() != Map.class) {
        walk(method.getReturnType(), key + ".");
      } else if (method.getReturnType() == List.class) {
        Type item = ((ParameterizedType) method.getGenericReturnType()).getActualTypeArguments()[0];
        walk((Class<?>) item, key + "[i].");
      } else {
        WithDefault value = method.getAnnotation(WithDefault.class);
        defaults.put(key, value == null ? "" : value.value());
      }
    }
  }

  private static String kebab(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /**
   * Each key without {@code gateway.} and without accounts, tokens and other secrets, with its
   * default; none: empty.
   */
  Map<String, String> plain() {
    Map<String, String> plain = new TreeMap<>(defaults);
    plain
        .keySet()
        .removeIf(key -> key.startsWith(ACCOUNT) || key.startsWith(TOKEN) || SECRETS.contains(key));
    return plain;
  }

  /** The keys of one account. */
  List<String> account() {
    return below(ACCOUNT);
  }

  /** The keys of one token. */
  List<String> token() {
    return below(TOKEN);
  }

  private List<String> below(String item) {
    return defaults.keySet().stream()
        .filter(key -> key.startsWith(item))
        .map(key -> key.substring(item.length() + 1))
        .sorted()
        .toList();
  }

  /** All keys as the README names them. */
  Map<String, String> all() {
    Map<String, String> all = new TreeMap<>();
    defaults.forEach((key, value) -> all.put("gateway." + key, value));
    return all;
  }

  /** The environment variable of a key without {@code gateway.}. */
  static String variable(String key) {
    return "GATEWAY_" + key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
  }
}
