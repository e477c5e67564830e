package io.github.dydxgateway.simulator;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * Faults and the record over HTTP, for black-box tests. Answers 200, 400 with a text where a
 * parameter is missing or wrong, or 404.
 *
 * <table>
 * <caption>Requests; parameters in brackets may be left out</caption>
 * <tr><td>{@code POST /control/close?code=1012[&reason=][&one=true]}</td><td>closes all, or the
 *     oldest connection</td></tr>
 * <tr><td>{@code POST /control/abort[?one=true]}</td><td>resets TCP connections</td></tr>
 * <tr><td>{@code POST /control/silent[?ms=]}</td><td>nothing is read or written, for a time or
 *     until clear</td></tr>
 * <tr><td>{@code POST /control/strand}</td><td>the present connections go silent for ever</td></tr>
 * <tr><td>{@code POST /control/garbage[?text=]}</td><td>sends a frame that is no JSON</td></tr>
 * <tr><td>{@code POST /control/refuse?status=502[&count=]}</td><td>refuses upgrades, the next ones
 *     or until clear</td></tr>
 * <tr><td>{@code POST /control/withhold}</td><td>new connections get no {@code connected}</td></tr>
 * <tr><td>{@code POST /control/delay?ms=}</td><td>delays every frame</td></tr>
 * <tr><td>{@code POST /control/delay-subscribed?ms=}</td><td>delays answers to subscribes</td></tr>
 * <tr><td>{@code POST /control/split?bytes=}</td><td>splits frames into continuations</td></tr>
 * <tr><td>{@code POST /control/fail?channel=&message=[&count=]}</td><td>answers subscribes with an
 *     error</td></tr>
 * <tr><td>{@code POST /control/ignore[?count=]}</td><td>leaves subscribes unanswered</td></tr>
 * <tr><td>{@code POST /control/lose?channel=[&count=]}</td><td>loses data frames</td></tr>
 * <tr><td>{@code POST /control/limit?count=}</td><td>takes no more subscriptions of a channel on a
 *     connection; 0 ends it</td></tr>
 * <tr><td>{@code POST /control/corrupt[?count=]}</td><td>cuts frames in half</td></tr>
 * <tr><td>{@code POST /control/duplicate[?count=]}</td><td>sends data frames twice</td></tr>
 * <tr><td>{@code POST /control/mute[?count=]}</td><td>leaves new connections without any
 *     frame</td></tr>
 * <tr><td>{@code POST /control/ignore-upgrades[?count=]}</td><td>leaves requests to upgrade
 *     unanswered</td></tr>
 * <tr><td>{@code POST /control/fail-fetches[?count=]}</td><td>answers subscribes of any channel with
 *     {@code Internal error, …}</td></tr>
 * <tr><td>{@code POST /control/unreadable[?contents=][&count=]}</td><td>answers subscribes with
 *     these {@code contents}, with none where left out</td></tr>
 * <tr><td>{@code POST /control/fetch?ms=}</td><td>initial states are so old when they are sent, and
 *     what was published meanwhile is lost</td></tr>
 * <tr><td>{@code POST /control/redeliver?channel=&count=[&later=]}</td><td>delivers updates once
 *     more, those before so many later ones; answers {@code {"redelivered":…}}</td></tr>
 * <tr><td>{@code POST /control/redeliver-sometimes?one-in=}</td><td>the same by itself in one of so
 *     many blocks; 0 ends it</td></tr>
 * <tr><td>{@code POST /control/hide-new?ms=}</td><td>refuses markets announced less than this
 *     ago</td></tr>
 * <tr><td>{@code POST /control/hide?ticker=A&ticker=B&ms=[&count=]}</td><td>new connections refuse these
 *     tickers for a time</td></tr>
 * <tr><td>{@code POST /control/rename?ticker=&to=}</td><td>renames a market</td></tr>
 * <tr><td>{@code POST /control/delist?ticker=}</td><td>removes a market</td></tr>
 * <tr><td>{@code POST /control/trade?ticker=[&price=][&size=]}</td><td>publishes a trade with the
 *     very texts; null where left out</td></tr>
 * <tr><td>{@code POST /control/level?ticker=&side=bid|ask[&price=][&size=]}</td><td>publishes a
 *     level likewise</td></tr>
 * <tr><td>{@code POST /control/tick[?count=]}</td><td>moves the market on</td></tr>
 * <tr><td>{@code POST /control/market?ticker=&price=}</td><td>lists a market</td></tr>
 * <tr><td>{@code POST /control/tick-size?ticker=&size=}</td><td>changes a tick size</td></tr>
 * <tr><td>{@code POST /control/status?ticker=&status=}</td><td>changes a market's status</td></tr>
 * <tr><td>{@code POST /control/clear}</td><td>ends all faults</td></tr>
 * <tr><td>{@code GET /control/trades?ticker=}</td><td>{@code {"trades":[…]}}, oldest first</td></tr>
 * <tr><td>{@code GET /control/book?ticker=}</td><td>{@code {"bids":[[price,size]…],"asks":[…]}}, as
 *     published</td></tr>
 * <tr><td>{@code GET /control/fills?address=}</td><td>{@code {"fills":[…]}}, oldest first</td></tr>
 * <tr><td>{@code GET /control/height}</td><td>{@code {"height":…}}</td></tr>
 * </table>
 *
 * <p>Owned by the simulator's context.
 */
