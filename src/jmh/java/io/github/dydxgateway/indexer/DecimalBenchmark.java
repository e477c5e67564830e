package io.github.dydxgateway.indexer;

import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A decimal text to fixed point. */
@State(Scope.Thread)
public class DecimalBenchmark {
  /** The text. */
  @Param({"89947", "0.1234", "12345.678901234", "4e-9"})
  public String text;

  private final DecimalParser parser = new DecimalParser();
  private byte[] bytes;

  /** As the reader has it. */
  @Setup
  public void make() {
    bytes = text.getBytes(StandardCharsets.UTF_8);
  }

  /** Reads it. */
  @Benchmark
  public long parse() {
    parser.parse(bytes, 0, bytes.length);
    return parser.unscaled() + parser.scale();
  }
}
