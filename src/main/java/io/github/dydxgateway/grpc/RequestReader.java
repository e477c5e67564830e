package io.github.dydxgateway.grpc;

import io.github.dydxgateway.address.WalletAddress;
import io.github.dydxgateway.instrument.InstrumentId;
import io.github.dydxgateway.stream.TopicKey;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.OrderBookTopic;
import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.Topic;
import io.github.dydxgateway.v1.TopicSubscription;
import io.grpc.Status;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Checks requests and makes their ids canonical. Collects what is wrong with one request, so made
 * anew for each.
 */
final class RequestReader {
  /** Names all instruments where a topic names one. */
  static final String ALL_INSTRUMENTS = "*";

  /** Most levels a side of a view. */
  static final int MAX_DEPTH = 200;

  private static final int MOST_VIOLATIONS = 16;
  private static final int MAX_EPOCH_LENGTH = 64;
  private static final int MAX_NETWORK_LENGTH = 64;
  private static final Duration LONGEST_MAX_LAG = Duration.ofDays(1);
  private static final int MAX_SUBACCOUNT = 127_999;
  private static final int MAX_PARENT_SUBACCOUNT = 127;
  private static final Duration MIN_INTERVAL = Duration.ofMillis(1);
  private static final Duration MAX_INTERVAL = Duration.ofMinutes(1);

  /** The longest flush interval where lag is not bounded. */
  private static final Duration MAX_FLUSH_INTERVAL = Duration.ofMinutes(1);

  private static final int NANOS_PER_SECOND = 1_000_000_000;

  /** 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z, the bounds of {@code Timestamp}. */
  private static final long FIRST_SECOND = -62_135_596_800L;

  private static final long LAST_SECOND = 253_402_300_799L;

  private final Function<String, InstrumentId> names;
  private final List<InvalidRequestException.Violation> violations = new ArrayList<>();
  private int violationCount;

  /** Reads names of instruments without knowing which there are. */
  RequestReader() {
    this(InstrumentId::parse);
  }

  /**
   * @param names reads the name of an instrument; throws IllegalArgumentException if it is none
   */
  RequestReader(Function<String, InstrumentId> names) {
    this.names = names;
  }

  /**
   * The topics asked for, each once, with the point to resume from or null. A topic of all
   * instruments has the id {@link #ALL_INSTRUMENTS} and no resume point; nor has a view.
   *
   * @throws InvalidRequestException if anything is malformed; or else if {@code since} is set
   */
  Map<TopicKey, ResumePoint> subscriptions(List<TopicSubscription> subscriptions)
      throws InvalidRequestException {
    Map<TopicKey, ResumePoint> topics = new LinkedHashMap<>();
    String since = null;
    requireSome("subscriptions", subscriptions);
    for (int i = 0; i < subscriptions.size(); i++) {
      TopicSubscription subscription = subscriptions.get(i);
      String field = "subscriptions[" + i + "]";
      TopicKey key = topic(field + ".topic", subscription.getTopic());
      ResumePoint from = null;
      if (subscription.hasResumeFrom()) {
        from = subscription.getResumeFrom();
        checkResumePoint(field + ".resume_from", from, subscription.getTopic());
      }
      if (subscription.hasSince()) {
        checkSince(field + ".since", subscription);
        since = since == null ? field + ".since" : since;
      }
      if (key != null && !topics.containsKey(key)) {
        topics.put(key, from);
      }
    }
    finish();
    if (since != null) {
      throw new InvalidRequestException(
          Status.Code.UNIMPLEMENTED,
          since + " is not served by this version",
          ErrorReason.NOT_IN_THIS_VERSION,
          Map.of("field", since));
    }
    return topics;
  }

  /** The topics named, each once. */
  List<TopicKey> topics(List<Topic> topics) throws InvalidRequestException {
    Set<TopicKey> keys = new LinkedHashSet<>();
    requireSome("topics", topics);
    for (int i = 0; i < topics.size(); i++) {
      keys.add(topic("topics[" + i + "]", topics.get(i)));
    }
    finish();
    return List.copyOf(keys);
  }

