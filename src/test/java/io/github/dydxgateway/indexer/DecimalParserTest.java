package io.github.dydxgateway.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.DecimalParser.Outcome;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalParserTest {
  private final DecimalParser parser = new DecimalParser();

  @ParameterizedTest
  @CsvSource({
    "27773, 27773, 0",
    "1.986168516, 1986168516, 9",
    "43240.0, 43240, 0",
    "0.10, 1, 1",
    "100, 100, 0",
    "0, 0, 0",
    "0.000, 0, 0",
    "-0, 0, 0",
    "0e999999999999999999999, 0, 0",
    "4e-9, 4, 9",
    "1e5, 100000, 0",
    "1E+5, 100000, 0",
    "1.50e1, 15, 0",
    "12e-1, 12, 1",
    "-0.5, -5, 1",
    "+7, 7, 0",
    ".5, 5, 1",
    "5., 5, 0",
    "007, 7, 0",
    "1e-36, 1, 36",
    "10e-37, 1, 36",
    "9223372036854775807, 9223372036854775807, 0",
    "-9223372036854775808, -9223372036854775808, 0",
    "9223372036854775807000e-3, 9223372036854775807, 0",
    "0.00000000000000000000000000000000000100000000000000000000000000, 1, 36"
  })
  void readsNumbersWithTheFewestDigitsAfterThePoint(String text, long unscaled, int scale) {
    assertThat(parse(text)).isEqualTo(Outcome.NUMBER);
    assertThat(parser.unscaled()).isEqualTo(unscaled);
    assertThat(parser.scale()).isEqualTo(scale);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9223372036854775808",
        "-9223372036854775809",
        "123456789012345678901234567890",
        "1E+21",
        "1e-37",
        "1e999999999",
        "1e-99999999999999999999999",
        "0.1234567890123456789012345"
      })
  void saysOfNumbersBeyond64BitsThatTheyDoNotFit(String text) {
    assertThat(parse(text)).isEqualTo(Outcome.DOES_NOT_FIT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ".",
        "-",
        "+",
        "e",
        "e5",
        ".e5",
        "1e",
        "1e+",
        "1e-",
        "1e1.5",
        "1.2.3",
        "--1",
        "1 ",
        " 1",
        "0x10",
        "NaN",
        "Infinity",
        "1,5",
        "1_000",
        "١٢",
        "abc",
        "1-"
      })
  void saysOfAnythingElseThatItIsNoNumber(String text) {
    assertThat(parse(text)).isEqualTo(Outcome.NOT_A_NUMBER);
  }

  @Test
  void readsOnlyTheGivenPartOfTheText() {
    assertThat(parser.parse("x12.5y".getBytes(StandardCharsets.UTF_8), 1, 4))
        .isEqualTo(Outcome.NUMBER);
    assertThat(parser.unscaled()).isEqualTo(125);
    assertThat(parser.scale()).isEqualTo(1);
  }

  @Test
  void aThousandDigitsAreNoTrouble() {
    assertThat(parse("1".repeat(1000))).isEqualTo(Outcome.DOES_NOT_FIT);
    assertThat(parse("0." + "0".repeat(1000))).isEqualTo(Outcome.NUMBER);
  }

  @Property(tries = 5000)
  void agreesWithBigDecimal(@ForAll("decimalTexts") String text) {
    BigDecimal exact = new BigDecimal(text).stripTrailingZeros();
    if (exact.scale() < 0) {
      exact = exact.setScale(0);
    }
    boolean fits =
        exact.signum() == 0
            || (exact.scale() <= Decimal.MAX_SCALE
                && exact.unscaledValue().bitLength() < Long.SIZE);
    assertThat(parse(text)).isEqualTo(fits ? Outcome.NUMBER : Outcome.DOES_NOT_FIT);
    if (fits) {
      assertThat(BigInteger.valueOf(parser.unscaled())).isEqualTo(exact.unscaledValue());
      assertThat(parser.scale()).isEqualTo(exact.signum() == 0 ? 0 : exact.scale());
    }
  }

  @Property(tries = 5000)
  void callsANumberWhatBigDecimalDoes(@ForAll("nearlyDecimalTexts") String text) {
    boolean number;
    try {
      new BigDecimal(text);
      number = true;
    } catch (NumberFormatException e) {
      number = false;
    }
    assertThat(parse(text) != Outcome.NOT_A_NUMBER).isEqualTo(number);
  }

  @Provide
  static Arbitrary<String> decimalTexts() {
    Arbitrary<String> digits =
        Arbitraries.oneOf(
            Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(22),
            Arbitraries.strings().withChars('0', '9').ofMinLength(1).ofMaxLength(20));
    Arbitrary<String> sign = Arbitraries.of("", "-", "+");
    Arbitrary<String> fraction = Arbitraries.oneOf(Arbitraries.just(""), digits.map(d -> "." + d));
    Arbitrary<String> exponent =
        Arbitraries.oneOf(
            Arbitraries.just(""),
            Arbitraries.integers().between(-60, 60).map(e -> "e" + e),
            Arbitraries.integers().between(0, 60).map(e -> "E+" + e));
    return Combinators.combine(sign, digits, fraction, exponent).as((s, d, f, e) -> s + d + f + e);
  }

  @Provide
  static Arbitrary<String> nearlyDecimalTexts() {
    return Arbitraries.strings().withChars("0159.eE+-x").ofMaxLength(8);
  }

  private Outcome parse(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return parser.parse(utf8, 0, utf8.length);
  }
}
