package io.github.dydxgateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.rpc.BadRequest;
import io.github.dydxgateway.stream.TopicFailure;
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
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
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
    Arbitrary<String> texts = Arbitraries.oneOf(odd, plausible, Arbitraries.of(ADDRESS, "BTC-USD"));
    Arbitrary<Integer> numbers =
        Arbitraries.oneOf(Arbitraries.integers(), Arbitraries.integers().between(-2, 130));
    return Combinators.combine(Arbitraries.integers().between(0, 8), texts, numbers)
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
                  case 7 ->
                      Topic.newBuilder()
                          .setBlockHeight(BlockHeightTopic.getDefaultInstance())
                          .build();
                  default -> Topic.getDefaultInstance();
                });
  }

  // ---- statuses and messages

  @Test
  void violationsAreReadableAsBadRequestDetails() throws Exception {
    InvalidRequestException invalid =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> new RequestReader().subscriptions(subscriptions(trades(""), candles("A", 0))));
    StatusRuntimeException thrown = Statuses.of(invalid);

    assertThat(thrown.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(thrown.getStatus().getDescription())
        .startsWith("subscriptions[0].topic.trades.instrument_id must name an instrument");
    com.google.rpc.Status status = StatusProto.fromThrowable(thrown);
    BadRequest details = status.getDetails(0).unpack(BadRequest.class);
    assertThat(details.getFieldViolationsList())
        .extracting(BadRequest.FieldViolation::getField)
        .containsExactly(
            "subscriptions[0].topic.trades.instrument_id",
            "subscriptions[1].topic.candles.resolution");
    assertThat(details.getFieldViolations(1).getDescription()).endsWith("got 0");
  }

  @Test
  void aFailureKeepsItsCodeAndWords() {
    Status status =
        Statuses.of(new TopicFailure(TopicFailure.RESOURCE_EXHAUSTED, "too slow", true));

    assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(status.getDescription()).isEqualTo("too slow");
  }
}
