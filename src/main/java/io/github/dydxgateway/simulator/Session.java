package io.github.dydxgateway.simulator;

import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/**
 * One connection: its message numbers, subscriptions and limits. Owned by the simulator's context.
 */
final class Session {

  private static final Logger LOG = Logger.getLogger(Session.class);

  private static final int RATE_LIMITED = 1008;
  private static final String RATE_LIMITED_REASON = "{\"message\":\"Rate limited\"}";
  private static final int SUBSCRIBES_PER_SECOND = 2;
  private static final int INVALID_MESSAGES_PER_SECOND = 2;
  private static final int SLOWEST_ANSWER_MILLIS = 8;
  private static final String COMPLIANCE =
      "Because you appear to be a resident of, or trading from, a jurisdiction that violates our"
          + " terms of use, or have engaged in activity that violates our terms of use, you have"
          + " been blocked.";

  private final String connectionId;
  private final Vertx vertx;
  private final FaultyConnection connection;
  private final Venue venue;
  private final Subscriptions subscriptions;
  private final Faults faults;
  private final RandomGenerator random;
  private final RateLimit subscribeLimit = new RateLimit(SUBSCRIBES_PER_SECOND);
  private final RateLimit invalidLimit = new RateLimit(INVALID_MESSAGES_PER_SECOND);
  private final TickerCacheFaults.Instance instance;
  private final Map<SimulatedTopic, SimulatedSubscription> live = new LinkedHashMap<>();
  private final Map<SimulatedChannel, Set<SimulatedTopic>> asked = new HashMap<>();
  private long messageId;
  private boolean closed;

  Session(
      String connectionId,
      Vertx vertx,
      FaultyConnection connection,
      Venue venue,
      Subscriptions subscriptions,
      Faults faults,
      RandomGenerator random) {
    this.connectionId = connectionId;
    this.vertx = vertx;
    this.connection = connection;
    this.venue = venue;
    this.subscriptions = subscriptions;
    this.faults = faults;
    this.random = random;
    this.instance = faults.tickers().connect(venue.now());
  }

  /** Greets the client and listens to it. */
  void open(ServerWebSocket socket) {
    if (!faults.openings().takeConnectedWithheld()) {
      connection.text(head("connected", 0) + "}");
    }
    socket.textMessageHandler(this::receive);
    socket.binaryMessageHandler(bytes -> receive(bytes.toString()));
  }

  void closed() {
    closed = true;
    live.values().forEach(subscriptions::remove);
    live.clear();
  }

  FaultyConnection connection() {
    return connection;
  }

  /** Sends a frame of data under the next number. */
  void sendData(String type, SimulatedChannel channel, String tail) {
    messageId++;
    if (faults.takeLoss(channel)) {
      return;
    }
    String frame = head(type, messageId) + tail;
    connection.text(frame);
    if (faults.takeDuplicate()) {
      connection.text(frame);
    }
  }

  private void receive(String frame) {
    if (closed) {
      return;
    }
    Optional<Request> parsed = Request.parse(frame);
    if (parsed.isEmpty()) {
      invalid("Invalid message: could not parse");
      return;
    }
    Request request = parsed.get();
    if (request.type() == null) {
      invalid("Invalid message: type is required");
      return;
    }
    switch (request.type()) {
      case "subscribe" -> channelOf(request).ifPresent(channel -> subscribe(channel, request));
      case "unsubscribe" -> channelOf(request).ifPresent(channel -> unsubscribe(channel, request));
      case "ping" -> {} // The venue takes these and does not answer.
      default -> invalid("Invalid message type: " + request.type());
    }
  }

  private void invalid(String message) {
    if (invalidLimit.allows("", System.nanoTime())) {
      error(message, messageId);
    } else {
      error("Too many invalid messages. Please reconnect and try again.", messageId);
      connection.close(RATE_LIMITED, RATE_LIMITED_REASON);
    }
  }

  private Optional<SimulatedChannel> channelOf(Request request) {
    if (request.channel() == null) {
      error("Invalid subscribe message: channel is required", messageId);
      return Optional.empty();
    }
    Optional<SimulatedChannel> channel = SimulatedChannel.of(request.channel());
    if (channel.isEmpty()) {
      error("Invalid channel: " + request.channel(), messageId);
    } else if (channel.get().needsId() && request.id() == null) {
      error("Invalid id: undefined", messageId);
      return Optional.empty();
    }
    return channel;
  }

  private static SimulatedTopic topic(SimulatedChannel channel, Request request) {
    return new SimulatedTopic(channel, channel.needsId() ? request.id() : channel.wireName());
  }

