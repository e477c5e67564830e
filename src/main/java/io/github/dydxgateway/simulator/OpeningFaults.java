package io.github.dydxgateway.simulator;

import java.util.OptionalInt;

/** What goes wrong while connections open. Thread-safe. */
public final class OpeningFaults {

  // Guarded by this.
  private int refusalStatus;
  private final FaultCount refusals = new FaultCount();
  private final FaultCount upgradesUnanswered = new FaultCount();
  private final FaultCount muted = new FaultCount();
  private final FaultCount connectedWithheld = new FaultCount();

  OpeningFaults() {}

  /** Answers the next requests to upgrade with an HTTP status. */
  public synchronized void refuse(int status, int count) {
    refusalStatus = status;
    refusals.set(count);
  }

  /** Accepts the next TCP connections and never answers their requests to upgrade. */
  public synchronized void ignoreUpgrades(int count) {
    upgradesUnanswered.set(count);
  }

  /**
   * Accepts the next connections and their upgrades and is silent then, as an instance is that does
   * not serve yet: no {@code connected}, no answer, no pong, no close.
   */
  public synchronized void mute(int count) {
    muted.set(count);
  }

  /** Sends the next connections no {@code connected}; all else works. */
  public synchronized void withholdConnected(int count) {
    connectedWithheld.set(count);
  }

  synchronized void clear() {
    refusals.clear();
    upgradesUnanswered.clear();
    muted.clear();
    connectedWithheld.clear();
  }

  synchronized OptionalInt takeRefusal() {
    return refusals.take() ? OptionalInt.of(refusalStatus) : OptionalInt.empty();
  }

  synchronized boolean takeUpgradeUnanswered() {
    return upgradesUnanswered.take();
  }

  synchronized boolean takeMuted() {
    return muted.take();
  }

  synchronized boolean takeConnectedWithheld() {
    return connectedWithheld.take();
  }
}
