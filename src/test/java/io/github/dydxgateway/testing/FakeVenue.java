package io.github.dydxgateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.ChannelListener;
import io.github.dydxgateway.indexer.ChannelListener.Refusal;
import io.github.dydxgateway.indexer.ChannelSource;
import io.github.dydxgateway.indexer.ChannelSubscription;
import io.github.dydxgateway.indexer.FrameReader;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.indexer.MalformedFrameException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

/**
 * The venue without a connection: the test says what it sends, as the JSON text of contents or of
 * whole frames, which the gateway's own reader reads. In all texts {@code '} stands for {@code "}.
 *
 * <p>Everything runs on the test's thread: a call returns when all that follows from it is done.
 */
public final class FakeVenue implements ChannelSource {
  private final QueueLoop loop = new QueueLoop();
  private final FrameReader reader = new FrameReader();
  private final Map<ChannelId, List<Open>> open = new HashMap<>();
  private final List<String> resyncs = new ArrayList<>();
  private final Map<Integer, Copy> copies = new HashMap<>();
  private final long progressNanos = System.nanoTime();
  private long receiveTimeNs = 1_700_000_000_000_000_000L;

  /** The one loop of feeds and clients. */
  public QueueLoop loop() {
    return loop;
  }

  // ---- what the venue does

  /** One of several connections to the venue: that of the so many-th subscription to the same. */
  public Copy copy(int number) {
    return copies.computeIfAbsent(number, Copy::new);
  }

  /** Sends a {@code subscribed} frame. */
  public void initialState(Channel channel, String id, String contents) {
    copy(0).initialState(channel, id, contents);
  }

  /** Sends a {@code channel_data} frame. */
  public void update(Channel channel, String id, String contents) {
    copy(0).update(channel, id, contents);
  }

  /** Sends a {@code channel_batch_data} frame. */
  public void batch(Channel channel, String id, String... contents) {
    copy(0).batch(channel, id, contents);
  }

  /** Sends an update of a child on the channel of parent subaccounts. */
  public void updateOfChild(String id, int subaccountNumber, String contents) {
    copy(0).updateOfChild(id, subaccountNumber, contents);
  }

  /** Sends a frame, well formed or not. */
  public void frame(String text) {
    copy(0).frame(text);
  }

  /** The connection breaks; the next that comes is another initial state. */
  public void interrupt(Channel channel, String id, String reason) {
    copy(0).interrupt(channel, id, reason);
  }

  /** Updates are lost, some of them before the last that came. */
  public void lose(Channel channel, String id, String reason) {
    copy(0).lose(channel, id, reason);
  }

  /** Refuses a subscription. */
  public void refuse(Channel channel, String id, Refusal.Kind kind, String message) {
    copy(0).refuse(channel, id, kind, message);
  }

  /** What the venue does on one connection, whose numbers are its own. */
  public final class Copy {
    private final int number;
    private long messageId;

    private Copy(int number) {
      this.number = number;
    }

    /** Sends a {@code subscribed} frame. */
    public void initialState(Channel channel, String id, String contents) {
      frame(envelope("subscribed", channel, id, "") + ",'contents':" + contents + "}");
    }

    /** Sends a {@code channel_data} frame. */
    public void update(Channel channel, String id, String contents) {
      frame(envelope("channel_data", channel, id, "") + ",'contents':" + contents + "}");
    }

    /** Sends a {@code channel_batch_data} frame. */
    public void batch(Channel channel, String id, String... contents) {
      frame(
          envelope("channel_batch_data", channel, id, "")
              + ",'contents':["
              + String.join(",", contents)
              + "]}");
    }

    /** Sends an update of a child on the channel of parent subaccounts. */
    public void updateOfChild(String id, int subaccountNumber, String contents) {
      frame(
          envelope(
                  "channel_data",
                  Channel.PARENT_SUBACCOUNTS,
                  id,
                  ",'subaccountNumber':" + subaccountNumber)
              + ",'contents':"
              + contents
              + "}");
    }

    private String envelope(String type, Channel channel, String id, String more) {
      messageId++;
      String name = channel.hasId() ? id : channel.wireName();
      return "{'type':'%s','connection_id':'c','message_id':%d,'channel':'%s','id':'%s'%s"
          .formatted(type, messageId, channel.wireName(), name, more);
    }

    /** Sends a frame, well formed or not. */
    public void frame(String text) {
      byte[] bytes = text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
      receiveTimeNs += 1_000;
      try {
        deliver(reader.read(bytes, 0, bytes.length));
      } catch (MalformedFrameException e) {
        ChannelListener listener = listener(e.channelId(), number);
        loop.execute(() -> listener.onMalformed(e, receiveTimeNs));
      }
      loop.run();
    }

