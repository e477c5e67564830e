package io.github.dydxgateway.simulator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * The trades of one market: those of the block under way, and the newest ones for initial states.
 * Owned by the simulator's context.
 */
final class TradeTape {

  private static final int SNAPSHOT_TRADES = 1000;

  private final String ticker;
  private final SimulatorRecord record;
  private final SimulatedTopic topic;
  private final Deque<String> newest = new ArrayDeque<>();
  private final List<String> block = new ArrayList<>();
  private Publication lastUpdate;

  TradeTape(String ticker, SimulatorRecord record) {
    this.ticker = ticker;
    this.record = record;
    this.topic = new SimulatedTopic(SimulatedChannel.TRADES, ticker);
  }

  /** A trade from before the start, older than all to come. */
  void history(SimulatorRecord.Trade trade) {
    remember(trade);
  }

  /** A trade of the block under way. */
  void add(SimulatorRecord.Trade trade) {
    block.add(remember(trade));
  }

  /** Whether there is something to publish. */
  boolean blockHasTrades() {
    return !block.isEmpty();
  }

  /** Publishes a trade that no initial state and no record will ever show. */
  void publishUnkept(SimulatorRecord.Trade trade, Publisher publisher) {
    publisher.publish(Publication.of(topic, contents(List.of(json(trade)))));
  }

  /** Publishes the trades of the block; there must be one. */
  void publish(Publisher publisher) {
    lastUpdate = Publication.of(topic, contents(block));
    block.clear();
    publisher.publish(lastUpdate);
  }

  /** The initial state of the channel: newest first. */
  String snapshot() {
    List<String> newestFirst = new ArrayList<>(newest);
    Collections.reverse(newestFirst);
    return contents(newestFirst);
  }

  /** The update published last; null before the first. */
  Publication lastUpdate() {
    return lastUpdate;
  }

  /** Contents with trades that are JSON already. */
  static String contents(List<String> trades) {
    JsonText json = new JsonText(32 + 200 * trades.size()).object().array("trades");
    trades.forEach(json::raw);
    return json.endArray().endObject().toString();
  }

  static String json(SimulatorRecord.Trade trade) {
    return new JsonText()
        .object()
        .field("id", trade.id())
        .field("side", trade.side())
        .field("size", trade.size())
        .field("price", trade.price())
        .field("type", trade.type())
        .field("createdAt", trade.createdAt())
        .field("createdAtHeight", Long.toString(trade.createdAtHeight()))
        .endObject()
        .toString();
  }

  private String remember(SimulatorRecord.Trade trade) {
    record.trade(ticker, trade);
    String json = json(trade);
    newest.addLast(json);
    if (newest.size() > SNAPSHOT_TRADES) {
      newest.removeFirst();
    }
    return json;
  }
}
