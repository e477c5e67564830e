package io.github.dydxgateway.grpc;

import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * A client's connection below gRPC: lets a call find its HTTP/2 stream, and writes to it. Belongs
 * to the connection's event loop.
 */
final class ClientConnection {
  /** The stream that was opened last on this thread, until its call has been told of it. */
  private static final FastThreadLocal<CallStream> OPENED = new FastThreadLocal<>();

  private final GrpcHttp2ConnectionHandler http2;
  private final Runnable flush = this::flush;
  private Channel channel;
  private ChannelHandlerContext context;
  private boolean flushing;

  private ClientConnection(GrpcHttp2ConnectionHandler http2) {
    this.http2 = http2;
  }

  /**
   * Watches the streams that a connection opens.
   *
   * @param begin what the connection begins with, such as TLS
   * @return what it is to begin with instead
   */
  static ChannelHandler watch(GrpcHttp2ConnectionHandler http2, ChannelHandler begin) {
    ClientConnection connection = new ClientConnection(http2);
    http2
        .connection()
        .addListener(
            new Http2ConnectionAdapter() {
              @Override
              public void onStreamActive(Http2Stream stream) {
                OPENED.set(new CallStream(connection, stream));
              }
            });
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void handlerAdded(ChannelHandlerContext context) {
        connection.channel = context.channel();
        context.pipeline().replace(this, null, begin);
      }
    };
  }

  /**
   * The stream of the call whose headers have just come, which is told once; null if it is not
   * known.
   */
  static CallStream takeOpened() {
    CallStream opened = OPENED.get();
    OPENED.remove();
    return opened;
  }

  /** Whether this thread is the connection's event loop. */
  boolean isOnLoop() {
    return channel != null && channel.eventLoop().inEventLoop();
  }

  /** Runs a task later on its event loop, after what is there to do already. */
  void later(Runnable task) {
    channel.eventLoop().execute(task);
  }

  ByteBuf allocate(int bytes) {
    return channel.alloc().buffer(bytes, bytes);
  }

  ChannelPromise newPromise() {
    return channel.newPromise();
  }

  /**
   * Writes a DATA frame, or several, as the client takes it; sent to the socket with what else is
   * written in this turn of the event loop.
   *
   * @param done told when it is in the socket, or that it can't be
   */
  void write(Http2Stream stream, ByteBuf data, ChannelPromise done) {
    if (context == null) {
      context = channel.pipeline().context(http2);
    }
    if (context == null) { // the connection has ended
      data.release();
      done.setFailure(new IllegalStateException("the connection has ended"));
      return;
    }
    http2.encoder().writeData(context, stream.id(), data, 0, false, done);
    if (!flushing) {
      flushing = true;
      later(flush);
    }
  }

  private void flush() {
    flushing = false;
    channel.flush();
  }
}