  /** The instrument named. */
  InstrumentId instrument(String id) throws InvalidRequestException {
    String field = "instrument_id";
    if (id.equals(ALL_INSTRUMENTS)) {
      violate(field, "must name one instrument, got *");
    }
    String canonical = instrumentId(field, id);
    finish();
    return InstrumentId.parse(canonical);
  }

  /** The refusal of an acknowledgement of what was not sent, or was taken back. */
  InvalidRequestException wrongAcknowledgement(long events) {
    violate(
        "ack.events",
        "must not be less than before or more than were sent, got "
            + Long.toUnsignedString(events));
    return new InvalidRequestException(violations);
  }

  /** Says that a command is missing. */
  InvalidRequestException noCommand() {
    violate("command", "must be subscribe, unsubscribe or ack");
    return new InvalidRequestException(violations);
  }

  private void requireSome(String field, List<?> list) {
    if (list.isEmpty()) {
      violate(field, "must name at least one topic");
    }
  }

  private void checkResumePoint(String field, ResumePoint from, Topic topic) {
    if (namesAllInstruments(topic)) {
      violate(field, "must be absent where instrument_id is *; resume each instrument by its id");
    } else if (isView(topic)) {
      violate(field, "must be absent on a topic with depth or interval, which can't be resumed");
    }
    if (from.getEpoch().isEmpty() || from.getEpoch().length() > MAX_EPOCH_LENGTH) {
      violate(field + ".epoch", "must be the epoch of an earlier StreamOpened event");
    }
    if (from.getSequence() == 0) {
      violate(field + ".sequence", "must be the sequence of an earlier event, got 0");
    }
  }

  private void checkSince(String field, TopicSubscription subscription) {
    Topic topic = subscription.getTopic();
    if (subscription.hasResumeFrom()) {
      violate(field, "must be absent where resume_from is set");
    }
    if (namesAllInstruments(topic)) {
      violate(field, "must be absent where instrument_id is *");
    }
    switch (topic.getKindCase()) {
      case TRADES, CANDLES, SUBACCOUNT, PARENT_SUBACCOUNT, KIND_NOT_SET -> {}
      case ORDER_BOOK, QUOTES, MARKETS, BLOCK_HEIGHT ->
          violate(field, "must be absent on topics other than trades, candles and accounts");
    }
    long seconds = subscription.getSince().getSeconds();
    int nanos = subscription.getSince().getNanos();
    if (seconds < FIRST_SECOND || seconds > LAST_SECOND || !isFraction(nanos)) {
      violate(field, "must be from 0001-01-01 to 9999-12-31 with nanos from 0 to 999999999");
    }
  }

  /** Whether a topic of a request stands for one topic of each instrument. */
  static boolean namesAllInstruments(Topic topic) {
    return switch (topic.getKindCase()) {
      case TRADES -> topic.getTrades().getInstrumentId().equals(ALL_INSTRUMENTS);
      case ORDER_BOOK -> topic.getOrderBook().getInstrumentId().equals(ALL_INSTRUMENTS);
      case QUOTES -> topic.getQuotes().getInstrumentId().equals(ALL_INSTRUMENTS);
      case CANDLES -> topic.getCandles().getInstrumentId().equals(ALL_INSTRUMENTS);
      case MARKETS, BLOCK_HEIGHT, SUBACCOUNT, PARENT_SUBACCOUNT, KIND_NOT_SET -> false;
    };
  }

  /** Whether a topic is a view, which has no log of its own. */
  static boolean isView(Topic topic) {
    return switch (topic.getKindCase()) {
      case ORDER_BOOK ->
          topic.getOrderBook().getDepth() != 0 || !isZero(topic.getOrderBook().getInterval());
      case QUOTES -> !isZero(topic.getQuotes().getInterval());
      case TRADES, CANDLES, MARKETS, BLOCK_HEIGHT, SUBACCOUNT, PARENT_SUBACCOUNT, KIND_NOT_SET ->
          false;
    };
  }

  private static boolean isZero(com.google.protobuf.Duration duration) {
    return duration.getSeconds() == 0 && duration.getNanos() == 0;
  }

  private static boolean isFraction(int nanos) {
    return nanos >= 0 && nanos < NANOS_PER_SECOND;
  }

