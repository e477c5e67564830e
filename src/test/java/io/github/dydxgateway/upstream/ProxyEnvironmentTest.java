package io.github.dydxgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.net.ProxyType;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyEnvironmentTest {
  private static final URI SECURE = URI.create("wss://indexer.dydx.trade/v4/ws");
  private static final URI PLAIN = URI.create("ws://indexer.dydx.trade/v4/ws");

  private static String proxy(URI target, String... variables) {
    Map<String, String> all =
        variables.length == 2
            ? Map.of(variables[0], variables[1])
            : Map.of(variables[0], variables[1], variables[2], variables[3]);
    return new ProxyEnvironment(all).proxyFor(target).map(ProxySettings::toString).orElse("none");
  }

  @Test
  void eachSchemeHasItsVariableAndLowerCaseWins() {
    assertThat(proxy(SECURE, "HTTPS_PROXY", "http://p:3128")).isEqualTo("http://p:3128");
    assertThat(proxy(SECURE, "https_proxy", "http://q:1", "HTTPS_PROXY", "http://p:1"))
        .isEqualTo("http://q:1");
    assertThat(proxy(SECURE, "HTTP_PROXY", "http://p:3128")).isEqualTo("none");
    assertThat(proxy(PLAIN, "HTTP_PROXY", "http://p:3128")).isEqualTo("http://p:3128");
    assertThat(proxy(PLAIN, "HTTPS_PROXY", "http://p:3128")).isEqualTo("none");
    assertThat(proxy(PLAIN, "ALL_PROXY", "socks5://p:1080")).isEqualTo("socks5://p:1080");
    assertThat(proxy(SECURE, "all_proxy", "socks5h://p", "https_proxy", ""))
        .isEqualTo("socks5://p:1080");
    assertThat(proxy(SECURE, "https_proxy", "p:8080")).isEqualTo("http://p:8080");
  }

  @Test
  void credentialsAreTakenAndNeverShown() {
    ProxySettings proxy =
        new ProxyEnvironment(Map.of("https_proxy", "http://me:p%40ss+1@[::1]:3128/"))
            .proxyFor(SECURE)
            .orElseThrow();
    assertThat(proxy)
        .isEqualTo(new ProxySettings(ProxyType.HTTP, "::1", 3128, "me", "p@ss+1"))
        .hasToString("http://[::1]:3128");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://me:secret@p:3128",
        "http://me:secret@p:99999",
        "http://me:secret@",
        "http://secret@p:1",
        "http://me:secret@p:1/path",
        "http://me:secret @p"
      })
  void whatIsNoProxyStopsTheStartWithTheVariablesName(String value) {
    assertThatThrownBy(() -> proxy(SECURE, "HTTPS_PROXY", value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("environment variable HTTPS_PROXY must be an address such as")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ws://localhost:1", "ws://127.0.0.1:1", "ws://[::1]:1", "wss://127.8.8.8/v4/ws"})
  void thisMachineIsReachedWithout(String target) {
    assertThat(proxy(URI.create(target), "ALL_PROXY", "http://p:3128")).isEqualTo("none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* | wss://indexer.dydx.trade | true",
        "dydx.trade | wss://indexer.dydx.trade | true",
        ".DYDX.trade | wss://indexer.dydx.trade | true",
        "*.dydx.trade | wss://indexer.dydx.trade | true",
        "other, indexer.dydx.trade | wss://indexer.dydx.trade | true",
        "indexer.dydx.trade:443 | wss://indexer.dydx.trade | true",
        "indexer.dydx.trade:8443 | wss://indexer.dydx.trade | false",
        "ydx.trade | wss://indexer.dydx.trade | false",
        "10.0.0.0/8 | ws://10.1.2.3:80 | true",
        "10.0.0.0/8 | ws://11.1.2.3:80 | false",
        "10.0.0.0/8 | wss://indexer.dydx.trade | false",
        "10.0.0.0/eight,/, | ws://10.1.2.3:80 | false",
        "10.1.2.3 | ws://10.1.2.3:80 | true",
        "[2001:db8::1]:80 | ws://[2001:db8::1]:80 | true",
        "2001:db8::1 | ws://[2001:db8:0::1] | true",
        "2001:db8::/32 | ws://[2001:db8:0::1] | true",
      })
  void noProxyExceptsHostsDomainsAddressesAndRanges(String list, URI target, boolean excepted) {
    assertThat(proxy(target, "ALL_PROXY", "http://p:3128", "NO_PROXY", list))
        .isEqualTo(excepted ? "none" : "http://p:3128");
  }
}
