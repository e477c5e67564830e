package io.github.dydxgateway.page;

/**
 * Whether there is a page, and for how many browsers.
 *
 * @param enabled if not, all its paths answer 404
 * @param maxStreams how many browsers may stream at once; they count as streams as well
 */
public record PageSettings(boolean enabled, int maxStreams) {
  public PageSettings {
    if (maxStreams <= 0) {
      throw new IllegalArgumentException("maxStreams must be positive, got " + maxStreams);
    }
  }
}
