package io.github.dydxgateway.stream;

import io.github.dydxgateway.stream.state.TopicState;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * All open topics. A topic is opened for its first client, shared by all others and closed once
 * nobody has used it for the linger. May be used from any thread.
 */
public final class TopicRegistry {
  private final TopicSource source;
  private final StreamSettings settings;
  private final StreamCounters counters;
  private final String epoch;
  private final StreamClock clock;
  private final Function<TopicKey, TopicState> states;
  private final Map<TopicKey, Topic> topics = new ConcurrentHashMap<>();

  /** By the topic that is one; guarded by this. */
  private final Map<Topic, TopicView> views = new IdentityHashMap<>();

  /**
   * Sequences of topics that are closed. Each life of a topic begins above the clock in
   * microseconds and above the last sequence plus one. So a sequence of an earlier life, of this
   * process or of one before, is below all that the topic has, and a client that resumes from it
   * gets its Gap, whatever epoch it names with it.
   */
  private final Map<TopicKey, Long> closedSequences = new ConcurrentHashMap<>();

  /**
   * @param source makes topics
   * @param epoch names this life of the sequences
   * @param clock of the sequences and of the ages of events
   */
  public TopicRegistry(
      TopicSource source,
      StreamSettings settings,
      StreamCounters counters,
      String epoch,
      StreamClock clock) {
    this(source, settings, counters, epoch, clock, key -> TopicState.of(key.message()));
  }

  /**
   * As above.
   *
   * @param states makes what a topic is about
   */
  TopicRegistry(
      TopicSource source,
      StreamSettings settings,
      StreamCounters counters,
      String epoch,
      StreamClock clock,
      Function<TopicKey, TopicState> states) {
    this.states = states;
    this.source = source;
    this.settings = settings;
    this.counters = counters;
    this.epoch = epoch;
    this.clock = clock;
  }

  /**
   * The topic, opened if need be. The caller is counted as a user until it calls {@link
   * Topic#release}.
   *
   * @throws TopicRefusedException if it can't be served
   */
  public Topic open(TopicKey key) throws TopicRefusedException {
    for (; ; ) {
      Topic topic = topics.get(key);
      if (topic == null) {
        topic = create(key);
      }
      if (topic.retain()) {
        return topic;
      }
      remove(topic);
    }
  }

  private synchronized Topic create(TopicKey key) throws TopicRefusedException {
    Topic present = topics.get(key);
    if (present != null) {
      return present;
    }
    if (topics.size() >= settings.maxTopics()) {
      throw new TopicRefusedException(
          new TopicFailure(
              TopicFailure.RESOURCE_EXHAUSTED,
              "as many topics are open as may be, "
                  + settings.maxTopics()
                  + " (gateway.stream.max-topics)",
              true));
    }
    Topic topic = key.isView() ? createView(key) : source.open(key, this::newTopic);
    topics.put(key, topic);
    return topic;
  }

  /** The viewed topic is in use as long as the view is open. */
  private Topic createView(TopicKey key) throws TopicRefusedException {
    Topic viewed = open(key.viewed());
    Topic topic = newTopic(key, viewed.loop());
    TopicView view = new TopicView(viewed, topic, clock::nanoTime);
    views.put(topic, view);
    viewed.add(view);
    return topic;
  }

  private Topic newTopic(TopicKey key, Executor loop) {
    Long closedAt = closedSequences.get(key);
    long lastSequence = Math.max(clock.epochMicros(), closedAt == null ? 0 : closedAt + 1);
    Topic topic =
        new Topic(
            key, loop, states.apply(key), settings, counters, epoch, lastSequence, clock::nanoTime);
    topic.onFailed(() -> remove(topic));
    return topic;
  }

  /** Closes topics that nobody has used for the linger. Called from time to time. */
  public void sweep(long nowNanos) {
    long linger = settings.idleLinger().toNanos();
    for (Topic topic : topics.values()) {
      if (topic.closeIfIdle(nowNanos, linger)) {
        remove(topic);
      }
    }
  }

  /**
   * Removes a topic that is closed. A failing topic may be removed before {@link #create} has put
   * it.
   */
  private synchronized void remove(Topic topic) {
    if (topics.remove(topic.key(), topic)) {
      if (topic.sequence() > 0) {
        closedSequences.put(topic.key(), topic.sequence());
      }
      TopicView view = views.remove(topic);
      if (view == null) {
        source.closed(topic);
      } else {
        view.viewed().remove(view);
        view.viewed().release();
      }
    }
  }

  /** All open topics. */
  public Collection<Topic> topics() {
    return List.copyOf(topics.values());
  }

  /** Number of open topics. */
  public int size() {
    return topics.size();
  }
}
