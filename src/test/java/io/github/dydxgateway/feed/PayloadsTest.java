package io.github.dydxgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedOutputStream;
import io.github.dydxgateway.indexer.Decimal;
import io.github.dydxgateway.indexer.IndexerTrade;
import io.github.dydxgateway.indexer.UnknownFields;
import io.github.dydxgateway.instrument.InstrumentId;
import io.github.dydxgateway.stream.EventPayload;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.OrderBookDelta;
import io.github.dydxgateway.v1.PriceLevel;
import io.github.dydxgateway.v1.Trades;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What is written without objects is what the contract's own classes write. */
class PayloadsTest {

  @Property
  void aDeltaIsThatOfItsBuilder(
      @ForAll("instruments") InstrumentId instrument,
      @ForAll @IntRange(max = Decimal.MAX_SCALE) int priceScale,
      @ForAll @IntRange(max = Decimal.MAX_SCALE) int sizeScale,
      @ForAll @Size(max = 40) List<@From("levels") PriceLevel> bids,
      @ForAll @Size(max = 40) List<@From("levels") PriceLevel> asks)
      throws IOException {
    DeltaPayload payload = new DeltaPayload();
    payload.begin(instrument, 1, 2, Map.of("old", "1"));
    payload.bids().add(3, 4); // of the delta before
    payload.begin(instrument, priceScale, sizeScale, Map.of());
    bids.forEach(level -> payload.bids().add(level.getPrice(), level.getSize()));
    asks.forEach(level -> payload.asks().add(level.getPrice(), level.getSize()));
    assertThat(payload.isEmpty()).isEqualTo(bids.isEmpty() && asks.isEmpty());
    assertIsWrittenAs(
        Event.newBuilder()
            .setOrderBookDelta(
                OrderBookDelta.newBuilder()
                    .setInstrumentId(instrument.canonical())
                    .setPriceScale(priceScale)
                    .setSizeScale(sizeScale)
                    .addAllBids(bids)
                    .addAllAsks(asks))
            .build(),
        payload);
  }

  @Property
  void aQuoteIsThatOfItsBuilder(
      @ForAll("instruments") InstrumentId instrument,
      @ForAll @IntRange(max = Decimal.MAX_SCALE) int priceScale,
      @ForAll @IntRange(max = Decimal.MAX_SCALE) int sizeScale,
      @ForAll("levels") PriceLevel bid,
      @ForAll("levels") PriceLevel ask)
      throws IOException {
    QuotePayload payload =
        new QuotePayload(
            instrument,
            priceScale,
            sizeScale,
            bid.getPrice(),
            bid.getSize(),
            ask.getPrice(),
            ask.getSize());
    assertIsWrittenAs(Event.newBuilder().setQuote(payload.message()).build(), payload);
  }

  @Property
  void tradesAreThoseOfTheirBuilder(
      @ForAll("instruments") InstrumentId instrument,
      @ForAll @IntRange(max = 12) int priceScale,
      @ForAll @IntRange(max = 12) int sizeScale,
      @ForAll @Size(max = 10) List<@From("trades") IndexerTrade> trades)
      throws IOException {
    CommonScale price = new CommonScale(priceScale);
    CommonScale size = new CommonScale(sizeScale);
    List<IndexerTrade> fitting =
        trades.stream()
            .filter(trade -> price.canTake(trade.price()) && size.canTake(trade.size()))
            .peek(trade -> price.take(trade.price()))
            .peek(trade -> size.take(trade.size()))
            .toList();
    TradesPayload payload = new TradesPayload(instrument, fitting, price, size);
    Trades message = payload.message(false);
    assertThat(message.getTradesCount()).isEqualTo(fitting.size());
    assertIsWrittenAs(Event.newBuilder().setTrades(message).build(), payload);
  }

  private static void assertIsWrittenAs(Event expected, EventPayload payload) throws IOException {
    byte[] written = new byte[payload.serializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(written);
    payload.writeTo(out);
    out.checkNoSpaceLeft();
    assertThat(written).isEqualTo(expected.toByteArray());
    assertThat(Event.parseFrom(written)).isEqualTo(Event.parseFrom(expected.toByteArray()));
  }

  @Provide
  Arbitrary<InstrumentId> instruments() {
    return Arbitraries.strings()
        .withCharRange('!', '~')
        .ofMinLength(1)
        .ofMaxLength(118)
        .map(InstrumentId::new);
  }

  @Provide
  Arbitrary<PriceLevel> levels() {
    Arbitrary<Long> values = Arbitraries.longs();
    return Combinators.combine(values, values)
        .as((price, size) -> PriceLevel.newBuilder().setPrice(price).setSize(size).build());
  }

  /** The longest and the oddest that the venue could send. */
  @Provide
  Arbitrary<IndexerTrade> trades() {
    Arbitrary<Decimal> decimals =
        Combinators.combine(
                Arbitraries.longs(), Arbitraries.integers().between(0, Decimal.MAX_SCALE))
            .as(Decimal::of);
    Arbitrary<String> texts =
        Arbitraries.oneOf(
            Arbitraries.of("BUY", "SELL", "LIMIT", "LIQUIDATED", "DELEVERAGED", "TWAP_SUBORDER"),
            Arbitraries.strings().ofMaxLength(200));
    Arbitrary<UnknownFields> unknown =
        Arbitraries.maps(Arbitraries.strings().ofMaxLength(20), Arbitraries.strings())
            .ofMaxSize(3)
            .map((Map<String, String> fields) -> new UnknownFields(fields));
    return Combinators.combine(
            texts.injectNull(0.1),
            texts.injectNull(0.1),
            decimals,
            decimals,
            texts.injectNull(0.1),
            Arbitraries.longs(),
            Arbitraries.longs(),
            unknown)
        .as(IndexerTrade::new);
  }
}
