package io.github.dydxgateway.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TradesReaderTest {

  @Test
  void readsEveryFieldOfATrade() throws MalformedFrameException {
    IndexerTrade trade =
        one(
            """
            {"id":"03f89a550000000200000002","side":"BUY","size":"0.0001","price":"43240.0",
             "type":"LIMIT","createdAt":"2023-04-04T19:09:24.869Z","createdAtHeight":"66624085"}""");
    assertThat(trade.id()).isEqualTo("03f89a550000000200000002");
    assertThat(trade.side()).isEqualTo("BUY");
    assertDecimal(trade.price(), 43240, 0);
    assertDecimal(trade.size(), 1, 4);
    assertThat(trade.type()).isEqualTo("LIMIT");
    assertThat(trade.createdAtNs()).isEqualTo(1_680_635_364_869_000_000L);
    assertThat(trade.createdAtHeight()).isEqualTo(66_624_085);
    assertThat(trade.unknownFields()).isSameAs(UnknownFields.NONE);
  }

  @Test
  void whatTheVenueLeavesOutIsNullOrZero() throws MalformedFrameException {
    for (IndexerTrade trade :
        List.of(
            one("{}"),
            one(
                """
                {"id":null,"side":null,"size":null,"price":null,"type":null,"createdAt":null,
                 "createdAtHeight":null}"""))) {
      assertThat(trade)
          .isEqualTo(new IndexerTrade(null, null, null, null, null, 0, 0, UnknownFields.NONE));
    }
  }

  @Test
  void decimalsMayBeNumbersAndHaveExponents() throws MalformedFrameException {
    IndexerTrade trade = one("{\"price\":4e-9,\"size\":\"1E+3\",\"createdAtHeight\":5}");
    assertDecimal(trade.price(), 4, 9);
    assertDecimal(trade.size(), 1000, 0);
    assertThat(trade.createdAtHeight()).isEqualTo(5);
  }

  @Test
  void aDecimalThatDoesNotFitIsKeptAsItCame() throws MalformedFrameException {
    IndexerTrade trade =
        one("{\"size\":\"123456789012345678901234567890\",\"price\":\"NaN\",\"id\":\"t\"}");
    assertThat(trade.id()).isEqualTo("t");
    assertThat(trade.size().isRepresentable()).isFalse();
    assertThat(trade.size()).hasToString("123456789012345678901234567890");
    assertThat(trade.price()).hasToString("NaN");
    assertThat(one("{\"price\":[1, 2]}").price()).hasToString("[1, 2]");
    assertThat(one("{\"price\":" + "7".repeat(1000) + "}").price().toString())
        .isEqualTo("7".repeat(80) + "…");
  }

  @Test
  void unknownTextsAreKept() throws MalformedFrameException {
    IndexerTrade trade = one("{\"side\":\"HOLD\",\"type\":\"TWAP_SUBORDER_2\"}");
    assertThat(trade.side()).isEqualTo("HOLD");
    assertThat(trade.type()).isEqualTo("TWAP_SUBORDER_2");
  }

  @Test
  void unknownFieldsAreKeptAsExactJsonUnlessTheyAreNull() throws MalformedFrameException {
    UnknownFields unknown =
        one("""
                {"a":{"x": [1, "é\\n"]},"id":"t","b":"\\u00e9","c":1.50,"d":null,"e":true,
                 "f":[ ],"g":""}""")
            .unknownFields();
    assertThat(unknown.jsonByName())
        .containsExactly(
            Map.entry("a", "{\"x\": [1, \"é\\n\"]}"),
            Map.entry("b", "\"\\u00e9\""),
            Map.entry("c", "1.50"),
            Map.entry("e", "true"),
            Map.entry("f", "[ ]"),
            Map.entry("g", "\"\""));
  }

  @Test
  void whatCannotBeReadSurvivesAmongTheUnknownFields() throws MalformedFrameException {
    IndexerTrade trade =
        one(
            """
            {"createdAt":"yesterday","createdAtHeight":{"a":1},"side":[],"id":true,"price":"1"}""");
    assertThat(trade.createdAtNs()).isZero();
    assertThat(trade.createdAtHeight()).isZero();
    assertThat(trade.side()).isNull();
    assertDecimal(trade.price(), 1, 0);
    assertThat(trade.unknownFields().jsonByName())
        .isEqualTo(
            Map.of(
                "createdAt", "\"yesterday\"",
                "createdAtHeight", "{\"a\":1}",
                "side", "[]",
                "id", "true"));
  }

  @Test
  void readsAThousandTradesInTheVenuesOrder() throws MalformedFrameException {
    String trades =
        IntStream.range(0, 1000)
            .mapToObj(
                i ->
                    """
                    {"id":"%024x","side":"SELL","size":"0.%04d","price":"8994%d","type":"LIMIT",
                     "createdAt":"2025-12-08T16:11:30.590Z","createdAtHeight":"66624085"}"""
                        .formatted(i, i + 1, i % 10))
            .collect(Collectors.joining(","));
    List<IndexerTrade> read =
        Reading.state(ChannelContents.Trades.class, "v4_trades", "{\"trades\":[" + trades + "]}")
            .trades();
    assertThat(read).hasSize(1000);
    assertThat(read)
        .extracting(IndexerTrade::id)
        .containsExactlyElementsOf(
            IntStream.range(0, 1000).mapToObj(i -> String.format("%024x", i)).toList());
    assertThat(read.get(999).side()).isSameAs(read.get(0).side());
    assertDecimal(read.get(999).size(), 1, 1);
  }

  private static void assertDecimal(Decimal decimal, long unscaled, int scale) {
    assertThat(decimal.isRepresentable()).isTrue();
    assertThat(decimal.unscaled()).isEqualTo(unscaled);
    assertThat(decimal.scale()).isEqualTo(scale);
  }

  private static IndexerTrade one(String trade) throws MalformedFrameException {
    List<IndexerTrade> trades =
        Reading.update(ChannelContents.Trades.class, "v4_trades", "{\"trades\":[" + trade + "]}")
            .trades();
    assertThat(trades).hasSize(1);
    return trades.get(0);
  }
}
