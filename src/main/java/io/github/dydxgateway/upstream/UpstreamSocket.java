package io.github.dydxgateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.impl.WebSocketInternal;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * One WebSocket from the attempt to connect to its end; never connected twice. Used on one event
 * loop only, where its events are told too. Pings are answered by Vert.x.
 */
final class UpstreamSocket {
  private static final long CLOSE_GRACE_MS = 1_000;

  private final Vertx vertx;
  private final UpstreamSettings settings;
  private final InstantSource clock;
  private final MessageAssembler message;
  private final Events events;
  private WebSocket webSocket;
  private boolean isShortCut;
  private boolean done;
  private Throwable failure;

  UpstreamSocket(Vertx vertx, UpstreamSettings settings, InstantSource clock, Events events) {
    this.vertx = vertx;
    this.settings = settings;
    this.clock = clock;
    this.message = new MessageAssembler(settings.maxFrameBytes());
    this.events = events;
  }

  /** What happens to a socket. Nothing follows {@link #lost}, nor closing by this side. */
  interface Events {
    /** Anything arrived, control frames and parts of messages included. */
    void received();

    /**
     * A message arrived.
     *
     * @param bytes reused after the call
     */
    void message(byte[] bytes, int length);

    /** A message longer than allowed arrived and is lost. */
    void messageTooLong();

    /** The socket ended, or could not be made. */
    void lost(Disconnect disconnect);
  }

  /** The client for the sockets of a connection; to be closed with it. */
  static WebSocketClient client(Vertx vertx, UpstreamSettings settings) {
    int connectTimeoutMs = (int) Math.min(Integer.MAX_VALUE, settings.connectTimeout().toMillis());
    return vertx.createWebSocketClient(
        new WebSocketClientOptions()
            .setMaxFrameSize(settings.maxFrameBytes())
            .setMaxMessageSize(settings.maxFrameBytes())
            .setTcpNoDelay(true)
            .setVerifyHost(true)
            .setConnectTimeout(connectTimeoutMs)
            .setSslHandshakeTimeout(connectTimeoutMs)
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            // 0: once both sides have said close, do not wait for the server to end TCP
            .setClosingTimeout(0));
  }

  void connect(WebSocketClient client) {
    URI uri = settings.uri();
    int port = uri.getPort() != -1 ? uri.getPort() : settings.isTls() ? 443 : 80;
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    WebSocketConnectOptions options =
        new WebSocketConnectOptions()
            .setHost(uri.getHost())
            .setPort(port)
            .setSsl(settings.isTls())
            .setURI(uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery())
            .setAllowOriginHeader(false)
            .addHeader("User-Agent", "dydx-gateway");
    settings.headers().forEach(options::putHeader);
    options.setTimeout(settings.connectTimeout().toMillis());
    if (settings.proxy() != null) {
      options.setProxyOptions(settings.proxy().options(settings.connectTimeout()));
    }
    client.connect(options).onComplete(this::opened, this::refused);
  }

  private void opened(WebSocket opened) {
    if (done) {
      abort(opened);
      return;
    }
    webSocket = opened;
    readInTurns(opened);
    try {
      opened.exceptionHandler(cause -> failure = cause);
      opened.closeHandler(ignored -> closed());
      opened.frameHandler(this::receivedFirst);
    } catch (IllegalStateException e) { // closed already
      lost(closeReason());
    }
  }

  /**
   * One read at most, of some 64 KiB, before the loop's other work has its turn: a flood must not
   * keep what is read already from the clients.
   */
  private static void readInTurns(WebSocket socket) {
    if (socket instanceof WebSocketInternal internal
        && internal.channelHandlerContext().channel().config().getRecvByteBufAllocator()
            instanceof MaxMessagesRecvByteBufAllocator reads) {
      reads.maxMessagesPerRead(1);
    }
  }

  private void refused(Throwable cause) {
    if (cause instanceof UpgradeRejectedException rejected) {
      lost(
          new Disconnect(
              DisconnectReason.UPGRADE_REFUSED,
              "upgrade to WebSocket refused with HTTP " + rejected.getStatus(),
              RetryAfter.in(rejected.getHeaders(), clock.instant())));
    } else if (settings.proxy() != null && isOfProxy(cause)) {
      lost(
          new Disconnect(
              DisconnectReason.PROXY_FAILED,
              "no connection through proxy " + settings.proxy() + ": " + text(cause)));
    } else {
      lost(new Disconnect(DisconnectReason.CONNECT_FAILED, "connect failed: " + text(cause)));
    }
  }

