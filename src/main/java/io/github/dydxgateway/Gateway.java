package io.github.dydxgateway;

import io.github.dydxgateway.access.AccessSettings;
import io.github.dydxgateway.access.Rights;
import io.github.dydxgateway.config.ConfigCheck;
import io.github.dydxgateway.config.GatewayConfig;
import io.github.dydxgateway.config.PortCheck;
import io.github.dydxgateway.feed.FeedCounters;
import io.github.dydxgateway.feed.Feeds;
import io.github.dydxgateway.feed.ListedInstruments;
import io.github.dydxgateway.feed.PrivateAccounts;
import io.github.dydxgateway.feed.Redundancy;
import io.github.dydxgateway.grpc.ClientLimits;
import io.github.dydxgateway.grpc.GatewayStatus;
import io.github.dydxgateway.indexer.FrameReader;
import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.page.PageSettings;
import io.github.dydxgateway.page.PageStatus;
import io.github.dydxgateway.simulator.IndexerSimulator;
import io.github.dydxgateway.simulator.SimulatorSettings;
import io.github.dydxgateway.stream.EventBatch;
import io.github.dydxgateway.stream.StreamClock;
import io.github.dydxgateway.stream.StreamCounters;
import io.github.dydxgateway.stream.StreamIdentity;
import io.github.dydxgateway.stream.StreamRegistry;
import io.github.dydxgateway.stream.StreamSettings;
import io.github.dydxgateway.stream.TopicFailure;
import io.github.dydxgateway.stream.TopicRegistry;
import io.github.dydxgateway.upstream.ConnectionPool;
import io.github.dydxgateway.upstream.ConnectionSnapshot;
import io.github.dydxgateway.upstream.ProxyEnvironment;
import io.github.dydxgateway.upstream.ProxySettings;
import io.github.dydxgateway.upstream.UpstreamObserver;
import io.github.dydxgateway.upstream.UpstreamSettings;
import io.github.dydxgateway.v1.ConnectionState;
import io.github.dydxgateway.v1.ConnectionStatus;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.BindException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Makes the rooms of the gateway, connects them from left to right, and starts and stops them. Made
 * on the main thread, which may wait for the simulator.
 */
@Singleton
@Startup
public class Gateway {
  private static final Logger LOG = Logger.getLogger(Gateway.class);
  private static final URI MAINNET = URI.create("wss://indexer.dydx.trade/v4/ws");
  private static final URI TESTNET = URI.create("wss://indexer.v4testnet.dydx.exchange/v4/ws");
  private static final long SWEEP_MILLIS = 500;
  private static final long RETRY_REFUSED_MILLIS = 15_000;
  private static final String CUSTOM_NETWORK = "custom";
  private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

  private static final TopicFailure STOPPING =
      new TopicFailure(TopicFailure.UNAVAILABLE, "the gateway is stopping", true);

  private final Vertx vertx;
  private final String version;
  private final PageSettings page;
  private final String epoch = UUID.randomUUID().toString();
  private final Instant startTime = Instant.now();
  private final InstrumentCache instruments = new InstrumentCache();
  private final FeedCounters feedCounters = new FeedCounters();
  private final StreamCounters counters = new StreamCounters();
  private final Optional<IndexerSimulator> simulator;
  private final String network;
  private final String upstreamHost;
  private final ConnectionPool connections;
  private final Feeds feeds;
  private final TopicRegistry topics;
  private final StreamRegistry streams;
  private final Duration drainTimeout;
  private final long sweepTimer;
  private final long retryTimer;

  /** Starts everything; the venue need not be reachable. */
  public Gateway(
      Vertx vertx,
      GatewayConfig config,
      UpstreamObserver observer,
      PortCheck ports,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    new ConfigCheck(config).check();
    ports.check();
    this.vertx = vertx;
    this.version = version;
    this.page = new PageSettings(config.page().enabled(), config.page().maxStreams());
    this.simulator = startSimulator(config);
    URI uri = uriOf(config);
    this.network = networkOf(config.upstream());
    this.upstreamHost = uri.getHost();
    this.connections =
        new ConnectionPool(
            vertx,
            settingsOf(config, uri),
            () -> new FrameReader()::read,
            observer,
            Clock.systemUTC(),
            new ListedInstruments(instruments));
    this.feeds =
        new Feeds(
            connections,
            instruments,
            accountsOf(config),
            feedCounters,
            Redundancy.of(config.upstream().redundancy(), config.upstream().verifyInitialState()));
    StreamClock clock = StreamClock.system();
    StreamSettings streamSettings = settingsOf(config.stream());
    this.topics = new TopicRegistry(feeds, streamSettings, counters, epoch, clock);
    this.streams =
        new StreamRegistry(
            topics,
            streamSettings,
            counters,
            new StreamIdentity(epoch, version, networkOf(config.upstream()), uri.getHost()),
            clock);
    this.drainTimeout = config.stream().drainTimeout();
    feeds.start();
    this.sweepTimer = vertx.setPeriodic(SWEEP_MILLIS, ignored -> sweep());
    this.retryTimer = vertx.setPeriodic(RETRY_REFUSED_MILLIS, ignored -> feeds.retryRefused());
    LOG.infof(
        "dydx-gateway %s streams %s, epoch %s; ports: %s",
        version, shown(uri), epoch, ports.describe());
  }

