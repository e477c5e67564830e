package io.github.dydxgateway.feed;

import com.google.protobuf.CodedOutputStream;
import io.github.dydxgateway.instrument.InstrumentId;
import java.io.IOException;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A book's change from its levels to its bytes. */
@State(Scope.Thread)
public class DeltaPayloadBenchmark {
  private static final InstrumentId ID = new InstrumentId("BTC-USD");

  /** Levels changed. */
  @Param({"1", "4", "200"})
  public int levels;

  private final DeltaPayload delta = new DeltaPayload();
  private long size;

  /** Fills and writes it. */
  @Benchmark
  public byte[] encode() throws IOException {
    size++;
    delta.begin(ID, 0, 4, Map.of());
    for (int i = 0; i < levels; i++) {
      delta.bids().add(89_947 - i, size);
    }
    byte[] bytes = new byte[delta.serializedSize()];
    delta.writeTo(CodedOutputStream.newInstance(bytes));
    return bytes;
  }
}
