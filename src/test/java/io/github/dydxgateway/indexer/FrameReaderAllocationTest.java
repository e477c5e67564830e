package io.github.dydxgateway.indexer;

import io.github.dydxgateway.testing.AllocationBudget;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hostile frames cost memory by their length only. Measured, garbage included: 290 bytes for each
 * byte of times that look like one but are none, as each costs an exception, which is as large as
 * the stack is deep; 110 of records that are none, at most 75 of anything else.
 */
class FrameReaderAllocationTest {
  private static final AllocationBudget BUDGET = new AllocationBudget(64 << 10, 500);

  private final FrameReader reader = new FrameReader();

  @ParameterizedTest(name = "{0} times {1}")
  @MethodSource("frames")
  void memoryIsBoundedByTheLengthOfAFrame(String part, int times, String json) {
    byte[] frame = SampleFrames.bytes(json);
    BUDGET.check(frame.length, () -> read(frame));
  }

  private void read(byte[] frame) {
    try {
      reader.read(frame, 0, frame.length);
    } catch (MalformedFrameException e) {
      // As good an answer as a frame.
    }
  }

  static Stream<Arguments> frames() {
    return Stream.of(50, 20_000, 100_000)
        .flatMap(
            times ->
                Stream.of(
                    orders("{}", times),
                    orders("5", times),
                    orders("{\"size\":1e150}", times),
                    inOneOrder("\"size\":[]", times),
                    inOneOrder("\"size\":1e99", times),
                    inOneOrder("\"updatedAt\":\"2\"", times),
                    inOneOrder("\"updatedAt\":\"2025-12-08T16:11:99Z\"", times),
                    inOneOrder("\"new\":1", times),
                    of("v4_subaccounts", "{\"fills\":[%s]}", "{\"eventId\":{\"data\":[]}}", times),
                    of("v4_trades", "{\"trades\":[%s]}", "{}", times),
                    of("v4_trades", "{\"trades\":[{%s}]}", "\"id\":\"\\ud83d\"", times),
                    of("v4_orderbook", "{\"bids\":[%s]}", "[]", times),
                    of("v4_orderbook", "{\"bids\":[%s]}", "[[],[]]", times),
                    of("v4_orderbook", "{\"bids\":[[%s]]}", "1e999999999", times),
                    of("v4_markets", "{\"trading\":{%s}}", "\"\":{}", times),
                    of("v4_markets", "{\"oraclePrices\":{%s}}", "\"\":{}", times),
                    Arguments.of("digits", times, "{\"message_id\":" + "9".repeat(times) + "}"),
                    Arguments.of("nesting", times, "{\"contents\":" + "[".repeat(times)),
                    Arguments.of(
                        "escapes",
                        times,
                        "{\"type\":\"error\",\"message\":\"" + "\\u0000".repeat(times) + "\"}")));
  }

  private static Arguments orders(String part, int times) {
    return of("v4_subaccounts", "{\"orders\":[%s]}", part, times);
  }

  private static Arguments inOneOrder(String part, int times) {
    return of("v4_subaccounts", "{\"orders\":[{%s}]}", part, times);
  }

  private static Arguments of(String channel, String contents, String part, int times) {
    String parts = (part + ",").repeat(times - 1) + part;
    return Arguments.of(
        part,
        times,
        SampleFrames.json(
            SampleFrames.channelFrame("channel_data", channel, "ID", contents.formatted(parts))));
  }
}
