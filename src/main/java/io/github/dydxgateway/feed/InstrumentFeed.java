package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.ChannelSource;
import io.github.dydxgateway.instrument.Instrument;
import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.instrument.InstrumentId;
import io.github.dydxgateway.stream.TopicFailure;
import java.util.concurrent.Executor;

/** A feed of one instrument: subscribes once the instrument is known. */
abstract class InstrumentFeed extends Feed {
  private final InstrumentId instrumentId;
  private final InstrumentCache instruments;
  private final InstrumentCache.Listener awaiting =
      new InstrumentCache.Listener() {
        @Override
        public void onKnown(Instrument instrument) {
          subscribe();
        }

        @Override
        public void onUnknown() {
          fail(unknownInstrument(instrumentId));
        }
      };

  InstrumentFeed(
      InstrumentId instrumentId,
      ChannelId channelId,
      Executor loop,
      ChannelSource source,
      InstrumentCache instruments,
      FeedCounters counters,
      Redundancy redundancy) {
    super(channelId, loop, source, counters, redundancy);
    this.instrumentId = instrumentId;
    this.instruments = instruments;
  }

  @Override
  final void prepare() {
    instruments.await(instrumentId, loop(), awaiting);
  }

  @Override
  final void stopWaiting() {
    instruments.cancel(awaiting);
  }

  /** The instrument as it is now: its scales change with its tick and step size. */
  final Instrument instrument() {
    return instruments.find(instrumentId);
  }

  static TopicFailure unknownInstrument(InstrumentId id) {
    return new TopicFailure(TopicFailure.NOT_FOUND, "no instrument " + id.canonical(), false);
  }
}
