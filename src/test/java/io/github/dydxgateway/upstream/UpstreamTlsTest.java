package io.github.dydxgateway.upstream;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.testing.SelfSignedStore;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class UpstreamTlsTest {

  @Test
  void aCertificateTheJvmDoesNotTrustIsRefused(@TempDir Path directory) throws Exception {
    SelfSignedStore store = SelfSignedStore.in(directory);
    Vertx vertx = Vertx.vertx();
    List<DisconnectReason> losses = new CopyOnWriteArrayList<>();
    try {
      HttpServer server =
          vertx
              .createHttpServer(
                  new HttpServerOptions()
                      .setSsl(true)
                      .setKeyCertOptions(
                          new PfxOptions()
                              .setPath(store.path().toString())
                              .setPassword(store.password())))
              .requestHandler(request -> request.toWebSocket());
      server
          .listen(0, "127.0.0.1")
          .toCompletionStage()
          .toCompletableFuture()
          .get(10, TimeUnit.SECONDS);
      ConnectionPool pool =
          new ConnectionPool(
              vertx,
              UpstreamSettings.defaults(URI.create("wss://localhost:" + server.actualPort())),
              JsonFrameDecoder::new,
              new UpstreamObserver() {
                @Override
                public void reconnecting(int number, DisconnectReason reason) {
                  losses.add(reason);
                }
              },
              InstantSource.system(),
              ignored -> false);
      pool.subscribe(
          ChannelId.of(Channel.MARKETS), pool.loopFor(Channel.MARKETS), new RecordingListener());
      await().atMost(Duration.ofSeconds(10)).until(() -> !losses.isEmpty());
      assertThat(losses.get(0)).isEqualTo(DisconnectReason.CONNECT_FAILED);
      assertThat(pool.connections().get(0).lastDisconnectReason()).contains("certification path");
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void aServerConnectedToByItsAddressIsKnownByItsName(@TempDir Path directory) throws Exception {
    String reason = connect(SelfSignedStore.in(directory, "dns:venue.test"), directory);
    assertThat(reason).isEqualTo("session c of venue.test");
  }

  @Test
  void aCertificateForTheAddressAloneIsRefused(@TempDir Path directory) throws Exception {
    String reason = connect(SelfSignedStore.in(directory, "dns:localhost,ip:127.0.0.1"), directory);
    assertThat(reason).contains("venue.test");
    assertThat(reason).doesNotStartWith("session");
  }

  /**
   * Connects to {@code venue.test}, whose certificate is trusted.
   *
   * @return what became of the first attempt
   */
  private static String connect(SelfSignedStore store, Path directory) throws Exception {
    Path trusted = trustStore(store, directory);
    Vertx vertx = Vertx.vertx();
    List<String> reasons = new CopyOnWriteArrayList<>();
    List<String> names = new CopyOnWriteArrayList<>();
    System.setProperty("javax.net.ssl.trustStore", trusted.toString());
    System.setProperty("javax.net.ssl.trustStorePassword", store.password());
    try {
      HttpServer server =
          vertx
              .createHttpServer(
                  new HttpServerOptions()
                      .setSsl(true)
                      .setSni(true)
                      .setKeyCertOptions(
                          new PfxOptions()
                              .setPath(store.path().toString())
                              .setPassword(store.password())))
              .requestHandler(
                  request -> {
                    names.add(request.connection().indicatedServerName());
                    request
                        .toWebSocket()
                        .onSuccess(
                            socket ->
                                socket.writeTextMessage(
                                    "{\"type\":\"connected\",\"connection_id\":\"c\","
                                        + "\"message_id\":0}"));
                  });
      server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get(10, SECONDS);
      ConnectionPool pool =
          new ConnectionPool(
              vertx,
              UpstreamSettings.defaults(URI.create("wss://venue.test:" + server.actualPort())),
              JsonFrameDecoder::new,
              new UpstreamObserver() {
                @Override
                public void connectionStateChanged(
                    int number, ConnectionState from, ConnectionState to, String reason) {
                  reasons.add(reason);
                }
              },
              InstantSource.system(),
              ignored -> false,
              name ->
                  new InetAddress[] {
                    InetAddress.getByName("127.0.0.2"), InetAddress.getByName("127.0.0.1")
                  });
      pool.subscribe(
          ChannelId.of(Channel.MARKETS), pool.loopFor(Channel.MARKETS), new RecordingListener());
      await().atMost(Duration.ofSeconds(10)).until(() -> !reasons.isEmpty());
      return reasons.get(0) + (names.isEmpty() ? "" : " of " + names.get(0));
    } finally {
      System.clearProperty("javax.net.ssl.trustStore");
      System.clearProperty("javax.net.ssl.trustStorePassword");
      vertx.close().toCompletionStage().toCompletableFuture().get(10, SECONDS);
    }
  }

  private static Path trustStore(SelfSignedStore store, Path directory) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream file = Files.newInputStream(store.path())) {
      keys.load(file, store.password().toCharArray());
    }
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("venue", keys.getCertificate("self-signed"));
    Path path = directory.resolve("trusted.p12");
    try (OutputStream file = Files.newOutputStream(path)) {
      trusted.store(file, store.password().toCharArray());
    }
    return path;
  }
}
