package io.github.dydxgateway.grpc;

import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.instrument.InstrumentId;
import io.github.dydxgateway.stream.Topic;
import io.github.dydxgateway.stream.TopicFailure;
import io.github.dydxgateway.stream.TopicKey;
import io.github.dydxgateway.stream.TopicRefusedException;
import io.github.dydxgateway.stream.TopicRegistry;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.GetOrderBookRequest;
import io.github.dydxgateway.v1.GetOrderBookResponse;
import io.github.dydxgateway.v1.OrderBookSnapshot;
import io.github.dydxgateway.v1.OrderBookTopic;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Serves GetOrderBook: opens the book's topic if nobody streams it, and waits until it is live. */
final class OrderBookCall {
  /** Waits no longer than this, even if the client would. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

  /** Answers so long before the client's deadline, so that the client hears why it got nothing. */
  private static final Duration BEFORE_DEADLINE = Duration.ofMillis(50);

  private final TopicRegistry topics;
  private final InstrumentCache instruments;

  OrderBookCall(TopicRegistry topics, InstrumentCache instruments) {
    this.topics = topics;
    this.instruments = instruments;
  }

  void serve(GetOrderBookRequest request, ServerCallStreamObserver<GetOrderBookResponse> call) {
    try {
      InstrumentId id =
          new RequestReader(instruments::resolve).instrument(request.getInstrumentId());
      if (!instruments.isLoaded()) {
        throw Statuses.notConnected();
      }
      TopicKey key =
          new TopicKey(
              io.github.dydxgateway.v1.Topic.newBuilder()
                  .setOrderBook(OrderBookTopic.newBuilder().setInstrumentId(id.canonical()))
                  .build());
      new Waiting(topics.open(key), Integer.toUnsignedLong(request.getDepth()), call).start();
    } catch (InvalidRequestException e) {
      call.onError(Statuses.of(e));
    } catch (TopicRefusedException e) {
      call.onError(Statuses.of(e.failure()));
    } catch (StatusRuntimeException e) {
      call.onError(e);
    }
  }

  /** One call that waits. Belongs to the call's event loop. */
  private static final class Waiting implements Topic.SnapshotWaiter {
    private final Topic topic;
    private final long depth;
    private final ServerCallStreamObserver<GetOrderBookResponse> call;
    private final EventLoop loop = CallLoops.current();
    private ScheduledFuture<?> timer;
    private boolean done;

    Waiting(Topic topic, long depth, ServerCallStreamObserver<GetOrderBookResponse> call) {
      this.topic = topic;
      this.depth = depth;
      this.call = call;
    }

    void start() {
      call.setOnCancelHandler(this::finish);
      timer = loop.schedule(this::timeOut, waitMillis(), TimeUnit.MILLISECONDS);
      topic.awaitSnapshot(this);
    }

    private static long waitMillis() {
      io.grpc.Deadline deadline = io.grpc.Context.current().getDeadline();
      long longest = LONGEST_WAIT.toMillis();
      return deadline == null
          ? longest
          : Math.max(
              1,
              Math.min(
                  longest,
                  deadline.timeRemaining(TimeUnit.MILLISECONDS) - BEFORE_DEADLINE.toMillis()));
    }

    private void timeOut() {
      if (!done) {
        finish();
        call.onError(
            Statuses.error(
                Status.Code.UNAVAILABLE,
                "the order book is not live yet, its state is " + topic.state(),
                ErrorReason.NOT_CONNECTED,
                Map.of("state", topic.state().name())));
      }
    }

    @Override
    public void onSnapshot(List<Event> events) {
      loop.execute(
          () -> {
            if (!done) {
              finish();
              answer(events);
            }
          });
    }

    private void answer(List<Event> parts) {
      OrderBookSnapshot.Builder book = parts.get(0).getOrderBookSnapshot().toBuilder();
      for (Event part : parts.subList(1, parts.size())) {
        book.mergeFrom(part.getOrderBookSnapshot());
      }
      call.onNext(
          GetOrderBookResponse.newBuilder()
              .setOrderBook(cut(book.build()))
              .setSequence(parts.get(0).getSnapshotInfo().getAsOfSequence())
              .build());
      call.onCompleted();
    }

    private OrderBookSnapshot cut(OrderBookSnapshot book) {
      if (depth == 0 || (depth >= book.getBidsCount() && depth >= book.getAsksCount())) {
        return book;
      }
      return book.toBuilder()
          .clearBids()
          .clearAsks()
          .addAllBids(book.getBidsList().subList(0, (int) Math.min(depth, book.getBidsCount())))
          .addAllAsks(book.getAsksList().subList(0, (int) Math.min(depth, book.getAsksCount())))
          .build();
    }

    @Override
    public void onFailure(TopicFailure failure) {
      loop.execute(
          () -> {
            if (!done) {
              finish();
              call.onError(Statuses.of(failure));
            }
          });
    }

    private void finish() {
      if (!done) {
        done = true;
        timer.cancel(false);
        topic.cancel(this);
        topic.release();
      }
    }
  }
}