final class Control {

  static final String PATH = "/control/";

  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;

  private final IndexerSimulator simulator;
  private final ControlCommands commands;

  Control(IndexerSimulator simulator) {
    this.simulator = simulator;
    this.commands = new ControlCommands(simulator);
  }

  void handle(HttpServerRequest request) {
    String action = request.path().substring(PATH.length());
    Future<String> answer;
    try {
      if (request.method().equals(HttpMethod.GET)) {
        answer = Future.succeededFuture(read(action, request));
      } else if (request.method().equals(HttpMethod.POST)) {
        answer = commands.execute(action, request);
      } else {
        throw new NoSuchActionException(action);
      }
    } catch (RuntimeException e) {
      answer = Future.failedFuture(e);
    }
    answer
        .onSuccess(
            json ->
                request
                    .response()
                    .setStatusCode(OK)
                    .putHeader("content-type", "application/json")
                    .end(json))
        .onFailure(
            e ->
                request
                    .response()
                    .setStatusCode(e instanceof NoSuchActionException ? NOT_FOUND : BAD_REQUEST)
                    .end(String.valueOf(e.getMessage())));
  }

  static final class NoSuchActionException extends RuntimeException {
    NoSuchActionException(String action) {
      super("no such request: " + PATH + action);
    }
  }

  private String read(String action, HttpServerRequest request) {
    SimulatorRecord record = simulator.record();
    return switch (action) {
      case "trades" -> trades(record.trades(ControlParameters.text(request, "ticker")));
      case "book" -> {
        String ticker = ControlParameters.text(request, "ticker");
        JsonText json = new JsonText(8192).object();
        levels(json.array("bids"), record.bids(ticker));
        levels(json.array("asks"), record.asks(ticker));
        yield json.closeAll();
      }
      case "fills" -> fills(record.fills(ControlParameters.text(request, "address")));
      case "height" -> new JsonText().object().field("height", record.blockHeight()).closeAll();
      default -> throw new NoSuchActionException(action);
    };
  }

  private static String trades(List<SimulatorRecord.Trade> trades) {
    return TradeTape.contents(trades.stream().map(TradeTape::json).toList());
  }

  private static void levels(JsonText json, NavigableMap<BigDecimal, BigDecimal> levels) {
    for (Map.Entry<BigDecimal, BigDecimal> level : levels.entrySet()) {
      BookChanges.pair(json, level.getKey().toPlainString(), level.getValue().toPlainString());
    }
    json.endArray();
  }

  private static String fills(List<SimulatorRecord.Fill> fills) {
    JsonText json = new JsonText(4096).object().array("fills");
    for (SimulatorRecord.Fill fill : fills) {
      json.object()
          .field("id", fill.id())
          .field("subaccountNumber", fill.subaccountNumber())
          .field("ticker", fill.ticker())
          .field("side", fill.side())
          .field("price", fill.price())
          .field("size", fill.size())
          .field("createdAtHeight", Long.toString(fill.createdAtHeight()))
          .endObject();
    }
    return json.closeAll();
  }
}
