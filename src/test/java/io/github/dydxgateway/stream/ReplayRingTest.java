package io.github.dydxgateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.v1.SubscriptionState.State;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReplayRingTest {
  private static final long NO_LIMIT = Long.MAX_VALUE / 2;

  private static RingEntry append(ReplayRing ring, int bytes) {
    return ring.append(ring.head() + 1, true, State.STATE_LIVE, 0, 0, new byte[bytes], null);
  }

  @Test
  void anEmptyRingHasNothing() {
    ReplayRing ring = new ReplayRing(4, NO_LIMIT, NO_LIMIT);

    assertThat(ring.head()).isZero();
    assertThat(ring.oldest()).isZero();
    assertThat(ring.get(0)).isNull();
    assertThat(ring.get(-1)).isNull();
  }

  @Test
  void keepsAtLeastSoManyEventsAndAtMostTheNextPowerOfTwo() {
    for (int events = 1; events <= 70; events++) {
      ReplayRing ring = new ReplayRing(events, NO_LIMIT, NO_LIMIT);
      for (int i = 0; i < 1000; i++) {
        append(ring, 1);
      }
      assertThat(ring.head() - ring.oldest())
          .isGreaterThanOrEqualTo(events)
          .isLessThanOrEqualTo(Math.max(2, 2L * events - 1));
    }
  }

  @Test
  void positionsFollowEachOtherAndWrapAround() {
    ReplayRing ring = new ReplayRing(4, NO_LIMIT, NO_LIMIT);
    for (int i = 0; i < 11; i++) {
      RingEntry entry = append(ring, 1);
      assertThat(entry.position()).isEqualTo(i);
    }

    assertThat(ring.head()).isEqualTo(11);
    assertThat(ring.oldest()).isEqualTo(7);
    for (long position = 7; position < 11; position++) {
      assertThat(ring.get(position).position()).isEqualTo(position);
    }
    assertThat(ring.get(6)).isNull();
    assertThat(ring.get(3)).isNull();
    assertThat(ring.get(11)).isNull();
  }

  @Test
  void keepsNoMoreThanSoManyBytes() {
    ReplayRing ring = new ReplayRing(64, 100, NO_LIMIT);
    for (int i = 0; i < 20; i++) {
      append(ring, 30);
    }

    assertThat(ring.head() - ring.oldest()).isEqualTo(3);
    assertThat(ring.get(ring.oldest() - 1)).isNull();
    assertThat(ring.get(ring.oldest())).isNotNull();
  }

  @Test
  void keepsTheNewestWhateverItsSize() {
    ReplayRing ring = new ReplayRing(64, 100, NO_LIMIT);
    append(ring, 30);
    RingEntry huge = append(ring, 5000);

    assertThat(ring.get(ring.head() - 1)).isSameAs(huge);
    assertThat(ring.head() - ring.oldest()).isEqualTo(1);
    append(ring, 10);
    assertThat(ring.get(ring.oldest()).message()).hasSize(10);
  }

  @Test
  void aLongMessageCountsInPartOnlyAndIsKeptBesideOthers() {
    ReplayRing ring = new ReplayRing(64, 100, 25);
    RingEntry huge = append(ring, 5000);
    append(ring, 10);
    append(ring, 60);

    assertThat(ring.get(0)).isSameAs(huge);
    assertThat(ring.bytes()).isEqualTo(5070);
    append(ring, 25);
    append(ring, 25);
    assertThat(ring.get(0)).isNull();
    assertThat(ring.bytes()).isEqualTo(10 + 60 + 25 + 25);
  }

  @Test
  void readersSeeIntactConsecutiveEntriesOrKnowThatTheyWereOverrun() throws Exception {
    int events = 200_000;
    int readers = 3;
    ReplayRing ring = new ReplayRing(256, 4096, NO_LIMIT);
    ExecutorService threads = Executors.newFixedThreadPool(readers + 1);
    try {
      List<Future<Long>> reading = new ArrayList<>();
      for (int i = 0; i < readers; i++) {
        reading.add(threads.submit(() -> read(ring, events)));
      }
      Future<?> writing =
          threads.submit(
              () -> {
                for (long i = 0; i < events; i++) {
                  byte[] message = ByteBuffer.allocate(16).putLong(i).putLong(~i).array();
                  ring.append(i + 1, true, State.STATE_LIVE, 0, 0, message, null);
                }
              });
      writing.get(60, TimeUnit.SECONDS);
      for (Future<Long> reader : reading) {
        assertThat(reader.get(60, TimeUnit.SECONDS)).isEqualTo(events);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Reads up to the end; returns how many entries were seen or known to be missed. */
  private static long read(ReplayRing ring, int events) {
    long cursor = 0;
    while (cursor < events) {
      if (cursor == ring.head()) {
        Thread.onSpinWait();
        continue;
      }
      RingEntry entry = ring.get(cursor);
      if (entry == null) {
        long oldest = ring.oldest();
        // Either the oldest has moved on, or it will have before anything newer is visible.
        cursor = Math.max(cursor, oldest);
        continue;
      }
      ByteBuffer message = ByteBuffer.wrap(entry.message());
      long value = message.getLong();
      if (value != cursor || message.getLong() != ~cursor || entry.sequence() != cursor + 1) {
        throw new AssertionError("at " + cursor + " got " + entry);
      }
      cursor++;
    }
    return cursor;
  }
}
