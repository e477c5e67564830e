package io.github.dydxgateway.health;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Finds event loops, of Vert.x and of the gRPC server, that stand still: each is to run a small
 * task at a steady pace, and whoever asks sees how late the latest is. May be asked from any
 * thread, also when all loops stand still.
 */
@Singleton
public class LoopWatch implements MeterBinder {
  private static final long INTERVAL_MILLIS = 250;

  private final Vertx vertx;
  private final EventLoopGroup callLoops;
  private final List<Pulse> pulses = new ArrayList<>();

  /**
   * @param callLoops those of the gRPC server
   */
  LoopWatch(Vertx vertx, EventLoopGroup callLoops) {
    this.vertx = vertx;
    this.callLoops = callLoops;
  }

  synchronized void start(@Observes StartupEvent event) {
    vertx.nettyEventLoopGroup().forEach(this::watch);
    callLoops.forEach(this::watch);
  }

  private void watch(EventExecutor loop) {
    Pulse pulse = new Pulse();
    pulse.timer =
        loop.scheduleAtFixedRate(pulse, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    pulses.add(pulse);
  }

  synchronized void stop(@Observes ShutdownEvent event) {
    pulses.forEach(pulse -> pulse.timer.cancel(false));
    pulses.clear();
  }

  /** For how long the event loop that is latest has not run what it should; zero if none is. */
  public synchronized Duration longestDelay() {
    long now = System.nanoTime();
    long quiet = pulses.stream().mapToLong(pulse -> now - pulse.lastNanos).max().orElse(0);
    return Duration.ofNanos(
        Math.max(0, quiet - TimeUnit.MILLISECONDS.toNanos(2 * INTERVAL_MILLIS)));
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("gateway.event.loop.delay", () -> longestDelay().toNanos() / 1e9)
        .description("For how long the latest event loop has stood still; zero if none does")
        .baseUnit("seconds")
        .register(registry);
  }

  /** What one loop runs. */
  private static final class Pulse implements Runnable {
    private volatile long lastNanos = System.nanoTime();
    private ScheduledFuture<?> timer;

    @Override
    public void run() {
      lastNanos = System.nanoTime();
    }
  }
}
