package io.github.dydxgateway.feed;

import static io.github.dydxgateway.testing.GatewayClient.blockHeight;
import static io.github.dydxgateway.testing.GatewayClient.subaccount;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.testing.FakeVenue;
import io.github.dydxgateway.testing.TestGateway;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which subscriptions are said to be silent. */
class SilentFeedsTest {
  private static final String ADDRESS = "dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4";
  private static final Duration LEAST = Duration.ofSeconds(60);

  private final TestGateway gateway =
      new TestGateway(
          new PrivateAccounts(List.of(new PrivateAccounts.Account(ADDRESS, Set.of(), ""))));
  private final FakeVenue venue = gateway.venue();

  private List<ChannelId> silentAfter(Duration quiet) {
    return gateway.feeds().silent(System.nanoTime() + quiet.toNanos(), LEAST);
  }

  private void blocks(int count) {
    gateway.client(blockHeight());
    venue.initialState(Channel.BLOCK_HEIGHT, "", "{'height':'1'}");
    for (int i = 2; i < 2 + count; i++) {
      venue.update(Channel.BLOCK_HEIGHT, "", "{'blockHeight':'" + i + "'}");
    }
  }

  @Test
  void aChannelThatUsedToTickAndTicksNoMoreIsSilent() {
    blocks(30);
    assertThat(silentAfter(Duration.ofSeconds(10))).isEmpty();
    assertThat(silentAfter(Duration.ofMinutes(2)))
        .containsExactly(ChannelId.of(Channel.BLOCK_HEIGHT));
  }

  @Test
  void oneThatIsInterruptedIsNotLiveAndSoNotSilent() {
    blocks(30);
    venue.interrupt(Channel.BLOCK_HEIGHT, "", "connection lost");
    assertThat(silentAfter(Duration.ofMinutes(2))).isEmpty();
  }

  @Test
  void anAccountMayRest() {
    gateway.client(subaccount(ADDRESS, 0));
    venue.initialState(Channel.SUBACCOUNTS, ADDRESS + "/0", "{}");
    for (int i = 0; i < 50; i++) {
      venue.update(Channel.SUBACCOUNTS, ADDRESS + "/0", "{'blockHeight':'" + i + "'}");
    }
    assertThat(silentAfter(Duration.ofDays(1))).isEmpty();
  }
}
