package io.github.dydxgateway.upstream;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.indexer.MalformedFrameException;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.impl.VertxInternal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * One connection to the venue, kept alive until it is closed: connects, watches the heartbeat,
 * reconnects, and gives frames to the subscriptions it carries. Connects only once opened, so that
 * its loop can be had before it is needed.
 *
 * <p>The methods {@link #deploy} to {@link #snapshot} may be called from any thread; all else
 * happens on its own event loop.
 */
final class UpstreamConnection extends AbstractVerticle
    implements UpstreamSocket.Events, ConnectionSubscriptions.Wire {
  private static final Logger LOG = Logger.getLogger(UpstreamConnection.class);
  private static final long NO_TIMER = -1;

  /**
   * A session that lasted so long counts as good: the waits begin anew. One that was merely opened
   * does not, or a venue that closes at once would be called without rest.
   */
  private static final Duration GOOD_AFTER = Duration.ofSeconds(10);

  /**
   * A session with so many messages has a rhythm, and is unusually quiet after so many of its usual
   * intervals.
   */
  private static final int RHYTHM_MESSAGES = 100;

  private static final int RHYTHM_INTERVALS = 20;

  private final int number;
  private final String name;
  private final UpstreamSettings settings;
  private final FrameDecoder decoder;
  private final InstantSource clock;
  private final UpstreamObserver observer;
  private final NameResolver names;
  private final Runnable newSession;
  private final ConnectionLoop loop = new ConnectionLoop();
  private final ConnectionSlots slots = new ConnectionSlots();
  private final ConnectionStatus status = new ConnectionStatus();
  private final SplittableRandom random = new SplittableRandom();
  private final Backoff backoff;
  private final ConnectionSubscriptions subscriptions;
  private final LogThrottle badFrames = new LogThrottle(Duration.ofSeconds(10));
  private final LogThrottle failedAttempts = new LogThrottle(Duration.ofSeconds(30));

  /** Guarded by this. */
  private Vertx deployedOn;

  /** Guarded by this. */
  private Future<String> deployment;

  /** Guarded by this. */
  private Future<Void> closing;

  private WebSocketClient client;
  private UpstreamSocket socket;
  private boolean opened;
  private long connectTimer = NO_TIMER;
  private long firstFrameTimer = NO_TIMER;
  private long heartbeatTimer = NO_TIMER;
  private long reconnectTimer = NO_TIMER;
  private long wakeTimer = NO_TIMER;
  private long lastReceiveNs;
  private long lastPongNs;
  private long receiveTimeNs;

  /** Attempts that failed, and sessions that were short, in a row. */
  private int failedInRow;

  /** Updates of this session, and when the first and the last of them came. */
  private long updateCount;

  private long firstUpdateNs;
  private long lastUpdateNs;

  /** Whether these are of what the loop is reading now. */
  private boolean isTimed;

  private final Runnable endOfReading = () -> isTimed = false;
  private long activeSinceNs;

  /**
   * @param names looks up where to connect
   * @param placement the pool
   * @param listed whether the venue lists the instrument of a subscription
   * @param newSession called at the start of each session
   */
  UpstreamConnection(
      int number,
      UpstreamSettings settings,
      FrameDecoder decoder,
      InstantSource clock,
      UpstreamObserver observer,
      NameResolver names,
      ConnectionSubscriptions.Placement placement,
      Predicate<ChannelId> listed,
      Runnable newSession) {
    this.number = number;
    this.name = "Connection " + number;
    this.settings = settings;
    this.decoder = decoder;
    this.clock = clock;
    this.observer = observer;
    this.names = names;
    this.newSession = newSession;
    this.backoff = new Backoff(settings.reconnect(), random);
    this.subscriptions =
        new ConnectionSubscriptions(
            name,
            settings,
            new SubscribePacer(settings.subscribeRate()),
            System::nanoTime,
            this,
            placement,
            listed,
            observer);
  }

  // ---- any thread

  /** Gives it its event loop. Doing so twice is harmless. */
  synchronized void deploy(Vertx target) {
    if (deployment == null && closing == null) {
      deployedOn = target;
      Promise<String> deployed = Promise.promise();
      deployment = deployed.future();
      // From a context of nobody's: deployed from another connection's it would end with that one.
      ((VertxInternal) target)
          .createEventLoopContext()
          .runOnContext(ignored -> target.deployVerticle(this).onComplete(deployed));
      deployment.onFailure(
          e -> LOG.errorf(e, "%s: no event loop; nothing it carries will be served", name));
    }
  }

  /** Starts connecting. Doing so twice is harmless. */
  void open() {
    loop.execute(this::openOnLoop);
  }

  /**
   * Says goodbye to the venue, and ends for good. Doing so twice is harmless.
   *
   * @return done when nothing of it is left
   */
  synchronized Future<Void> close() {
    if (closing == null) {
      closing =
          deployment == null
              ? Future.succeededFuture()
              : deployment
                  .compose(deployedOn::undeploy)
                  .recover(e -> Future.succeededFuture()); // undeployed by Vert.x's own end
    }
    return closing;
  }

  void add(PooledSubscription subscription) {
    loop.execute(() -> addOnLoop(subscription));
  }

  void remove(PooledSubscription subscription) {
    loop.execute(() -> subscriptions.remove(subscription));
  }

  void resync(PooledSubscription subscription, String reason) {
    loop.execute(() -> subscriptions.resync(subscription, reason));
  }

  int number() {
    return number;
  }

  ConnectionLoop loop() {
    return loop;
  }

  /** Guarded by the pool's lock. */
  ConnectionSlots slots() {
    return slots;
  }

  ConnectionSnapshot snapshot() {
    return status.snapshot(number, slots.total());
  }

  // ---- life, on the loop

  @Override
  public void init(Vertx loopVertx, Context loopContext) {
    super.init(loopVertx, loopContext);
    loop.bind(loopContext);
  }

  @Override
  public void stop(Promise<Void> stopped) {
    if (status.state() == ConnectionState.CLOSED) {
      stopped.complete();
      return;
    }
    moveTo(ConnectionState.CLOSED, "closed by the gateway");
    cancelSessionTimers();
    reconnectTimer = cancel(reconnectTimer);
    subscriptions.clear();
    Future<Void> socketClosed = socket == null ? Future.succeededFuture() : socket.close();
    socket = null;
    socketClosed
        .compose(done -> client == null ? Future.succeededFuture() : client.close())
        .onComplete(stopped);
  }

  private void openOnLoop() {
    if (!opened && status.state() != ConnectionState.CLOSED) {
      opened = true;
      client = UpstreamSocket.client(vertx, settings);
      connect();
    }
  }

  private void addOnLoop(PooledSubscription subscription) {
    if (status.state() == ConnectionState.CLOSED) {
      return;
    }
    boolean direct = loop.sharesThreadWith(subscription.loop());
    subscriptions.add(
        new Subscription(
            subscription,
            new Delivery(subscription, direct ? null : subscription.loop(), observer),
            new Backoff(settings.subscribeRetries(), random),
            new Backoff(settings.answerWaits(), random)));
  }

  /** The only place where the state changes. */
  private void moveTo(ConnectionState next, String reason) {
    ConnectionState from = status.state();
    if (!from.mayBecome(next)) {
      throw new IllegalStateException(name + " cannot go from " + from + " to " + next);
    }
    status.state(next);
    LOG.logf(
        next == ConnectionState.RECONNECTING ? Logger.Level.WARN : Logger.Level.INFO,
        "%s: %s -> %s: %s",
        name,
        from,
        next,
        reason);
    observer.connectionStateChanged(number, from, next, reason);
  }

  private void connect() {
    socket = new UpstreamSocket(vertx, settings, clock, this);
    connectTimer =
        vertx.setTimer(
            settings.connectTimeout().toMillis(),
            fired -> {
              connectTimer = NO_TIMER;
              lost(
                  new Disconnect(
                      DisconnectReason.TIMEOUT,
                      "no 'connected' from the venue within " + settings.connectTimeout()));
            });
    socket.connect(client, names, failedInRow);
  }

  /** The venue's service accepts connections before it serves them. */
  @Override
  public void opened() {
    firstFrameTimer =
        vertx.setTimer(
            settings.firstFrameTimeout().toMillis(),
            fired -> {
              firstFrameTimer = NO_TIMER;
              lost(
                  new Disconnect(
                      DisconnectReason.TIMEOUT,
                      "no 'connected' from the venue within "
                          + settings.firstFrameTimeout()
                          + " of the upgrade"));
            });
  }

  /**
   * Another session on the same connection, as when a proxy has changed servers, knows nothing of
   * what was subscribed: only a new connection makes sure that nothing of the one before follows.
   */
  private void sessionStarted(IndexerFrame.Connected frame) {
    if (status.state() == ConnectionState.ACTIVE) {
      if (status.isSession(frame.connectionId())) {
        subscriptions.onOther(frame.messageId());
      } else {
        lost(
            new Disconnect(
                DisconnectReason.RESET,
                "another session began on the connection: " + frame.connectionId()));
      }
      return;
    }
    connectTimer = cancel(connectTimer);
    firstFrameTimer = cancel(firstFrameTimer);
    updateCount = 0;
    activeSinceNs = System.nanoTime();
    status.sessionStarted(frame.connectionId());
    moveTo(ConnectionState.ACTIVE, "session " + LogText.of(frame.connectionId()));
    watchHeartbeat();
    newSession.run();
    subscriptions.sessionStarted(frame.messageId());
  }

  /** Looks four times in each heartbeat timeout, so that a pong or two may be lost. */
  private void watchHeartbeat() {
    long timeoutNs = settings.heartbeatTimeout().toNanos();
    long leftNs = timeoutNs - (System.nanoTime() - lastSignOfLifeNs());
    heartbeatTimer =
        vertx.setTimer(
            millis(Math.min(leftNs, timeoutNs / 4)),
            fired -> {
              heartbeatTimer = NO_TIMER;
              long nowNs = System.nanoTime();
              if (nowNs - lastSignOfLifeNs() >= timeoutNs) {
                lost(
                    new Disconnect(
                        DisconnectReason.HEARTBEAT,
                        "nothing received for " + settings.heartbeatTimeout()));
                return;
              }
              if (nowNs - lastReceiveNs >= timeoutNs / 2) {
                socket.ping();
              }
              watchHeartbeat();
            });
  }

  /**
   * A pong counts where silence is nothing unusual, for a relay may keep the venue's pings to
   * itself. It does not count from when the venue owes an answer, nor after a session that was
   * never quiet for so long: the relay may be all that is left to answer.
   */
  private long lastSignOfLifeNs() {
    if (lastPongNs - lastReceiveNs <= 0 || isUnusuallyQuiet()) {
      return lastReceiveNs;
    }
    long owedSinceNs = subscriptions.owedSinceNs();
    return owedSinceNs == ConnectionSubscriptions.NOTHING_OWED
        ? lastPongNs
        : Math.max(lastReceiveNs, Math.min(lastPongNs, owedSinceNs));
  }

  /** By the rhythm of updates, if there were enough of them to have one. */
  private boolean isUnusuallyQuiet() {
    return updateCount >= RHYTHM_MESSAGES
        && System.nanoTime() - lastReceiveNs
            > RHYTHM_INTERVALS * ((lastUpdateNs - firstUpdateNs) / updateCount);
  }

  @Override
  public void lost(Disconnect disconnect) {
    if (status.state() == ConnectionState.CLOSED) {
      return;
    }
    cancelSessionTimers();
    socket.abort();
    socket = null;
    status.disconnected(disconnect.detail());
    boolean wasActive = status.state() == ConnectionState.ACTIVE;
    failedInRow++;
    if (wasActive && System.nanoTime() - activeSinceNs >= GOOD_AFTER.toNanos()) {
      backoff.reset();
      failedInRow = 0;
    }
    Duration delay = delayAfter(disconnect);
    reconnectTimer =
        vertx.setTimer(
            millis(delay.toNanos()),
            fired -> {
              reconnectTimer = NO_TIMER;
              connect();
            });
    String next = disconnect.detail() + "; trying again in " + delay.toMillis() + " ms";
    if (status.state() != ConnectionState.RECONNECTING) {
      moveTo(ConnectionState.RECONNECTING, next);
    } else if (failedAttempts.allows(System.nanoTime())) {
      LOG.warnf(
          "%s: %s (%d more attempts failed since the last such line)",
          name, next, failedAttempts.takeSuppressed());
    }
    observer.reconnecting(number, disconnect.reason());
    subscriptions.sessionLost(disconnect);
  }

  /** As the backoff says, or later: at a restart all return at once, and a server may ask. */
  private Duration delayAfter(Disconnect disconnect) {
    Duration delay = backoff.next();
    if (disconnect.reason() == DisconnectReason.CLOSE_1012) {
      delay = delay.plusNanos(random.nextLong(settings.restartSpread().toNanos() + 1));
    }
    return delay.compareTo(disconnect.retryAfter()) < 0 ? disconnect.retryAfter() : delay;
  }

  private void cancelSessionTimers() {
    connectTimer = cancel(connectTimer);
    firstFrameTimer = cancel(firstFrameTimer);
    heartbeatTimer = cancel(heartbeatTimer);
    wakeTimer = cancel(wakeTimer);
  }

  private long cancel(long timer) {
    if (timer != NO_TIMER) {
      vertx.cancelTimer(timer);
    }
    return NO_TIMER;
  }

  // ---- what arrives, on the loop

  @Override
  public void received() {
    if (isTimed) {
      return; // what is read in one piece arrived at once
    }
    isTimed = true;
    loop.execute(endOfReading);
    Instant now = clock.instant();
    receiveTimeNs = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    lastReceiveNs = System.nanoTime();
    status.received(receiveTimeNs, lastReceiveNs);
  }

  @Override
  public void pong() {
    lastPongNs = System.nanoTime();
  }

  @Override
  public void message(byte[] bytes, int length) {
    status.frameReceived();
    IndexerFrame frame;
    try {
      frame = decoder.read(bytes, 0, length);
    } catch (MalformedFrameException e) {
      malformed(e, length);
      return;
    } catch (RuntimeException e) {
      malformed(new MalformedFrameException("reader failed: " + e, null, -1), length);
      return;
    }
    try {
      dispatch(frame, length);
    } catch (RuntimeException e) {
      LOG.errorf(e, "%s: failed at frame %d", name, frame.messageId());
    }
  }

  @Override
  public void messageTooLong() {
    status.frameReceived();
    malformed(
        new MalformedFrameException(
            "message longer than the "
                + settings.maxFrameBytes()
                + " bytes of gateway.upstream.max-frame-bytes",
            null,
            -1),
        settings.maxFrameBytes());
  }

  private void dispatch(IndexerFrame frame, int length) {
    observer.frameReceived(channelOf(frame), length);
    if (frame instanceof IndexerFrame.ChannelData data) {
      lastUpdateNs = lastReceiveNs;
      if (updateCount++ == 0) {
        firstUpdateNs = lastUpdateNs;
      }
      subscriptions.onData(data, receiveTimeNs, length);
    } else if (frame instanceof IndexerFrame.Subscribed subscribed) {
      subscriptions.onSubscribed(subscribed, receiveTimeNs);
    } else if (frame instanceof IndexerFrame.Unsubscribed unsubscribed) {
      subscriptions.onUnsubscribed(unsubscribed);
    } else if (frame instanceof IndexerFrame.Failed failed) {
      subscriptions.onError(failed);
    } else if (frame instanceof IndexerFrame.Connected connected) {
      sessionStarted(connected);
    } else if (frame instanceof IndexerFrame.Unknown unknown) {
      subscriptions.onOther(unknown.messageId());
      observer.droppedFrame(null, UpstreamObserver.DropReason.UNKNOWN);
      LOG.debugf("%s: unknown frame: %s", name, unknown.description());
    }
  }

  private static Channel channelOf(IndexerFrame frame) {
    ChannelId channelId = null;
    if (frame instanceof IndexerFrame.ChannelData data) {
      channelId = data.channelId();
    } else if (frame instanceof IndexerFrame.Subscribed subscribed) {
      channelId = subscribed.channelId();
    } else if (frame instanceof IndexerFrame.Unsubscribed unsubscribed) {
      channelId = unsubscribed.channelId();
    } else if (frame instanceof IndexerFrame.Failed failed) {
      return failed.error().channel();
    }
    return channelId == null ? null : channelId.channel();
  }

  private void malformed(MalformedFrameException problem, int length) {
    ChannelId channelId = problem.channelId();
    if (badFrames.allows(System.nanoTime())) {
      LOG.warnf(
          "%s: unreadable frame of %d bytes, %s, message_id %d: %s (%d more since the last such"
              + " line)",
          name,
          length,
          channelId == null ? "unknown channel" : LogText.of(channelId),
          problem.messageId(),
          LogText.of(problem.getMessage()),
          badFrames.takeSuppressed());
    }
    observer.malformedFrame(channelId == null ? null : channelId.channel(), problem.getMessage());
    subscriptions.onMalformed(problem, receiveTimeNs, length);
  }

  // ---- what the subscriptions need, on the loop

  @Override
  public void send(String text) {
    if (socket != null) {
      socket.send(text);
    }
  }

  @Override
  public void wakeAfter(long delayNs) {
    wakeTimer = cancel(wakeTimer);
    wakeTimer =
        vertx.setTimer(
            millis(delayNs),
            fired -> {
              wakeTimer = NO_TIMER;
              subscriptions.wake();
            });
  }

  @Override
  public void doNotWake() {
    wakeTimer = cancel(wakeTimer);
  }

  /** Rounded up, since a timer that fires early finds nothing to do. */
  private static long millis(long ns) {
    return Math.max(1, (ns + 999_999) / 1_000_000);
  }
}
