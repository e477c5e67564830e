package io.github.dydxgateway.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** JSON is what Jackson says it is, and says the same; see {@link JsonTranscript}. */
class JsonCursorTest {
  private final JsonCursor cursor = new JsonCursor();

  @Property(tries = 5000)
  void agreesWithJacksonOnJson(@ForAll("json") String json, @ForAll long seed) {
    byte[] bytes = SampleFrames.bytes(json);
    check(bytes, seed);
    assertThat(JsonTranscript.of(cursor, bytes, seed)).isNotEmpty();
  }

  @Property(tries = 10_000)
  void agreesWithJacksonOnFramesWithChangedBytes(
      @ForAll("frames") String frame,
      @ForAll @IntRange(max = 4) int changes,
      @ForAll Random random) {
    check(changed(SampleFrames.bytes(frame), changes, random), random.nextLong());
  }

  @Property(tries = 10_000)
  void agreesWithJacksonOnJsonWithChangedBytes(
      @ForAll("json") String json,
      @ForAll @IntRange(min = 1, max = 3) int changes,
      @ForAll Random random) {
    check(changed(SampleFrames.bytes(json), changes, random), random.nextLong());
  }

  @Property(tries = 10_000)
  void agreesWithJacksonOnAnything(@ForAll("pieces") String text, @ForAll long seed) {
    check(SampleFrames.bytes(text), seed);
  }

  @Property(tries = 2000)
  void agreesWithJacksonOnAnyBytesInAString(@ForAll @Size(max = 30) byte[] bytes) {
    byte[] json = new byte[bytes.length + 4];
    json[0] = '[';
    json[1] = '"';
    System.arraycopy(bytes, 0, json, 2, bytes.length);
    json[bytes.length + 2] = '"';
    json[bytes.length + 3] = ']';
    check(json, 1);
  }

  @Test
  void agreesWithJacksonOnEveryEscapeAndControlCharacter() {
    for (int c = 1; c < 0x80; c++) {
      String letter = String.valueOf((char) c);
      for (String text : List.of(letter, "\\" + letter, "\\u12" + letter + "4", "a\\\\" + letter)) {
        check(SampleFrames.bytes("[\"" + text + "\"]"), 1);
        check(SampleFrames.bytes("{\"" + text + "\":1}"), 1);
      }
    }
  }

  @Test
  void charactersBeyondAsciiAreAsUnicodeHasThem() {
    byte[] json = "[\"abcd\"]".getBytes(StandardCharsets.US_ASCII);
    for (int start = 0; start < 0x10000; start++) {
      json[2] = (byte) (start >> 8);
      json[3] = (byte) start;
      for (int[] rest : new int[][] {{'c', 'd'}, {0x80, 'd'}, {0xBF, 0x80}, {0xC0, 0x80}}) {
        json[4] = (byte) rest[0];
        json[5] = (byte) rest[1];
        if (json[2] < 0 && !JsonTranscript.isUtf8(json)) {
          assertThat(JsonTranscript.of(cursor, json, 1)).isEmpty();
        } else if (json[2] < 0) {
          check(json, 1);
        }
      }
    }
  }

  @Test
  void halfASurrogatePairIsReplaced() {
    byte[] json =
        SampleFrames.bytes("[\"\\ud83d\",\"\\ude00x\",\"\\ud83d\\ude00\",\"\\ud83d\\u0041\"]");
    assertThat(JsonTranscript.of(cursor, json, 1))
        .contains("text \uFFFD", "text \uFFFDx", "text \uD83D\uDE00", "text \uFFFDA");
    check(json, 1);
  }

  @Test
  void halfASurrogatePairInANameIsRefused() {
    for (String name :
        List.of("\\ud83d", "\\ude00", "a\\ud83dx", "\\ude00\\ud83d", "\\ud83d\\ude00")) {
      byte[] json = SampleFrames.bytes("{\"" + name + "\":[]}");
      for (int seed = 0; seed < 10; seed++) {
        check(json, seed);
      }
    }
  }

  @Test
  void nestsAsDeepAsItMayAndNoDeeper() {
    for (String[] part : new String[][] {{"[", "]"}, {"{\"a\":", "}"}, {"[{\"a\":[", "]}]"}}) {
      for (int times = 1; times < 70; times++) {
        byte[] json = SampleFrames.bytes(part[0].repeat(times) + 1 + part[1].repeat(times));
        check(json, times);
        check(json, -times);
      }
    }
  }

  @Test
  void namesAreReadUpToTheLimit() {
    for (String name :
        List.of("n".repeat(4096), "é".repeat(2048), "\\u0061".repeat(682) + "abcd")) {
      check(SampleFrames.bytes("{\"" + name + "\":1}"), 1);
      assertThat(JsonTranscript.of(cursor, SampleFrames.bytes("{\"" + name + "x\":1}"), 1))
          .isNull();
    }
  }

