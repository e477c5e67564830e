package io.github.dydxgateway.integration;

import io.quarkus.test.junit.QuarkusTestProfile;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/** A gateway, before the simulator, that asks for tokens. */
public final class TokensOn implements QuarkusTestProfile {
  /** Gives market data, the account, and two streams. */
  static final String BOT = "b07-6c1fa2f4b7c85c3d2ba4d7f6a1f8e09d8c7b6a5948372615";

  /** Gives market data. */
  static final String CHART = "c4a-17d2b3a495867768594a3b2c1d0e1f2f3e4d5c6b7a899807";

  /** Gives every account that is configured, and nothing else. */
  static final String LEDGER = "1ed-9e8d7c6b5a49382716f5e4d3c2b1a0f9e8d7c6b5a4938271";

  /** The account that trades in the simulator. */
  static final String ACCOUNT = "dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4";

  private static final String ISSUER = "https://issuer.example";

  /** Test classes and the gateway are loaded apart; a system property they share. */
  private static final String KEY_PROPERTY = "test.jwt-key";

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.ofEntries(
        Map.entry("gateway.access.tokens[0].name", "bot"),
        Map.entry("gateway.access.tokens[0].sha256", sha256(BOT)),
        Map.entry("gateway.access.tokens[0].accounts", ACCOUNT),
        Map.entry("gateway.access.tokens[0].max-streams", "2"),
        Map.entry("gateway.access.tokens[1].name", "chart"),
        Map.entry("gateway.access.tokens[1].sha256", sha256(CHART)),
        Map.entry("gateway.access.tokens[2].name", "ledger"),
        Map.entry("gateway.access.tokens[2].sha256", sha256(LEDGER)),
        Map.entry("gateway.access.tokens[2].market-data", "false"),
        Map.entry("gateway.access.tokens[2].accounts", "*"),
        Map.entry("gateway.access.jwt", "true"),
        Map.entry("mp.jwt.verify.issuer", ISSUER),
        Map.entry("mp.jwt.verify.publickey", makeKey()));
  }

  /** What the configuration has in place of a token. */
  static String sha256(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Keeps the private key and gives the public one. */
  private static String makeKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      KeyPair pair = generator.generateKeyPair();
      System.setProperty(
          KEY_PROPERTY, Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()));
      return Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** A token of the issuer for market data and some accounts. */
  static String jwt(Instant expiry, String... accounts) {
    return sign(
        claims(expiry).claim("scope", "openid market-data").claim("dydx_accounts", accounts));
  }

  /** A token of the issuer that says nothing of the gateway. */
  static String jwtWithoutRights() {
    return sign(claims(Instant.now().plusSeconds(60)));
  }

  /** A token of somebody else, with the issuer's signature. */
  static String jwtOfAnotherIssuer() {
    return sign(
        claims(Instant.now().plusSeconds(60))
            .issuer("https://other.example")
            .claim("scope", "market-data"));
  }

  private static JwtClaimsBuilder claims(Instant expiry) {
    return Jwt.claims()
        .issuer(ISSUER)
        .subject("desk-1")
        .upn("desk-1")
        .issuedAt(Instant.now().minusSeconds(300))
        .expiresAt(expiry);
  }

  private static String sign(JwtClaimsBuilder claims) {
    try {
      byte[] key = Base64.getDecoder().decode(System.getProperty(KEY_PROPERTY));
      PrivateKey signer =
          KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(key));
      return claims.sign(signer);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
