package io.github.dydxgateway.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A proxy on 127.0.0.1, for HTTP CONNECT or for SOCKS5. Whatever name it is asked for, it connects
 * to 127.0.0.1, so that tests see who resolves names. Thread safe.
 */
public final class TestProxy implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final NetClient client = vertx.createNetClient();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final String credentials;
  private final int port;
  private volatile boolean hanging;
  private volatile boolean refusing;

  private TestProxy(boolean socks, String credentials) {
    this.credentials = credentials;
    this.port =
        socks
            ? await(
                    vertx
                        .createNetServer()
                        .connectHandler(socket -> new SocksSession(socket))
                        .listen(0, "127.0.0.1"))
                .actualPort()
            : await(vertx.createHttpServer().requestHandler(this::request).listen(0, "127.0.0.1"))
                .actualPort();
  }

  /** A proxy for the method CONNECT; credentials as {@code name:password}, null for none. */
  public static TestProxy http(String credentials) {
    return new TestProxy(false, credentials);
  }

  /** A SOCKS5 proxy; credentials as {@code name:password}, null for none. */
  public static TestProxy socks5(String credentials) {
    return new TestProxy(true, credentials);
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** Targets of all tunnels it was asked for, as {@code host:port}. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  /** From now on it takes connections and never answers, or answers again. */
  public void hang(boolean hangs) {
    hanging = hangs;
  }

  /** From now on it refuses to connect, or connects again. */
  public void refuse(boolean refuses) {
    refusing = refuses;
  }

  private void request(HttpServerRequest request) {
    if (hanging) {
      return;
    }
    String expected =
        credentials == null
            ? null
            : "Basic "
                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    if (request.method() != HttpMethod.CONNECT) {
      request.response().setStatusCode(405).end();
    } else if (expected != null && !expected.equals(request.getHeader("Proxy-Authorization"))) {
      request.response().setStatusCode(407).end();
    } else if (refusing) {
      request.response().setStatusCode(502).end();
    } else {
      asked.add(request.uri());
      int targetPort =
          Integer.parseInt(request.uri().substring(request.uri().lastIndexOf(':') + 1));
      client
          .connect(targetPort, "127.0.0.1")
          .onSuccess(target -> request.toNetSocket().onSuccess(socket -> join(socket, target)))
          .onFailure(e -> request.response().setStatusCode(502).end());
    }
  }

  private static void join(NetSocket one, NetSocket other) {
    one.pipeTo(other);
    other.pipeTo(one);
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("Test proxy failed", e);
    }
  }

  @Override
  public void close() {
    await(vertx.close());
  }

  /** RFC 1928 and 1929, as far as a client of names needs it. */
  private final class SocksSession {
    private final NetSocket socket;
    private Buffer received = Buffer.buffer();
    private Step step = Step.GREETING;

    private enum Step {
      GREETING,
      CREDENTIALS,
      REQUEST
    }

    SocksSession(NetSocket socket) {
      this.socket = socket;
      socket.handler(
          bytes -> {
            received.appendBuffer(bytes);
            if (!hanging) {
              advance();
            }
          });
    }

    private void advance() {
      switch (step) {
        case GREETING -> {
          if (received.length() >= 2 && received.length() >= 2 + received.getByte(1)) {
            reply(5, credentials == null ? 0 : 2);
            next(credentials == null ? Step.REQUEST : Step.CREDENTIALS);
          }
        }
        case CREDENTIALS -> {
          int nameLength = received.length() < 2 ? 255 : received.getByte(1);
          int at = 2 + nameLength;
          if (received.length() > at && received.length() > at + received.getByte(at)) {
            String given =
                received.getString(2, at)
                    + ":"
                    + received.getString(at + 1, at + 1 + received.getByte(at));
            reply(1, given.equals(credentials) ? 0 : 1);
            next(Step.REQUEST);
          }
        }
        case REQUEST -> {
          int length = received.length() < 5 ? 255 : received.getByte(4);
          if (received.length() >= 7 + length) {
            connect(received.getString(5, 5 + length), received.getUnsignedShort(5 + length));
          }
        }
      }
    }

    private void next(Step next) {
      step = next;
      received = Buffer.buffer();
    }

    private void connect(String host, int targetPort) {
      if (refusing) {
        reply(5, 2, 0, 1, 0, 0, 0, 0, 0, 0);
        return;
      }
      asked.add(host + ":" + targetPort);
      socket.pause();
      client
          .connect(targetPort, "127.0.0.1")
          .onSuccess(
              target -> {
                reply(5, 0, 0, 1, 0, 0, 0, 0, 0, 0);
                join(socket, target);
              })
          .onFailure(e -> socket.close());
    }

    private void reply(int... bytes) {
      Buffer reply = Buffer.buffer();
      for (int one : bytes) {
        reply.appendByte((byte) one);
      }
      socket.write(reply);
    }
  }
}
