package io.github.dydxgateway.chaos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a client has got of things that have an order and come once each: trades, fills. Compared
 * with the venue's order it may leave something out only where a gap is announced, before or soon
 * after, and in a snapshot only what nobody had got by then. Not thread safe.
 */
final class OnceInOrder {
  private static final int MOST_PROBLEMS = 5;

  /**
   * While a subscribe is not answered, the number missing on a connection may be that of its
   * answer. So a gap may follow what came after the loss, by as much as comes within the time that
   * the gateway waits for an answer.
   */
  private static final int MOST_LATE = 150;

  private final List<Entry> entries = new ArrayList<>();

  private enum Kind {
    JOINED,
    GAP,
    SNAPSHOT,
    UPDATE
  }

  private record Entry(Kind kind, long sequence, List<String> ids) {}

  void joined() {
    entries.add(new Entry(Kind.JOINED, 0, List.of()));
  }

  void gap() {
    entries.add(new Entry(Kind.GAP, 0, List.of()));
  }

  void snapshot(long sequence, List<String> ids) {
    entries.add(new Entry(Kind.SNAPSHOT, sequence, ids));
  }

  void update(long sequence, List<String> ids) {
    entries.add(new Entry(Kind.UPDATE, sequence, ids));
  }

  /** Notes at which sequence each thing came, if that is earlier than what is noted. */
  void noteEarliest(Map<String, Long> earliest) {
    for (Entry entry : entries) {
      if (entry.kind == Kind.UPDATE) {
        entry.ids.forEach(id -> earliest.merge(id, entry.sequence, Math::min));
      }
    }
  }

  private boolean isToldSoonAfter(Entry entry) {
    int gap = entriesToGap(entry);
    return gap > 0 && gap <= MOST_LATE;
  }

  /** How many entries after this the next gap stands; -1 for none before the client joins anew. */
  private int entriesToGap(Entry entry) {
    List<Entry> later = entries.subList(entries.indexOf(entry) + 1, entries.size());
    for (int i = 0; i < later.size() && later.get(i).kind != Kind.JOINED; i++) {
      if (later.get(i).kind == Kind.GAP) {
        return i + 1;
      }
    }
    return -1;
  }

  /**
   * Compares.
   *
   * @param earliest at which sequence anybody got each, as {@link #noteEarliest} notes it
   * @param toEnd whether all up to the last must have come, but for what a gap excuses
   * @param mayBeLate whether what a gap was said for may come nevertheless, from a connection that
   *     is behind
   */
  List<String> problems(
      VenueLog.Sequence<?> published,
      Map<String, Long> earliest,
      boolean toEnd,
      boolean mayBeLate) {
    List<String> problems = new ArrayList<>();
    int last = -1;
    boolean excused = true;
    boolean any = false;
    NavigableMap<Integer, Entry> came = new TreeMap<>();
    Set<Entry> announced = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Entry entry : entries) {
      switch (entry.kind) {
        case JOINED -> {
          came.clear();
          last = -1;
          excused = true;
          any = false;
        }
        case GAP -> {
          excused = true;
          announced.addAll(came.values());
        }
        case SNAPSHOT -> {
          int previous = -1;
          for (String id : entry.ids) {
            int place = published.placeOf(id);
            if (place < 0) {
              problems.add(id + " was never published");
              continue;
            }
            if (previous < 0) {
              if (any && !excused && place > last + 1) {
                problems.add(
                    "between %s and the snapshot %d lie %d, silently"
                        .formatted(published.id(last), entry.sequence, place - last - 1));
              }
            } else if (place <= previous) {
              problems.add("in snapshot %d %s is out of order".formatted(entry.sequence, id));
            } else {
              for (int hole = previous + 1; hole < place; hole++) {
                if (earliest.getOrDefault(published.id(hole), Long.MAX_VALUE) <= entry.sequence) {
                  problems.add(
                      "snapshot %d lacks %s, which others got at %d"
                          .formatted(
                              entry.sequence,
                              published.id(hole),
                              earliest.get(published.id(hole))));
                }
              }
            }
            previous = place;
            came.putIfAbsent(place, entry);
          }
          if (previous >= 0) {
            if (previous < last) {
              problems.add("snapshot %d ends before what the client had".formatted(entry.sequence));
            }
            last = previous;
            excused = false;
            any = true;
          }
        }
        case UPDATE -> {
          for (String id : entry.ids) {
            int place = published.placeOf(id);
            if (place < 0) {
              problems.add(id + " was never published");
            } else if (any && place <= last) {
              boolean isFirst = came.putIfAbsent(place, entry) == null;
              Map.Entry<Integer, Entry> overtaker = came.higherEntry(place);
              boolean isSaid =
                  overtaker != null
                      && (overtaker.getValue().kind == Kind.SNAPSHOT
                          || announced.contains(overtaker.getValue())
                          || isToldSoonAfter(entry));
              if (!isFirst || !mayBeLate || !isSaid) {
                problems.add(
                    isFirst
                        ? "%s at %d came too late, without a gap".formatted(id, entry.sequence)
                        : "%s at %d came twice".formatted(id, entry.sequence));
              }
            } else {
              came.put(place, entry);
              if (any && excused && place > last + 1) {
                announced.add(entry); // a gap stands for what it overtakes
              }
              if (any && !excused && place > last + 1 && !isToldSoonAfter(entry)) {
                problems.add(
                    "between %s and %s at %d %d are missing, silently; the next gap: %d entries later"
                        .formatted(
                            published.id(last),
                            id,
                            entry.sequence,
                            place - last - 1,
                            entriesToGap(entry)));
              }
              last = place;
              excused = false;
              any = true;
            }
          }
        }
      }
    }
    if (toEnd && any && !excused && last != published.size() - 1) {
      problems.add(
          "the last is %s, but %d were published after it, silently missing"
              .formatted(published.id(last), published.size() - 1 - last));
    }
    return problems.subList(0, Math.min(MOST_PROBLEMS, problems.size()));
  }
}
