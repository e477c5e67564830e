package io.github.dydxgateway.instrument;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * All instruments. Written by one thread, that of the feed of markets; read by any.
 *
 * <p>An instrument may be incomplete: the venue has named it, but not yet told its tick and step
 * size. It can't be looked up until it is complete; whoever waits for it goes on waiting.
 */
public final class InstrumentCache {
  private final Map<InstrumentId, Instrument> instruments = new ConcurrentHashMap<>();
  private final Map<InstrumentId, Boolean> incomplete = new ConcurrentHashMap<>();
  private final List<Waiting> waiting = new ArrayList<>();
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

  /** Whether the venue has told its instruments once. Any thread. */
  public boolean isLoaded() {
    return loaded;
  }

  /** Takes up a new or changed instrument. Writer only. */
  public void put(Instrument instrument) {
    instruments.put(instrument.id(), instrument);
    incomplete.remove(instrument.id());
    answerWaiting();
  }

  /** Takes up that an instrument exists of which too little is known. Writer only. */
  public void putIncomplete(InstrumentId id) {
    incomplete.put(id, Boolean.TRUE);
  }

  /** All instruments there are have been put in, as far as the venue told. Writer only. */
  public void markLoaded() {
    loaded = true;
    answerWaiting();
  }

  /**
   * Waits until the instrument is known, or known not to exist. Any thread.
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
    }
  }

  /** Whether the venue has told its instruments and this is none of them. Any thread. */
  public boolean isUnknown(InstrumentId id) {
    return loaded && !instruments.containsKey(id) && !incomplete.containsKey(id);
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

  /** What to tell; null while there is nothing to tell yet. */
  private Runnable answerTo(Waiting one) {
    Instrument instrument = instruments.get(one.id());
    if (instrument != null) {
      return () -> one.listener().onKnown(instrument);
    }
    return isUnknown(one.id()) ? one.listener()::onUnknown : null;
  }

  private record Waiting(InstrumentId id, Executor loop, Listener listener) {}

  /** Waits for an instrument. */
  public interface Listener {
    /** It is known. */
    void onKnown(Instrument instrument);

    /** The venue has no such instrument. */
    void onUnknown();
  }
}
