package io.github.dydxgateway.instrument;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All instruments. Written by one thread, that of the feed of markets; read by any.
 *
 * <p>An instrument may be incomplete: the venue has named it, but not sent its tick and step size
 * yet. It can't be looked up until it is complete; whoever waits for it goes on waiting.
 */
public final class InstrumentCache {
  /** Former names kept, to name the new one to whoever asks for an old one. */
  private static final int MOST_RENAMED = 1000;

  /** Longer ids are cut in messages, which travel in the headers of a response. */
  private static final int LONGEST_SHOWN_ID = 128;

  /** Most instruments that one message names because they differ only in case. */
  private static final int MOST_SHOWN_SPELLINGS = 4;

  private final Map<InstrumentId, Instrument> instruments = new ConcurrentHashMap<>();
  private final Map<InstrumentId, Boolean> incomplete = new ConcurrentHashMap<>();

  /** The listed instruments by ticker in upper case, each list in order of ticker and not empty. */
  private final Map<String, List<InstrumentId>> spellings = new ConcurrentHashMap<>();

  /** New name by former name, the oldest first; guarded by itself. */
  private final Map<InstrumentId, InstrumentId> renamed = new LinkedHashMap<>();

  /** Those that wait for an instrument, and, guarded by the same lock, those that have it. */
  private final List<Waiting> waiting = new ArrayList<>();

  private final List<Waiting> using = new ArrayList<>();
  private final List<Consumer<InstrumentId>> followers = new CopyOnWriteArrayList<>();
  private volatile boolean loaded;

  /** The instrument, or null if it is not known or not complete. Any thread. */
  public Instrument find(InstrumentId id) {
    return instruments.get(id);
  }

  /** All complete instruments, by ticker. Any thread. */
  public Collection<Instrument> all() {
    List<Instrument> all = new ArrayList<>(instruments.values());
    all.sort(Comparator.comparing(Instrument::id));
    return Collections.unmodifiableList(all);
  }

  /** Number of complete instruments. Any thread. */
  public int size() {
    return instruments.size();
  }

  /** Whether the venue has sent its instruments once. Any thread. */
  public boolean isLoaded() {
    return loaded;
  }

  /**
   * The instrument that a client names. A name is a canonical id, or else a ticker, or else the
   * short form {@code BTC-USD-PERP}: the first of these that exists, as far as it is known. It is
   * accepted in any case. Where tickers differ only in case, the exact spelling wins; another one
   * is the name of no instrument, and {@link #absence} names those that are listed. Any thread.
   *
   * <p>Before the instruments are known a name is read as if it were in upper case, as the venue
   * writes its tickers, so that a topic has one id however clients spell it. Only a canonical id,
   * such as events carry, is kept as it is.
   *
   * @return the instrument, which need not exist
   * @throws IllegalArgumentException if the text can't be the name of an instrument; the message
   *     says why
   */
  public InstrumentId resolve(String name) {
    List<InstrumentId> meanings = InstrumentId.meanings(name);
    for (InstrumentId meaning : meanings) {
      if (isListed(meaning)) {
        return meaning;
      }
    }
    for (InstrumentId meaning : meanings) {
      if (isRenamedToAnotherName(meaning)) {
        return meaning;
      }
    }
    for (InstrumentId meaning : InstrumentId.meaningsInAnyCase(name)) {
      List<InstrumentId> alike = spelledAlike(meaning);
      if (!alike.isEmpty()) {
        return alike.size() == 1 ? alike.get(0) : meaning;
      }
    }
    InstrumentId named = InstrumentId.parse(name);
    InstrumentId upperCase = named.inUpperCase();
    boolean isGuess = !loaded && !InstrumentId.isCanonical(name);
    return isGuess || presentNameOf(upperCase) != null ? upperCase : named;
  }

  private boolean isListed(InstrumentId id) {
    return instruments.containsKey(id) || incomplete.containsKey(id);
  }

  /** Listed instruments whose tickers differ from this one at most in case. */
  private List<InstrumentId> spelledAlike(InstrumentId id) {
    return spellings.getOrDefault(id.upperCaseTicker(), List.of());
  }

  /** A former name is never read as that of an instrument which has it in another case. */
  private boolean isRenamedToAnotherName(InstrumentId id) {
    InstrumentId now = presentNameOf(id);
    return now != null && !now.upperCaseTicker().equals(id.upperCaseTicker());
  }

  /** Puts in a new or changed instrument. Writer only. */
  public void put(Instrument instrument) {
    addSpelling(instrument.id());
    boolean isNew = instruments.put(instrument.id(), instrument) == null;
    incomplete.remove(instrument.id());
    rename(instrument.id(), null);
    answerWaiting();
    if (isNew) {
      followers.forEach(follower -> follower.accept(instrument.id()));
    }
  }

  /**
   * Calls for each instrument there is, and later for each that is new; for one that is put in
   * meanwhile perhaps twice. Any thread.
   *
   * @param follower called on this thread and on that of the writer
   */
  public void follow(Consumer<InstrumentId> follower) {
    followers.add(follower);
    all().forEach(instrument -> follower.accept(instrument.id()));
  }

  /** Calls no more. Any thread. */
  public void leave(Consumer<InstrumentId> follower) {
    followers.remove(follower);
  }

  /** Puts in that an instrument exists of which too little is known. Writer only. */
  public void putIncomplete(InstrumentId id) {
    addSpelling(id);
    incomplete.put(id, Boolean.TRUE);
    rename(id, null);
  }

  private void addSpelling(InstrumentId id) {
    if (!isListed(id)) {
      spellings.merge(
          id.upperCaseTicker(),
          List.of(id),
          (before, added) -> Stream.concat(before.stream(), added.stream()).sorted().toList());
    }
  }

