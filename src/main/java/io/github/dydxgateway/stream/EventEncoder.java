package io.github.dydxgateway.stream;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Gap;
import io.github.dydxgateway.v1.GapReason;
import io.github.dydxgateway.v1.Heartbeat;
import io.github.dydxgateway.v1.StreamOpened;
import io.github.dydxgateway.v1.SubscribeResponse;
import io.github.dydxgateway.v1.SubscriptionError;
import io.github.dydxgateway.v1.SubscriptionState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

/**
 * Encodes events as elements of a response message: the field's tag, its length, the event.
 * SubscribeResponse and SessionResponse hold their events in the same field, so an element is a
 * whole response message of both by itself, and so are several of them one after the other.
 */
final class EventEncoder {
  private EventEncoder() {}

  static byte[] encode(Event event) {
    return SubscribeResponse.newBuilder().addEvents(event).build().toByteArray();
  }

  /**
   * An event of a topic, without an object for the event.
   *
   * @param topic from {@link #topicField}
   */
  static byte[] encode(byte[] topic, long sequence, long receiveTimeNs, EventPayload payload) {
    int eventSize =
        (sequence == 0
                ? 0
                : CodedOutputStream.computeUInt64Size(Event.SEQUENCE_FIELD_NUMBER, sequence))
            + (receiveTimeNs == 0
                ? 0
                : CodedOutputStream.computeFixed64Size(
                    Event.RECEIVE_TIME_NS_FIELD_NUMBER, receiveTimeNs))
            + topic.length
            + payload.serializedSize();
    byte[] message =
        new byte
            [CodedOutputStream.computeTagSize(SubscribeResponse.EVENTS_FIELD_NUMBER)
                + CodedOutputStream.computeUInt32SizeNoTag(eventSize)
                + eventSize];
    CodedOutputStream out = CodedOutputStream.newInstance(message);
    try {
      out.writeTag(SubscribeResponse.EVENTS_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(eventSize);
      if (sequence != 0) {
        out.writeUInt64(Event.SEQUENCE_FIELD_NUMBER, sequence);
      }
      if (receiveTimeNs != 0) {
        out.writeFixed64(Event.RECEIVE_TIME_NS_FIELD_NUMBER, receiveTimeNs);
      }
      out.writeRawBytes(topic);
      payload.writeTo(out);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return message;
  }

  /** The topic as all its events carry it. */
  static byte[] topicField(TopicKey key) {
    return Event.newBuilder().setTopic(key.message()).build().toByteArray();
  }

  static byte[] opened(String epoch, String version) {
    return encode(
        unnumbered()
            .setStreamOpened(StreamOpened.newBuilder().setEpoch(epoch).setGatewayVersion(version))
            .build());
  }

  static byte[] heartbeat() {
    long now = nowNs();
    return encode(
        Event.newBuilder()
            .setReceiveTimeNs(now)
            .setHeartbeat(Heartbeat.newBuilder().setGatewayTimeNs(now))
            .build());
  }

  static byte[] state(TopicKey key, SubscriptionState.State state, String reason) {
    return encode(
        unnumbered()
            .setTopic(key.message())
            .setSubscriptionState(SubscriptionState.newBuilder().setState(state).setReason(reason))
            .build());
  }

  static byte[] error(TopicKey key, TopicFailure failure) {
    return encode(
        unnumbered()
            .setTopic(key.message())
            .setSubscriptionError(
                SubscriptionError.newBuilder()
                    .setCode(failure.code())
                    .setMessage(failure.message())
                    .setRetryable(failure.retryable()))
            .build());
  }

  static byte[] gap(TopicKey key, long firstMissing, long lastMissing, GapReason reason) {
    return encode(
        unnumbered()
            .setTopic(key.message())
            .setGap(
                Gap.newBuilder()
                    .setFirstMissingSequence(firstMissing)
                    .setLastMissingSequence(lastMissing)
                    .setReason(reason))
            .build());
  }

  private static Event.Builder unnumbered() {
    return Event.newBuilder().setReceiveTimeNs(nowNs());
  }

  /** Nanoseconds since the Unix epoch. */
  static long nowNs() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }
}
