package io.github.dydxgateway.access;

import io.quarkus.security.credential.TokenCredential;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** Turns the token of a caller into the rights it has. May be used from any thread. */
@ApplicationScoped
public class Access {
  /** The attribute of an identity that holds its rights. */
  static final String RIGHTS = "gateway.rights";

  private static final String BEARER = "Bearer ";

  private final AccessSettings settings;
  private final IdentityProviderManager identities;

  public Access(AccessSettings settings, IdentityProviderManager identities) {
    this.settings = settings;
    this.identities = identities;
  }

  /** Whether everybody may have everything. */
  public boolean isOpen() {
    return settings.isOpen();
  }

  /** Whether metrics are served without a token. */
  public boolean isOpenForMetrics() {
    return settings.openMetrics();
  }

  /**
   * The rights of a caller. Blocks no thread; the answer may come on any.
   *
   * @param authorization the header of that name; null if there is none
   * @return null if there is no token; a failure if it is not valid
   */
  public Uni<Rights> authenticate(String authorization) {
    if (isOpen()) {
      return Uni.createFrom().item(Rights.EVERYTHING);
    }
    TokenAuthenticationRequest request = request(authorization);
    return request == null
        ? Uni.createFrom().nullItem()
        : identities.authenticate(request).map(this::rightsOf);
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
    return new TokenAuthenticationRequest(new TokenCredential(token, "bearer"));
  }

  /**
   * The rights of an identity.
   *
   * @return null if it is nobody's
   */
  Rights rightsOf(SecurityIdentity identity) {
    return isOpen() ? Rights.EVERYTHING : identity.getAttribute(RIGHTS);
  }
}
