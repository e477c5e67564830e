package io.github.dydxgateway.access;

import io.quarkus.security.credential.TokenCredential;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.quarkus.smallrye.jwt.runtime.auth.JsonWebTokenCredential;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Turns what a caller shows into the rights it has. May be used from any thread. */
@ApplicationScoped
public class Access {
  /** The attribute of an identity that holds its rights. */
  static final String RIGHTS = "gateway.rights";

  private static final String BEARER = "Bearer ";
  private static final String SCOPE = "scope";
  private static final String MARKET_DATA = "market-data";
  private static final String ACCOUNTS = "dydx_accounts";
  private static final String MAX_STREAMS = "dydx_max_streams";

  private final AccessSettings settings;

  public Access(AccessSettings settings) {
    this.settings = settings;
  }

  /** Whether everybody may have everything. */
  public boolean isOpen() {
    return settings.isOpen();
  }

  /** Whether metrics are told without a token. */
  public boolean isOpenForMetrics() {
    return settings.openMetrics();
  }

  /**
   * What has to be authenticated.
   *
   * @param authorization the header of that name; null if there is none
   * @return null if there is no token, or none is asked for
   */
  TokenAuthenticationRequest request(String authorization) {
    if (isOpen()
        || authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return null;
    }
    String token = authorization.substring(BEARER.length()).trim();
    return new TokenAuthenticationRequest(
        settings.jwt() && looksLikeJwt(token)
            ? new JsonWebTokenCredential(token)
            : new TokenCredential(token, "bearer"));
  }

  /** Three parts with dots between; tokens of the configuration are random and have none. */
  private static boolean looksLikeJwt(String token) {
    return token.chars().filter(one -> one == '.').count() == 2;
  }

  /**
   * The rights of an identity.
   *
   * @return null if it is nobody's
   */
  public Rights rightsOf(SecurityIdentity identity) {
    if (isOpen()) {
      return Rights.EVERYTHING;
    }
    if (identity.isAnonymous()) {
      return null;
    }
    Rights rights = identity.getAttribute(RIGHTS);
    if (rights != null) {
      return rights;
    }
    return identity.getPrincipal() instanceof JsonWebToken token ? rightsOf(token) : null;
  }

  /** A claim that is missing, or is not what it should be, gives nothing. */
  private static Rights rightsOf(JsonWebToken token) {
    return new Rights(
        "jwt:" + token.getIssuer() + ":" + token.getSubject(),
        scopes(token).contains(MARKET_DATA),
        texts(token.getClaim(ACCOUNTS)),
        number(token.getClaim(MAX_STREAMS)),
        Optional.of(Instant.ofEpochSecond(token.getExpirationTime())));
  }

  private static Set<String> scopes(JsonWebToken token) {
    Object scope = token.getClaim(SCOPE);
    if (scope == null) {
      return Set.of();
    }
    String text = scope instanceof JsonString json ? json.getString() : scope.toString();
    return Arrays.stream(text.split(" ", -1)).collect(Collectors.toSet());
  }

  private static Set<String> texts(Object claim) {
    if (claim instanceof JsonArray array) {
      return array.stream().flatMap(Access::text).collect(Collectors.toSet());
    }
    return Set.of();
  }

  private static Stream<String> text(JsonValue value) {
    return value instanceof JsonString text ? Stream.of(text.getString()) : Stream.empty();
  }

  private static int number(Object claim) {
    if (claim == null) {
      return Integer.MAX_VALUE;
    }
    long number =
        claim instanceof JsonNumber json
            ? json.longValue()
            : claim instanceof Number plain ? plain.longValue() : 0;
    return (int) Math.max(0, Math.min(Integer.MAX_VALUE, number));
  }
}
