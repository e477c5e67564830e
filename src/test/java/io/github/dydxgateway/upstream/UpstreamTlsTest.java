package io.github.dydxgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
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
    Path keyStore = directory.resolve("self-signed.p12");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "self-signed",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=localhost",
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    "password",
                    "-keystore",
                    keyStore.toString()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor()).isZero();

    Vertx vertx = Vertx.vertx();
    List<DisconnectReason> losses = new CopyOnWriteArrayList<>();
    try {
      HttpServer server =
          vertx
              .createHttpServer(
                  new HttpServerOptions()
                      .setSsl(true)
                      .setKeyCertOptions(
                          new PfxOptions().setPath(keyStore.toString()).setPassword("password")))
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
