package io.github.dydxgateway.indexer;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.dydxgateway.testing.AllocationBudget;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The first byte says which channel the frame's field names, if any; the rest is the text. */
class ErrorTextFuzz {
  private static final AllocationBudget BUDGET = new AllocationBudget(8 << 10, 16);
  private static final int LONGEST_MESSAGE = 500;

  @FuzzTest
  void anyTextIsUnderstood(byte[] input) {
    if (input.length == 0) {
      return;
    }
    int choice = Math.floorMod(input[0], 2 * Channel.values().length + 1);
    Channel field = choice == 0 ? null : Channel.values()[(choice - 1) / 2];
    String id = choice % 2 == 0 ? null : "BTC-USD";
    String text = new String(Arrays.copyOfRange(input, 1, input.length), StandardCharsets.UTF_8);
    IndexerError[] result = new IndexerError[1];
    BUDGET.check(input.length, () -> result[0] = ErrorText.understand(text, field, id));
    IndexerError error = result[0];
    require(error.kind() != null, error);
    require(text.startsWith(error.message()), error);
    require(error.message().length() == Math.min(text.length(), LONGEST_MESSAGE), error);
    require(field == null || error.channel() == field, error);
    if (error.channel() != null && !error.channel().hasId()) {
      require(error.id().isEmpty(), error);
    } else if (id != null) {
      require(error.id().equals(id), error);
    } else if (error.id() != null) {
      require(!error.id().isEmpty() && text.contains(error.id()), error);
    }
  }

  private static void require(boolean holds, IndexerError error) {
    if (!holds) {
      throw new AssertionError(error);
    }
  }
}
