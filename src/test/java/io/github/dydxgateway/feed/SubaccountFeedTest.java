package io.github.dydxgateway.feed;

import static io.github.dydxgateway.testing.Topics.parentSubaccount;
import static io.github.dydxgateway.testing.Topics.subaccount;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelListener.Refusal;
import io.github.dydxgateway.testing.FakeVenue;
import io.github.dydxgateway.testing.RecordingClient;
import io.github.dydxgateway.testing.TestGateway;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Fill;
import io.github.dydxgateway.v1.FillType;
import io.github.dydxgateway.v1.Order;
import io.github.dydxgateway.v1.OrderStatus;
import io.github.dydxgateway.v1.OrderType;
import io.github.dydxgateway.v1.PerpetualPosition;
import io.github.dydxgateway.v1.PositionSide;
import io.github.dydxgateway.v1.PositionStatus;
import io.github.dydxgateway.v1.Side;
import io.github.dydxgateway.v1.SubaccountSnapshot;
import io.github.dydxgateway.v1.SubaccountUpdate;
import io.github.dydxgateway.v1.TransferType;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SubaccountFeedTest {
  private static final String ADDRESS = "dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4";
  private static final String ID = ADDRESS + "/0";
  private static final String FUNDED =
      "{'subaccount':{'address':'"
          + ADDRESS
          + "','subaccountNumber':0,'equity':'1000.50','freeCollateral':'1e3',"
          + "'openPerpetualPositions':{'BTC-USD':{'market':'BTC-USD','status':'OPEN',"
          + "'side':'SHORT','size':'-0.10','entryPrice':'27000.0','subaccountNumber':0}},"
          + "'assetPositions':{'USDC':{'symbol':'USDC','side':'LONG','size':'900.000000',"
          + "'assetId':'0','subaccountNumber':0}},'marginEnabled':true},"
          + "'orders':[{'id':'o1','clientId':'5','status':'OPEN','orderFlags':'64',"
          + "'ticker':'BTC-USD','side':'BUY','size':'1.0','price':'26000'}],'blockHeight':'100'}";

  private final TestGateway gateway =
      new TestGateway(
          new PrivateAccounts(List.of(new PrivateAccounts.Account(ADDRESS, Set.of(0), "main"))));
  private final FakeVenue venue = gateway.venue();
  private final RecordingClient client = gateway.client(subaccount(ADDRESS, 0));

  @Test
  void theInitialStateIsASnapshotWithDecimalsAsReceived() {
    initialState(FUNDED);
    List<Event> events = client.take();
    assertThat(events).hasSize(3);
    SubaccountSnapshot snapshot = events.get(2).getSubaccountSnapshot();
    assertThat(snapshot.getFound()).isTrue();
    assertThat(snapshot.getAddress()).isEqualTo(ADDRESS);
    assertThat(snapshot.getAccountId()).isEqualTo("main");
    assertThat(snapshot.getEquity()).isEqualTo("1000.50");
    assertThat(snapshot.getFreeCollateral()).isEqualTo("1000");
    assertThat(snapshot.getMarginEnabled()).isTrue();
    assertThat(snapshot.getBlockHeight()).isEqualTo(100);
    assertThat(snapshot.getValuationBlockHeight()).isEqualTo(100);
    assertThat(snapshot.getPositions(0).getInstrumentId()).isEqualTo("BTC-USD-PERP.DYDX");
    assertThat(snapshot.getPositions(0).getSize()).isEqualTo("-0.10");
    assertThat(snapshot.getBalances(0).getSize()).isEqualTo("900.000000");
    assertThat(snapshot.getOrders(0).getPrice()).isEqualTo("26000");
  }

  @Test
  void aLateClientHasEitherAnEnumsValueOrItsRawText() {
    initialState(FUNDED);
    update(
        "{'orders':[{'id':'o1','status':'SOON','orderFlags':'64','side':'BOTH'}],"
            + "'perpetualPositions':[{'market':'BTC-USD','side':'FLAT'}],"
            + "'assetPositions':[{'symbol':'USDC','side':'FLAT'}]}");
    SubaccountSnapshot unknown = late();
    assertThat(unknown.getOrders(0).getSide()).isEqualTo(Side.SIDE_UNSPECIFIED);
    assertThat(unknown.getOrders(0).getSideRaw()).isEqualTo("BOTH");
    assertThat(unknown.getPositions(0).getSideRaw()).isEqualTo("FLAT");
    assertThat(unknown.getPositions(0).getSide()).isEqualTo(PositionSide.POSITION_SIDE_UNSPECIFIED);
    assertThat(unknown.getBalances(0).getSide()).isEqualTo(PositionSide.POSITION_SIDE_UNSPECIFIED);
    update(
        "{'orders':[{'id':'o1','status':'OPEN','orderFlags':'64','side':'SELL'}],"
            + "'perpetualPositions':[{'market':'BTC-USD','side':'LONG'}],"
            + "'assetPositions':[{'symbol':'USDC','side':'LONG'}]}");
    SubaccountSnapshot known = late();
    assertThat(known.getOrders(0).getSide()).isEqualTo(Side.SIDE_SELL);
    assertThat(known.getOrders(0).getSideRaw()).isEmpty();
    assertThat(known.getOrders(0).getStatusRaw()).isEmpty();
    assertThat(known.getPositions(0).getSideRaw()).isEmpty();
    assertThat(known.getBalances(0).getSideRaw()).isEmpty();
  }

  private SubaccountSnapshot late() {
    List<Event> events = gateway.client(subaccount(ADDRESS, 0)).take();
    return events.get(events.size() - 1).getSubaccountSnapshot();
  }

  @Test
  void anAccountThatWasNeverFundedIsNotFoundUntilItsFirstUpdate() {
    initialState("{}");
    assertThat(client.story())
        .containsExactly(
            "PENDING", "LIVE", "subaccount address: \"" + ADDRESS + "\" account_id: \"main\"");
    update("{'assetPositions':[{'symbol':'USDC','side':'LONG','size':'5'}],'blockHeight':'7'}");
    SubaccountSnapshot snapshot = lateJoiner();
    assertThat(snapshot.getFound()).isTrue();
    assertThat(snapshot.getBlockHeight()).isEqualTo(7);
    assertThat(snapshot.getBalancesCount()).isEqualTo(1);
  }

  @Test
  void anUpdateMayHoldOrdersAlone() {
    live();
    update(
        "{'orders':[{'id':'o2','clientId':'6','status':'BEST_EFFORT_OPENED','orderFlags':'0'}]}");
    assertThat(update().getOrdersList())
        .containsExactly(
            Order.newBuilder()
                .setOrderId("o2")
                .setClientId("6")
                .setStatus(OrderStatus.ORDER_STATUS_BEST_EFFORT_OPENED)
                .setOrderFlags("0")
                .build());
  }

  @Test
  void anUpdateMayHoldFillsAlone() {
    live();
    update(
        "{'fills':[{'id':'f1','side':'SELL','size':'0.10','price':'4e-9','ticker':'BTC-USD',"
            + "'createdAt':'2023-04-04T19:09:24.869Z','createdAtHeight':'9'}]}");
    assertThat(update().getFillsList())
        .containsExactly(
            Fill.newBuilder()
                .setFillId("f1")
                .setSide(Side.SIDE_SELL)
                .setSize("0.10")
                .setPrice("0.000000004")
                .setInstrumentId("BTC-USD-PERP.DYDX")
                .setEventTimeNs(1680635364869000000L)
                .setBlockHeight(9)
                .build());
  }

  @Test
  void ordersFillsAndHoldingsCarryWhatNewerServersAdd() {
    live();
    update(
        "{'orders':[{'id':'o2','status':'OPEN','type':'LIMIT','orderFlags':'128',"
            + "'builderAddress':'b','feePpm':'100','orderRouterAddress':'r',"
            + "'createdAt':'1970-01-01T00:00:01.000Z','priceTolerance':5000}],"
            + "'fills':[{'id':'f1','type':'TWAP','builderAddress':'b','builderFee':'0.10',"
            + "'orderRouterAddress':'r','orderRouterFee':'0.2','affiliateRevShare':'0.3',"
            + "'positionSizeBefore':'1.50','positionSideBefore':'SHORT','entryPriceBefore':'9.0'},"
            + "{'id':'f2','type':'TWAP_SUBORDER','positionSideBefore':'FLAT',"
            + "'entryPriceBefore':null}],"
            + "'perpetualPositions':[{'market':'BTC-USD','address':'a'}],"
            + "'assetPositions':[{'symbol':'USDC','address':'a'}]}");
    SubaccountUpdate update = update();
    assertThat(update.getOrders(0))
        .isEqualTo(
            Order.newBuilder()
                .setOrderId("o2")
                .setStatus(OrderStatus.ORDER_STATUS_OPEN)
                .setType(OrderType.ORDER_TYPE_LIMIT)
                .setOrderFlags("128")
                .setBuilderAddress("b")
                .setFeePpm("100")
                .setOrderRouterAddress("r")
                .setCreatedAtNs(1_000_000_000L)
                .setPriceTolerance("5000")
                .build());
    assertThat(update.getFillsList())
        .containsExactly(
            Fill.newBuilder()
                .setFillId("f1")
                .setTypeRaw("TWAP")
                .setBuilderAddress("b")
                .setBuilderFee("0.10")
                .setOrderRouterAddress("r")
                .setOrderRouterFee("0.2")
                .setAffiliateRevShare("0.3")
                .setPositionSizeBefore("1.50")
                .setPositionSideBefore(PositionSide.POSITION_SIDE_SHORT)
                .setEntryPriceBefore("9.0")
                .build(),
            Fill.newBuilder()
                .setFillId("f2")
                .setType(FillType.FILL_TYPE_TWAP_SUBORDER)
                .setPositionSideBeforeRaw("FLAT")
                .build());
    assertThat(update.getPositions(0).getAddress()).isEqualTo("a");
    assertThat(update.getBalances(0).getAddress()).isEqualTo("a");
    assertThat(lateJoiner().getOrdersList())
        .extracting(Order::getBuilderAddress)
        .containsExactly("", "b");
  }

  @Test
  void anUpdateMayHoldPositionsAlone() {
    live();
    update(
        "{'perpetualPositions':[{'market':'ETH-USD','status':'OPEN','side':'LONG','size':'2'}]}");
    assertThat(update().getPositions(0).getInstrumentId()).isEqualTo("ETH-USD-PERP.DYDX");
  }

  @Test
  void anUpdateMayHoldATransferAlone() {
    live();
    update(
        "{'transfers':{'sender':{'address':'a'},'recipient':{'address':'b','subaccountNumber':0},"
            + "'symbol':'USDC','size':'5.0','type':'DEPOSIT'}}");
    SubaccountUpdate update = update();
    assertThat(update.getTransfers(0).getType()).isEqualTo(TransferType.TRANSFER_TYPE_DEPOSIT);
    assertThat(update.getTransfers(0).getSize()).isEqualTo("5.0");
    assertThat(update.getTransfers(0).getSender().hasSubaccountNumber()).isFalse();
    assertThat(update.getTransfers(0).getRecipient().hasSubaccountNumber()).isTrue();
  }

  @Test
  void anUpdateMayHoldATradingRewardAlone() {
    live();
    update("{'tradingReward':{'tradingReward':'0.0000000001','createdAtHeight':'3'}}");
    assertThat(update().getTradingRewards(0).getAmount()).isEqualTo("0.0000000001");
  }

  @Test
  void anUpdateMayHoldABlockHeightAlone() {
    live();
    update("{'blockHeight':'101'}");
    assertThat(update().getBlockHeight()).isEqualTo(101);
    assertThat(lateJoiner().getBlockHeight()).isEqualTo(101);
    assertThat(lateJoiner().getValuationBlockHeight()).isEqualTo(100);
  }

  @Test
  void aPartialOrderKeepsWhatIsKnownOfItForLateJoiners() {
    live();
    update("{'orders':[{'id':'o1','clientId':'5','status':'OPEN','totalFilled':'0.5'}]}");
    Order order = lateJoiner().getOrders(0);
    assertThat(order.getPrice()).isEqualTo("26000");
    assertThat(order.getTotalFilled()).isEqualTo("0.5");
    assertThat(order.getSide()).isEqualTo(Side.SIDE_BUY);
  }

  @Test
  void filledAndCanceledOrdersLeaveTheSnapshot() {
    live();
    update("{'orders':[{'id':'o2','status':'OPEN'},{'id':'o3','status':'OPEN'}]}");
    update("{'orders':[{'id':'o1','status':'FILLED'},{'id':'o2','status':'CANCELED'}]}");
    assertThat(lateJoiner().getOrdersList()).extracting(Order::getOrderId).containsExactly("o3");
  }

  @Test
  void aBestEffortCanceledOrderStaysUntilItCanNoLongerBeFilled() {
    live();
    update(
        "{'orders':[{'id':'o9','clientId':'9','orderFlags':'0',"
            + "'status':'BEST_EFFORT_CANCELED','goodTilBlock':'110'}]}");
    update("{'blockHeight':'110'}");
    assertThat(lateJoiner().getOrdersCount()).isEqualTo(2);
    update("{'blockHeight':'111'}");
    assertThat(lateJoiner().getOrdersCount()).isEqualTo(1);
  }

  @Test
  void closedPositionsAndEmptyBalancesLeaveTheSnapshot() {
    live();
    update(
        "{'perpetualPositions':[{'market':'BTC-USD','status':'CLOSED','subaccountNumber':0}],"
            + "'assetPositions':[{'symbol':'USDC','size':'0.000000','subaccountNumber':0}]}");
    assertThat(lateJoiner().getPositionsCount()).isZero();
    assertThat(lateJoiner().getBalancesCount()).isZero();
  }

  @Test
  void aPositionIsTheSameWhetherItsSubaccountIsNamedOrNot() {
    live();
    update("{'perpetualPositions':[{'market':'BTC-USD','status':'OPEN','size':'-0.2'}]}");
    assertThat(lateJoiner().getPositionsList())
        .extracting(PerpetualPosition::getSize)
        .containsExactly("-0.2");
  }

  @Test
  void aStatusThatIsNotKnownIsUnspecifiedWithItsTextBeside() {
    live();
    update("{'orders':[{'id':'o1','status':'FROZEN'}]}");
    assertThat(update().getOrders(0).getStatusRaw()).isEqualTo("FROZEN");
    Order late = lateJoiner().getOrders(0);
    assertThat(late.getStatus()).isEqualTo(OrderStatus.ORDER_STATUS_UNSPECIFIED);
    assertThat(late.getStatusRaw()).isEqualTo("FROZEN");
    update("{'orders':[{'id':'o1','status':'OPEN'}]}");
    assertThat(lateJoiner().getOrders(0).getStatusRaw()).isEmpty();
  }

  @Test
  void aPositionsStatusThatIsNotKnownIsTheSameForLateJoiners() {
    live();
    update("{'perpetualPositions':[{'market':'BTC-USD','status':'FROZEN','size':'-0.2'}]}");
    PerpetualPosition late = lateJoiner().getPositions(0);
    assertThat(late.getStatus()).isEqualTo(PositionStatus.POSITION_STATUS_UNSPECIFIED);
    assertThat(late.getStatusRaw()).isEqualTo("FROZEN");
    update("{'perpetualPositions':[{'market':'BTC-USD','status':'OPEN'}]}");
    late = lateJoiner().getPositions(0);
    assertThat(late.getStatus()).isEqualTo(PositionStatus.POSITION_STATUS_OPEN);
    assertThat(late.getStatusRaw()).isEmpty();
  }

  @Test
  void aFieldThatCantBeReadIsAnnouncedAfterTheRest() {
    live();
    update("{'fills':[{'id':'f1','price':'cheap','size':'1'}]}");
    assertThat(client.story())
        .satisfiesExactly(
            change -> assertThat(change).startsWith("change").contains("fill_id: \"f1\""),
            gap -> assertThat(gap).isEqualTo("gap NOT_REPRESENTABLE"));
  }

  @Test
  void afterAReconnectTheLossIsAnnouncedAndAFreshSnapshotFollows() {
    live();
    String snapshot = gateway.client(subaccount(ADDRESS, 0)).story().get(1);
    venue.interrupt(Channel.SUBACCOUNTS, ID, "connection lost");
    initialState(FUNDED);
    assertThat(client.story())
        .containsExactly("RECOVERING: connection lost", "LIVE", "gap UPSTREAM_LOSS", snapshot);
  }

  @Test
  void anAccountDoesNotCeaseToExistWithAnAnswerThatIsEmpty() {
    live();
    String snapshot = gateway.client(subaccount(ADDRESS, 0)).story().get(1);
    venue.interrupt(Channel.SUBACCOUNTS, ID, "connection lost");
    initialState("{}");
    initialState("{'orders':[]}");
    assertThat(client.story()).containsExactly("RECOVERING: connection lost");
    assertThat(venue.takeResyncs())
        .hasSize(2)
        .allMatch(resync -> resync.contains("no state of an account that has one"));
    initialState(FUNDED);
    assertThat(client.story()).containsExactly("LIVE", "gap UPSTREAM_LOSS", snapshot);
  }

  @Test
  void openOrdersDoNotCeaseToExistWithAnAnswerThatHasNoList() {
    live();
    String snapshot = gateway.client(subaccount(ADDRESS, 0)).story().get(1);
    venue.interrupt(Channel.SUBACCOUNTS, ID, "connection lost");
    initialState("{'subaccount':{'address':'" + ADDRESS + "','subaccountNumber':0}}");
    initialState("{'subaccount':{'address':'" + ADDRESS + "','subaccountNumber':0},'orders':null}");
    assertThat(client.story()).containsExactly("RECOVERING: connection lost");
    assertThat(venue.takeResyncs()).hasSize(2).allMatch(resync -> resync.contains("no orders"));
    initialState(FUNDED);
    assertThat(client.story()).containsExactly("LIVE", "gap UPSTREAM_LOSS", snapshot);
  }

  @Test
  void anAnswerOfErrorsIsNoState() {
    initialState("{'errors':[{'msg':'timeout'}]}");
    assertThat(client.story()).containsExactly("PENDING", "gap UPSTREAM_LOSS");
  }

  @Test
  void anOrderThatHasEndedIsNotOpenAgainInAStateOfAnEarlierBlock() {
    live();
    update(
        "{'orders':[{'id':'b','clientId':'1','status':'FILLED','orderFlags':'64',"
            + "'updatedAtHeight':'1002','totalFilled':'1'}],'blockHeight':'1002'}");
    venue.interrupt(Channel.SUBACCOUNTS, ID, "connection lost");
    initialState(
        FUNDED.replaceFirst(
            "'orders':\\[",
            "'orders':[{'id':'b','clientId':'1','status':'OPEN','orderFlags':'64'},"));
    assertThat(gateway.client(subaccount(ADDRESS, 0)).take().get(1).getSubaccountSnapshot())
        .satisfies(
            state ->
                assertThat(state.getOrdersList())
                    .noneMatch(order -> order.getOrderId().equals("b")));
  }

  @Test
  void aMalformedFrameIsAnnouncedAndAFreshStateAskedFor() {
    live();
    update("7");
    assertThat(client.story()).containsExactly("gap UPSTREAM_LOSS");
    assertThat(venue.takeResyncs())
        .containsExactly(
            "v4_subaccounts " + ID + ": an update of the subaccount could not be read");
  }

  @Test
  void aParentHasItsChildrenAndTheirUpdatesGoToThem() {
    RecordingClient parent = gateway.client(parentSubaccount(ADDRESS, 0));
    venue.initialState(
        Channel.PARENT_SUBACCOUNTS,
        ID,
        "{'subaccount':{'address':'"
            + ADDRESS
            + "','parentSubaccountNumber':0,'equity':'7','childSubaccounts':["
            + "{'address':'x','subaccountNumber':0,'equity':'3'},"
            + "{'address':'x','subaccountNumber':128,'equity':'4'}]},'orders':[]}");
    parent.take();
    venue.updateOfChild(
        ID,
        128,
        "{'perpetualPositions':[{'market':'BTC-USD','status':'OPEN','size':'1',"
            + "'subaccountNumber':128}],'orders':[{'id':'o9','status':'OPEN'}]}");
    venue.updateOfChild(ID, 256, "{'assetPositions':[{'symbol':'USDC','size':'8'}]}");
    List<Event> updates = parent.take();
    assertThat(updates)
        .extracting(event -> event.getSubaccountUpdate().getSubaccountNumber())
        .containsExactly(128, 256);

    SubaccountSnapshot late =
        gateway.client(parentSubaccount(ADDRESS, 0)).take().get(1).getSubaccountSnapshot();
    assertThat(late.getOrdersList()).extracting(Order::getOrderId).containsExactly("o9");
    assertThat(late.getChildrenList())
        .extracting(SubaccountSnapshot::getSubaccountNumber)
        .containsExactly(0, 128, 256);
    assertThat(late.getChildren(0).getPositionsCount()).isZero();
    assertThat(late.getChildren(1).getEquity()).isEqualTo("4");
    assertThat(late.getChildren(1).getPositions(0).getSize()).isEqualTo("1");
    assertThat(late.getChildren(2).getBalances(0).getSize()).isEqualTo("8");
  }

  @Test
  void onlyConfiguredAccountsAndTheirChildrenAreServed() {
    String denied = "error 7: the subaccount is not configured; see gateway.accounts";
    assertThat(gateway.client(subaccount(ADDRESS, 1)).story()).containsExactly(denied);
    assertThat(gateway.client(subaccount("dydx1other", 0)).story()).containsExactly(denied);
    assertThat(gateway.client(parentSubaccount(ADDRESS, 1)).story()).containsExactly(denied);
    assertThat(gateway.client(subaccount(ADDRESS, 128)).story()).containsExactly("PENDING");
    assertThat(venue.isSubscribed(Channel.SUBACCOUNTS, ADDRESS + "/128")).isTrue();
    assertThat(venue.isSubscribed(Channel.SUBACCOUNTS, ADDRESS + "/1")).isFalse();
  }

  @Test
  void whatTheVenueRefusesFailsWithItsWords() {
    client.take();
    venue.refuse(Channel.SUBACCOUNTS, ID, Refusal.Kind.REFUSED_BY_VENUE, "Not in your country.");
    assertThat(client.story()).containsExactly("error 9: Not in your country.");
  }

  private void live() {
    initialState(FUNDED);
    client.take();
  }

  private void initialState(String contents) {
    venue.initialState(Channel.SUBACCOUNTS, ID, contents);
  }

  private void update(String contents) {
    venue.update(Channel.SUBACCOUNTS, ID, contents);
  }

  /** The one update that came since the last look. */
  private SubaccountUpdate update() {
    List<Event> events = client.take();
    assertThat(events).hasSize(1);
    return events.get(0).getSubaccountUpdate();
  }

  private SubaccountSnapshot lateJoiner() {
    RecordingClient late = gateway.client(subaccount(ADDRESS, 0));
    SubaccountSnapshot snapshot = late.take().get(1).getSubaccountSnapshot();
    late.leave();
    return snapshot;
  }
}