  private void removeSpelling(InstrumentId id) {
    spellings.computeIfPresent(
        id.upperCaseTicker(),
        (upperCase, before) -> {
          List<InstrumentId> others = before.stream().filter(one -> !one.equals(id)).toList();
          return others.isEmpty() ? null : others;
        });
  }

  private void rename(InstrumentId id, InstrumentId newName) {
    synchronized (renamed) {
      renamed.remove(id);
      if (newName != null) {
        renamed.put(id, newName);
        if (renamed.size() > MOST_RENAMED) {
          renamed.remove(renamed.keySet().iterator().next());
        }
      }
    }
  }

  /**
   * Removes an instrument that exists no longer, and calls the listeners that use it. Writer only.
   *
   * @param newName its name from now on; null if the venue no longer lists it
   * @return why it exists no longer, for a person
   */
  public String remove(InstrumentId id, InstrumentId newName) {
    rename(id, newName);
    String reason =
        newName == null
            ? id.canonical() + " is no longer listed by the venue"
            : id.canonical() + " is renamed to " + newName.canonical();
    List<Waiting> users = new ArrayList<>();
    synchronized (waiting) {
      removeSpelling(id);
      instruments.remove(id);
      incomplete.remove(id);
      using.removeIf(one -> one.id().equals(id) && users.add(one));
    }
    users.forEach(one -> one.loop().execute(() -> one.listener().onRemoved(reason)));
    answerWaiting();
    return reason;
  }

  /** All instruments there are have been put in, as far as the venue sent them. Writer only. */
  public void markLoaded() {
    loaded = true;
    answerWaiting();
  }

  /**
   * Waits until the instrument is known, or known not to exist, and, once it is known, until it is
   * removed. Any thread.
   *
   * @param loop where the listener is called
   */
  public void await(InstrumentId id, Executor loop, Listener listener) {
    synchronized (waiting) {
      waiting.add(new Waiting(id, loop, listener));
    }
    answerWaiting();
  }

  /** Forgets a listener. Any thread. */
  public void cancel(Listener listener) {
    synchronized (waiting) {
      waiting.removeIf(one -> one.listener() == listener);
      using.removeIf(one -> one.listener() == listener);
    }
  }

  /** Whether the venue has sent its instruments and this is none of them. Any thread. */
  public boolean isUnknown(InstrumentId id) {
    return loaded && !isListed(id);
  }

  /**
   * Why there is no such instrument, for a person: names the new one if it was renamed, those that
   * differ from it only in case, or else one that is spelled nearly so.
   */
  public String absence(InstrumentId id) {
    InstrumentId now = presentNameOf(id);
    if (now != null) {
      return shown(id) + " is renamed to " + shown(now);
    }
    List<InstrumentId> alike = spelledAlike(id);
    if (alike.size() > 1) {
      return "instrument "
          + shown(id)
          + " is ambiguous; the venue lists "
          + alike.stream()
              .limit(MOST_SHOWN_SPELLINGS)
              .map(InstrumentCache::shown)
              .collect(Collectors.joining(" and "))
          + ", which differ only in case";
    }
    InstrumentId nearest = alike.isEmpty() ? nearest(id) : alike.get(0);
    return "no instrument "
        + shown(id)
        + (nearest == null || nearest.equals(id) ? "" : "; did you mean " + shown(nearest) + "?");
  }

  /** The new name of an instrument that was renamed; null if it was not. */
  private InstrumentId presentNameOf(InstrumentId id) {
    synchronized (renamed) {
      InstrumentId now = renamed.get(id);
      for (int i = 0; renamed.containsKey(now) && i < MOST_RENAMED; i++) {
        now = renamed.get(now);
      }
      return now;
    }
  }

  private InstrumentId nearest(InstrumentId id) {
    String ticker = NearestTicker.of(id.upperCaseTicker(), spellings.keySet());
    List<InstrumentId> spelled = ticker == null ? null : spellings.get(ticker);
    return spelled == null ? null : spelled.get(0);
  }

  private static String shown(InstrumentId id) {
    String canonical = id.canonical();
    if (canonical.length() <= LONGEST_SHOWN_ID) {
      return canonical;
    }
    int end = LONGEST_SHOWN_ID;
    return canonical.substring(
            0, Character.isHighSurrogate(canonical.charAt(end - 1)) ? end - 1 : end)
        + "…";
  }

  private void answerWaiting() {
    List<Runnable> answers = new ArrayList<>();
    synchronized (waiting) {
      waiting.removeIf(
          one -> {
            Runnable answer = answerTo(one);
            return answer != null && answers.add(() -> one.loop().execute(answer));
          });
    }
    answers.forEach(Runnable::run);
  }

  /** What to call; null while there is nothing to call yet. */
  private Runnable answerTo(Waiting one) {
    Instrument instrument = instruments.get(one.id());
    if (instrument != null) {
      using.add(one);
      return () -> one.listener().onKnown(instrument);
    }
    return isUnknown(one.id()) ? () -> one.listener().onUnknown(absence(one.id())) : null;
  }

  private record Waiting(InstrumentId id, Executor loop, Listener listener) {}

  /** Waits for an instrument, then uses it. */
  public interface Listener {
    /** It is known. */
    void onKnown(Instrument instrument);

    /**
     * The venue has no such instrument.
     *
     * @param reason for a person
     */
    void onUnknown(String reason);

    /**
     * The instrument, which was known, exists no longer under this name.
     *
     * @param reason for a person; names the new one where it is renamed
     */
    void onRemoved(String reason);
  }
}
