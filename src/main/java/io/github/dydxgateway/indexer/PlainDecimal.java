package io.github.dydxgateway.indexer;

import java.nio.charset.StandardCharsets;

/**
 * Turns a decimal text of accounts and statistics into plain notation with exactly the digits
 * received: {@code 43240.0} stays, {@code 4e-9} becomes {@code 0.000000004}. Not thread safe.
 */
final class PlainDecimal {
  /** An expansion longer than this is refused: {@code 1e999999999} must not fill the memory. */
  static final int MAX_EXPANSION = 200;

  private final DecimalSyntax syntax = new DecimalSyntax();

  /** The text in plain notation; null where it is no number or its expansion is too long. */
  String of(byte[] text, int offset, int length) {
    if (!syntax.scan(text, offset, length)) {
      return null;
    }
    return syntax.hasExponent()
        ? expand(text)
        : new String(text, offset, length, StandardCharsets.US_ASCII);
  }

  private String expand(byte[] text) {
    int digits = digitCount();
    long fraction = syntax.fractionDigits() - syntax.exponent();
    if (digits + Math.abs(fraction) > 2L * MAX_EXPANSION) {
      return null;
    }
    StringBuilder plain = new StringBuilder(digits + (int) Math.abs(fraction) + 3);
    for (int i = syntax.digitsStart(); i < syntax.digitsEnd(); i++) {
      if (i != syntax.point()) {
        plain.append((char) text[i]);
      }
    }
    plain.append("0".repeat((int) Math.max(0, -fraction)));
    plain.insert(0, "0".repeat((int) Math.max(0, fraction + 1 - plain.length())));
    int whole = plain.length() - (int) Math.max(0, fraction);
    if (fraction > 0) {
      plain.insert(whole, '.');
    }
    int leadingZeros = 0;
    while (leadingZeros < whole - 1 && plain.charAt(leadingZeros) == '0') {
      leadingZeros++;
    }
    plain.delete(0, leadingZeros);
    if (syntax.isNegative()) {
      plain.insert(0, '-');
    }
    return plain.length() > MAX_EXPANSION ? null : plain.toString();
  }

  private int digitCount() {
    int length = syntax.digitsEnd() - syntax.digitsStart();
    return syntax.point() < syntax.digitsEnd() ? length - 1 : length;
  }
}
