package io.github.dydxgateway.soak;

import io.github.dydxgateway.soak.LoadClient.Farewell;
import io.github.dydxgateway.soak.LoadClient.Reading;
import io.github.dydxgateway.v1.Topic;
import io.netty.channel.nio.NioEventLoopGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Many programs, over a few connections to the gateway; those that read slowly have their own. */
final class LoadClients implements AutoCloseable {
  private static final int LOOPS = 2;
  private static final int MILLIS_A_TURN = 100;
  private static final int SLOW_MESSAGES_A_TURN = 2;

  /** Turns between two departures: five a second. */
  private static final int DEPARTURE_TURNS = 2;

  /** Every so many departures a connection is cut instead, with all its clients. */
  private static final int CUT_EVERY = 50;

  private final LoadCounters counters = new LoadCounters();
  private final NioEventLoopGroup loops = new NioEventLoopGroup(LOOPS);
  private final ScheduledExecutorService conductor = Executors.newSingleThreadScheduledExecutor();
  private final List<LoadChannel> channels = new ArrayList<>();
  private final List<LoadClient> clients = new ArrayList<>();
  private final int port;
  private int channelTurn;

  // Of the conductor's thread.
  private final List<LoadClient> away = new ArrayList<>();
  private long turn;
  private long departures;

  /** None yet. */
  LoadClients(int port, int channelCount) {
    this.port = port;
    for (int i = 0; i < channelCount; i++) {
      channels.add(new LoadChannel(port, loops));
    }
  }

  LoadCounters counters() {
    return counters;
  }

  /** All, those that are away included. */
  List<LoadClient> all() {
    return clients;
  }

  /** The topics of those that read. */
  Stream<TopicCheck> checks() {
    return clients.stream()
        .filter(client -> client.reading() == Reading.EAGER)
        .flatMap(client -> client.checks().stream());
  }

  /** Adds one that reads, and has it call; by Session every other time. */
  void add(List<Topic> topics) {
    LoadChannel channel = channels.get(channelTurn++ % channels.size());
    add(new LoadClient(channel, counters, clients.size() % 2 == 1, Reading.EAGER, topics));
  }

  /** Adds one that does not read as it should, over a connection of its own. */
  void add(Reading reading, List<Topic> topics) {
    LoadChannel channel = new LoadChannel(port, loops);
    channels.add(channel);
    add(new LoadClient(channel, counters, false, reading, topics));
  }

  private void add(LoadClient client) {
    clients.add(client);
    client.open(false);
  }

  /** From now on clients leave and come back; slow ones read a little now and then. */
  void churn() {
    var unused =
        conductor.scheduleAtFixedRate(
            this::takeTurn, MILLIS_A_TURN, MILLIS_A_TURN, TimeUnit.MILLISECONDS);
  }

  private void takeTurn() {
    try {
      turn++;
      comeBack();
      for (LoadClient client : clients) {
        if (client.reading() == Reading.SLOW) {
          client.read(SLOW_MESSAGES_A_TURN);
        }
      }
      if (turn % DEPARTURE_TURNS == 0) {
        depart();
      }
    } catch (RuntimeException e) {
      counters.problem("the load failed: " + e);
    }
  }

  /** Those whose call is over, and who have been away for a turn; two of three resume. */
  private void comeBack() {
    for (LoadClient client : List.copyOf(away)) {
      if (!client.isOpen()) {
        away.remove(client);
        client.open(turn % 3 != 0);
      }
    }
  }

  private void depart() {
    LoadClient next = clients.get((int) (departures++ % clients.size()));
    if (away.contains(next)) {
      return;
    }
    if (departures % CUT_EVERY == 0 && next.reading() == Reading.EAGER) {
      for (LoadClient client : clients) {
        if (client.channel() == next.channel() && !away.contains(client)) {
          client.expectCut();
          away.add(client);
        }
      }
      next.channel().cut();
    } else {
      next.leave(departures % 2 == 0 ? Farewell.HALF_CLOSE : Farewell.CANCEL);
      away.add(next);
    }
  }

  @Override
  public void close() throws InterruptedException {
    conductor.shutdownNow();
    conductor.awaitTermination(10, TimeUnit.SECONDS);
    clients.forEach(LoadClient::expectCut);
    channels.forEach(LoadChannel::close);
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
