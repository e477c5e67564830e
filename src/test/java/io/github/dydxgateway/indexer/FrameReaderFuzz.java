package io.github.dydxgateway.indexer;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.dydxgateway.testing.AllocationBudget;
import java.util.Arrays;

/**
 * Any bytes are a frame or malformed, wherever in the buffer they stand; they stay as they are,
 * cost memory by their length only, and do the next frame no harm.
 */
class FrameReaderFuzz {
  private static final AllocationBudget BUDGET = new AllocationBudget(64 << 10, 200);
  private static final byte[] NEXT =
      SampleFrames.bytes(SampleFrames.json(SampleFrames.TRADES_STATE));

  private final FrameReader reader = new FrameReader();

  @FuzzTest
  void anyBytesAreAFrameOrMalformed(byte[] frame) throws MalformedFrameException {
    byte[] before = frame.clone();
    String[] outcome = new String[1];
    BUDGET.check(frame.length, () -> outcome[0] = read(frame, 0, frame.length));
    require(Arrays.equals(before, frame), "the buffer was changed");

    byte[] buffer = new byte[frame.length + 7];
    Arrays.fill(buffer, (byte) '"');
    System.arraycopy(frame, 0, buffer, 3, frame.length);
    String elsewhere = read(buffer, 3, frame.length);
    require(outcome[0].equals(elsewhere), outcome[0] + " became " + elsewhere);

    require(
        reader.read(NEXT, 0, NEXT.length) instanceof IndexerFrame.Subscribed subscribed
            && subscribed.messageId() == 42
            && ((ChannelContents.Trades) subscribed.contents()).trades().size() == 2,
        "the next frame is not read as it should be");
  }

  private String read(byte[] buffer, int offset, int length) {
    try {
      IndexerFrame frame = reader.read(buffer, offset, length);
      return frame.getClass().getSimpleName() + " " + frame.messageId();
    } catch (MalformedFrameException e) {
      require(!e.getMessage().startsWith("the reader failed"), e.getMessage());
      return "malformed " + e.channelId() + " " + e.messageId();
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
