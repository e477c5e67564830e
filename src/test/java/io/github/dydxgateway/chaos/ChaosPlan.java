package io.github.dydxgateway.chaos;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All that is left to chance, from one seed. Each connection and each client draws from a source of
 * its own, so that its decisions are the same in each run of the seed; at which moment they fall is
 * up to the threads. Thread-safe, but for the sources it gives.
 */
final class ChaosPlan {
  private static final int MESSAGES = 8_000;

  /** A batch takes the place of about so many messages. */
  private static final int BATCH = 8;

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private final long seed;
  private final Set<Fault> faults;
  private final int messages;
  private final Map<Fault, AtomicLong> tally = new EnumMap<>(Fault.class);
  private volatile boolean calm = true;

  /**
   * @param faults those that may happen
   * @param batched whether there are fewer messages, which are longer
   */
  ChaosPlan(long seed, Set<Fault> faults, boolean batched) {
    this.seed = seed;
    this.messages = batched ? MESSAGES / BATCH : MESSAGES;
    this.faults = EnumSet.copyOf(faults);
    for (Fault fault : Fault.values()) {
      tally.put(fault, new AtomicLong());
    }
  }

  /** How a connection begins. */
  enum Opening {
    /** As it should. */
    SOUND,
    /** It is taken, then reset. */
    RESET,
    /** It is taken, and that is all. */
    MUTE,
    /** HTTP 503. */
    REFUSED
  }

  long seed() {
    return seed;
  }

  /** From now on nothing goes wrong. */
  void calm() {
    calm = true;
  }

  /** From now on things go wrong. */
  void storm() {
    calm = false;
  }

  /** The source of chance of a client. */
  SplittableRandom client(int number) {
    return source(2L * number);
  }

  /** The source of chance of a connection, in the order of their beginning. */
  SplittableRandom connection(int number) {
    return source(2L * number + 1);
  }

  /** The source of chance of the venue's own faults. */
  SplittableRandom venue() {
    return source(-1);
  }

  private SplittableRandom source(long number) {
    return new SplittableRandom(seed ^ (GOLDEN_GAMMA * (number + 1)));
  }

  Opening opening(SplittableRandom random) {
    int drawn = random.nextInt(20);
    if (calm) {
      return Opening.SOUND;
    }
    return switch (drawn) {
      case 0, 1 -> Opening.RESET;
      case 2 -> Opening.MUTE;
      case 3, 4 -> Opening.REFUSED;
      default -> Opening.SOUND;
    };
  }

  /** What happens to the next message; null for nothing. */
  Fault fault(SplittableRandom random) {
    int drawn = random.nextInt(messages);
    if (calm) {
      return null;
    }
    for (Fault fault : Fault.values()) {
      drawn -= fault.weight();
      if (drawn < 0) {
        return faults.contains(fault) ? fault : null;
      }
    }
    return null;
  }

  /** Counts a fault that has really happened. */
  void happened(Fault fault) {
    tally.get(fault).incrementAndGet();
  }

  /** How often each fault has happened. */
  Map<Fault, AtomicLong> tally() {
    return tally;
  }
}
