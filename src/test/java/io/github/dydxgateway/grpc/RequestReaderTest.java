package io.github.dydxgateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import com.google.protobuf.Timestamp;
import com.google.rpc.ErrorInfo;
import io.github.dydxgateway.stream.TopicKey;
import io.github.dydxgateway.v1.BlockHeightTopic;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.CandlesTopic;
import io.github.dydxgateway.v1.MarketsTopic;
import io.github.dydxgateway.v1.OrderBookTopic;
import io.github.dydxgateway.v1.ParentSubaccountTopic;
import io.github.dydxgateway.v1.QuotesTopic;
import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.SubaccountTopic;
import io.github.dydxgateway.v1.Topic;
import io.github.dydxgateway.v1.TopicSubscription;
import io.github.dydxgateway.v1.TradesTopic;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RequestReaderTest {
  private static final String ADDRESS = "dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4";
  private static final String OF_32_BYTES =
      "dydx1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqsnpjqx";

  private static final ResumePoint RESUME_POINT =
      ResumePoint.newBuilder().setEpoch("epoch").setSequence(7).build();
  private static final Timestamp SINCE = timestamp(1_700_000_000, 0);

  private static Timestamp timestamp(long seconds, int nanos) {
    return Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }

  private static com.google.protobuf.Duration duration(long seconds, int nanos) {
    return com.google.protobuf.Duration.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }

  private static Topic view(int depth, com.google.protobuf.Duration interval) {
    return view("BTC-USD", depth, interval);
  }

  private static Topic view(String id, int depth, com.google.protobuf.Duration interval) {
    return Topic.newBuilder()
        .setOrderBook(
            OrderBookTopic.newBuilder().setInstrumentId(id).setDepth(depth).setInterval(interval))
        .build();
  }

  private static Topic quotesEvery(com.google.protobuf.Duration interval) {
    return quotesEvery("BTC-USD", interval);
  }

  private static Topic quotesEvery(String id, com.google.protobuf.Duration interval) {
    return Topic.newBuilder()
        .setQuotes(QuotesTopic.newBuilder().setInstrumentId(id).setInterval(interval))
        .build();
  }

  private static Topic trades(String id) {
    return Topic.newBuilder().setTrades(TradesTopic.newBuilder().setInstrumentId(id)).build();
  }

  private static Topic book(String id) {
    return Topic.newBuilder().setOrderBook(OrderBookTopic.newBuilder().setInstrumentId(id)).build();
  }

  private static Topic quotes(String id) {
    return Topic.newBuilder().setQuotes(QuotesTopic.newBuilder().setInstrumentId(id)).build();
  }

  private static Topic markets(String id) {
    return Topic.newBuilder().setMarkets(MarketsTopic.newBuilder().setInstrumentId(id)).build();
  }

  private static Topic candles(String id, int resolution) {
    return Topic.newBuilder()
        .setCandles(CandlesTopic.newBuilder().setInstrumentId(id).setResolutionValue(resolution))
        .build();
  }

  private static Topic subaccount(String address, int number) {
    return Topic.newBuilder()
        .setSubaccount(SubaccountTopic.newBuilder().setAddress(address).setSubaccountNumber(number))
        .build();
  }

  private static Topic parent(String address, int number) {
    return Topic.newBuilder()
        .setParentSubaccount(
            ParentSubaccountTopic.newBuilder().setAddress(address).setSubaccountNumber(number))
        .build();
  }

  private static TopicSubscription subscription(Topic topic) {
    return TopicSubscription.newBuilder().setTopic(topic).build();
  }

  private static List<TopicSubscription> subscriptions(Topic... topics) {
    return Stream.of(topics).map(RequestReaderTest::subscription).toList();
  }

  private static List<String> fieldsOf(List<TopicSubscription> subscriptions) {
    InvalidRequestException invalid =
        catchThrowableOfType(
            InvalidRequestException.class, () -> new RequestReader().subscriptions(subscriptions));
    assertThat(invalid).isNotNull();
    assertThat(invalid.violations()).allMatch(violation -> !violation.description().isBlank());
    return invalid.violations().stream().map(InvalidRequestException.Violation::field).toList();
  }

  static Stream<Arguments> malformedTopics() {
    int oneMinute = CandleResolution.CANDLE_RESOLUTION_1MIN_VALUE;
    return Stream.of(
        Arguments.of(Topic.getDefaultInstance(), ""),
        Arguments.of(trades(""), ".trades.instrument_id"),
        Arguments.of(trades("A".repeat(600)), ".trades.instrument_id"),
        Arguments.of(trades("A".repeat(513)), ".trades.instrument_id"),
        Arguments.of(trades("BTC\u0000USD"), ".trades.instrument_id"),
        Arguments.of(trades("BTC\nUSD"), ".trades.instrument_id"),
        Arguments.of(trades("BTC-USD\u007f"), ".trades.instrument_id"),
        Arguments.of(trades("-PERP.DYDX"), ".trades.instrument_id"),
        Arguments.of(trades(".DYDX"), ".trades.instrument_id"),
        Arguments.of(book(""), ".order_book.instrument_id"),
        Arguments.of(quotes("a\tb"), ".quotes.instrument_id"),
        Arguments.of(markets("\u009f"), ".markets.instrument_id"),
        Arguments.of(candles("", oneMinute), ".candles.instrument_id"),
        Arguments.of(candles("BTC-USD", 0), ".candles.resolution"),
        Arguments.of(candles("BTC-USD", 999), ".candles.resolution"),
        Arguments.of(candles("BTC-USD", -1), ".candles.resolution"),
        Arguments.of(subaccount("", 0), ".subaccount.address"),
        Arguments.of(subaccount("cosmos1" + "q".repeat(38), 0), ".subaccount.address"),
        Arguments.of(subaccount("dydx1" + "b".repeat(38), 0), ".subaccount.address"),
        Arguments.of(subaccount("dydx1" + "q".repeat(38), 0), ".subaccount.address"),
        Arguments.of(parent("dydx1" + "q".repeat(38), 0), ".parent_subaccount.address"),
        Arguments.of(subaccount(ADDRESS + "\n", 0), ".subaccount.address"),
        Arguments.of(subaccount(ADDRESS, 128_000), ".subaccount.subaccount_number"),
        Arguments.of(subaccount(ADDRESS, -1), ".subaccount.subaccount_number"),
        Arguments.of(parent("dydx1", 0), ".parent_subaccount.address"),
        Arguments.of(parent(ADDRESS, 128), ".parent_subaccount.subaccount_number"));
  }

  @ParameterizedTest
  @MethodSource("malformedTopics")
  void aMalformedTopicIsRefusedByTheExactPathOfItsField(Topic topic, String field) {
    assertThat(fieldsOf(subscriptions(topic))).containsExactly("subscriptions[0].topic" + field);
    assertThat(fieldsOf(subscriptions(trades("BTC-USD"), topic)))
        .containsExactly("subscriptions[1].topic" + field);
    assertThatThrownBy(() -> new RequestReader().topics(List.of(topic)))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.violations().get(0).field()).isEqualTo("topics[0]" + field));
  }

  @Test
  void aNumberAbove31BitsIsShownAsItWasSent() {
    assertThatThrownBy(
            () -> new RequestReader().subscriptions(subscriptions(subaccount(ADDRESS, -1))))
        .hasMessage(
            "subscriptions[0].topic.subaccount.subaccount_number must be 0 to 127999, got"
                + " 4294967295");
  }

  @Test
  void aRequestWithoutTopicsIsRefused() {
    assertThat(fieldsOf(List.of())).containsExactly("subscriptions");
    assertThatThrownBy(() -> new RequestReader().topics(List.of()))
        .hasMessage("topics must name at least one topic");
    assertThat(new RequestReader().noCommand())
        .hasMessage("command must be subscribe, unsubscribe or ack");
  }

  @Test
  void anEpochThatCannotBeOneIsRefused() {
    for (String epoch : List.of("", "e".repeat(65))) {
      assertThat(
              fieldsOf(
                  List.of(
                      TopicSubscription.newBuilder()
                          .setTopic(trades("BTC-USD"))
                          .setResumeFrom(ResumePoint.newBuilder().setEpoch(epoch).setSequence(7))
                          .build())))
          .containsExactly("subscriptions[0].resume_from.epoch");
    }
  }

  @Test
  void aSequenceOfZeroIsNoResumePoint() {
    assertThat(
            fieldsOf(
                List.of(
                    TopicSubscription.newBuilder()
                        .setTopic(trades("BTC-USD"))
                        .setResumeFrom(ResumePoint.newBuilder().setEpoch("epoch"))
                        .build())))
        .containsExactly("subscriptions[0].resume_from.sequence");
  }

  @Test
  void theBoundForLagIsThatOfTheRequestOrTheGateways() throws Exception {
    Duration byDefault = Duration.ofSeconds(1);
    com.google.protobuf.Duration.Builder asked = com.google.protobuf.Duration.newBuilder();

    assertThat(new RequestReader().maxLag(false, asked.build(), byDefault)).isEqualTo(byDefault);
    assertThat(new RequestReader().maxLag(true, asked.build(), byDefault)).isZero();
    asked.setSeconds(2).setNanos(500_000_000);
    assertThat(new RequestReader().maxLag(true, asked.build(), byDefault))
        .isEqualTo(Duration.ofMillis(2_500));
    for (long seconds : List.of(-1L, 86_401L, Long.MAX_VALUE, Long.MIN_VALUE)) {
      assertThatThrownBy(
              () -> new RequestReader().maxLag(true, asked.setSeconds(seconds).build(), byDefault))
          .hasMessage("max_lag must be from 0 s to 86400 s");
    }
    assertThatThrownBy(
            () -> new RequestReader().maxLag(true, asked.setNanos(-1).build(), byDefault))
        .hasMessage("max_lag must be from 0 s to 86400 s");
  }

  @Test
  void severalViolationsAreToldInTheOrderOfTheRequest() {
    assertThat(fieldsOf(subscriptions(parent("x", 128), trades("BTC-USD"), candles("", 0))))
        .containsExactly(
            "subscriptions[0].topic.parent_subaccount.address",
            "subscriptions[0].topic.parent_subaccount.subaccount_number",
            "subscriptions[2].topic.candles.instrument_id",
            "subscriptions[2].topic.candles.resolution");
  }

  @Test
  void tenThousandBadTopicsGiveAtMostSixteenViolations() {
    for (Topic bad : List.of(Topic.getDefaultInstance(), trades(""), candles("", 0))) {
      assertThat(fieldsOf(Collections.nCopies(10_000, subscription(bad)))).hasSize(16);
      assertThatThrownBy(() -> new RequestReader().topics(Collections.nCopies(10_000, bad)))
          .isInstanceOf(InvalidRequestException.class);
    }
  }

  @Test
  void aliasesBecomeCanonicalAndDuplicatesAreServedOnce() throws Exception {
    Map<TopicKey, ResumePoint> topics =
        new RequestReader()
            .subscriptions(
                subscriptions(
                    trades("BTC-USD"),
                    trades("BTC-USD-PERP"),
                    trades("BTC-USD-PERP.DYDX"),
                    book("BTC-USD")));

    assertThat(topics.keySet())
        .extracting(TopicKey::message)
        .containsExactly(trades("BTC-USD-PERP.DYDX"), book("BTC-USD-PERP.DYDX"));
    assertThat(new RequestReader().topics(List.of(trades("BTC-USD"), trades("BTC-USD-PERP"))))
        .containsExactly(new TopicKey(trades("BTC-USD-PERP.DYDX")));
    assertThat(new RequestReader().instrument("BTC-USD").canonical())
        .isEqualTo("BTC-USD-PERP.DYDX");
  }

  @Test
  void everyKindIsAccepted() throws Exception {
    Topic raw =
        Topic.newBuilder()
            .setOrderBook(OrderBookTopic.newBuilder().setInstrumentId("BTC-USD").setRaw(true))
            .build();
    Topic blocks = Topic.newBuilder().setBlockHeight(BlockHeightTopic.getDefaultInstance()).build();
    List<Topic> good =
        List.of(
            trades("BTC-USD"),
            raw,
            book("BTC-USD"),
            quotes("BTC-USD"),
            candles("BTC-USD", CandleResolution.CANDLE_RESOLUTION_1DAY_VALUE),
            markets(""),
            markets("BTC-USD"),
            blocks,
            subaccount(ADDRESS, 127_999),
            subaccount(OF_32_BYTES, 0),
            parent(ADDRESS, 127));

    assertThat(new RequestReader().topics(good))
        .hasSameSizeAs(good)
        .extracting(TopicKey::message)
        .contains(markets(""), blocks, subaccount(ADDRESS, 127_999));
  }

  @Property(tries = 3000)
  void whatPassesIsCanonicalAndWhatDoesNotIsAnInvalidRequest(@ForAll("topics") Topic topic) {
    List<TopicKey> keys;
    try {
      keys = new RequestReader().topics(List.of(topic));
    } catch (InvalidRequestException e) {
      assertThat(e.violations()).isNotEmpty();
      return;
    }
    assertThat(keys).hasSize(1);
    try {
      assertThat(new RequestReader().topics(List.of(keys.get(0).message()))).isEqualTo(keys);
    } catch (InvalidRequestException e) {
      throw new AssertionError("not idempotent: " + topic, e);
    }
  }

  @Provide
  Arbitrary<Topic> topics() {
    Arbitrary<String> odd = Arbitraries.strings().ofMaxLength(140);
    Arbitrary<String> plausible =
        Combinators.combine(
                Arbitraries.strings().withCharRange('A', 'Z').withChars("-.,0123").ofMaxLength(125),
                Arbitraries.of("", "-PERP", ".DYDX", "-PERP.DYDX", "-PERP-PERP", ".DYDX.DYDX"))
            .as((name, suffix) -> name + suffix);
    Arbitrary<String> texts =
        Arbitraries.oneOf(odd, plausible, Arbitraries.of(ADDRESS, "BTC-USD", "*"));
    Arbitrary<Integer> numbers =
        Arbitraries.oneOf(Arbitraries.integers(), Arbitraries.integers().between(-2, 130));
    return Combinators.combine(Arbitraries.integers().between(0, 10), texts, numbers)
        .as(
            (kind, text, number) ->
                switch (kind) {
                  case 0 -> trades(text);
                  case 1 -> book(text);
                  case 2 -> quotes(text);
                  case 3 -> markets(text);
                  case 4 -> candles(text, number);
                  case 5 -> subaccount(text, number);
                  case 6 -> parent(text, number);
                  case 8 -> view(text, number, duration(number, number));
                  case 9 -> quotesEvery(text, duration(0, number));
                  case 7 ->
                      Topic.newBuilder()
                          .setBlockHeight(BlockHeightTopic.getDefaultInstance())
                          .build();
                  default -> Topic.getDefaultInstance();
                });
  }

  // ---- all instruments

  @Test
  void allInstrumentsAreAcceptedWhereATopicIsOfOneInstrument() throws Exception {
    List<Topic> all =
        List.of(
            trades("*"),
            book("*"),
            quotes("*"),
            candles("*", CandleResolution.CANDLE_RESOLUTION_1MIN_VALUE));

    assertThat(new RequestReader().topics(all)).extracting(TopicKey::message).isEqualTo(all);
    assertThat(all).allMatch(RequestReader::namesAllInstruments);
    assertThat(RequestReader.namesAllInstruments(trades("*-PERP.DYDX"))).isFalse();
  }

  @Test
  void allMarketsAreAnEmptyIdAndNoStar() {
    assertThat(fieldsOf(subscriptions(markets("*"))))
        .containsExactly("subscriptions[0].topic.markets.instrument_id");
  }

  @Test
  void aCallForOneInstrumentTakesNoStar() {
    assertThatThrownBy(() -> new RequestReader().instrument("*"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage("instrument_id must name one instrument, got *");
  }

  @Test
  void allInstrumentsCannotBeResumedAndHaveNoSince() {
    TopicSubscription.Builder all = TopicSubscription.newBuilder().setTopic(trades("*"));

    assertThat(fieldsOf(List.of(all.clone().setResumeFrom(RESUME_POINT).build())))
        .containsExactly("subscriptions[0].resume_from");
    assertThat(fieldsOf(List.of(all.clone().setSince(SINCE).build())))
        .containsExactly("subscriptions[0].since");
  }

  // ---- views

  @Test
  void aViewKeepsItsDepthAndInterval() throws Exception {
    Topic book = view(200, duration(60, 0));
    Topic quotes = quotesEvery(duration(0, 1_000_000));

    assertThat(new RequestReader().topics(List.of(book, quotes)))
        .extracting(TopicKey::message)
        .containsExactly(
            view("BTC-USD-PERP.DYDX", 200, duration(60, 0)),
            quotesEvery("BTC-USD-PERP.DYDX", duration(0, 1_000_000)));
    assertThat(List.of(book, quotes, view(1, duration(0, 0)), view(0, duration(1, 0))))
        .allMatch(RequestReader::isView);
  }

  @Test
  void anIntervalOfZeroIsThatOfTheTopicItself() throws Exception {
    List<Topic> zero = List.of(view(0, duration(0, 0)), quotesEvery(duration(0, 0)));

    assertThat(new RequestReader().topics(zero))
        .containsExactlyElementsOf(
            new RequestReader().topics(List.of(book("BTC-USD"), quotes("BTC-USD"))));
    assertThat(zero).noneMatch(RequestReader::isView);
  }

  @Test
  void aDepthAbove200IsRefusedAsItWasSent() {
    for (int depth : new int[] {201, -1}) {
      assertThatThrownBy(
              () -> new RequestReader().subscriptions(subscriptions(view(depth, duration(0, 0)))))
          .hasMessage(
              "subscriptions[0].topic.order_book.depth must be 0 for the whole book, or 1 to 200,"
                  + " got "
                  + Integer.toUnsignedString(depth));
    }
  }

  static Stream<Arguments> wrongIntervals() {
    return Stream.of(
        Arguments.of(0, 999_999),
        Arguments.of(0, 1),
        Arguments.of(0, -1),
        Arguments.of(-1, 0),
        Arguments.of(-1, 1),
        Arguments.of(1, -1),
        Arguments.of(60, 1),
        Arguments.of(61, 0),
        Arguments.of(0, 1_000_000_000),
        Arguments.of(0, Integer.MIN_VALUE),
        Arguments.of(Long.MAX_VALUE, 0),
        Arguments.of(Long.MIN_VALUE, 0));
  }

  @ParameterizedTest
  @MethodSource("wrongIntervals")
  void anIntervalThatIsNegativeMalformedOrOutOfRangeIsRefused(long seconds, int nanos) {
    assertThat(fieldsOf(subscriptions(view(10, duration(seconds, nanos)))))
        .containsExactly("subscriptions[0].topic.order_book.interval");
    assertThat(fieldsOf(subscriptions(quotesEvery(duration(seconds, nanos)))))
        .containsExactly("subscriptions[0].topic.quotes.interval");
  }

  @Test
  void aViewCannotBeResumed() {
    for (Topic view :
        List.of(view(10, duration(0, 0)), view(0, duration(1, 0)), quotesEvery(duration(1, 0)))) {
      assertThat(
              fieldsOf(
                  List.of(
                      TopicSubscription.newBuilder()
                          .setTopic(view)
                          .setResumeFrom(RESUME_POINT)
                          .build())))
          .containsExactly("subscriptions[0].resume_from");
    }
  }

  // ---- since

  private static List<TopicSubscription> since(Topic topic, Timestamp since) {
    return List.of(TopicSubscription.newBuilder().setTopic(topic).setSince(since).build());
  }

  @Test
  void sinceIsNotServedByThisVersion() {
    for (Topic topic :
        List.of(
            trades("BTC-USD"),
            candles("BTC-USD", CandleResolution.CANDLE_RESOLUTION_1MIN_VALUE),
            subaccount(ADDRESS, 0),
            parent(ADDRESS, 0))) {
      InvalidRequestException refused =
          catchThrowableOfType(
              InvalidRequestException.class,
              () -> new RequestReader().subscriptions(since(topic, SINCE)));
      assertThat(refused).hasMessage("subscriptions[0].since is not served by this version");
      assertThat(Statuses.of(refused).getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    }
  }

  @Test
  void sinceIsRefusedOnTopicsWithoutHistory() {
    for (Topic topic :
        List.of(
            book("BTC-USD"),
            quotes("BTC-USD"),
            markets(""),
            Topic.newBuilder().setBlockHeight(BlockHeightTopic.getDefaultInstance()).build())) {
      assertThat(fieldsOf(since(topic, SINCE))).containsExactly("subscriptions[0].since");
    }
  }

  @Test
  void sinceAndAResumePointExcludeEachOther() {
    assertThat(
            fieldsOf(
                List.of(
                    TopicSubscription.newBuilder()
                        .setTopic(trades("BTC-USD"))
                        .setResumeFrom(RESUME_POINT)
                        .setSince(SINCE)
                        .build())))
        .containsExactly("subscriptions[0].since");
  }

  @Test
  void aTimestampThatIsNoneIsRefused() {
    for (Timestamp wrong :
        List.of(
            timestamp(-62_135_596_801L, 0),
            timestamp(253_402_300_800L, 0),
            timestamp(0, -1),
            timestamp(0, 1_000_000_000),
            timestamp(Long.MAX_VALUE, Integer.MAX_VALUE))) {
      assertThat(fieldsOf(since(trades("BTC-USD"), wrong)))
          .containsExactly("subscriptions[0].since");
    }
  }

  @Test
  void aMalformedFieldIsNamedBeforeWhatThisVersionDoesNotServe() {
    List<TopicSubscription> mixed = new ArrayList<>(since(trades("BTC-USD"), SINCE));
    mixed.add(subscription(trades("")));
    assertThat(fieldsOf(mixed)).containsExactly("subscriptions[1].topic.trades.instrument_id");
  }

  // ---- flush interval and network

  @Test
  void theFlushIntervalIsAtMostHalfOfTheBoundForLag() throws Exception {
    Duration oneSecond = Duration.ofSeconds(1);

    assertThat(new RequestReader().flushInterval(duration(0, 0), oneSecond)).isZero();
    assertThat(new RequestReader().flushInterval(duration(0, 500_000_000), oneSecond))
        .isEqualTo(Duration.ofMillis(500));
    assertThatThrownBy(() -> new RequestReader().flushInterval(duration(0, 500_000_001), oneSecond))
        .hasMessage("flush_interval must be from 0 s to half of max_lag, 0.5 s");
    assertThat(new RequestReader().flushInterval(duration(60, 0), Duration.ofMinutes(2)))
        .isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void withoutABoundForLagTheFlushIntervalIsAtMostAMinute() throws Exception {
    assertThat(new RequestReader().flushInterval(duration(60, 0), Duration.ZERO))
        .isEqualTo(Duration.ofMinutes(1));
    assertThatThrownBy(() -> new RequestReader().flushInterval(duration(60, 1), Duration.ZERO))
        .hasMessage("flush_interval must be from 0 s to 60 s");
  }

  @Test
  void aFlushIntervalThatIsNegativeOrMalformedIsRefused() {
    for (com.google.protobuf.Duration wrong :
        List.of(
            duration(-1, 0),
            duration(0, -1),
            duration(0, 1_000_000_000),
            duration(Long.MIN_VALUE, 0),
            duration(Long.MAX_VALUE, 0))) {
      InvalidRequestException invalid =
          catchThrowableOfType(
              InvalidRequestException.class,
              () -> new RequestReader().flushInterval(wrong, Duration.ZERO));
      assertThat(invalid.violations())
          .extracting(InvalidRequestException.Violation::field)
          .containsExactly("flush_interval");
    }
  }

  @Test
  void anotherNetworkThanTheGatewaysIsRefusedAndBothAreNamed() throws Exception {
    new RequestReader().requireNetwork("", "mainnet");
    new RequestReader().requireNetwork("mainnet", "mainnet");

    InvalidRequestException refused =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> new RequestReader().requireNetwork("testnet", "mainnet"));
    assertThat(refused).hasMessage("expected_network is testnet, but this gateway serves mainnet");
    StatusRuntimeException status = Statuses.of(refused);
    assertThat(status.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    ErrorInfo info = StatusesTest.errorInfo(status);
    assertThat(info.getReason()).isEqualTo("NETWORK_MISMATCH");
    assertThat(info.getMetadataMap())
        .containsOnly(entry("expected_network", "testnet"), entry("network", "mainnet"));
  }

  @Test
  void aNetworkNameOfAnyLengthGetsAShortAnswer() {
    assertThatThrownBy(() -> new RequestReader().requireNetwork("x".repeat(100_000), "mainnet"))
        .hasMessage("expected_network is another, but this gateway serves mainnet");
  }
}
