package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.OrderBookDelta;
import io.github.dydxgateway.v1.OrderBookTopic;
import io.github.dydxgateway.v1.PriceLevel;
import io.github.dydxgateway.v1.Topic;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A book's change made and encoded. */
@State(Scope.Thread)
public class EventEncoderBenchmark {
  private static final String ID = "BTC-USD-PERP.DYDX";
  private static final Topic TOPIC =
      Topic.newBuilder().setOrderBook(OrderBookTopic.newBuilder().setInstrumentId(ID)).build();

  /** Levels changed. */
  @Param({"1", "4", "200"})
  public int levels;

  private long sequence;

  /** Builds the event and its bytes. */
  @Benchmark
  public byte[] encode() {
    sequence++;
    OrderBookDelta.Builder delta =
        OrderBookDelta.newBuilder().setInstrumentId(ID).setPriceScale(0).setSizeScale(4);
    for (int i = 0; i < levels; i++) {
      delta.addBids(PriceLevel.newBuilder().setPrice(89_947 - i).setSize(sequence));
    }
    return EventEncoder.encode(
        Event.newBuilder()
            .setSequence(sequence)
            .setReceiveTimeNs(1_795_380_878_046_482_055L)
            .setTopic(TOPIC)
            .setOrderBookDelta(delta)
            .build());
  }
}
