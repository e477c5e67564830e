package io.github.dydxgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SubscribePacerTest {
  private static final ChannelId BTC = new ChannelId(Channel.TRADES, "BTC-USD");
  private static final ChannelId ETH = new ChannelId(Channel.TRADES, "ETH-USD");
  private static final ChannelId BTC_BOOK = new ChannelId(Channel.ORDER_BOOK, "BTC-USD");

  /** Close to overflow, where System.nanoTime() may be. */
  private long nowNs = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(2);

  private final SubscribePacer pacer = new SubscribePacer(10);

  SubscribePacerTest() {
    pacer.sessionStarted(nowNs);
  }

  private long waitMs(ChannelId id) {
    return TimeUnit.NANOSECONDS.toMillis(pacer.waitNs(id, nowNs));
  }

  private void pass(long ms) {
    nowNs += TimeUnit.MILLISECONDS.toNanos(ms);
  }

  @Test
  void firstMayGoAtOnceTheNextOneIntervalLater() {
    assertThat(waitMs(BTC)).isZero();
    pacer.sent(BTC, nowNs);
    assertThat(waitMs(ETH)).isEqualTo(100);
    pass(99);
    assertThat(waitMs(ETH)).isEqualTo(1);
    pass(1);
    assertThat(waitMs(ETH)).isZero();
  }

  @Test
  void idleTimeSavesUpNoBurst() {
    pacer.sent(BTC, nowNs);
    pass(60_000);
    assertThat(waitMs(ETH)).isZero();
    pacer.sent(ETH, nowNs);
    assertThat(waitMs(BTC_BOOK)).isEqualTo(100);
  }

  @Test
  void sameIdWaitsLongerAndSameTickerOfAnotherChannelDoesNot() {
    pacer.sent(BTC, nowNs);
    assertThat(waitMs(BTC)).isEqualTo(600);
    assertThat(waitMs(BTC_BOOK)).isEqualTo(100);
  }

  @Test
  void neverMoreThanTwoOfTheSameIdInAnySecond() {
    long firstNs = nowNs;
    int sent = 0;
    for (int ms = 0; ms < 1000; ms++) {
      if (pacer.waitNs(BTC, nowNs) == 0) {
        pacer.sent(BTC, nowNs);
        sent++;
      }
      pass(1);
    }
    assertThat(nowNs - firstNs).isEqualTo(TimeUnit.SECONDS.toNanos(1));
    assertThat(sent).isEqualTo(2);
  }

  @Test
  void anOffenceHalvesThePace() {
    pacer.slowDown(nowNs);
    pacer.sent(BTC, nowNs);
    assertThat(waitMs(ETH)).isEqualTo(200);
    assertThat(waitMs(BTC)).isEqualTo(1200);
  }

  @Test
  void thePaceComesBackStepByStepWhileThereIsNoOffence() {
    pacer.slowDown(nowNs);
    assertThat(pacer.pace(nowNs)).isEqualTo(SubscribePacer.FULL_PACE / 2);
    pass(3_999);
    assertThat(pacer.pace(nowNs)).isEqualTo(8);
    pass(1);
    assertThat(pacer.pace(nowNs)).isEqualTo(9);
    pass(7_999);
    assertThat(pacer.pace(nowNs)).isEqualTo(10);
    pass(20_001);
    assertThat(pacer.pace(nowNs)).isEqualTo(SubscribePacer.FULL_PACE);
    pass(600_000);
    assertThat(pacer.pace(nowNs)).isEqualTo(SubscribePacer.FULL_PACE);
  }

  @Test
  void thePaceIsNeverLessThanASixteenth() {
    for (int i = 0; i < 10; i++) {
      pacer.slowDown(nowNs);
      pass(2_000);
    }
    assertThat(pacer.pace(nowNs)).isEqualTo(1);
    pacer.sent(BTC, nowNs);
    assertThat(waitMs(ETH)).isEqualTo(1_600);
  }

  @Test
  void theErrorAndTheCloseThatFollowsAreOneOffence() {
    pacer.slowDown(nowNs);
    pass(100);
    pacer.slowDown(nowNs);
    assertThat(pacer.pace(nowNs)).isEqualTo(8);
    pass(3_000);
    pacer.slowDown(nowNs);
    assertThat(pacer.pace(nowNs)).isEqualTo(4);
  }

  @Test
  void aLongGoodSessionRestoresThePaceEvenIfNothingWasSubscribedInIt() {
    pacer.slowDown(nowNs);
    pass(3_600_000);
    pacer.sessionLost(nowNs);
    pacer.sessionStarted(nowNs);
    assertThat(pacer.pace(nowNs)).isEqualTo(SubscribePacer.FULL_PACE);
  }

  @Test
  void timeWithoutAConnectionIsNotGoodTime() {
    pacer.slowDown(nowNs);
    pacer.sessionLost(nowNs);
    pass(120_000);
    assertThat(pacer.pace(nowNs)).isEqualTo(8);
    pacer.sessionStarted(nowNs);
    pass(3_999);
    assertThat(pacer.pace(nowNs)).isEqualTo(8);
    pass(1);
    assertThat(pacer.pace(nowNs)).isEqualTo(9);
  }

  @Test
  void aNewSessionKnowsNothingOfEarlierSubscribes() {
    pacer.sent(BTC, nowNs);
    pass(100);
    pacer.sessionLost(nowNs);
    pacer.sessionStarted(nowNs);
    assertThat(waitMs(BTC)).isZero();
  }

  @Test
  void remembersManyIdsWithoutGrowingForEver() {
    for (int i = 0; i < 5000; i++) {
      pacer.sent(new ChannelId(Channel.TRADES, "T" + i), nowNs);
      pass(100);
    }
    assertThat(waitMs(new ChannelId(Channel.TRADES, "T4999"))).isEqualTo(500);
  }
}
