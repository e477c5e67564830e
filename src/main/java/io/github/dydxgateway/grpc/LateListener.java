package io.github.dydxgateway.grpc;

import io.grpc.ServerCall;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Listens to a call that is not let in yet: what happens meanwhile is told to the call's own
 * listener later. That is little, since no message comes before the call asks for one. Belongs to
 * the call's event loop.
 */
final class LateListener<Q> extends ServerCall.Listener<Q> {
  private final Queue<Consumer<ServerCall.Listener<Q>>> meanwhile = new ArrayDeque<>();
  private ServerCall.Listener<Q> listener;
  private boolean over;

  /** The call is let in. */
  void goOnWith(ServerCall.Listener<Q> started) {
    listener = started;
    for (Consumer<ServerCall.Listener<Q>> event; (event = meanwhile.poll()) != null; ) {
      event.accept(started);
    }
  }

  /** The call is not let in. */
  void end() {
    over = true;
    meanwhile.clear();
  }

  /** Whether nobody listens any more. */
  boolean isOver() {
    return over;
  }

  private void tell(Consumer<ServerCall.Listener<Q>> event) {
    if (listener != null) {
      event.accept(listener);
    } else if (!over) {
      meanwhile.add(event);
    }
  }

  @Override
  public void onMessage(Q message) {
    tell(one -> one.onMessage(message));
  }

  @Override
  public void onHalfClose() {
    tell(ServerCall.Listener::onHalfClose);
  }

  @Override
  public void onReady() {
    tell(ServerCall.Listener::onReady);
  }

  @Override
  public void onCancel() {
    if (listener == null) {
      end();
    } else {
      listener.onCancel();
    }
  }

  @Override
  public void onComplete() {
    if (listener == null) {
      end();
    } else {
      listener.onComplete();
    }
  }
}
