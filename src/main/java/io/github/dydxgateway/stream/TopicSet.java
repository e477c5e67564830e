package io.github.dydxgateway.stream;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Topics that a client has asked for by one name, and that come and go. */
public interface TopicSet {
  /**
   * Calls for each topic there is, and later for each that is new; perhaps more than once.
   *
   * @param loop where it is called
   */
  void follow(Executor loop, Consumer<TopicKey> onTopic);

  /** Calls no more, but for calls that are under way. */
  void leave();
}
