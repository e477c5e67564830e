package io.github.dydxgateway.config;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Sees that nothing is served to the network in plain text unless that was asked for. */
@Singleton
public class PortCheck {
  private static final String JWT = "gateway.access.jwt";
  private static final String JWT_KEY = "mp.jwt.verify.publickey";
  private static final String GRPC_CERTIFICATE = "quarkus.grpc.server.ssl.certificate";
  private static final String GRPC_KEY_STORE = "quarkus.grpc.server.ssl.key-store";

  private final GatewayConfig.Access access;
  private final String httpHost;
  private final String grpcHost;
  private final Optional<String> grpcCertificate;
  private final Optional<String> grpcKeyStore;
  private final Optional<String> jwtLocation;
  private final Optional<String> jwtKey;
  private final Optional<String> jwtIssuer;
  private final TlsConfigurationRegistry registry;

  PortCheck(
      GatewayConfig config,
      @ConfigProperty(name = "quarkus.http.host") String httpHost,
      @ConfigProperty(name = "quarkus.grpc.server.host") String grpcHost,
      @ConfigProperty(name = GRPC_CERTIFICATE) Optional<String> grpcCertificate,
      @ConfigProperty(name = GRPC_KEY_STORE) Optional<String> grpcKeyStore,
      @ConfigProperty(name = JWT_KEY + ".location") Optional<String> jwtLocation,
      @ConfigProperty(name = JWT_KEY) Optional<String> jwtKey,
      @ConfigProperty(name = "mp.jwt.verify.issuer") Optional<String> jwtIssuer,
      TlsConfigurationRegistry registry) {
    this.access = config.access();
    this.httpHost = httpHost;
    this.grpcHost = grpcHost;
    this.grpcCertificate = grpcCertificate;
    this.grpcKeyStore = grpcKeyStore;
    this.jwtLocation = jwtLocation;
    this.jwtKey = jwtKey;
    this.jwtIssuer = jwtIssuer;
    this.registry = registry;
  }

  /**
   * Checks the keys of Quarkus that go with those of {@code gateway.access}.
   *
   * @throws ConfigurationException with one line that names the key
   */
  public void check() {
    checkHost("quarkus.http.host", httpHost);
    checkHost("quarkus.grpc.server.host", grpcHost);
    checkUnset(GRPC_CERTIFICATE, grpcCertificate);
    checkUnset(GRPC_KEY_STORE, grpcKeyStore);
    access.tlsConfigurationName().ifPresent(this::checkTls);
    if (access.jwt()) {
      if (jwtLocation.isEmpty() && jwtKey.isEmpty()) {
        throw missing(JWT_KEY + ".location", JWT);
      }
      if (jwtIssuer.isEmpty()) {
        throw missing("mp.jwt.verify.issuer", JWT);
      }
    }
  }

  /** Keys of Quarkus' own gRPC server: whoever sets them must not get plain text unnoticed. */
  private static void checkUnset(String key, Optional<String> value) {
    if (value.isPresent()) {
      throw new ConfigurationException(
          key + " must not be set: set " + PortDefaults.TLS + " for TLS on both ports",
          Set.of(key, PortDefaults.TLS));
    }
  }

  private void checkTls(String name) {
    Optional<TlsConfiguration> tls = registry.get(name);
    if (tls.filter(one -> one.getKeyStoreOptions() != null).isEmpty()) {
      throw new ConfigurationException(
          PortDefaults.TLS + " must name a TLS configuration that has a key store, got " + name,
          Set.of(PortDefaults.TLS));
    }
    if (access.clientCertificates() && tls.orElseThrow().getTrustStoreOptions() == null) {
      throw missing("quarkus.tls." + name + ".trust-store", "gateway.access.client-certificates");
    }
  }

  private void checkHost(String key, String host) {
    if (!mayBeSeen() && !isLoopback(host)) {
      throw new ConfigurationException(
          key
              + " is "
              + host
              + ": to serve the network set "
              + PortDefaults.TLS
              + ", or "
              + PortDefaults.PLAIN_TEXT
              + "=true for plain text",
          Set.of(key, PortDefaults.TLS, PortDefaults.PLAIN_TEXT));
    }
  }

  private static ConfigurationException missing(String key, String with) {
    return new ConfigurationException(key + " must be set with " + with, Set.of(key));
  }

  private boolean mayBeSeen() {
    return access.plainText() || access.tlsConfigurationName().isPresent();
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Who can reach the ports and how, for the log. */
  public String describe() {
    String tokens = access.tokens().isEmpty() && !access.jwt() ? "no tokens" : "tokens";
    if (access.tlsConfigurationName().isPresent()) {
      return (access.clientCertificates() ? "mutual TLS, " : "TLS, ") + tokens;
    }
    return (access.plainText() ? "plain text, " : "plain text on this machine only, ") + tokens;
  }
}
