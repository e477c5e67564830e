package io.github.dydxgateway.bench;

import io.github.dydxgateway.v1.SubscribeResponse;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The floor of fan-out: bare grpc-java, one message over and over to all streams.
 *
 * <p>Commands: {@code constant MESSAGE} one thread pushes the same bytes to all streams; {@code
 * object MESSAGE} one thread pushes an ordinary message, which is encoded for each stream; {@code
 * readiness MESSAGE} each stream is filled from its own readiness with the same bytes; {@code
 * stop}. The message is in Base64.
 */
public final class FanOutFloor {
  private static final long NAP_NS = 50_000;

  private final FloorService service;
  private volatile Object pushed;
  private volatile byte[] drained;
  private volatile boolean pushing;

  private FanOutFloor() throws IOException {
    service = new FloorService(this::fill);
  }

  /** Runs until its input ends. */
  public static void main(String[] arguments) throws Exception {
    FanOutFloor floor = new FanOutFloor();
    Thread producer = new Thread(floor::push, "producer");
    producer.setDaemon(true);
    producer.start();
    Commands.serve(Integer.toString(floor.service.port()), floor::handle);
  }

  private String handle(String command, List<String> arguments) throws IOException {
    switch (command) {
      case "constant" -> pushed = message(arguments);
      case "object" -> pushed = SubscribeResponse.parseFrom(message(arguments));
      case "readiness" -> {
        drained = message(arguments);
        service.streams().forEach(this::fill);
      }
      case "stop" -> stop();
      default -> throw new IllegalArgumentException(command);
    }
    return "ok";
  }

  /** A stream is one thread's at a time, so nothing else may begin before this has ended. */
  private void stop() {
    pushed = null;
    drained = null;
    while (pushing) {
      LockSupport.parkNanos(NAP_NS);
    }
    for (ServerCallStreamObserver<Object> stream : service.streams()) {
      synchronized (stream) {
        stream.isReady();
      }
    }
  }

  private static byte[] message(List<String> arguments) {
    return Base64.getDecoder().decode(arguments.get(0));
  }

  private void push() {
    for (; ; ) {
      pushing = true;
      Object message = pushed;
      boolean sent = message != null && pushToReady(message);
      pushing = false;
      if (!sent) {
        LockSupport.parkNanos(NAP_NS);
      }
    }
  }

  private boolean pushToReady(Object message) {
    boolean sent = false;
    for (ServerCallStreamObserver<Object> stream : service.streams()) {
      if (stream.isReady()) {
        stream.onNext(message);
        sent = true;
      }
    }
    return sent;
  }

  private void fill(ServerCallStreamObserver<Object> stream) {
    byte[] message = drained;
    if (message == null) {
      return;
    }
    synchronized (stream) { // the first time it is another thread than the stream's
      while (stream.isReady() && drained != null) {
        stream.onNext(message);
      }
    }
  }
}
