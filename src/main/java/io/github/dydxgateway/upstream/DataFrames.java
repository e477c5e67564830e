package io.github.dydxgateway.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.impl.ContextInternal;

/**
 * Takes the frames that carry data from a channel, before Vert.x copies each and queues it. Control
 * frames go on to Vert.x, which answers and closes. Used on the channel's event loop only.
 */
final class DataFrames extends ChannelInboundHandlerAdapter {
  private final ContextInternal context;
  private final Handler<WebSocketFrame> receiver;

  /**
   * @param context of the channel's event loop; what the receiver throws is reported there
   * @param receiver gets each frame, which is released after the call
   */
  DataFrames(Context context, Handler<WebSocketFrame> receiver) {
    this.context = (ContextInternal) context;
    this.receiver = receiver;
  }

  @Override
  public void channelRead(ChannelHandlerContext channel, Object message) {
    if (message instanceof TextWebSocketFrame
        || message instanceof ContinuationWebSocketFrame
        || message instanceof BinaryWebSocketFrame) {
      WebSocketFrame frame = (WebSocketFrame) message;
      try {
        context.dispatch(frame, receiver);
      } finally {
        frame.release();
      }
    } else {
      channel.fireChannelRead(message);
    }
  }
}
