package io.github.dydxgateway.stream;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.github.dydxgateway.stream.state.TopicState;
import java.io.IOException;

/**
 * What an event tells: one field of the payload, with its tag and length. A feed that has much to
 * tell writes it without an object for each message of the contract.
 *
 * <p>Asked on the topic's loop while the event is published, and not kept: it must not change
 * between its size and its bytes, and may be filled anew for the next event.
 */
public interface EventPayload {

  /** Bytes that {@link #writeTo} writes. */
  int serializedSize();

  /**
   * Writes the field.
   *
   * @throws IOException if there is no room for {@link #serializedSize} bytes
   */
  void writeTo(CodedOutputStream out) throws IOException;

  /**
   * Applies the event to what the topic is about, before it is written.
   *
   * @param receiveTimeNs when its frame arrived, nanoseconds since the Unix epoch
   */
  void applyTo(TopicState state, long receiveTimeNs);

  /**
   * A message of the contract as payload of an event that does not change what a topic is about.
   *
   * @param fieldNumber of the field of {@link io.github.dydxgateway.v1.Event} that holds it
   */
  static EventPayload of(int fieldNumber, MessageLite message) {
    return new EventPayload() {
      @Override
      public int serializedSize() {
        return CodedOutputStream.computeMessageSize(fieldNumber, message);
      }

      @Override
      public void writeTo(CodedOutputStream out) throws IOException {
        out.writeMessage(fieldNumber, message);
      }

      @Override
      public void applyTo(TopicState state, long receiveTimeNs) {}
    };
  }
}
