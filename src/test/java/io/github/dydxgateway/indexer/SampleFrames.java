package io.github.dydxgateway.indexer;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Frames in the shapes that the venue sends, each as its fields in the venue's order. */
final class SampleFrames {
  static final String ADDRESS = "dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4";

  static final Map<String, String> CONNECTED =
      fields("type", "\"connected\"", "connection_id", "\"c-1\"", "message_id", "0");

  static final Map<String, String> BOOK_STATE =
      channelFrame(
          "subscribed",
          "v4_orderbook",
          "BTC-USD",
          """
          {"bids":[{"price":"28194","size":"4.764826096"},{"price":"28193.50","size":"3"}],
           "asks":[{"size":"4e-9","price":"28195"}]}""");

  static final Map<String, String> BOOK_UPDATE =
      channelFrame(
          "channel_data", "v4_orderbook", "BTC-USD", "{\"bids\":[[\"27773\",\"1.986168516\"]]}");

  static final Map<String, String> BOOK_BATCH =
      channelFrame(
          "channel_batch_data",
          "v4_orderbook",
          "BTC-USD",
          "[{\"bids\":[[\"1\",\"2\"]]},{\"asks\":[[\"3\",\"0.0\"]]},{}]");

  static final Map<String, String> TRADES_STATE =
      channelFrame(
          "subscribed",
          "v4_trades",
          "BTC-USD",
          """
          {"trades":[
            {"id":"03f89a550000000200000002","side":"BUY","size":"0.0001","price":"89942",
             "type":"LIMIT","createdAt":"2025-12-08T16:11:30.590Z","createdAtHeight":"66624085"},
            {"side":"SELL","size":"4e-9","price":"43240.0",
             "createdAt":"2023-04-04T00:28:56.226Z"}]}""");

  static final Map<String, String> TRADES_UPDATE =
      channelFrame(
          "channel_data",
          "v4_trades",
          "BTC-USD",
          """
          {"trades":[{"id":"1","side":"BUY","size":"1","price":"2","type":"LIQUIDATED",
            "createdAt":"2023-04-04T00:29:19.353Z","createdAtHeight":49592,"maker":{"a":[1, 2]}}]}\
          """);

  static final Map<String, String> CANDLES_STATE =
      channelFrame(
          "subscribed",
          "v4_candles",
          "BTC-USD/1MIN",
          "{\"candles\":[" + candle() + "," + candle() + "]}");

  static final Map<String, String> CANDLES_UPDATE =
      channelFrame("channel_data", "v4_candles", "BTC-USD/1MIN", candle());

  static final Map<String, String> MARKETS_STATE =
      channelFrame(
          "subscribed",
          "v4_markets",
          "v4_markets",
          "{\"markets\":{\"BTC-USD\":" + market("BTC-USD") + "}}");

  static final Map<String, String> MARKETS_UPDATE =
      channelFrame(
          "channel_data",
          "v4_markets",
          null,
          """
          {"trading":{"BTC-USD":{"id":"0","marketId":0,"nextFundingRate":"0.00006821875"},
                      "ETH-USD":{"id":"ETH-USD","volume24H":"1462890959.6541","trades24H":5}},
           "oraclePrices":{"BTC-USD":{"oraclePrice":"27752.920","marketId":0,
             "effectiveAt":"2023-04-04T00:29:19.353Z","effectiveAtHeight":"49592"}}}""");

  static final Map<String, String> BLOCK_STATE =
      channelFrame(
          "subscribed",
          "v4_block_height",
          "v4_block_height",
          "{\"height\":\"12345678\",\"time\":\"1970-01-01T00:00:01.000Z\"}");

  static final Map<String, String> BLOCK_UPDATE =
      channelFrame(
          "channel_data",
          "v4_block_height",
          null,
          "{\"blockHeight\":\"12345679\",\"time\":\"1970-01-01T00:00:02.000Z\"}");

  static final Map<String, String> SUBACCOUNT_STATE =
      channelFrame(
          "subscribed",
          "v4_subaccounts",
          ADDRESS + "/0",
          "{\"subaccount\":"
              + subaccount(0)
              + ",\"orders\":["
              + order()
              + "],\"blockHeight\":\"9\"}");

