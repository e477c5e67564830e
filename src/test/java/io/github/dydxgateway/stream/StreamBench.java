package io.github.dydxgateway.stream;

import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.SlowConsumerPolicy;
import io.github.dydxgateway.v1.SubscriptionState.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Topics and clients whose loops run only when the test says so. */
final class StreamBench {
  static final String EPOCH = "epoch-1";
  static final String VERSION = "1.2.3";
  static final String NETWORK = "simulator";
  static final String UPSTREAM_HOST = "127.0.0.1";
  static final StreamIdentity IDENTITY = new StreamIdentity(EPOCH, VERSION, NETWORK, UPSTREAM_HOST);

  /** Each message is full with one entry. */
  static final int ONE_EVENT = 1;

  static final Duration MAX_LAG = Duration.ofSeconds(1);
  static final long LINGER_NANOS = Duration.ofSeconds(10).toNanos();
  static final long STALL_NANOS = Duration.ofSeconds(30).toNanos();

  final ManualLoop topicLoop = new ManualLoop();
  final CountingSource source = new CountingSource(key -> topicLoop);
  final StreamCounters counters = new StreamCounters();
  final StreamSettings settings;
  final TopicRegistry topics;
  final StreamRegistry streams;
  final List<Client> clients = new ArrayList<>();

  final ManualClock clock = new ManualClock();

  StreamBench() {
    this(settings(32, 1 << 21));
  }

  StreamBench(StreamSettings settings) {
    this.settings = settings;
    this.topics = new TopicRegistry(source, settings, counters, EPOCH, clock, source::stateOf);
    this.streams = new StreamRegistry(topics, settings, counters, IDENTITY, clock);
  }

  static StreamSettings settings(int replayEvents, long replayBytes) {
    return settings(replayEvents, replayBytes, ONE_EVENT);
  }

  static StreamSettings settings(int replayEvents, long replayBytes, int messageBytes) {
    return new StreamSettings(
        MAX_LAG,
        replayEvents,
        replayBytes,
        Duration.ofHours(1),
        2000,
        100,
        200,
        Duration.ofSeconds(5),
        Duration.ofNanos(LINGER_NANOS),
        Duration.ofNanos(STALL_NANOS),
        messageBytes);
  }

  static ResumePoint resumePoint(long sequence) {
    return resumePoint(EPOCH, sequence);
  }

  static ResumePoint resumePoint(String epoch, long sequence) {
    return ResumePoint.newBuilder().setEpoch(epoch).setSequence(sequence).build();
  }

  /** A client with its own loop. */
  static final class Client {
    final ManualLoop loop = new ManualLoop();
    final MemorySink sink = new MemorySink(loop);
    ClientStream stream;
  }

  /** A Subscribe call. */
  Client subscriber(TopicKey... keys) {
    return client(SlowConsumerPolicy.SLOW_CONSUMER_POLICY_CONFLATE, true, keys);
  }

  /** A Session call. */
  Client session(TopicKey... keys) {
    return client(SlowConsumerPolicy.SLOW_CONSUMER_POLICY_CONFLATE, false, keys);
  }

  Client client(SlowConsumerPolicy policy, boolean endsWithoutTopics, TopicKey... keys) {
    Client client = new Client();
    client.stream = streams.open(client.sink, policy, endsWithoutTopics);
    if (client.stream != null) {
      clients.add(client);
      for (TopicKey key : keys) {
        client.stream.subscribe(key, null);
      }
      client.stream.drain();
    }
    return client;
  }

  Client resuming(TopicKey key, ResumePoint from) {
    Client client = client(SlowConsumerPolicy.SLOW_CONSUMER_POLICY_CONFLATE, true);
    client.stream.subscribe(key, from);
    client.stream.drain();
    run();
    return client;
  }

  /** Runs all loops until nothing is left to do. */
  void run() {
    boolean ran = true;
    while (ran) {
      ran = topicLoop.runAll();
      for (Client client : clients) {
        ran |= client.loop.runAll();
      }
    }
  }

  /** The client reads so many messages more. */
  void read(Client client, int messages) {
    client.sink.credit(messages);
    client.stream.drain();
    run();
  }

  CountingSource.Counting feed(TopicKey key) {
    CountingSource.Counting feed = source.open.get(key);
    if (feed == null) {
      throw new AssertionError("not open: " + key);
    }
    return feed;
  }

  void moveTo(TopicKey key, State state) {
    feed(key).topic.moveTo(state, "");
    run();
  }

  /** Without running any loop. */
  void moveToLiveQuietly(TopicKey key) {
    feed(key).topic.moveTo(State.STATE_LIVE, "");
  }

  void publish(TopicKey key, int events) {
    for (int i = 0; i < events; i++) {
      feed(key).publish();
      run();
    }
  }

  void fail(TopicKey key, TopicFailure failure) {
    feed(key).topic.fail(failure);
    run();
  }

  /** Lets the linger pass. */
  void passLinger() {
    topics.sweep(System.nanoTime() + 2 * LINGER_NANOS);
    run();
  }
}
