package io.github.dydxgateway.bench;

/** A program that is measured in turn with others. */
interface Candidate {
  /** For tables. */
  String name();

  /** Puts it under full load. */
  void start() throws Exception;

  /** Ends the load. */
  void stop() throws Exception;

  /** Where its counters stand. */
  Reading read() throws Exception;

  /**
   * Counters since the start of a program.
   *
   * @param nanos of {@link System#nanoTime}
   * @param allocatedBytes 0 where that is not known
   */
  record Reading(
      long nanos, long frames, long deliveries, double cpuSeconds, long allocatedBytes) {}
}
