package io.github.dydxgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelListener.Refusal;
import io.github.dydxgateway.testing.FakeVenue;
import io.github.dydxgateway.testing.Topics;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Order;
import io.github.dydxgateway.v1.OrderStatus;
import io.github.dydxgateway.v1.SubaccountUpdate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long orders stay in the state of an account. */
class OrderExpiryTest {
  private static String order(String flags, String status, String more) {
    return "{'orders':[{'id':'o','clientId':'1','orderFlags':'%s','status':'%s'%s}],%s}"
        .formatted(flags, status, more.isEmpty() ? "" : "," + more, "'blockHeight':'1001'");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 32, BEST_EFFORT_CANCELED",
    "1, 64, BEST_EFFORT_CANCELED",
    "2, 64, BEST_EFFORT_CANCELED",
    "1, 128, BEST_EFFORT_CANCELED",
    "1, 256, BEST_EFFORT_CANCELED",
    "1, 64, OPEN",
    "1, 32, UNTRIGGERED"
  })
  void anOrderThatIsNotShortTermStaysUntilTheVenueEndsIt(int lines, String flags, String status) {
    TestAccount account = TestAccount.subaccount(lines).live();
    account.firstBlock(1000);
    account.update(order(flags, status, "'goodTilBlockTime':'2027-01-01T00:00:00.000Z'"));
    account.block(1100);
    account.update("{'blockHeight':'1200'}");
    account.block(5000);
    assertThat(account.updates()).hasSize(2);
    assertThat(account.late().getOrdersCount()).isEqualTo(1);
    account.update(order(flags, "CANCELED", "'removalReason':'ORDER_REMOVAL_REASON_EXPIRED'"));
    assertThat(account.updates()).hasSize(1);
    assertThat(account.late().getOrdersCount()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"32", "64", "128"})
  void aStatefulOrderNeverEndsByBlock(String flags) {
    TestAccount account = TestAccount.subaccount(1).live();
    account.firstBlock(1000);
    account.update(order(flags, "OPEN", "'goodTilBlock':'1010','price':'5'"));
    account.block(1020);
    assertThat(account.late().getOrdersCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "1, BEST_EFFORT_CANCELED", "2, BEST_EFFORT_CANCELED",
    "1, BEST_EFFORT_OPENED", "2, BEST_EFFORT_OPENED",
    "1, OPEN", "2, OPEN"
  })
  void aShortTermOrderOfAQuietAccountEndsAfterItsLastBlock(int lines, String status) {
    TestAccount account = TestAccount.subaccount(lines).live();
    account.firstBlock(1000);
    account.update(order("0", status, "'goodTilBlock':'1010','price':'5'"));
    account.block(1010);
    assertThat(account.late().getOrdersCount()).isEqualTo(1);
    Event before = account.client().take().get(0);
    account.block(1011);
    account.block(1012);
    assertThat(account.late().getOrdersCount()).isZero();
    assertThat(account.late().getBlockHeight()).isEqualTo(1011);
    Event event = account.client().take().get(0);
    assertThat(event.getSequence()).isEqualTo(before.getSequence() + 1);
    assertThat(event.getReceiveTimeNs()).isGreaterThan(before.getReceiveTimeNs());
    SubaccountUpdate update = event.getSubaccountUpdate();
    assertThat(update.getAddress()).isEqualTo(TestAccount.ADDRESS);
    assertThat(update.getBlockHeight()).isEqualTo(1011);
    Order order = update.getOrders(0);
    assertThat(order.getStatus()).isEqualTo(OrderStatus.ORDER_STATUS_CANCELED);
    assertThat(order.getRemovalReason()).isEqualTo("ORDER_REMOVAL_REASON_EXPIRED");
    assertThat(order.getPrice()).isEqualTo("5");
    assertThat(account.updates()).isEmpty();
  }

  @Test
  void theHeightOfAnUpdateEndsOrdersAfterThoseInItsFrame() {
    TestAccount account = TestAccount.subaccount(1).live();
    account.update(order("0", "OPEN", "'goodTilBlock':'1010'"));
    account.updates();
    account.batch(
        "{'blockHeight':'1011'}",
        "{'orders':[{'id':'o','status':'FILLED','updatedAtHeight':'1010'}],'blockHeight':'1011'}");
    assertThat(account.updates())
        .extracting(SubaccountUpdate::getOrdersCount)
        .containsExactly(0, 1);
    account.update(order("0", "OPEN", "'goodTilBlock':'1020'"));
    account.update("{'blockHeight':'1021'}");
    List<SubaccountUpdate> updates = account.updates();
    assertThat(updates).hasSize(3);
    assertThat(updates.get(2).getOrders(0).getStatus())
        .isEqualTo(OrderStatus.ORDER_STATUS_CANCELED);
  }

  @Test
  void aReplacementStaysForItsOwnBlocks() {
    TestAccount account = TestAccount.subaccount(1).live();
    account.firstBlock(1000);
    account.update(order("0", "BEST_EFFORT_CANCELED", "'goodTilBlock':'1010'"));
    account.update(order("0", "BEST_EFFORT_OPENED", "'goodTilBlock':'1018'"));
    account.block(1018);
    assertThat(account.late().getOrdersCount()).isEqualTo(1);
    account.block(1019);
    assertThat(account.late().getOrdersCount()).isZero();
  }

  @Test
  void aShortTermOrderWhoseLastBlockIsNotKnownEndsWithTheFurthestPossible() {
    TestAccount account = TestAccount.subaccount(1).live();
    account.firstBlock(1000);
    account.update(order("0", "BEST_EFFORT_OPENED", ""));
    account.update("{'blockHeight':'1010'}");
    account.update(order("0", "BEST_EFFORT_CANCELED", "").replace("1001", "1010"));
    account.block(1021);
    assertThat(account.late().getOrdersCount()).isEqualTo(1);
    account.block(1022);
    assertThat(account.late().getOrdersCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void onAQuietAccountTheFurthestLastBlockCountsFromTheBlockOfTheChain(int lines) {
    TestAccount account = TestAccount.subaccount(lines).live();
    account.firstBlock(5000);
    account.update("{'orders':[{'id':'o','status':'BEST_EFFORT_OPENED','orderFlags':'0'}]}");
    account.block(5020);
    assertThat(account.late().getOrdersCount()).isEqualTo(1);
    account.block(5021);
    assertThat(account.late().getOrdersCount()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"1, update", "2, update", "1, announcement", "2, announcement", "1, state"})
  void theIdOfAnExpiredOrderWhoseLastBlockWasNotKnownMayBeUsedAgain(int lines, String by) {
    TestAccount account = TestAccount.subaccount(lines).live();
    account.firstBlock(1000);
    account.update(order("0", "BEST_EFFORT_OPENED", ""));
    account.block(1022);
    assertThat(account.late().getOrdersCount()).isZero();
    account.update(order("0", "BEST_EFFORT_OPENED", ""));
    assertThat(account.late().getOrdersCount()).isZero();
    String bare = order("0", "BEST_EFFORT_OPENED", "").replace("1001", "1100");
    String again = bare.replace("}]", ",'goodTilBlock':'1110'}]");
    switch (by) {
      case "update" -> account.update(again);
      case "announcement" -> account.update(bare);
      default -> {
        account.interrupt();
        account.state(again.replace("{'orders'", "{'subaccount':{},'orders'"));
      }
    }
    assertThat(account.late().getOrdersCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aFillOfTheLastBlockThatComesAfterTheExpiryIsPublishedAndTheOrderStaysEnded(int lines) {
    TestAccount account = TestAccount.subaccount(lines).live();
    account.firstBlock(1000);
    account.update(order("0", "OPEN", "'goodTilBlock':'1010','totalFilled':'0.2'"));
    String late =
        order("0", "OPEN", "'goodTilBlock':'1010','totalFilled':'0.5','updatedAtHeight':'1010'");
    account.block(1011);
    account.updates();
    account.update(late);
    Order published = account.updates().get(0).getOrders(0);
    assertThat(published.getStatus()).isEqualTo(OrderStatus.ORDER_STATUS_CANCELED);
    assertThat(published.getRemovalReason()).isEqualTo("ORDER_REMOVAL_REASON_EXPIRED");
    assertThat(published.getTotalFilled()).isEqualTo("0.5");
    assertThat(account.late().getOrdersCount()).isZero();
    account.update(late);
    account.update(late.replace("0.5", "0.4"));
    assertThat(account.updates()).isEmpty();
    account.update(order("0", "FILLED", "'totalFilled':'1','updatedAtHeight':'1010'"));
    assertThat(account.updates()).hasSize(1);
  }

  @Test
  void whereNoBlockIsKnownTheFirstCounts() {
    TestAccount account = TestAccount.subaccount(1).state("{}");
    account.update("{'orders':[{'id':'o','status':'BEST_EFFORT_CANCELED','orderFlags':'0'}]}");
    account.firstBlock(1000);
    assertThat(account.late().getOrdersCount()).isEqualTo(1);
    account.block(1021);
    assertThat(account.late().getOrdersCount()).isZero();
  }

  @Test
  void anOrderOfTheInitialStateEndsLikewise() {
    TestAccount account =
        TestAccount.subaccount(1)
            .state(
                "{'subaccount':{},'orders':[{'id':'o','status':'BEST_EFFORT_CANCELED',"
                    + "'orderFlags':'0','goodTilBlock':'1010'}],'blockHeight':'1000'}");
    account.firstBlock(1005);
    assertThat(account.updates()).isEmpty();
    account.block(1011);
    assertThat(account.updates()).hasSize(1);
    assertThat(account.late().getOrdersCount()).isZero();
  }

  @Test
  void theVenuesOwnEndIsPublishedAfterAnExpiryAndNothingElseIs() {
    TestAccount account = TestAccount.subaccount(1).live();
    account.firstBlock(1000);
    account.update(order("0", "OPEN", "'goodTilBlock':'1010'"));
    account.block(1011);
    account.updates();
    account.update(order("0", "BEST_EFFORT_CANCELED", "'goodTilBlock':'1010'"));
    assertThat(account.updates()).isEmpty();
    account.update(order("0", "FILLED", "'goodTilBlock':'1010','updatedAtHeight':'1010'"));
    assertThat(account.updates()).hasSize(1);
    account.update(order("0", "FILLED", "'goodTilBlock':'1010','updatedAtHeight':'1010'"));
    assertThat(account.updates()).isEmpty();
  }

  @Test
  void whileUpdatesMayBeMissingNoOrderExpires() {
    TestAccount account = TestAccount.subaccount(1).live();
    account.firstBlock(1000);
    account.update(order("0", "OPEN", "'goodTilBlock':'1010'"));
    account.interrupt();
    account.client().take();
    account.block(1011);
    assertThat(account.client().take()).isEmpty();
    account.state(
        "{'subaccount':{},'orders':[{'id':'o','status':'OPEN',"
            + "'orderFlags':'0','goodTilBlock':'1010'}],'blockHeight':'1011'}");
    account.block(1012);
    assertThat(account.updates()).hasSize(1);
  }

  @Test
  void anExpiredOrderThatTheVenueStillListsStaysOut() {
    TestAccount account = TestAccount.subaccount(1).live();
    account.firstBlock(1000);
    account.update(order("0", "OPEN", "'goodTilBlock':'1010'"));
    account.block(1011);
    account.interrupt();
    account.state(
        "{'subaccount':{},'orders':[{'id':'o','status':'BEST_EFFORT_CANCELED',"
            + "'orderFlags':'0','goodTilBlock':'1010'}],'blockHeight':'1012'}");
    assertThat(account.late().getOrdersCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void anExpiryOnAParentNamesTheChild(int lines) {
    TestAccount account = TestAccount.parent(lines).live();
    account.firstBlock(1000);
    account.updateOfChild(128, order("0", "OPEN", "'goodTilBlock':'1010'"));
    account.updateOfChild(256, order("0", "OPEN", "'goodTilBlock':'1010'").replace("'o'", "'p'"));
    account.updates();
    account.block(1011);
    List<SubaccountUpdate> updates = account.updates();
    assertThat(updates).extracting(SubaccountUpdate::getSubaccountNumber).containsExactly(128, 256);
    assertThat(updates)
        .extracting(update -> update.getOrders(0).getSubaccountNumber())
        .containsExactly(128, 256);
    assertThat(account.late().getOrdersCount()).isZero();
  }

  @Test
  void theBlockHeightIsSubscribedAsLongAsAnAccountIs() {
    TestAccount account = TestAccount.subaccount(1).live();
    assertThat(account.gateway().venue().isSubscribed(Channel.BLOCK_HEIGHT, "")).isTrue();
    account.client().leave();
    account.gateway().closeIdleTopics();
    assertThat(
            account.gateway().venue().isSubscribed(Channel.SUBACCOUNTS, TestAccount.ADDRESS + "/0"))
        .isFalse();
    assertThat(account.gateway().venue().isSubscribed(Channel.BLOCK_HEIGHT, "")).isFalse();
  }

  @Test
  void aRefusedBlockHeightIsTriedAgainWhileAnAccountNeedsIt() {
    TestAccount account = TestAccount.subaccount(1).live();
    FakeVenue venue = account.gateway().venue();
    venue.refuse(Channel.BLOCK_HEIGHT, "", Refusal.Kind.REFUSED_BY_VENUE, "not now");
    assertThat(venue.isSubscribed(Channel.BLOCK_HEIGHT, "")).isFalse();
    account.gateway().retryRefused();
    account.firstBlock(1000);
    account.update(order("0", "OPEN", "'goodTilBlock':'1010'"));
    account.block(1011);
    assertThat(account.late().getOrdersCount()).isZero();
    assertThat(account.gateway().client(Topics.blockHeight()).story())
        .containsExactly("LIVE", "block 1011");
  }

  @Test
  void anOrderThatTheInitialStateListsAsEndedIsNotOpen() {
    TestAccount account =
        TestAccount.subaccount(1)
            .state("{'subaccount':{},'orders':[{'id':'o','status':'FILLED','orderFlags':'64'}]}");
    assertThat(account.late().getOrdersCount()).isZero();
    account.update("{'orders':[{'id':'o','status':'OPEN','orderFlags':'64'}]}");
    assertThat(account.updates()).isEmpty();
  }
}
