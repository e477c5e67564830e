package io.github.dydxgateway.metrics;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelListener.Refusal;
import io.github.dydxgateway.upstream.DisconnectReason;
import io.github.dydxgateway.upstream.UpstreamObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Counts what connections to the venue do. Every series is registered from the start, so that
 * dashboards and alerts see a zero, and then its first increase, instead of nothing.
 */
@Singleton
public class UpstreamMeters implements UpstreamObserver {
  private static final String NO_CHANNEL = "none";

  /** Counted for each frame, where Micrometer's own counters would look for a trace each time. */
  private final ByChannel<LongAdder> frames;

  private final ByChannel<LongAdder> bytes;
  private final ByChannel<Counter> malformed;
  private final ByChannel<Map<DropReason, Counter>> dropped;
  private final ByChannel<Map<RetryReason, Counter>> retried;
  private final ByChannel<Map<Refusal.Kind, Counter>> refused;
  private final ByChannel<Counter> moved;
  private final ByChannel<Counter> failedListeners;
  private final Map<DisconnectReason, Counter> reconnects;
  private final Counter lostMessages;

  /** Registers the meters of all channels and reasons. */
  public UpstreamMeters(MeterRegistry registry) {
    frames =
        new ByChannel<>(
            channel ->
                adder(
                    registry,
                    channel,
                    counted ->
                        FunctionCounter.builder("gateway.upstream.frames", counted, LongAdder::sum)
                            .description("Messages received from the venue")));
    bytes =
        new ByChannel<>(
            channel ->
                adder(
                    registry,
                    channel,
                    counted ->
                        FunctionCounter.builder(
                                "gateway.upstream.received", counted, LongAdder::sum)
                            .description("Bytes of messages received from the venue")
                            .baseUnit("bytes")));
    malformed =
        new ByChannel<>(
            channel ->
                counter("gateway.upstream.malformed.frames", "Messages that could not be read")
                    .tag("channel", channel)
                    .register(registry));
    dropped =
        new ByChannel<>(
            channel ->
                byReason(
                    registry,
                    DropReason.class,
                    () ->
                        counter(
                                "gateway.upstream.dropped.frames",
                                "Messages read and given to nobody")
                            .tag("channel", channel)));
    retried =
        new ByChannel<>(
            channel ->
                byReason(
                    registry,
                    RetryReason.class,
                    () ->
                        counter("gateway.upstream.subscribe.retries", "Subscribes sent again")
                            .tag("channel", channel)));
    refused =
        new ByChannel<>(
            channel ->
                byReason(
                    registry,
                    Refusal.Kind.class,
                    () ->
                        counter(
                                "gateway.upstream.refused.subscriptions",
                                "Subscriptions refused for good")
                            .tag("channel", channel)));
    moved =
        new ByChannel<>(
            channel ->
                counter(
                        "gateway.upstream.moved.subscriptions",
                        "Subscriptions moved to another connection since the venue says that theirs"
                            + " is full")
                    .tag("channel", channel)
                    .register(registry));
    failedListeners =
        new ByChannel<>(
            channel ->
                counter(
                        "gateway.upstream.listener.failures",
                        "Messages lost to a mistake of the gateway")
                    .tag("channel", channel)
                    .register(registry));
    lostMessages =
        counter(
                "gateway.upstream.lost.messages",
                "Messages that did not come on a live connection, seen from missing numbers")
            .register(registry);
    reconnects =
        byReason(
            registry,
            DisconnectReason.class,
            () ->
                counter(
                    "gateway.upstream.reconnects",
                    "Connections lost, and attempts that failed; each is tried again"));
  }

  private static Counter.Builder counter(String name, String description) {
    return Counter.builder(name).description(description);
  }

  private static LongAdder adder(
      MeterRegistry registry,
      String channel,
      Function<LongAdder, FunctionCounter.Builder<LongAdder>> shown) {
    LongAdder counted = new LongAdder();
    shown.apply(counted).tag("channel", channel).register(registry);
    return counted;
  }

  private static <R extends Enum<R>> Map<R, Counter> byReason(
      MeterRegistry registry, Class<R> reasons, Supplier<Counter.Builder> one) {
    Map<R, Counter> counters = new EnumMap<>(reasons);
    for (R reason : reasons.getEnumConstants()) {
      counters.put(
          reason,
          one.get().tag("reason", reason.name().toLowerCase(Locale.ROOT)).register(registry));
    }
    return counters;
  }

  @Override
  public void frameReceived(Channel channel, int length) {
    frames.of(channel).increment();
    bytes.of(channel).add(length);
  }

  @Override
  public void malformedFrame(Channel channel, String problem) {
    malformed.of(channel).increment();
  }

  @Override
  public void droppedFrame(Channel channel, DropReason reason) {
    dropped.of(channel).get(reason).increment();
  }

  @Override
  public void reconnecting(int number, DisconnectReason reason) {
    reconnects.get(reason).increment();
  }

  @Override
  public void subscribeRetried(Channel channel, RetryReason reason) {
    retried.of(channel).get(reason).increment();
  }

  @Override
  public void subscriptionRefused(Channel channel, Refusal.Kind kind) {
    refused.of(channel).get(kind).increment();
  }

  @Override
  public void subscriptionMoved(Channel channel) {
    moved.of(channel).increment();
  }

  @Override
  public void listenerFailed(Channel channel) {
    failedListeners.of(channel).increment();
  }

  @Override
  public void messagesLost(long count) {
    lostMessages.increment(count);
  }

  /** One of something for each channel, and one for no channel. Not changed once made. */
  private static final class ByChannel<T> {
    private final Map<Channel, T> all = new EnumMap<>(Channel.class);
    private final T none;

    ByChannel(Function<String, T> make) {
      for (Channel channel : Channel.values()) {
        all.put(channel, make.apply(channel.wireName()));
      }
      none = make.apply(NO_CHANNEL);
    }

    T of(Channel channel) {
      return channel == null ? none : all.get(channel);
    }
  }
}
