package io.github.dydxgateway.page;

import io.github.dydxgateway.stream.DeliveryLoop;
import io.github.dydxgateway.stream.EventBatch;
import io.github.dydxgateway.stream.EventSink;
import io.github.dydxgateway.stream.TopicFailure;
import io.github.dydxgateway.v1.ResumeInfo;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A browser's event stream as the sink of a stream: each event becomes one server-sent event. What
 * the browser does not read fills the connection's write queue, which is bounded, and then waits in
 * the topics' logs. Belongs to one event loop.
 */
final class BrowserSink implements EventSink {
  private static final String START = "data: ";
  private static final String END = "\n\n";

  private final WriteStream<Buffer> response;
  private final Runnable reset;
  private final DeliveryLoop loop;
  private final Runnable onEnded;
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private boolean ended;

  /**
   * @param response whose headers are set
   * @param reset gives the response up, whatever is still to be read of it
   * @param loop the response's event loop
   * @param onEnded run once, whichever side ends the stream
   */
  BrowserSink(WriteStream<Buffer> response, Runnable reset, DeliveryLoop loop, Runnable onEnded) {
    this.response = response;
    this.reset = reset;
    this.loop = loop;
    this.onEnded = onEnded;
  }

  @Override
  public DeliveryLoop loop() {
    return loop;
  }

  @Override
  public boolean isReady() {
    return !ended && !response.writeQueueFull();
  }

  @Override
  public void send(EventBatch message) {
    if (!ended) {
      EventJson.of(message).forEach(this::write);
    }
  }

  private void write(byte[] json) {
    response.write(
        Buffer.buffer(START.length() + json.length + END.length())
            .appendString(START)
            .appendBytes(json)
            .appendString(END));
  }

  @Override
  public void complete() {
    if (end()) {
      response.end().onComplete(ignored -> gone.complete(null));
    }
  }

  @Override
  public void fail(TopicFailure failure, List<ResumeInfo> resumeFrom) {
    if (!ended) {
      write(EventJson.of(failure));
      complete();
    }
  }

  @Override
  public CompletionStage<Void> ended() {
    return gone;
  }

  /** The browser has gone. */
  void closed() {
    gone.complete(null);
    end();
  }

  /** Lets go of a browser that has read nothing for too long, be it but the end of its stream. */
  void reset() {
    end();
    if (gone.complete(null)) {
      reset.run();
    }
  }

  private boolean end() {
    if (ended) {
      return false;
    }
    ended = true;
    onEnded.run();
    return true;
  }
}
