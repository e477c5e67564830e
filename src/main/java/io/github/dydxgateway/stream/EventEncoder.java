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
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Instant;

/**
 * Encodes events as elements of a response message: the field's tag, its length, the event.
 * SubscribeResponse and SessionResponse hold their events in the same field, so an element is a
 * whole response message of both by itself, and so are several of them one after the other.
 */
final class EventEncoder {
  private static final int FIELD_SHIFT = 3;
  private static final int SEQUENCE_TAG =
      Event.SEQUENCE_FIELD_NUMBER << FIELD_SHIFT | WireFormat.WIRETYPE_VARINT;
  private static final int RECEIVE_TIME_TAG =
      Event.RECEIVE_TIME_NS_FIELD_NUMBER << FIELD_SHIFT | WireFormat.WIRETYPE_FIXED64;
  private static final VarHandle FIXED64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private EventEncoder() {}

  static byte[] encode(Event event) {
    return SubscribeResponse.newBuilder().addEvents(event).build().toByteArray();
  }

  // ---- entries of a log

  /** The topic as all its events carry it. */
  static byte[] topicField(TopicKey key) {
    return Event.newBuilder().setTopic(key.message()).build().toByteArray();
  }

  /** Bytes of an event, without the tag and length of the element. */
  static int eventSize(byte[] topicField, long sequence, long receiveTimeNs, EventPayload payload) {
    return (sequence == 0
            ? 0
            : CodedOutputStream.computeUInt64Size(Event.SEQUENCE_FIELD_NUMBER, sequence))
        + (receiveTimeNs == 0
            ? 0
            : CodedOutputStream.computeFixed64Size(
                Event.RECEIVE_TIME_NS_FIELD_NUMBER, receiveTimeNs))
        + topicField.length
        + payload.serializedSize();
  }

  /** Bytes of an element. */
  static int elementSize(int eventSize) {
    return CodedOutputStream.computeTagSize(SubscribeResponse.EVENTS_FIELD_NUMBER)
        + CodedOutputStream.computeUInt32SizeNoTag(eventSize)
        + eventSize;
  }

  /**
   * Writes an element, without an object for the event.
   *
   * @throws IOException if there is no room, or the payload has written more or less than it said
   */
  static void write(
      CodedOutputStream out,
      int eventSize,
      byte[] topicField,
      long sequence,
      long receiveTimeNs,
      EventPayload payload)
      throws IOException {
    out.writeTag(SubscribeResponse.EVENTS_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(eventSize);
    int begin = out.getTotalBytesWritten();
    if (sequence != 0) {
      out.writeUInt64(Event.SEQUENCE_FIELD_NUMBER, sequence);
    }
    if (receiveTimeNs != 0) {
      out.writeFixed64(Event.RECEIVE_TIME_NS_FIELD_NUMBER, receiveTimeNs);
    }
    out.writeRawBytes(topicField);
    payload.writeTo(out);
    if (out.getTotalBytesWritten() - begin != eventSize) {
      throw new IOException("a payload has written another length than it said");
    }
  }

  /** When the frame of an entry arrived, nanoseconds since the Unix epoch; 0: not known. */
  static long receiveTimeNs(byte[] bytes, int offset) {
    int at = afterVarint(bytes, offset + 1);
    if (bytes[at] == SEQUENCE_TAG) {
      at = afterVarint(bytes, at + 1);
    }
    return bytes[at] == RECEIVE_TIME_TAG ? (long) FIXED64.get(bytes, at + 1) : 0;
  }

  private static int afterVarint(byte[] bytes, int offset) {
    int at = offset;
    while (bytes[at] < 0) {
      at++;
    }
    return at + 1;
  }

  // ---- events of one stream

  static byte[] opened(StreamIdentity identity) {
    return encode(
        unnumbered()
            .setStreamOpened(
                StreamOpened.newBuilder()
                    .setEpoch(identity.epoch())
                    .setGatewayVersion(identity.version())
                    .setNetwork(identity.network())
                    .setUpstreamHost(identity.upstreamHost()))
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
    return state(key, state, reason, 0);
  }

  /**
   * A state for one stream.
   *
   * @param sequence of the entry of the log that it stands for; 0: none
   */
  static byte[] state(TopicKey key, SubscriptionState.State state, String reason, long sequence) {
    return encode(
        unnumbered()
            .setSequence(sequence)
            .setTopic(key.message())
            .setSubscriptionState(stateMessage(state, reason))
            .build());
  }

  static SubscriptionState stateMessage(SubscriptionState.State state, String reason) {
    return SubscriptionState.newBuilder().setState(state).setReason(reason).build();
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
            .setGap(gapMessage(firstMissing, lastMissing, reason))
            .build());
  }

  static Gap gapMessage(long firstMissing, long lastMissing, GapReason reason) {
    return Gap.newBuilder()
        .setFirstMissingSequence(firstMissing)
        .setLastMissingSequence(lastMissing)
        .setReason(reason)
        .build();
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
