package io.github.dydxgateway.upstream;

import io.github.dydxgateway.log.UrlText;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;

/** Reads the header {@code Location}, for a person. */
final class RedirectLocation {
  private RedirectLocation() {}

  /**
   * Where a server redirects to, without credentials, query and fragment.
   *
   * @param headers of its answer; may be null
   * @return empty where it names no place
   */
  static String in(MultiMap headers) {
    String value = headers == null ? null : headers.get(HttpHeaders.LOCATION);
    return value == null ? "" : UrlText.withoutSecrets(value.strip());
  }
}
