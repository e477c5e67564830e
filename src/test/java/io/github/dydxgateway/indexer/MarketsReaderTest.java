package io.github.dydxgateway.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.ChannelContents.FieldProblem;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MarketsReaderTest {

  @Test
  void readsEveryFieldOfAMarket() throws MalformedFrameException {
    ChannelContents.Markets state =
        Reading.state(
            ChannelContents.Markets.class,
            "v4_markets",
            "{\"markets\":{\"BTC-USD\":" + SampleFrames.market("BTC-USD") + "}}");
    assertThat(state.oraclePrices()).isEmpty();
    assertThat(state.markets())
        .containsExactly(
            new IndexerMarket(
                "BTC-USD",
                0L,
                "ACTIVE",
                "27752.920",
                "-1.5",
                "63894023.044245577",
                143_820L,
                "0.000000004",
                "0.050000",
                "0.030000",
                "1891.473716288",
                -10L,
                -8L,
                "1",
                "0.000000001",
                10L,
                10_000L,
                "CROSS",
                "1",
                "2",
                "1891",
                "0",
                null,
                null,
                List.of(),
                new UnknownFields(Map.of("baseAsset", "\"\"")),
                List.of()));
  }

  @Test
  void readsPartsOfMarketsAndOraclePrices() throws MalformedFrameException {
    IndexerFrame.ChannelData frame =
        (IndexerFrame.ChannelData) Reading.frame(SampleFrames.MARKETS_UPDATE);
    ChannelContents.Markets update = (ChannelContents.Markets) frame.updates().get(0);
    assertThat(update.markets())
        .extracting(IndexerMarket::ticker)
        .containsExactly("BTC-USD", "ETH-USD");
    IndexerMarket btc = update.markets().get(0);
    assertThat(btc.marketId()).isZero();
    assertThat(btc.nextFundingRate()).isEqualTo("0.00006821875");
    assertThat(btc.volume24H()).isNull();
    assertThat(btc.unknownFields().isEmpty()).isTrue();
    IndexerMarket eth = update.markets().get(1);
    assertThat(eth.volume24H()).isEqualTo("1462890959.6541");
    assertThat(eth.trades24H()).isEqualTo(5);
    assertThat(update.oraclePrices())
        .containsExactly(
            new IndexerOraclePrice(
                "BTC-USD",
                "27752.920",
                1_680_568_159_353_000_000L,
                49_592L,
                0L,
                List.of(),
                UnknownFields.NONE,
                List.of()));
  }

  @Test
  void theTickerIsThatOfTheMarketOrElseItsKey() throws MalformedFrameException {
    assertThat(one("{\"ticker\":\"OTHER-USD\"}").ticker()).isEqualTo("OTHER-USD");
    assertThat(one("{\"ticker\":null}").ticker()).isEqualTo("X-USD");
    assertThat(one("{}").ticker()).isEqualTo("X-USD");
  }

  @Test
  void anOraclePriceOfNullIsNoProblem() throws MalformedFrameException {
    IndexerMarket market = one("{\"oraclePrice\":null,\"status\":\"DREAMING\"}");
    assertThat(market.oraclePrice()).isNull();
    assertThat(market.status()).isEqualTo("DREAMING");
    assertThat(market.problems()).isEmpty();
  }

  @Test
  void aBadFieldIsAProblemAndCostsNothingElse() throws MalformedFrameException {
    IndexerMarket market =
        one(
            """
            {"clobPairId":"x","oraclePrice":{"a":1},"volume24H":"1e999999999","trades24H":1.5,
             "stepBaseQuantums":99999999999999999999,"subticksPerTick":"1000",
             "openInterest":"123456789012345678901234567890.123456789","tickSize":1e-1}""");
    assertThat(market.clobPairId()).isNull();
    assertThat(market.subticksPerTick()).isEqualTo(1000);
    assertThat(market.openInterest()).isEqualTo("123456789012345678901234567890.123456789");
    assertThat(market.tickSize()).isEqualTo("0.1");
    assertThat(market.problems())
        .containsExactly(
            new FieldProblem(
                "trading.X-USD.clobPairId",
                "expected a whole number from 0 to 2^63 - 1, got \"x\""),
            new FieldProblem(
                "trading.X-USD.oraclePrice",
                "expected a decimal of at most 200 characters when expanded, got {\"a\":1}"),
            new FieldProblem(
                "trading.X-USD.volume24H",
                "expected a decimal of at most 200 characters when expanded,"
                    + " got \"1e999999999\""),
            new FieldProblem(
                "trading.X-USD.trades24H", "expected a whole number from 0 to 2^63 - 1, got 1.5"),
            new FieldProblem(
                "trading.X-USD.stepBaseQuantums",
                "expected a whole number from 0 to 2^63 - 1, got 99999999999999999999"));
  }

  @Test
  void aBadMarketOrOraclePriceCostsNoOther() throws MalformedFrameException {
    ChannelContents.Markets update =
        Reading.update(
            ChannelContents.Markets.class,
            "v4_markets",
            """
            {"trading":{"A-USD":5,"B-USD":null,"C-USD":{"status":"ACTIVE"}},
             "oraclePrices":{"A-USD":"7","C-USD":{"oraclePrice":"x","effectiveAt":"y"}}}""");
    assertThat(update.markets())
        .extracting(IndexerMarket::ticker)
        .containsExactly("A-USD", "B-USD", "C-USD");
    assertThat(update.markets().get(0).problems())
        .containsExactly(new FieldProblem("trading.A-USD", "expected a market, got 5"));
    assertThat(update.markets().get(2).problems()).isEmpty();
    assertThat(update.oraclePrices().get(0).problems())
        .containsExactly(
            new FieldProblem("oraclePrices.A-USD", "expected an oracle price, got \"7\""));
    assertThat(update.oraclePrices().get(1).problems()).hasSize(2);
  }

  @Test
  void contentsThisVersionDoesNotKnowAreKept() throws MalformedFrameException {
    assertThat(Reading.update(ChannelContents.Markets.class, "v4_markets", "{\"new\":{}}"))
        .isEqualTo(
            new ChannelContents.Markets(
                List.of(), List.of(), new UnknownFields(Map.of("new", "{}"))));
  }

  @Test
  void readsA300KiBStateWhateverTheOrderOfItsFields() throws MalformedFrameException {
    String contents =
        IntStream.range(0, 600)
            .mapToObj(i -> "\"T" + i + "-USD\":" + SampleFrames.market("T" + i + "-USD"))
            .collect(Collectors.joining(",", "{\"markets\":{", "}}"));
    assertThat(contents.length()).isGreaterThan(300 * 1024);
    String first =
        "{\"contents\":"
            + contents
            + ",\"channel\":\"v4_markets\",\"message_id\":1,\"type\":\"subscribed\"}";
    String last =
        "{\"channel\":\"v4_markets\",\"message_id\":1,\"type\":\"subscribed\",\"contents\":"
            + contents
            + "}";
    IndexerFrame.Subscribed state = (IndexerFrame.Subscribed) Reading.frame(first);
    assertThat(state).isEqualTo(Reading.frame(last));
    assertThat(((ChannelContents.Markets) state.contents()).markets()).hasSize(600);
  }

  private static IndexerMarket one(String market) throws MalformedFrameException {
    return Reading.update(
            ChannelContents.Markets.class, "v4_markets", "{\"trading\":{\"X-USD\":" + market + "}}")
        .markets()
        .get(0);
  }
}