  @Test
  void aNameIsNotTakenForAnotherThatItLooksLikeInBytes() {
    // The cursor expects the names of the first again.
    for (String json :
        List.of(
            "[{\"a\\\"b\":1,\"c\":2}]",
            "[{\"a\"b\":1,\"c\":2}]",
            "[{\"c\":1,\"id\":2,\"idx\":3}]",
            "[{\"c\":1,\"idx\":2,\"id\":3}]",
            "[{\"c\":1,\"i\":2,\"\":3}]",
            "[{\"c\":1,\"eightlet\":2,\"sixteen_letters_\":3,\"seventeen_letters\":4}]",
            "[{\"c\":1,\"eightlex\":2,\"sixteen_lexters_\":3,\"seventeex_letters\":4}]")) {
      for (int times = 0; times < 3; times++) {
        check(SampleFrames.bytes(json), 1);
      }
    }
  }

  @Test
  void longTextsAreSkippedButNotRead() throws IOException {
    String longest = "x".repeat(JsonBytes.MAX_TEXT);
    check(SampleFrames.bytes("[\"" + longest + "\"]"), 1);
    byte[] longer = SampleFrames.bytes("\"" + longest + "x\"");
    cursor.open(longer, 0, longer.length);
    assertThatThrownBy(cursor::text).hasMessageContaining("at most 1048576 bytes, got 1048577");
    cursor.skip();
    cursor.expectEnd();
  }

  private void check(byte[] bytes, long seed) {
    List<String> transcript = JsonTranscript.of(cursor, bytes, seed);
    if (transcript != null) {
      assertThat(transcript)
          .as(() -> new String(bytes, StandardCharsets.ISO_8859_1))
          .isEqualTo(JsonTranscript.expected(bytes, seed));
    }
  }

  private static byte[] changed(byte[] json, int changes, Random random) {
    byte[] likely = SampleFrames.bytes("{}[]\",:0-+eE.\\/ubn\n\t 19tfn\u00e9");
    for (int i = 0; i < changes; i++) {
      json[random.nextInt(json.length)] =
          random.nextBoolean() ? likely[random.nextInt(likely.length)] : (byte) random.nextInt(256);
    }
    return json;
  }

  @Provide
  static Arbitrary<String> frames() {
    return Arbitraries.of(SampleFrames.ALL).map(SampleFrames::json);
  }

  @Provide
  static Arbitrary<String> json() {
    Arbitrary<String> leaf = Arbitraries.oneOf(literals(), strings(), numbers());
    Arbitrary<String> value = leaf;
    for (int depth = 0; depth < 3; depth++) {
      value = Arbitraries.oneOf(leaf, arrays(value), objects(value));
    }
    return Combinators.combine(spaces(), value, spaces()).as((a, v, b) -> a + v + b);
  }

  private static Arbitrary<String> literals() {
    return Arbitraries.of("null", "true", "false", "{}", "[]", "[ ]", "{\n}");
  }

  private static Arbitrary<String> spaces() {
    return Arbitraries.of("", "", "", "", " ", "\n", "\r\n", "\t ", "   ");
  }

  private static Arbitrary<String> strings() {
    return Arbitraries.of(
            "a",
            "id",
            "BTC-USD",
            "some longer text",
            " ",
            "é",
            "€",
            "😀",
            "\u007f",
            "\\n",
            "\\\"",
            "\\\\",
            "\\/",
            "\\u00e9",
            "\\u0000",
            "\\uD83D\\uDE00",
            "\\ud83d",
            "\\ude00")
        .list()
        .ofMaxSize(6)
        .map(parts -> "\"" + String.join("", parts) + "\"");
  }

  private static Arbitrary<String> names() {
    // Half a pair is refused in a name.
    return strings().filter(name -> !name.matches(".*\\\\u[dD][8ef].*"));
  }

  private static Arbitrary<String> numbers() {
    Arbitrary<String> whole = Arbitraries.of("0", "-0", "1", "-12", "123456789012345678901234");
    Arbitrary<String> fraction = Arbitraries.of("", "", ".0", ".5", ".000100");
    Arbitrary<String> exponent = Arbitraries.of("", "", "e1", "E-10", "e+05");
    return Combinators.combine(whole, fraction, exponent).as((w, f, e) -> w + f + e);
  }

  private static Arbitrary<String> arrays(Arbitrary<String> element) {
    return joined(element, "[", "]");
  }

  private static Arbitrary<String> objects(Arbitrary<String> value) {
    return joined(
        Combinators.combine(names(), spaces(), spaces(), value)
            .as((name, before, after, v) -> name + before + ":" + after + v),
        "{",
        "}");
  }

  private static Arbitrary<String> joined(Arbitrary<String> part, String open, String close) {
    return Combinators.combine(spaces(), part, spaces())
        .as((before, p, after) -> before + p + after)
        .list()
        .ofMaxSize(4)
        .map(parts -> open + String.join(",", parts) + close);
  }

  @Provide
  static Arbitrary<String> pieces() {
    return Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\"a\"",
            "\"id\":",
            "\"a\\n\":",
            "null",
            "true",
            "nul",
            "1",
            "0",
            "-",
            "1.5",
            ".",
            "e5",
            "\\",
            "\\u00",
            "\u0001",
            "\u001e",
            "/",
            "#",
            "é",
            " ",
            "\n",
            "NaN",
            "'",
            "\ufeff",
            "\u00a0")
        .list()
        .ofMaxSize(14)
        .map(parts -> String.join("", parts));
  }
}
