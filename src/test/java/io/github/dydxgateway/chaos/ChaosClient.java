package io.github.dydxgateway.chaos;

import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.GatewayServiceGrpc;
import io.github.dydxgateway.v1.GetOrderBookRequest;
import io.github.dydxgateway.v1.GetOrderBookResponse;
import io.github.dydxgateway.v1.ResumePoint;
import io.github.dydxgateway.v1.SessionRequest;
import io.github.dydxgateway.v1.SessionResponse;
import io.github.dydxgateway.v1.SlowConsumerPolicy;
import io.github.dydxgateway.v1.SubscribeRequest;
import io.github.dydxgateway.v1.SubscribeResponse;
import io.github.dydxgateway.v1.SubscriptionState.State;
import io.github.dydxgateway.v1.Topic;
import io.github.dydxgateway.v1.TopicSubscription;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client with a habit, over a connection of its own. It keeps its records as a good client does:
 * whatever ends its call, it comes back with the last sequences it has. Thread-safe: one lock, as
 * slow as it is.
 */
final class ChaosClient {
  private static final int CREDIT = 64;
  private static final int FLOW_CONTROL_WINDOW = 8 << 10;
  private static final int LARGEST_MESSAGE = 16 << 20;
  private static final Pattern CUT_OFF =
      Pattern.compile("resume from epoch (\\S+) sequence (\\d+)");

  private final String name;
  private final Habit habit;
  private final SplittableRandom random;
  private final List<Topic> topics;
  private final int port;
  private final ScheduledExecutorService timer;
  private final Ledger ledger;
  private final Map<Topic, TopicLog> logs = new LinkedHashMap<>();

  /** Topics given back, of which the gateway has not yet said CLOSED. */
  private final List<Topic> leaving = new ArrayList<>();

  private boolean begun;
  private ManagedChannel channel;
  private Call<?, ?> call;
  private StreamObserver<SessionRequest> commands;
  private String epoch = "";
  private boolean stalled;
  private boolean settled;
  private boolean closed;
  private int cutOffs;
  private int gatewayEnds;

  ChaosClient(
      int number,
      Habit habit,
      SplittableRandom random,
      List<Topic> topics,
      int port,
      ScheduledExecutorService timer,
      Ledger ledger) {
    this.name = habit + "-" + number;
    this.habit = habit;
    this.random = random;
    this.topics = topics;
    this.port = port;
    this.timer = timer;
    this.ledger = ledger;
  }

  /** What a client does from time to time. */
  enum Habit {
    /** Reads as fast as it can, and stays. */
    STAYS,
    /** Takes topics and gives them back, in a session. */
    COMMANDS,
    /** Stops reading for a while. */
    STALLS,
    /** Stops reading for a while, and would rather be cut off than miss something. */
    STALLS_STRICTLY,
    /** Ends its call or connection and resumes. */
    RESUMES,
    /** Ends its call and comes back as if it had never been there. */
    FORGETS,
    /** Asks for books now and then. */
    ASKS
  }

  /** Begins, after a while of its own. */
  synchronized void start(int mostMillis) {
    later(random.nextInt(0, mostMillis), this::join);
  }

  /** From now on it reads all it can and stays, with at least one topic. */
  synchronized void settle() {
    settled = true;
    if (stalled) {
      goOnReading();
    }
    if (call == null) {
      join();
    }
    if (habit == Habit.COMMANDS && logs.values().stream().noneMatch(TopicLog::isAttached)) {
      take(topics.get(0), false);
    }
  }

  /** Leaves for good. */
  synchronized void close() {
    closed = true;
    leave("the round is over");
    if (channel != null) {
      channel.shutdownNow();
    }
  }

  /** Whether its topics are live and have these sequences. */
  synchronized boolean hasAll(Map<Topic, Long> sequences) {
    if (habit == Habit.ASKS) {
      return true;
    }
    return call != null
        && logs.values().stream()
            .filter(TopicLog::isAttached)
            .allMatch(
                log -> log.isLive() && log.last() == sequences.getOrDefault(log.topic(), -1L));
  }

  /** What it waits for; for a message. */
  synchronized String lacks(Map<Topic, Long> sequences) {
    List<String> lacking = new ArrayList<>();
    for (TopicLog log : logs.values()) {
      if (log.isAttached()
          && (!log.isLive() || log.last() != sequences.getOrDefault(log.topic(), -1L))) {
        lacking.add(
            Agreement.name(log.topic())
                + (log.isLive() ? "" : " not live")
                + " has "
                + log.last()
                + " of "
                + sequences.get(log.topic()));
      }
    }
    return name + (call == null ? " has no call " : "") + lacking;
  }

