package io.github.dydxgateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.github.dydxgateway.stream.ClientLimit;
import io.github.dydxgateway.stream.TopicFailure;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.CandlesTopic;
import io.github.dydxgateway.v1.ResumeInfo;
import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.SubaccountTopic;
import io.github.dydxgateway.v1.Topic;
import io.github.dydxgateway.v1.TopicSubscription;
import io.github.dydxgateway.v1.TradesTopic;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusesTest {
  private static <M extends Message> List<M> details(StatusRuntimeException status, Class<M> type) {
    return StatusProto.fromThrowable(status).getDetailsList().stream()
        .filter(detail -> detail.is(type))
        .map(detail -> unpacked(detail, type))
        .toList();
  }

  private static <M extends Message> M unpacked(Any detail, Class<M> type) {
    try {
      return detail.unpack(type);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  /** The one {@code ErrorInfo} of a status. */
  static ErrorInfo errorInfo(StatusRuntimeException status) {
    List<ErrorInfo> infos = details(status, ErrorInfo.class);
    assertThat(infos).singleElement().extracting(ErrorInfo::getDomain).isEqualTo("dydxgateway");
    return infos.get(0);
  }

  @Test
  void violationsAreReadableAsBadRequestDetails() {
    List<TopicSubscription> malformed =
        List.of(
            subscription(Topic.newBuilder().setTrades(TradesTopic.getDefaultInstance())),
            subscription(
                Topic.newBuilder()
                    .setCandles(
                        CandlesTopic.newBuilder()
                            .setInstrumentId("A")
                            .setResolution(CandleResolution.CANDLE_RESOLUTION_UNSPECIFIED))));
    InvalidRequestException invalid =
        catchThrowableOfType(
            InvalidRequestException.class, () -> new RequestReader().subscriptions(malformed));
    StatusRuntimeException thrown = Statuses.of(invalid);

    assertThat(thrown.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(thrown.getStatus().getDescription())
        .startsWith("subscriptions[0].topic.trades.instrument_id must name an instrument");
    BadRequest details = details(thrown, BadRequest.class).get(0);
    assertThat(details.getFieldViolationsList())
        .extracting(BadRequest.FieldViolation::getField)
        .containsExactly(
            "subscriptions[0].topic.trades.instrument_id",
            "subscriptions[1].topic.candles.resolution");
    assertThat(details.getFieldViolations(1).getDescription()).endsWith("got 0");
  }

  private static TopicSubscription subscription(Topic.Builder topic) {
    return TopicSubscription.newBuilder().setTopic(topic).build();
  }

  @Test
  void aFailureKeepsItsCodeAndWords() {
    Status status =
        Statuses.of(new TopicFailure(TopicFailure.RESOURCE_EXHAUSTED, "too slow", true))
            .getStatus();

    assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(status.getDescription()).isEqualTo("too slow");
  }

  @ParameterizedTest
  @CsvSource({
    "5, INSTRUMENT_NOT_FOUND",
    "6, ALREADY_SUBSCRIBED",
    "7, NOT_ALLOWED",
    "8, LIMIT_REACHED",
    "9, REFUSED_BY_VENUE",
    "13, INTERNAL",
    "14, TEMPORARILY_UNAVAILABLE",
    "16, TOKEN_EXPIRED",
  })
  void aFailureHasAReason(int code, String reason) {
    StatusRuntimeException status = Statuses.of(new TopicFailure(code, "words", false));
    assertThat(errorInfo(status).getReason()).isEqualTo(reason);
  }

  @Test
  void aClientThatIsCutOffGetsThePointToResumeEachTopicFrom() {
    ResumeInfo trades =
        resumeInfo(
            Topic.newBuilder()
                .setTrades(TradesTopic.newBuilder().setInstrumentId("BTC-USD-PERP.DYDX")),
            7);
    ResumeInfo account =
        resumeInfo(
            Topic.newBuilder().setSubaccount(SubaccountTopic.newBuilder().setAddress("dydx1…")), 8);
    StatusRuntimeException status =
        Statuses.of(
            new TopicFailure(TopicFailure.RESOURCE_EXHAUSTED, "too slow", true),
            List.of(trades, account));

    assertThat(status.getStatus().getDescription()).isEqualTo("too slow");
    assertThat(errorInfo(status).getReason()).isEqualTo("CLIENT_TOO_SLOW");
    assertThat(details(status, ResumeInfo.class)).containsExactly(trades, account);
  }

  private static ResumeInfo resumeInfo(Topic.Builder topic, long sequence) {
    return ResumeInfo.newBuilder()
        .setTopic(topic)
        .setResumeFrom(ResumePoint.newBuilder().setEpoch("epoch").setSequence(sequence))
        .build();
  }

  @Test
  void aLimitIsNamedByItsKey() {
    for (ClientLimit limit : ClientLimit.values()) {
      StatusRuntimeException status = Statuses.limitReached("as many as may be", limit);
      assertThat(status.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(status.getStatus().getDescription())
          .isEqualTo("as many as may be (" + limit.key() + ")");
      assertThat(errorInfo(status).getReason()).isEqualTo("LIMIT_REACHED");
      assertThat(errorInfo(status).getMetadataMap()).containsOnly(entry("limit", limit.key()));
    }
    assertThat(errorInfo(Statuses.tooManyStreams(5)).getMetadataMap())
        .containsOnly(entry("limit", "gateway.stream.max-streams"));
    assertThat(errorInfo(Statuses.tooManyTopics(5)).getMetadataMap())
        .containsOnly(entry("limit", "gateway.stream.max-topics-per-stream"));
  }

  @Test
  void theEndOfATokenAndAMissingVenueHaveReasons() {
    assertThat(Statuses.tokenExpired().getStatus().getCode())
        .isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(errorInfo(Statuses.tokenExpired()).getReason()).isEqualTo("TOKEN_EXPIRED");
    assertThat(Statuses.notConnected().getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(errorInfo(Statuses.notConnected()).getReason()).isEqualTo("NOT_CONNECTED");
  }

  @Test
  void theDocumentationListsEveryReason() throws IOException {
    String page = Files.readString(Path.of("docs", "errors.md"));
    List<String> listed =
        page.lines()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.substring(3, line.indexOf('`', 3)))
            .toList();
    assertThat(listed)
        .containsExactlyElementsOf(Stream.of(ErrorReason.values()).map(Enum::name).toList());
  }
}
