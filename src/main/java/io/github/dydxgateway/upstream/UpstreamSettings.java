package io.github.dydxgateway.upstream;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * How to connect to the venue. Immutable.
 *
 * @param uri {@code ws://} or {@code wss://}; with {@code wss} the server's certificate must be
 *     trusted by the JVM and name the host
 * @param batched ask the venue for batches of 250 ms
 * @param maxConnections most connections open at once, from 1
 * @param heartbeatTimeout nothing received for this long, pings included: the connection is dead
 * @param connectTimeout longest time from the start of an attempt to the venue's {@code connected}
 * @param firstFrameTimeout longest wait for the answer to the WebSocket upgrade, and after that for
 *     the venue's {@code connected}: a service that starts accepts connections before it serves
 *     them
 * @param reconnect waits between attempts to connect
 * @param subscribeRate most subscribes per second on one connection; fewer after the venue's rate
 *     limit was hit
 * @param subscribeTimeout a subscribe not answered for this long is sent again; after each that was
 *     not answered twice as long, up to four times
 * @param maxFrameBytes longest frame, and longest message made of several frames, in bytes
 * @param restartSpread longest random addition to the wait after the venue closed for a restart,
 *     when all its clients return
 * @param proxy on the way to the venue; null for none
 * @param headers sent with the request for a WebSocket, by name; the values are secrets
 */
public record UpstreamSettings(
    URI uri,
    boolean batched,
    int maxConnections,
    Duration heartbeatTimeout,
    Duration connectTimeout,
    Duration firstFrameTimeout,
    BackoffSettings reconnect,
    double subscribeRate,
    Duration subscribeTimeout,
    int maxFrameBytes,
    Duration restartSpread,
    ProxySettings proxy,
    Map<String, String> headers) {

  /**
   * Shortest time between two subscribes to the same after the first failed. The venue closes
   * connections that send more than two a second.
   */
  static final Duration SUBSCRIBE_RETRY_INTERVAL = Duration.ofSeconds(2);

  private static final Duration LONGEST_SUBSCRIBE_RETRY = Duration.ofSeconds(30);

  /** Default of {@link #restartSpread}. */
  public static final Duration DEFAULT_RESTART_SPREAD = Duration.ofSeconds(2);

  /** Default of {@link #maxFrameBytes}: 16 MiB. */
  public static final int DEFAULT_MAX_FRAME_BYTES = 16 << 20;

  public UpstreamSettings {
    String scheme = Objects.requireNonNull(uri, "uri").getScheme();
    if (!"ws".equalsIgnoreCase(scheme) && !"wss".equalsIgnoreCase(scheme)) {
      throw new IllegalArgumentException(
          "uri must begin with ws:// or wss://, got " + scheme + "://" + uri.getHost());
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("uri must name a host");
    }
    if (uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException("uri must hold no user and password");
    }
    if (maxConnections < 1) {
      throw new IllegalArgumentException("maxConnections must be 1 or more: " + maxConnections);
    }
    requirePositive("heartbeatTimeout", heartbeatTimeout);
    requirePositive("connectTimeout", connectTimeout);
    requirePositive("firstFrameTimeout", firstFrameTimeout);
    requirePositive("subscribeTimeout", subscribeTimeout);
    Objects.requireNonNull(reconnect, "reconnect");
    if (!(subscribeRate > 0) || Double.isInfinite(subscribeRate)) {
      throw new IllegalArgumentException("subscribeRate must be above 0: " + subscribeRate);
    }
    if (maxFrameBytes < 1024) {
      throw new IllegalArgumentException("maxFrameBytes must be 1024 or more: " + maxFrameBytes);
    }
    if (restartSpread.isNegative()) {
      throw new IllegalArgumentException("restartSpread must not be negative: " + restartSpread);
    }
    headers = Map.copyOf(headers);
  }

  /** Settings that suit the venue. */
  public static UpstreamSettings defaults(URI uri) {
    return new UpstreamSettings(
        uri,
        false,
        16,
        Duration.ofSeconds(40),
        Duration.ofSeconds(15),
        Duration.ofSeconds(3),
        BackoffSettings.DEFAULT,
        50,
        Duration.ofSeconds(10),
        DEFAULT_MAX_FRAME_BYTES,
        DEFAULT_RESTART_SPREAD,
        null,
        Map.of());
  }

  @Override
  public String toString() {
    // neither a header nor a query may be shown
    return "UpstreamSettings[host=" + uri.getHost() + ", proxy=" + proxy + "]";
  }

  /** Waits for the answer to a subscribe, after none came to those before. */
  BackoffSettings answerWaits() {
    return new BackoffSettings(
        subscribeTimeout, subscribeTimeout.multipliedBy(4), 2, reconnect.jitter());
  }

  /** Waits between subscribes to the same that the venue could not serve. */
  BackoffSettings subscribeRetries() {
    return new BackoffSettings(
        SUBSCRIBE_RETRY_INTERVAL, LONGEST_SUBSCRIBE_RETRY, 2, reconnect.jitter());
  }

  boolean isTls() {
    return "wss".equalsIgnoreCase(uri.getScheme());
  }

  private static void requirePositive(String name, Duration duration) {
    if (duration.toMillis() < 1) {
      throw new IllegalArgumentException(name + " must be 1 ms or more: " + duration);
    }
  }

  /**
   * Waits between attempts: {@code initialDelay}, then longer by {@code factor} each time up to
   * {@code maxDelay}; to each a random part of {@code jitter} is added.
   *
   * @param initialDelay the first wait
   * @param maxDelay the longest wait, jitter not counted
   * @param factor 1 or more
   * @param jitter the longest addition; 0 for none
   */
  public record BackoffSettings(
      Duration initialDelay, Duration maxDelay, double factor, Duration jitter) {
    /** 250 ms, doubled up to 5 s, plus up to 200 ms. */
    public static final BackoffSettings DEFAULT =
        new BackoffSettings(
            Duration.ofMillis(250), Duration.ofSeconds(5), 2.0, Duration.ofMillis(200));

    public BackoffSettings {
      requirePositive("initialDelay", initialDelay);
      if (maxDelay.compareTo(initialDelay) < 0) {
        throw new IllegalArgumentException(
            "maxDelay must be at least initialDelay " + initialDelay + ": " + maxDelay);
      }
      if (!(factor >= 1) || Double.isInfinite(factor)) {
        throw new IllegalArgumentException("factor must be 1 or more: " + factor);
      }
      if (jitter.isNegative()) {
        throw new IllegalArgumentException("jitter must not be negative: " + jitter);
      }
    }
  }
}
