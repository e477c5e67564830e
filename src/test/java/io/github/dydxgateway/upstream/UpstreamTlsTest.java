package io.github.dydxgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.testing.SelfSignedStore;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.net.URI;
import java.nio.file.Path;
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
              InstantSource.system());
      pool.subscribe(
          ChannelId.of(Channel.MARKETS), pool.loopFor(Channel.MARKETS), new RecordingListener());
      await().atMost(Duration.ofSeconds(10)).until(() -> !losses.isEmpty());
      assertThat(losses.get(0)).isEqualTo(DisconnectReason.CONNECT_FAILED);
      assertThat(pool.connections().get(0).lastDisconnectReason()).contains("certification path");
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }
}
