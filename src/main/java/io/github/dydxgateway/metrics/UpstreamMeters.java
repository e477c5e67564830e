package io.github.dydxgateway.metrics;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelListener.Refusal;
import io.github.dydxgateway.upstream.DisconnectReason;
import io.github.dydxgateway.upstream.UpstreamObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts what connections to the venue do. */
@Singleton
public class UpstreamMeters implements UpstreamObserver {
  private static final String NO_CHANNEL = "none";

  private final MeterRegistry registry;
  private final Map<Channel, Counter> frames = new EnumMap<>(Channel.class);
  private final Map<Channel, Counter> bytes = new EnumMap<>(Channel.class);
  private final Counter otherFrames;
  private final Counter otherBytes;

  /** Registers the meters of all channels, so that they are there before the first frame. */
  public UpstreamMeters(MeterRegistry registry) {
    this.registry = registry;
    for (Channel channel : Channel.values()) {
      frames.put(channel, frameCounter(channel.wireName()));
      bytes.put(channel, byteCounter(channel.wireName()));
    }
    otherFrames = frameCounter(NO_CHANNEL);
    otherBytes = byteCounter(NO_CHANNEL);
  }

  private Counter frameCounter(String channel) {
    return Counter.builder("gateway.upstream.frames")
        .description("Messages received from the venue")
        .tag("channel", channel)
        .register(registry);
  }

  private Counter byteCounter(String channel) {
    return Counter.builder("gateway.upstream.received")
        .description("Bytes of messages received from the venue")
        .baseUnit("bytes")
        .tag("channel", channel)
        .register(registry);
  }

  private static String name(Channel channel) {
    return channel == null ? NO_CHANNEL : channel.wireName();
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void frameReceived(Channel channel, int length) {
    (channel == null ? otherFrames : frames.get(channel)).increment();
    (channel == null ? otherBytes : bytes.get(channel)).increment(length);
  }

  @Override
  public void malformedFrame(Channel channel, String problem) {
    registry.counter("gateway.upstream.malformed.frames", "channel", name(channel)).increment();
  }

  @Override
  public void droppedFrame(Channel channel, DropReason reason) {
    registry
        .counter(
            "gateway.upstream.dropped.frames", "channel", name(channel), "reason", label(reason))
        .increment();
  }

  @Override
  public void reconnecting(int number, DisconnectReason reason) {
    registry.counter("gateway.upstream.reconnects", "reason", label(reason)).increment();
  }

  @Override
  public void subscribeRetried(Channel channel, RetryReason reason) {
    registry
        .counter(
            "gateway.upstream.subscribe.retries", "channel", name(channel), "reason", label(reason))
        .increment();
  }

  @Override
  public void subscriptionRefused(Channel channel, Refusal.Kind kind) {
    registry
        .counter(
            "gateway.upstream.refused.subscriptions",
            "channel",
            name(channel),
            "reason",
            label(kind))
        .increment();
  }
}
