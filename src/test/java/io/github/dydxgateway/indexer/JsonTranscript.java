package io.github.dydxgateway.indexer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What {@link JsonCursor} and Jackson make of the same bytes: names, texts and the exact JSON of
 * each value, or nothing where they refuse them. Some objects and arrays are skipped, the same by
 * both.
 *
 * <p>Told apart on purpose: Jackson takes UTF-8 that is longer than need be, surrogates in UTF-8, a
 * byte order mark, and UTF-16 where zeros hint at it. Of half a surrogate pair as an escape it
 * makes half a pair, the cursor U+FFFD.
 */
final class JsonTranscript {
  private static final int ONE_IN_SO_MANY_SKIPPED = 4;

  private static final JsonFactory JACKSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(JsonCursor.MAX_DEPTH)
                  .maxNameLength(JsonBytes.MAX_TEXT)
                  .maxStringLength(JsonBytes.MAX_TEXT)
                  .maxNumberLength(JsonBytes.MAX_TEXT)
                  .build())
          .build();

  private final List<String> lines = new ArrayList<>();
  private final byte[] bytes;
  private final Random skips;

  private JsonTranscript(byte[] bytes, long seed) {
    this.bytes = bytes;
    this.skips = new Random(seed);
  }

  /** What a cursor, which may have read other JSON before, makes of the bytes. */
  static List<String> of(JsonCursor cursor, byte[] bytes, long seed) {
    byte[] buffer = new byte[bytes.length + 5];
    System.arraycopy(bytes, 0, buffer, 3, bytes.length);
    buffer[bytes.length + 3] = '"';
    JsonTranscript transcript = new JsonTranscript(buffer, seed);
    try {
      cursor.open(buffer, 3, bytes.length);
      transcript.read(cursor);
      cursor.expectEnd();
      return transcript.lines;
    } catch (IOException e) {
      return isOwnLimit(e) ? null : List.of();
    }
  }

  /** Null where the limits, which do not count the same, leave the question open. */
  private static boolean isOwnLimit(IOException e) {
    return e.getMessage().startsWith("expected names of at most")
        || e.getMessage().startsWith("expected at most " + JsonCursor.MAX_ELEMENTS);
  }

  private void read(JsonCursor in) throws IOException {
    int start = in.valueStart();
    if (in.isObject() || in.isArray()) {
      if (skips.nextInt(ONE_IN_SO_MANY_SKIPPED) == 0) {
        lines.add("skipped " + in.json());
      } else if (in.isObject()) {
        for (String name = in.nextField(); name != null; name = in.nextField()) {
          lines.add("name " + name);
          read(in);
        }
      } else {
        while (in.nextElement()) {
          read(in);
        }
      }
    } else {
      if (in.isText()) {
        lines.add("text " + in.text());
        lines.add("text " + in.repeatedText());
      }
      lines.add(in.isNull() + " " + in.isTrue() + " " + in.isFalse());
    }
    addJson(start, in.skipToValueEnd());
  }

  /** What Jackson makes of the bytes, but for the differences on purpose. */
  static List<String> expected(byte[] bytes, long seed) {
    if (!isUtf8(bytes) || hasZero(bytes) || (bytes.length > 0 && bytes[0] == (byte) 0xEF)) {
      return List.of();
    }
    JsonTranscript transcript = new JsonTranscript(bytes, seed);
    try (JsonParser parser = JACKSON.createParser(bytes)) {
      if (parser.nextToken() == null) {
        return List.of();
      }
      transcript.read(parser);
      return parser.nextToken() == null ? transcript.lines : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }

  private void read(JsonParser in) throws IOException {
    int start = (int) in.currentTokenLocation().getByteOffset();
    JsonToken token = in.currentToken();
    if (token.isStructStart()) {
      if (skips.nextInt(ONE_IN_SO_MANY_SKIPPED) == 0) {
        in.skipChildren();
        lines.add("skipped " + json(start, (int) in.currentLocation().getByteOffset()));
      } else if (token == JsonToken.START_OBJECT) {
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
          lines.add("name " + name);
          in.nextToken();
          read(in);
        }
      } else {
        while (in.nextToken() != JsonToken.END_ARRAY) {
          read(in);
        }
      }
    } else {
      if (token == JsonToken.VALUE_STRING || token.isNumeric()) {
        String line = "text " + withoutHalfPairs(in.getText());
        lines.add(line);
        lines.add(line);
      }
      lines.add(
          (token == JsonToken.VALUE_NULL)
              + " "
              + (token == JsonToken.VALUE_TRUE)
              + " "
              + (token == JsonToken.VALUE_FALSE));
    }
    in.finishToken();
    int end = (int) in.currentLocation().getByteOffset();
    // Of a number that stands alone Jackson counts a space after it as well.
    addJson(start, token.isNumeric() ? start + in.getTextLength() : end);
  }

  private void addJson(int start, int end) {
    lines.add("json " + json(start, end));
  }

  private String json(int start, int end) {
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }

  private static String withoutHalfPairs(String text) {
    return text.replaceAll("\\p{Cs}", "\uFFFD");
  }

  static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static boolean hasZero(byte[] bytes) {
    for (byte b : bytes) {
      if (b == 0) {
        return true;
      }
    }
    return false;
  }
}
