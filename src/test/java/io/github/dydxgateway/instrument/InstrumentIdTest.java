package io.github.dydxgateway.instrument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstrumentIdTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BTC-USD",
        "BTC-USD-PERP",
        "BTC-USD-PERP.DYDX",
        "BTC-USD-Perp.dydx",
        "BTC-USD-perp"
      })
  void allNamesOfAnInstrumentAreTheSame(String name) {
    InstrumentId id = InstrumentId.parse(name);
    assertThat(id.ticker()).isEqualTo("BTC-USD");
    assertThat(id.canonical()).isEqualTo("BTC-USD-PERP.DYDX");
    assertThat(id).hasToString("BTC-USD-PERP.DYDX").isEqualTo(new InstrumentId("BTC-USD"));
  }

  @Test
  void assetsStandBesideTheLastHyphen() {
    assertThat(InstrumentId.parse("FARTCOIN,RAYDIUM,9BB6-USD").baseAsset())
        .isEqualTo("FARTCOIN,RAYDIUM,9BB6");
    assertThat(InstrumentId.parse("A-B-USD").baseAsset()).isEqualTo("A-B");
    assertThat(InstrumentId.parse("A-B-USD").quoteAsset()).isEqualTo("USD");
    assertThat(InstrumentId.parse("BTC").baseAsset()).isEqualTo("BTC");
    assertThat(InstrumentId.parse("BTC").quoteAsset()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BTC USD",
        "BTC/1MIN",
        "\"BTC",
        "BTC\\USD",
        "BTC-ÜSD",
        "币安人生-USD",
        "\uD83D\uDE00-USD",
        " -USD",
        "FARTCOIN,RAYDIUM,9BB6NFECJBCTNNLFKO2FQVQBQ8HHM13KCYYCDQBGPUMP-USD"
      })
  void anyCharactersButControlCharactersMakeAnInstrument(String ticker) {
    assertThat(InstrumentId.parse(ticker).ticker()).isEqualTo(ticker);
    assertThat(InstrumentId.parse(ticker + "-PERP.DYDX").ticker()).isEqualTo(ticker);
  }

  @Test
  void aCanonicalIdIsThatOfOneTicker() {
    for (String ticker :
        List.of("FOO", "FOO-PERP", "FOO.DYDX", "FOO-PERP.DYDX", "-PERP", "foo", "foo-perp.dydx")) {
      assertThat(InstrumentId.parse(InstrumentId.ofTicker(ticker).canonical()).ticker())
          .isEqualTo(ticker);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "BTC-USD\n",
        "BTC\u0000USD",
        "BTC\u0085USD",
        "BTC\uD83DUSD",
        "\uDE00-USD",
        "-PERP",
        ".DYDX",
        "-PERP.DYDX"
      })
  void aNameThatCantBeOneIsRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InstrumentId.parse(name))
        .withMessageContaining("BTC-USD-PERP.DYDX");
  }

  @Test
  void aNameThatIsTooLongIsRefusedWithoutRepeatingIt() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InstrumentId.parse("X".repeat(100_000)))
        .withMessage("must have at most 512 characters before -PERP.DYDX, got 100000");
  }

  @Test
  void instrumentsAreSortedByTicker() {
    assertThat(InstrumentId.parse("AAVE-USD")).isLessThan(InstrumentId.parse("BTC-USD"));
  }
}
