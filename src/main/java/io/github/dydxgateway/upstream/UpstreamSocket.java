package io.github.dydxgateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrameType;
import io.vertx.core.http.impl.WebSocketInternal;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One WebSocket from the attempt to connect to its end; never connected twice. Used on one event
 * loop only, where its events are told too. Pings are answered by Vert.x.
 */
final class UpstreamSocket {
  private static final long CLOSE_GRACE_MS = 1_000;
  private static final long NO_TIMER = -1;

  /** No constant buffer: in an executable it would be made at build time. */
  private static final String PING = "dydx-gateway";

  /** Longest attempt at one address while another is left to try. */
  private static final Duration LONGEST_AT_ADDRESS = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final UpstreamSettings settings;
  private final InstantSource clock;
  private final MessageAssembler message;
  private final Events events;
  private final List<String> failedAddresses = new ArrayList<>();
  private WebSocketClient client;
  private List<InetAddress> addresses;

  /** Index of the address that is tried. */
  private int tried = -1;

  private long triedSinceNs;
  private long addressTimer = NO_TIMER;
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
    /** The WebSocket is open. */
    void opened();

    /** Anything but a pong arrived, pings and parts of messages included. */
    void received();

    /** The answer to {@link #ping} arrived. */
    void pong();

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
            .setSsl(settings.isTls()) // else Vert.x ignores the engine options
            .setSslEngineOptions(new NamedServerTls(settings.uri().getHost()))
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

  /**
   * Connects to the venue, or to the proxy on the way to it, at the first of its addresses that
   * answers.
   *
   * @param start which address is the first to try, counted from 0 and beyond the last from the
   *     first again
   */
  void connect(WebSocketClient with, NameResolver names, int start) {
    client = with;
    Context context = vertx.getOrCreateContext();
    ProxySettings proxy = settings.proxy();
    names
        .resolve(proxy == null ? settings.uri().getHost() : proxy.host())
        .onComplete(
            result ->
                context.runOnContext(
                    ignored -> {
                      if (result.failed()) {
                        refused(result.cause());
                      } else {
                        addresses = new ArrayList<>(result.result());
                        Collections.rotate(addresses, -(start % addresses.size()));
                        tryNextAddress();
                      }
                    }));
  }

  private void tryNextAddress() {
    if (done) {
      return;
    }
    tried++;
    triedSinceNs = System.nanoTime();
    int number = tried;
    if (isAnotherLeft()) {
      long longestMs =
          Math.min(
              LONGEST_AT_ADDRESS.toMillis(),
              settings.connectTimeout().toMillis() / addresses.size());
      addressTimer =
          vertx.setTimer(
              Math.max(1, longestMs),
              fired -> {
                addressTimer = NO_TIMER;
                failedAt(number, new ConnectException("no answer in " + longestMs + " ms"));
              });
    }
    client
        .connect(options(addresses.get(number)))
        .onComplete(opened -> opened(number, opened), failure -> failedAt(number, failure));
  }

  private boolean isAnotherLeft() {
    return tried + 1 < addresses.size();
  }

  private void failedAt(int number, Throwable failure) {
    if (number != tried || done || webSocket != null) {
      return; // given up before
    }
    cancelAddressTimer();
    if (failure instanceof UpgradeRejectedException || !isAnotherLeft()) {
      refused(failure);
    } else {
      failedAddresses.add(addresses.get(number).getHostAddress() + ": " + text(failure));
      tryNextAddress();
    }
  }

  private void cancelAddressTimer() {
    if (addressTimer != NO_TIMER) {
      vertx.cancelTimer(addressTimer);
      addressTimer = NO_TIMER;
    }
  }

