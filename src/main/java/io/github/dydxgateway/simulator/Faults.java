package io.github.dydxgateway.simulator;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What goes wrong, on demand. Thread-safe.
 *
 * <p>Settings are in force when the method returns. Actions on connections return a future that
 * completes when they are done, and fails where the simulator does not run.
 */
public final class Faults {

  private final SimulatorContext context;
  private final Sessions sessions;
  private final Venue venue;
  private final BusFaults bus;
  private final OpeningFaults openings = new OpeningFaults();
  private final SubscribeFaults subscribes = new SubscribeFaults();
  private final TickerCacheFaults tickers = new TickerCacheFaults();

  // Guarded by this.
  private final Map<SimulatedChannel, FaultCount> losses = new EnumMap<>(SimulatedChannel.class);
  private boolean silent;
  private long silence;
  private long delayMillis;
  private int splitBytes;
  private final FaultCount corruptions = new FaultCount();
  private final FaultCount duplicates = new FaultCount();

  Faults(SimulatorContext context, Sessions sessions, Venue venue, MessageBus bus) {
    this.context = context;
    this.sessions = sessions;
    this.venue = venue;
    this.bus = new BusFaults(context, bus);
  }

  /** What goes wrong while connections open. */
  public OpeningFaults openings() {
    return openings;
  }

  /** What goes wrong on the bus between the venue and the service that clients connect to. */
  public BusFaults bus() {
    return bus;
  }

  /** What goes wrong with subscribes and their answers. */
  public SubscribeFaults subscribes() {
    return subscribes;
  }

  /** Instances that do not know all tickers. */
  public TickerCacheFaults tickers() {
    return tickers;
  }

  /** Closes every connection with a close code and a reason, as a deploy does with 1012. */
  public Future<Void> closeAll(int code, String reason) {
    return each(connection -> connection.closeNow(code, reason));
  }

  /** Closes the connection that is open for longest; nothing happens where there is none. */
  public Future<Void> closeOne(int code, String reason) {
    return context.run(() -> sessions.oldest(connection -> connection.closeNow(code, reason)));
  }

  /** Resets every TCP connection, without a close frame. */
  public Future<Void> abortAll() {
    return each(FaultyConnection::abort);
  }

  /** Resets the TCP connection that is open for longest, without a close frame. */
  public Future<Void> abortOne() {
    return context.run(() -> sessions.oldest(FaultyConnection::abort));
  }

  /**
   * Stops reading and writing on all connections, also on those still to come, until {@link
   * #endSilence()}: no frames, no pings, no pongs, but sockets stay open. What is sent meanwhile
   * arrives afterwards, as after a network that hung; a connection with more than 50,000 frames
   * waiting stays silent for ever.
   */
  public Future<Void> silence() {
    return beginSilence(number -> {});
  }

  /** As {@link #silence()}, for a time. */
  public Future<Void> silence(Duration duration) {
    return beginSilence(
        number ->
            context.later(
                Math.max(1, duration.toMillis()),
                () -> {
                  if (isSilence(number)) {
                    endSilenceNow();
                  }
                }));
  }

  /** Ends {@link #silence()}; stranded connections stay as they are. */
  public Future<Void> endSilence() {
    return context.run(this::endSilenceNow);
  }

  /**
   * Leaves the connections that are open now silent for ever, as a dead machine behind a load
   * balancer does. Later ones are not touched.
   */
  public Future<Void> strandConnections() {
    return each(FaultyConnection::strand);
  }

  /** Sends a text frame to all that is no part of the protocol. */
  public Future<Void> sendGarbage(String text) {
    return each(connection -> connection.garbage(text));
  }

  /** Sends a binary frame to all; the protocol has none. */
  public Future<Void> sendGarbage(Buffer bytes) {
    return each(connection -> connection.garbage(bytes.copy()));
  }

  /** Delays every frame; ZERO ends it. */
  public synchronized void delayFrames(Duration delay) {
    delayMillis = delay.toMillis();
  }

  /** Delays only the answers to subscribes, by more than the usual few milliseconds. */
  public void delaySubscribed(Duration delay) {
    subscribes.delay(delay);
  }

