package io.github.dydxgateway.indexer;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.dydxgateway.testing.AllocationBudget;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Both readers of decimals against {@link BigDecimal}. */
class DecimalFuzz {
  private static final AllocationBudget BUDGET = new AllocationBudget(8 << 10, 16);

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE]([+-]?[0-9]+))?");

  /** Exponents and texts up to here are given to BigDecimal, which is slow beyond. */
  private static final int LARGEST = 3000;

  private final DecimalParser parser = new DecimalParser();
  private final PlainDecimal plainDecimal = new PlainDecimal();

  @FuzzTest
  void decimalsAreWhatBigDecimalSays(byte[] utf8) {
    String text = new String(utf8, StandardCharsets.UTF_8);
    byte[] bytes = new byte[utf8.length + 2];
    Arrays.fill(bytes, (byte) '1');
    System.arraycopy(utf8, 0, bytes, 1, utf8.length);
    DecimalParser.Outcome[] outcome = new DecimalParser.Outcome[1];
    String[] plain = new String[1];
    BUDGET.check(
        utf8.length,
        () -> {
          outcome[0] = parser.parse(bytes, 1, utf8.length);
          plain[0] = plainDecimal.of(bytes, 1, utf8.length);
        });

    Matcher number = NUMBER.matcher(text);
    if (!number.matches()) {
      require(outcome[0] == DecimalParser.Outcome.NOT_A_NUMBER, text, outcome[0]);
      require(plain[0] == null, text, plain[0]);
      return;
    }
    if (text.length() > LARGEST || !isReasonable(number.group(1))) {
      boolean zero = text.replaceFirst("[eE].*", "").chars().noneMatch(c -> c >= '1' && c <= '9');
      require(
          outcome[0] == DecimalParser.Outcome.NUMBER
              ? !zero || parser.unscaled() == 0
              : outcome[0] == DecimalParser.Outcome.DOES_NOT_FIT && !zero,
          text,
          outcome[0]);
      require(number.group(1) == null ? text.equals(plain[0]) : true, text, plain[0]);
      return;
    }
    BigDecimal value = new BigDecimal(text);
    checkFixedPoint(text, value, outcome[0]);
    checkPlain(text, value, number.group(1) != null, plain[0]);
  }

  private static boolean isReasonable(String exponent) {
    return exponent == null
        || (exponent.length() < 9 && Math.abs(Long.parseLong(exponent)) <= LARGEST);
  }

  private void checkFixedPoint(String text, BigDecimal value, DecimalParser.Outcome outcome) {
    BigDecimal least = value.stripTrailingZeros();
    if (least.scale() < 0) {
      least = least.setScale(0);
    }
    boolean fits = least.scale() <= Decimal.MAX_SCALE && least.unscaledValue().bitLength() < 64;
    require(
        outcome == (fits ? DecimalParser.Outcome.NUMBER : DecimalParser.Outcome.DOES_NOT_FIT),
        text,
        outcome);
    if (fits) {
      BigDecimal parsed = BigDecimal.valueOf(parser.unscaled(), parser.scale());
      require(parsed.equals(least), text, parsed);
    }
  }

  private static void checkPlain(String text, BigDecimal value, boolean hasExponent, String plain) {
    if (!hasExponent) {
      require(text.equals(plain), text, plain);
    } else if (plain == null) {
      boolean tooLong = value.toPlainString().length() > PlainDecimal.MAX_EXPANSION;
      require(
          tooLong || value.signum() == 0 || text.length() > PlainDecimal.MAX_EXPANSION,
          text,
          "nothing");
    } else {
      BigDecimal expanded = new BigDecimal(plain);
      require(plain.length() <= PlainDecimal.MAX_EXPANSION, text, plain);
      require(plain.indexOf('e') < 0 && plain.indexOf('E') < 0, text, plain);
      require(expanded.compareTo(value) == 0, text, plain);
      require(expanded.scale() == Math.max(0, value.scale()), text, plain);
    }
  }

  private static void require(boolean holds, String text, Object got) {
    if (!holds) {
      throw new AssertionError("'" + text + "' was read as " + got);
    }
  }
}
