package io.github.dydxgateway.grpc;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The event loops of the gRPC server, one per processor. A connection belongs to one of them for
 * life, and all its calls run there. May be used from any thread.
 */
@Singleton
public class CallLoops {
  private static final ThreadLocal<EventLoop> CURRENT = new ThreadLocal<>();
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(1);

  private final EventLoopGroup group;

  /** As many as there are processors. */
  @Inject
  public CallLoops() {
    this(Runtime.getRuntime().availableProcessors());
  }

  /**
   * @param count how many
   */
  CallLoops(int count) {
    group = new NioEventLoopGroup(count, new DefaultThreadFactory("grpc-loop", true));
    // The first task of each loop, so it runs before any call.
    group.forEach(loop -> loop.execute(() -> CURRENT.set((EventLoop) loop)));
  }

  /**
   * The event loop that this thread belongs to.
   *
   * @throws IllegalStateException on a thread that runs no calls
   */
  static EventLoop current() {
    EventLoop loop = CURRENT.get();
    if (loop == null) {
      throw new IllegalStateException(
          "a call must run on an event loop of the gRPC server, not on "
              + Thread.currentThread().getName());
    }
    return loop;
  }

  /** All of them, for the server and for whoever watches them. */
  @Produces
  @Singleton
  @Typed(EventLoopGroup.class)
  public EventLoopGroup group() {
    return group;
  }

  /** Ends the loops after the tasks they have; waits for that at most a second. */
  void close() {
    group
        .shutdownGracefully(0, LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(LONGEST_CLOSE.toMillis());
  }
}
