package io.github.dydxgateway.feed;

import static io.github.dydxgateway.testing.Topics.blockHeight;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.FakeVenue;
import io.github.dydxgateway.testing.RecordingClient;
import io.github.dydxgateway.testing.TestGateway;
import io.github.dydxgateway.v1.BlockHeight;
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
        .containsExactly("PENDING", "LIVE", "1 block 10", "2 block 11", "3 block 12");
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
            "1 block 10",
            "2 block 11",
            "3 block 12",
            "RECOVERING: connection lost",
            "LIVE",
            "4 block 13");
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
        .containsExactly("PENDING", "LIVE", "1 block 10", "2 block 11", "3 block 12");
  }

  @Test
  void aLateJoinerGetsTheLast() {
    initialState(10);
    update(11);
    assertThat(gateway.client(blockHeight()).story()).containsExactly("LIVE", "2 block 11");
  }

  @Test
  void blocksMissedDuringAnInterruptionAreAnnounced() {
    initialState(10);
    client.take();
    interrupt();
    initialState(15);
    assertThat(client.story())
        .containsExactly(
            "RECOVERING: connection lost", "LIVE", "gap 2 UPSTREAM_LOSS", "3 block 15");
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
            "2 block 11");
  }

  @Test
  void aMalformedBlockIsAnnounced() {
    initialState(10);
    client.take();
    venue.update(Channel.BLOCK_HEIGHT, "", "{'blockHeight':'tall'}");
    assertThat(client.story()).containsExactly("gap 2 UPSTREAM_LOSS");
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
