package io.github.dydxgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import org.junit.jupiter.api.Test;

class ConnectionSlotsTest {
  private final ConnectionSlots slots = new ConnectionSlots();

  private void take(Channel channel, int count) {
    for (int i = 0; i < count; i++) {
      assertThat(slots.hasRoom(channel)).isTrue();
      slots.take(channel);
    }
  }

  @Test
  void eachChannelHasTheVenuesLimitOfItsOwn() {
    for (Channel channel : Channel.values()) {
      take(channel, channel.connectionLimit());
      assertThat(slots.hasRoom(channel)).isFalse();
    }
    assertThat(slots.total()).isEqualTo(4 * 32 + 1 + 2 * 256);
  }

  @Test
  void aFreedSlotIsRoom() {
    take(Channel.TRADES, 32);
    slots.free(Channel.TRADES);
    assertThat(slots.hasRoom(Channel.TRADES)).isTrue();
    assertThat(slots.total()).isEqualTo(31);
  }

  @Test
  void aLimitLearnedFromTheVenueHoldsUntilTheNextSession() {
    take(Channel.TRADES, 5);
    assertThat(slots.learnFull(Channel.TRADES)).isTrue();
    slots.free(Channel.TRADES);
    assertThat(slots.hasRoom(Channel.TRADES)).isFalse();
    assertThat(slots.hasRoom(Channel.ORDER_BOOK)).isTrue();
    slots.free(Channel.TRADES);
    assertThat(slots.hasRoom(Channel.TRADES)).isTrue();

    slots.forgetLearnedLimits();
    take(Channel.TRADES, 29);
    assertThat(slots.hasRoom(Channel.TRADES)).isFalse();
  }

  @Test
  void aConnectionThatRefusesItsOnlySubscriptionTeachesNothing() {
    take(Channel.TRADES, 1);
    assertThat(slots.learnFull(Channel.TRADES)).isFalse();
    slots.free(Channel.TRADES);
    assertThat(slots.hasRoom(Channel.TRADES)).isTrue();
  }
}
