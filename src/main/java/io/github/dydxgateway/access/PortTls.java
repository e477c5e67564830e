package io.github.dydxgateway.access;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SSLOptions;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * TLS of the ports, out of the TLS registry.
 *
 * <p>The HTTP server takes its certificates from there by itself, old and new. The gRPC server gets
 * an SSL context from here, which is replaced when the registry has read its files again.
 */
@Singleton
public class PortTls implements HttpServerOptionsCustomizer {
  private static final Logger LOG = Logger.getLogger(PortTls.class);

  private final AccessSettings settings;
  private final TlsConfigurationRegistry registry;
  private final Vertx vertx;
  private volatile ReloadingSslContext grpc;

  public PortTls(AccessSettings settings, TlsConfigurationRegistry registry, Vertx vertx) {
    this.settings = settings;
    this.registry = registry;
    this.vertx = vertx;
  }

  /**
   * What the gRPC port shows to clients; none where it speaks plain text. One and the same however
   * often it is asked for, so that a renewed certificate is shown wherever the port is open.
   */
  public synchronized Optional<SslContext> grpcContext() {
    if (grpc == null) {
      grpc =
          settings
              .tlsConfigurationName()
              .map(name -> new ReloadingSslContext(contextOf(configuration(name))))
              .orElse(null);
    }
    return Optional.ofNullable(grpc);
  }

  /**
   * Clients are asked for a certificate and need none to shake hands: probes have none. {@link
   * HttpRights} turns those without away from everything else.
   */
  @Override
  public void customizeHttpsServer(HttpServerOptions options) {
    if (settings.clientCertificates()) {
      options.setClientAuth(io.vertx.core.http.ClientAuth.REQUEST);
    }
  }

  void reload(@Observes CertificateUpdatedEvent updated) {
    if (grpc != null
        && settings.tlsConfigurationName().filter(updated.name()::equals).isPresent()) {
      try {
        grpc.replace(contextOf(updated.tlsConfiguration()));
      } catch (IllegalStateException e) {
        LOG.warnf(e, "keeping the old certificate of gRPC, for the new one is no good");
      }
    }
  }

  private TlsConfiguration configuration(String name) {
    return registry
        .get(name)
        .filter(one -> one.getKeyStoreOptions() != null)
        .orElseThrow(() -> new IllegalStateException("no TLS configuration with a key store"));
  }

  private SslContext contextOf(TlsConfiguration configuration) {
    try {
      SslContextBuilder context =
          SslContextBuilder.forServer(
              configuration.getKeyStoreOptions().getKeyManagerFactory(vertx));
      GrpcSslContexts.configure(context, SslProvider.JDK);
      SSLOptions options = configuration.getSSLOptions();
      context.protocols(options.getEnabledSecureTransportProtocols());
      if (!options.getEnabledCipherSuites().isEmpty()) {
        context.ciphers(options.getEnabledCipherSuites(), SupportedCipherSuiteFilter.INSTANCE);
      }
      if (settings.clientCertificates()) {
        context.clientAuth(ClientAuth.REQUIRE);
        context.trustManager(configuration.getTrustStoreOptions().getTrustManagerFactory(vertx));
      }
      return context.build();
    } catch (Exception e) {
      throw new IllegalStateException("no SSL context can be made", e);
    }
  }
}
