package io.github.dydxgateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.dydxgateway.v1.BlockHeight;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.SubaccountUpdate;
import io.github.dydxgateway.v1.SubscribeResponse;
import io.github.dydxgateway.v1.SubscriptionState.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TopicLogTest {
  private static final byte[] FIELD = EventEncoder.topicField(Topics.of(TopicKind.BLOCK_HEIGHT));
  private static final long BASE = 1000;
  private static final long NO_LIMIT = 1L << 30;
  private static final long AGE = Duration.ofHours(1).toNanos();
  private static final int MANY = 1 << 20;

  private final LogSlice slice = new LogSlice();
  private long now;

  private static TopicLog log(int events, long bytes) {
    return new TopicLog(FIELD, true, BASE, events, bytes, AGE);
  }

  private static EventPayload block(long height) {
    return EventPayload.of(
        Event.BLOCK_HEIGHT_FIELD_NUMBER, BlockHeight.newBuilder().setHeight(height).build());
  }

  private static EventPayload padded(int length) {
    return EventPayload.of(
        Event.SUBACCOUNT_UPDATE_FIELD_NUMBER,
        SubaccountUpdate.newBuilder().setAddress("x".repeat(length)).build());
  }

  private long append(TopicLog log, EventPayload payload) {
    return log.append(payload, 7, State.STATE_LIVE, false, now);
  }

  private long move(TopicLog log, State state) {
    return log.append(
        EventPayload.of(
            Event.SUBSCRIPTION_STATE_FIELD_NUMBER, EventEncoder.stateMessage(state, "")),
        7,
        state,
        true,
        now);
  }

  private List<Event> events() {
    return events(slice);
  }

  private static List<Event> events(LogSlice slice) {
    try {
      return SubscribeResponse.parseFrom(
              Arrays.copyOfRange(slice.bytes(), slice.offset(), slice.offset() + slice.length()))
          .getEventsList();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anEmptyLogHasNothingAndTakesNoMemory() {
    TopicLog log = log(16, NO_LIMIT);

    assertThat(log.head()).isEqualTo(BASE);
    assertThat(log.oldest()).isEqualTo(BASE + 1);
    assertThat(log.bytes()).isZero();
    assertThat(log.read(BASE + 1, BASE + 1, MANY, false, slice)).isFalse();
  }

  @Test
  void thePlaceOfAnEntryIsItsSequence() {
    TopicLog log = log(1 << 16, NO_LIMIT);
    for (int i = 1; i <= 5000; i++) {
      assertThat(append(log, block(i))).isEqualTo(BASE + i);
    }
    long next = BASE + 1;
    while (next <= log.head()) {
      assertThat(log.read(next, log.head(), MANY, false, slice)).isTrue();
      for (Event event : events()) {
        assertThat(event.getSequence()).isEqualTo(next);
        assertThat(event.getBlockHeight().getHeight()).isEqualTo(next - BASE);
        next++;
      }
      assertThat(slice.last()).isEqualTo(next - 1);
    }
  }

  @Test
  void aRunHasNoMoreBytesThanAskedForUnlessOneEntryHas() {
    TopicLog log = log(64, NO_LIMIT);
    for (int i = 0; i < 3; i++) {
      append(log, padded(100));
    }
    log.read(BASE + 1, log.head(), 300, false, slice);
    assertThat(slice.count()).isEqualTo(2);
    assertThat(slice.length()).isLessThanOrEqualTo(300);
    log.read(BASE + 1, log.head(), 10, false, slice);
    assertThat(slice.count()).isEqualTo(1);
    log.read(BASE + 2, BASE + 2, MANY, false, slice);
    assertThat(slice.last()).isEqualTo(BASE + 2);
  }

  @Test
  void keepsAtLeastSoManyEntriesAndAtMostThreeTimesAsMany() {
    for (int most : new int[] {1, 2, 3, 7, 32, 100, 1000}) {
      TopicLog log = log(most, NO_LIMIT);
      for (int i = 0; i < 10_000; i++) {
        append(log, block(i));
        if (i >= 2 * most) {
          assertThat(log.head() - log.oldest() + 1).isBetween((long) most, 3L * most);
        }
      }
    }
  }

  @Test
  void neverTakesMoreBytesThanAllowed() {
    TopicLog log = log(1 << 20, 100_000);
    for (int i = 0; i < 10_000; i++) {
      append(log, padded(i % 300));
      assertThat(log.bytes()).isLessThanOrEqualTo(100_000);
    }
    assertThat(log.head() - log.oldest()).isGreaterThan(100);
  }

  @Test
  void aLongEntryIsKeptBesideOthersThoughItIsLongerThanTheBound() {
    TopicLog log = log(64, 4000);
    long before = append(log, block(1));
    long huge = append(log, padded(50_000));
    long after = append(log, block(2));

    assertThat(log.read(huge, huge, MANY, false, slice)).isTrue();
    assertThat(events().get(0).getSubaccountUpdate().getAddress()).hasSize(50_000);
    assertThat(log.oldest()).isEqualTo(before);
    assertThat(log.head()).isEqualTo(after);
  }

  @Test
  void aStateInManyPartsIsKeptWholeUntilAsMuchHasFollowedAsMayBeKept() {
    TopicLog log = log(64, 100_000);
    long before = append(log, block(1));
    log.beginState(40);
    long first = append(log, padded(50_000));
    for (int i = 1; i < 40; i++) {
      append(log, padded(50_000));
    }
    append(log, block(2));
    assertThat(log.oldest()).isEqualTo(before);
    for (int i = 0; i < 300; i++) {
      append(log, block(i));
    }
    assertThat(log.oldest()).isGreaterThan(first + 40);
    assertThat(log.bytes()).isLessThanOrEqualTo(100_000);
  }

  @Test
  void whatIsOlderThanAllowedGoesWithItsSegment() {
    TopicLog log = log(1 << 20, NO_LIMIT);
    for (int i = 0; i < 100; i++) {
      append(log, padded(100));
    }
    now += 2 * AGE;
    for (int i = 0; i < 20; i++) {
      append(log, padded(100));
    }
    now += 2 * AGE;
    for (int i = 0; i < 100; i++) {
      append(log, padded(100));
    }
    assertThat(log.oldest()).isGreaterThan(BASE + 100);
  }

  @Test
  void aQuietTopicTakesLittleAndABusyOneGrows() {
    TopicLog quiet = log(4096, NO_LIMIT);
    append(quiet, block(1));
    assertThat(quiet.bytes()).isLessThan(2_000);

    TopicLog busy = log(4096, NO_LIMIT);
    for (int i = 0; i < 100_000; i++) {
      append(busy, padded(200));
    }
    assertThat(busy.bytes()).isGreaterThan(4096 * 200);
  }

  @Test
  void theStateAfterEachEntryIsKnownWhileItIsKept() {
    TopicLog log = log(8, NO_LIMIT);
    assertThat(log.stateAfter(BASE)).isNull();
    move(log, State.STATE_LIVE);
    append(log, block(1));
    move(log, State.STATE_RECOVERING);

    assertThat(log.stateAfter(BASE)).isEqualTo(State.STATE_PENDING);
    assertThat(log.stateAfter(BASE + 1)).isEqualTo(State.STATE_LIVE);
    assertThat(log.stateAfter(BASE + 2)).isEqualTo(State.STATE_LIVE);
    assertThat(log.stateAfter(BASE + 3)).isEqualTo(State.STATE_RECOVERING);
    for (int i = 0; i < 100; i++) {
      append(log, block(i));
    }
    assertThat(log.stateAfter(BASE + 1)).isNull();
    assertThat(log.stateAfter(log.oldest() - 1)).isNotNull();
  }

  @Test
  void changesOfStateAreRunsOfTheirOwnWhereThatIsAskedFor() {
    TopicLog log = log(64, NO_LIMIT);
    append(log, block(1));
    append(log, block(2));
    move(log, State.STATE_LIVE);
    append(log, block(3));

    List<Integer> runs = new ArrayList<>();
    for (long next = BASE + 1; next <= log.head(); next = slice.last() + 1) {
      log.read(next, log.head(), MANY, true, slice);
      runs.add(slice.count());
      assertThat(slice.changesState()).isEqualTo(slice.last() == BASE + 3);
    }
    assertThat(runs).containsExactly(2, 1, 1);
  }

  @Test
  void aPayloadThatFailsLeavesNoTrace() {
    TopicLog log = log(64, NO_LIMIT);
    append(log, block(1));
    EventPayload liar =
        new EventPayload() {
          @Override
          public int serializedSize() {
            return 5;
          }

          @Override
          public void writeTo(CodedOutputStream out) throws java.io.IOException {
            out.writeRawByte(1);
          }

          @Override
          public void applyTo(
              io.github.dydxgateway.stream.state.TopicState state, long receiveTimeNs) {}
        };
    assertThatThrownBy(() -> append(log, liar)).isInstanceOf(java.io.UncheckedIOException.class);
    append(log, block(2));

    assertThat(log.head()).isEqualTo(BASE + 2);
    log.read(BASE + 1, BASE + 1, MANY, false, slice);
    assertThat(events()).hasSize(1);
    log.read(BASE + 2, BASE + 2, MANY, false, slice);
    assertThat(events().get(0).getBlockHeight().getHeight()).isEqualTo(2);
  }

  @Test
  void readersSeeWholeConsecutiveEntriesOrThatTheyAreGone() throws Exception {
    int entries = 200_000;
    int readers = 3;
    TopicLog log = log(256, 64_000);
    ExecutorService threads = Executors.newFixedThreadPool(readers + 1);
    try {
      List<Future<Long>> reading = new ArrayList<>();
      for (int i = 0; i < readers; i++) {
        reading.add(threads.submit(() -> readAll(log, BASE + entries)));
      }
      Future<?> writing =
          threads.submit(
              () -> {
                for (long i = 1; i <= entries; i++) {
                  append(log, block(BASE + i));
                }
              });
      writing.get(60, TimeUnit.SECONDS);
      for (Future<Long> reader : reading) {
        assertThat(reader.get(60, TimeUnit.SECONDS)).isEqualTo(BASE + entries);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Reads up to the end; returns the last sequence that was seen. */
  private static long readAll(TopicLog log, long end) {
    LogSlice slice = new LogSlice();
    long last = BASE;
    while (last < end) {
      long head = log.head();
      if (last == head) {
        Thread.onSpinWait();
      } else if (!log.read(last + 1, head, 2000, false, slice)) {
        last = Math.max(last, log.oldest() - 1);
      } else {
        for (Event event : events(slice)) {
          last++;
          if (event.getSequence() != last || event.getBlockHeight().getHeight() != last) {
            throw new AssertionError("expected " + last + ", got " + event);
          }
        }
      }
    }
    return last;
  }
}
