package io.github.dydxgateway.indexer;

import java.io.IOException;

/**
 * Reads the value of a field as what it should be. Null stays null (0 in the methods that return a
 * primitive); so does a value that cannot be read, which is noted among the unreadable ones. Not
 * thread safe.
 */
final class FieldValues {
  private final JsonCursor in;
  private final UnreadableValues unreadable;
  private final DecimalParser decimals = new DecimalParser();
  private final PlainDecimal plainDecimals = new PlainDecimal();

  FieldValues(JsonCursor in, UnreadableValues unreadable) {
    this.in = in;
    this.unreadable = unreadable;
  }

  /** A text that is seldom the same twice. */
  String text() throws IOException {
    return isTextOr("a string") ? in.text() : null;
  }

  /** A text that recurs, such as a ticker or a side. */
  String repeatedText() throws IOException {
    return isTextOr("a string") ? in.repeatedText() : null;
  }

  /** A decimal in plain notation, with exactly the digits received. */
  String plainDecimal() throws IOException {
    String plain =
        in.isText() ? plainDecimals.of(in.textBytes(), in.textOffset(), in.textLength()) : null;
    if (plain == null && !in.isNull()) {
      unreadable.add(
          in, "a decimal of at most " + PlainDecimal.MAX_EXPANSION + " characters when expanded");
    }
    return plain;
  }

  /** A decimal of market data. What cannot be read is in the result, not among the unreadable. */
  Decimal decimal() throws IOException {
    if (in.isNull()) {
      return null;
    }
    if (!in.isText()) {
      return Decimal.unrepresentable(in.excerpt());
    }
    byte[] bytes = in.textBytes();
    int offset = in.textOffset();
    int length = in.textLength();
    if (decimals.parse(bytes, offset, length) == DecimalParser.Outcome.NUMBER) {
      return Decimal.of(decimals.unscaled(), decimals.scale());
    }
    return Decimal.unrepresentable(in.text());
  }

  /** A whole number of 64 bits. */
  Long integer() throws IOException {
    return isIntegerOrNoted() ? (Long) decimals.unscaled() : null;
  }

  /** A whole number of 64 bits, 0 where there is none. */
  long integerOrZero() throws IOException {
    return integerOr(0);
  }

  /** A whole number of 64 bits, the other where there is none. */
  long integerOr(long otherwise) throws IOException {
    return isIntegerOrNoted() ? decimals.unscaled() : otherwise;
  }

  private boolean isIntegerOrNoted() throws IOException {
    if (in.isNull()) {
      return false;
    }
    if (in.isText()
        && decimals.parse(in.textBytes(), in.textOffset(), in.textLength())
            == DecimalParser.Outcome.NUMBER
        && decimals.scale() == 0) {
      return true;
    }
    unreadable.add(in, "a whole number of 64 bits");
    return false;
  }

  /** A time in nanoseconds since the Unix epoch. */
  Long time() throws IOException {
    long nanos = timeOrUnreadable();
    return nanos == IsoTime.UNREADABLE ? null : (Long) nanos;
  }

  /** A time in nanoseconds since the Unix epoch, 0 where there is none. */
  long timeOrZero() throws IOException {
    long nanos = timeOrUnreadable();
    return nanos == IsoTime.UNREADABLE ? 0 : nanos;
  }

  private long timeOrUnreadable() throws IOException {
    long nanos =
        in.isText()
            ? IsoTime.parse(in.textBytes(), in.textOffset(), in.textLength())
            : IsoTime.UNREADABLE;
    if (nanos == IsoTime.UNREADABLE && !in.isNull()) {
      unreadable.add(in, "an ISO-8601 time");
    }
    return nanos;
  }

  /** True or false. */
  Boolean flag() throws IOException {
    if (in.isTrue()) {
      return Boolean.TRUE;
    }
    if (in.isFalse()) {
      return Boolean.FALSE;
    }
    if (!in.isNull()) {
      unreadable.add(in, "true or false");
    }
    return null;
  }

  private boolean isTextOr(String expected) throws IOException {
    if (in.isText()) {
      return true;
    }
    if (!in.isNull()) {
      unreadable.add(in, expected);
    }
    return false;
  }
}
