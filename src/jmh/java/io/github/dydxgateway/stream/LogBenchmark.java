package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.MarketUpdate;
import io.github.dydxgateway.v1.MarketsTopic;
import io.github.dydxgateway.v1.SubscriptionState;
import io.github.dydxgateway.v1.Topic;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A message of the contract made and appended to the log of a topic. */
@State(Scope.Thread)
public class LogBenchmark {
  private static final byte[] TOPIC =
      EventEncoder.topicField(
          new TopicKey(Topic.newBuilder().setMarkets(MarketsTopic.getDefaultInstance()).build()));

  private final TopicLog log =
      new TopicLog(TOPIC, true, 0, 4096, 1 << 21, Duration.ofHours(1).toNanos());
  private long sequence;

  /** A market's new oracle price. */
  @Benchmark
  public long append() {
    sequence++;
    MarketUpdate update =
        MarketUpdate.newBuilder()
            .setInstrumentId("BTC-USD-PERP.DYDX")
            .setOraclePrice("89941.12345")
            .setOracleTimeNs(sequence)
            .setOracleBlockHeight(66_624_085)
            .build();
    return log.append(
        EventPayload.of(Event.MARKET_UPDATE_FIELD_NUMBER, update),
        1_795_380_878_046_482_055L,
        SubscriptionState.State.STATE_LIVE,
        false,
        sequence);
  }
}
