package io.github.dydxgateway.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.testing.QueueLoop;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstrumentCacheTest {
  private static final InstrumentId BTC = new InstrumentId("BTC-USD");
  private static final InstrumentId ETH = new InstrumentId("ETH-USD");

  private final InstrumentCache cache = new InstrumentCache();
  private final QueueLoop loop = new QueueLoop();
  private final Heard heard = new Heard();

  @Test
  void isEmptyAndNotLoadedAtFirst() {
    assertThat(cache.isLoaded()).isFalse();
    assertThat(cache.find(BTC)).isNull();
    assertThat(cache.isUnknown(BTC)).isFalse();
    assertThat(cache.size()).isZero();
  }

  @Test
  void listsInstrumentsByTicker() {
    cache.put(instrument(ETH, 1));
    cache.put(instrument(BTC, 1));
    cache.put(instrument(BTC, 2));
    assertThat(cache.all()).containsExactly(instrument(BTC, 2), instrument(ETH, 1));
    assertThat(cache.size()).isEqualTo(2);
  }

  @Test
  void whoWaitsIsToldOnItsLoopOnceTheInstrumentIsKnown() {
    cache.await(BTC, loop, heard);
    cache.put(instrument(ETH, 1));
    loop.run();
    assertThat(heard.calls).isEmpty();
    cache.put(instrument(BTC, 1));
    assertThat(heard.calls).isEmpty();
    loop.run();
    cache.put(instrument(BTC, 2));
    loop.run();
    assertThat(heard.calls).containsExactly("known " + instrument(BTC, 1));
  }

  @Test
  void whoWaitsForWhatIsKnownIsToldAtOnce() {
    cache.put(instrument(BTC, 1));
    cache.await(BTC, loop, heard);
    loop.run();
    assertThat(heard.calls).containsExactly("known " + instrument(BTC, 1));
  }

  @Test
  void whoWaitsForWhatDoesNotExistIsToldOnceAllAreLoaded() {
    cache.await(BTC, loop, heard);
    cache.markLoaded();
    loop.run();
    assertThat(heard.calls).containsExactly("unknown: no instrument BTC-USD-PERP.DYDX");
    assertThat(cache.isUnknown(BTC)).isTrue();
  }

  @Test
  void anIncompleteInstrumentIsNeitherFoundNorUnknown() {
    cache.putIncomplete(BTC);
    cache.markLoaded();
    cache.await(BTC, loop, heard);
    loop.run();
    assertThat(cache.find(BTC)).isNull();
    assertThat(cache.isUnknown(BTC)).isFalse();
    assertThat(heard.calls).isEmpty();
    cache.put(instrument(BTC, 1));
    loop.run();
    assertThat(heard.calls).containsExactly("known " + instrument(BTC, 1));
  }

  @Test
  void whoHasAnInstrumentIsCalledOnceItIsRemoved() {
    cache.put(instrument(BTC, 1));
    cache.await(BTC, loop, heard);
    loop.run();
    heard.calls.clear();
    cache.remove(BTC, null);
    assertThat(heard.calls).isEmpty();
    loop.run();
    cache.put(instrument(BTC, 2));
    cache.remove(BTC, null);
    loop.run();
    assertThat(heard.calls)
        .containsExactly("removed: BTC-USD-PERP.DYDX is no longer listed by the venue");
    assertThat(cache.all()).isEmpty();
  }

  @Test
  void whoHasCancelledIsNotCalledWhenItIsRemoved() {
    cache.put(instrument(BTC, 1));
    cache.await(BTC, loop, heard);
    loop.run();
    heard.calls.clear();
    cache.cancel(heard);
    cache.remove(BTC, null);
    loop.run();
    assertThat(heard.calls).isEmpty();
  }

  @Test
  void theAbsenceOfARenamedInstrumentNamesItsPresentName() {
    InstrumentId doge = new InstrumentId("DOGE-USD");
    cache.put(instrument(BTC, 1));
    cache.markLoaded();
    cache.remove(BTC, ETH);
    cache.put(instrument(ETH, 1));
    cache.remove(ETH, doge);
    cache.put(instrument(doge, 1));
    assertThat(cache.absence(BTC)).isEqualTo("BTC-USD-PERP.DYDX is renamed to DOGE-USD-PERP.DYDX");
    cache.remove(doge, BTC);
    cache.put(instrument(BTC, 1));
    assertThat(cache.absence(doge)).isEqualTo("DOGE-USD-PERP.DYDX is renamed to BTC-USD-PERP.DYDX");
  }

  @Test
  void aNameIsACanonicalIdOrElseATickerOrElseTheShortForm() {
    InstrumentId foo = new InstrumentId("FOO");
    InstrumentId fooPerp = new InstrumentId("FOO-PERP");
    cache.put(instrument(foo, 1));
    assertThat(cache.resolve("FOO-PERP")).isEqualTo(foo);
    cache.put(instrument(fooPerp, 1));
    assertThat(cache.resolve("FOO-PERP")).isEqualTo(fooPerp);
    assertThat(cache.resolve("FOO-PERP.DYDX")).isEqualTo(foo);
    assertThat(cache.resolve("FOO-PERP-PERP.DYDX")).isEqualTo(fooPerp);
    assertThat(cache.resolve("FOO-PERP-PERP")).isEqualTo(fooPerp);
    assertThat(cache.resolve("FOO")).isEqualTo(foo);
    cache.remove(foo, null);
    assertThat(cache.resolve("FOO-PERP")).isEqualTo(fooPerp);
    assertThat(cache.resolve("NONE-PERP")).isEqualTo(new InstrumentId("NONE"));
  }

  @Test
  void aTickerIsFoundThoughItLooksLikeAShortFormOfNothing() {
    InstrumentId odd = new InstrumentId("-PERP");
    cache.put(instrument(odd, 1));
    assertThat(cache.resolve("-PERP")).isEqualTo(odd);
    assertThat(cache.resolve("-PERP-PERP.DYDX")).isEqualTo(odd);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BTC-USD",
        "btc-usd",
        "Btc-Usd-Perp.dydx",
        "btc-usd-perp",
        "BTC-usd-PERP.DYDX",
        "BTC-USD.dydx"
      })
  void aNameIsAcceptedInAnyCase(String name) {
    cache.put(instrument(BTC, 1));
    assertThat(cache.resolve(name)).isEqualTo(BTC);
    cache.markLoaded();
    assertThat(cache.resolve(name)).isEqualTo(BTC);
  }

  @Test
  void anInstrumentIsFoundInAnyCaseThoughItIsIncomplete() {
    cache.putIncomplete(BTC);
    assertThat(cache.resolve("btc-usd")).isEqualTo(BTC);
  }

  @Test
  void aNameInAnotherCaseIsATickerBeforeItIsAShortForm() {
    InstrumentId foo = new InstrumentId("FOO");
    InstrumentId fooPerp = new InstrumentId("FOO-PERP");
    cache.put(instrument(foo, 1));
    assertThat(cache.resolve("foo-perp")).isEqualTo(foo);
    cache.put(instrument(fooPerp, 1));
    assertThat(cache.resolve("foo-perp")).isEqualTo(fooPerp);
    assertThat(cache.resolve("FOO-perp")).isEqualTo(fooPerp);
    assertThat(cache.resolve("foo-perp.dydx")).isEqualTo(foo);
  }

  @Test
  void ofTickersThatDifferOnlyInCaseTheExactSpellingWins() {
    InstrumentId upper = new InstrumentId("FOO-USD");
    InstrumentId mixed = new InstrumentId("Foo-USD");
    cache.put(instrument(upper, 1));
    cache.put(instrument(mixed, 1));
    cache.markLoaded();
    assertThat(cache.resolve("FOO-USD")).isEqualTo(upper);
    assertThat(cache.resolve("Foo-USD")).isEqualTo(mixed);
    assertThat(cache.resolve("Foo-USD-perp.dydx")).isEqualTo(mixed);
    assertThat(cache.resolve("FOO-USD-Perp")).isEqualTo(upper);
  }

  @Test
  void anotherSpellingOfTickersThatDifferOnlyInCaseIsAmbiguousAndNamesThem() {
    InstrumentId mixed = new InstrumentId("Foo-USD");
    cache.put(instrument(mixed, 1));
    cache.put(instrument(new InstrumentId("FOO-USD"), 1));
    cache.markLoaded();
    InstrumentId id = cache.resolve("foo-usd");
    assertThat(cache.isUnknown(id)).isTrue();
    assertThat(cache.absence(id))
        .isEqualTo(
            "instrument foo-usd-PERP.DYDX is ambiguous; the venue lists FOO-USD-PERP.DYDX and"
                + " Foo-USD-PERP.DYDX, which differ only in case");
    cache.remove(mixed, null);
    assertThat(cache.resolve("foo-usd")).isEqualTo(new InstrumentId("FOO-USD"));
  }

  @Test
  void beforeInstrumentsAreKnownAllSpellingsAreOneIdInUpperCase() {
    for (String name : List.of("btc-usd", "BTC-USD", "Btc-Usd-Perp.dydx", "btc-usd-perp")) {
      assertThat(cache.resolve(name)).isEqualTo(BTC);
    }
  }

  @Test
  void aNameWhoseUpperCaseIsTooLongForATickerIsKept() {
    String name = "\u00df".repeat(InstrumentId.MAX_TICKER_LENGTH);
    assertThat(cache.resolve(name).ticker()).isEqualTo(name);
  }

  @Test
  void beforeInstrumentsAreKnownACanonicalIdIsKeptAsEventsCarryIt() {
    assertThat(cache.resolve("Foo-USD-PERP.DYDX")).isEqualTo(new InstrumentId("Foo-USD"));
  }

  @Test
  void aFormerNameIsNotReadAsAnInstrumentThatHasItInAnotherCase() {
    InstrumentId foo = new InstrumentId("FOO-USD");
    InstrumentId other = new InstrumentId("Foo-USD");
    cache.put(instrument(foo, 1));
    cache.put(instrument(other, 1));
    cache.markLoaded();
    cache.remove(foo, ETH);
    cache.put(instrument(ETH, 1));
    assertThat(cache.resolve("FOO-USD")).isEqualTo(foo);
    assertThat(cache.absence(foo)).isEqualTo("FOO-USD-PERP.DYDX is renamed to ETH-USD-PERP.DYDX");
    cache.remove(other, null);
    assertThat(cache.absence(cache.resolve("foo-usd")))
        .isEqualTo("FOO-USD-PERP.DYDX is renamed to ETH-USD-PERP.DYDX");
  }

  @Test
  void aTickerThatIsRenamedInCaseOnlyIsFoundByItsFormerSpelling() {
    InstrumentId mixed = new InstrumentId("Btc-USD");
    cache.put(instrument(BTC, 1));
    cache.markLoaded();
    cache.remove(BTC, mixed);
    cache.put(instrument(mixed, 1));
    assertThat(cache.resolve("BTC-USD")).isEqualTo(mixed);
  }

  @ParameterizedTest
  @CsvSource({
    "BTC-UDS, BTC-USD",
    "btc-uds, BTC-USD",
    "BTC-USDT, BTC-USD",
    "BTCUSD, BTC-USD",
    "BTC, BTC-USD",
    "ETH-PERP, ETH-USD",
    "TEH-USD, ETH-USD",
  })
  void theAbsenceOfAMisspelledInstrumentSuggestsTheNearest(String name, String nearest) {
    cache.put(instrument(ETH, 1));
    cache.put(instrument(BTC, 1));
    cache.markLoaded();
    InstrumentId id = cache.resolve(name);
    assertThat(cache.absence(id))
        .isEqualTo("no instrument " + id.canonical() + "; did you mean " + nearest + "-PERP.DYDX?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NONE-USD", "X", "USD", "BTC-EUR", "*", "🙂🙂🙂"})
  void theAbsenceOfNonsenseSuggestsNothing(String name) {
    cache.put(instrument(BTC, 1));
    cache.put(instrument(ETH, 1));
    cache.markLoaded();
    InstrumentId id = cache.resolve(name);
    assertThat(cache.absence(id)).isEqualTo("no instrument " + id.canonical());
  }

  @Test
  void theAbsenceOfALongNameRepeatsOnlyItsBeginning() {
    cache.markLoaded();
    assertThat(cache.absence(new InstrumentId("X".repeat(InstrumentId.MAX_TICKER_LENGTH))))
        .isEqualTo("no instrument " + "X".repeat(128) + "…");
    assertThat(cache.absence(new InstrumentId("X" + "🙂".repeat(200))))
        .isEqualTo("no instrument X" + "🙂".repeat(63) + "…");
  }

  @Test
  void whoWaitedForAMisspelledInstrumentGetsTheNearestSuggested() {
    cache.await(cache.resolve("btc-uds"), loop, heard);
    cache.put(instrument(BTC, 1));
    cache.markLoaded();
    loop.run();
    assertThat(heard.calls)
        .containsExactly(
            "unknown: no instrument BTC-UDS-PERP.DYDX; did you mean BTC-USD-PERP.DYDX?");
  }

  @Test
  void whoCancelsIsNotTold() {
    cache.await(BTC, loop, heard);
    cache.cancel(heard);
    cache.put(instrument(BTC, 1));
    loop.run();
    assertThat(heard.calls).isEmpty();
  }

  private static Instrument instrument(InstrumentId id, int priceScale) {
    return new Instrument(
        id, priceScale, 0, io.github.dydxgateway.v1.Instrument.getDefaultInstance());
  }

  private static final class Heard implements InstrumentCache.Listener {
    private final List<String> calls = new ArrayList<>();

    @Override
    public void onKnown(Instrument instrument) {
      calls.add("known " + instrument);
    }

    @Override
    public void onUnknown(String reason) {
      calls.add("unknown: " + reason);
    }

    @Override
    public void onRemoved(String reason) {
      calls.add("removed: " + reason);
    }
  }
}
