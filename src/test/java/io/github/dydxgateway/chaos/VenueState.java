package io.github.dydxgateway.chaos;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;

/** Asks the venue itself, past the proxy and the gateway, for the present state of a channel. */
final class VenueState {
  private static final int LARGEST = 16 << 20;

  private VenueState() {}

  /**
   * The {@code contents} of a {@code subscribed} frame.
   *
   * @param id null for channels without ids
   */
  static JsonObject of(Vertx vertx, URI venue, String channel, String id) {
    WebSocketClient client =
        vertx.createWebSocketClient(
            new WebSocketClientOptions().setMaxFrameSize(LARGEST).setMaxMessageSize(LARGEST));
    Promise<JsonObject> state = Promise.promise();
    ClientWebSocket socket = client.webSocket();
    socket.textMessageHandler(
        text -> {
          JsonObject frame = new JsonObject(text);
          switch (frame.getString("type")) {
            case "subscribed" -> state.tryComplete(frame.getJsonObject("contents"));
            case "error" -> state.tryFail(text);
            default -> {} // the greeting, or an update that came meanwhile
          }
        });
    JsonObject request = new JsonObject().put("type", "subscribe").put("channel", channel);
    String subscribe = (id == null ? request : request.put("id", id)).encode();
    socket
        .connect(
            new WebSocketConnectOptions()
                .setHost(venue.getHost())
                .setPort(venue.getPort())
                .setURI(venue.getPath()))
        // The greeting may come before the handlers are there, so nothing waits for it.
        .compose(open -> open.writeTextMessage(subscribe))
        .onFailure(state::tryFail);
    Future<JsonObject> answer = state.future();
    try {
      return ChaosVenue.await(answer);
    } finally {
      ChaosVenue.await(client.close());
    }
  }
}
