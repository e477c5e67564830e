package io.github.dydxgateway.feed;

import static io.github.dydxgateway.testing.Topics.blockHeight;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.FakeVenue;
import io.github.dydxgateway.testing.RecordingClient;
import io.github.dydxgateway.testing.TestGateway;
import io.github.dydxgateway.v1.BlockHeight;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockHeightFeedTest {
  private final TestGateway gateway = TestGateway.started();
  private final FakeVenue venue = gateway.venue();
  private final RecordingClient client = gateway.client(blockHeight());

  @Test
  void heightsRiseAndComeOnce() {
    initialState(10);
    update(11);
    update(11);
    update(10);
    update(12);
    assertThat(client.story())
        .containsExactly("PENDING", "LIVE", "block 10", "block 11", "block 12");
  }

  @Test
  void heightsThatRepeatOrStepBackAreCounted() {
    initialState(10);
    update(11);
    venue.batch(
        Channel.BLOCK_HEIGHT,
        "",
        "{'blockHeight':'11'}",
        "{'blockHeight':'9'}",
        "{'blockHeight':'12'}");
    interrupt();
    initialState(11);
    update(12);
    update(13);
    assertThat(client.story())
        .containsExactly(
            "PENDING",
            "LIVE",
            "block 10",
            "block 11",
            "block 12",
            "RECOVERING: connection lost",
            "LIVE",
            "block 13");
    assertThat(gateway.feedCounters().repeatedRecords(Channel.BLOCK_HEIGHT)).isEqualTo(3);
  }

  @Test
  void everyFieldArrives() {
    initialState(10);
    assertThat(client.take().get(2).getBlockHeight())
        .isEqualTo(
            BlockHeight.newBuilder().setHeight(10).setBlockTimeNs(1680635364869000000L).build());
  }

  @Test
  void aBatchGivesEachBlock() {
    initialState(10);
    venue.batch(Channel.BLOCK_HEIGHT, "", "{'blockHeight':'11'}", "{'blockHeight':'12'}");
    assertThat(client.story())
        .containsExactly("PENDING", "LIVE", "block 10", "block 11", "block 12");
  }

  @Test
  void aLateJoinerGetsTheLast() {
    initialState(10);
    update(11);
    assertThat(gateway.client(blockHeight()).story()).containsExactly("LIVE", "block 11");
  }

  @Test
  void blocksMissedDuringAnInterruptionAreAnnounced() {
    initialState(10);
    client.take();
    interrupt();
    initialState(15);
    assertThat(client.story())
        .containsExactly("RECOVERING: connection lost", "LIVE", "gap UPSTREAM_LOSS", "block 15");
  }

  @Test
  void anInterruptionThatMissedNothingAnnouncesNothing() {
    initialState(10);
    client.take();
    interrupt();
    initialState(10);
    interrupt();
    initialState(11);
    assertThat(client.story())
        .containsExactly(
            "RECOVERING: connection lost",
            "LIVE",
            "RECOVERING: connection lost",
            "LIVE",
            "block 11");
  }

  @Test
  void aMalformedBlockIsAnnounced() {
    initialState(10);
    client.take();
    venue.update(Channel.BLOCK_HEIGHT, "", "{'blockHeight':'tall'}");
    assertThat(client.story()).containsExactly("gap UPSTREAM_LOSS");
  }

  @Test
  void aSingleWrongHeightIsNotPublishedAndAStateIsAskedFor() {
    for (long wrong : new long[] {Long.MAX_VALUE, 6_001, 3}) {
      TestGateway each = TestGateway.started();
      RecordingClient blocks = each.client(blockHeight());
      String update = "{'blockHeight':'%d'}";
      each.venue().initialState(Channel.BLOCK_HEIGHT, "", "{'height':'5000'}");
      each.venue().takeResyncs();
      each.venue().update(Channel.BLOCK_HEIGHT, "", update.formatted(wrong));
      assertThat(each.venue().takeResyncs())
          .containsExactly("v4_block_height: its height is far from the last one");
      each.venue().update(Channel.BLOCK_HEIGHT, "", update.formatted(5001));
      assertThat(blocks.story()).containsExactly("PENDING", "LIVE", "block 5000", "block 5001");
    }
  }

  @Test
  void aStateFarBelowTheLastHeightIsThatOfANewChain() {
    initialState(5000);
    client.take();
    interrupt();
    initialState(7);
    update(8);
    assertThat(client.story())
        .containsExactly(
            "RECOVERING: connection lost", "LIVE", "gap UPSTREAM_LOSS", "block 7", "block 8");
  }

  @Test
  void aWrongHeightInAStateDoesNotSilenceTheTopic() {
    initialState(Long.MAX_VALUE);
    update(5000);
    interrupt();
    initialState(5001);
    update(5002);
    assertThat(client.story()).endsWith("gap UPSTREAM_LOSS", "block 5001", "block 5002");
  }

  @Test
  void aNewChainIsFollowedWithTwoConnectionsToo() {
    TestGateway two = new TestGateway(new PrivateAccounts(List.of()), 2);
    RecordingClient blocks = two.client(blockHeight());
    for (int copy = 0; copy < 2; copy++) {
      two.venue().copy(copy).initialState(Channel.BLOCK_HEIGHT, "", "{'height':'5000'}");
    }
    blocks.take();
    for (int copy = 0; copy < 2; copy++) {
      two.venue().copy(copy).interrupt(Channel.BLOCK_HEIGHT, "", "connection lost");
      two.venue().copy(copy).initialState(Channel.BLOCK_HEIGHT, "", "{'height':'7'}");
    }
    two.venue().copy(0).initialState(Channel.BLOCK_HEIGHT, "", "{'height':'8'}");
    assertThat(blocks.story()).endsWith("LIVE", "gap UPSTREAM_LOSS", "block 7", "block 8");
  }

  @Test
  void aWrongHeightEndsNoOrder() {
    for (int lines = 1; lines <= 2; lines++) {
      TestAccount account = TestAccount.subaccount(lines).live();
      account.firstBlock(1000);
      account.update(
          "{'orders':[{'id':'o','clientId':'1','orderFlags':'0','status':'OPEN',"
              + "'goodTilBlock':'1010'}],'blockHeight':'1001'}");
      account.block(Long.MAX_VALUE);
      account.block(1002);
      assertThat(account.late().getOrdersCount()).isEqualTo(1);
      account.block(1020);
      assertThat(account.late().getOrdersCount()).isZero();
    }
  }

  private void initialState(long height) {
    venue.initialState(
        Channel.BLOCK_HEIGHT, "", "{'height':'" + height + "','time':'2023-04-04T19:09:24.869Z'}");
  }

  private void update(long height) {
    venue.update(
        Channel.BLOCK_HEIGHT,
        "",
        "{'blockHeight':'" + height + "','time':'2023-04-04T19:09:25.869Z'}");
  }

  private void interrupt() {
    venue.interrupt(Channel.BLOCK_HEIGHT, "", "connection lost");
  }
}
