package io.github.dydxgateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.access.Access;
import io.github.dydxgateway.access.Rights;
import io.github.dydxgateway.access.StreamQuota;
import io.github.dydxgateway.v1.GatewayServiceGrpc;
import io.github.dydxgateway.v1.SessionRequest;
import io.github.dydxgateway.v1.SessionResponse;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A call whose caller is known late. */
class CallRightsTest {
  private static final Rights ONE_STREAM = new Rights("bot", true, Set.of(), 1, Optional.empty());

  private final StreamQuota quota = new StreamQuota();
  private final CallLoops loops = new CallLoops(1);
  private UniEmitter<? super Rights> authentication;
  private final CallRights rights =
      new CallRights(
          new Access(null, null) {
            @Override
            public boolean isOpen() {
              return false;
            }

            @Override
            public Uni<Rights> authenticate(String authorization) {
              return Uni.createFrom().emitter(emitter -> authentication = emitter);
            }
          },
          quota);

  @AfterEach
  void closeLoops() {
    loops.close();
  }

  /** Writes down how it is closed. */
  private static final class Session extends ServerCall<SessionRequest, SessionResponse> {
    private final List<Status> closed = new ArrayList<>();
    private final List<Metadata> trailersSent = new ArrayList<>();

    @Override
    public void request(int messages) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(SessionResponse message) {}

    @Override
    public void close(Status status, Metadata trailers) {
      closed.add(status);
      trailersSent.add(trailers);
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public MethodDescriptor<SessionRequest, SessionResponse> getMethodDescriptor() {
      return GatewayServiceGrpc.getSessionMethod();
    }
  }

  private ServerCall.Listener<SessionRequest> open(
      Session call, ServerCallHandler<SessionRequest, SessionResponse> service) throws Exception {
    return onLoop(() -> rights.interceptCall(call, new Metadata(), service));
  }

  /** The answer comes on this thread; what follows from it happens on the call's loop. */
  private void authenticate() throws Exception {
    authentication.complete(ONE_STREAM);
    onLoop(() -> null);
  }

  private <T> T onLoop(Callable<T> task) throws Exception {
    return loops.group().submit(task).get();
  }

  @Test
  void aStreamThatCannotBeStartedEndsWithTheReasonAndGivesItsPlaceBack() throws Exception {
    Session call = new Session();
    open(
        call,
        (started, headers) -> {
          throw Status.UNAVAILABLE.withDescription("it is stopping").asRuntimeException();
        });
    authenticate();
    assertThat(call.closed)
        .singleElement()
        .satisfies(
            status -> {
              assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
              assertThat(status.getDescription()).isEqualTo("it is stopping");
            });
    assertThat(quota.take(ONE_STREAM)).isTrue();
  }

  @Test
  void theDetailsOfWhyAStreamCannotBeStartedReachTheClient() throws Exception {
    Session call = new Session();
    open(
        call,
        (started, headers) -> {
          throw Statuses.tooManyStreams(5);
        });
    authenticate();
    StatusRuntimeException end = call.closed.get(0).asRuntimeException(call.trailersSent.get(0));
    assertThat(StatusesTest.errorInfo(end).getReason()).isEqualTo("LIMIT_REACHED");
  }

  @Test
  void aTokenThatHasAllItsStreamsIsRefusedWithTheReason() throws Exception {
    open(new Session(), (started, headers) -> new ServerCall.Listener<>() {});
    authenticate();
    Session second = new Session();
    open(second, (started, headers) -> new ServerCall.Listener<>() {});
    authenticate();
    StatusRuntimeException end =
        second.closed.get(0).asRuntimeException(second.trailersSent.get(0));
    assertThat(end.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(StatusesTest.errorInfo(end).getReason()).isEqualTo("LIMIT_REACHED");
    assertThat(StatusesTest.errorInfo(end).getMetadataMap()).containsEntry("limit", "max-streams");
  }

  @Test
  void aStreamGivesItsPlaceBackWhenItIsOver() throws Exception {
    Session call = new Session();
    ServerCall.Listener<SessionRequest> listener =
        open(call, (started, headers) -> new ServerCall.Listener<>() {});
    authenticate();
    assertThat(quota.take(ONE_STREAM)).isFalse();
    onLoop(
        () -> {
          listener.onCancel();
          return null;
        });
    assertThat(quota.take(ONE_STREAM)).isTrue();
    assertThat(call.closed).isEmpty();
  }

  @Test
  void aCallContinuesOnItsOwnLoopWhereverItsCallerWasAuthenticated() throws Exception {
    List<Object> startedOn = new ArrayList<>();
    open(
        new Session(),
        (started, headers) -> {
          startedOn.add(CallLoops.current());
          return new ServerCall.Listener<>() {};
        });
    assertThat(startedOn).isEmpty();
    authenticate();
    assertThat(startedOn).containsExactly(onLoop(CallLoops::current));
  }

  @Test
  void aCallThatWasCancelledMeanwhileIsNotStarted() throws Exception {
    Session call = new Session();
    ServerCall.Listener<SessionRequest> listener =
        open(
            call,
            (started, headers) -> {
              throw new AssertionError("was started");
            });
    onLoop(
        () -> {
          listener.onCancel();
          return null;
        });
    authenticate();
    assertThat(call.closed).isEmpty();
    assertThat(quota.take(ONE_STREAM)).isTrue();
  }
}
