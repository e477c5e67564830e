package io.github.dydxgateway.page;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.util.ArrayList;
import java.util.List;

/** A response whose write queue holds as many writes as the test says. */
final class FakeResponse implements WriteStream<Buffer> {
  private final List<String> written = new ArrayList<>();
  private int room = Integer.MAX_VALUE;
  private boolean ended;

  List<String> written() {
    return written;
  }

  boolean isEnded() {
    return ended;
  }

  /** The browser has read everything, and so much fits again. */
  void room(int writes) {
    room = written.size() + writes;
  }

  @Override
  public Future<Void> write(Buffer data) {
    if (ended) {
      throw new AssertionError("written after the end");
    }
    written.add(data.toString());
    return Future.succeededFuture();
  }

  @Override
  public void write(Buffer data, Handler<AsyncResult<Void>> handler) {
    write(data).onComplete(handler);
  }

  @Override
  public void end(Handler<AsyncResult<Void>> handler) {
    if (ended) {
      throw new AssertionError("ended twice");
    }
    ended = true;
    Future.<Void>succeededFuture().onComplete(handler);
  }

  @Override
  public Future<Void> end() {
    end((Handler<AsyncResult<Void>>) ignored -> {});
    return Future.succeededFuture();
  }

  @Override
  public boolean writeQueueFull() {
    return written.size() >= room;
  }

  @Override
  public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
    return this;
  }

  @Override
  public WriteStream<Buffer> drainHandler(Handler<Void> handler) {
    return this;
  }

  @Override
  public WriteStream<Buffer> exceptionHandler(Handler<Throwable> handler) {
    return this;
  }
}
