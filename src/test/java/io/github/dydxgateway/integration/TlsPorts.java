package io.github.dydxgateway.integration;

import io.github.dydxgateway.testing.SelfSignedStore;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * Certificates for a gateway with mutual TLS, which looks for new ones twice a second, and one for
 * its clients. Handed to the test's field of this type.
 */
public final class TlsPorts implements QuarkusTestResourceLifecycleManager {
  private Path directory;
  private SelfSignedStore server;
  private SelfSignedStore client;

  @Override
  public Map<String, String> start() {
    try {
      directory = Files.createTempDirectory(Path.of("target"), "tls-ports-").toAbsolutePath();
      server = newStore("server");
      client = newStore("client");
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return Map.of(
        "gateway.access.tls-configuration-name", "gateway",
        "gateway.access.client-certificates", "true",
        "quarkus.tls.gateway.key-store.p12.path", server.path().toString(),
        "quarkus.tls.gateway.key-store.p12.password", server.password(),
        "quarkus.tls.gateway.trust-store.p12.path", client.path().toString(),
        "quarkus.tls.gateway.trust-store.p12.password", client.password(),
        "quarkus.tls.gateway.reload-period", "500ms");
  }

  /** A certificate of its own, that nobody vouches for. */
  SelfSignedStore newStore(String name) throws IOException, InterruptedException {
    return SelfSignedStore.in(Files.createDirectories(directory.resolve(name)));
  }

  /** The certificate that clients have to trust. */
  SelfSignedStore server() {
    return server;
  }

  /** The certificate that clients have to show. */
  SelfSignedStore client() {
    return client;
  }

  /** Puts another certificate in the server's place, while it runs. */
  void renewServer() throws IOException, InterruptedException {
    SelfSignedStore renewed = newStore("renewed");
    Files.move(
        renewed.path(),
        server.path(),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(this, field -> field.getType() == TlsPorts.class);
  }

  @Override
  public void stop() {}
}
