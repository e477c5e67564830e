package io.github.dydxgateway.integration;

import static io.github.dydxgateway.testing.GatewayClient.trades;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dydxgateway.testing.GatewayClient;
import io.github.dydxgateway.testing.RecordedStream;
import io.github.dydxgateway.testing.SelfSignedStore;
import io.github.dydxgateway.v1.Event.PayloadCase;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Both ports with mutual TLS, as their clients see them. */
@QuarkusTest
@QuarkusTestResource(value = TlsPorts.class, restrictToAnnotatedClass = true)
@Timeout(90)
class TlsTest {
  TlsPorts tls;

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int grpcPort;

  private static KeyStore load(SelfSignedStore store) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream file = Files.newInputStream(store.path())) {
      keys.load(file, store.password().toCharArray());
    }
    return keys;
  }

  private static TrustManagerFactory trust(SelfSignedStore store) throws Exception {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(load(store));
    return trust;
  }

  private static KeyManagerFactory keys(SelfSignedStore store) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(load(store), store.password().toCharArray());
    return keys;
  }

  /**
   * A client that trusts the server's present certificate.
   *
   * @param shown its own certificate; null: none
   */
  private GatewayClient grpc(SelfSignedStore shown) throws Exception {
    SslContextBuilder context = GrpcSslContexts.forClient().trustManager(trust(tls.server()));
    if (shown != null) {
      context.keyManager(keys(shown));
    }
    return new GatewayClient(
        NettyChannelBuilder.forAddress("127.0.0.1", grpcPort).sslContext(context.build()));
  }

  private static int httpsPort() {
    return ConfigProvider.getConfig().getValue("quarkus.http.test-ssl-port", Integer.class);
  }

  private int https(String path, SelfSignedStore shown) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    KeyManager[] own = shown == null ? null : keys(shown).getKeyManagers();
    context.init(own, trust(tls.server()).getTrustManagers(), null);
    return HttpClient.newBuilder()
        .sslContext(context)
        .build()
        .send(
            HttpRequest.newBuilder(URI.create("https://localhost:" + httpsPort() + path))
                .timeout(Duration.ofSeconds(20))
                .build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void streamsAreForClientsThatShowACertificate() throws Exception {
    try (GatewayClient known = grpc(tls.client());
        GatewayClient stranger = grpc(tls.newStore("stranger"));
        GatewayClient nobody = grpc(null);
        GatewayClient plain = new GatewayClient(grpcPort)) {
      known.subscribe(trades("BTC-USD")).await(PayloadCase.TRADES, 1);
      for (GatewayClient other : new GatewayClient[] {stranger, nobody, plain}) {
        RecordedStream<?, ?> stream = other.subscribe(trades("BTC-USD"));
        assertThat(stream.awaitEnd().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(stream.count()).isZero();
      }
    }
  }

  @Test
  void thePageIsForBrowsersThatShowACertificateAndHealthForAll() throws Exception {
    assertThat(https("/status", tls.client())).isEqualTo(200);
    assertThat(https("/status", null)).isIn(401, 403);
    assertThat(https("/q/health/live", null)).isEqualTo(200);
    assertThat(https("/q/metrics", null)).isEqualTo(200);
    SelfSignedStore stranger = tls.newStore("other");
    assertThatThrownBy(() -> https("/q/health/live", stranger)).isInstanceOf(IOException.class);
  }

  @Test
  void aNewCertificateIsShownWithoutARestartAndOpenStreamsGoOn() throws Exception {
    try (GatewayClient before = grpc(tls.client())) {
      RecordedStream<?, ?> stream = before.subscribe(trades("BTC-USD"));
      stream.await(PayloadCase.TRADES, 1);
      tls.renewServer();
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .until(() -> https("/q/health/live", null) == 200 && streams());
      assertThat(stream.isOpen()).isTrue();
      stream.await(PayloadCase.TRADES, stream.events(PayloadCase.TRADES).size() + 1);
    }
  }

  private boolean streams() throws Exception {
    try (GatewayClient after = grpc(tls.client())) {
      RecordedStream<?, ?> stream = after.subscribe(trades("BTC-USD"));
      Awaitility.await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> !stream.isOpen() || !stream.events(PayloadCase.TRADES).isEmpty());
      return stream.isOpen();
    }
  }
}
