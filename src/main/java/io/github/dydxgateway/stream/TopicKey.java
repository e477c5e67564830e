package io.github.dydxgateway.stream;

import io.github.dydxgateway.log.Addresses;
import io.github.dydxgateway.v1.CandlesTopic;
import io.github.dydxgateway.v1.OrderBookTopic;
import io.github.dydxgateway.v1.SubaccountTopic;
import java.util.Objects;

/** Identity of a topic: the contract's message with canonical ids. Immutable. */
public final class TopicKey {
  private final io.github.dydxgateway.v1.Topic message;
  private final TopicKind kind;

  /**
   * @param message with canonical ids; whoever validates requests makes them so
   */
  public TopicKey(io.github.dydxgateway.v1.Topic message) {
    this.message = Objects.requireNonNull(message, "message");
    this.kind = TopicKind.of(message.getKindCase());
  }

  /** The contract's message. */
  public io.github.dydxgateway.v1.Topic message() {
    return message;
  }

  /** The kind. */
  public TopicKind kind() {
    return kind;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TopicKey key && message.equals(key.message);
  }

  @Override
  public int hashCode() {
    return message.hashCode();
  }

  /** For logs: an account's address is shortened. */
  @Override
  public String toString() {
    return switch (kind) {
      case TRADES -> "trades " + message.getTrades().getInstrumentId();
      case ORDER_BOOK -> {
        OrderBookTopic book = message.getOrderBook();
        yield (book.getRaw() ? "raw order book " : "order book ") + book.getInstrumentId();
      }
      case QUOTES -> "quotes " + message.getQuotes().getInstrumentId();
      case CANDLES -> {
        CandlesTopic candles = message.getCandles();
        yield "candles " + candles.getInstrumentId() + " " + candles.getResolution();
      }
      case MARKETS -> {
        String id = message.getMarkets().getInstrumentId();
        yield id.isEmpty() ? "markets" : "markets " + id;
      }
      case BLOCK_HEIGHT -> "block height";
      case SUBACCOUNT -> {
        SubaccountTopic subaccount = message.getSubaccount();
        yield "subaccount " + shortened(subaccount.getAddress(), subaccount.getSubaccountNumber());
      }
      case PARENT_SUBACCOUNT ->
          "parent subaccount "
              + shortened(
                  message.getParentSubaccount().getAddress(),
                  message.getParentSubaccount().getSubaccountNumber());
    };
  }

  private static String shortened(String address, int number) {
    return Addresses.shortened(address) + "/" + number;
  }
}
