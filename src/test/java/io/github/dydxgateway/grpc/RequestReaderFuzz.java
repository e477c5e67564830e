package io.github.dydxgateway.grpc;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.dydxgateway.stream.TopicKey;
import io.github.dydxgateway.testing.AllocationBudget;
import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.SessionRequest;
import io.github.dydxgateway.v1.SubscribeRequest;
import io.github.dydxgateway.v1.Topic;
import io.github.dydxgateway.v1.TopicSubscription;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Any bytes that protobuf takes for a request are read or refused with the fields that are wrong;
 * what is read is canonical, thus reads as itself.
 */
class RequestReaderFuzz {
  private static final AllocationBudget BUDGET = new AllocationBudget(256 << 10, 1000);
  private static final int MOST_VIOLATIONS = 16;

  @FuzzTest
  void anyRequestIsReadOrRefused(byte[] bytes) {
    try {
      SubscribeRequest request = SubscribeRequest.parseFrom(bytes);
      subscribe(bytes.length, request.getSubscriptionsList());
      options(request);
    } catch (InvalidProtocolBufferException e) {
      // Refused by gRPC before it gets here.
    }
    try {
      SessionRequest request = SessionRequest.parseFrom(bytes);
      subscribe(bytes.length, request.getSubscribe().getSubscriptionsList());
      unsubscribe(bytes.length, request.getUnsubscribe().getTopicsList());
    } catch (InvalidProtocolBufferException e) {
      // As above.
    }
  }

  private static void subscribe(int inputBytes, List<TopicSubscription> subscriptions) {
    BUDGET.check(
        inputBytes,
        () -> {
          try {
            Map<TopicKey, ResumePoint> topics = new RequestReader().subscriptions(subscriptions);
            require(!topics.isEmpty() && topics.size() <= subscriptions.size(), topics);
            checkCanonical(topics.keySet());
          } catch (InvalidRequestException e) {
            checkRefusal(e);
          }
        });
  }

  private static void options(SubscribeRequest request) {
    try {
      Duration maxLag =
          new RequestReader()
              .maxLag(request.hasMaxLag(), request.getMaxLag(), Duration.ofSeconds(1));
      Duration flush = new RequestReader().flushInterval(request.getFlushInterval(), maxLag);
      require(!flush.isNegative(), flush);
      require(maxLag.isZero() || flush.multipliedBy(2).compareTo(maxLag) <= 0, flush);
      new RequestReader().requireNetwork(request.getExpectedNetwork(), "mainnet");
    } catch (InvalidRequestException e) {
      checkRefusal(e);
    }
  }

  private static void unsubscribe(int inputBytes, List<Topic> named) {
    BUDGET.check(
        inputBytes,
        () -> {
          try {
            List<TopicKey> topics = new RequestReader().topics(named);
            require(!topics.isEmpty() && topics.size() <= named.size(), topics);
            checkCanonical(Set.copyOf(topics));
          } catch (InvalidRequestException e) {
            checkRefusal(e);
          }
        });
  }

  private static void checkCanonical(Set<TopicKey> topics) throws InvalidRequestException {
    List<Topic> messages = topics.stream().map(TopicKey::message).toList();
    require(Set.copyOf(new RequestReader().topics(messages)).equals(topics), topics);
    require(topics.stream().noneMatch(key -> key.toString().isEmpty()), topics);
  }

  private static void checkRefusal(InvalidRequestException refusal) {
    Status status = Status.fromThrowable(Statuses.of(refusal));
    List<InvalidRequestException.Violation> violations = refusal.violations();
    if (refusal.reason() != null) {
      require(status.getCode() != Status.Code.INVALID_ARGUMENT && violations.isEmpty(), status);
      return;
    }
    require(!violations.isEmpty() && violations.size() <= MOST_VIOLATIONS, violations);
    for (InvalidRequestException.Violation violation : violations) {
      require(!violation.field().isEmpty() && !violation.description().isEmpty(), violation);
    }
    require(status.getCode() == Status.Code.INVALID_ARGUMENT, status);
  }

  private static void require(boolean holds, Object got) {
    if (!holds) {
      throw new AssertionError(got);
    }
  }
}