  private WebSocketConnectOptions options(InetAddress address) {
    URI uri = settings.uri();
    int defaultPort = settings.isTls() ? 443 : 80;
    int port = uri.getPort() != -1 ? uri.getPort() : defaultPort;
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    WebSocketConnectOptions options =
        new WebSocketConnectOptions()
            .setHost(settings.proxy() == null ? literal(address) : uri.getHost())
            .setPort(port)
            .setSsl(settings.isTls())
            .setURI(uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery())
            .setAllowOriginHeader(false)
            .addHeader("User-Agent", "dydx-gateway");
    settings.headers().forEach(options::putHeader);
    options.putHeader("Host", port == defaultPort ? uri.getHost() : uri.getHost() + ":" + port);
    options.setTimeout(settings.firstFrameTimeout().toMillis()); // for the answer to the upgrade
    if (settings.proxy() != null) {
      options.setProxyOptions(
          settings.proxy().options(address.getHostAddress(), settings.connectTimeout()));
    }
    return options;
  }

  /** The address as a URL has it. */
  private static String literal(InetAddress address) {
    String text = address.getHostAddress();
    return address instanceof Inet6Address ? "[" + text + "]" : text;
  }

  private void opened(int number, WebSocket opened) {
    if (done || number != tried) {
      abort(opened);
      return;
    }
    cancelAddressTimer();
    webSocket = opened;
    readInTurns(opened);
    try {
      opened.exceptionHandler(this::failed);
      opened.closeHandler(ignored -> closed());
      opened.pongHandler(
          ignored -> {
            if (!done) {
              events.pong();
            }
          });
      opened.frameHandler(this::receivedFirst);
      events.opened();
    } catch (IllegalStateException e) { // closed already
      lost(closeReason());
    }
  }

  /** Keeps the first failure: what follows it is that the connection was closed for it. */
  private void failed(Throwable cause) {
    if (failure == null) {
      failure = cause;
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
      String location = RedirectLocation.in(rejected.getHeaders());
      lost(
          new Disconnect(
              DisconnectReason.UPGRADE_REFUSED,
              "upgrade to WebSocket refused with HTTP "
                  + rejected.getStatus()
                  + (location.isEmpty() ? "" : ", which redirects to " + location),
              RetryAfter.in(rejected.getHeaders(), clock.instant())));
    } else if (cause instanceof WebSocketHandshakeException
        && System.nanoTime() - triedSinceNs >= settings.firstFrameTimeout().toNanos()) {
      lost(
          new Disconnect(
              DisconnectReason.TIMEOUT,
              "no answer to the WebSocket upgrade within " + settings.firstFrameTimeout()));
    } else if (settings.proxy() != null && isOfProxy(cause)) {
      lost(
          new Disconnect(
              DisconnectReason.PROXY_FAILED,
              "no connection through proxy " + settings.proxy() + ": " + textOfAll(cause)));
    } else {
      lost(new Disconnect(DisconnectReason.CONNECT_FAILED, "connect failed: " + textOfAll(cause)));
    }
  }

  /** What failed last, and at the addresses before. */
  private String textOfAll(Throwable last) {
    return failedAddresses.isEmpty()
        ? text(last)
        : text(last) + "; before: " + String.join("; ", failedAddresses);
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
    } else if (!done && frame.type() != WebSocketFrameType.PONG) {
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
    if (failure instanceof TooLongFrameException
        || failure instanceof CorruptedWebSocketFrameException broken
            && broken.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)) {
      return new Disconnect(
          DisconnectReason.FRAME_TOO_LONG,
          "the venue sent a frame longer than the "
              + settings.maxFrameBytes()
              + " bytes of gateway.upstream.max-frame-bytes");
    }
    if (failure instanceof CorruptedFrameException) {
      return new Disconnect(
          DisconnectReason.PROTOCOL_VIOLATION,
          "the venue broke the WebSocket protocol: " + text(failure));
    }
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

  /** Asks the other side for a sign of life, which the server or a relay before it answers. */
  void ping() {
    if (!done && webSocket != null && !webSocket.isClosed()) {
      webSocket.writePing(Buffer.buffer(PING));
    }
  }

  /** Ends the socket at once; for one that seems dead. */
  void abort() {
    done = true;
    cancelAddressTimer();
    if (webSocket != null) {
      abort(webSocket);
    }
  }

  /** Ends the socket with a close frame, then waits a moment for the venue's. */
  Future<Void> close() {
    done = true;
    cancelAddressTimer();
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
