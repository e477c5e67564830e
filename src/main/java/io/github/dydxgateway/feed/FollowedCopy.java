package io.github.dydxgateway.feed;

/**
 * Which of several copies clients follow, where what they tell can't be merged. A copy that is
 * silent while another tells something is followed no longer: its connection may hang long before
 * that is noticed upstream. Not thread safe.
 */
final class FollowedCopy {
  /** Longer than two sound connections are apart. */
  private static final long SILENT_NANOS = 2_000_000_000L;

  private int number;
  private long othersToldSinceNs;

  int number() {
    return number;
  }

  void follow(int copy) {
    number = copy;
    othersToldSinceNs = 0;
  }

  /**
   * Notes that a copy told something; whether it is the one that is followed.
   *
   * @param receiveTimeNs when it arrived, nanoseconds since the Unix epoch
   */
  boolean isFollowed(int copy, long receiveTimeNs) {
    if (copy == number) {
      othersToldSinceNs = 0;
      return true;
    }
    if (othersToldSinceNs == 0) {
      othersToldSinceNs = receiveTimeNs;
    }
    return false;
  }

  /** Whether others have told something for so long that the followed copy should have, too. */
  boolean isSilent(long receiveTimeNs) {
    return othersToldSinceNs != 0 && receiveTimeNs - othersToldSinceNs > SILENT_NANOS;
  }
}
