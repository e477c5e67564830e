package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.BlockHeightTopic;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.CandlesTopic;
import io.github.dydxgateway.v1.MarketsTopic;
import io.github.dydxgateway.v1.OrderBookTopic;
import io.github.dydxgateway.v1.ParentSubaccountTopic;
import io.github.dydxgateway.v1.QuotesTopic;
import io.github.dydxgateway.v1.SubaccountTopic;
import io.github.dydxgateway.v1.Topic;
import io.github.dydxgateway.v1.TradesTopic;

/** Keys of topics. */
final class Topics {
  private Topics() {}

  static TopicKey of(TopicKind kind) {
    return of(kind, "BTC-USD-PERP.DYDX");
  }

  static TopicKey of(TopicKind kind, String name) {
    Topic.Builder topic = Topic.newBuilder();
    switch (kind) {
      case TRADES -> topic.setTrades(TradesTopic.newBuilder().setInstrumentId(name));
      case ORDER_BOOK -> topic.setOrderBook(OrderBookTopic.newBuilder().setInstrumentId(name));
      case QUOTES -> topic.setQuotes(QuotesTopic.newBuilder().setInstrumentId(name));
      case CANDLES ->
          topic.setCandles(
              CandlesTopic.newBuilder()
                  .setInstrumentId(name)
                  .setResolution(CandleResolution.CANDLE_RESOLUTION_1MIN));
      case MARKETS -> topic.setMarkets(MarketsTopic.newBuilder().setInstrumentId(name));
      case BLOCK_HEIGHT -> topic.setBlockHeight(BlockHeightTopic.getDefaultInstance());
      case SUBACCOUNT -> topic.setSubaccount(SubaccountTopic.newBuilder().setAddress(name));
      case PARENT_SUBACCOUNT ->
          topic.setParentSubaccount(ParentSubaccountTopic.newBuilder().setAddress(name));
    }
    return new TopicKey(topic.build());
  }
}