    private void deliver(IndexerFrame frame) {
      if (frame instanceof IndexerFrame.Subscribed state) {
        ChannelListener listener = listener(state.channelId(), number);
        loop.execute(() -> listener.onSubscribed(state, receiveTimeNs));
      } else if (frame instanceof IndexerFrame.ChannelData data) {
        ChannelListener listener = listener(data.channelId(), number);
        loop.execute(() -> listener.onData(data, receiveTimeNs));
      } else {
        throw new AssertionError("a feed hears of no such frame: " + frame);
      }
    }

    /** The connection breaks; the next that comes is another initial state. */
    public void interrupt(Channel channel, String id, String reason) {
      ChannelListener listener = listener(channelId(channel, id), number);
      loop.execute(() -> listener.onInterrupted(reason));
      loop.run();
    }

    /** Updates are lost, some of them before the last that came. */
    public void lose(Channel channel, String id, String reason) {
      ChannelListener listener = listener(channelId(channel, id), number);
      loop.execute(() -> listener.onLost(reason, receiveTimeNs));
      loop.run();
    }

    /** Refuses a subscription. */
    public void refuse(Channel channel, String id, Refusal.Kind kind, String message) {
      ChannelListener listener = listener(channelId(channel, id), number);
      open.get(channelId(channel, id)).removeIf(one -> one.listener == listener);
      open.values().removeIf(List::isEmpty);
      loop.execute(() -> listener.onRefused(new Refusal(kind, message)));
      loop.run();
    }
  }

  /** Lets time pass between frames. */
  public void advance(Duration time) {
    receiveTimeNs += time.toNanos();
  }

  /** When the last frame arrived. */
  public long receiveTimeNs() {
    return receiveTimeNs;
  }

  // ---- what the gateway asked for

  /** Whether the gateway is subscribed now. */
  public boolean isSubscribed(Channel channel, String id) {
    return subscriptions(channel, id) > 0;
  }

  /** How many subscriptions to the same the gateway has now. */
  public int subscriptions(Channel channel, String id) {
    return open.getOrDefault(channelId(channel, id), List.of()).size();
  }

  /** Resyncs that were asked for since the last call, as {@code channel id: reason}. */
  public List<String> takeResyncs() {
    List<String> taken = List.copyOf(resyncs);
    resyncs.clear();
    return taken;
  }

  private static ChannelId channelId(Channel channel, String id) {
    return new ChannelId(channel, channel.hasId() ? id : "");
  }

  private ChannelListener listener(ChannelId channelId, int copy) {
    assertThat(open.keySet()).contains(channelId);
    return open.get(channelId).stream()
        .filter(one -> one.copy == copy)
        .findFirst()
        .orElseThrow()
        .listener;
  }

  @Override
  public Executor loopFor(Channel channel) {
    return loop;
  }

  @Override
  public ChannelSubscription subscribe(
      ChannelId channelId, Executor feedLoop, ChannelListener listener) {
    assertThat(open.keySet()).doesNotContain(channelId);
    return add(channelId, feedLoop, listener);
  }

  @Override
  public ChannelSubscription subscribeCopy(
      ChannelId channelId, Executor feedLoop, ChannelListener listener) {
    return add(channelId, feedLoop, listener);
  }

  private Open add(ChannelId channelId, Executor feedLoop, ChannelListener listener) {
    assertThat(feedLoop).isSameAs(loop);
    List<Open> same = open.computeIfAbsent(channelId, ignored -> new ArrayList<>());
    Set<Integer> taken = same.stream().map(one -> one.copy).collect(Collectors.toSet());
    int copy = 0;
    while (taken.contains(copy)) {
      copy++;
    }
    Open subscription = new Open(channelId, copy, listener);
    same.add(subscription);
    return subscription;
  }

  private final class Open implements ChannelSubscription {
    private final ChannelId channelId;
    private final int copy;
    private final ChannelListener listener;

    Open(ChannelId channelId, int copy, ChannelListener listener) {
      this.channelId = channelId;
      this.copy = copy;
      this.listener = listener;
    }

    @Override
    public void resync(String reason) {
      resyncs.add(
          copy == 0 ? channelId + ": " + reason : channelId + " on " + copy + ": " + reason);
    }

    @Override
    public long progressNanos() {
      return progressNanos;
    }

    @Override
    public void close() {
      List<Open> same = open.get(channelId);
      if (same != null && same.remove(this) && same.isEmpty()) {
        open.remove(channelId);
      }
    }
  }
}