  /** The records of topics that it has now. */
  synchronized List<TopicLog> attached() {
    return logs.values().stream().filter(TopicLog::isAttached).toList();
  }

  synchronized int cutOffs() {
    return cutOffs;
  }

  /** How often the gateway ended its call. */
  synchronized int gatewayEnds() {
    return gatewayEnds;
  }

  // ---- what it does

  private synchronized void step() {
    if (closed || settled) {
      return;
    }
    switch (habit) {
      case STAYS -> {}
      case COMMANDS -> command();
      case STALLS, STALLS_STRICTLY -> {
        if (stalled) {
          goOnReading();
        } else {
          stalled = true;
        }
      }
      case RESUMES -> {
        leave("gone for a moment");
        if (random.nextBoolean() && channel != null) {
          channel.shutdownNow();
          channel = null;
        }
        later(random.nextInt(0, 1500), this::join);
      }
      case FORGETS -> {
        leave("gone");
        logs.clear();
        later(random.nextInt(0, 600), this::join);
      }
      case ASKS -> ask();
    }
    nextStep();
  }

  private void nextStep() {
    int most = habit == Habit.STALLS || habit == Habit.STALLS_STRICTLY ? 4000 : 1500;
    later(random.nextInt(50, most), this::step);
  }

  private void later(int millis, Runnable what) {
    try {
      var unused = timer.schedule(what, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      closed = true; // the test is over
    }
  }

  private synchronized void join() {
    if (closed || call != null) {
      return;
    }
    if (!begun) {
      begun = true;
      nextStep();
    }
    if (habit == Habit.ASKS) {
      return;
    }
    if (habit == Habit.COMMANDS) {
      Call<SessionRequest, SessionResponse> session = new Call<>(SessionResponse::getEventsList);
      call = session;
      commands = GatewayServiceGrpc.newStub(channel()).session(session);
      List<Topic> had =
          logs.values().stream().filter(TopicLog::isAttached).map(TopicLog::topic).toList();
      for (Topic topic : had.isEmpty() ? topics.subList(0, 1) : had) {
        take(topic, true);
      }
      return;
    }
    SubscribeRequest.Builder request =
        SubscribeRequest.newBuilder()
            .setSlowConsumerPolicy(
                habit == Habit.STALLS_STRICTLY
                    ? SlowConsumerPolicy.SLOW_CONSUMER_POLICY_DISCONNECT
                    : SlowConsumerPolicy.SLOW_CONSUMER_POLICY_CONFLATE);
    for (Topic topic : topics) {
      request.addSubscriptions(subscription(topic, true));
    }
    Call<SubscribeRequest, SubscribeResponse> made = new Call<>(SubscribeResponse::getEventsList);
    call = made;
    GatewayServiceGrpc.newStub(channel()).subscribe(request.build(), made);
  }

  private TopicSubscription subscription(Topic topic, boolean resume) {
    TopicLog log = logs.computeIfAbsent(topic, key -> ledger.open(name, key));
    TopicSubscription.Builder subscription = TopicSubscription.newBuilder().setTopic(topic);
    boolean resumes = resume && log.last() > 0;
    if (resumes) {
      subscription.setResumeFrom(ResumePoint.newBuilder().setEpoch(epoch).setSequence(log.last()));
    }
    log.attach(resumes);
    return subscription.build();
  }

  private void command() {
    if (call == null) {
      return;
    }
    Topic topic = topics.get(random.nextInt(topics.size()));
    TopicLog log = logs.get(topic);
    boolean resume = random.nextBoolean();
    if (log == null || !log.isAttached()) {
      take(topic, resume);
    } else if (attached().size() > 1 && !leaving.contains(topic)) {
      SessionRequest.Builder command = SessionRequest.newBuilder();
      command.getUnsubscribeBuilder().addTopics(topic);
      commands.onNext(command.build());
      // Taken up again only once the gateway has said CLOSED, in received().
      leaving.add(topic);
    }
  }

  private void take(Topic topic, boolean resume) {
    if (leaving.contains(topic)) {
      return;
    }
    SessionRequest.Builder command = SessionRequest.newBuilder();
    command.getSubscribeBuilder().addSubscriptions(subscription(topic, resume));
    commands.onNext(command.build());
  }

  private void ask() {
    Topic topic = topics.get(random.nextInt(topics.size()));
    String instrument = topic.getOrderBook().getInstrumentId();
    GatewayServiceGrpc.newStub(channel())
        .withDeadlineAfter(random.nextInt(5, 3000), TimeUnit.MILLISECONDS)
        .getOrderBook(
            GetOrderBookRequest.newBuilder().setInstrumentId(instrument).build(),
            new StreamObserver<>() {
              @Override
              public void onNext(GetOrderBookResponse answer) {
                ledger.book(name, topic, answer.getSequence(), answer.getOrderBook());
              }

              @Override
              public void onError(Throwable error) {
                Status.Code code = Status.fromThrowable(error).getCode();
                if (code != Status.Code.DEADLINE_EXCEEDED && code != Status.Code.UNAVAILABLE) {
                  ledger.problems().add(name + ": GetOrderBook ended with " + error);
                }
              }

              @Override
              public void onCompleted() {}
            });
  }

  private void goOnReading() {
    stalled = false;
    if (call != null) {
      call.refill();
    }
  }

  private void leave(String why) {
    if (call != null) {
      Call<?, ?> left = call;
      call = null;
      leaving.clear();
      if (habit != Habit.COMMANDS) {
        logs.values().forEach(TopicLog::detach);
      }
      left.observer.cancel(why, null);
    }
  }

  private ManagedChannel channel() {
    if (channel == null) {
      channel =
          NettyChannelBuilder.forAddress("127.0.0.1", port)
              .usePlaintext()
              .maxInboundMessageSize(LARGEST_MESSAGE)
              .flowControlWindow(FLOW_CONTROL_WINDOW)
              .build();
    }
    return channel;
  }

  // ---- what it gets

  private void received(Event event) {
    if (event.hasStreamOpened()) {
      String now = event.getStreamOpened().getEpoch();
      if (!epoch.isEmpty() && !epoch.equals(now)) {
        ledger.problems().add(name + ": the epoch changed from " + epoch + " to " + now);
      }
      epoch = now;
    } else if (event.hasTopic()) {
      TopicLog log = logs.get(event.getTopic());
      if (log == null) {
        ledger.problems().add(name + " did not ask for " + event.getTopic());
        return;
      }
      log.take(event);
      if (event.getSubscriptionState().getState() == State.STATE_CLOSED) {
        log.detach();
        leaving.remove(event.getTopic());
      }
    }
  }

  private void ended(Status status) {
    call = null;
    leaving.clear();
    gatewayEnds++;
    switch (status.getCode()) {
      case RESOURCE_EXHAUSTED -> cutOff(status);
      default -> ledger.problems().add(name + ": the call ended with " + status);
    }
    if (habit != Habit.COMMANDS) {
      logs.values().forEach(TopicLog::detach);
    }
    stalled = false;
    later(random.nextInt(0, 400), this::join);
  }

  private void cutOff(Status status) {
    cutOffs++;
    Matcher told = CUT_OFF.matcher(String.valueOf(status.getDescription()));
    if (!told.find()) {
      ledger.problems().add(name + ": cut off without a point to resume from: " + status);
      return;
    }
    long sequence = Long.parseLong(told.group(2));
    Iterator<TopicLog> had = logs.values().iterator();
    boolean found = !told.group(1).equals(epoch) || sequence == 0;
    while (had.hasNext() && !found) {
      // Who has nothing of a topic yet is told where it begins.
      TopicLog log = had.next();
      found = log.isResumedFrom(sequence) || log.last() == 0;
    }
    if (!found) {
      ledger
          .problems()
          .add(
              "%s: told to resume from a sequence that it does not have: %s; it has %s"
                  .formatted(name, status, logs.values().stream().map(TopicLog::last).toList()));
    }
  }

  /** A call, whose messages are taken as credit allows. */
  private final class Call<Q, P> implements ClientResponseObserver<Q, P> {
    private final Function<P, List<Event>> eventsOf;
    private ClientCallStreamObserver<Q> observer;
    private int credit = CREDIT;

    Call(Function<P, List<Event>> eventsOf) {
      this.eventsOf = eventsOf;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Q> requestStream) {
      observer = requestStream;
      requestStream.disableAutoRequestWithInitial(CREDIT);
    }

    @Override
    public void onNext(P response) {
      synchronized (ChaosClient.this) {
        credit--;
        if (call == this) {
          eventsOf.apply(response).forEach(ChaosClient.this::received);
          if (!stalled) {
            refill();
          }
        }
      }
    }

    private void refill() {
      if (credit <= CREDIT / 2) {
        observer.request(CREDIT - credit);
        credit = CREDIT;
      }
    }

    @Override
    public void onError(Throwable error) {
      synchronized (ChaosClient.this) {
        if (call == this) {
          ended(Status.fromThrowable(error));
        }
      }
    }

    @Override
    public void onCompleted() {
      synchronized (ChaosClient.this) {
        if (call == this) {
          ended(Status.OK);
        }
      }
    }
  }
}
