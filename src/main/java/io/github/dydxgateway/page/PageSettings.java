package io.github.dydxgateway.page;

/**
 * Whether and for how many there is a page, and what one client may have of its port.
 *
 * @param enabled if not, all its paths answer 404
 * @param maxStreams how many browsers may stream at once; they count as streams as well
 * @param maxConnectionsPerClient how many connections one client may have to the HTTP port
 */
public record PageSettings(boolean enabled, int maxStreams, int maxConnectionsPerClient) {
  public PageSettings {
    if (maxStreams <= 0) {
      throw new IllegalArgumentException("maxStreams must be positive, got " + maxStreams);
    }
    if (maxConnectionsPerClient <= 0) {
      throw new IllegalArgumentException(
          "maxConnectionsPerClient must be positive, got " + maxConnectionsPerClient);
    }
  }
}
