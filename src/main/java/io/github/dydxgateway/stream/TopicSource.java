package io.github.dydxgateway.stream;

import java.util.concurrent.Executor;

/** Makes topics and feeds them. Implemented to the left of this package. */
public interface TopicSource {

  /**
   * Opens a topic. It may be pending for as long as it takes. Called from any thread, never twice
   * for the same key unless the first topic was closed or has failed.
   *
   * @throws TopicRefusedException if it is known already that the topic can't be served
   */
  Topic open(TopicKey key, TopicFactory factory) throws TopicRefusedException;

  /** Nobody streams the topic any more; it is closed. Called from any thread. */
  void closed(Topic topic);

  /** Makes the topic that a source feeds. */
  @FunctionalInterface
  interface TopicFactory {
    /**
     * A topic that is pending.
     *
     * @param loop the one thread that will feed it
     */
    Topic create(TopicKey key, Executor loop);
  }
}
