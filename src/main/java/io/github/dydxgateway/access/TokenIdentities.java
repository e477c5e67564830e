package io.github.dydxgateway.access;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.jwt.auth.principal.JWTParser;
import io.smallrye.jwt.auth.principal.ParseException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Authenticates the holders of tokens: those of the configuration by their hashes, JSON Web Tokens
 * by their signatures. May be used from any thread and blocks none: the keys of JSON Web Tokens may
 * have to be fetched, so these are verified on a worker.
 */
@ApplicationScoped
public class TokenIdentities implements IdentityProvider<TokenAuthenticationRequest> {
  private final HashedTokens tokens;
  private final boolean jwt;
  private final JWTParser parser;
  private final Vertx vertx;

  public TokenIdentities(AccessSettings settings, JWTParser parser, Vertx vertx) {
    this.tokens = new HashedTokens(settings.tokens());
    this.jwt = settings.jwt();
    this.parser = parser;
    this.vertx = vertx;
  }

  @Override
  public Class<TokenAuthenticationRequest> getRequestType() {
    return TokenAuthenticationRequest.class;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      TokenAuthenticationRequest request, AuthenticationRequestContext context) {
    String token = request.getToken().getToken();
    if (jwt && looksLikeJwt(token)) {
      return Uni.createFrom()
          .completionStage(
              () -> vertx.executeBlocking(() -> verified(token), false).toCompletionStage());
    }
    Rights rights = tokens.find(token);
    return rights == null
        ? Uni.createFrom().failure(new AuthenticationFailedException())
        : Uni.createFrom().item(identity(rights));
  }

  /** Three parts with dots between; tokens of the configuration are random and have none. */
  private static boolean looksLikeJwt(String token) {
    return token.chars().filter(one -> one == '.').count() == 2;
  }

  private SecurityIdentity verified(String token) {
    try {
      return identity(Claims.rights(parser.parse(token)));
    } catch (ParseException e) {
      throw new AuthenticationFailedException(e);
    }
  }

  private static SecurityIdentity identity(Rights rights) {
    return QuarkusSecurityIdentity.builder()
        .setPrincipal(rights::holder)
        .addAttribute(Access.RIGHTS, rights)
        .build();
  }
}