  private void subscribe(SimulatedChannel channel, Request request) {
    long number = ++messageId;
    SimulatedTopic topic = topic(channel, request);
    if (!knows(topic)) {
      error("Invalid subscription id for channel: (" + topic + ")", number);
      return;
    }
    if (!subscribeLimit.allows(topic, System.nanoTime())) {
      error(
          "Too many subscribe attempts for channel " + topic + ". Please reconnect and try again.",
          number);
      connection.close(RATE_LIMITED, RATE_LIMITED_REASON);
      return;
    }
    if (faults.subscribes().takeUnanswered()) {
      return;
    }
    Set<SimulatedTopic> askedOfChannel = asked.computeIfAbsent(channel, key -> new HashSet<>());
    int limit = faults.subscribes().limitOf(channel);
    if (!askedOfChannel.contains(topic) && askedOfChannel.size() >= limit) {
      error(
          "Per-connection subscription limit reached for %s (limit=%d)."
              .formatted(channel.wireName(), limit),
          number);
      return;
    }
    askedOfChannel.add(topic);
    long delay = random.nextInt(1, SLOWEST_ANSWER_MILLIS + 1) + faults.subscribes().delayMillis();
    vertx.setTimer(delay, timer -> fetch(topic, request.batched(), number));
  }

  private boolean knows(SimulatedTopic topic) {
    return venue.knows(topic)
        && venue
            .tickerOf(topic)
            .filter(ticker -> !instance.knows(ticker, venue.announced(ticker), venue.now()))
            .isEmpty();
  }

  /**
   * Reads the initial state. The venue registers a subscription only when it sends the state, so
   * what is published while the state is on its way is lost.
   */
  private void fetch(SimulatedTopic topic, boolean batched, long number) {
    long millis = faults.subscribes().fetchMillis();
    if (millis == 0) {
      answer(topic, batched, number, Optional.empty());
      return;
    }
    Optional<String> state =
        venue.knows(topic) ? Optional.of(venue.initialState(topic)) : Optional.empty();
    vertx.setTimer(millis, timer -> answer(topic, batched, number, state));
  }

  /**
   * Answers a subscribe, and registers it if it succeeds.
   *
   * @param fetched the state as it was a while ago; empty for the present one
   */
  private void answer(
      SimulatedTopic topic, boolean batched, long number, Optional<String> fetched) {
    if (closed) {
      return;
    }
    if (live.containsKey(topic)) {
      error("Invalid subscribe message: already subscribed (" + topic + ")", number, topic);
      return;
    }
    Optional<String> failure = faults.subscribes().takeFailure(topic.channel());
    if (failure.isPresent() || refused(topic) || !venue.knows(topic)) {
      asked.get(topic.channel()).remove(topic);
      String message =
          failure.orElse(
              refused(topic) ? COMPLIANCE : SubscribeFaults.fetchFailure(topic.channel()));
      if (ErrorShape.namesTopic(message)) {
        error(message, number, topic);
      } else {
        error(message, number);
      }
      return;
    }
    String contents =
        faults
            .subscribes()
            .takeUnreadable()
            .or(() -> fetched)
            .orElseGet(() -> venue.initialState(topic));
    connection.text(head("subscribed", number) + subscribedTail(topic, contents));
    SimulatedSubscription subscription = new SimulatedSubscription(this, topic, batched);
    live.put(topic, subscription);
    subscriptions.add(subscription);
    LOG.debugf("%s subscribed to %s", connectionId, topic);
    // The venue reads its database while updates are on their way: what it has just answered may
    // come once more.
    if (fetched.isEmpty() && random.nextBoolean()) {
      venue.lastTrades(topic).ifPresent(subscription::deliver);
    }
  }

  private static boolean refused(SimulatedTopic topic) {
    return SubaccountId.parse(topic.id())
        .filter(subaccount -> subaccount.address().equals(SimulatorSettings.REFUSED_ACCOUNT))
        .isPresent();
  }

  private void unsubscribe(SimulatedChannel channel, Request request) {
    SimulatedTopic topic = topic(channel, request);
    SimulatedSubscription subscription = live.remove(topic);
    if (subscription != null) {
      subscriptions.remove(subscription);
      asked.get(channel).remove(topic);
    }
    messageId++;
    String id =
        channel == SimulatedChannel.MARKETS || request.id() == null
            ? ""
            : new JsonText().object().field("id", request.id()).closeAll();
    connection.text(
        head("unsubscribed", messageId)
            + ",\"channel\":\""
            + channel.wireName()
            + '"'
            + (id.isEmpty() ? "}" : "," + id.substring(1)));
  }

  private String subscribedTail(SimulatedTopic topic, String contents) {
    String names =
        ",\"channel\":\"" + topic.channel().wireName() + "\",\"id\":\"" + topic.id() + '"';
    String state = ",\"contents\":" + contents;
    return random.nextInt(4) == 0 ? state + names + "}" : names + state + "}";
  }

  private void error(String message, long number) {
    connection.text(errorJson(message, number).closeAll());
  }

  private void error(String message, long number, SimulatedTopic topic) {
    connection.text(
        errorJson(message, number)
            .field("channel", topic.channel().wireName())
            .field("id", topic.id())
            .closeAll());
  }

  private JsonText errorJson(String message, long number) {
    return new JsonText()
        .object()
        .field("type", "error")
        .field("message", message)
        .field("connection_id", connectionId)
        .field("message_id", number);
  }

  private String head(String type, long number) {
    return "{\"type\":\""
        + type
        + "\",\"connection_id\":\""
        + connectionId
        + "\",\"message_id\":"
        + number;
  }
}
