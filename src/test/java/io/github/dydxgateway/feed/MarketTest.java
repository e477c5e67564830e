package io.github.dydxgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.IndexerMarket;
import io.github.dydxgateway.indexer.IndexerOraclePrice;
import io.github.dydxgateway.indexer.UnknownFields;
import io.github.dydxgateway.instrument.InstrumentId;
import io.github.dydxgateway.v1.MarketUpdate;
import java.util.List;
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
  void whoeverMergesWhatDiffersInAnotherHasAllThatBothKnow(
      @ForAll("parts") IndexerMarket one,
      @ForAll("prices") IndexerOraclePrice price,
      @ForAll("parts") IndexerMarket another) {
    Market market = new Market(BTC);
    market.take(one);
    MarketUpdate.Builder client = market.statistics(false).toBuilder();
    Market other = new Market(BTC);
    other.take(another);
    other.take(price);
    merge(client, market.take(other));
    assertThat(client.build()).isEqualTo(market.statistics(false));
    assertThat(market.take(other)).isNull();
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

  /** As a client does that knows nothing of statistics but that absent is unchanged. */
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
    client.mergeFrom(change);
    if (change.hasStatus()) {
      client.setStatusRaw(change.getStatusRaw());
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
    return Combinators.combine(texts, texts, texts, texts, texts, texts, counts, statuses)
        .as(
            (oracle, change, volume, funding, open, baseOpen, trades, status) ->
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
                    UnknownFields.NONE,
                    List.of()));
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
                new IndexerOraclePrice("BTC-USD", price, time, height, marketId, List.of()));
  }
}
