package io.github.dydxgateway.feed;

import com.google.protobuf.CodedOutputStream;
import io.github.dydxgateway.stream.EventPayload;
import io.github.dydxgateway.stream.state.MarketsState;
import io.github.dydxgateway.stream.state.TopicState;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.MarketUpdate;
import java.io.IOException;

/** A MarketUpdate. */
record MarketUpdatePayload(MarketUpdate update) implements EventPayload {
  @Override
  public int serializedSize() {
    return CodedOutputStream.computeMessageSize(Event.MARKET_UPDATE_FIELD_NUMBER, update);
  }

  @Override
  public void writeTo(CodedOutputStream out) throws IOException {
    out.writeMessage(Event.MARKET_UPDATE_FIELD_NUMBER, update);
  }

  @Override
  public void applyTo(TopicState state, long receiveTimeNs) {
    ((MarketsState) state).change(update, receiveTimeNs);
  }
}
