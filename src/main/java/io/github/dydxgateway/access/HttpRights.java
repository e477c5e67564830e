package io.github.dydxgateway.access;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpSecurityPolicy;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Lets nobody at metrics and at what the page shows who may not, and tells the page's paths the
 * rights of who may. Which paths it stands before is in {@code application.properties}.
 */
@ApplicationScoped
public class HttpRights implements HttpSecurityPolicy {
  private static final String METRICS = "/q/metrics";

  private final Access access;
  private final AccessSettings settings;

  public HttpRights(Access access, AccessSettings settings) {
    this.access = access;
    this.settings = settings;
  }

  /** The rights of a request; none if this did not let it in. */
  public static Rights of(RoutingContext routing) {
    Rights rights = routing.get(Access.RIGHTS);
    return rights == null ? Rights.NOTHING : rights;
  }

  @Override
  public String name() {
    return "gateway-rights";
  }

  @Override
  public Uni<CheckResult> checkPermission(
      RoutingContext routing,
      Uni<SecurityIdentity> identity,
      AuthorizationRequestContext requestContext) {
    boolean metrics = routing.normalizedPath().startsWith(METRICS);
    if (metrics && access.isOpenForMetrics()) {
      return CheckResult.permit();
    }
    if (settings.clientCertificates() && !showsCertificate(routing)) {
      return CheckResult.deny();
    }
    return access.isOpen()
        ? Uni.createFrom().item(letIn(routing, Rights.EVERYTHING, metrics))
        : identity.map(one -> letIn(routing, access.rightsOf(one), metrics));
  }

  private static CheckResult letIn(RoutingContext routing, Rights rights, boolean metrics) {
    if (rights == null || !(metrics || rights.marketData())) {
      return CheckResult.DENY;
    }
    routing.put(Access.RIGHTS, rights);
    return CheckResult.PERMIT;
  }

  /** The handshake has checked it, if there is one. */
  private static boolean showsCertificate(RoutingContext routing) {
    try {
      return routing.request().isSSL()
          && !routing.request().connection().peerCertificates().isEmpty();
    } catch (SSLPeerUnverifiedException e) {
      return false;
    }
  }
}
