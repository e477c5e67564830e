package io.github.dydxgateway.indexer;

import java.io.IOException;

/** Price or size of the level being read, or what is wrong with it. Not thread safe. */
final class LevelNumber {
  private final DecimalParser parser = new DecimalParser();
  private final String name;
  private final String missing;
  private String problem;

  LevelNumber(String name) {
    this.name = name;
    this.missing = name + " is missing";
    this.problem = missing;
  }

  void clear() {
    problem = missing;
  }

  void read(JsonCursor in) throws IOException {
    if (in.isNull()) {
      problem = missing;
      return;
    }
    DecimalParser.Outcome outcome =
        in.isText()
            ? parser.parse(in.textBytes(), in.textOffset(), in.textLength())
            : DecimalParser.Outcome.NOT_A_NUMBER;
    problem =
        switch (outcome) {
          case NUMBER -> parser.unscaled() < 0 ? expected("at least 0", in) : null;
          case NOT_A_NUMBER -> expected("to be a decimal", in);
          case DOES_NOT_FIT -> expected("to fit 64 bits", in);
        };
  }

  private String expected(String what, JsonCursor in) throws IOException {
    return name + " expected " + what + ", got " + in.excerpt();
  }

  /** What is wrong, for a person; null if nothing. */
  String problem() {
    return problem;
  }

  long unscaled() {
    return parser.unscaled();
  }

  int scale() {
    return parser.scale();
  }
}
