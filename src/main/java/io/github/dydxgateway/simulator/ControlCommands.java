package io.github.dydxgateway.simulator;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;

/** What {@link Control} can have done. Owned by the simulator's context. */
final class ControlCommands {

  private final IndexerSimulator simulator;

  ControlCommands(IndexerSimulator simulator) {
    this.simulator = simulator;
  }

  /**
   * Does what a request asks for.
   *
   * @return the answer's JSON
   */
  Future<String> execute(String action, HttpServerRequest request) {
    if (action.equals("redeliver")) {
      return simulator
          .faults()
          .bus()
          .redeliver(
              ControlParameters.text(request, "channel"),
              ControlParameters.number(request, "count"),
              ControlParameters.number(request, "later", 0))
          .map(count -> new JsonText().object().field("redelivered", count).closeAll());
    }
    return connections(action, request).map("{}");
  }

  private Future<Void> connections(String action, HttpServerRequest request) {
    Faults faults = simulator.faults();
    boolean one = Boolean.parseBoolean(request.getParam("one"));
    int count = ControlParameters.number(request, "count", 1);
    return switch (action) {
      case "close" -> {
        int code = ControlParameters.number(request, "code");
        String reason = request.getParam("reason", "");
        yield one ? faults.closeOne(code, reason) : faults.closeAll(code, reason);
      }
      case "abort" -> one ? faults.abortOne() : faults.abortAll();
      case "silent" ->
          request.getParam("ms") == null
              ? faults.silence()
              : faults.silence(ControlParameters.millis(request));
      case "strand" -> faults.strandConnections();
      case "garbage" -> faults.sendGarbage(request.getParam("text", "}{ garbage \u00e9"));
      case "refuse" -> {
        int attempts = ControlParameters.number(request, "count", Integer.MAX_VALUE);
        yield set(
            () -> faults.refuseUpgrades(ControlParameters.number(request, "status"), attempts));
      }
      case "mute" -> set(() -> faults.openings().mute(count));
      case "ignore-upgrades" -> set(() -> faults.openings().ignoreUpgrades(count));
      case "withhold" -> set(() -> faults.withholdConnected(true));
      case "delay" -> set(() -> faults.delayFrames(ControlParameters.millis(request)));
      case "split" -> set(() -> faults.splitFrames(ControlParameters.number(request, "bytes")));
      case "lose" -> set(() -> faults.loseData(ControlParameters.text(request, "channel"), count));
      case "corrupt" -> set(() -> faults.corruptFrames(count));
      case "duplicate" -> set(() -> faults.duplicateData(count));
      case "clear" -> faults.clear();
      case "redeliver-sometimes" ->
          set(() -> faults.bus().redeliverSometimes(ControlParameters.number(request, "one-in")));
      default -> subscribes(action, request, count);
    };
  }

  private static Future<Void> set(Runnable setting) {
    setting.run();
    return Future.succeededFuture();
  }

  private Future<Void> subscribes(String action, HttpServerRequest request, int count) {
    SubscribeFaults faults = simulator.faults().subscribes();
    TickerCacheFaults tickers = simulator.faults().tickers();
    return switch (action) {
      case "delay-subscribed" -> set(() -> faults.delay(ControlParameters.millis(request)));
      case "fetch" -> set(() -> faults.fetchFor(ControlParameters.millis(request)));
      case "fail" -> {
        String message = ControlParameters.text(request, "message");
        yield set(() -> faults.fail(ControlParameters.text(request, "channel"), message, count));
      }
      case "fail-fetches" -> set(() -> faults.failFetches(count));
      case "ignore" -> set(() -> faults.ignore(count));
      case "unreadable" ->
          set(() -> faults.sendUnreadableStates(request.getParam("contents", ""), count));
      case "limit" -> set(() -> faults.limit(ControlParameters.number(request, "count")));
      case "hide-new" -> set(() -> tickers.hideNewTickers(ControlParameters.millis(request)));
      case "hide" -> {
        Set<String> hidden = Set.copyOf(request.params().getAll("ticker"));
        yield set(() -> tickers.hideTickers(hidden, count, ControlParameters.millis(request)));
      }
      default -> move(action, request, count);
    };
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
                  ControlParameters.text(request, "ticker"),
                  request.getParam("price"),
                  request.getParam("size"));
      case "level" ->
          simulator
              .faults()
              .publishLevel(
                  ControlParameters.text(request, "ticker"),
                  ControlParameters.text(request, "side").equals("bid"),
                  request.getParam("price"),
                  request.getParam("size"));
      case "market" ->
          simulator.addMarket(
              ControlParameters.text(request, "ticker"),
              ControlParameters.decimal(request, "price"));
      case "rename" ->
          simulator.renameMarket(
              ControlParameters.text(request, "ticker"), ControlParameters.text(request, "to"));
      case "delist" -> simulator.delistMarket(ControlParameters.text(request, "ticker"));
      case "tick-size" ->
          simulator.changeTickSize(
              ControlParameters.text(request, "ticker"),
              ControlParameters.decimal(request, "size"));
      case "status" ->
          simulator.setStatus(
              ControlParameters.text(request, "ticker"),
              MarketStatus.valueOf(ControlParameters.text(request, "status")));
      default -> throw new Control.NoSuchActionException(action);
    };
  }
}