  /** Null if a duration is negative, malformed or above the bound. */
  private static Duration upTo(Duration most, com.google.protobuf.Duration asked) {
    if (asked.getSeconds() < 0
        || asked.getSeconds() > most.getSeconds()
        || !isFraction(asked.getNanos())) {
      return null;
    }
    Duration duration = Duration.ofSeconds(asked.getSeconds(), asked.getNanos());
    return duration.compareTo(most) > 0 ? null : duration;
  }

  /**
   * How long events may be held back to be sent together.
   *
   * @param asked 0 if absent
   * @param maxLag the effective bound for lag; zero: none
   */
  Duration flushInterval(com.google.protobuf.Duration asked, Duration maxLag)
      throws InvalidRequestException {
    Duration most = maxLag.isZero() ? MAX_FLUSH_INTERVAL : maxLag.dividedBy(2);
    Duration interval = upTo(most, asked);
    if (interval == null) {
      violate(
          "flush_interval",
          "must be from 0 s to "
              + (maxLag.isZero() ? seconds(most) : "half of max_lag, " + seconds(most)));
    }
    finish();
    return interval;
  }

  /** {@code 0.5 s}, exactly. */
  private static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.getSeconds())
            .add(BigDecimal.valueOf(duration.getNano(), 9))
            .stripTrailingZeros()
            .toPlainString()
        + " s";
  }

  /**
   * Refuses a request that means another network.
   *
   * @param expected as in {@code SubscribeRequest.expected_network}; empty: any
   * @param network that of the gateway
   */
  void requireNetwork(String expected, String network) throws InvalidRequestException {
    if (!expected.isEmpty() && !expected.equals(network)) {
      String shown = expected.length() > MAX_NETWORK_LENGTH ? "another" : expected;
      throw new InvalidRequestException(
          Status.Code.FAILED_PRECONDITION,
          "expected_network is " + shown + ", but this gateway serves " + network,
          ErrorReason.NETWORK_MISMATCH,
          Map.of("expected_network", shown, "network", network));
    }
  }

  /**
   * The bound for lag asked for, {@code given} if it was.
   *
   * @param byDefault where none was
   */
  Duration maxLag(boolean given, com.google.protobuf.Duration maxLag, Duration byDefault)
      throws InvalidRequestException {
    if (!given) {
      return byDefault;
    }
    Duration bound = upTo(LONGEST_MAX_LAG, maxLag);
    if (bound == null) {
      violate("max_lag", "must be from 0 s to " + seconds(LONGEST_MAX_LAG));
    }
    finish();
    return bound;
  }

  private TopicKey topic(String field, Topic topic) {
    Topic.Builder canonical = Topic.newBuilder();
    int before = violationCount;
    switch (topic.getKindCase()) {
      case TRADES ->
          instrumentId(
              field + ".trades",
              topic.getTrades().getInstrumentId(),
              canonical.getTradesBuilder()::setInstrumentId);
      case ORDER_BOOK -> {
        instrumentId(
            field + ".order_book",
            topic.getOrderBook().getInstrumentId(),
            canonical.getOrderBookBuilder()::setInstrumentId);
        OrderBookTopic book = topic.getOrderBook();
        canonical.getOrderBookBuilder().setRaw(book.getRaw());
        depth(field + ".order_book.depth", book.getDepth(), canonical.getOrderBookBuilder());
        interval(
            field + ".order_book.interval",
            book.getInterval(),
            canonical.getOrderBookBuilder()::setInterval);
      }
      case QUOTES -> {
        instrumentId(
            field + ".quotes",
            topic.getQuotes().getInstrumentId(),
            canonical.getQuotesBuilder()::setInstrumentId);
        interval(
            field + ".quotes.interval",
            topic.getQuotes().getInterval(),
            canonical.getQuotesBuilder()::setInterval);
      }
      case CANDLES -> {
        instrumentId(
            field + ".candles",
            topic.getCandles().getInstrumentId(),
            canonical.getCandlesBuilder()::setInstrumentId);
        CandleResolution resolution = topic.getCandles().getResolution();
        if (resolution == CandleResolution.CANDLE_RESOLUTION_UNSPECIFIED
            || resolution == CandleResolution.UNRECOGNIZED) {
          violate(
              field + ".candles.resolution",
              "must be a resolution from CANDLE_RESOLUTION_1MIN to CANDLE_RESOLUTION_1DAY, got "
                  + topic.getCandles().getResolutionValue());
        } else {
          canonical.getCandlesBuilder().setResolution(resolution);
        }
      }
      case MARKETS -> {
        String id = topic.getMarkets().getInstrumentId();
        canonical.getMarketsBuilder();
        if (id.equals(ALL_INSTRUMENTS)) {
          violate(field + ".markets.instrument_id", "must be empty for all markets, got *");
        } else if (!id.isEmpty()) {
          instrumentId(field + ".markets", id, canonical.getMarketsBuilder()::setInstrumentId);
        }
      }
      case BLOCK_HEIGHT -> canonical.getBlockHeightBuilder();
      case SUBACCOUNT -> {
        String address = topic.getSubaccount().getAddress();
        int number = topic.getSubaccount().getSubaccountNumber();
        checkAccount(field + ".subaccount", address, number, MAX_SUBACCOUNT);
        canonical.getSubaccountBuilder().setAddress(address).setSubaccountNumber(number);
      }
      case PARENT_SUBACCOUNT -> {
        String address = topic.getParentSubaccount().getAddress();
        int number = topic.getParentSubaccount().getSubaccountNumber();
        checkAccount(field + ".parent_subaccount", address, number, MAX_PARENT_SUBACCOUNT);
        canonical.getParentSubaccountBuilder().setAddress(address).setSubaccountNumber(number);
      }
      case KIND_NOT_SET -> violate(field, "must have a kind, such as trades or order_book");
    }
    return violationCount == before ? new TopicKey(canonical.build()) : null;
  }

  /** A number above 2^31 arrives negative. */
  private void depth(String field, int depth, OrderBookTopic.Builder canonical) {
    if (depth < 0 || depth > MAX_DEPTH) {
      violate(
          field,
          "must be 0 for the whole book, or 1 to "
              + MAX_DEPTH
              + ", got "
              + Integer.toUnsignedString(depth));
    } else {
      canonical.setDepth(depth);
    }
  }

  /** Absent in the canonical topic where it is 0, so that equal intervals make equal topics. */
  private void interval(
      String field,
      com.google.protobuf.Duration interval,
      Consumer<com.google.protobuf.Duration> setter) {
    if (isZero(interval)) {
      return;
    }
    Duration duration = upTo(MAX_INTERVAL, interval);
    if (duration == null || duration.compareTo(MIN_INTERVAL) < 0) {
      violate(field, "must be 0 s for every change, or 0.001 s to 60 s");
    } else {
      setter.accept(
          com.google.protobuf.Duration.newBuilder()
              .setSeconds(duration.getSeconds())
              .setNanos(duration.getNano())
              .build());
    }
  }

  private void instrumentId(String field, String id, Consumer<String> setter) {
    String canonical =
        id.equals(ALL_INSTRUMENTS) ? ALL_INSTRUMENTS : instrumentId(field + ".instrument_id", id);
    if (canonical != null) {
      setter.accept(canonical);
    }
  }

  private String instrumentId(String field, String id) {
    try {
      return names.apply(id).canonical();
    } catch (IllegalArgumentException e) {
      violate(field, e.getMessage());
      return null;
    }
  }

  /** A number above 2^31 arrives negative. */
  private void checkAccount(String field, String address, int number, int most) {
    String problem = WalletAddress.problemOf(address);
    if (problem != null) {
      violate(
          field + ".address", "must be a bech32 address that begins with dydx1, got " + problem);
    }
    if (number < 0 || number > most) {
      violate(
          field + ".subaccount_number",
          "must be 0 to " + most + ", got " + Integer.toUnsignedString(number));
    }
  }

  private void violate(String field, String description) {
    violationCount++;
    if (violations.size() < MOST_VIOLATIONS) {
      violations.add(new InvalidRequestException.Violation(field, description));
    }
  }

  private void finish() throws InvalidRequestException {
    if (!violations.isEmpty()) {
      throw new InvalidRequestException(violations);
    }
  }
}
