package io.github.dydxgateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.credential.TokenCredential;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.smallrye.jwt.auth.principal.JWTParser;
import io.smallrye.jwt.auth.principal.ParseException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TokenIdentitiesTest {
  private static final String TOKEN = "5f2a";
  private static final String JWT = "header.claims.signature";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Rights RIGHTS = new Rights("bot", true, Set.of(), 2, Optional.empty());

  private final Vertx vertx = Vertx.vertx();
  private final AtomicReference<Boolean> parsedOnEventLoop = new AtomicReference<>();

  @AfterEach
  void close() {
    vertx.close();
  }

  private TokenIdentities identities(boolean jwt) throws Exception {
    String hash =
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256")
                    .digest(TOKEN.getBytes(StandardCharsets.UTF_8)));
    AccessSettings settings =
        new AccessSettings(
            List.of(new AccessSettings.Token(hash, RIGHTS)), jwt, true, Optional.empty(), false);
    return new TokenIdentities(settings, parser(), vertx);
  }

  /** Knows one token. */
  private JWTParser parser() {
    return (JWTParser)
        Proxy.newProxyInstance(
            JWTParser.class.getClassLoader(),
            new Class<?>[] {JWTParser.class},
            (proxy, method, arguments) -> {
              parsedOnEventLoop.set(Context.isOnEventLoopThread());
              if (!arguments[0].equals(JWT)) {
                throw new ParseException("another signature");
              }
              return claims(
                  Map.of(
                      "iss",
                      "issuer",
                      "sub",
                      "desk",
                      "exp",
                      4_000_000_000L,
                      "scope",
                      "openid market-data"));
            });
  }

  private static JsonWebToken claims(Map<String, Object> claims) {
    return new JsonWebToken() {
      @Override
      public String getName() {
        return "desk";
      }

      @Override
      public Set<String> getClaimNames() {
        return claims.keySet();
      }

      @Override
      @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
      public <T> T getClaim(String name) {
        return (T) claims.get(name);
      }
    };
  }

  private static SecurityIdentity authenticate(TokenIdentities identities, String token) {
    return identities
        .authenticate(new TokenAuthenticationRequest(new TokenCredential(token, "bearer")), null)
        .await()
        .atMost(PATIENCE);
  }

  private static Rights rights(SecurityIdentity identity) {
    return identity.getAttribute(Access.RIGHTS);
  }

  @Test
  void aTokenOfTheConfigurationGivesItsRights() throws Exception {
    SecurityIdentity identity = authenticate(identities(false), TOKEN);
    assertThat(rights(identity)).isEqualTo(RIGHTS);
    assertThat(identity.getPrincipal().getName()).isEqualTo("bot");
  }

  @Test
  void anotherTokenGivesNothing() throws Exception {
    TokenIdentities identities = identities(true);
    assertThatThrownBy(() -> authenticate(identities, "wrong"))
        .isInstanceOf(AuthenticationFailedException.class);
    assertThatThrownBy(() -> authenticate(identities, "wrong.signature.here"))
        .isInstanceOf(AuthenticationFailedException.class);
  }

  @Test
  void aJsonWebTokenIsNoneWhereTheseAreOff() throws Exception {
    TokenIdentities identities = identities(false);
    assertThatThrownBy(() -> authenticate(identities, JWT))
        .isInstanceOf(AuthenticationFailedException.class);
    assertThat(parsedOnEventLoop).hasValue(null);
  }

  /** Its key may have to be fetched. */
  @Test
  void aJsonWebTokenIsVerifiedOnAWorkerWhereverTheCallRuns() throws Exception {
    TokenIdentities identities = identities(true);
    CompletableFuture<SecurityIdentity> identity = new CompletableFuture<>();
    vertx.runOnContext(
        ignored ->
            identities
                .authenticate(
                    new TokenAuthenticationRequest(new TokenCredential(JWT, "bearer")), null)
                .subscribe()
                .with(identity::complete, identity::completeExceptionally));
    Rights rights = rights(identity.get());
    assertThat(rights.marketData()).isTrue();
    assertThat(rights.holder()).isEqualTo("jwt:issuer:desk");
    assertThat(parsedOnEventLoop).hasValue(false);
  }
}
