package io.github.dydxgateway.soak;

import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.GatewayServiceGrpc;
import io.github.dydxgateway.v1.SessionRequest;
import io.github.dydxgateway.v1.SessionResponse;
import io.github.dydxgateway.v1.SubscribeRequest;
import io.github.dydxgateway.v1.SubscribeResponse;
import io.github.dydxgateway.v1.Topic;
import io.github.dydxgateway.v1.TopicSubscription;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A program that streams a few topics and checks what it gets. It can leave in several ways and
 * come back, then with resume points. Told what to do by one thread; its events come on that of its
 * channel.
 */
final class LoadClient {
  private static final long SETTLING_NS = TimeUnit.SECONDS.toNanos(5);

  private final LoadChannel channel;
  private final LoadCounters counters;
  private final boolean session;
  private final Reading reading;
  private final Map<Topic, TopicCheck> checks = new LinkedHashMap<>();

  private volatile String epoch = "";
  private volatile Call<?, ?> call;

  /** How fast it reads. */
  enum Reading {
    /** As fast as it can. */
    EAGER,
    /** When told. */
    SLOW,
    /** One message, and no more. */
    NEVER
  }

  /** How it leaves. */
  enum Farewell {
    /** Ends the call: RST_STREAM. */
    CANCEL,
    /** Leaves its topics and ends its side, if it is a Session; else as {@link #CANCEL}. */
    HALF_CLOSE
  }

  /**
   * @param session whether by Session; else by Subscribe
   * @param topics by canonical ids
   */
  LoadClient(
      LoadChannel channel,
      LoadCounters counters,
      boolean session,
      Reading reading,
      Collection<Topic> topics) {
    this.channel = channel;
    this.counters = counters;
    this.session = session;
    this.reading = reading;
    topics.forEach(topic -> checks.put(topic, new TopicCheck(topic, counters)));
  }

  LoadChannel channel() {
    return channel;
  }

  Reading reading() {
    return reading;
  }

  Collection<TopicCheck> checks() {
    return checks.values();
  }

  /** Whether it has a call. */
  boolean isOpen() {
    return call != null;
  }

  /** Calls the gateway; it must have no call. */
  void open(boolean resume) {
    counters.joined.increment();
    boolean resumes = resume && !epoch.isEmpty();
    List<TopicSubscription> subscriptions = new ArrayList<>();
    for (TopicCheck check : checks.values()) {
      TopicSubscription.Builder subscription =
          TopicSubscription.newBuilder().setTopic(check.topic());
      boolean from = resumes && check.lastSequence() > 0;
      if (from) {
        counters.resumed.increment();
        subscription.getResumeFromBuilder().setEpoch(epoch).setSequence(check.lastSequence());
      }
      check.opened(from);
      subscriptions.add(subscription.build());
    }
    GatewayServiceGrpc.GatewayServiceStub stub = GatewayServiceGrpc.newStub(channel.channel());
    if (session) {
      Call<SessionRequest, SessionResponse> next = new Call<>(SessionResponse::getEventsList);
      call = next;
      SessionRequest.Builder command = SessionRequest.newBuilder();
      command.getSubscribeBuilder().addAllSubscriptions(subscriptions);
      stub.session(next).onNext(command.build());
    } else {
      Call<SubscribeRequest, SubscribeResponse> next = new Call<>(SubscribeResponse::getEventsList);
      call = next;
      stub.subscribe(
          SubscribeRequest.newBuilder().addAllSubscriptions(subscriptions).build(), next);
    }
  }

  /** Ends the call; it is over once {@link #isOpen} says so. */
  void leave(Farewell how) {
    Call<?, ?> leaving = call;
    if (leaving == null) {
      return;
    }
    leaving.expectedToEnd = true;
    counters.left.increment();
    if (session && how == Farewell.HALF_CLOSE && reading == Reading.EAGER) {
      SessionRequest.Builder command = SessionRequest.newBuilder();
      command.getUnsubscribeBuilder().addAllTopics(checks.keySet());
      leaving.halfClose(command.build());
    } else {
      leaving.requests.cancel("leaves", null);
    }
  }

  /** The connection is about to be cut. */
  void expectCut() {
    Call<?, ?> leaving = call;
    if (leaving != null) {
      leaving.expectedToEnd = true;
      counters.left.increment();
    }
  }

  /** Reads so many messages more; for those who are slow. */
  void read(int messages) {
    Call<?, ?> reads = call;
    if (reads != null) {
      reads.requests.request(messages);
    }
  }

  /** One call. */
  private final class Call<Q, P> implements ClientResponseObserver<Q, P> {
    private final Function<P, List<Event>> eventsOf;
    private ClientCallStreamObserver<Q> requests;
    private final long openedNanos = System.nanoTime();
    private volatile boolean expectedToEnd;

    Call(Function<P, List<Event>> eventsOf) {
      this.eventsOf = eventsOf;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Q> requestStream) {
      requests = requestStream;
      if (reading != Reading.EAGER) {
        requestStream.disableAutoRequestWithInitial(1);
      }
    }

    @SuppressWarnings("unchecked")
    void halfClose(SessionRequest lastCommand) {
      requests.onNext((Q) lastCommand);
      requests.onCompleted();
    }

    @Override
    public void onNext(P response) {
      eventsOf.apply(response).forEach(this::take);
    }

    private void take(Event event) {
      counters.events.increment();
      if (event.hasStreamOpened()) {
        epoch = event.getStreamOpened().getEpoch();
      } else if (event.hasTopic()) {
        check(event);
      }
    }

    private void check(Event event) {
      TopicCheck check = checks.get(event.getTopic());
      if (check == null) {
        counters.problem("an event of a topic not asked for: " + event.getTopic());
        return;
      }
      // What a client gets first was received before it came.
      if (event.getSequence() > 0
          && reading == Reading.EAGER
          && System.nanoTime() - openedNanos > SETTLING_NS) {
        Instant now = Instant.now();
        counters.latency(
            now.getEpochSecond() * 1_000_000_000L + now.getNano() - event.getReceiveTimeNs());
      }
      check.take(event);
    }

    @Override
    public void onError(Throwable error) {
      end(Status.fromThrowable(error));
    }

    @Override
    public void onCompleted() {
      end(Status.OK);
    }

    private void end(Status status) {
      if (!expectedToEnd) {
        counters.problem("a call ended unasked: " + status);
      }
      call = null;
    }
  }
}
