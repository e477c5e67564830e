package io.github.dydxgateway.access;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.smallrye.jwt.runtime.auth.JsonWebTokenCredential;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Knows the tokens of the configuration by their hashes. May be used from any thread.
 *
 * <p>A plain hash will do, since tokens are random and as long as the hash: nothing can be guessed.
 */
@ApplicationScoped
public class EmbeddedTokens implements IdentityProvider<TokenAuthenticationRequest> {
  private record Entry(byte[] hash, Rights rights) {}

  private final List<Entry> entries;

  public EmbeddedTokens(AccessSettings settings) {
    entries =
        settings.tokens().stream()
            .map(token -> new Entry(HexFormat.of().parseHex(token.sha256()), token.rights()))
            .toList();
  }

  @Override
  public Class<TokenAuthenticationRequest> getRequestType() {
    return TokenAuthenticationRequest.class;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      TokenAuthenticationRequest request, AuthenticationRequestContext context) {
    if (request.getToken() instanceof JsonWebTokenCredential) {
      return Uni.createFrom().nullItem();
    }
    Rights rights = find(request.getToken().getToken());
    return rights == null
        ? Uni.createFrom().failure(new AuthenticationFailedException())
        : Uni.createFrom().item(identity(rights));
  }

  /** Takes as long wherever the token stands, and whether it is there or not. */
  private Rights find(String token) {
    byte[] hash = sha256(token);
    Rights found = null;
    for (Entry entry : entries) {
      if (MessageDigest.isEqual(entry.hash(), hash)) {
        found = entry.rights();
      }
    }
    return found;
  }

  private static byte[] sha256(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static SecurityIdentity identity(Rights rights) {
    return QuarkusSecurityIdentity.builder()
        .setPrincipal(new QuarkusPrincipal(rights.holder()))
        .addAttribute(Access.RIGHTS, rights)
        .build();
  }
}
