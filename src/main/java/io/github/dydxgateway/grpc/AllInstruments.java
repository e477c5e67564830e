package io.github.dydxgateway.grpc;

import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.instrument.InstrumentId;
import io.github.dydxgateway.stream.TopicKey;
import io.github.dydxgateway.stream.TopicSet;
import io.github.dydxgateway.v1.Topic;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The topics of all instruments, those that are listed later included, for one stream. */
final class AllInstruments implements TopicSet {
  private final Topic topic;
  private final InstrumentCache instruments;
  private Consumer<InstrumentId> follower;

  /**
   * @param topic whose instrument is {@link RequestReader#ALL_INSTRUMENTS}
   */
  AllInstruments(Topic topic, InstrumentCache instruments) {
    this.topic = topic;
    this.instruments = instruments;
  }

  @Override
  public void follow(Executor loop, Consumer<TopicKey> onTopic) {
    follower = id -> loop.execute(() -> onTopic.accept(of(id)));
    instruments.follow(follower);
  }

  @Override
  public void leave() {
    instruments.leave(follower);
  }

  private TopicKey of(InstrumentId id) {
    Topic.Builder one = topic.toBuilder();
    switch (topic.getKindCase()) {
      case TRADES -> one.getTradesBuilder().setInstrumentId(id.canonical());
      case ORDER_BOOK -> one.getOrderBookBuilder().setInstrumentId(id.canonical());
      case QUOTES -> one.getQuotesBuilder().setInstrumentId(id.canonical());
      case CANDLES -> one.getCandlesBuilder().setInstrumentId(id.canonical());
      default -> throw new IllegalStateException("not of all instruments: " + topic);
    }
    return new TopicKey(one.build());
  }
}
