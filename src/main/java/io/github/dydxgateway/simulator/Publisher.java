package io.github.dydxgateway.simulator;

/** Where the venue's updates go. Called on the simulator's context. */
interface Publisher {

  /** Whether anyone would get an update of the topic, so that it is worth writing. */
  boolean wanted(SimulatedTopic topic);

  void publish(Publication publication);

  /** All updates of a block are published. */
  default void blockEnded() {}
}