  static final Map<String, String> SUBACCOUNT_UPDATE =
      channelFrame(
          "channel_data",
          "v4_subaccounts",
          ADDRESS + "/0",
          """
          {"orders":[%s,{"id":"o2","clientId":"7","status":"BEST_EFFORT_OPENED","orderFlags":"0"}],
           "fills":[%s],
           "perpetualPositions":[%s],
           "assetPositions":[{"address":"%s","positionId":"a1","symbol":"USDC","side":"LONG",
             "size":"100000000000","assetId":"0","subaccountNumber":0}],
           "transfers":{"sender":{"address":"dydx1sender","subaccountNumber":3},
             "recipient":{"address":"dydx1wallet"},"symbol":"USDC","size":"10.50",
             "type":"TRANSFER_IN","createdAt":"1970-01-01T00:00:01.000Z","createdAtHeight":"8",
             "transactionHash":"ABCD"},
           "tradingReward":{"tradingReward":"1.5e-3","createdAt":"1970-01-01T00:00:01.000Z",
             "createdAtHeight":"8"},
           "blockHeight":10}"""
              .formatted(order(), fill(), position(), ADDRESS));

  static final Map<String, String> PARENT_STATE =
      channelFrame(
          "subscribed",
          "v4_parent_subaccounts",
          ADDRESS + "/0",
          """
          {"subaccount":{"address":"%s","parentSubaccountNumber":0,"equity":"1.0",
            "freeCollateral":"2","childSubaccounts":[%s,%s]},"orders":[],"blockHeight":"9"}"""
              .formatted(ADDRESS, subaccount(0), subaccount(128)));

  static final Map<String, String> PARENT_UPDATE =
      with(
          channelFrame(
              "channel_data", "v4_parent_subaccounts", ADDRESS + "/0", "{\"blockHeight\":\"11\"}"),
          "subaccountNumber",
          "128");

  static final Map<String, String> UNSUBSCRIBED =
      fields(
          "type", "\"unsubscribed\"",
          "connection_id", "\"c-1\"",
          "message_id", "7",
          "channel", "\"v4_trades\"",
          "id", "\"BTC-USD\"");

  static final Map<String, String> ERROR =
      fields(
          "type", "\"error\"",
          "message", "\"Internal error, could not fetch data for subscription: v4_orderbook.\"",
          "connection_id", "\"c-1\"",
          "message_id", "7",
          "channel", "\"v4_orderbook\"",
          "id", "\"BTC-USD\"");

  static final List<Map<String, String>> ALL =
      List.of(
          CONNECTED,
          BOOK_STATE,
          BOOK_UPDATE,
          BOOK_BATCH,
          TRADES_STATE,
          TRADES_UPDATE,
          CANDLES_STATE,
          CANDLES_UPDATE,
          MARKETS_STATE,
          MARKETS_UPDATE,
          BLOCK_STATE,
          BLOCK_UPDATE,
          SUBACCOUNT_STATE,
          SUBACCOUNT_UPDATE,
          PARENT_STATE,
          PARENT_UPDATE,
          UNSUBSCRIBED,
          ERROR);

  private SampleFrames() {}

  static String candle() {
    return """
    {"startedAt":"2023-04-04T19:09:00.000Z","ticker":"BTC-USD","resolution":"1MIN","id":"c",
     "low":"1.5","high":"3","open":"2.00","close":"2.5","baseTokenVolume":"10",
     "usdVolume":"25.50","trades":12,"startingOpenInterest":"7e-1",
     "orderbookMidPriceOpen":"2.01","orderbookMidPriceClose":null}""";
  }

