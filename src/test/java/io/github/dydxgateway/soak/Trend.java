package io.github.dydxgateway.soak;

import java.util.List;

/** A straight line through samples, by least squares. */
final class Trend {
  private Trend() {}

  /** A value at a time, in any units. */
  record Point(double time, double value) {}

  /** By how much the line rises from the first time to the last. */
  static double rise(List<Point> points) {
    double meanTime = points.stream().mapToDouble(Point::time).average().orElseThrow();
    double meanValue = points.stream().mapToDouble(Point::value).average().orElseThrow();
    double covariance = 0;
    double variance = 0;
    for (Point point : points) {
      covariance += (point.time() - meanTime) * (point.value() - meanValue);
      variance += (point.time() - meanTime) * (point.time() - meanTime);
    }
    double duration = points.get(points.size() - 1).time() - points.get(0).time();
    return variance == 0 ? 0 : covariance / variance * duration;
  }
}
