package io.github.dydxgateway.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
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

class PlainDecimalTest {
  private final PlainDecimal plain = new PlainDecimal();

  @ParameterizedTest
  @ValueSource(
      strings = {"43240.0", "0", "-1.50", "0.00", "123456789012345678901234567890.5", "007"})
  void textWithoutExponentStaysAsItCame(String text) {
    assertThat(of(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "4e-9, 0.000000004",
    "-4E-9, -0.000000004",
    "1.50e1, 15.0",
    "1.50e2, 150",
    "1.50e5, 150000",
    "1.50e-3, 0.00150",
    "1E+21, 1000000000000000000000",
    "12e-1, 1.2",
    "0e5, 0",
    "0.00e1, 0.0",
    "1e0, 1"
  })
  void exponentsAreExpandedKeepingEveryDigit(String text, String expected) {
    assertThat(of(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "abc", "1e", ".", "1e999999999", "1e-999999999", "1e99999999999999", "1e200"})
  void whatIsNoNumberOrTooLongIsRefused(String text) {
    assertThat(of(text)).isNull();
  }

  @Test
  void expandsUpTo200Characters() {
    assertThat(of("1e199")).hasSize(200);
    assertThat(of("1e-198")).hasSize(200);
    assertThat(of("1e-199")).isNull();
  }

  @Property(tries = 5000)
  void agreesWithBigDecimal(@ForAll("unsignedDecimalTexts") String text) {
    boolean expanded = text.contains("e");
    assertThat(of(text)).isEqualTo(expanded ? new BigDecimal(text).toPlainString() : text);
  }

  @Provide
  static Arbitrary<String> unsignedDecimalTexts() {
    Arbitrary<String> digits = Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(30);
    Arbitrary<String> fraction = digits.map(d -> "." + d).optional().map(o -> o.orElse(""));
    Arbitrary<String> exponent =
        Arbitraries.integers().between(-60, 60).map(e -> "e" + e).optional().map(o -> o.orElse(""));
    return Combinators.combine(digits, fraction, exponent).as((d, f, e) -> d + f + e);
  }

  private String of(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return plain.of(utf8, 0, utf8.length);
  }
}