  static String market(String ticker) {
    return """
    {"clobPairId":"0","ticker":"%s","status":"ACTIVE","oraclePrice":"27752.920",
     "priceChange24H":"-1.5","volume24H":"63894023.044245577","trades24H":143820,
     "nextFundingRate":"4e-9","initialMarginFraction":"0.050000",
     "maintenanceMarginFraction":"0.030000","openInterest":"1891.473716288",
     "atomicResolution":-10,"quantumConversionExponent":-8,"tickSize":"1",
     "stepSize":"0.000000001","stepBaseQuantums":10,"subticksPerTick":10000,
     "marketType":"CROSS","openInterestLowerCap":"1","openInterestUpperCap":"2",
     "baseOpenInterest":"1891","defaultFundingRate1H":"0","baseAsset":""}"""
        .formatted(ticker);
  }

  static String order() {
    return """
    {"id":"o1","subaccountId":"s1","clientId":"123","clobPairId":"1","side":"BUY","size":"1.50",
     "ticker":"ETH-USD","price":"1948.65","type":"LIMIT","timeInForce":"IOC","postOnly":false,
     "reduceOnly":true,"status":"FILLED","orderFlags":"64","totalFilled":"1",
     "totalOptimisticFilled":"0.5","goodTilBlock":"61186",
     "goodTilBlockTime":"1970-01-01T00:00:03.000Z","triggerPrice":"1900",
     "updatedAt":"1970-01-01T00:00:02.000Z","updatedAtHeight":"61000","removalReason":"NONE",
     "createdAtHeight":"60999","clientMetadata":"0","duration":"300","interval":"30",
     "priceTolerance":"10","subaccountNumber":0}""";
  }

  static String fill() {
    return """
    {"id":"f1","subaccountId":"s1","side":"BUY","liquidity":"TAKER","type":"LIMIT",
     "clobPairId":"1","size":"1","price":"1854.43","quoteAmount":"1854.43","fee":"0.92",
     "eventId":{"type":"Buffer","data":[0,1,171,255]},"transactionHash":"1581E3","orderId":"o1",
     "createdAt":"1970-01-01T00:00:01.000Z","createdAtHeight":"61183","market":"ETH-USD",
     "clientMetadata":"0"}""";
  }

  static String position() {
    return """
    {"address":"dydx1x","positionId":"p1","market":"ETH-USD","status":"OPEN","side":"SHORT",
     "size":"-1.0","maxSize":"2","entryPrice":"1854.43","exitPrice":null,"realizedPnl":"-1e-3",
     "unrealizedPnl":"0","createdAt":"1970-01-01T00:00:01.000Z","createdAtHeight":"8",
     "closedAt":null,"sumOpen":"1","sumClose":"0","netFunding":"0.1","subaccountNumber":0}""";
  }

  static String subaccount(int number) {
    return """
    {"address":"%s","subaccountNumber":%d,"equity":"100000000000.000000",
     "freeCollateral":"1E+21","openPerpetualPositions":{"ETH-USD":%s},
     "assetPositions":{"USDC":{"symbol":"USDC","side":"LONG","size":"100000000000",
       "assetId":"0","subaccountNumber":%d}},
     "marginEnabled":true,"updatedAtHeight":"100","latestProcessedBlockHeight":"101"}"""
        .formatted(ADDRESS, number, position(), number);
  }

  static Map<String, String> channelFrame(String type, String channel, String id, String contents) {
    Map<String, String> fields =
        fields(
            "type",
            quoted(type),
            "connection_id",
            "\"c-1\"",
            "message_id",
            "42",
            "channel",
            quoted(channel));
    if (id != null) {
      fields.put("id", quoted(id));
    }
    fields.put("version", "\"1.0.0\"");
    fields.put("contents", contents);
    return fields;
  }

  static Map<String, String> with(Map<String, String> frame, String name, String json) {
    Map<String, String> changed = new LinkedHashMap<>(frame);
    changed.put(name, json);
    return changed;
  }

  static String json(Map<String, String> frame) {
    StringBuilder json = new StringBuilder("{");
    frame.forEach(
        (name, value) ->
            json.append(json.length() == 1 ? "" : ",")
                .append(quoted(name))
                .append(":")
                .append(value));
    return json.append("}").toString();
  }

  static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }

  private static Map<String, String> fields(String... namesAndValues) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return fields;
  }
}
