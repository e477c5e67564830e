package io.github.dydxgateway.bench;

import com.google.protobuf.InvalidProtocolBufferException;
import io.github.dydxgateway.v1.OrderBookTopic;
import io.github.dydxgateway.v1.SubscribeRequest;
import io.github.dydxgateway.v1.SubscribeResponse;
import io.github.dydxgateway.v1.Topic;
import io.github.dydxgateway.v1.TopicSubscription;
import io.github.dydxgateway.v1.TradesTopic;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * The clients of the benchmark, each with a connection of its own. Argument: the file of {@link
 * Progress}.
 *
 * <p>Commands: {@code open PORT CLIENTS SLOW BOOKS TRADES FIRST} clients, the first so many of them
 * slow, with the books and trades of so many markets from the one of number {@code FIRST} on;
 * {@code events}, {@code messages} and {@code bytes} all have; {@code slowest} events of the
 * reading client that has the fewest; {@code ended} streams that have ended; {@code latencies
 * event|frame} begins to measure, {@code latencies} gives count, p50, p99, p99.9 and maximum in
 * nanoseconds since then; {@code sample} a message with one event in Base64; {@code close}.
 */
public final class Consumers {
  private static final long TELL_NS = 100_000;
  private static final long SLOW_MESSAGE_NS = 100_000_000;
  private static final long LONGEST_NS = TimeUnit.SECONDS.toNanos(60);

  private final EventLoopGroup loops = new NioEventLoopGroup(2);
  private final Progress progress;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final Recorder latencies = new Recorder(LONGEST_NS, 3);
  private volatile List<StreamCall> streams = List.of();
  private volatile byte[] sample;

  private Consumers(Progress progress) {
    this.progress = progress;
  }

  /** Runs until its input ends. */
  public static void main(String[] arguments) throws Exception {
    Consumers consumers = new Consumers(new Progress(Path.of(arguments[0])));
    Thread teller = new Thread(consumers::tellProgress, "progress");
    teller.setDaemon(true);
    teller.start();
    Commands.serve("ready", consumers::handle);
  }

  private void tellProgress() {
    long lastSlow = System.nanoTime();
    for (; ; ) {
      progress.tell(slowest());
      long now = System.nanoTime();
      if (now - lastSlow >= SLOW_MESSAGE_NS) {
        lastSlow = now;
        streams.stream().filter(StreamCall::isSlow).forEach(StreamCall::takeOne);
      }
      LockSupport.parkNanos(TELL_NS);
    }
  }

  private long slowest() {
    long least = Long.MAX_VALUE;
    for (StreamCall stream : streams) {
      if (!stream.isSlow()) {
        least = Math.min(least, stream.events());
      }
    }
    return least == Long.MAX_VALUE ? 0 : least;
  }

  private String handle(String command, List<String> arguments) throws Exception {
    switch (command) {
      case "open" -> open(arguments.stream().mapToInt(Integer::parseInt).toArray());
      case "events" -> {
        return Long.toString(streams.stream().mapToLong(StreamCall::events).sum());
      }
      case "messages" -> {
        return Long.toString(streams.stream().mapToLong(StreamCall::messages).sum());
      }
      case "bytes" -> {
        return Long.toString(streams.stream().mapToLong(StreamCall::bytes).sum());
      }
      case "slowest" -> {
        return Long.toString(slowest());
      }
      case "ended" -> {
        return Long.toString(streams.stream().filter(stream -> stream.end() != null).count());
      }
      case "latencies" -> {
        if (arguments.isEmpty()) {
          streams.forEach(stream -> stream.read(null));
          return text(latencies.getIntervalHistogram());
        }
        latencies.reset();
        StreamCall.Reader reader =
            arguments.get(0).equals("event")
                ? (message, nanos) -> Stamps.agesInEvents(message, nanos, this::record)
                : (message, nanos) -> record(Stamps.ageInFrame(message, nanos));
        streams.forEach(stream -> stream.read(reader));
      }
      case "sample" -> {
        return sample();
      }
      case "close" -> close();
      default -> throw new IllegalArgumentException(command);
    }
    return "ok";
  }

  private void open(int[] arguments) {
    SubscribeRequest request = request(arguments[5], arguments[3], arguments[4]);
    List<StreamCall> opened = new ArrayList<>();
    for (int i = 0; i < arguments[1]; i++) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", arguments[0])
              .usePlaintext()
              .directExecutor()
              .eventLoopGroup(loops)
              .channelType(NioSocketChannel.class)
              .build();
      channels.add(channel);
      opened.add(new StreamCall(channel, request, i < arguments[2]));
    }
    streams = opened;
  }

  private static SubscribeRequest request(int first, int books, int trades) {
    SubscribeRequest.Builder request = SubscribeRequest.newBuilder();
    for (int i = 0; i < books; i++) {
      String ticker = Market.of(first + i).ticker();
      add(
          request,
          Topic.newBuilder().setOrderBook(OrderBookTopic.newBuilder().setInstrumentId(ticker)));
    }
    for (int i = 0; i < trades; i++) {
      String ticker = Market.of(first + i).ticker();
      add(request, Topic.newBuilder().setTrades(TradesTopic.newBuilder().setInstrumentId(ticker)));
    }
    return request.build();
  }

  private static void add(SubscribeRequest.Builder request, Topic.Builder topic) {
    request.addSubscriptions(TopicSubscription.newBuilder().setTopic(topic));
  }

  private void record(long nanos) {
    if (nanos != Stamps.NONE) {
      latencies.recordValue(Math.min(nanos, LONGEST_NS));
    }
  }

  private static String text(Histogram histogram) {
    return String.format(
        Locale.ROOT,
        "%d %d %d %d %d",
        histogram.getTotalCount(),
        histogram.getValueAtPercentile(50),
        histogram.getValueAtPercentile(99),
        histogram.getValueAtPercentile(99.9),
        histogram.getMaxValue());
  }

  /** An event of the first stream, the next that comes. */
  private String sample() {
    sample = null;
    StreamCall first = streams.get(0);
    first.read((message, nanos) -> sample = firstEventOf(message));
    while (sample == null) {
      LockSupport.parkNanos(TELL_NS);
    }
    first.read(null);
    return Base64.getEncoder().encodeToString(sample);
  }

  /** A message with the first event of another. */
  private static byte[] firstEventOf(byte[] message) {
    try {
      return SubscribeResponse.newBuilder()
          .addEvents(SubscribeResponse.parseFrom(message).getEvents(0))
          .build()
          .toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private void close() {
    streams.forEach(StreamCall::cancel);
    streams = List.of();
    channels.forEach(ManagedChannel::shutdownNow);
    channels.clear();
  }
}
