package io.github.dydxgateway.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class FrameReaderPropertiesTest {
  private final FrameReader reader = new FrameReader();

  @Property(tries = 2000)
  void theOrderOfFieldsMakesNoDifference(
      @ForAll("frames") Map<String, String> frame, @ForAll Random random)
      throws MalformedFrameException {
    List<String> names = new ArrayList<>(frame.keySet());
    Collections.shuffle(names, random);
    Map<String, String> shuffled = new LinkedHashMap<>();
    names.forEach(name -> shuffled.put(name, frame.get(name)));
    assertThat(read(SampleFrames.json(shuffled)))
        .usingRecursiveComparison()
        .isEqualTo(read(SampleFrames.json(frame)));
  }

  @Property(tries = 500)
  void unknownFieldsOfAFrameMakeNoDifference(
      @ForAll("frames") Map<String, String> frame, @ForAll("json") String value)
      throws MalformedFrameException {
    assertThat(read("{\"new\":" + value + "," + SampleFrames.json(frame).substring(1)))
        .usingRecursiveComparison()
        .isEqualTo(read(SampleFrames.json(frame)));
  }

  @Property(tries = 500)
  void whatStandsAroundAFrameInTheBufferMakesNoDifference(
      @ForAll("frames") Map<String, String> frame,
      @ForAll @Size(max = 9) byte[] before,
      @ForAll @Size(max = 9) byte[] after)
      throws MalformedFrameException {
    byte[] bytes = SampleFrames.bytes(SampleFrames.json(frame));
    byte[] buffer = new byte[before.length + bytes.length + after.length];
    System.arraycopy(before, 0, buffer, 0, before.length);
    System.arraycopy(bytes, 0, buffer, before.length, bytes.length);
    System.arraycopy(after, 0, buffer, before.length + bytes.length, after.length);
    assertThat(reader.read(buffer, before.length, bytes.length))
        .usingRecursiveComparison()
        .isEqualTo(read(SampleFrames.json(frame)));
  }

  @Property(tries = 5000)
  void anyBytesAreAFrameOrMalformed(@ForAll @Size(max = 60) byte[] bytes) {
    readAnything(bytes);
  }

  @Property(tries = 5000)
  void anyJsonLikeTextIsAFrameOrMalformed(@ForAll("jsonLike") String text) {
    readAnything(SampleFrames.bytes(text));
  }

  @Property(tries = 5000)
  void aTruncatedFrameIsMalformed(
      @ForAll("frames") Map<String, String> frame, @ForAll @IntRange(max = 5000) int cut) {
    byte[] bytes = SampleFrames.bytes(SampleFrames.json(frame));
    byte[] truncated = Arrays.copyOf(bytes, cut % bytes.length);
    assertThat(readAnything(truncated)).isNull();
  }

  @Property(tries = 20_000)
  void aFrameWithChangedBytesIsAFrameOrMalformed(
      @ForAll("frames") Map<String, String> frame,
      @ForAll @IntRange(min = 1, max = 4) int changes,
      @ForAll Random random) {
    byte[] bytes = SampleFrames.bytes(SampleFrames.json(frame));
    byte[] likely = SampleFrames.bytes("{}[]\",:0-e.\\n \u00e9");
    for (int i = 0; i < changes; i++) {
      bytes[random.nextInt(bytes.length)] =
          random.nextBoolean() ? likely[random.nextInt(likely.length)] : (byte) random.nextInt(256);
    }
    readAnything(bytes);
  }

  @Property(tries = 20_000)
  void aFrameWithAnotherValueSomewhereIsAFrameOrNamesWhatIsLost(
      @ForAll("frames") Map<String, String> frame,
      @ForAll("json") String value,
      @ForAll Random random) {
    String contents = frame.get("contents");
    if (contents == null) {
      return;
    }
    String changed = replaceOneValue(contents, value, random);
    String json = SampleFrames.json(SampleFrames.with(frame, "contents", changed));
    try {
      read(json);
    } catch (MalformedFrameException e) {
      assertThat(e.getMessage()).startsWith("expected");
      assertThat(e.messageId()).isEqualTo(42);
      assertThat(e.channelId()).isNotNull();
      assertThat(e.channelId().channel().wireName())
          .isEqualTo(frame.get("channel").replace("\"", ""));
    }
  }

  /** Replaces one string, number, object or array; what results is JSON if the value is. */
  private static String replaceOneValue(String json, String value, Random random) {
    List<int[]> values = new ArrayList<>();
    collectValues(json, 0, values);
    int[] range = values.get(random.nextInt(values.size()));
    return json.substring(0, range[0]) + value + json.substring(range[1]);
  }

  /** Collects begin and end of the value at the index and of all within it; returns its end. */
  private static int collectValues(String json, int begin, List<int[]> values) {
    int at = begin;
    while (Character.isWhitespace(json.charAt(at))) {
      at++;
    }
    int start = at;
    char first = json.charAt(at);
    if (first == '{' || first == '[') {
      at++;
      while (true) {
        while (Character.isWhitespace(json.charAt(at)) || json.charAt(at) == ',') {
          at++;
        }
        if (json.charAt(at) == '}' || json.charAt(at) == ']') {
          at++;
          break;
        }
        if (first == '{') {
          at = json.indexOf('"', at + 1) + 2;
        }
        at = collectValues(json, at, values);
      }
    } else if (first == '"') {
      at = json.indexOf('"', at + 1) + 1;
    } else {
      while (at < json.length() && ",]} \n".indexOf(json.charAt(at)) < 0) {
        at++;
      }
    }
    values.add(new int[] {start, at});
    return at;
  }

  /** The frame, null where it is malformed; anything else fails. */
  private IndexerFrame readAnything(byte[] bytes) {
    try {
      return reader.read(bytes, 0, bytes.length);
    } catch (MalformedFrameException e) {
      if (e.getMessage().startsWith("the reader failed")) {
        fail(e.getMessage());
      }
      return null;
    }
  }

  private IndexerFrame read(String json) throws MalformedFrameException {
    byte[] bytes = SampleFrames.bytes(json);
    return reader.read(bytes, 0, bytes.length);
  }

  @Provide
  static Arbitrary<Map<String, String>> frames() {
    return Arbitraries.of(SampleFrames.ALL);
  }

  @Provide
  static Arbitrary<String> jsonLike() {
    return Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "null",
            "1",
            "-",
            "\"type\":",
            "\"channel\":",
            "\"v4_trades\"",
            "\"v4_orderbook\"",
            "\"subscribed\"",
            "\"channel_data\"",
            "\"id\":",
            "\"contents\":",
            "\"trades\":",
            "\"bids\":",
            "\\",
            "\u0000",
            "é",
            " ")
        .list()
        .ofMaxSize(25)
        .map(parts -> "{" + String.join("", parts));
  }

  @Provide
  static Arbitrary<String> json() {
    return Arbitraries.of(
        "null",
        "true",
        "0",
        "-1.5e3",
        "1e999999999",
        "123456789012345678901234567890",
        "1".repeat(1000),
        "\"\"",
        "\"abc\"",
        "\"-5\"",
        "\"1e999999999\"",
        "\"\\u00e9\\n\"",
        "{}",
        "[]",
        "[[[[{}]]]]",
        "[null]",
        "[\"1\"]",
        "{\"a\":{\"b\":[1, 2]}}",
        "{\"price\":null}");
  }
}
