package io.github.dydxgateway.bench;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The book of a market while the load is made: each update changes something, nothing crosses, and
 * at the end all is as it was, so that the load can be sent again and again.
 */
final class BookLoad {
  private final Market market;
  private final SplittableRandom random;
  private final long[][] initial;
  private final long[][] sizes;

  BookLoad(Market market, int levels, SplittableRandom random) {
    this.market = market;
    this.random = random;
    this.initial = new long[2][levels];
    this.sizes = new long[2][];
    for (int side = 0; side < 2; side++) {
      for (int level = 0; level < levels; level++) {
        initial[side][level] = randomSize();
      }
      sizes[side] = initial[side].clone();
    }
  }

  private long randomSize() {
    return 1 + random.nextLong(1L << (1 + random.nextInt(14)));
  }

  /** Contents of {@code subscribed}. */
  String state() {
    StringBuilder json = new StringBuilder("{\"bids\":[");
    appendState(json, 0);
    json.append("],\"asks\":[");
    appendState(json, 1);
    return json.append("]}").toString();
  }

  private void appendState(StringBuilder json, int side) {
    for (int level = 0; level < initial[side].length; level++) {
      json.append(level == 0 ? "" : ",")
          .append("{\"price\":\"")
          .append(market.price(side == 0, level))
          .append("\",\"size\":\"")
          .append(market.size(initial[side][level]))
          .append("\"}");
    }
  }

  /**
   * Contents of an update of one to four levels, mostly near the middle.
   *
   * @param stamp size of the first level, or null; that level is never removed
   */
  String update(String stamp) {
    int draw = random.nextInt(100);
    int count = draw < 55 ? 1 : draw < 80 ? 2 : draw < 92 ? 3 : 4;
    int side = random.nextInt(2);
    boolean bothSides = count > 1 && random.nextInt(5) == 0;
    List<List<String>> changes = List.of(new ArrayList<>(), new ArrayList<>());
    Set<Integer> touched = new HashSet<>();
    for (int i = 0; i < count; i++) {
      int at = bothSides && i % 2 == 1 ? 1 - side : side;
      double near = random.nextDouble();
      int level = (int) (sizes[at].length * near * near * near);
      if (!touched.add(2 * level + at)) {
        continue;
      }
      boolean removed = sizes[at][level] != 0 && random.nextInt(4) == 0;
      long before = sizes[at][level];
      do {
        sizes[at][level] = removed ? 0 : randomSize();
      } while (sizes[at][level] == before);
      changes.get(at).add(change(at, level));
    }
    if (stamp != null) {
      changes
          .get(side)
          .set(0, "[\"" + market.price(side == 0, sizes[side].length) + "\",\"" + stamp + "\"]");
    }
    return contents(changes.get(0), changes.get(1));
  }

  /** Updates that bring all levels back to where they were. */
  List<String> restore() {
    List<String> updates = new ArrayList<>();
    for (int side = 0; side < 2; side++) {
      List<String> changes = new ArrayList<>();
      for (int level = 0; level < sizes[side].length; level++) {
        if (sizes[side][level] != initial[side][level]) {
          sizes[side][level] = initial[side][level];
          changes.add(change(side, level));
        }
        if (changes.size() == 4 || (level == sizes[side].length - 1 && !changes.isEmpty())) {
          updates.add(side == 0 ? contents(changes, List.of()) : contents(List.of(), changes));
          changes.clear();
        }
      }
    }
    return updates;
  }

  private String change(int side, int level) {
    return "[\""
        + market.price(side == 0, level)
        + "\",\""
        + market.size(sizes[side][level])
        + "\"]";
  }

  private static String contents(List<String> bids, List<String> asks) {
    String both = bids.isEmpty() || asks.isEmpty() ? "" : ",";
    return "{" + side("bids", bids) + both + side("asks", asks) + "}";
  }

  private static String side(String name, List<String> changes) {
    return changes.isEmpty() ? "" : "\"" + name + "\":[" + String.join(",", changes) + "]";
  }
}
