package io.github.dydxgateway.indexer;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A frame from its bytes to records, an update and an initial state of each channel. */
@State(Scope.Thread)
public class FrameReaderBenchmark {
  private static final String TRADE =
      """
      {"id":"03f89a5500000002%08d","side":"BUY","size":"0.0001","price":"89942","type":"LIMIT",\
      "createdAt":"2025-12-08T16:11:30.590Z","createdAtHeight":"66624085"}\
      """;
  private static final String CANDLE =
      """
      {"startedAt":"2025-12-08T16:11:00.000Z","ticker":"BTC-USD","resolution":"1MIN",\
      "low":"89899","high":"8994%d","open":"89912","close":"89931","baseTokenVolume":"1.2345",\
      "usdVolume":"110934.1234","trades":42,"startingOpenInterest":"512.1234"}\
      """;
  private static final String MARKET =
      """
      "M%d-USD":{"clobPairId":"0","ticker":"BTC-USD","status":"ACTIVE","oraclePrice":"89941.12345",\
      "priceChange24H":"-512.5","volume24H":"91234567.1234","trades24H":81234,\
      "nextFundingRate":"0.0000123","initialMarginFraction":"0.02",\
      "maintenanceMarginFraction":"0.012","openInterest":"512.1234","atomicResolution":-10,\
      "quantumConversionExponent":-9,"tickSize":"1","stepSize":"0.0001",\
      "stepBaseQuantums":1000000,"subticksPerTick":100000,"marketType":"CROSS",\
      "openInterestLowerCap":"0","openInterestUpperCap":"0","baseOpenInterest":"512.1234",\
      "defaultFundingRate1H":"0"}\
      """;

  /** Which frame. */
  @Param({
    "book update",
    "book state",
    "trades update",
    "trades state",
    "candles update",
    "candles state",
    "markets update",
    "markets state",
    "block height"
  })
  public String frame;

  private final FrameReader reader = new FrameReader();
  private byte[] bytes;

  /** Makes the frame's bytes. */
  @Setup
  public void make() {
    String json =
        switch (frame) {
          case "book update" ->
              update("v4_orderbook", "{\"bids\":[[\"89947\",\"0.1234\"],[\"89946\",\"0\"]]}");
          case "book state" -> state("v4_orderbook", book());
          case "trades update" -> update("v4_trades", "{\"trades\":[" + TRADE.formatted(1) + "]}");
          case "trades state" -> state("v4_trades", "{\"trades\":[" + repeat(TRADE, 1_000) + "]}");
          case "candles update" -> update("v4_candles", CANDLE.formatted(1));
          case "candles state" ->
              state("v4_candles", "{\"candles\":[" + repeat(CANDLE, 1_000) + "]}");
          case "markets update" ->
              update(
                  "v4_markets",
                  """
                  {"oraclePrices":{"BTC-USD":{"oraclePrice":"89941.12345",\
                  "effectiveAt":"2025-12-08T16:11:30.590Z","effectiveAtHeight":"66624085",\
                  "marketId":0}}}\
                  """);
          case "markets state" ->
              state("v4_markets", "{\"markets\":{" + repeat(MARKET, 420) + "}}");
          case "block height" ->
              update(
                  "v4_block_height",
                  "{\"blockHeight\":\"66624085\",\"time\":\"2025-12-08T16:11:30.590Z\"}");
          default -> throw new IllegalArgumentException(frame);
        };
    bytes = json.getBytes(StandardCharsets.UTF_8);
  }

  private static String repeat(String format, int count) {
    return IntStream.range(0, count).mapToObj(format::formatted).collect(Collectors.joining(","));
  }

  private static String book() {
    return "{\"bids\":["
        + repeat("{\"price\":\"89%03d\",\"size\":\"0.1234\"}", 100)
        + "],\"asks\":["
        + repeat("{\"price\":\"90%03d\",\"size\":\"1.2\"}", 100)
        + "]}";
  }

  private static String update(String channel, String contents) {
    return frame("channel_data", channel, ",\"version\":\"1.0.0\",\"contents\":" + contents);
  }

  private static String state(String channel, String contents) {
    return frame("subscribed", channel, ",\"contents\":" + contents);
  }

  private static String frame(String type, String channel, String rest) {
    String id = channel.equals("v4_candles") ? "BTC-USD/1MIN" : "BTC-USD";
    return "{\"type\":\""
        + type
        + "\",\"connection_id\":\"1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d\",\"message_id\":1234567"
        + ",\"channel\":\""
        + channel
        + (Channel.ofWireName(channel).hasId() ? "\",\"id\":\"" + id : "")
        + "\""
        + rest
        + "}";
  }

  /** Reads it. */
  @Benchmark
  public IndexerFrame read() throws MalformedFrameException {
    return reader.read(bytes, 0, bytes.length);
  }
}
