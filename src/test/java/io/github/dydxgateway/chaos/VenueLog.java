package io.github.dydxgateway.chaos;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What the venue has published, in its order. */
final class VenueLog {
  private VenueLog() {}

  /** A list whose members are found by their ids. Immutable. */
  static final class Sequence<T> {
    private final List<T> members;
    private final Function<T, String> idOf;
    private final Map<String, Integer> places = new HashMap<>();

    Sequence(List<T> members, Function<T, String> idOf) {
      this.members = List.copyOf(members);
      this.idOf = idOf;
      for (T member : members) {
        places.put(idOf.apply(member), places.size());
      }
    }

    /** -1 where there is none. */
    int placeOf(String id) {
      return places.getOrDefault(id, -1);
    }

    String id(int place) {
      return idOf.apply(members.get(place));
    }

    int size() {
      return members.size();
    }
  }

  /** The ticker of a canonical instrument id. */
  static String ticker(String instrumentId) {
    return instrumentId.substring(0, instrumentId.indexOf("-PERP"));
  }
}
