package io.github.dydxgateway.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Measures candidates in turn, round after round. */
final class Rounds {
  private static final long SETTLE_MS = 300;

  private final Map<String, List<Rate>> rates = new LinkedHashMap<>();

  private Rounds() {}

  /**
   * What a candidate did in one window.
   *
   * @param cpuSeconds processor time of the measured process
   * @param allocatedBytes 0 where that is not known
   */
  record Rate(
      double seconds, long frames, long deliveries, double cpuSeconds, long allocatedBytes) {
    double framesPerSecond() {
      return frames / seconds;
    }

    double deliveriesPerSecond() {
      return deliveries / seconds;
    }

    double cpuMicrosPerFrame() {
      return 1e6 * cpuSeconds / frames;
    }

    double cpuMicrosPerDelivery() {
      return 1e6 * cpuSeconds / deliveries;
    }

    double bytesPerFrame() {
      return (double) allocatedBytes / frames;
    }

    double bytesPerDelivery() {
      return (double) allocatedBytes / deliveries;
    }
  }

  /** Puts each under load for a while, without measuring. */
  static void warmUp(List<? extends Candidate> candidates, long millis) throws Exception {
    for (Candidate candidate : candidates) {
      candidate.start();
      Thread.sleep(millis);
      candidate.stop();
    }
  }

  static Rounds measure(List<? extends Candidate> candidates, int rounds, long windowMs)
      throws Exception {
    Rounds all = new Rounds();
    for (int round = 0; round < rounds; round++) {
      for (Candidate candidate : candidates) {
        candidate.start();
        Thread.sleep(SETTLE_MS);
        Candidate.Reading before = candidate.read();
        Thread.sleep(windowMs);
        Candidate.Reading after = candidate.read();
        candidate.stop();
        all.rates
            .computeIfAbsent(candidate.name(), ignored -> new ArrayList<>())
            .add(
                new Rate(
                    (after.nanos() - before.nanos()) / 1e9,
                    after.frames() - before.frames(),
                    after.deliveries() - before.deliveries(),
                    after.cpuSeconds() - before.cpuSeconds(),
                    after.allocatedBytes() - before.allocatedBytes()));
      }
    }
    return all;
  }

  /** Median of a figure of a candidate; NaN if it was not measured. */
  double median(String candidate, ToDoubleFunction<Rate> figure) {
    List<Rate> measured = rates.get(candidate);
    return measured == null ? Double.NaN : median(measured.stream().mapToDouble(figure).toArray());
  }

  /** Median over the rounds of the ratio of two candidates in the same round. */
  double ratio(String candidate, String other, ToDoubleFunction<Rate> figure) {
    double[] ratios = new double[rates.get(candidate).size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] =
          figure.applyAsDouble(rates.get(candidate).get(i))
              / figure.applyAsDouble(rates.get(other).get(i));
    }
    return median(ratios);
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
