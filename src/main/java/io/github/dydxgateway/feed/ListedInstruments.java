package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.instrument.InstrumentId;
import io.github.dydxgateway.v1.CandleResolution;
import java.util.function.Predicate;

/**
 * Whether the venue lists the instrument of a subscription on {@code v4_markets}. Never so for
 * accounts. Thread safe.
 */
public final class ListedInstruments implements Predicate<ChannelId> {
  private final InstrumentCache instruments;

  /**
   * @param instruments filled by the feed of markets
   */
  public ListedInstruments(InstrumentCache instruments) {
    this.instruments = instruments;
  }

  @Override
  public boolean test(ChannelId channelId) {
    if (channelId.channel() == Channel.CANDLES) {
      int slash = channelId.id().lastIndexOf('/'); // a ticker may hold slashes itself
      return slash >= 0
          && isResolution(channelId.id().substring(slash + 1))
          && isListed(channelId.id().substring(0, slash));
    }
    return (channelId.channel() == Channel.TRADES || channelId.channel() == Channel.ORDER_BOOK)
        && isListed(channelId.id());
  }

  private boolean isListed(String ticker) {
    return instruments.isLoaded() && !instruments.isUnknown(new InstrumentId(ticker));
  }

  private static boolean isResolution(String venueName) {
    for (CandleResolution resolution : CandleResolution.values()) {
      if (resolution != CandleResolution.UNRECOGNIZED
          && resolution != CandleResolution.CANDLE_RESOLUTION_UNSPECIFIED
          && Feeds.venueNameOf(resolution).equals(venueName)) {
        return true;
      }
    }
    return false;
  }
}
