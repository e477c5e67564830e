package io.github.dydxgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.FakeVenue;
import io.github.dydxgateway.testing.RecordingClient;
import io.github.dydxgateway.testing.TestGateway;
import io.github.dydxgateway.testing.Topics;
import io.github.dydxgateway.v1.Candle;
import io.github.dydxgateway.v1.CandleResolution;
import io.github.dydxgateway.v1.Candles;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Topic;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Whatever connections lose, mangle or are late with, whatever of it the venue repeats, and
 * whatever of it can't be used: a candle is final with the venue's last version or not at all, and
 * in the end is final if that can be used.
 */
class CandlesPropertiesTest {
  private static final String ID = "BTC-USD/1MIN";
  private static final Topic TOPIC =
      Topics.candles("BTC-USD", CandleResolution.CANDLE_RESOLUTION_1MIN);
  private static final int VERSIONS_A_MINUTE = 4;

  private TestGateway gateway;
  private int[] told;
  private boolean[] isBroken;
  private int happened;
  private Set<Integer> unusable;
  private boolean areTied;

  /** By copy, the usable versions that updates have brought since its last state. */
  private List<Set<Integer>> brought;

  @Property(tries = 500)
  void aCandleIsFinalWithItsLastVersionOnly(
      @ForAll @IntRange(min = 1, max = 2) int copies,
      @ForAll boolean areTied,
      @ForAll @Size(max = 10) Set<@IntRange(max = 60) Integer> unusable,
      @ForAll @Size(max = 120) List<@IntRange(max = 1023) Integer> steps) {
    gateway = gateway(copies);
    told = new int[copies];
    isBroken = new boolean[copies];
    happened = VERSIONS_A_MINUTE;
    this.unusable = unusable;
    brought = List.of(new HashSet<>(), new HashSet<>());
    this.areTied = areTied;
    RecordingClient client = gateway.client(TOPIC);
    for (int copy = 0; copy < copies; copy++) {
      state(copy, 1 + copy);
    }
    steps.forEach(this::step);
    RecordingClient late = gateway.client(TOPIC);
    assertThat(held(late)).isEqualTo(held(client));
    do {
      happened = (happened / VERSIONS_A_MINUTE + 1) * VERSIONS_A_MINUTE;
    } while (unusable.contains(happened));
    for (int copy = 0; copy < copies; copy++) {
      interrupt(copy);
      state(copy, happened);
    }
    assertThat(held(late)).isEqualTo(held(client));
    held(client)
        .forEach(
            (minute, candle) ->
                assertThat(candle.getIsFinal())
                    .isEqualTo(
                        minute < happened / VERSIONS_A_MINUTE
                            && !unusable.contains(lastOf(minute))));
  }

  private void step(int number) {
    int copy = number / 8 % told.length;
    switch (number % 8) {
      case 0, 1 -> happened++;
      case 2 -> tellNext(copy);
      case 3 -> {
        tellNext(copy);
        repeat(copy, number / 16 % 4);
      }
      case 4 -> {
        while (!isBroken[copy] && told[copy] < happened) {
          tellNext(copy);
        }
      }
      case 5 -> {
        if (!isBroken[copy] && told[copy] < happened) {
          told[copy]++;
          venue(copy)
              .frame(
                  "{'type':'channel_data','channel':'v4_candles','id':'BTC-USD/1MIN','contents':{'s");
        }
      }
      case 6 -> interrupt(copy);
      default -> {
        if (isBroken[copy]) {
          state(copy, told[copy] + number / 16 % (happened - told[copy] + 1));
        }
      }
    }
    for (String resync : gateway.venue().takeResyncs()) {
      interrupt(resync.startsWith("v4_candles BTC-USD/1MIN on 1") ? 1 : 0);
    }
  }

  private void tellNext(int copy) {
    if (!isBroken[copy] && told[copy] < happened) {
      told[copy]++;
      brought.get(copy).add(told[copy]);
      venue(copy).update(Channel.CANDLES, ID, candle(told[copy]));
    }
  }

  /** The venue sends what it sent before once more. */
  private void repeat(int copy, int count) {
    for (int number = Math.max(1, told[copy] - count + 1); number <= told[copy]; number++) {
      if (!isBroken[copy] && brought.get(copy).contains(number) && !unusable.contains(number)) {
        venue(copy).update(Channel.CANDLES, ID, candle(number));
      }
    }
  }

  private void interrupt(int copy) {
    isBroken[copy] = true;
    venue(copy).interrupt(Channel.CANDLES, ID, "connection lost");
  }

  private void state(int copy, int after) {
    isBroken[copy] = false;
    told[copy] = after;
    brought.get(copy).clear();
    Map<Integer, Integer> last = new TreeMap<>();
    IntStream.rangeClosed(1, after).forEach(number -> last.put(number / VERSIONS_A_MINUTE, number));
    List<String> newestFirst = new ArrayList<>();
    last.values().forEach(number -> newestFirst.add(0, candle(number)));
    venue(copy)
        .initialState(Channel.CANDLES, ID, "{'candles':[" + String.join(",", newestFirst) + "]}");
  }

  private FakeVenue.Copy venue(int copy) {
    return gateway.venue().copy(copy);
  }

  /** What a client has at last; fails if it was told something final that was wrong or changed. */
  private Map<Integer, Candle> held(RecordingClient client) {
    Map<Integer, Candle> held = new TreeMap<>();
    for (Event event : client.events()) {
      Candles candles = event.getCandles();
      for (Candle candle : candles.getCandlesList()) {
        int minute = (int) (candle.getStartTimeNs() / 60_000_000_000L % 1440);
        Candle before = held.put(minute, candle);
        if (candle.getIsFinal()) {
          assertThat(candle.getStartingOpenInterest()).isEqualTo(String.valueOf(lastOf(minute)));
          assertThat(unusable).doesNotContain(lastOf(minute));
        }
        if (before != null && before.getIsFinal()) {
          assertThat(candle).isEqualTo(before);
        }
      }
    }
    return held;
  }

  private static int lastOf(int minute) {
    return minute * VERSIONS_A_MINUTE + VERSIONS_A_MINUTE - 1;
  }

  private String candle(int number) {
    int minute = number / VERSIONS_A_MINUTE;
    return ("{'startedAt':'2023-04-04T%02d:%02d:00.000Z','ticker':'BTC-USD','resolution':'1MIN',"
            + "'low':'1','high':'1','open':'1','close':'%s','baseTokenVolume':'5','usdVolume':'1',"
            + "'trades':%d,'startingOpenInterest':'%d'}")
        .formatted(
            minute / 60,
            minute % 60,
            unusable.contains(number) ? "soon" : "1",
            areTied ? 1 : number % VERSIONS_A_MINUTE + 1,
            number);
  }

  private static TestGateway gateway(int copies) {
    return copies == 1
        ? TestGateway.withBtc()
        : TestGateway.redundantWithBtc(new PrivateAccounts(List.of()));
  }
}
