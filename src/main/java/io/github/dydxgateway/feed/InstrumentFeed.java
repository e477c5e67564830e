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
          lastKnown = instrument;
          subscribe();
        }

        @Override
        public void onUnknown(String reason) {
          fail(noInstrument(reason));
        }

        @Override
        public void onRemoved(String reason) {
          fail(noInstrument(reason));
        }
      };

  /** What frames are read by that come between the instrument's removal and the feed's end. */
  private Instrument lastKnown;

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
    Instrument now = instruments.find(instrumentId);
    if (now != null) {
      lastKnown = now;
    }
    return lastKnown;
  }

  /**
   * The failure of a topic whose instrument does not exist.
   *
   * @param reason for a person
   */
  static TopicFailure noInstrument(String reason) {
    return new TopicFailure(TopicFailure.NOT_FOUND, reason, false);
  }
}
