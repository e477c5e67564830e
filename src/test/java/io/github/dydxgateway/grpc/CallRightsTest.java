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
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A call whose caller is known late. */
class CallRightsTest {
  private static final Rights ONE_STREAM = new Rights("bot", true, Set.of(), 1, Optional.empty());

  private final StreamQuota quota = new StreamQuota();
  private final CallRights rights =
      new CallRights(
          new Access(null) {
            @Override
            public boolean isOpen() {
              return false;
            }

            @Override
            public Rights rightsOf(SecurityIdentity identity) {
              return ONE_STREAM;
            }
          },
          quota,
          new Bot());

  /** Everybody is it. */
  private static final class Bot implements CurrentIdentityAssociation {
    private final SecurityIdentity identity =
        QuarkusSecurityIdentity.builder().setAnonymous(true).build();

    @Override
    public void setIdentity(SecurityIdentity ignored) {}

    @Override
    public void setIdentity(Uni<SecurityIdentity> ignored) {}

    @Override
    public SecurityIdentity getIdentity() {
      return identity;
    }

    @Override
    public Uni<SecurityIdentity> getDeferredIdentity() {
      return Uni.createFrom().item(identity);
    }
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

  @Test
  void aStreamThatCannotBeStartedEndsWithTheReasonAndGivesItsPlaceBack() {
    Session call = new Session();
    rights.interceptCall(
        call,
        new Metadata(),
        (started, headers) -> {
          throw Status.UNAVAILABLE.withDescription("it is stopping").asRuntimeException();
        });
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
  void theDetailsOfWhyAStreamCannotBeStartedReachTheClient() {
    Session call = new Session();
    rights.interceptCall(
        call,
        new Metadata(),
        (started, headers) -> {
          throw Statuses.tooManyStreams(5);
        });
    StatusRuntimeException end = call.closed.get(0).asRuntimeException(call.trailersSent.get(0));
    assertThat(StatusesTest.errorInfo(end).getReason()).isEqualTo("LIMIT_REACHED");
  }

  @Test
  void aTokenThatHasAllItsStreamsIsRefusedWithTheReason() {
    rights.interceptCall(
        new Session(), new Metadata(), (started, headers) -> new ServerCall.Listener<>() {});
    Session second = new Session();
    rights.interceptCall(
        second, new Metadata(), (started, headers) -> new ServerCall.Listener<>() {});
    StatusRuntimeException end =
        second.closed.get(0).asRuntimeException(second.trailersSent.get(0));
    assertThat(end.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(StatusesTest.errorInfo(end).getReason()).isEqualTo("LIMIT_REACHED");
    assertThat(StatusesTest.errorInfo(end).getMetadataMap()).containsEntry("limit", "max-streams");
  }

  @Test
  void aStreamGivesItsPlaceBackWhenItIsOver() {
    Session call = new Session();
    ServerCall.Listener<SessionRequest> listener =
        rights.interceptCall(
            call, new Metadata(), (started, headers) -> new ServerCall.Listener<>() {});
    assertThat(quota.take(ONE_STREAM)).isFalse();
    listener.onCancel();
    assertThat(quota.take(ONE_STREAM)).isTrue();
    assertThat(call.closed).isEmpty();
  }
}
