import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.GatewayServiceGrpc;
import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.Side;
import io.github.dydxgateway.v1.SlowConsumerPolicy;
import io.github.dydxgateway.v1.SubscribeRequest;
import io.github.dydxgateway.v1.SubscribeResponse;
import io.github.dydxgateway.v1.SubscriptionState;
import io.github.dydxgateway.v1.Topic;
import io.github.dydxgateway.v1.TopicSubscription;
import io.github.dydxgateway.v1.Trade;
import io.github.dydxgateway.v1.TradeType;
import io.github.dydxgateway.v1.TradesTopic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;

/** Builds a request and decodes a canned response. */
public final class Program {
  private Program() {}

  private static ByteString cannedBytes(String folder, String name) throws Exception {
    var text = Files.readString(Path.of(folder, name + ".hex")).replaceAll("\\s", "");
    return ByteString.copyFrom(HexFormat.of().parseHex(text));
  }

  private static void expect(Object actual, Object expected) {
    if (!Objects.equals(actual, expected)) {
      throw new AssertionError("expected " + expected + ", got " + actual);
    }
  }

  public static void main(String[] arguments) throws Exception {
    var canned = arguments[0];
    var request =
        SubscribeRequest.newBuilder()
            .addSubscriptions(
                TopicSubscription.newBuilder()
                    .setTopic(
                        Topic.newBuilder()
                            .setTrades(
                                TradesTopic.newBuilder().setInstrumentId("BTC-USD-PERP.DYDX")))
                    .setResumeFrom(
                        ResumePoint.newBuilder()
                            .setEpoch("epoch-1")
                            .setSequence(9007199254740993L)))
            .setSlowConsumerPolicy(SlowConsumerPolicy.SLOW_CONSUMER_POLICY_CONFLATE)
            .setMaxLag(Duration.newBuilder().setNanos(250_000_000))
            .setExpectedNetwork("mainnet")
            .build();
    expect(request.toByteString(), cannedBytes(canned, "request"));

    var response = SubscribeResponse.parseFrom(cannedBytes(canned, "response"));
    expect(response.getEventsCount(), 2);
    Event event = response.getEvents(0);
    expect(event.getSequence(), 9007199254740993L);
    expect(event.getReceiveTimeNs(), 1764547200123456789L);
    expect(event.getPayloadCase(), Event.PayloadCase.TRADES);
    Trade trade = event.getTrades().getTrades(0);
    expect(trade.getPrice(), -9007199254740995L);
    expect(trade.getSide(), Side.SIDE_SELL);
    expect(trade.getType(), TradeType.UNRECOGNIZED);
    expect(trade.getTypeValue(), 99);
    expect(trade.getEventTimeNs(), 1764547200123456787L);
    expect(Long.toUnsignedString(trade.getBlockHeight()), "18446744073709551615");
    expect(trade.getExtraFieldsMap(), Map.of("newField", "{\"a\":1}"));
    expect(
        response.getEvents(1).getSubscriptionState().getState(),
        SubscriptionState.State.STATE_LIVE);
    expect(response.toByteString(), cannedBytes(canned, "response"));

    expect(GatewayServiceGrpc.getServiceDescriptor().getName(), "dydxgateway.v1.GatewayService");
  }
}