  /** Without what may be secret in a URL. */
  private static String shown(URI uri) {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return uri.getScheme() + "://" + uri.getHost() + port + path;
  }

  private void sweep() {
    long now = System.nanoTime();
    topics.sweep(now);
    streams.sweep(now);
    feeds.checkStates();
  }

  private Optional<IndexerSimulator> startSimulator(GatewayConfig config) {
    if (config.upstream().url().isPresent()
        || config.upstream().network() != GatewayConfig.Network.SIMULATOR) {
      return Optional.empty();
    }
    SimulatorSettings settings =
        SimulatorSettings.defaults()
            .withPort(config.simulator().port())
            .withSeed(config.simulator().seed())
            .withTickInterval(config.simulator().tickInterval())
            .withMarkets(config.simulator().markets())
            .withControl(config.simulator().control());
    List<String> accounts =
        config.accounts().stream().map(GatewayConfig.Account::address).distinct().toList();
    if (!accounts.isEmpty()) {
      settings = settings.withAccounts(accounts);
    }
    IndexerSimulator started = new IndexerSimulator(vertx, settings);
    try {
      started.start().toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof BindException) {
        String key = "gateway.simulator.port";
        throw new ConfigurationException(
            key + " must be a free port that may be opened, got " + config.simulator().port(),
            Set.of(key));
      }
      throw e;
    }
    return Optional.of(started);
  }

  private URI uriOf(GatewayConfig config) {
    return config
        .upstream()
        .url()
        .map(URI::create)
        .orElseGet(
            () ->
                switch (config.upstream().network()) {
                  case MAINNET -> MAINNET;
                  case TESTNET -> TESTNET;
                  case SIMULATOR -> simulator.orElseThrow().uri();
                });
  }

  private static String networkOf(GatewayConfig.Upstream upstream) {
    return upstream.url().isPresent()
        ? CUSTOM_NETWORK
        : upstream.network().name().toLowerCase(Locale.ROOT);
  }

  private static UpstreamSettings settingsOf(GatewayConfig config, URI uri) {
    GatewayConfig.Upstream upstream = config.upstream();
    GatewayConfig.Reconnect reconnect = upstream.reconnect();
    return new UpstreamSettings(
        uri,
        upstream.batched(),
        upstream.maxConnections(),
        upstream.heartbeatTimeout(),
        upstream.connectTimeout(),
        upstream.firstFrameTimeout(),
        new UpstreamSettings.BackoffSettings(
            reconnect.initialDelay(), reconnect.maxDelay(), reconnect.factor(), reconnect.jitter()),
        upstream.subscribeRate(),
        upstream.subscribeTimeout(),
        upstream.maxFrameBytes(),
        reconnect.restartSpread(),
        proxyOf(config, uri),
        upstream.headers());
  }

  /** Null where there is none, as always on the way to the simulator in this process. */
  private static ProxySettings proxyOf(GatewayConfig config, URI uri) {
    GatewayConfig.Upstream upstream = config.upstream();
    if (upstream.url().isEmpty() && upstream.network() == GatewayConfig.Network.SIMULATOR) {
      return null;
    }
    ProxySettings proxy =
        upstream.proxy().isPresent()
            ? upstream.proxy().filter(ConfigCheck::isProxy).map(ProxySettings::parse).orElse(null)
            : proxyOfEnvironment(uri);
    if (proxy == null) {
      return null;
    }
    LOG.infof("The venue is reached through the proxy %s", proxy);
    return upstream.proxyUsername().isEmpty()
        ? proxy
        : proxy.withCredentials(
            upstream.proxyUsername().get(), upstream.proxyPassword().orElse(""));
  }

  private static ProxySettings proxyOfEnvironment(URI uri) {
    try {
      return new ProxyEnvironment(System.getenv()).proxyFor(uri).orElse(null);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(e.getMessage());
    }
  }

  private static StreamSettings settingsOf(GatewayConfig.Stream stream) {
    return new StreamSettings(
        stream.maxLag(),
        stream.replayEvents(),
        stream.replayBytes(),
        stream.replayAge(),
        stream.maxStreams(),
        stream.maxTopicsPerStream(),
        stream.maxTopics(),
        stream.heartbeatInterval(),
        stream.idleLinger(),
        stream.stallTimeout(),
        EventBatch.MAX_BYTES);
  }

  private static PrivateAccounts accountsOf(GatewayConfig config) {
    return new PrivateAccounts(
        config.accounts().stream()
            .map(
                account ->
                    new PrivateAccounts.Account(
                        account.address(),
                        account.subaccounts().orElse(Set.of()),
                        account.accountId().orElse("")))
            .toList());
  }

  /**
   * Takes leave of the venue and of the clients, while health is still told: readiness falls at
   * once. Called on the thread that ends the program.
   */
  void drain(@Observes ShutdownDelayInitiatedEvent event) throws Exception {
    LOG.infof("dydx-gateway stops: %d streams have %s to end", streams.size(), drainTimeout);
    vertx.cancelTimer(sweepTimer);
    vertx.cancelTimer(retryTimer);
    // From here on no topic changes any more, so that the streams can come to an end.
    var unused = connections.close();
    endStreams();
  }

  void stop(@Observes ShutdownEvent event) throws Exception {
    if (!streams.isStopping()) {
      drain(null);
    }
    connections
        .close()
        .compose(ignored -> simulator.map(IndexerSimulator::stop).orElse(Future.succeededFuture()))
        .toCompletionStage()
        .toCompletableFuture()
        .get(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS);
    LOG.info("dydx-gateway stopped");
  }

  private void endStreams() throws Exception {
    try {
      streams.stop(STOPPING).get(drainTimeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warnf(
          "%d streams are cut off: their clients did not read to the end within %s",
          streams.abort(STOPPING), drainTimeout);
    }
  }

  @Produces
  @Singleton
  static ClientLimits clientLimits(GatewayConfig config) {
    GatewayConfig.Stream stream = config.stream();
    return new ClientLimits(
        stream.maxStreamsPerClient(),
        stream.maxCallsPerClient(),
        stream.maxConnections(),
        stream.maxConnectionsPerClient(),
        stream.requestTimeout(),
        stream.stallTimeout());
  }

  @Produces
  @Singleton
  static AccessSettings access(GatewayConfig config) {
    GatewayConfig.Access access = config.access();
    return new AccessSettings(
        access.tokens().stream().map(Gateway::token).toList(),
        access.jwt(),
        access.openMetrics(),
        access.tlsConfigurationName(),
        access.clientCertificates());
  }

  private static AccessSettings.Token token(GatewayConfig.Token token) {
    return new AccessSettings.Token(
        token.sha256(),
        new Rights(
            token.name(),
            token.marketData(),
            token.accounts().orElse(Set.of()),
            token.maxStreams(),
            Optional.empty()));
  }

  @Produces
  @Singleton
  StreamRegistry streams() {
    return streams;
  }

  @Produces
  @Singleton
  TopicRegistry topics() {
    return topics;
  }

  @Produces
  @Singleton
  InstrumentCache instruments() {
    return instruments;
  }

  @Produces
  @Singleton
  ConnectionPool connections() {
    return connections;
  }

  @Produces
  @Singleton
  Feeds feeds() {
    return feeds;
  }

  @Produces
  @Singleton
  StreamCounters counters() {
    return counters;
  }

  @Produces
  @Singleton
  FeedCounters feedCounters() {
    return feedCounters;
  }

  @Produces
  @Singleton
  GatewayStatus status() {
    return new Status();
  }

  @Produces
  @Singleton
  PageStatus pageStatus() {
    return new Status();
  }

  @Produces
  @Singleton
  PageSettings page() {
    return page;
  }

  @Produces
  @Singleton
  Optional<IndexerSimulator> simulator() {
    return simulator;
  }

  private final class Status implements GatewayStatus, PageStatus {
    @Override
    public String version() {
      return version;
    }

    @Override
    public String epoch() {
      return epoch;
    }

    @Override
    public long startTimeNs() {
      return startTime.getEpochSecond() * 1_000_000_000L + startTime.getNano();
    }

    @Override
    public String network() {
      return network;
    }

    @Override
    public String upstreamHost() {
      return upstreamHost;
    }

    @Override
    public List<ConnectionStatus> connections() {
      return connections.connections().stream().map(this::status).toList();
    }

    private ConnectionStatus status(ConnectionSnapshot connection) {
      return ConnectionStatus.newBuilder()
          .setConnectionId(connection.number())
          .setState(ConnectionState.valueOf("CONNECTION_STATE_" + connection.state().name()))
          .setSessionId(connection.sessionId())
          .setLastReceiveTimeNs(connection.lastReceiveTimeNs())
          .setSubscriptionCount(connection.subscriptionCount())
          .setReconnectCount(connection.reconnectCount())
          .setFrameCount(connection.frameCount())
          .setLastDisconnectReason(connection.lastDisconnectReason())
          .build();
    }
  }
}
