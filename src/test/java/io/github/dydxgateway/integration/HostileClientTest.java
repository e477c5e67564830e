package io.github.dydxgateway.integration;

import static io.github.dydxgateway.testing.GatewayClient.request;
import static io.github.dydxgateway.testing.GatewayClient.subaccount;
import static io.github.dydxgateway.testing.GatewayClient.trades;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.GatewayClient;
import io.github.dydxgateway.testing.Places;
import io.github.dydxgateway.testing.RawHttp2Client;
import io.github.dydxgateway.testing.RawHttp2Client.Frame;
import io.github.dydxgateway.testing.RecordedStream;
import io.github.dydxgateway.testing.ScriptedIndexer;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Event.PayloadCase;
import io.github.dydxgateway.v1.GatewayServiceGrpc;
import io.github.dydxgateway.v1.GetStatusRequest;
import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.SubscriptionState.State;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.netty.handler.codec.http2.Http2Error;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Clients that try to hurt: each is refused or let go, and one that behaves gets its events all the
 * while. Attackers come from addresses of their own, which all of 127.0.0.0/8 are on Linux.
 */
@QuarkusTest
@TestProfile(HostileClientTest.TightLimits.class)
@QuarkusTestResource(value = ScriptedVenue.class, restrictToAnnotatedClass = true)
class HostileClientTest {
  private static final String ATTACKER = "127.0.0.2";
  private static final int MOST_STREAMS = 50;
  private static final int MOST_CONNECTIONS = 30;
  private static final int HUGE = 10_000;

  /** Well below what a topic keeps, gateway.stream.replay-events. */
  private static final int BATCH = 250;

  private static final int SMALL_WINDOW = 65_535;
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration OFTEN = Duration.ofMillis(10);
  private static final String SUBSCRIBE =
      GatewayServiceGrpc.getSubscribeMethod().getFullMethodName();
  private static final byte[] TRADES = request(trades("BTC-USD")).toByteArray();

