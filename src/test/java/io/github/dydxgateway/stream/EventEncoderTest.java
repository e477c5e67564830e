package io.github.dydxgateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedOutputStream;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.CandlesTopic;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.MarketUpdate;
import io.github.dydxgateway.v1.MarketsTopic;
import io.github.dydxgateway.v1.OrderBookTopic;
import io.github.dydxgateway.v1.SessionResponse;
import io.github.dydxgateway.v1.SubscribeResponse;
import io.github.dydxgateway.v1.Topic;
import java.io.IOException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;

class EventEncoderTest {

  @Property
  void anEventIsThatOfItsBuilder(
      @ForAll("topics") Topic topic,
      @ForAll @LongRange(min = 1) long sequence,
      @ForAll long receiveTimeNs,
      @ForAll @StringLength(max = 20_000) String text)
      throws IOException {
    MarketUpdate update = MarketUpdate.newBuilder().setOraclePrice(text).build();
    byte[] field = EventEncoder.topicField(new TopicKey(topic));
    EventPayload payload = EventPayload.of(Event.MARKET_UPDATE_FIELD_NUMBER, update);
    int size = EventEncoder.eventSize(field, sequence, receiveTimeNs, payload);
    byte[] bytes = new byte[EventEncoder.elementSize(size)];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    EventEncoder.write(out, size, field, sequence, receiveTimeNs, payload);
    out.checkNoSpaceLeft();
    Event event =
        Event.newBuilder()
            .setTopic(topic)
            .setSequence(sequence)
            .setReceiveTimeNs(receiveTimeNs)
            .setMarketUpdate(update)
            .build();
    byte[] built = SubscribeResponse.newBuilder().addEvents(event).build().toByteArray();
    assertThat(bytes).isEqualTo(built);
    assertThat(EventEncoder.receiveTimeNs(bytes, 0)).isEqualTo(receiveTimeNs);
    assertThat(SubscribeResponse.parseFrom(bytes)).isEqualTo(SubscribeResponse.parseFrom(built));
    assertThat(SessionResponse.parseFrom(bytes)).isEqualTo(SessionResponse.parseFrom(built));
  }

  @Provide
  Arbitrary<Topic> topics() {
    return Arbitraries.of(
        Topic.newBuilder()
            .setOrderBook(OrderBookTopic.newBuilder().setInstrumentId("BTC-USD-PERP.DYDX"))
            .build(),
        Topic.newBuilder()
            .setCandles(
                CandlesTopic.newBuilder()
                    .setInstrumentId("X".repeat(128))
                    .setResolution(CandleResolution.CANDLE_RESOLUTION_1DAY))
            .build(),
        Topic.newBuilder().setMarkets(MarketsTopic.getDefaultInstance()).build());
  }
}
