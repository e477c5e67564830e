package io.github.dydxgateway.soak;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** What all clients of a load saw together. Thread safe. */
final class LoadCounters {
  private static final int REMEMBERED = 20;
  private static final long LONGEST_LATENCY_NS = TimeUnit.MINUTES.toNanos(5);

  final LongAdder events = new LongAdder();
  final LongAdder gaps = new LongAdder();

  /** Snapshots that took the place of events, which a client that reads fast should not need. */
  final LongAdder conflations = new LongAdder();

  final LongAdder joined = new LongAdder();
  final LongAdder left = new LongAdder();
  final LongAdder resumed = new LongAdder();
  private final LongAdder problemCount = new LongAdder();
  private final Queue<String> problems = new ConcurrentLinkedQueue<>();
  private final Recorder latency = new Recorder(LONGEST_LATENCY_NS, 2);
  private final Histogram wholeLatency = new Histogram(LONGEST_LATENCY_NS, 2);

  /** Something that must not be. */
  void problem(String what) {
    problemCount.increment();
    if (problemCount.sum() <= REMEMBERED) {
      problems.add(what);
    }
  }

  /** The first of them. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  long problemCount() {
    return problemCount.sum();
  }

  /** Time from a frame's arrival at the gateway to its event at a client. */
  void latency(long nanos) {
    latency.recordValue(Math.min(LONGEST_LATENCY_NS, Math.max(0, nanos)));
  }

  /** Latencies since this was asked last, in nanoseconds. */
  synchronized Histogram takeLatency() {
    Histogram interval = latency.getIntervalHistogram();
    wholeLatency.add(interval);
    return interval;
  }

  /** Latencies of all intervals taken, in nanoseconds. */
  synchronized Histogram wholeLatency() {
    return wholeLatency.copy();
  }
}