  /** Limits that are soon reached. */
  public static final class TightLimits implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "gateway.stream.max-streams-per-client", Integer.toString(MOST_STREAMS),
          "gateway.stream.max-calls-per-client", "20",
          "gateway.stream.max-connections-per-client", Integer.toString(MOST_CONNECTIONS),
          "gateway.stream.request-timeout", "1s",
          "gateway.stream.stall-timeout", "1s",
          "quarkus.grpc.server.handshake-timeout", "1s");
    }
  }

  /** A window of nothing, and one that is never opened again. */
  enum Window {
    ZERO(0),
    NEVER_OPENED_AGAIN(SMALL_WINDOW);

    private final int size;

    Window(int size) {
      this.size = size;
    }
  }

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  @ConfigProperty(name = "quarkus.http.test-port")
  int httpPort;

  ScriptedIndexer venue;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private GatewayClient watcher;
  private GatewayClient client;
  private RecordedStream<?, ?> bystander;
  private int published = 2;

  @BeforeEach
  void watch() {
    watcher = new GatewayClient(port);
    client = new GatewayClient(port);
    venue.initialState(Channel.TRADES, "BTC-USD", Frames.tradesNewestFirst(1, 2));
    bystander = watcher.subscribe(trades("BTC-USD"));
    bystander.await(PayloadCase.TRADES, 1);
  }

  @AfterEach
  void theOneThatBehavesGotEverythingInOrder() throws Exception {
    try {
      publish(10);
      bystander.await(event -> lastTrade(event) == published);
      assertThat(bystander.isOpen()).isTrue();
      assertThat(bystander.events(PayloadCase.GAP)).isEmpty();
      assertThat(
              bystander.events(PayloadCase.TRADES).stream()
                  .flatMap(event -> event.getTrades().getTradesList().stream())
                  .map(trade -> Integer.parseInt(trade.getTradeId(), 16)))
          .isEqualTo(IntStream.rangeClosed(1, published).boxed().toList());
    } finally {
      leaveNothing();
    }
  }

  private void leaveNothing() throws Exception {
    client.close();
    for (AutoCloseable attacker : opened) {
      attacker.close();
    }
    bystander.cancel();
    awaitStreams(0);
    Awaitility.await()
        .atMost(SOON)
        .pollInterval(OFTEN)
        .until(
            () ->
                watcher
                    .calls()
                    .getStatus(GetStatusRequest.getDefaultInstance())
                    .getTopicsList()
                    .isEmpty());
    watcher.close();
  }

  private static int lastTrade(Event event) {
    return event.hasTrades()
        ? Integer.parseInt(
            event.getTrades().getTrades(event.getTrades().getTradesCount() - 1).getTradeId(), 16)
        : 0;
  }

  /** No faster than the one that behaves can read, which else would be too slow as well. */
  private void publish(int trades) {
    for (int i = 1; i <= trades; i++) {
      published++;
      venue.push(Channel.TRADES, "BTC-USD", Frames.trades(published, published));
      if (i % BATCH == 0) {
        bystander.await(event -> lastTrade(event) == published);
      }
    }
  }

  private RawHttp2Client attacker() {
    return attacker(ATTACKER);
  }

  private RawHttp2Client attacker(String from) {
    RawHttp2Client attacker = new RawHttp2Client(from, port);
    opened.add(attacker);
    return attacker;
  }

  private int streams() {
    return watcher.calls().getStatus(GetStatusRequest.getDefaultInstance()).getStreamCount();
  }

  private void awaitStreams(int count) {
    Awaitility.await().atMost(SOON).pollInterval(OFTEN).until(() -> streams() == count);
  }

  /** Sends until the other side has closed. */
  private static void flood(Flood flood) {
    try {
      for (int i = 0; i < HUGE; i++) {
        flood.send(i);
      }
    } catch (IOException e) {
      // The connection was closed, as it should be.
    }
  }

  @FunctionalInterface
  private interface Flood {
    void send(int i) throws IOException;
  }

  // ---- reading nothing

  @ParameterizedTest
  @EnumSource(Window.class)
  void aClientThatNeverReadsIsLetGo(Window window) throws Exception {
    RawHttp2Client attacker = attacker().handshake(window.size);
    attacker.call(SUBSCRIBE, TRADES);
    awaitStreams(2);
    publish(3000);
    awaitStreams(1);

    Frame end = attacker.await(RawHttp2Client.RST_STREAM);
    assertThat(end.error()).isEqualTo((int) Http2Error.CANCEL.code());
  }

  @Test
  void aClientThatReadsOneByteASecondIsLetGo() throws Exception {
    RawHttp2Client attacker = attacker().handshake();
    attacker.call(SUBSCRIBE, TRADES);
    awaitStreams(2);
    publish(3000);

    Awaitility.await()
        .atMost(SOON)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> attacker.readByte() >= 0 && streams() == 1);
  }

  @Test
  void anAccountThatIsNotReadEndsWithThePlaceToResumeFromAndNothingIsMissedThen() {
    venue.initialState(Channel.SUBACCOUNTS, ScriptedVenue.ADDRESS + "/0", "{}");
    GatewayClient slowClient = new GatewayClient(port, SMALL_WINDOW);
    opened.add(slowClient);
    RecordedStream<?, ?> slow =
        slowClient.subscribeWithoutReading(request(subaccount(ScriptedVenue.ADDRESS, 0)));
    slow.read(3);
    Event first = slow.await(PayloadCase.SUBACCOUNT_SNAPSHOT, 1).get(0);
    // More than the window and the transport hold together, fewer than are kept for a resume.
    int updates = 1500;
    for (int i = 1; i <= updates; i++) {
      venue.push(Channel.SUBACCOUNTS, ScriptedVenue.ADDRESS + "/0", transfer(i));
    }
    awaitStreams(1);
    slow.read(updates);
    Status end = slow.awaitEnd();
    assertThat(end.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(end.getDescription()).contains("gateway.stream.stall-timeout").contains("resume");

    List<Event> got = new ArrayList<>(slow.events(PayloadCase.SUBACCOUNT_UPDATE));
    long last = got.isEmpty() ? Places.of(first) : got.get(got.size() - 1).getSequence();
    assertThat(end.getDescription()).endsWith(" " + last);
    var again = request(subaccount(ScriptedVenue.ADDRESS, 0)).toBuilder();
    again
        .getSubscriptionsBuilder(0)
        .setResumeFrom(
            ResumePoint.newBuilder()
                .setEpoch(slow.events().get(0).getStreamOpened().getEpoch())
                .setSequence(last));
    RecordedStream<?, ?> resumed = client.subscribe(again.build());
    got.addAll(resumed.await(PayloadCase.SUBACCOUNT_UPDATE, updates - got.size()));
    resumed.cancel();
    assertThat(resumed.events(PayloadCase.GAP)).isEmpty();
    assertThat(got.stream().map(event -> event.getSubaccountUpdate().getTransfers(0).getSize()))
        .isEqualTo(IntStream.rangeClosed(1, updates).mapToObj(Integer::toString).toList());
  }

  /** Larger than real ones are, so that few fit between the gateway and a client. */
  private static String transfer(int size) {
    return """
        {"transfers":{"sender":{"address":"dydx1x"},"recipient":{"address":"%s","subaccountNumber":0},"symbol":"USDC",
        "size":"%d","type":"DEPOSIT","createdAt":"2025-12-08T16:11:30.590Z","createdAtHeight":"5",
        "transactionHash":"%s"},"blockHeight":"5"}"""
        .formatted(ScriptedVenue.ADDRESS, size, "AB".repeat(256));
  }

  // ---- too many

  /**
   * One after the other they are refused one by one. At once they are more than the connection was
   * told it may have, and it is closed.
   */
  @Test
  void tenThousandStreamsOnOneConnectionAreRefusedAndTheConnectionIsClosed() throws Exception {
    RawHttp2Client attacker = attacker().handshake().acknowledge();
    for (int i = 0; i <= MOST_STREAMS; i++) {
      attacker.call(SUBSCRIBE, TRADES);
    }
    Frame refused = attacker.await(RawHttp2Client.HEADERS);
    while (!refused.headers().contains("grpc-status=8")) {
      refused = attacker.await(RawHttp2Client.HEADERS);
    }
    assertThat(refused.headers()).contains("gateway.stream.max-streams-per-client");

    try {
      attacker.callAtOnce(HUGE, SUBSCRIBE, TRADES);
    } catch (IOException e) {
      // The connection was closed, as it should be.
    }
    assertThat(attacker.ends(SOON)).isTrue();
    awaitStreams(1);
  }

  @Test
  void streamsOfManyConnectionsCountForTheirAddressAndForNoOther() throws Exception {
    for (int i = 0; i < 20; i++) {
      RawHttp2Client attacker = attacker().handshake();
      for (int j = 0; j < 10; j++) {
        attacker.call(SUBSCRIBE, TRADES);
      }
    }
    awaitStreams(1 + MOST_STREAMS);
    attacker("127.0.0.3").handshake().call(SUBSCRIBE, TRADES);
    awaitStreams(1 + MOST_STREAMS + 1);
  }

  @Test
  void connectionsAboveTheLimitOfAnAddressAreClosedWithTheReason() throws Exception {
    for (int i = 0; i < MOST_CONNECTIONS; i++) {
      Frame answer = attacker().handshake().await(RawHttp2Client.SETTINGS);
      assertThat(answer).isNotNull();
    }
    Awaitility.await()
        .atMost(SOON)
        .until(
            () -> {
              Frame goaway = attacker().handshake().await(RawHttp2Client.GOAWAY);
              return goaway != null
                  && goaway.error() == Http2Error.ENHANCE_YOUR_CALM.code()
                  && goaway.debugData().contains("gateway.stream.max-connections-per-client");
            });
  }

  /** From another address than the attacker's. */
  private String metrics() throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/q/metrics"))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void callsThatNeverBringTheirRequestAreEnded() throws Exception {
    RawHttp2Client attacker = attacker().handshake();
    attacker.open(SUBSCRIBE);
    int dribbling = attacker.open(SUBSCRIBE);
    attacker.frame(RawHttp2Client.DATA, 0, dribbling, new byte[] {0, 0, 0, 1});
    for (int i = 0; i < 2; i++) {
      Frame end = attacker.await(RawHttp2Client.HEADERS);
      assertThat(end.headers())
          .contains("grpc-status=8")
          .contains("gateway.stream.request-timeout");
    }
  }

  @Test
  void subscribeStormsOnASessionAreAnsweredOneByOne() {
    GatewayClient.Session session = client.session();
    for (int i = 0; i < 1000; i++) {
      session.subscribe(trades("ETH-USD"));
      session.unsubscribe(trades("ETH-USD"));
    }
    session.stream().await(PayloadCase.SUBSCRIPTION_STATE, 1000);
    Awaitility.await()
        .atMost(SOON)
        .until(
            () ->
                session.stream().events(PayloadCase.SUBSCRIPTION_STATE).stream()
                        .filter(e -> e.getSubscriptionState().getState() == State.STATE_CLOSED)
                        .count()
                    == 1000);
    assertThat(session.stream().events(PayloadCase.SUBSCRIPTION_ERROR)).isEmpty();
    session.commands().onCompleted();
    assertThat(session.stream().awaitEnd().isOk()).isTrue();
  }

  @Test
  void aSessionThatIsHalfClosedGoesOnUntilItHasNoTopics() {
    GatewayClient.Session session = client.session();
    session.subscribe(trades("BTC-USD"));
    session.commands().onCompleted();
    session.stream().await(PayloadCase.TRADES, 1);
    publish(5);
    session.stream().await(event -> lastTrade(event) == published);
    assertThat(session.stream().isOpen()).isTrue();
    session.stream().cancel();
  }

  // ---- too large

  @Test
  void giantMetadataHurtsNobodyElse() {
    Metadata giant = new Metadata();
    giant.put(Metadata.Key.of("giant", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(100_000));
    StatusRuntimeException end =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                client
                    .calls()
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(giant))
                    .getStatus(GetStatusRequest.getDefaultInstance()));
    assertThat(end).isNotNull();
    assertThat(streams()).isEqualTo(1);
  }

  @Test
  void aGiantMessageEndsItsCallOnly() {
    RecordedStream<?, ?> giant = client.subscribe(request(trades("X".repeat(1 << 20))));
    Status end = giant.awaitEnd();
    assertThat(end.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(end.getDescription()).contains("262144");
  }

  @Test
  void headersThatNeverEndCloseTheConnection() throws Exception {
    RawHttp2Client attacker = attacker().handshake();
    attacker.frame(RawHttp2Client.HEADERS, 0, 1, new byte[] {(byte) 0x82});
    flood(i -> attacker.frame(RawHttp2Client.CONTINUATION, 0, 1, new byte[1000]));
    assertThat(attacker.ends(SOON)).isTrue();
  }

  // ---- no HTTP/2 at all

  @Test
  void connectionsThatSayNothingAreClosed() throws Exception {
    RawHttp2Client silent = attacker();
    RawHttp2Client slow = attacker();
    slow.write("PRI * HT".getBytes(StandardCharsets.US_ASCII));
    assertThat(silent.ends(SOON)).isTrue();
    assertThat(slow.ends(SOON)).isTrue();
  }

  @Test
  void connectionsThatTalkNonsenseAreClosed() throws Exception {
    RawHttp2Client http1 = attacker();
    http1.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    RawHttp2Client garbage = attacker();
    byte[] bytes = new byte[4096];
    new Random(1).nextBytes(bytes);
    garbage.write(bytes);
    RawHttp2Client garbageAfterPreface = attacker().handshake();
    garbageAfterPreface.write(bytes);
    assertThat(http1.ends(SOON)).isTrue();
    assertThat(garbage.ends(SOON)).isTrue();
    assertThat(garbageAfterPreface.ends(SOON)).isTrue();
  }

  // ---- floods

  @Test
  void rapidResetsCloseTheConnection() throws Exception {
    RawHttp2Client attacker = attacker().handshake();
    flood(i -> attacker.reset(attacker.call(SUBSCRIBE, TRADES)));
    Frame goaway = attacker.await(RawHttp2Client.GOAWAY);
    assertThat(goaway).isNotNull();
    assertThat(goaway.error()).isEqualTo((int) Http2Error.ENHANCE_YOUR_CALM.code());
    awaitStreams(1);
  }

  @Test
  void pingFloodsCloseTheConnection() throws Exception {
    RawHttp2Client attacker = attacker().handshake();
    flood(i -> attacker.frame(RawHttp2Client.PING, 0, 0, new byte[8]));
    Frame goaway = attacker.await(RawHttp2Client.GOAWAY);
    assertThat(goaway).isNotNull();
    assertThat(goaway.debugData()).contains("too_many_pings");
  }

  @Test
  void settingsFloodsHurtNobody() throws Exception {
    RawHttp2Client attacker = attacker().handshake();
    byte[] window = ByteBuffer.allocate(6).putShort((short) 4).putInt(1).array();
    flood(
        i -> {
          attacker.frame(RawHttp2Client.SETTINGS, 0, 0, window);
          if (i % 1000 == 0) {
            publish(1);
          }
        });
  }
}
