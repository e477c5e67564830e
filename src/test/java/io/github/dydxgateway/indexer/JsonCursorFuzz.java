package io.github.dydxgateway.indexer;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;

/** Any bytes against Jackson; see {@link JsonTranscript}. */
class JsonCursorFuzz {
  private final JsonCursor cursor = new JsonCursor();

  @FuzzTest
  void anyBytesAreReadAsByJackson(byte[] json) {
    for (long seed = 0; seed < 2; seed++) {
      List<String> transcript = JsonTranscript.of(cursor, json, seed);
      List<String> expected = JsonTranscript.expected(json, seed);
      if (transcript != null && !transcript.equals(expected)) {
        throw new AssertionError("expected " + expected + ", got " + transcript);
      }
    }
  }
}
