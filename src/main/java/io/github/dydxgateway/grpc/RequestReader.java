package io.github.dydxgateway.grpc;

import io.github.dydxgateway.address.WalletAddress;
import io.github.dydxgateway.instrument.InstrumentId;
import io.github.dydxgateway.stream.TopicKey;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.Topic;
import io.github.dydxgateway.v1.TopicSubscription;
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
  private static final int MOST_VIOLATIONS = 16;
  private static final int MAX_EPOCH_LENGTH = 64;
  private static final long MAX_LAG_SECONDS = 86_400;
  private static final int MAX_SUBACCOUNT = 127_999;
  private static final int MAX_PARENT_SUBACCOUNT = 127;

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

  /** The topics asked for, each once. */
  Map<TopicKey, ResumePoint> subscriptions(List<TopicSubscription> subscriptions)
      throws InvalidRequestException {
    Map<TopicKey, ResumePoint> topics = new LinkedHashMap<>();
    requireSome("subscriptions", subscriptions);
    for (int i = 0; i < subscriptions.size(); i++) {
      TopicSubscription subscription = subscriptions.get(i);
      String field = "subscriptions[" + i + "]";
      TopicKey key = topic(field + ".topic", subscription.getTopic());
      ResumePoint from = null;
      if (subscription.hasResumeFrom()) {
        from = subscription.getResumeFrom();
        checkResumePoint(field + ".resume_from", from);
      }
      if (key != null && !topics.containsKey(key)) {
        topics.put(key, from);
      }
    }
    finish();
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
    String canonical = instrumentId("instrument_id", id);
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

  private void checkResumePoint(String field, ResumePoint from) {
    if (from.getEpoch().isEmpty() || from.getEpoch().length() > MAX_EPOCH_LENGTH) {
      violate(field + ".epoch", "must be the epoch of an earlier StreamOpened event");
    }
    if (from.getSequence() == 0) {
      violate(field + ".sequence", "must be the sequence of an earlier event, got 0");
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
    long seconds = maxLag.getSeconds();
    int nanos = maxLag.getNanos();
    if (seconds < 0 || seconds > MAX_LAG_SECONDS || nanos < 0 || nanos >= 1_000_000_000) {
      violate("max_lag", "must be from 0 s to " + MAX_LAG_SECONDS + " s");
    }
    finish();
    return Duration.ofSeconds(seconds, nanos);
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
        canonical.getOrderBookBuilder().setRaw(topic.getOrderBook().getRaw());
      }
      case QUOTES ->
          instrumentId(
              field + ".quotes",
              topic.getQuotes().getInstrumentId(),
              canonical.getQuotesBuilder()::setInstrumentId);
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
        if (!id.isEmpty()) {
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

  private void instrumentId(String field, String id, Consumer<String> setter) {
    String canonical = instrumentId(field + ".instrument_id", id);
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
