package io.github.dydxgateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrimmedValuesTest {
  private static SmallRyeConfig config(Map<String, String> values) {
    return new SmallRyeConfigBuilder()
        .addDiscoveredInterceptors()
        .addDefaultInterceptors()
        .addDiscoveredConverters()
        .withMapping(GatewayConfig.class)
        .withSources(new PropertiesConfigSource(values, "test", 400))
        .build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s\n", "%s\r\n", " %s", "\t%s ", "\n\n%s\n\n"})
  void lineEndsAndBlanksAroundSecretsAreNoPartOfThem(String around) {
    String hash = "0123456789abcdef".repeat(4);
    GatewayConfig config =
        config(
                Map.of(
                    "gateway.access.tokens[0].name", around.formatted("bot one"),
                    "gateway.access.tokens[0].sha256", around.formatted(hash),
                    "gateway.access.tls-configuration-name", around.formatted("gateway"),
                    "gateway.access.plain-text", around.formatted("true"),
                    "gateway.upstream.url", around.formatted("ws://127.0.0.1:1/v4/ws"),
                    "gateway.upstream.proxy-username", around.formatted("me"),
                    "gateway.upstream.proxy-password", around.formatted("a secret"),
                    "gateway.upstream.headers.\"X-Key\"", around.formatted("key")))
            .getConfigMapping(GatewayConfig.class);

    assertThat(config.access().tokens().get(0).name()).isEqualTo("bot one");
    assertThat(config.access().tokens().get(0).sha256()).isEqualTo(hash);
    assertThat(config.access().tlsConfigurationName()).contains("gateway");
    assertThat(config.access().plainText()).isTrue();
    assertThat(config.upstream().url()).hasToString("Optional[ws://127.0.0.1:1/v4/ws]");
    assertThat(config.upstream().proxyUsername()).contains("me");
    assertThat(config.upstream().proxyPassword()).contains("a secret");
    assertThat(config.upstream().headers()).containsEntry("X-Key", "key");
    new ConfigCheck(config).check();
  }

  @Test
  void keysOfTokensCertificatesAndTracingAreTrimmedToo() {
    SmallRyeConfig config =
        config(
            Map.of(
                "mp.jwt.verify.issuer", "https://issuer\n",
                "mp.jwt.verify.publickey.location", "/keys/jwt.pem\n",
                "quarkus.tls.gateway.key-store.p12.password", "\r\n secret \r\n",
                "quarkus.tls.gateway.trust-store.jks.alias-password", "secret\n",
                "quarkus.tls.gateway.key-store.p12.path", " /keys/store.p12\n",
                "quarkus.otel.exporter.otlp.endpoint", "http://collector:4317\n",
                "quarkus.otel.exporter.otlp.headers", "authorization=key \n",
                "other.key", " kept "));

    assertThat(config.getValue("mp.jwt.verify.issuer", String.class)).isEqualTo("https://issuer");
    assertThat(config.getValue("mp.jwt.verify.publickey.location", String.class))
        .isEqualTo("/keys/jwt.pem");
    assertThat(config.getValue("quarkus.tls.gateway.key-store.p12.password", String.class))
        .isEqualTo(" secret ");
    assertThat(config.getValue("quarkus.tls.gateway.trust-store.jks.alias-password", String.class))
        .isEqualTo("secret");
    assertThat(config.getValue("quarkus.tls.gateway.key-store.p12.path", String.class))
        .isEqualTo("/keys/store.p12");
    assertThat(config.getValue("quarkus.otel.exporter.otlp.endpoint", String.class))
        .isEqualTo("http://collector:4317");
    assertThat(config.getValue("quarkus.otel.exporter.otlp.headers", String.class))
        .isEqualTo("authorization=key");
    assertThat(config.getRawValue("other.key")).isEqualTo(" kept ");
  }

  @Test
  void aSecretOfBlanksAloneIsNone() {
    GatewayConfig config =
        config(Map.of("gateway.upstream.proxy-password", " \n"))
            .getConfigMapping(GatewayConfig.class);

    assertThat(config.upstream().proxyPassword()).isEmpty();
  }
}
