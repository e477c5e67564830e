package io.github.dydxgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedirectLocationTest {

  @ParameterizedTest
  @CsvSource({
    "https://other.example/v4/ws, https://other.example/v4/ws",
    "https://user:secret@other.example/ws, https://other.example/ws",
    "https://sso.example/login?email=a@b.example&token=SECRET, https://sso.example/login",
    "https://example.com/@login, https://example.com/@login",
    "https://example.com/a#b@c, https://example.com/a",
    "/v5/ws, /v5/ws",
  })
  void isShownWithoutCredentialsAndQuery(String location, String shown) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("Location", location);

    assertThat(RedirectLocation.in(headers)).isEqualTo(shown);
  }

  @Test
  void isEmptyWhereThereIsNone() {
    assertThat(RedirectLocation.in(null)).isEmpty();
    assertThat(RedirectLocation.in(MultiMap.caseInsensitiveMultiMap())).isEmpty();
  }
}
