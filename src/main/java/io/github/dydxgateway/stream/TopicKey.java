package io.github.dydxgateway.stream;

import io.github.dydxgateway.log.Addresses;
import io.github.dydxgateway.v1.CandlesTopic;
import io.github.dydxgateway.v1.OrderBookTopic;
import io.github.dydxgateway.v1.SubaccountTopic;
import java.time.Duration;
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

  /**
   * Whether it is a view of another topic: its events are whole snapshots without a sequence, of
   * which only the latest counts.
   */
  public boolean isView() {
    return depth() != 0 || !interval().isZero();
  }

  /** The topic that this is a view of; itself if it is none. */
  public TopicKey viewed() {
    if (!isView()) {
      return this;
    }
    io.github.dydxgateway.v1.Topic.Builder viewed = message.toBuilder();
    if (kind == TopicKind.QUOTES) {
      viewed.getQuotesBuilder().clearInterval();
    } else {
      viewed.getOrderBookBuilder().clearDepth().clearInterval();
    }
    return new TopicKey(viewed.build());
  }

  /** Levels a side, of a view of a book; 0: all. */
  public int depth() {
    return message.getOrderBook().getDepth();
  }

  /** Least time between two events of a view; zero: none. */
  public Duration interval() {
    com.google.protobuf.Duration interval =
        kind == TopicKind.QUOTES
            ? message.getQuotes().getInterval()
            : message.getOrderBook().getInterval();
    return Duration.ofSeconds(interval.getSeconds(), interval.getNanos());
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
        yield (book.getRaw() ? "raw order book " : "order book ")
            + book.getInstrumentId()
            + (depth() == 0 ? "" : " depth " + depth())
            + every();
      }
      case QUOTES -> "quotes " + message.getQuotes().getInstrumentId() + every();
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

  private String every() {
    return interval().isZero() ? "" : " every " + interval().toMillis() + " ms";
  }

  private static String shortened(String address, int number) {
    return Addresses.shortened(address) + "/" + number;
  }
}
