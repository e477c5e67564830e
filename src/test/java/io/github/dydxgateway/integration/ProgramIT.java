package io.github.dydxgateway.integration;

import static io.github.dydxgateway.testing.GatewayClient.subaccount;
import static io.github.dydxgateway.testing.GatewayClient.trades;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.GatewayClient;
import io.github.dydxgateway.testing.GatewayProcess;
import io.github.dydxgateway.testing.RecordedStream;
import io.github.dydxgateway.testing.ScriptedConnection;
import io.github.dydxgateway.testing.ScriptedIndexer;
import io.github.dydxgateway.testing.SelfSignedStore;
import io.github.dydxgateway.testing.TestProxy;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Event.PayloadCase;
import io.github.dydxgateway.v1.GetStatusRequest;
import io.github.dydxgateway.v1.SubscriptionState;
import io.github.dydxgateway.v1.SubscriptionState.State;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the packaged program starts, is configured and ends. */
@Timeout(120)
class ProgramIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration LONGEST_END = Duration.ofSeconds(10);
  private static final int UPDATES = 900;
  private static final int SMALL_WINDOW = 65_535;

  @Test
  void environmentConfiguresIt() throws Exception {
    try (ScriptedIndexer venue = venue(ScriptedIndexer.automatic());
        GatewayProcess program =
            new GatewayProcess(
                    Map.of(
                        "GATEWAY_UPSTREAM_URL",
                        venue.uri().toString(),
                        "GATEWAY_ACCOUNTS_0__ADDRESS",
                        ScriptedVenue.ADDRESS,
                        "GATEWAY_ACCOUNTS_0__SUBACCOUNTS",
                        "0,1",
                        "GATEWAY_ACCOUNTS_0__ACCOUNT_ID",
                        "DESK-7"))
                .awaitStarted();
        GatewayClient client = new GatewayClient(program.grpcPort())) {
      assertThat(program.output()).doesNotContain("WARN").doesNotContain("ERROR");
      RecordedStream<?, ?> stream = client.subscribe(subaccount(ScriptedVenue.ADDRESS, 1));
      assertThat(
              stream
                  .await(PayloadCase.SUBACCOUNT_SNAPSHOT, 1)
                  .get(0)
                  .getSubaccountSnapshot()
                  .getAccountId())
          .isEqualTo("DESK-7");
      assertThat(client.subscribe(subaccount(ScriptedVenue.ADDRESS, 2)).awaitEnd().getCode())
          .isEqualTo(Status.Code.PERMISSION_DENIED);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GATEWAY_UPSTREAM_NETWORK, moonnet, gateway.upstream.network",
    "GATEWAY_UPSTREAM_URL, http://127.0.0.1/, gateway.upstream.url",
    "GATEWAY_UPSTREAM_HEARTBEAT_TIMEOUT, 0, gateway.upstream.heartbeat-timeout",
    "GATEWAY_UPSTREAM_CONNECT_TIMEOUT, soon, gateway.upstream.connect-timeout",
    "GATEWAY_STREAM_REPLAY_EVENTS, many, gateway.stream.replay-events",
    "GATEWAY_STREAM_REPLAY_EVENTS, 1, gateway.stream.replay-events",
    "GATEWAY_ACCOUNTS_0__ADDRESS, cosmos1nothere, gateway.accounts[0].address",
    "QUARKUS_GRPC_SERVER_HOST, 0.0.0.0, gateway.access.plain-text",
    "QUARKUS_HTTP_HOST, 0.0.0.0, gateway.access.tls-configuration-name",
    "GATEWAY_ACCESS_TLS_CONFIGURATION_NAME, missing, gateway.access.tls-configuration-name",
    "GATEWAY_ACCESS_CLIENT_CERTIFICATES, true, gateway.access.client-certificates",
    "GATEWAY_ACCESS_PLAIN_TEXT, perhaps, gateway.access.plain-text",
    "GATEWAY_ACCESS_JWT, true, mp.jwt.verify.publickey.location",
    "GATEWAY_SIMULATOR_TICK_INTERVAL, PT0.0005S, gateway.simulator.tick-interval",
    "QUARKUS_GRPC_SERVER_HANDSHAKE_TIMEOUT, 0, quarkus.grpc.server.handshake-timeout",
    "QUARKUS_GRPC_SERVER_SSL_CERTIFICATE, tls.crt, gateway.access.tls-configuration-name",
  })
  void wrongConfigurationStopsTheStartWithALineThatNamesTheKey(
      String variable, String value, String key) throws Exception {
    try (GatewayProcess program = new GatewayProcess(Map.of(variable, value))) {
      assertThat(program.awaitExit(PATIENCE)).isEqualTo(1);
      assertThat(program.output().lines()).anyMatch(line -> line.contains(key));
    }
  }

  @Test
  void aPortOfTheSimulatorThatIsInUseStopsTheStartWithALineThatNamesTheKey() throws Exception {
    try (ServerSocket inUse = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        GatewayProcess program =
            new GatewayProcess(
                Map.of(
                    "GATEWAY_UPSTREAM_NETWORK",
                    "simulator",
                    "GATEWAY_SIMULATOR_PORT",
                    Integer.toString(inUse.getLocalPort())))) {
      assertThat(program.awaitExit(PATIENCE)).isEqualTo(1);
      assertThat(program.output().lines())
          .anyMatch(line -> line.contains("gateway.simulator.port must be a free port"));
    }
  }

  /** As of who writes the key alone, or asks for help. */
  @ParameterizedTest
  @ValueSource(strings = {"gateway.upstream.network=testnet", "testnet", "--help"})
  void anArgumentStopsTheStartWithOneLine(String argument) throws Exception {
    try (GatewayProcess program = GatewayProcess.withArguments(argument)) {
      assertThat(program.awaitExit(PATIENCE)).isEqualTo(2);
      assertThat(program.output().lines())
          .singleElement()
          .asString()
          .contains("takes no arguments, got '" + argument + "'", "-Dkey=value before -jar");
    }
  }

  @Test
  void withoutAWordOfItPlainTextStaysOnThisMachine() throws Exception {
    try (ScriptedIndexer venue = venue(ScriptedIndexer.automatic());
        GatewayProcess program =
            new GatewayProcess(Map.of("GATEWAY_UPSTREAM_URL", venue.uri().toString()))
                .awaitStarted();
        GatewayClient client = new GatewayClient(program.grpcPort())) {
      client.subscribe(trades("BTC-USD")).await(PayloadCase.TRADES, 1);
      assertThat(program.output()).contains("plain text on this machine only");
      for (InetAddress other : otherAddresses()) {
        for (int port : new int[] {program.grpcPort(), program.httpPort()}) {
          assertThatThrownBy(() -> new Socket(other, port).close()).isInstanceOf(IOException.class);
        }
      }
    }
  }

  private static List<InetAddress> otherAddresses() throws IOException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
        .toList();
  }

  @Test
  void environmentGivesItTlsAndTokens(@TempDir Path directory) throws Exception {
    SelfSignedStore store = SelfSignedStore.in(directory);
    store.writePem(directory.resolve("tls.crt"), directory.resolve("tls.key"));
    try (ScriptedIndexer venue = venue(ScriptedIndexer.automatic());
        GatewayProcess program =
            new GatewayProcess(
                Map.ofEntries(
                    Map.entry("QUARKUS_HTTP_HOST", "127.0.0.1"),
                    Map.entry("QUARKUS_GRPC_SERVER_HOST", "127.0.0.1"),
                    Map.entry("GATEWAY_UPSTREAM_URL", venue.uri().toString()),
                    Map.entry("GATEWAY_ACCESS_TLS_CONFIGURATION_NAME", "gateway"),
                    Map.entry(
                        "QUARKUS_TLS_GATEWAY_KEY_STORE_PEM_0_CERT",
                        directory.resolve("tls.crt").toString()),
                    Map.entry(
                        "QUARKUS_TLS_GATEWAY_KEY_STORE_PEM_0_KEY",
                        directory.resolve("tls.key").toString()),
                    Map.entry("GATEWAY_ACCESS_TOKENS_0__NAME", "bot"),
                    Map.entry("GATEWAY_ACCESS_TOKENS_0__SHA256", TokensOn.sha256(TokensOn.BOT))));
        GatewayClient client =
            new GatewayClient(
                NettyChannelBuilder.forAddress("127.0.0.1", program.grpcPort())
                    .sslContext(
                        GrpcSslContexts.forClient()
                            .trustManager(directory.resolve("tls.crt").toFile())
                            .build()),
                TokensOn.BOT);
        GatewayClient nobody = new GatewayClient(program.grpcPort())) {
      Awaitility.await()
          .atMost(PATIENCE)
          .until(
              () -> client.subscribe(trades("NONE-USD")).awaitEnd().getCode(),
              Status.Code.NOT_FOUND::equals);
      client.subscribe(trades("BTC-USD")).await(PayloadCase.TRADES, 1);
      assertThat(nobody.subscribe(trades("BTC-USD")).awaitEnd().getCode())
          .isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(program.output()).doesNotContain(TokensOn.BOT);
    }
  }

  /** Each has digits of its own, or letters whose lower case is another. */
  @ParameterizedTest
  @ValueSource(strings = {"ar-EG", "fa-IR", "hi-IN-u-nu-deva", "my-MM", "tr-TR", "th-TH-u-nu-thai"})
  void whatItWritesIsTheSameInEveryLocale(String tag) throws Exception {
    Locale locale = Locale.forLanguageTag(tag);
    String extensions = tag.contains("-u-") ? tag.substring(tag.indexOf("-u-") + 1) : "";
    try (ScriptedIndexer venue = venue(ScriptedIndexer.automatic());
        GatewayProcess program =
            new GatewayProcess(
                    Map.of("GATEWAY_UPSTREAM_URL", venue.uri().toString()),
                    "user.language=" + locale.getLanguage(),
                    "user.country=" + locale.getCountry(),
                    "user.extensions=" + extensions)
                .awaitStarted();
        GatewayClient client = new GatewayClient(program.grpcPort())) {
      RecordedStream<?, ?> stream = client.subscribe(trades("BTC-USD"));
      stream.await(PayloadCase.TRADES, 1);
      stream.cancel();
      Awaitility.await().atMost(PATIENCE).until(() -> program.output().contains("stream=1 closed"));
      program.terminate();
      program.awaitExit(LONGEST_END);
      assertThat(program.output()).contains("dydx-gateway stops: 0 streams").matches("\\p{ASCII}*");
    }
  }

  /** More than the limits of what may wait for a client, and than a client reads by default. */
  @ParameterizedTest
  @ValueSource(ints = {7_000, 25_000})
  void aFirstStateOfAnySizeReachesAClientThatReads(int orders) throws Exception {
    try (ScriptedIndexer venue =
            venue(ScriptedIndexer.automatic())
                .initialState(
                    Channel.SUBACCOUNTS, ScriptedVenue.ADDRESS + "/0", stateWithOrders(orders));
        GatewayProcess program =
            new GatewayProcess(
                    Map.of(
                        "GATEWAY_UPSTREAM_URL",
                        venue.uri().toString(),
                        "GATEWAY_ACCOUNTS_0__ADDRESS",
                        ScriptedVenue.ADDRESS))
                .awaitStarted();
        GatewayClient client = new GatewayClient(program.grpcPort())) {
      RecordedStream<?, ?> stream = client.subscribe(subaccount(ScriptedVenue.ADDRESS, 0));
      stream.await(event -> event.getSnapshotInfo().getLast());
      List<Event> state = stream.events(PayloadCase.SUBACCOUNT_SNAPSHOT);
      assertThat(
              state.stream().mapToInt(part -> part.getSubaccountSnapshot().getOrdersCount()).sum())
          .isEqualTo(orders);
      stream.await(event -> event.getSubscriptionState().getState() == State.STATE_LIVE);
      venue.push(
          Channel.SUBACCOUNTS,
          ScriptedVenue.ADDRESS + "/0",
          "{\"orders\":[" + order(orders) + "],\"blockHeight\":\"1001\"}");
      stream.await(PayloadCase.SUBACCOUNT_UPDATE, 1);
      assertThat(stream.isOpen()).isTrue();
      // README, Limits.
      assertThat(state).allMatch(part -> part.getSerializedSize() <= 1 << 20).hasSizeBetween(2, 5);
    }
  }

  private static String stateWithOrders(int count) {
    String orders =
        IntStream.range(0, count).mapToObj(ProgramIT::order).collect(Collectors.joining(","));
    return """
    {"subaccount":{"address":"%s","subaccountNumber":0,"equity":"1","freeCollateral":"1",
     "openPerpetualPositions":{},"assetPositions":{},"marginEnabled":true,
     "updatedAtHeight":"1000","latestProcessedBlockHeight":"1000"},
     "orders":[%s],"blockHeight":"1000"}"""
        .formatted(ScriptedVenue.ADDRESS, orders);
  }

  private static String order(int number) {
    return """
    {"id":"%s","subaccountId":"%s","clientId":"%d","clobPairId":"0","side":"BUY","size":"0.0125",
     "totalFilled":"0","price":"%d","type":"LIMIT","status":"OPEN","timeInForce":"GTT",
     "reduceOnly":false,"orderFlags":"64","goodTilBlockTime":"2028-01-01T00:00:00.000Z",
     "createdAtHeight":"900","clientMetadata":"0","updatedAt":"2026-01-01T00:00:00.000Z",
     "updatedAtHeight":"900","postOnly":false,"ticker":"BTC-USD","subaccountNumber":0}"""
        .formatted(
            new UUID(number, number), new UUID(1, 1), 1_000_000 + number, 50_000 + number % 10_000);
  }

  @Test
  void secretsMayEndWithALineEndAsInFilesTheyComeFrom() throws Exception {
    try (ScriptedIndexer venue = venue(ScriptedIndexer.automatic());
        GatewayProcess program =
            new GatewayProcess(
                    Map.of(
                        "GATEWAY_UPSTREAM_URL",
                        venue.uri() + "\n",
                        "GATEWAY_ACCESS_TOKENS_0__NAME",
                        "bot\n",
                        "GATEWAY_ACCESS_TOKENS_0__SHA256",
                        " " + TokensOn.sha256(TokensOn.BOT) + "\r\n"))
                .awaitStarted();
        GatewayClient client = new GatewayClient(program.grpcPort(), TokensOn.BOT)) {
      client.subscribe(trades("BTC-USD")).await(PayloadCase.TRADES, 1);
    }
  }

  @Test
  void sigtermClosesTopicsAndStreamsAndTakesLeaveOfTheVenue() throws Exception {
    try (ScriptedIndexer venue = venue(ScriptedIndexer.automatic());
        GatewayProcess program =
            new GatewayProcess(Map.of("GATEWAY_UPSTREAM_URL", venue.uri().toString()))
                .awaitStarted();
        GatewayClient client = new GatewayClient(program.grpcPort())) {
      RecordedStream<?, ?> stream = client.subscribe(trades("BTC-USD"));
      stream.await(PayloadCase.TRADES, 1);
      program.terminate();
      assertThat(program.awaitExit(LONGEST_END)).isIn(0, 143);
      Status end = stream.awaitEnd();
      assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(end.getDescription()).isEqualTo("the gateway is stopping");
      SubscriptionState last = stream.events().get(stream.count() - 1).getSubscriptionState();
      assertThat(last.getState()).isEqualTo(State.STATE_CLOSED);
      assertThat(last.getReason()).isEqualTo("the gateway is stopping");
      assertThat(program.output()).contains("dydx-gateway stopped");
      Awaitility.await().atMost(PATIENCE).until(() -> venue.openConnections().isEmpty());
      ScriptedConnection left = venue.connections().get(0);
      assertThat(left.requestSummaries())
          .contains("unsubscribe v4_trades BTC-USD", "unsubscribe v4_markets");
      assertThat(left.closeCode()).isEqualTo(1000);
    }
  }

  @Test
  void aClientThatReadsLateStillGetsAllThatWaitsForItAfterSigterm() throws Exception {
    try (ScriptedIndexer venue = venue(ScriptedIndexer.automatic());
        GatewayProcess program =
            new GatewayProcess(Map.of("GATEWAY_UPSTREAM_URL", venue.uri().toString()))
                .awaitStarted();
        GatewayClient client = new GatewayClient(program.grpcPort());
        GatewayClient other = new GatewayClient(program.grpcPort(), SMALL_WINDOW)) {
      RecordedStream<?, ?> quick = client.subscribe(trades("BTC-USD"));
      quick.await(PayloadCase.TRADES, 1);
      RecordedStream<?, ?> late =
          other.subscribeWithoutReading(GatewayClient.request(trades("BTC-USD")));
      late.read(2);
      late.await(PayloadCase.TRADES, 1);
      Awaitility.await().atMost(PATIENCE).until(() -> program.health("ready") == 200);
      publishTrades(venue, quick);
      program.terminate();
      Awaitility.await()
          .pollInterval(Duration.ofMillis(20))
          .atMost(LONGEST_END)
          .until(() -> program.health("ready") == 503);
      assertThat(quick.awaitEnd().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(late.isOpen()).isTrue();
      assertThat(newCall(client).getDescription())
          .isEqualTo("the gateway is stopping; try another");
      late.read(Integer.MAX_VALUE);
      assertThat(late.awaitEnd().getDescription()).isEqualTo("the gateway is stopping");
      assertThat(late.events(PayloadCase.TRADES)).hasSize(1 + UPDATES);
      assertThat(late.events(PayloadCase.GAP)).isEmpty();
      assertThat(program.awaitExit(LONGEST_END)).isIn(0, 143);
      assertThat(program.output()).doesNotContain("cut off");
    }
  }

  /** More than a client that does not read has room for; done when the other client has it. */
  private static void publishTrades(ScriptedIndexer venue, RecordedStream<?, ?> quick) {
    quick.await(PayloadCase.TRADES, 1);
    for (int i = 1; i <= UPDATES; i++) {
      String update = Frames.trades(i * 10, i * 10 + 4);
      venue.connections().get(0).pushData(Channel.TRADES, "BTC-USD", update);
    }
    quick.await(PayloadCase.TRADES, 1 + UPDATES);
  }

  private static Status newCall(GatewayClient client) {
    try {
      return Status.OK.withDescription(
          client.calls().getStatus(GetStatusRequest.getDefaultInstance()).getVersion());
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  @Test
  void aClientThatNeverReadsDoesNotKeepItFromEnding() throws Exception {
    try (ScriptedIndexer venue = venue(ScriptedIndexer.automatic());
        GatewayProcess program =
            new GatewayProcess(
                    Map.of(
                        "GATEWAY_UPSTREAM_URL",
                        venue.uri().toString(),
                        "GATEWAY_STREAM_DRAIN_TIMEOUT",
                        "500ms"))
                .awaitStarted();
        GatewayClient quick = new GatewayClient(program.grpcPort());
        GatewayClient client = new GatewayClient(program.grpcPort(), SMALL_WINDOW)) {
      RecordedStream<?, ?> reader = quick.subscribe(trades("BTC-USD"));
      reader.await(PayloadCase.TRADES, 1);
      RecordedStream<?, ?> stream =
          client.subscribeWithoutReading(GatewayClient.request(trades("BTC-USD")));
      stream.read(2);
      stream.await(PayloadCase.TRADES, 1);
      publishTrades(venue, reader);
      program.terminate();
      assertThat(program.awaitExit(LONGEST_END)).isIn(0, 143);
      assertThat(program.output()).contains("1 streams are cut off");
      assertThat(program.output()).contains("dydx-gateway stopped");
    }
  }

  @Test
  void secureVenueIsStreamedFromIfItsCertificateIsTrusted(@TempDir Path directory)
      throws Exception {
    SelfSignedStore store = SelfSignedStore.in(directory);
    try (ScriptedIndexer venue = venue(ScriptedIndexer.secure(store));
        GatewayProcess program =
            new GatewayProcess(
                    Map.of("GATEWAY_UPSTREAM_URL", venue.uri().toString()),
                    "javax.net.ssl.trustStore=" + store.path(),
                    "javax.net.ssl.trustStorePassword=" + store.password())
                .awaitStarted();
        GatewayClient client = new GatewayClient(program.grpcPort())) {
      client.subscribe(trades("BTC-USD")).await(PayloadCase.TRADES, 1);
      Awaitility.await().atMost(PATIENCE).until(() -> program.health("ready") == 200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "socks5"})
  void secureVenueIsStreamedFromThroughAProxyThatSeesNothingOfIt(
      String type, @TempDir Path directory) throws Exception {
    SelfSignedStore store = SelfSignedStore.in(directory);
    try (ScriptedIndexer venue = venue(ScriptedIndexer.secure(store));
        TestProxy proxy =
            type.equals("http") ? TestProxy.http("me:secret") : TestProxy.socks5("me:secret");
        GatewayProcess program =
            new GatewayProcess(
                    throughProxy(venue.uri(), type, proxy),
                    "javax.net.ssl.trustStore=" + store.path(),
                    "javax.net.ssl.trustStorePassword=" + store.password())
                .awaitStarted();
        GatewayClient client = new GatewayClient(program.grpcPort())) {
      RecordedStream<?, ?> stream = client.subscribe(trades("BTC-USD"));
      stream.await(PayloadCase.TRADES, 1);
      venue.push(Channel.TRADES, "BTC-USD", Frames.trades(4, 5));
      stream.await(PayloadCase.TRADES, 2);
      assertThat(proxy.asked()).containsExactly("localhost:" + venue.uri().getPort());
      assertThat(program.output()).doesNotContain("secret");
    }
  }

  /** The proxy connects to the venue under any name, but that is not the one it has shown. */
  @ParameterizedTest
  @ValueSource(strings = {"http", "socks5"})
  void secureVenueUnderAnotherNameIsRefusedThroughAProxyAsWell(String type, @TempDir Path directory)
      throws Exception {
    SelfSignedStore store = SelfSignedStore.in(directory);
    try (ScriptedIndexer venue = venue(ScriptedIndexer.secure(store));
        TestProxy proxy =
            type.equals("http") ? TestProxy.http("me:secret") : TestProxy.socks5("me:secret");
        GatewayProcess program =
            new GatewayProcess(
                    throughProxy(
                        URI.create("wss://venue.invalid:" + venue.uri().getPort() + "/v4/ws"),
                        type,
                        proxy),
                    "javax.net.ssl.trustStore=" + store.path(),
                    "javax.net.ssl.trustStorePassword=" + store.password())
                .awaitStarted();
        GatewayClient client = new GatewayClient(program.grpcPort())) {
      Awaitility.await()
          .atMost(PATIENCE)
          .until(
              () ->
                  client
                      .calls()
                      .getStatus(GetStatusRequest.getDefaultInstance())
                      .getConnections(0)
                      .getLastDisconnectReason()
                      .contains("venue.invalid"));
      assertThat(proxy.asked()).contains("venue.invalid:" + venue.uri().getPort());
      assertThat(venue.connections()).isEmpty();
    }
  }

  private static Map<String, String> throughProxy(URI venue, String type, TestProxy proxy) {
    return Map.of(
        "GATEWAY_UPSTREAM_URL",
        venue.toString(),
        "GATEWAY_UPSTREAM_PROXY",
        type + "://127.0.0.1:" + proxy.port(),
        "GATEWAY_UPSTREAM_PROXY_USERNAME",
        "me",
        "GATEWAY_UPSTREAM_PROXY_PASSWORD",
        "secret");
  }

  @Test
  void secureVenueIsRefusedIfNobodyVouchesForIt(@TempDir Path directory) throws Exception {
    SelfSignedStore store = SelfSignedStore.in(directory);
    try (ScriptedIndexer venue = venue(ScriptedIndexer.secure(store));
        GatewayProcess program =
            new GatewayProcess(Map.of("GATEWAY_UPSTREAM_URL", venue.uri().toString()))
                .awaitStarted();
        GatewayClient client = new GatewayClient(program.grpcPort())) {
      Awaitility.await()
          .atMost(PATIENCE)
          .until(
              () ->
                  client
                      .calls()
                      .getStatus(GetStatusRequest.getDefaultInstance())
                      .getConnections(0)
                      .getLastDisconnectReason()
                      .contains("certification path"));
      assertThat(program.health("live")).isEqualTo(200);
      assertThat(program.health("ready")).isEqualTo(503);
      assertThat(venue.connections()).isEmpty();
    }
  }

  private static ScriptedIndexer venue(ScriptedIndexer venue) {
    return venue
        .initialState(Channel.MARKETS, "", Frames.MARKETS)
        .initialState(Channel.TRADES, "BTC-USD", Frames.tradesNewestFirst(1, 3))
        .initialState(Channel.SUBACCOUNTS, ScriptedVenue.ADDRESS + "/1", "{}");
  }
}
