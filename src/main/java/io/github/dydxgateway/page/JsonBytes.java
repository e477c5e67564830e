package io.github.dydxgateway.page;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes JSON to bytes. 64-bit numbers are written as text: a browser's numbers end at 2^53. */
final class JsonBytes {
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonBytes() {}

  static byte[] write(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      body.writeTo(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static void signed(JsonGenerator json, String name, long value) throws IOException {
    json.writeStringField(name, Long.toString(value));
  }

  static void unsigned(JsonGenerator json, String name, long value) throws IOException {
    json.writeStringField(name, Long.toUnsignedString(value));
  }

  /** What to write. */
  @FunctionalInterface
  interface Body {
    /** Writes one value. */
    void writeTo(JsonGenerator json) throws IOException;
  }
}
