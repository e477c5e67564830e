package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.MarketUpdate;
import io.github.dydxgateway.v1.MarketsTopic;
import io.github.dydxgateway.v1.Topic;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A message of the contract made and encoded as the event of a topic. */
@State(Scope.Thread)
public class EventEncoderBenchmark {
  private static final byte[] TOPIC =
      EventEncoder.topicField(
          new TopicKey(Topic.newBuilder().setMarkets(MarketsTopic.getDefaultInstance()).build()));

  private long sequence;

  /** A market's new oracle price. */
  @Benchmark
  public byte[] encode() {
    sequence++;
    MarketUpdate update =
        MarketUpdate.newBuilder()
            .setInstrumentId("BTC-USD-PERP.DYDX")
            .setOraclePrice("89941.12345")
            .setOracleTimeNs(sequence)
            .setOracleBlockHeight(66_624_085)
            .build();
    return EventEncoder.encode(
        TOPIC,
        sequence,
        1_795_380_878_046_482_055L,
        EventPayload.of(Event.MARKET_UPDATE_FIELD_NUMBER, update));
  }
}
