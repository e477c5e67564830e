package io.github.dydxgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.v1.AssetPosition;
import io.github.dydxgateway.v1.Fill;
import io.github.dydxgateway.v1.Order;
import io.github.dydxgateway.v1.OrderStatus;
import io.github.dydxgateway.v1.PerpetualPosition;
import io.github.dydxgateway.v1.SubaccountUpdate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the venue sends again or late, on one line and on two. */
class AccountRepeatsTest {
  private static final String TRANSFER =
      "{'transfers':{'sender':{'address':'a'},'recipient':{'address':'b','subaccountNumber':0},"
          + "'symbol':'USDC','size':'5','type':'DEPOSIT','createdAt':'2026-01-01T00:00:00.000Z',"
          + "'createdAtHeight':'1001','transactionHash':'AB'},'blockHeight':'1001'}";
  private static final String REWARD =
      "{'tradingReward':{'tradingReward':'0.5','createdAt':'2026-01-01T00:00:00.000Z',"
          + "'createdAtHeight':'1001'},'blockHeight':'1001'}";

  private static String fill(String id, String size, int height) {
    return ("{'fills':[{'id':'%s','side':'BUY','size':'1','price':'2','createdAtHeight':'%d'}],"
            + "'perpetualPositions':[{'market':'BTC-USD','status':'OPEN','side':'LONG',"
            + "'size':'%s','subaccountNumber':0}],'blockHeight':'%d'}")
        .formatted(id, height, size, height);
  }

  private static String order(String status, String more) {
    return "{'orders':[{'id':'o','clientId':'1','orderFlags':'0','status':'%s'%s}]}"
        .formatted(status, more.isEmpty() ? "" : "," + more);
  }

