package io.github.dydxgateway.stream.state;

import io.github.dydxgateway.v1.BlockHeight;
import io.github.dydxgateway.v1.Event;
import java.util.List;

/** The last block. */
public final class BlockHeightState extends TopicState {
  private BlockHeight last = BlockHeight.getDefaultInstance();

  BlockHeightState() {}

  /**
   * Sets the last block.
   *
   * @param receiveTimeNs when its frame arrived, nanoseconds since the Unix epoch
   */
  public void set(BlockHeight block, long receiveTimeNs) {
    last = block;
    applied(receiveTimeNs);
  }

  @Override
  protected void clear() {
    last = BlockHeight.getDefaultInstance();
  }

  @Override
  protected boolean fold(Event event) {
    if (!event.hasBlockHeight()) {
      return false;
    }
    last = event.getBlockHeight();
    return true;
  }

  @Override
  protected List<Event.Builder> payloads(int maxBytes) {
    return List.of(Event.newBuilder().setBlockHeight(last));
  }
}
