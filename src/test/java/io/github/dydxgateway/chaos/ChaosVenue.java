package io.github.dydxgateway.chaos;

import io.github.dydxgateway.simulator.IndexerSimulator;
import io.github.dydxgateway.simulator.SimulatorSettings;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Starts the simulator, whose market moves when told, and the proxy before the gateway, and hands
 * itself to the test. Limits are small, so that a client that stalls for a second misses something
 * and one that is away for five can't resume.
 */
public final class ChaosVenue implements QuarkusTestResourceLifecycleManager {
  static final String ADDRESS = SimulatorSettings.DEFAULT_ACCOUNT;
  static final int MARKETS = 8;

  private final ChaosSettings settings = ChaosSettings.ofSystemProperties();
  private Vertx vertx;
  private IndexerSimulator simulator;
  private ChaosProxy proxy;
  private VenueStorm storm;
  private long ticking = -1;
  private volatile Future<Void> lastTick = Future.succeededFuture();

  @Override
  public Map<String, String> start() {
    vertx = Vertx.vertx();
    simulator =
        new IndexerSimulator(
            vertx,
            SimulatorSettings.defaults()
                .withSeed(settings.seed())
                .withTickInterval(Duration.ZERO)
                .withMarkets(MARKETS)
                .withHeartbeat(Duration.ofMillis(400), Duration.ofSeconds(5)));
    await(simulator.start());
    ChaosSetup setup = settings.setup();
    simulator.faults().limitSubscriptions(setup.limit());
    storm = new VenueStorm(simulator, settings.venueFaults(), setup);
    proxy = new ChaosProxy(simulator.uri(), settings.plan(0));
    await(vertx.deployVerticle(proxy));
    return Map.ofEntries(
        Map.entry("gateway.upstream.url", proxy.uri().toString()),
        Map.entry("gateway.upstream.redundancy", Integer.toString(setup.redundancy())),
        Map.entry("gateway.upstream.batched", Boolean.toString(setup.batched())),
        Map.entry("gateway.upstream.max-connections", Integer.toString(setup.maxConnections())),
        Map.entry("gateway.upstream.subscribe-rate", "200"),
        Map.entry("gateway.upstream.subscribe-timeout", "1500ms"),
        Map.entry("gateway.upstream.connect-timeout", "1s"),
        Map.entry("gateway.upstream.heartbeat-timeout", "1500ms"),
        Map.entry("gateway.upstream.reconnect.initial-delay", "20ms"),
        Map.entry("gateway.upstream.reconnect.max-delay", "300ms"),
        Map.entry("gateway.upstream.reconnect.jitter", "30ms"),
        Map.entry("gateway.stream.max-lag", "500ms"),
        Map.entry("gateway.stream.replay-events", "150"),
        Map.entry("gateway.stream.replay-bytes", "131072"),
        Map.entry("gateway.stream.idle-linger", "400ms"),
        Map.entry("gateway.stream.heartbeat-interval", "500ms"),
        Map.entry("gateway.accounts[0].address", ADDRESS));
  }

  ChaosSettings settings() {
    return settings;
  }

  Vertx vertx() {
    return vertx;
  }

  IndexerSimulator simulator() {
    return simulator;
  }

  ChaosProxy proxy() {
    return proxy;
  }

  VenueStorm storm() {
    return storm;
  }

  /** Lets the market move at this pace. */
  void move(Duration interval) {
    halt();
    ticking =
        vertx.setPeriodic(
            interval.toMillis(),
            timer -> {
              storm.tick();
              lastTick = simulator.tick();
            });
  }

  /** Stops the market; returns when nothing more is published. */
  void halt() {
    if (ticking >= 0) {
      vertx.cancelTimer(ticking);
      ticking = -1;
    }
    await(lastTick);
    await(simulator.tick());
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("the venue does not answer", e);
    }
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(this, field -> field.getType() == ChaosVenue.class);
  }

  @Override
  public void stop() {
    if (vertx != null) {
      await(vertx.close());
    }
  }
}
