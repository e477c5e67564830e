package io.github.dydxgateway.testing;

import io.github.dydxgateway.v1.Event;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A client's stream over a real socket, and all it has got. Reads as fast as it can, or only when
 * told. May be used from any thread.
 */
public final class RecordedStream<Q, P> implements ClientResponseObserver<Q, P> {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Function<P, List<Event>> eventsOf;
  private final boolean readsByItself;
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private volatile ClientCallStreamObserver<Q> call;
  private volatile Status status;

  RecordedStream(Function<P, List<Event>> eventsOf, boolean readsByItself) {
    this.eventsOf = eventsOf;
    this.readsByItself = readsByItself;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<Q> requestStream) {
    call = requestStream;
    if (!readsByItself) {
      requestStream.disableAutoRequestWithInitial(1);
    }
  }

  @Override
  public void onNext(P response) {
    events.addAll(eventsOf.apply(response));
  }

  @Override
  public void onError(Throwable error) {
    status = Status.fromThrowable(error);
  }

  @Override
  public void onCompleted() {
    status = Status.OK;
  }

  /** Reads so many messages more. */
  public void read(int count) {
    call.request(count);
  }

  /** Ends the call from this side. */
  public void cancel() {
    call.cancel("the test is done with it", null);
  }

  /** All events so far. */
  public List<Event> events() {
    return List.copyOf(events);
  }

  /** Those of one kind. */
  public List<Event> events(Event.PayloadCase kind) {
    return events.stream().filter(event -> event.getPayloadCase() == kind).toList();
  }

  /** How many have come. */
  public int count() {
    return events.size();
  }

  /** Waits for so many events of a kind. */
  public List<Event> await(Event.PayloadCase kind, int count) {
    awaitThat(() -> events(kind).size() >= count, count + " of " + kind);
    return events(kind);
  }

  /** Waits for an event. */
  public Event await(Predicate<Event> wanted) {
    awaitThat(() -> events.stream().anyMatch(wanted), "an event");
    return events.stream().filter(wanted).findFirst().orElseThrow();
  }

  /** Waits for the end of the call. */
  public Status awaitEnd() {
    awaitThat(() -> status != null, "the end of the call");
    return status;
  }

  /** Whether the call still goes on. */
  public boolean isOpen() {
    return status == null;
  }

  private void awaitThat(Callable<Boolean> condition, String what) {
    try {
      Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(condition);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "waited for " + what + "; got " + events.size() + " events, status " + status, e);
    }
  }
}
