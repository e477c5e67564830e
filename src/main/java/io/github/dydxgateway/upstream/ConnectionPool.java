package io.github.dydxgateway.upstream;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.ChannelListener;
import io.github.dydxgateway.indexer.ChannelListener.Refusal;
import io.github.dydxgateway.indexer.ChannelSource;
import io.github.dydxgateway.indexer.ChannelSubscription;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The connections to the venue. Places each subscription on the first connection with room for its
 * channel, opens another where there is none, and closes a connection at once when its last
 * subscription goes; whoever wants it to linger closes the subscription later.
 *
 * <p>Subscriptions to the same are on different connections. Where connections are short, a copy
 * gives way to a subscription that would not be served else: one connection is better than none.
 *
 * <p>Thread safe. A small lock guards the placement; no frame passes it. A listener whose loop is
 * the thread of its connection is called there directly, any other through its loop.
 *
 * <p>The loop of {@link #loopFor} belongs to a connection's verticle: Vert.x cancels timers set
 * through it when that connection closes.
 */
public final class ConnectionPool implements ChannelSource {
  private static final Logger LOG = Logger.getLogger(ConnectionPool.class);

  private final Vertx vertx;
  private final UpstreamSettings settings;
  private final Supplier<FrameDecoder> decoders;
  private final UpstreamObserver observer;
  private final InstantSource clock;
  private final NameResolver names;
  private final Predicate<ChannelId> listed;
  private final Object lock = new Object();

  /** In the order of their numbers; those without subscriptions are not open yet. */
  private final List<UpstreamConnection> connections = new ArrayList<>();

  private final Map<ChannelId, PooledSubscription> subscriptions = new HashMap<>();

  /** Further subscriptions to the same, oldest first. */
  private final Map<ChannelId, List<PooledSubscription>> copies = new LinkedHashMap<>();

  private final LogThrottle missingCopies = new LogThrottle(Duration.ofMinutes(1));
  private long sequence;
  private Future<Void> closed;

  /**
   * @param decoders called once for each connection
   * @param clock gives the time at which frames arrive
   * @param listed whether the venue lists the instrument of a subscription: then an instance of the
   *     venue that refuses it as unknown is asked again. Called on event loops
   */
  public ConnectionPool(
      Vertx vertx,
      UpstreamSettings settings,
      Supplier<FrameDecoder> decoders,
      UpstreamObserver observer,
      InstantSource clock,
      Predicate<ChannelId> listed) {
    this(vertx, settings, decoders, observer, clock, listed, InetAddress::getAllByName);
  }

  /**
   * @param lookup finds the addresses of the venue or of the proxy; may block
   */
  ConnectionPool(
      Vertx vertx,
      UpstreamSettings settings,
      Supplier<FrameDecoder> decoders,
      UpstreamObserver observer,
      InstantSource clock,
      Predicate<ChannelId> listed,
      NameResolver.Lookup lookup) {
    this.vertx = vertx;
    this.settings = settings;
    this.decoders = decoders;
    this.observer = new GuardedObserver(observer);
    this.clock = clock;
    this.listed = listed;
    this.names = new NameResolver(vertx, lookup);
  }

  @Override
  public Executor loopFor(Channel channel) {
    synchronized (lock) {
      UpstreamConnection connection = closed == null ? roomFor(channel, List.of()) : null;
      if (connection != null) {
        return connection.loop();
      }
      if (!connections.isEmpty()) {
        return connections.get(0).loop();
      }
    }
    Context context = vertx.getOrCreateContext(); // after the end any loop will do
    return task -> context.runOnContext(ignored -> task.run());
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if there is a subscription to the same already
   */
  @Override
  public ChannelSubscription subscribe(
      ChannelId channelId, Executor loop, ChannelListener listener) {
    synchronized (lock) {
      PooledSubscription subscription =
          new PooledSubscription(this, sequence++, channelId, loop, listener, false);
      if (subscriptions.putIfAbsent(channelId, subscription) != null) {
        throw new IllegalStateException(
            "Already subscribed to " + LogText.of(channelId) + "; close that subscription first");
      }
      place(subscription);
      return subscription;
    }
  }

  @Override
  public ChannelSubscription subscribeCopy(
      ChannelId channelId, Executor loop, ChannelListener listener) {
    synchronized (lock) {
      PooledSubscription subscription =
          new PooledSubscription(this, sequence++, channelId, loop, listener, true);
      copies.computeIfAbsent(channelId, id -> new ArrayList<>()).add(subscription);
      place(subscription);
      return subscription;
    }
  }

  /** What the open connections are doing, by number. */
  public List<ConnectionSnapshot> connections() {
    List<UpstreamConnection> open;
    synchronized (lock) {
      open = connections.stream().filter(c -> c.slots().total() > 0).toList();
    }
    return open.stream().map(UpstreamConnection::snapshot).toList();
  }

  /**
   * Closes all connections with a goodbye to the venue. Listeners hear nothing more. Closing twice
   * is harmless.
   *
   * @return done when nothing of them is left, after about a second at most
   */
  public Future<Void> close() {
    synchronized (lock) {
      if (closed == null) {
        subscriptions.values().forEach(PooledSubscription::detach);
        subscriptions.clear();
        copies.values().forEach(same -> same.forEach(PooledSubscription::detach));
        copies.clear();
        closed =
            Future.join(connections.stream().map(UpstreamConnection::close).toList())
                .eventually(names::close)
                .mapEmpty();
        connections.clear();
      }
      return closed;
    }
  }

  void close(PooledSubscription subscription) {
    synchronized (lock) {
      forget(subscription);
      UpstreamConnection connection = subscription.connection();
      if (connection != null) {
        connection.remove(subscription);
        takeFrom(connection, subscription);
        closeIfUnused(connection);
      }
    }
  }

  void resync(PooledSubscription subscription, String reason) {
    synchronized (lock) {
      UpstreamConnection connection = subscription.connection();
      if (connection != null) {
        connection.resync(subscription, reason);
      }
    }
  }

  // ---- under the lock

  private void place(PooledSubscription subscription) {
    Channel channel = subscription.channelId().channel();
    List<UpstreamConnection> taken = carriersOf(subscription.channelId());
    UpstreamConnection connection = closed == null ? roomFor(channel, taken) : null;
    if (connection == null && closed == null && !subscription.isCopy()) {
      connection = roomOfCopy(channel, taken);
    }
    if (connection == null) {
      forget(subscription);
      refuse(subscription);
      return;
    }
    connection.slots().take(channel);
    subscription.connection(connection);
    connection.open();
    connection.add(subscription);
  }

  private void forget(PooledSubscription subscription) {
    ChannelId channelId = subscription.channelId();
    if (subscription.isCopy()) {
      copies.computeIfPresent(
          channelId,
          (id, same) -> {
            same.remove(subscription);
            return same.isEmpty() ? null : same;
          });
    } else {
      subscriptions.remove(channelId, subscription);
    }
  }

  /** The connections that carry a subscription to it. */
  private List<UpstreamConnection> carriersOf(ChannelId channelId) {
    List<UpstreamConnection> carriers = new ArrayList<>();
    PooledSubscription first = subscriptions.get(channelId);
    if (first != null && first.connection() != null) {
      carriers.add(first.connection());
    }
    for (PooledSubscription copy : copies.getOrDefault(channelId, List.of())) {
      if (copy.connection() != null) {
        carriers.add(copy.connection());
      }
    }
    return carriers;
  }

  /** The first connection with room, or a new one; null if there may be no more. */
  private UpstreamConnection roomFor(Channel channel, List<UpstreamConnection> taken) {
    for (UpstreamConnection connection : connections) {
      if (connection.slots().hasRoom(channel) && !taken.contains(connection)) {
        return connection;
      }
    }
    return connections.size() < settings.maxConnections() ? newConnection() : null;
  }

  /** Ends a copy of something that another connection carries; null if there is none. */
  private UpstreamConnection roomOfCopy(Channel channel, List<UpstreamConnection> taken) {
    for (List<PooledSubscription> same : copies.values()) {
      for (PooledSubscription copy : same) {
        UpstreamConnection connection = copy.connection();
        if (copy.channelId().channel() == channel
            && connection != null
            && !taken.contains(connection)
            && carriersOf(copy.channelId()).size() > 1) {
          connection.remove(copy);
          takeFrom(connection, copy);
          forget(copy);
          refuse(copy);
          return connection;
        }
      }
    }
    return null;
  }

  private UpstreamConnection newConnection() {
    int number = 1;
    while (isTaken(number)) {
      number++;
    }
    OfConnection placement = new OfConnection();
    UpstreamConnection connection =
        new UpstreamConnection(
            number,
            settings,
            decoders.get(),
            clock,
            observer,
            names,
            placement,
            listed,
            placement::newSession);
    placement.connection = connection;
    connection.deploy(vertx);
    connections.add(connection);
    connections.sort(Comparator.comparingInt(UpstreamConnection::number));
    return connection;
  }

  private boolean isTaken(int number) {
    return connections.stream().anyMatch(c -> c.number() == number);
  }

  private void refuse(PooledSubscription subscription) {
    Channel channel = subscription.channelId().channel();
    String message =
        closed != null
            ? "the gateway is stopping"
            : "all "
                + settings.maxConnections()
                + " connections to the venue are full for "
                + channel.wireName()
                + "; raise the number of connections or close subscriptions";
    if (!subscription.isCopy()) {
      LOG.warnf("No room for %s: %s", LogText.of(subscription.channelId()), message);
      observer.subscriptionRefused(channel, Refusal.Kind.NO_CONNECTION_LEFT);
    } else if (missingCopies.allows(System.nanoTime())) {
      LOG.warnf(
          "No second connection for %s, which is served by fewer than wanted: %s (%d more since the"
              + " last such line)",
          LogText.of(subscription.channelId()), message, missingCopies.takeSuppressed());
    }
    new Delivery(subscription, subscription.loop(), observer)
        .deliver(
            listener -> listener.onRefused(new Refusal(Refusal.Kind.NO_CONNECTION_LEFT, message)));
  }

  private static void takeFrom(UpstreamConnection connection, PooledSubscription subscription) {
    subscription.connection(null);
    connection.slots().free(subscription.channelId().channel());
  }

  private void closeIfUnused(UpstreamConnection connection) {
    if (connection.slots().total() == 0 && connections.remove(connection)) {
      connection.close();
    }
  }

  /** What one connection tells the pool; called on that connection's loop. */
  private final class OfConnection implements ConnectionSubscriptions.Placement {
    private UpstreamConnection connection;

    void newSession() {
      synchronized (lock) {
        connection.slots().forgetLearnedLimits();
      }
    }

    @Override
    public void refused(PooledSubscription subscription) {
      synchronized (lock) {
        if (subscription.connection() == connection) {
          forget(subscription);
          takeFrom(connection, subscription);
          closeIfUnused(connection);
        }
      }
    }

    @Override
    public boolean moveAway(PooledSubscription subscription) {
      synchronized (lock) {
        if (subscription.connection() != connection) {
          return true; // closed meanwhile
        }
        if (!connection.slots().learnFull(subscription.channelId().channel())) {
          return false;
        }
        takeFrom(connection, subscription);
        place(subscription);
        return true;
      }
    }
  }
}
