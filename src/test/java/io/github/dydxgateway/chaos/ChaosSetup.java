package io.github.dydxgateway.chaos;

import java.util.SplittableRandom;

/**
 * How the gateway of a run is set up towards the venue; drawn from the seed, but for what system
 * properties say.
 *
 * @param redundancy {@code chaos.redundancy}: connections for each subscription, 1 or 2
 * @param batched {@code chaos.batched}: whether the venue collects updates for 250 ms
 * @param limit {@code chaos.limit}: subscriptions of each channel that the venue takes on one
 *     connection, by which the gateway needs several; 0 for as many as its documentation says
 * @param maxConnections {@code chaos.connections}: most connections of the gateway, enough for one
 *     of each subscription, but perhaps not for two
 */
record ChaosSetup(int redundancy, boolean batched, int limit, int maxConnections) {
  /** Apart from what connections and clients draw. */
  private static final long SALT = 0x5851F42D4C957F2DL;

  private static final int PLENTY = 16;

  /** Where the limit is 2 and, while some unsubscribes are on their way, seems to be 1. */
  private static final int ENOUGH_FOR_ONE_OF_EACH = 8;

  static ChaosSetup ofSystemProperties(long seed) {
    SplittableRandom random = new SplittableRandom(seed ^ SALT);
    int redundancy = Integer.getInteger("chaos.redundancy", random.nextInt(1, 3));
    int drawnBatched = random.nextInt(3);
    String batched = System.getProperty("chaos.batched", Boolean.toString(drawnBatched == 0));
    int drawnLimit = random.nextInt(4);
    int limit = Integer.getInteger("chaos.limit", drawnLimit < 2 ? 0 : drawnLimit);
    int least = limit == 0 ? redundancy : ENOUGH_FOR_ONE_OF_EACH;
    int most = Integer.getInteger("chaos.connections", random.nextBoolean() ? least : PLENTY);
    return new ChaosSetup(redundancy, Boolean.parseBoolean(batched), limit, most);
  }
}
