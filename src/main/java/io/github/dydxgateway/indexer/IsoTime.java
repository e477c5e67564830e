package io.github.dydxgateway.indexer;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * Reads ISO-8601 times such as {@code 2023-04-04T19:09:24.869Z}, exactly. The venue's usual shape
 * (UTC, up to nine digits of a second's fraction) costs no allocation.
 */
final class IsoTime {
  /** Told of a text that is no time, or none that nanoseconds in 64 bits can hold. */
  static final long UNREADABLE = Long.MIN_VALUE;

  private static final int FRACTION_START = "2023-04-04T19:09:24.".length();
  private static final int LONGEST_TEXT = 64;

  /** No shorter text is a time; a failed attempt costs an exception. */
  private static final int SHORTEST_TEXT = "0000-01-01T00:00Z".length();

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private IsoTime() {}

  /** Nanoseconds since the Unix epoch, or {@link #UNREADABLE}. */
  static long parse(byte[] text, int offset, int length) {
    long nanos = parseUsualShape(text, offset, length);
    return nanos == UNREADABLE ? parseAnyShape(text, offset, length) : nanos;
  }

  private static long parseUsualShape(byte[] text, int offset, int length) {
    if (length < FRACTION_START
        || length > FRACTION_START + 10
        || text[offset + 4] != '-'
        || text[offset + 7] != '-'
        || text[offset + 10] != 'T'
        || text[offset + 13] != ':'
        || text[offset + 16] != ':'
        || text[offset + length - 1] != 'Z') {
      return UNREADABLE;
    }
    int year = digits(text, offset, 4);
    int month = digits(text, offset + 5, 2);
    int day = digits(text, offset + 8, 2);
    int hour = digits(text, offset + 11, 2);
    int minute = digits(text, offset + 14, 2);
    int second = digits(text, offset + 17, 2);
    int nano = fraction(text, offset + FRACTION_START - 1, length - FRACTION_START);
    if (year < 0
        || month < 1
        || month > 12
        || day < 1
        || day > daysInMonth(year, month)
        || hour < 0
        || hour > 23
        || minute < 0
        || minute > 59
        || second < 0
        || second > 59
        || nano < 0) {
      return UNREADABLE;
    }
    long seconds = epochDay(year, month, day) * 86_400 + hour * 3600L + minute * 60L + second;
    return nanos(seconds, nano);
  }

  /** Offsets, leap seconds and other rarities; also judges what the usual shape refused. */
  private static long parseAnyShape(byte[] text, int offset, int length) {
    if (length < SHORTEST_TEXT || length > LONGEST_TEXT) {
      return UNREADABLE;
    }
    try {
      Instant instant = Instant.parse(new String(text, offset, length, StandardCharsets.UTF_8));
      return nanos(instant.getEpochSecond(), instant.getNano());
    } catch (DateTimeException e) {
      return UNREADABLE;
    }
  }

  private static long nanos(long seconds, int nano) {
    long limit = Long.MAX_VALUE / NANOS_PER_SECOND;
    if (seconds > limit || seconds < -limit) {
      return UNREADABLE;
    }
    long nanos = seconds * NANOS_PER_SECOND;
    return nanos > Long.MAX_VALUE - nano ? UNREADABLE : nanos + nano;
  }

  /** The number of that many digits, or -1 where one is no digit. */
  private static int digits(byte[] text, int offset, int count) {
    int number = 0;
    for (int i = offset; i < offset + count; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /** Nanoseconds of a fraction with its point, -1 where it is none; nothing at all is zero. */
  private static int fraction(byte[] text, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    if (text[offset] != '.') {
      return -1;
    }
    int count = length - 1;
    int nano = digits(text, offset + 1, count);
    for (int i = count; i < 9 && nano > 0; i++) {
      nano *= 10;
    }
    return nano;
  }

  private static int daysInMonth(int year, int month) {
    return switch (month) {
      case 2 -> isLeapYear(year) ? 29 : 28;
      case 4, 6, 9, 11 -> 30;
      default -> 31;
    };
  }

  private static boolean isLeapYear(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  }

  /** Days since 1970-01-01 in the Gregorian calendar, counted in years that begin in March. */
  private static long epochDay(int year, int month, int day) {
    int marchYear = month > 2 ? year : year - 1;
    int monthOfMarchYear = month > 2 ? month - 3 : month + 9;
    int era = Math.floorDiv(marchYear, 400);
    int yearOfEra = marchYear - era * 400;
    int dayOfYear = (153 * monthOfMarchYear + 2) / 5 + day - 1;
    int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146_097L + dayOfEra - 719_468;
  }
}
