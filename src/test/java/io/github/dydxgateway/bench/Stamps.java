package io.github.dydxgateway.bench;

import com.google.protobuf.InvalidProtocolBufferException;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.OrderBookDelta;
import io.github.dydxgateway.v1.PriceLevel;
import io.github.dydxgateway.v1.SubscribeResponse;
import java.util.List;
import java.util.function.LongConsumer;

/** Finds the time that the venue put into a book update, see {@link Load#stamp}. */
final class Stamps {
  static final long NONE = -1;

  private static final long[] POWERS = new long[10];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = 10 * POWERS[i - 1];
    }
  }

  private Stamps() {}

  /**
   * Nanoseconds from the stamp of each of a gateway's events until a time.
   *
   * @param message of the gateway, with any number of events
   * @param ages receives one value for each event that has a stamp
   */
  static void agesInEvents(byte[] message, long nanos, LongConsumer ages) {
    try {
      for (Event event : SubscribeResponse.parseFrom(message).getEventsList()) {
        long age = age(event.getOrderBookDelta(), nanos);
        if (age != NONE) {
          ages.accept(age);
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long age(OrderBookDelta delta, long nanos) {
    if (delta.getSizeScale() >= POWERS.length) {
      return NONE;
    }
    long unit = POWERS[delta.getSizeScale()];
    long age = age(delta.getBidsList(), unit, nanos);
    return age == NONE ? age(delta.getAsksList(), unit, nanos) : age;
  }

  private static long age(List<PriceLevel> levels, long unit, long nanos) {
    for (PriceLevel level : levels) {
      long size = level.getSize() / unit;
      if (size >= Load.STAMP_ROUND_NS) {
        return age(size, nanos);
      }
    }
    return NONE;
  }

  /** The same of a frame of the venue. */
  static long ageInFrame(byte[] frame, long nanos) {
    int digits = 0;
    long value = 0;
    for (byte b : frame) {
      if (b >= '0' && b <= '9') {
        value = 10 * value + b - '0';
        digits++;
      } else {
        if (b == '"' && digits == Load.STAMP_DIGITS) {
          return age(value, nanos);
        }
        digits = b == '"' ? 0 : Integer.MIN_VALUE;
        value = 0;
      }
    }
    return NONE;
  }

  private static long age(long stamp, long nanos) {
    return Math.floorMod(nanos - (stamp - Load.STAMP_ROUND_NS), Load.STAMP_ROUND_NS);
  }
}
