package io.github.dydxgateway.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://sso.example/login?email=a@b.example&token=SECRET | https://sso.example/login",
        "https://sso.example/login#a@b.example&token=SECRET | https://sso.example/login",
        "https://sso.example?email=a@b.example&token=SECRET | https://…",
        "https://example.com/@login | https://example.com/@login",
        "https://example.com:8443/@login?a=SECRET@b | https://example.com:8443/@login",
        "https://me:SECRET@example.com/@login | https://example.com/@login",
        "https://SECRET@example.com | https://example.com",
        "https://[::1]:1/ws?token=SECRET@x | https://[::1]:1/ws",
        "https://host/ws?token=ab@SECRET | https://host/ws",
        "https://host/ws?token=SECRET | https://host/ws",
        "https://host/ws?token=SEC RET@x | https://…",
        "https://a_b.example/ws?token=ab@SECRET | https://…",
        "https://a_b.example/ws?token=SECRET | https://a_b.example/ws",
        "wss://me:SEC#RET@example.com/v4 | wss://example.com/v4",
        "wss://me:SEC/RET@example.com/v4 | wss://…",
        "wss://me:12?SECRET@example.com/v4 | wss://…",
        "wss://me:12#SECRET@example.com/v4 | wss://…",
        "https://sso.example:443#email=a@b.example&token=SECRET | https://…",
        "https://a_b.example:x#email=a@b.example&token=SECRET | https://…",
        "/login?email=a@b.example&token=SECRET | /login",
        "//me:SECRET@other.example/v4 | //other.example/v4",
        "/@login?token=SECRET@x | /@login",
        "me:SECRET@example.com | …",
        "SECRET@example.com | …",
        "localhost | localhost"
      })
  void noSecretOfAUrlIsShown(String url, String shown) {
    assertThat(UrlText.withoutSecrets(url)).isEqualTo(shown).doesNotContain("SECRET");
  }
}
