package io.github.dydxgateway.access;

import java.util.List;
import java.util.Optional;

/**
 * Who may use the ports, as configured.
 *
 * @param tokens the embedded ones
 * @param jwt whether JSON Web Tokens are taken as well
 * @param openMetrics whether metrics are told without a token
 * @param tlsConfigurationName of the TLS registry; none: plain text
 * @param clientCertificates whether a client has to show a certificate that the trust store vouches
 *     for
 */
public record AccessSettings(
    List<Token> tokens,
    boolean jwt,
    boolean openMetrics,
    Optional<String> tlsConfigurationName,
    boolean clientCertificates) {

  /**
   * An embedded token.
   *
   * @param sha256 of the token's characters, in hex
   * @param rights what it gives
   */
  public record Token(String sha256, Rights rights) {}

  /** Whether everybody may have everything. */
  public boolean isOpen() {
    return tokens.isEmpty() && !jwt;
  }
}
