package io.github.dydxgateway.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IsoTimeTest {

  @Test
  void readsMillisecondsOfTheVenue() {
    assertThat(parse("2023-04-04T19:09:24.869Z")).isEqualTo(1_680_635_364_869_000_000L);
  }

  @Test
  void readsNoneToNineDigitsOfASecond() {
    assertThat(parse("1970-01-01T00:00:01Z")).isEqualTo(1_000_000_000L);
    assertThat(parse("1970-01-01T00:00:00.1Z")).isEqualTo(100_000_000L);
    assertThat(parse("1970-01-01T00:00:00.000000001Z")).isEqualTo(1);
  }

  @Test
  void readsOffsets() {
    assertThat(parse("2023-04-04T21:09:24.869+02:00")).isEqualTo(1_680_635_364_869_000_000L);
  }

  @Test
  void readsOnlyTheGivenPartOfTheText() {
    String text = "\"1970-01-01T00:00:01Z\"";
    assertThat(IsoTime.parse(text.getBytes(StandardCharsets.UTF_8), 1, text.length() - 2))
        .isEqualTo(1_000_000_000L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Z",
        "yesterday",
        "2023-04-04",
        "2023-04-04T19:09:24.869",
        "2023-13-04T19:09:24.869Z",
        "2023-00-04T19:09:24.869Z",
        "2023-02-30T19:09:24.869Z",
        "2023-02-29T19:09:24.869Z",
        "1900-02-29T19:09:24.869Z",
        "2023-04-31T19:09:24.869Z",
        "2023-04-00T19:09:24.869Z",
        "2023-04-04T25:09:24.869Z",
        "2023-04-04T19:60:24.869Z",
        "2023-04-04T19:09:61.869Z",
        "2023-04-04T19:09:24.86xZ",
        "2023-04-04T19:09:24.1234567890Z",
        "2023-04-04 19:09:24.869Z",
        "+23-04-04T19:09:24.869Z",
        "1680635364869",
        "9999-12-31T23:59:59.999Z",
        "0001-01-01T00:00:00Z"
      })
  void refusesWhatIsNoTimeOrDoesNotFit(String text) {
    assertThat(parse(text)).isEqualTo(IsoTime.UNREADABLE);
  }

  @Property(tries = 5000)
  void agreesWithInstantOnEveryTime(
      @ForAll @LongRange(min = -9_223_372_035L, max = 9_223_372_035L) long seconds,
      @ForAll @IntRange(max = 999_999_999) int nanos) {
    Instant instant = Instant.ofEpochSecond(seconds, nanos);
    assertThat(parse(instant.toString())).isEqualTo(seconds * 1_000_000_000L + nanos);
  }

  @Property(tries = 5000)
  void agreesWithInstantOnWhatIsATime(
      @ForAll @IntRange(min = 1680, max = 2260) int year,
      @ForAll @IntRange(max = 14) int month,
      @ForAll @IntRange(max = 33) int day,
      @ForAll @IntRange(max = 26) int hour,
      @ForAll @IntRange(max = 62) int minute,
      @ForAll @IntRange(max = 62) int second) {
    String text =
        String.format("%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day, hour, minute, second);
    long expected;
    try {
      expected = Instant.parse(text).getEpochSecond() * 1_000_000_000L;
    } catch (DateTimeException e) {
      expected = IsoTime.UNREADABLE;
    }
    assertThat(parse(text)).isEqualTo(expected);
  }

  @Property
  void agreesWithInstantOnOffsets(
      @ForAll @LongRange(min = 0, max = 9_000_000_000L) long seconds,
      @ForAll @IntRange(min = -18, max = 18) int hours) {
    Instant instant = Instant.ofEpochSecond(seconds);
    String text =
        DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(instant.atOffset(ZoneOffset.ofHours(hours)));
    assertThat(parse(text)).isEqualTo(seconds * 1_000_000_000L);
  }

  private static long parse(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return IsoTime.parse(utf8, 0, utf8.length);
  }
}