  /** Splits every frame into continuation frames of so many bytes; 0 ends it. */
  public synchronized void splitFrames(int bytes) {
    splitBytes = Math.max(0, bytes);
  }

  /** Answers all attempts to connect with an HTTP status, until {@link #clear()}. */
  public void refuseUpgrades(int status) {
    openings.refuse(status, FaultCount.FOR_EVER);
  }

  /** Answers the next attempts to connect with an HTTP status. */
  public void refuseUpgrades(int status, int count) {
    openings.refuse(status, count);
  }

  /** Whether new connections are left without the {@code connected} frame. */
  public void withholdConnected(boolean withhold) {
    openings.withholdConnected(withhold ? FaultCount.FOR_EVER : 0);
  }

  /**
   * Answers the next subscribes of a channel with an error.
   *
   * @param channel wire name, {@code v4_trades}
   */
  public void failSubscribes(String channel, String message, int count) {
    subscribes.fail(channel, message, count);
  }

  /** Never answers the next subscribes, whatever their channel. */
  public void ignoreSubscribes(int count) {
    subscribes.ignore(count);
  }

  /**
   * Loses the next data frames of a channel, counted over all connections; their numbers go too.
   */
  public synchronized void loseData(String channel, int count) {
    losses.computeIfAbsent(SimulatedChannel.named(channel), ignored -> new FaultCount()).set(count);
  }

  /** Cuts the next frames in half, whatever they are. */
  public synchronized void corruptFrames(int count) {
    corruptions.set(count);
  }

  /** Sends the next data frames twice, counted over all connections. */
  public synchronized void duplicateData(int count) {
    duplicates.set(count);
  }

  /**
   * Takes no more than so many subscriptions of each channel on one connection, where the channel's
   * own limit is not lower; 0 ends it. What is subscribed stays.
   */
  public void limitSubscriptions(int most) {
    subscribes.limit(most);
  }

  /**
   * Publishes a trade with the very texts; null becomes JSON null. Initial states and the record
   * hold it where both are decimals.
   */
  public Future<Void> publishTrade(String ticker, String price, String size) {
    return context.run(() -> venue.publishTrade(ticker, price, size));
  }

  /**
   * Publishes a book level with the very texts; null becomes JSON null. The book and the record
   * take it where both are decimals.
   *
   * @param bid whether it is a bid
   */
  public Future<Void> publishLevel(String ticker, boolean bid, String price, String size) {
    return context.run(
        () ->
            venue.publishLevel(
                ticker, bid ? SimulatedBookSide.BID : SimulatedBookSide.ASK, price, size));
  }

  /**
   * Ends all faults, except of connections that are open: those stranded or mute stay so, and an
   * instance without some tickers refreshes its list when it was to.
   */
  public Future<Void> clear() {
    subscribes.clear();
    tickers.clear();
    bus.clear();
    openings.clear();
    synchronized (this) {
      losses.clear();
      delayMillis = 0;
      splitBytes = 0;
      corruptions.clear();
      duplicates.clear();
      silent = false;
    }
    return context.isOpen() ? endSilence() : Future.succeededFuture();
  }

  private interface SilenceBegun {
    void as(long number);
  }

  private Future<Void> beginSilence(SilenceBegun begun) {
    long number;
    synchronized (this) {
      silent = true;
      number = ++silence;
    }
    return context.run(
        () -> {
          sessions.each(FaultyConnection::hold);
          begun.as(number);
        });
  }

  private synchronized boolean isSilence(long number) {
    return silence == number;
  }

  private void endSilenceNow() {
    synchronized (this) {
      silent = false;
    }
    sessions.each(FaultyConnection::release);
  }

  private Future<Void> each(Consumer<FaultyConnection> action) {
    return context.run(() -> sessions.each(action));
  }

  synchronized boolean isSilent() {
    return silent;
  }

  synchronized long delayMillis() {
    return delayMillis;
  }

  synchronized int splitBytes() {
    return splitBytes;
  }

  synchronized boolean takeCorruption() {
    return corruptions.take();
  }

  synchronized boolean takeDuplicate() {
    return duplicates.take();
  }

  synchronized boolean takeLoss(SimulatedChannel channel) {
    FaultCount loss = losses.get(channel);
    return loss != null && loss.take();
  }
}
