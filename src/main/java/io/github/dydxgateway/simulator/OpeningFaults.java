package io.github.dydxgateway.simulator;

import java.util.OptionalInt;

/** What goes wrong while connections open. Thread-safe. */
public final class OpeningFaults {

  // Guarded by this.
  private int refusalStatus;
  private int refusals;
  private int upgradesUnanswered;
  private int muted;
  private int connectedWithheld;

  OpeningFaults() {}

  /** Answers the next requests to upgrade with an HTTP status. */
  public synchronized void refuse(int status, int count) {
    refusalStatus = status;
    refusals = count;
  }

  /** Accepts the next TCP connections and never answers their requests to upgrade. */
  public synchronized void ignoreUpgrades(int count) {
    upgradesUnanswered = count;
  }

  /**
   * Accepts the next connections and their upgrades and is silent then, as an instance is that does
   * not serve yet: no {@code connected}, no answer, no pong, no close.
   */
  public synchronized void mute(int count) {
    muted = count;
  }

  /** Sends the next connections no {@code connected}; all else works. */
  public synchronized void withholdConnected(int count) {
    connectedWithheld = count;
  }

  synchronized void clear() {
    refusals = 0;
    upgradesUnanswered = 0;
    muted = 0;
    connectedWithheld = 0;
  }

  synchronized OptionalInt takeRefusal() {
    if (refusals == 0) {
      return OptionalInt.empty();
    }
    refusals = FaultCount.less(refusals);
    return OptionalInt.of(refusalStatus);
  }

  synchronized boolean takeUpgradeUnanswered() {
    boolean taken = upgradesUnanswered > 0;
    upgradesUnanswered = FaultCount.less(upgradesUnanswered);
    return taken;
  }

  synchronized boolean takeMuted() {
    boolean taken = muted > 0;
    muted = FaultCount.less(muted);
    return taken;
  }

  synchronized boolean takeConnectedWithheld() {
    boolean taken = connectedWithheld > 0;
    connectedWithheld = FaultCount.less(connectedWithheld);
    return taken;
  }
}