  // ---- fills, transfers and rewards

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aFillSentAgainIsPublishedOnceAndItsPositionDoesNotStepBack(int lines) {
    TestAccount account = TestAccount.subaccount(lines).live();
    account.update(fill("f1", "1", 1001));
    account.update(fill("f2", "2", 1001));
    account.update(fill("f1", "1", 1001));
    account.batch(fill("f1", "1", 1001), fill("f2", "2", 1001), fill("f3", "3", 1001));
    assertThat(account.updates())
        .extracting(update -> update.getFills(0).getFillId())
        .containsExactly("f1", "f2", "f3");
    assertThat(account.late().getPositionsList())
        .extracting(PerpetualPosition::getSize)
        .containsExactly("3");
    assertThat(account.repeatedRecords()).isEqualTo(6);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void transfersAndRewardsSentAgainArePublishedOnce(int lines) {
    TestAccount account = TestAccount.subaccount(lines).live();
    account.update(TRANSFER);
    account.update(REWARD);
    account.update(TRANSFER);
    account.update(REWARD);
    account.batch(REWARD, TRANSFER);
    List<SubaccountUpdate> updates = account.updates();
    assertThat(updates).hasSize(2);
    assertThat(updates.get(0).getTransfersCount()).isEqualTo(1);
    assertThat(updates.get(1).getTradingRewardsCount()).isEqualTo(1);
    assertThat(account.repeatedRecords()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void equalTransfersOfOneFrameAreDistinctAndThatFrameAgainIsNot(int lines) {
    TestAccount account = TestAccount.subaccount(lines).live();
    account.batch(TRANSFER, TRANSFER);
    account.batch(TRANSFER, TRANSFER);
    account.update(TRANSFER);
    assertThat(account.updates()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void whatWasPublishedBeforeAReconnectIsNotPublishedAfterIt(int lines) {
    TestAccount account = TestAccount.subaccount(lines).live();
    account.update(fill("f1", "1", 1001));
    account.update(TRANSFER);
    account.update(REWARD);
    account.interrupt();
    account.live();
    account.update(fill("f1", "1", 1001));
    account.update(TRANSFER);
    account.update(REWARD);
    assertThat(account.updates()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void whatIsEqualOfTwoChildrenIsPublishedOfBoth(int lines) {
    TestAccount account = TestAccount.parent(lines).live();
    for (int time = 0; time < 2; time++) {
      account.updateOfChild(0, REWARD);
      account.updateOfChild(128, REWARD);
      account.updateOfChild(128, fill("f1", "1", 1001));
    }
    assertThat(account.updates())
        .extracting(SubaccountUpdate::getSubaccountNumber)
        .containsExactly(0, 128, 128);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void onlyWhatIsNewInAnUpdateIsPublished(int lines) {
    TestAccount account = TestAccount.subaccount(lines).live();
    account.update("{'fills':[{'id':'f1','size':'1'}]}");
    account.updates();
    account.update("{'fills':[{'id':'f1','size':'1'},{'id':'f2','size':'2'}]}");
    assertThat(account.updates())
        .singleElement()
        .satisfies(
            update ->
                assertThat(update.getFillsList())
                    .extracting(Fill::getFillId)
                    .containsExactly("f2"));
  }

  // ---- orders

  @ParameterizedTest
  @CsvSource({
    "1, FILLED",
    "2, FILLED",
    "1, CANCELED",
    "2, CANCELED",
    "1, ERROR",
  })
  void anEndedOrderStaysEnded(int lines, String end) {
    TestAccount account = TestAccount.subaccount(lines).live();
    account.update(order("OPEN", "'goodTilBlock':'1015','totalFilled':'1'"));
    account.update(order(end, "'updatedAtHeight':'1001','totalFilled':'2'"));
    assertThat(account.updates()).hasSize(2);
    account.update(order("BEST_EFFORT_OPENED", "'goodTilBlock':'1015'"));
    account.update(order("BEST_EFFORT_CANCELED", "'goodTilBlock':'1015','updatedAtHeight':'1001'"));
    account.update(order("OPEN", ""));
    account.update(order("UNTRIGGERED", ""));
    account.update(order(end, "'updatedAtHeight':'1001','totalFilled':'2'"));
    account.batch(order("BEST_EFFORT_OPENED", ""), order("OPEN", "'totalFilled':'1'"));
    account.update(
        "{'orders':[{'id':'o','status':'OPEN'},{'id':'p','status':'OPEN'}],'blockHeight':'1003'}");
    assertThat(account.updates())
        .singleElement()
        .satisfies(
            update ->
                assertThat(update.getOrdersList())
                    .extracting(Order::getOrderId)
                    .containsExactly("p"));
    assertThat(account.late().getOrdersList()).extracting(Order::getOrderId).containsExactly("p");
    assertThat(account.repeatedRecords()).isEqualTo(8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'goodTilBlock':'1016'",
        "'updatedAtHeight':'1002'",
        "'createdAtHeight':'1002'",
        "'goodTilBlockTime':'2026-01-01T00:00:01.000Z'"
      })
  void aLaterOrderMayHaveTheIdOfAnEndedOne(String later) {
    TestAccount account = TestAccount.subaccount(1).live();
    account.update(
        order(
            "CANCELED",
            "'goodTilBlock':'1015','goodTilBlockTime':'2026-01-01T00:00:00.000Z',"
                + "'updatedAtHeight':'1001'"));
    account.update(order("OPEN", later));
    assertThat(account.updates()).hasSize(2);
    assertThat(account.late().getOrdersCount()).isEqualTo(1);
    account.update(order("CANCELED", "'updatedAtHeight':'1003'"));
    assertThat(account.late().getOrdersCount()).isZero();
  }

  @Test
  void theNextBlockMayHoldTheNextOrderOfThatIdThoughTheEndCameLate() {
    TestAccount account = TestAccount.subaccount(1).live();
    account.update(
        "{'orders':[{'id':'o','status':'CANCELED','orderFlags':'64','updatedAtHeight':'1001'}],"
            + "'blockHeight':'1002'}");
    account.update(
        "{'orders':[{'id':'o','status':'OPEN','orderFlags':'64','updatedAtHeight':'1002'}],"
            + "'blockHeight':'1002'}");
    assertThat(account.late().getOrdersCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'totalFilled':'2','updatedAtHeight':'1001' | OPEN | 'totalFilled':'1','updatedAtHeight':'1000'
          'totalFilled':'2'                          | OPEN | 'totalFilled':'1.5'
          'totalFilled':'10'                         | OPEN | 'totalFilled':'9.9'
          'totalFilled':'2','updatedAtHeight':'1001' | OPEN | 'totalFilled':'1','updatedAtHeight':'1001'
          'updatedAtHeight':'1001'                   | BEST_EFFORT_CANCELED | 'updatedAtHeight':'1000'
          'updatedAt':'2026-01-01T00:00:01.000Z'     | OPEN | 'updatedAt':'2026-01-01T00:00:00.000Z'
          'goodTilBlock':'1015'                      | BEST_EFFORT_OPENED | 'goodTilBlock':'1015'
          'goodTilBlock':'1015'                      | UNTRIGGERED | 'price':'1'
          """,
      quoteCharacter = '"')
  void anOlderStateOfAnOpenOrderIsNotPublished(String known, String status, String late) {
    TestAccount account = TestAccount.subaccount(1).live();
    account.update(order("OPEN", known));
    Order before = account.late().getOrders(0);
    account.updates();
    account.update(order(status, late));
    assertThat(account.updates()).isEmpty();
    assertThat(account.late().getOrdersList()).containsExactly(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'totalFilled':'2','updatedAtHeight':'1001' | OPEN | 'totalFilled':'0','updatedAtHeight':'1002'
          'totalFilled':'2.0'                        | OPEN | 'totalFilled':'2'
          'goodTilBlock':'1015'                      | BEST_EFFORT_OPENED | 'goodTilBlock':'1016'
          'goodTilBlock':'1015'                      | BEST_EFFORT_CANCELED | 'goodTilBlock':'1015'
          'totalFilled':'2','updatedAtHeight':'1001' | FILLED | 'totalFilled':'3','updatedAtHeight':'1000'
          """,
      quoteCharacter = '"')
  void aLaterStateOfAnOpenOrderIsPublished(String known, String status, String later) {
    TestAccount account = TestAccount.subaccount(1).live();
    account.update(order("OPEN", known));
    account.updates();
    account.update(order(status, later));
    assertThat(account.updates()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aStateThatIsBehindDoesNotBringAnEndedOrderBackAndALaterOneDoes(int lines) {
    TestAccount account = TestAccount.subaccount(lines).live();
    account.update(order("FILLED", "'updatedAtHeight':'1005'"));
    account.interrupt();
    account.state(
        "{'subaccount':{},'orders':[{'id':'o','status':'OPEN','updatedAtHeight':'1004'}]}");
    assertThat(account.late().getOrdersCount()).isZero();
    account.update(order("BEST_EFFORT_CANCELED", ""));
    assertThat(account.updates()).isEmpty();
    account.interrupt();
    account.state(
        "{'subaccount':{},'orders':[{'id':'o','status':'OPEN','updatedAtHeight':'1006'}]}");
    assertThat(account.late().getOrdersCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void theFillOfASuborderLeavesSizeAndFlagsOfItsTwapOrder(int lines) {
    TestAccount account = TestAccount.subaccount(lines).live();
    account.update(
        "{'orders':[{'id':'t','clientId':'1','orderFlags':'128','status':'OPEN','type':'LIMIT',"
            + "'size':'10','price':'0','goodTilBlockTime':'2027-01-01T00:00:00.000Z'}]}");
    account.update(
        "{'orders':[{'id':'t','clientId':'1','orderFlags':'256','status':'OPEN','type':'TWAP',"
            + "'size':'2','price':'101','totalFilled':'1','updatedAtHeight':'1001',"
            + "'goodTilBlockTime':'2026-01-01T00:00:00.000Z'}]}");
    assertThat(account.updates().get(1).getOrders(0).getOrderFlags()).isEqualTo("256");
    Order order = account.late().getOrders(0);
    assertThat(order.getOrderFlags()).isEqualTo("128");
    assertThat(order.getSize()).isEqualTo("10");
    assertThat(order.getPrice()).isEqualTo("101");
    assertThat(order.getTotalFilled()).isEqualTo("1");
    assertThat(order.getUpdatedAtHeight()).isEqualTo(1001);
    assertThat(order.getGoodTilBlockTimeNs()).isEqualTo(1_798_761_600_000_000_000L);
    assertThat(order.getStatus()).isEqualTo(OrderStatus.ORDER_STATUS_OPEN);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void afterItsLastBlockAnEndedOrdersIdMayBeAnnouncedAnewWithoutItsLastBlock(int lines) {
    TestAccount account = TestAccount.subaccount(lines).live();
    account.update(order("FILLED", "'goodTilBlock':'1010','updatedAtHeight':'1005'"));
    account.update(order("BEST_EFFORT_OPENED", "").replace("]}", "],'blockHeight':'1010'}"));
    account.update(order("BEST_EFFORT_CANCELED", "").replace("]}", "],'blockHeight':'1100'}"));
    account.update(order("CANCELED", "").replace("]}", "],'blockHeight':'1100'}"));
    assertThat(account.updates()).hasSize(1);
    account.update(order("BEST_EFFORT_OPENED", "").replace("]}", "],'blockHeight':'1100'}"));
    assertThat(account.updates()).hasSize(1);
    assertThat(account.late().getOrdersCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void theLateEndOfAReplacedOrderLeavesItsReplacement(int lines) {
    TestAccount account = TestAccount.subaccount(lines).live();
    String end = order("CANCELED", "'goodTilBlock':'1010','updatedAtHeight':'1005'");
    account.update(end);
    account.update(order("BEST_EFFORT_OPENED", "'goodTilBlock':'1030'"));
    account.updates();
    account.update(end);
    account.update(order("BEST_EFFORT_OPENED", "'goodTilBlock':'1010'"));
    account.update(order("BEST_EFFORT_CANCELED", "'goodTilBlock':'1010'"));
    assertThat(account.updates()).isEmpty();
    Order replacement = account.late().getOrders(0);
    assertThat(replacement.getGoodTilBlock()).isEqualTo(1030);
    assertThat(replacement.getStatus()).isEqualTo(OrderStatus.ORDER_STATUS_BEST_EFFORT_OPENED);
  }

  @Test
  void theLateEndOfAReplacedStatefulOrderLeavesItsReplacement() {
    TestAccount account = TestAccount.subaccount(1).live();
    account.update(order("OPEN", "'goodTilBlockTime':'2027-01-01T00:00:01.000Z'"));
    account.update(order("CANCELED", "'goodTilBlockTime':'2027-01-01T00:00:00.000Z'"));
    assertThat(account.late().getOrdersCount()).isEqualTo(1);
    account.update(order("CANCELED", "'goodTilBlockTime':'2027-01-01T00:00:01.000Z'"));
    assertThat(account.late().getOrdersCount()).isZero();
  }

  @Test
  void theLastFillOfASuborderEndsItsTwapOrder() {
    TestAccount account = TestAccount.subaccount(1).live();
    account.update(
        "{'orders':[{'id':'t','clientId':'1','orderFlags':'128','status':'OPEN',"
            + "'goodTilBlockTime':'2027-01-01T00:00:00.000Z'}]}");
    account.update(
        "{'orders':[{'id':'t','clientId':'1','orderFlags':'256','status':'FILLED',"
            + "'goodTilBlockTime':'2026-01-01T00:00:00.000Z'}]}");
    assertThat(account.late().getOrdersCount()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          BEST_EFFORT_OPENED | 'goodTilBlock':'1010'
          UNTRIGGERED | 'goodTilBlockTime':'2027-01-01T00:00:00.000Z'
          OPEN | 'updatedAtHeight':'900'
          OPEN | 'updatedAtHeight':'900','totalFilled':'1'
          """,
      quoteCharacter = '"')
  void aStateBeforeTheCancellationSentAgainDoesNotUndoIt(String status, String more) {
    TestAccount account = TestAccount.subaccount(1).live();
    account.update(order(status, more));
    account.update(order("BEST_EFFORT_CANCELED", ""));
    account.updates();
    account.update(order(status, more));
    assertThat(account.updates()).isEmpty();
    assertThat(account.late().getOrders(0).getStatus())
        .isEqualTo(OrderStatus.ORDER_STATUS_BEST_EFFORT_CANCELED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          BEST_EFFORT_OPENED | ""
          BEST_EFFORT_OPENED | 'goodTilBlock':'1011'
          OPEN | 'updatedAtHeight':'901'
          OPEN | 'updatedAtHeight':'900','totalFilled':'1'
          """,
      quoteCharacter = '"')
  void anOrderMayBeOpenAfterItsCancellation(String status, String more) {
    TestAccount account = TestAccount.subaccount(1).live();
    account.update(order("OPEN", "'goodTilBlock':'1010','updatedAtHeight':'900'"));
    account.update(order("BEST_EFFORT_CANCELED", ""));
    account.updates();
    account.update(order(status, more));
    assertThat(account.updates()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void unknownFieldsBesideALateOrderArePublished(int lines) {
    TestAccount account = TestAccount.subaccount(lines).live();
    account.update(order("FILLED", "'updatedAtHeight':'1001'"));
    account.updates();
    account.update(order("OPEN", "").replace("]}", "],'newThings':[1]}"));
    assertThat(account.updates())
        .singleElement()
        .satisfies(
            update -> {
              assertThat(update.getOrdersCount()).isZero();
              assertThat(update.getExtraFieldsMap()).containsEntry("newThings", "[1]");
            });
  }

  // ---- positions and balances

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aPositionOrBalanceOfAnEarlierBlockIsNotPublished(int lines) {
    TestAccount account = TestAccount.subaccount(lines).live();
    account.update(holdings("2", 1002));
    account.update(holdings("1", 1001));
    account.update(holdings("3", 1002));
    assertThat(account.updates())
        .extracting(update -> update.getBalances(0).getSize())
        .containsExactly("2", "3");
    assertThat(account.late().getPositionsList())
        .extracting(PerpetualPosition::getSize)
        .containsExactly("3");
    assertThat(account.late().getBalancesList())
        .extracting(AssetPosition::getSize)
        .containsExactly("3");
    assertThat(account.repeatedRecords()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aPositionOrBalanceOlderThanTheStateIsNotPublished(int lines) {
    TestAccount account =
        TestAccount.subaccount(lines)
            .state(
                "{'subaccount':{'updatedAtHeight':'995','openPerpetualPositions':{'BTC-USD':{"
                    + "'market':'BTC-USD','status':'OPEN','size':'5'}}},'blockHeight':'1000'}");
    account.update(holdings("3", 990));
    assertThat(account.updates()).isEmpty();
    assertThat(account.late().getPositions(0).getSize()).isEqualTo("5");
    account.update(holdings("6", 995)); // the state may be read between two changes of a block
    assertThat(account.updates()).hasSize(1);
    account.interrupt();
    account.state("{'subaccount':{'updatedAtHeight':'1010'},'blockHeight':'1020'}");
    account.update(holdings("7", 1005));
    account.update(holdings("8", 1015));
    assertThat(account.updates()).hasSize(1);
    assertThat(account.late().getPositions(0).getSize()).isEqualTo("8");
  }

  @Test
  void eachChildHasItsOwnBlockOfTheState() {
    TestAccount account =
        TestAccount.parent(1)
            .state(
                "{'subaccount':{'parentSubaccountNumber':0,'childSubaccounts':["
                    + "{'subaccountNumber':0,'updatedAtHeight':'900'},"
                    + "{'subaccountNumber':128,'updatedAtHeight':'995'}]},'blockHeight':'1000'}");
    account.updateOfChild(128, holdings("1", 990));
    account.updateOfChild(0, holdings("2", 990));
    account.updateOfChild(256, holdings("3", 990));
    assertThat(account.updates())
        .extracting(SubaccountUpdate::getSubaccountNumber)
        .containsExactly(0, 256);
  }

  private static String holdings(String size, int height) {
    return ("{'perpetualPositions':[{'market':'BTC-USD','status':'OPEN','size':'%s'}],"
            + "'assetPositions':[{'symbol':'USDC','size':'%s'}],'blockHeight':'%d'}")
        .formatted(size, size, height);
  }
}
