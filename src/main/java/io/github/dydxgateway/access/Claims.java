package io.github.dydxgateway.access;

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

/** The rights that the claims of a JSON Web Token give. */
final class Claims {
  private static final String SCOPE = "scope";
  private static final String MARKET_DATA = "market-data";
  private static final String ACCOUNTS = "dydx_accounts";
  private static final String MAX_STREAMS = "dydx_max_streams";

  private Claims() {}

  /** A claim that is missing, or is not what it should be, gives nothing. */
  static Rights rights(JsonWebToken token) {
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
      return array.stream().flatMap(Claims::text).collect(Collectors.toSet());
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
