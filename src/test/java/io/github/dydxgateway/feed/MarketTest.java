package io.github.dydxgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.IndexerMarket;
import io.github.dydxgateway.indexer.IndexerOraclePrice;
import io.github.dydxgateway.indexer.UnknownFields;
import io.github.dydxgateway.instrument.InstrumentId;
import io.github.dydxgateway.v1.MarketUpdate;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

class MarketTest {
  private static final InstrumentId BTC = new InstrumentId("BTC-USD");

  @Property
  void whoeverMergesTheChangesHasTheStatistics(
      @ForAll @Size(max = 20) List<@From("parts") IndexerMarket> parts) {
    Market market = new Market(BTC);
    MarketUpdate.Builder client = market.statistics(false).toBuilder();
    for (IndexerMarket part : parts) {
      merge(client, market.take(part));
      assertThat(client.build()).isEqualTo(market.statistics(false));
    }
  }

  @Property
  void whoeverMergesWhatDiffersInAnotherHasWhatTheOtherKnows(
      @ForAll("parts") IndexerMarket one,
      @ForAll("prices") IndexerOraclePrice price,
      @ForAll("parts") IndexerMarket another) {
    Market market = new Market(BTC);
    market.take(one);
    MarketUpdate.Builder client = market.statistics(false).toBuilder();
    Market other = new Market(BTC);
    other.take(another);
    other.take(price);
    MarketUpdate before = market.statistics(false);
    merge(client, market.replaceWith(other));
    assertThat(client.build()).isEqualTo(market.statistics(false));
    assertThat(market.replaceWith(other)).isNull();
    MarketUpdate theirs = other.statistics(false);
    assertThat(
            before.getOraclePrice().equals(theirs.getOraclePrice())
                ? withOracleOf(before, theirs)
                : theirs)
        .isEqualTo(market.statistics(false));
  }

  @Property
  void anOraclePriceIsToldAsItCame(
      @ForAll("parts") IndexerMarket part, @ForAll("prices") IndexerOraclePrice price) {
    Market market = new Market(BTC);
    market.take(part);
    MarketUpdate.Builder client = market.statistics(false).toBuilder();
    MarketUpdate told = market.take(price);
    merge(client, told);
    assertThat(client.build()).isEqualTo(market.statistics(false));
    // Told again though it is known.
    assertThat(market.take(price)).isEqualTo(told);
  }

  /** When a price took effect is in no state, so it is kept for as long as the price is. */
  private static MarketUpdate withOracleOf(MarketUpdate before, MarketUpdate theirs) {
    MarketUpdate.Builder kept = theirs.toBuilder();
    if (before.hasOracleTimeNs() && !theirs.hasOracleTimeNs()) {
      kept.setOracleTimeNs(before.getOracleTimeNs());
    }
    if (before.hasOracleBlockHeight() && !theirs.hasOracleBlockHeight()) {
      kept.setOracleBlockHeight(before.getOracleBlockHeight());
    }
    return kept.build();
  }

  /** As a client does that knows of statistics only that absent is unchanged unless cleared. */
  private static void merge(MarketUpdate.Builder client, MarketUpdate change) {
    if (change == null) {
      return;
    }
    change
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (field.hasPresence() && field.getNumber() != MarketUpdate.STATUS_FIELD_NUMBER) {
                boolean isNews = !client.hasField(field) || !client.getField(field).equals(value);
                assertThat(isNews || isOracle(field.getNumber())).as(field.getName()).isTrue();
              }
            });
    client.mergeFrom(change).clearClearedFields();
    if (change.hasStatus()) {
      client.setStatusRaw(change.getStatusRaw());
    }
    for (String cleared : change.getClearedFieldsList()) {
      if (cleared.startsWith("extra_fields.")) {
        client.removeExtraFields(cleared.substring("extra_fields.".length()));
      } else {
        client.clearField(MarketUpdate.getDescriptor().findFieldByName(cleared));
      }
      if (cleared.equals("status")) {
        client.clearStatusRaw();
      }
    }
  }

  private static boolean isOracle(int field) {
    return field == MarketUpdate.ORACLE_PRICE_FIELD_NUMBER
        || field == MarketUpdate.ORACLE_TIME_NS_FIELD_NUMBER
        || field == MarketUpdate.ORACLE_BLOCK_HEIGHT_FIELD_NUMBER;
  }

  @Provide
  Arbitrary<IndexerMarket> parts() {
    Arbitrary<String> texts = Arbitraries.of("", "0", "1.5").injectNull(0.3);
    Arbitrary<Long> counts = Arbitraries.of(0L, 1L, Long.MAX_VALUE).injectNull(0.3);
    Arbitrary<String> statuses =
        Arbitraries.of("ACTIVE", "PAUSED", "SOMETHING_NEW", "").injectNull(0.3);
    Arbitrary<Function<List<String>, IndexerMarket>> given =
        Combinators.combine(texts, texts, texts, texts, texts, texts, counts, statuses)
            .as(
                (oracle, change, volume, funding, open, baseOpen, trades, status) ->
                    cleared ->
                        new IndexerMarket(
                            "BTC-USD",
                            null,
                            status,
                            oracle,
                            change,
                            volume,
                            trades,
                            funding,
                            null,
                            null,
                            open,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            baseOpen,
                            null,
                            null,
                            null,
                            cleared,
                            trades == null
                                ? UnknownFields.NONE
                                : new UnknownFields(Map.of("new", "" + trades)),
                            List.of()));
    Arbitrary<List<String>> cleared =
        Arbitraries.of(
                "oraclePrice",
                "priceChange24H",
                "volume24H",
                "trades24H",
                "nextFundingRate",
                "openInterest",
                "baseOpenInterest",
                "status",
                "new")
            .list()
            .ofMaxSize(3);
    return Combinators.combine(given, cleared).as(Function::apply);
  }

  @Provide
  Arbitrary<IndexerOraclePrice> prices() {
    Arbitrary<Long> numbers = Arbitraries.of(0L, 7L, Long.MAX_VALUE);
    return Combinators.combine(
            Arbitraries.of("", "0", "1.5").injectNull(0.3),
            numbers,
            numbers.injectNull(0.3),
            Arbitraries.of(0L, 7L).injectNull(0.3))
        .as(
            (price, time, height, marketId) ->
                new IndexerOraclePrice(
                    "BTC-USD",
                    price,
                    time,
                    height,
                    marketId,
                    List.of(),
                    UnknownFields.NONE,
                    List.of()));
  }
}
