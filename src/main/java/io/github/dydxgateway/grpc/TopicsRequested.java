package io.github.dydxgateway.grpc;

import com.google.protobuf.Duration;
import io.github.dydxgateway.access.Rights;
import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.stream.ClientStream;
import io.github.dydxgateway.stream.StreamRegistry;
import io.github.dydxgateway.stream.TopicKey;
import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.SubscribeCommand;
import io.github.dydxgateway.v1.SubscribeRequest;
import io.github.dydxgateway.v1.TopicSubscription;
import java.util.List;
import java.util.Map;

/** The topics that a request or a command asks for, and how they are to be delivered. */
final class TopicsRequested {
  private final Map<TopicKey, ResumePoint> topics;
  private final java.time.Duration maxLag;

  /** Null: as it is. */
  private final java.time.Duration flushInterval;

  private final InstrumentCache instruments;

  private TopicsRequested(
      List<TopicSubscription> subscriptions,
      String expectedNetwork,
      boolean hasMaxLag,
      Duration askedMaxLag,
      boolean hasFlushInterval,
      Duration askedFlushInterval,
      StreamRegistry streams,
      InstrumentCache instruments)
      throws InvalidRequestException {
    RequestReader reader = new RequestReader(instruments::resolve);
    this.topics = reader.subscriptions(subscriptions);
    this.maxLag = reader.maxLag(hasMaxLag, askedMaxLag, streams.maxLag());
    this.flushInterval = hasFlushInterval ? reader.flushInterval(askedFlushInterval, maxLag) : null;
    this.instruments = instruments;
    reader.requireNetwork(expectedNetwork, streams.identity().network());
  }

  static TopicsRequested of(
      SubscribeRequest request, StreamRegistry streams, InstrumentCache instruments)
      throws InvalidRequestException {
    return new TopicsRequested(
        request.getSubscriptionsList(),
        request.getExpectedNetwork(),
        request.hasMaxLag(),
        request.getMaxLag(),
        request.hasFlushInterval(),
        request.getFlushInterval(),
        streams,
        instruments);
  }

  static TopicsRequested of(
      SubscribeCommand command, StreamRegistry streams, InstrumentCache instruments)
      throws InvalidRequestException {
    return new TopicsRequested(
        command.getSubscriptionsList(),
        command.getExpectedNetwork(),
        command.hasMaxLag(),
        command.getMaxLag(),
        command.hasFlushInterval(),
        command.getFlushInterval(),
        streams,
        instruments);
  }

  /**
   * Adds the topics to a stream, or says why the caller may not have them. Those that are named by
   * their instrument come first: they may have a resume point, and are none of all instruments
   * then.
   */
  void subscribe(ClientStream stream, Rights rights) {
    if (flushInterval != null) {
      stream.flushInterval(flushInterval);
    }
    topics.forEach(
        (topic, from) -> {
          if (!rights.allows(topic.message())) {
            stream.refuse(topic, Statuses.NOT_ALLOWED);
          } else if (!RequestReader.namesAllInstruments(topic.message())) {
            stream.subscribe(topic, from, maxLag);
          }
        });
    topics.keySet().stream()
        .filter(topic -> rights.allows(topic.message()))
        .filter(topic -> RequestReader.namesAllInstruments(topic.message()))
        .forEach(
            topic ->
                stream.subscribeAll(
                    topic, new AllInstruments(topic.message(), instruments), maxLag));
  }
}
