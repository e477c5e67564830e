package io.github.dydxgateway.simulator;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.math.BigDecimal;
import java.time.Duration;
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

  Control(IndexerSimulator simulator) {
    this.simulator = simulator;
  }

  void handle(HttpServerRequest request) {
    String action = request.path().substring(PATH.length());
    Future<String> answer;
    try {
      if (request.method().equals(HttpMethod.GET)) {
        answer = Future.succeededFuture(read(action, request));
      } else if (request.method().equals(HttpMethod.POST)) {
        answer = write(action, request).map("{}");
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

  private static final class NoSuchActionException extends RuntimeException {
    NoSuchActionException(String action) {
      super("no such request: " + PATH + action);
    }
  }

  private String read(String action, HttpServerRequest request) {
    SimulatorRecord record = simulator.record();
    return switch (action) {
      case "trades" -> trades(record.trades(required(request, "ticker")));
      case "book" -> {
        String ticker = required(request, "ticker");
        JsonText json = new JsonText(8192).object();
        levels(json.array("bids"), record.bids(ticker));
        levels(json.array("asks"), record.asks(ticker));
        yield json.closeAll();
      }
      case "fills" -> fills(record.fills(required(request, "address")));
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

  private Future<Void> write(String action, HttpServerRequest request) {
    Faults faults = simulator.faults();
    boolean one = Boolean.parseBoolean(request.getParam("one"));
    int count = number(request, "count", 1);
    return switch (action) {
      case "close" -> {
        int code = number(request, "code");
        String reason = request.getParam("reason", "");
        yield one ? faults.closeOne(code, reason) : faults.closeAll(code, reason);
      }
      case "abort" -> one ? faults.abortOne() : faults.abortAll();
      case "silent" ->
          request.getParam("ms") == null ? faults.silence() : faults.silence(millis(request));
      case "strand" -> faults.strandConnections();
      case "garbage" -> faults.sendGarbage(request.getParam("text", "}{ garbage \u00e9"));
      case "refuse" -> {
        int attempts = number(request, "count", Integer.MAX_VALUE);
        yield set(() -> faults.refuseUpgrades(number(request, "status"), attempts));
      }
      case "withhold" -> set(() -> faults.withholdConnected(true));
      case "delay" -> set(() -> faults.delayFrames(millis(request)));
      case "delay-subscribed" -> set(() -> faults.delaySubscribed(millis(request)));
      case "split" -> set(() -> faults.splitFrames(number(request, "bytes")));
      case "fail" -> {
        String message = required(request, "message");
        yield set(() -> faults.failSubscribes(required(request, "channel"), message, count));
      }
      case "ignore" -> set(() -> faults.ignoreSubscribes(count));
      case "lose" -> set(() -> faults.loseData(required(request, "channel"), count));
      case "corrupt" -> set(() -> faults.corruptFrames(count));
      case "limit" -> set(() -> faults.limitSubscriptions(number(request, "count")));
      case "duplicate" -> set(() -> faults.duplicateData(count));
      case "clear" -> faults.clear();
      default -> move(action, request, count);
    };
  }

  private static Future<Void> set(Runnable setting) {
    setting.run();
    return Future.succeededFuture();
  }

  private Future<Void> move(String action, HttpServerRequest request, int count) {
    return switch (action) {
      case "tick" -> {
        Future<Void> ticked = Future.succeededFuture();
        for (int i = 0; i < count; i++) {
          ticked = simulator.tick();
        }
        yield ticked;
      }
      case "trade" ->
          simulator
              .faults()
              .publishTrade(
                  required(request, "ticker"), request.getParam("price"), request.getParam("size"));
      case "level" ->
          simulator
              .faults()
              .publishLevel(
                  required(request, "ticker"),
                  required(request, "side").equals("bid"),
                  request.getParam("price"),
                  request.getParam("size"));
      case "market" -> simulator.addMarket(required(request, "ticker"), decimal(request, "price"));
      case "tick-size" ->
          simulator.changeTickSize(required(request, "ticker"), decimal(request, "size"));
      case "status" ->
          simulator.setStatus(
              required(request, "ticker"), MarketStatus.valueOf(required(request, "status")));
      default -> throw new NoSuchActionException(action);
    };
  }

  private static Duration millis(HttpServerRequest request) {
    return Duration.ofMillis(number(request, "ms"));
  }

  private static String required(HttpServerRequest request, String name) {
    String value = request.getParam(name);
    if (value == null) {
      throw new IllegalArgumentException("parameter is missing: " + name);
    }
    return value;
  }

  private static int number(HttpServerRequest request, String name) {
    String value = required(request, name);
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " must be a whole number but is " + value, e);
    }
  }

  private static int number(HttpServerRequest request, String name, int absent) {
    return request.getParam(name) == null ? absent : number(request, name);
  }

  private static BigDecimal decimal(HttpServerRequest request, String name) {
    String value = required(request, name);
    try {
      return new BigDecimal(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " must be a decimal number but is " + value, e);
    }
  }
}
