package io.github.dydxgateway.chaos;

import io.github.dydxgateway.v1.OrderBookSnapshot;
import io.github.dydxgateway.v1.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The records of all clients of a round, and what is wrong with them. Thread-safe. */
final class Ledger {
  private final Problems problems = new Problems();
  private final Agreement agreement = new Agreement(problems);
  private final Map<String, TradesContents.Known> trades = new ConcurrentHashMap<>();
  private final List<TopicLog> logs = new ArrayList<>();

  /** A new record for a client and a topic with canonical ids. */
  synchronized TopicLog open(String who, Topic topic) {
    TopicLog log = new TopicLog(who, topic, contents(who, topic), problems);
    logs.add(log);
    return log;
  }

  private TopicContents contents(String who, Topic topic) {
    String where = who + ", " + Agreement.name(topic) + ": ";
    return switch (topic.getKindCase()) {
      case TRADES ->
          new TradesContents(
              knownTrades(topic.getTrades().getInstrumentId()), what -> problems.add(where + what));
      case ORDER_BOOK -> {
        BookContents[] book = new BookContents[1];
        book[0] =
            new BookContents(
                topic.getOrderBook().getRaw(),
                sequence -> agreement.state(who, topic, sequence, book[0].levels().hash()),
                what -> problems.add(where + what));
        yield book[0];
      }
      case QUOTES -> new QuoteContents();
      case CANDLES -> new CandlesContents(what -> problems.add(where + what));
      case MARKETS -> new MarketsContents();
      case BLOCK_HEIGHT -> new BlocksContents();
      case SUBACCOUNT, PARENT_SUBACCOUNT -> new AccountContents();
      case KIND_NOT_SET -> throw new IllegalArgumentException("a topic without a kind");
    };
  }

  TradesContents.Known knownTrades(String instrumentId) {
    return trades.computeIfAbsent(instrumentId, id -> new TradesContents.Known());
  }

  /** A book has come as the answer to a unary call. */
  void book(String who, Topic topic, long sequence, OrderBookSnapshot book) {
    BookContents.Levels levels = BookContents.levels(book);
    if (levels.isCrossed()) {
      problems.add(who + ": the book of " + book.getInstrumentId() + " is crossed at " + sequence);
    }
    agreement.state(who, topic, sequence, levels.hash());
  }

  Problems problems() {
    return problems;
  }

  synchronized List<TopicLog> logs() {
    return List.copyOf(logs);
  }
}
