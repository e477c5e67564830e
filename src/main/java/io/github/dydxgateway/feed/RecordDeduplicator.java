package io.github.dydxgateway.feed;

import com.google.protobuf.Message;
import io.github.dydxgateway.v1.Fill;
import io.github.dydxgateway.v1.TradingReward;
import io.github.dydxgateway.v1.Transfer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Recognises records of an account that the venue sends again, on the same connection or another:
 * fills by their id; transfers and trading rewards, which have none, by their content; positions
 * and balances that are older than one already published by the block of their update. It outlives
 * reconnects. Not thread safe.
 *
 * <p>The venue delivers a failed batch again, of at most 1 MB, and soon after the first time. That
 * is less than 2,000 fills or transfers of all accounts together, so what is remembered of one
 * account covers several batches.
 */
final class RecordDeduplicator {
  private static final int MAX_FILLS = 8192;
  private static final int MAX_OTHERS = 4096;

  private final Set<String> fillIds = RecentMap.set(MAX_FILLS);
  private final Set<Content> contents = RecentMap.set(MAX_OTHERS);

  /** How many records of the same content the present frame has held so far. */
  private final Map<Content, Integer> inFrame = new HashMap<>();

  private final Map<String, Long> heights = new RecentMap<>(MAX_OTHERS);

  /**
   * What a record without an id says.
   *
   * @param occurrence from 1, among the equal ones of one frame; 0 where it is not counted
   */
  private record Content(int subaccountNumber, Message record, int occurrence) {}

  /** Begins with the next frame: equal transfers or rewards within a frame are distinct. */
  void beginFrame() {
    if (!inFrame.isEmpty()) {
      inFrame.clear();
    }
  }

  /** Whether a fill is new; one without an id always is. */
  boolean isNew(Fill fill) {
    return fill.getFillId().isEmpty() || fillIds.add(fill.getFillId());
  }

  /** Whether a transfer is new; one that names neither its transaction nor its block always is. */
  boolean isNew(int subaccountNumber, Transfer transfer) {
    if (transfer.getTransactionHash().isEmpty() && transfer.getBlockHeight() == 0) {
      return true;
    }
    return isNewContent(
        subaccountNumber,
        transfer.getExtraFieldsCount() == 0
            ? transfer
            : transfer.toBuilder().clearExtraFields().build());
  }

  /** Whether a trading reward is new; one without a block always is. */
  boolean isNew(int subaccountNumber, TradingReward reward) {
    if (reward.getBlockHeight() == 0 && reward.getEventTimeNs() == 0) {
      return true;
    }
    return isNewContent(
        subaccountNumber,
        reward.getExtraFieldsCount() == 0 ? reward : reward.toBuilder().clearExtraFields().build());
  }

  private boolean isNewContent(int subaccountNumber, Message record) {
    int occurrence = inFrame.merge(new Content(subaccountNumber, record, 0), 1, Integer::sum);
    return contents.add(new Content(subaccountNumber, record, occurrence));
  }

  /**
   * Whether a position or balance is not older than the last of the same, nor than the venue's
   * state. Those of one block can't be ordered.
   *
   * @param key identifies the position or balance
   * @param height block of its update; 0 if not known
   * @param stateHeight block of the last change that the venue's state holds; 0 if not known
   */
  boolean isCurrent(String key, long height, long stateHeight) {
    if (height == 0) {
      return true;
    }
    if (height < stateHeight) {
      return false;
    }
    Long last = heights.get(key);
    if (last != null && height < last) {
      return false;
    }
    heights.put(key, height);
    return true;
  }
}
