package io.github.dydxgateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.stream.EventBatch;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.SessionResponse;
import io.github.dydxgateway.v1.SubscribeResponse;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class EventBatchMarshallerTest {
  private final EventBatchMarshaller marshaller = new EventBatchMarshaller();

  private static EventBatch batch(byte[]... events) {
    EventBatch batch = new EventBatch();
    for (byte[] event : events) {
      batch.add(event);
    }
    return batch;
  }

  @Test
  void eventsAreWrittenOneAfterTheOther() throws Exception {
    EventBatch batch = batch(new byte[] {1, 2, 3}, new byte[0], new byte[] {4});

    try (InputStream stream = marshaller.stream(batch)) {
      assertThat(stream).isInstanceOf(KnownLength.class);
      assertThat(stream.available()).isEqualTo(4);
      ByteArrayOutputStream target = new ByteArrayOutputStream();
      assertThat(((Drainable) stream).drainTo(target)).isEqualTo(4);
      assertThat(target.toByteArray()).containsExactly(1, 2, 3, 4);
      assertThat(stream.available()).isZero();
      assertThat(((Drainable) stream).drainTo(target)).isZero();
      assertThat(stream.read()).isEqualTo(-1);
    }
  }

  @Test
  void aTransportThatReadsInPiecesGetsTheSame() throws Exception {
    EventBatch batch = batch(new byte[] {1, 2, 3}, new byte[] {4, -5}, new byte[] {6});

    try (InputStream stream = marshaller.stream(batch)) {
      assertThat(stream.read()).isEqualTo(1);
      assertThat(stream.readNBytes(3)).containsExactly(2, 3, 4);
      assertThat(stream.available()).isEqualTo(2);
      ByteArrayOutputStream rest = new ByteArrayOutputStream();
      assertThat(((Drainable) stream).drainTo(rest)).isEqualTo(2);
      assertThat(rest.toByteArray()).containsExactly(-5, 6);
      assertThat(stream.available()).isZero();
      assertThat(stream.read()).isEqualTo(-1);
    }
    assertThat(marshaller.parse(marshaller.stream(batch)).toByteArray())
        .containsExactly(1, 2, 3, 4, -5, 6);
  }

  @Test
  void encodedEventsAreAMessageOfBothCalls() throws Exception {
    Event first = Event.newBuilder().setSequence(7).build();
    Event second = Event.newBuilder().setSequence(8).build();
    EventBatch batch =
        batch(
            SubscribeResponse.newBuilder().addEvents(first).build().toByteArray(),
            SubscribeResponse.newBuilder().addEvents(second).build().toByteArray());

    byte[] message = marshaller.stream(batch).readAllBytes();

    assertThat(SubscribeResponse.parseFrom(message).getEventsList()).containsExactly(first, second);
    assertThat(SessionResponse.parseFrom(message).getEventsList()).containsExactly(first, second);
  }
}