  /** With a proxy, only its own address is looked up and connected to from here. */
  private static boolean isOfProxy(Throwable cause) {
    return cause instanceof ConnectException || cause instanceof UnknownHostException;
  }

  /**
   * A frame by Vert.x: the first and what was read with it, then control frames alone. Once all
   * that has been read is handed over, data is taken where it is read.
   */
  private void receivedFirst(io.vertx.core.http.WebSocketFrame frame) {
    if (!isShortCut && webSocket instanceof WebSocketInternal internal) {
      isShortCut = true;
      vertx.runOnContext(ignored -> shortCut(internal.channelHandlerContext()));
    }
    if (frame.isText() || frame.isBinary() || frame.isContinuation()) {
      received(
          !frame.isContinuation(),
          frame.isFinal(),
          Unpooled.wrappedBuffer(frame.binaryData().getBytes()));
    } else if (!done) {
      events.received();
    }
  }

  private void shortCut(ChannelHandlerContext ofVertx) {
    if (!ofVertx.isRemoved()) {
      ofVertx
          .pipeline()
          .addBefore(
              ofVertx.name(),
              "data-frames",
              new DataFrames(vertx.getOrCreateContext(), this::received));
    }
  }

  private void received(WebSocketFrame frame) {
    received(
        !(frame instanceof ContinuationWebSocketFrame), frame.isFinalFragment(), frame.content());
  }

  private void received(boolean begins, boolean ends, ByteBuf payload) {
    if (done) {
      return;
    }
    events.received();
    if (begins) {
      message.begin();
    }
    message.append(payload);
    if (!ends) {
      return;
    }
    if (message.isTooLong()) {
      events.messageTooLong();
    } else {
      events.message(message.bytes(), message.length());
    }
  }

  private void closed() {
    lost(closeReason());
  }

  private Disconnect closeReason() {
    Short code = webSocket.closeStatusCode();
    if (code == null) {
      String cause = failure == null ? "" : ": " + text(failure);
      return new Disconnect(DisconnectReason.RESET, "connection ended without close" + cause);
    }
    String reason = webSocket.closeReason();
    return new Disconnect(
        DisconnectReason.ofCloseCode(code),
        "closed by the venue with " + code + (reason == null ? "" : " " + reason));
  }

  private void lost(Disconnect disconnect) {
    if (!done) {
      done = true;
      events.lost(disconnect);
    }
  }

  void send(String text) {
    if (!done && webSocket != null && !webSocket.isClosed()) {
      webSocket.writeTextMessage(text);
    }
  }

  /** Ends the socket at once; for one that seems dead. */
  void abort() {
    done = true;
    if (webSocket != null) {
      abort(webSocket);
    }
  }

  /** Ends the socket with a close frame, then waits a moment for the venue's. */
  Future<Void> close() {
    done = true;
    if (webSocket == null || webSocket.isClosed()) {
      return Future.succeededFuture();
    }
    Promise<Void> ended = Promise.promise();
    long timer =
        vertx.setTimer(
            CLOSE_GRACE_MS,
            ignored -> {
              endTcp(webSocket);
              ended.tryComplete();
            });
    webSocket.closeHandler(
        ignored -> {
          vertx.cancelTimer(timer);
          ended.tryComplete();
        });
    webSocket.close((short) 1000);
    return ended.future();
  }

  /** The server may be alive, so it is told; but nobody waits for its answer. */
  private void abort(WebSocket socket) {
    if (!socket.isClosed()) {
      socket.close((short) 1000);
    }
    vertx.runOnContext(ignored -> endTcp(socket));
  }

  /** Vert.x's own close waits for the other side, which may be gone. */
  private static void endTcp(WebSocket socket) {
    if (socket instanceof WebSocketInternal internal) {
      var unused = internal.channelHandlerContext().close();
    }
  }

  /** What failed, and the cause at the bottom, which tells why. */
  private static String text(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root == failure ? ownText(failure) : ownText(failure) + ": " + ownText(root);
  }

  private static String ownText(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
