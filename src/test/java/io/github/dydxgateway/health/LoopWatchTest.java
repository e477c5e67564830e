package io.github.dydxgateway.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoopGroup;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LoopWatchTest {
  private static final Duration STANDING = Duration.ofMillis(300);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();
  private final EventLoopGroup callLoops = new DefaultEventLoopGroup(2);
  private final CountDownLatch release = new CountDownLatch(1);
  private final LoopWatch watch = new LoopWatch(vertx, callLoops);

  @AfterEach
  void close() {
    release.countDown();
    vertx.close();
    var unused = callLoops.shutdownGracefully();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void seesALoopThatStandsStillWhileTheOthersRunAndThatItGoesOn(boolean ofCalls) {
    EventLoopGroup loops = ofCalls ? callLoops : vertx.nettyEventLoopGroup();
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    watch.bindTo(meters);
    watch.start(null);
    var unused =
        loops
            .next()
            .submit(
                () -> {
                  release.await();
                  return null;
                });

    Awaitility.await().atMost(PATIENCE).until(() -> watch.longestDelay().compareTo(STANDING) > 0);
    assertThat(meters.get("gateway.event.loop.delay").gauge().value())
        .isGreaterThan(STANDING.toMillis() / 1000.0);

    release.countDown();
    Awaitility.await().atMost(PATIENCE).until(() -> watch.longestDelay().isZero());
  }

  @Test
  void watchesNothingBeforeItStartsAndAfterItStops() {
    assertThat(watch.longestDelay()).isZero();
    watch.start(null);
    watch.stop(null);
    assertThat(watch.longestDelay()).isZero();
  }
}
