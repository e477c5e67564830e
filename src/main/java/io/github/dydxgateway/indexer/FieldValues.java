package io.github.dydxgateway.indexer;

import java.io.IOException;

/**
 * Reads the value of a field as what it should be. Null stays null (0 in the methods that return a
 * primitive); so does a value that cannot be read, which is noted among the unreadable ones. Not
 * thread safe.
 */
final class FieldValues {
  private static final String AN_INTEGER = "a whole number of 64 bits";
  private static final String A_NATURAL = "a whole number from 0 to 2^63 - 1";

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
    return isIntegerOrNoted(Long.MIN_VALUE, Long.MAX_VALUE, AN_INTEGER)
        ? (Long) decimals.unscaled()
        : null;
  }

  /** A whole number of 64 bits, the other where there is none. */
  long integerOr(long otherwise) throws IOException {
    return isIntegerOrNoted(Long.MIN_VALUE, Long.MAX_VALUE, AN_INTEGER)
        ? decimals.unscaled()
        : otherwise;
  }

  /** A count, a height or an id of the chain: a whole number from 0 to 2^63 - 1. */
  Long natural() throws IOException {
    return isIntegerOrNoted(0, Long.MAX_VALUE, A_NATURAL) ? (Long) decimals.unscaled() : null;
  }

  /** The same, 0 where there is none. */
  long naturalOrZero() throws IOException {
    return isIntegerOrNoted(0, Long.MAX_VALUE, A_NATURAL) ? decimals.unscaled() : 0;
  }

  /** The number of a subaccount, at most 2^31 - 1: whose it is must not be mistaken. */
  Long subaccountNumber() throws IOException {
    return isIntegerOrNoted(0, Integer.MAX_VALUE, "a subaccount number")
        ? (Long) decimals.unscaled()
        : null;
  }

  private boolean isIntegerOrNoted(long least, long most, String expected) throws IOException {
    if (in.isNull()) {
      return false;
    }
    if (in.isText()
        && decimals.parse(in.textBytes(), in.textOffset(), in.textLength())
            == DecimalParser.Outcome.NUMBER
        && decimals.scale() == 0
        && decimals.unscaled() >= least
        && decimals.unscaled() <= most) {
      return true;
    }
    unreadable.add(in, expected);
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
    if (nanos >= 0) {
      return nanos;
    }
    if (!in.isNull()) {
      unreadable.add(in, "an ISO-8601 time from 1970 to 2262");
    }
    return IsoTime.UNREADABLE;
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
