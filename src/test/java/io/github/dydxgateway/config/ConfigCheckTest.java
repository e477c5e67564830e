package io.github.dydxgateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigCheckTest {
  private static final String ADDRESS = "dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4";

  private static GatewayConfig config(Map<String, String> values) {
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder()
            .addDiscoveredInterceptors()
            .addDiscoveredConverters()
            .withMapping(GatewayConfig.class);
    values.forEach(builder::withDefaultValue);
    return builder.build().getConfigMapping(GatewayConfig.class);
  }

  private static void check(String... keysAndValues) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put("gateway." + keysAndValues[i], keysAndValues[i + 1]);
    }
    new ConfigCheck(config(values)).check();
  }

  @Test
  void defaultsPassAndAreThoseOfTheDesign() {
    GatewayConfig config = config(Map.of());

    assertThatCode(() -> new ConfigCheck(config).check()).doesNotThrowAnyException();
    assertThat(config.upstream().network()).isEqualTo(GatewayConfig.Network.MAINNET);
    assertThat(config.upstream().maxConnections()).isEqualTo(16);
    assertThat(config.upstream().heartbeatTimeout()).isEqualTo(Duration.ofSeconds(40));
    assertThat(config.upstream().connectTimeout()).isEqualTo(Duration.ofSeconds(15));
    assertThat(config.upstream().reconnect().initialDelay()).isEqualTo(Duration.ofMillis(250));
    assertThat(config.upstream().reconnect().maxDelay()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.upstream().reconnect().factor()).isEqualTo(2.0);
    assertThat(config.upstream().reconnect().jitter()).isEqualTo(Duration.ofMillis(200));
    assertThat(config.accounts()).isEmpty();
  }

  @Test
  void redundancyNeedsAsManyConnections() {
    assertThatThrownBy(() -> check("upstream.redundancy", "2", "upstream.max-connections", "1"))
        .hasMessageContaining("at most gateway.upstream.max-connections 1, got 2");
  }

  @Test
  void verifyingInitialStatesNeedsASecondConnection() {
    assertThatThrownBy(
            () -> check("upstream.verify-initial-state", "true", "upstream.max-connections", "1"))
        .hasMessageContaining("gateway.upstream.verify-initial-state")
        .hasMessageContaining("it needs a second connection");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "upstream.url | http://localhost | a URL that begins with ws:// or wss:// |"
            + " http://localhost",
        "upstream.url | wss:///v4/ws | a URL that begins with ws:// or wss:// | wss:///v4/ws",
        "upstream.url | ws://localhost:99999/v4/ws | a URL with a port of 1 to 65535 |"
            + " ws://localhost:99999/v4/ws",
        "upstream.url | https://me:secret@localhost/v4?key=secret | a URL that begins with ws:// or"
            + " wss:// | https://localhost/v4",
        "upstream.url | https://host/ws?token=ab@SECRET | a URL that begins with ws:// or wss:// |"
            + " https://host/ws",
        "upstream.url | https://me:pass/word@host | a URL that begins with ws:// or wss:// | https://…",
        "upstream.url | localhost | a URL that begins with ws:// or wss:// | localhost",
        "upstream.max-connections | 0 | 1 to 1000 | 0",
        "upstream.max-connections | 1001 | 1 to 1000 | 1001",
        "upstream.redundancy | 0 | 1 to 3 | 0",
        "upstream.redundancy | 4 | 1 to 3 | 4",
        "upstream.heartbeat-timeout | 0s | a duration of 1 ms or more | 0 ms",
        "upstream.heartbeat-timeout | -PT5S | a duration of 1 ms or more | -5000 ms",
        "upstream.heartbeat-timeout | PT999999999999H | a duration of 365 days or less |"
            + " PT999999999999H",
        "upstream.connect-timeout | 0s | a duration of 1 ms or more | 0 ms",
        "upstream.first-frame-timeout | 0s | a duration of 1 ms or more | 0 ms",
        "upstream.subscribe-timeout | 0s | a duration of 1 ms or more | 0 ms",
        "upstream.subscribe-rate | 0 | above 0 and at most 1000 | 0.0",
        "upstream.subscribe-rate | NaN | above 0 and at most 1000 | NaN",
        "upstream.subscribe-rate | 1001 | above 0 and at most 1000 | 1001.0",
        "upstream.max-frame-bytes | 1000 | 1048576 to 268435456 | 1000",
        "upstream.reconnect.initial-delay | 0s | a duration of 1 ms or more | 0 ms",
        "upstream.reconnect.max-delay | 100ms | at least gateway.upstream.reconnect.initial-delay"
            + " 250 ms | 100 ms",
        "upstream.reconnect.max-delay | 366d | a duration of 365 days or less | PT8784H",
        "upstream.reconnect.factor | 0.5 | 1 to 100 | 0.5",
        "upstream.reconnect.factor | NaN | 1 to 100 | NaN",
        "upstream.reconnect.restart-spread | -PT1S | a duration of 0 ms or more | -1000 ms",
        "upstream.proxy | https://host:3128 | http://host:port, socks5://host:port or none |"
            + " https://host:3128",
        "upstream.proxy | http://host:70000 | http://host:port, socks5://host:port or none |"
            + " http://host:70000",
        "upstream.proxy | http://host | http://host:port, socks5://host:port or none | http://host",
        "upstream.proxy | http://me:secret@host:1 | an address alone | one with credentials",
        "upstream.reconnect.jitter | -PT1S | a duration of 0 ms or more | -1000 ms",
        "upstream.reconnect.jitter | -PT999999999999999H | a duration of 0 ms or more |"
            + " PT-999999999999999H",
        "accounts[0].address | dydx1short | a bech32 address of 43 characters | one of 10"
            + " characters",
        "stream.max-lag | -1ms | a duration of 0 ms or more | -1 ms",
        "accounts[0].address | dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju5 |"
            + " a bech32 address of 43 characters that begins with dydx1 | one with a wrong"
            + " checksum",
        "stream.replay-events | 1 | 2 to 16777216 | 1",
        "stream.replay-bytes | 1023 | 1024 to 4294967296 | 1023",
        "stream.max-streams | 0 | 1 to 16777216 | 0",
        "stream.max-streams-per-client | 0 | 1 to 16777216 | 0",
        "stream.max-calls-per-client | 0 | 1 to 16777216 | 0",
        "stream.max-connections | 0 | 1 to 16777216 | 0",
        "stream.max-connections-per-client | -1 | 1 to 16777216 | -1",
        "stream.request-timeout | 0s | a duration of 100 ms or more | 0 ms",
        "stream.stall-timeout | 99ms | a duration of 100 ms or more | 99 ms",
        "stream.max-topics-per-stream | 0 | 1 to 1048576 | 0",
        "stream.max-topics | 0 | 1 to 1048576 | 0",
        "stream.heartbeat-interval | 99ms | a duration of 100 ms or more | 99 ms",
        "stream.heartbeat-interval | 366d | a duration of 365 days or less | PT8784H",
        "stream.idle-linger | -PT1S | a duration of 0 ms or more | -1000 ms",
        "health.silent-after | PT0S | a duration of 1 ms or more | 0 ms",
        "health.loop-stuck-after | PT0.9S | a duration of 1000 ms or more | 900 ms",
        "stream.drain-timeout | -PT1S | a duration of 0 ms or more | -1000 ms",
        "health.topic-stuck-after | 0s | a duration of 1 ms or more | 0 ms",
        "page.max-streams | 0 | 1 to 10000 | 0",
        "simulator.port | 65536 | 0 to 65535 | 65536",
        "simulator.port | -1 | 0 to 65535 | -1",
        "simulator.markets | 0 | 1 to 300 | 0",
        "simulator.markets | -1 | 1 to 300 | -1",
        "simulator.markets | 2147483647 | 1 to 300 | 2147483647",
        "simulator.tick-interval | -PT1S | a duration of 0 ms or more | -1000 ms",
        "simulator.tick-interval | PT0.0005S | 0 or a duration of 1 ms or more | PT0.0005S",
        "simulator.tick-interval | PT0.000000001S | 0 or a duration of 1 ms or more |"
            + " PT0.000000001S",
        "simulator.tick-interval | -PT0.0005S | 0 or a duration of 1 ms or more | PT-0.0005S",
        "simulator.tick-interval | 366d | a duration of 365 days or less | PT8784H",
      })
  void aWrongValueIsNamedWithItsKeyAndWhatItMustBe(
      String key, String value, String expected, String got) {
    assertThatThrownBy(() -> check(key, value))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("gateway." + key + " must be " + expected)
        .hasMessageEndingWith(", got " + got)
        .hasMessageNotContaining("\n")
        .satisfies(
            e ->
                assertThat(((ConfigurationException) e).getConfigKeys())
                    .containsExactly("gateway." + key));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "PT0S", "1ms", "PT0.0015S", "1h"})
  void aTickIntervalOfNothingOrOfAWholeMillisecondPasses(String interval) {
    assertThatCode(() -> check("simulator.tick-interval", interval)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host", "Upgrade", "connection", "Sec-WebSocket-Key", "a b"})
  void aHeaderThatTheWebSocketNeedsOrThatIsNoneIsNamed(String header) {
    String key = "gateway.upstream.headers.\"" + header + "\"";
    assertThatThrownBy(() -> check("upstream.headers.\"" + header + "\"", "secret"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(key + " must be ")
        .hasMessageNotContaining("secret");
  }

  @Test
  void aHeaderWhoseValueEndsTheLineIsNamedAndItsValueIsNotShown() {
    assertThatThrownBy(() -> check("upstream.headers.\"X-Key\"", "secret\r\nHost: x"))
        .hasMessage(
            "gateway.upstream.headers.\"X-Key\" must be printable ASCII, got another character");
  }

  @Test
  void credentialsForTheProxyBelongTogether() {
    assertThatThrownBy(() -> check("upstream.proxy-username", "me"))
        .hasMessage(
            "gateway.upstream.proxy-password must be given with gateway.upstream.proxy-username,"
                + " got none");
    assertThatThrownBy(() -> check("upstream.proxy-password", "secret"))
        .hasMessageStartingWith("gateway.upstream.proxy-username must be given")
        .hasMessageNotContaining("secret");
  }

  @Test
  void proxiesAndHeadersThatCanBePass() {
    assertThatCode(
            () ->
                check(
                    "upstream.proxy",
                    "socks5://[::1]:1080",
                    "upstream.proxy-username",
                    "me",
                    "upstream.proxy-password",
                    "p@ss",
                    "upstream.headers.\"X-Api-Key\"",
                    "k"))
        .doesNotThrowAnyException();
    assertThatCode(() -> check("upstream.proxy", "none")).doesNotThrowAnyException();
    assertThat(config(Map.of("gateway.upstream.headers.\"X-Api-Key\"", "k")).upstream().headers())
        .containsExactly(Map.entry("X-Api-Key", "k"));
  }

  @Test
  void whatIsNeitherTrueNorFalseIsAnError() {
    assertThat(config(Map.of("gateway.upstream.batched", "true")).upstream().batched()).isTrue();
    assertThat(config(Map.of("gateway.upstream.batched", "FALSE")).upstream().batched()).isFalse();
    assertThatThrownBy(() -> config(Map.of("gateway.upstream.batched", "maybe")))
        .hasMessageContaining("gateway.upstream.batched")
        .hasMessageContaining("must be true or false, got maybe");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "127", "128", "127999"})
  void subaccountsThatExistPass(String number) {
    assertThatCode(() -> check("accounts[0].address", ADDRESS, "accounts[0].subaccounts", number))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "128000"})
  void subaccountsThatCannotExistAreNamed(String number) {
    assertThatThrownBy(
            () -> check("accounts[0].address", ADDRESS, "accounts[0].subaccounts", number))
        .hasMessage("gateway.accounts[0].subaccounts must be 0 to 127999, got " + number);
  }

  @Test
  void theAccountThatIsWrongIsNamedAndItsAddressIsNotShown() {
    String wrong = "dydx1" + "b".repeat(38);

    assertThatThrownBy(() -> check("accounts[0].address", ADDRESS, "accounts[1].address", wrong))
        .hasMessageStartingWith("gateway.accounts[1].address must be")
        .hasMessageNotContaining(wrong);
  }

  @Test
  void anyWebSocketUrlPasses() {
    assertThatCode(() -> check("upstream.url", "ws://127.0.0.1:8765")).doesNotThrowAnyException();
    assertThatCode(() -> check("upstream.url", "WSS://indexer.example/v4/ws"))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wss://me:secret@indexer.example/v4/ws",
        "wss://secret@indexer.example/v4/ws",
        "wss://me:sec ret@indexer.example",
        "wss://me:sec#ret@indexer.example",
        "wss://me:sec:ret@indexer.example",
        "me:secret@indexer.example",
        "wss://me:secret@indexer_example/v4/ws",
        "https://indexer.example/ws?token=ab@secret",
        "wss://indexer_example/ws?token=ab@secret",
      })
  void credentialsInTheUrlAreRefusedAndNotShown(String url) {
    assertThatThrownBy(() -> check("upstream.url", url))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("gateway.upstream.url must be a URL")
        .hasMessageNotContaining("sec")
        .hasMessageNotContaining("ret");
  }

  @Test
  void aLineEndInsideTheUrlIsNamed() {
    assertThatThrownBy(() -> check("upstream.url", "wss://indexer.\nexample"))
        .hasMessage(
            "gateway.upstream.url must be a URL without blanks and line ends, got wss://indexer."
                + " example");
  }

  @Test
  void whiteSpaceAroundTextsIsNoPartOfThem() {
    Map<String, String> values =
        Map.of(
            "gateway.upstream.url", " wss://indexer.example/v4/ws\r\n",
            "gateway.upstream.proxy", "\thttp://proxy:3128\n",
            "gateway.upstream.proxy-username", "me\n",
            "gateway.upstream.proxy-password", " secret\r\n",
            "gateway.upstream.headers.\"X-Api-Key\"", "k\n");
    GatewayConfig config = config(values);
    assertThatCode(() -> new ConfigCheck(config).check()).doesNotThrowAnyException();
    assertThat(config.upstream().url()).contains("wss://indexer.example/v4/ws");
    assertThat(config.upstream().proxy()).contains("http://proxy:3128");
    assertThat(config.upstream().proxyUsername()).contains("me");
    assertThat(config.upstream().proxyPassword()).contains("secret");
    assertThat(config.upstream().headers()).containsExactly(Map.entry("X-Api-Key", "k"));
  }
}
