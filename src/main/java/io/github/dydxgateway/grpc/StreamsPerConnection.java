package io.github.dydxgateway.grpc;

import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiator.ProtocolNegotiator;
import io.netty.channel.ChannelHandler;
import io.netty.util.AsciiString;

/**
 * Limits the HTTP/2 streams of a connection from its first frame. The transport's own limit holds
 * once the client has agreed to it, which one that means harm never does; and each stream whose end
 * or reset is not read takes memory until the connection is closed.
 */
final class StreamsPerConnection implements ProtocolNegotiator {
  private final ProtocolNegotiator negotiator;
  private final int most;

  /**
   * @param negotiator what a connection begins with, such as TLS
   * @param most how many streams a connection may have at once; those above are refused before
   *     anything is made of them
   */
  StreamsPerConnection(ProtocolNegotiator negotiator, int most) {
    this.negotiator = negotiator;
    this.most = most;
  }

  @Override
  public AsciiString scheme() {
    return negotiator.scheme();
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler http2) {
    http2.connection().remote().maxActiveStreams(most);
    return ClientConnection.watch(http2, negotiator.newHandler(http2));
  }

  @Override
  public void close() {
    negotiator.close();
  }
}
