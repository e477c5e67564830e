package io.github.dydxgateway.upstream;

import java.util.concurrent.atomic.AtomicLong;

/** The figures of one connection. Written by its event loop only, read from any thread. */
final class ConnectionStatus {
  private final AtomicLong lastReceiveTimeNs = new AtomicLong();
  private final AtomicLong lastReceiveNanos = new AtomicLong();
  private final AtomicLong frameCount = new AtomicLong();
  private volatile ConnectionState state = ConnectionState.CONNECTING;
  private volatile String sessionId = "";
  private volatile long sessionCount;
  private volatile String lastDisconnectReason = "";

  ConnectionState state() {
    return state;
  }

  void state(ConnectionState state) {
    this.state = state;
  }

  void received(long timeNs, long nanos) {
    lastReceiveNanos.setRelease(nanos);
    lastReceiveTimeNs.setRelease(timeNs);
  }

  void frameReceived() {
    frameCount.setRelease(frameCount.getPlain() + 1);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only the connection's loop writes
  void sessionStarted(String id) {
    sessionId = id == null ? "" : id;
    sessionCount++;
  }

  boolean isSession(String id) {
    return sessionId.equals(id == null ? "" : id);
  }

  void disconnected(String reason) {
    lastDisconnectReason = reason;
  }

  ConnectionSnapshot snapshot(int number, int subscriptionCount) {
    return new ConnectionSnapshot(
        number,
        state,
        sessionId,
        lastReceiveTimeNs.getAcquire(),
        lastReceiveNanos.getAcquire(),
        subscriptionCount,
        Math.max(0, sessionCount - 1),
        frameCount.getAcquire(),
        lastDisconnectReason);
  }
}
