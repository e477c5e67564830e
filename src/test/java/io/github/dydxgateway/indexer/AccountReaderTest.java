package io.github.dydxgateway.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.ChannelContents.FieldProblem;
import io.github.dydxgateway.indexer.ChannelContents.SubaccountChange;
import io.github.dydxgateway.indexer.ChannelContents.SubaccountState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountReaderTest {
  private static final IndexerPosition POSITION =
      new IndexerPosition(
          "p1",
          "ETH-USD",
          "OPEN",
          "SHORT",
          "-1.0",
          "2",
          "1854.43",
          null,
          "-0.001",
          "0",
          1_000_000_000L,
          8L,
          null,
          "1",
          "0",
          "0.1",
          0L,
          "dydx1x",
          UnknownFields.NONE);

  private static final IndexerOrder ORDER =
      new IndexerOrder(
          "o1",
          "s1",
          "123",
          1L,
          "BUY",
          "1.50",
          "ETH-USD",
          "1948.65",
          "LIMIT",
          "IOC",
          false,
          true,
          "FILLED",
          "64",
          "1",
          "0.5",
          61_186L,
          3_000_000_000L,
          "1900",
          2_000_000_000L,
          61_000L,
          "NONE",
          60_999L,
          "0",
          "300",
          "30",
          "10",
          0L,
          null,
          null,
          null,
          null,
          UnknownFields.NONE);

  @Test
  void readsAState() throws MalformedFrameException {
    IndexerFrame.Subscribed frame =
        (IndexerFrame.Subscribed) Reading.frame(SampleFrames.SUBACCOUNT_STATE);
    assertThat(frame.channelId())
        .isEqualTo(new ChannelId(Channel.SUBACCOUNTS, SampleFrames.ADDRESS + "/0"));
    assertThat(frame.contents())
        .isEqualTo(new SubaccountState(subaccount(0), List.of(ORDER), true, 9, List.of()));
  }

  @Test
  void readsTheChildrenOfAParent() throws MalformedFrameException {
    IndexerFrame.Subscribed frame =
        (IndexerFrame.Subscribed) Reading.frame(SampleFrames.PARENT_STATE);
    IndexerSubaccount parent = ((SubaccountState) frame.contents()).subaccount();
    assertThat(parent.subaccountNumber()).isZero();
    assertThat(parent.equity()).isEqualTo("1.0");
    assertThat(parent.children()).containsExactly(subaccount(0), subaccount(128));
    assertThat(
            state("{\"subaccount\":{\"childSubaccounts\":{\"0\":{\"equity\":\"5\"}}}}")
                .subaccount()
                .children()
                .get(0)
                .equity())
        .isEqualTo("5");
  }

  private static IndexerSubaccount subaccount(long number) {
    return new IndexerSubaccount(
        SampleFrames.ADDRESS,
        number,
        "100000000000.000000",
        "1000000000000000000000",
        List.of(POSITION),
        List.of(
            new IndexerAssetPosition(
                null, "USDC", "LONG", "100000000000", "0", number, null, UnknownFields.NONE)),
        true,
        100L,
        101L,
        List.of(),
        UnknownFields.NONE);
  }

  @Test
  void readsWhatNewerServersAddToOrdersAndFills() throws MalformedFrameException {
    SubaccountChange change =
        update(
            """
            {"orders":[{"id":"o1","builderAddress":"dydx1b","feePpm":100,"orderRouterAddress":"dydx1r",
               "createdAt":"1970-01-01T00:00:01.000Z","orderFlags":256}],
             "fills":[{"id":"f1","builderAddress":"dydx1b","builderFee":"0.10","orderRouterAddress":"dydx1r",
               "orderRouterFee":"2e-1","affiliateRevShare":"0","positionSizeBefore":"1.50",
               "positionSideBefore":"SHORT","entryPriceBefore":"100.0","subaccountNumber":128}]}""");
    IndexerOrder order = change.orders().get(0);
    assertThat(order.builderAddress()).isEqualTo("dydx1b");
    assertThat(order.feePpm()).isEqualTo("100");
    assertThat(order.orderRouterAddress()).isEqualTo("dydx1r");
    assertThat(order.createdAtNs()).isEqualTo(1_000_000_000L);
    assertThat(order.orderFlags()).isEqualTo("256");
    assertThat(order.unknownFields()).isEqualTo(UnknownFields.NONE);
    IndexerFill fill = change.fills().get(0);
    assertThat(fill.builderAddress()).isEqualTo("dydx1b");
    assertThat(fill.builderFee()).isEqualTo("0.10");
    assertThat(fill.orderRouterAddress()).isEqualTo("dydx1r");
    assertThat(fill.orderRouterFee()).isEqualTo("0.2");
    assertThat(fill.affiliateRevShare()).isEqualTo("0");
    assertThat(fill.positionSizeBefore()).isEqualTo("1.50");
    assertThat(fill.positionSideBefore()).isEqualTo("SHORT");
    assertThat(fill.entryPriceBefore()).isEqualTo("100.0");
    assertThat(fill.subaccountNumber()).isEqualTo(128);
    assertThat(fill.unknownFields()).isEqualTo(UnknownFields.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"subaccount\":null}", "{\"orders\":[],\"new\":1}"})
  void anAccountNeverFundedHasNoSubaccount(String contents) throws MalformedFrameException {
    boolean hasOrders = contents.contains("orders");
    assertThat(state(contents))
        .isEqualTo(new SubaccountState(null, List.of(), hasOrders, 0, List.of()));
  }

  @Test
  void aStateWhoseSubaccountCannotBeReadIsMalformedNotUnfunded() {
    assertThat(
            Reading.malformed(
                SampleFrames.with(SampleFrames.SUBACCOUNT_STATE, "contents", "{\"subaccount\":5}")))
        .hasMessage("expected an object at subaccount, got 5");
  }

  @Test
  void positionsMayBeListsAndTakeTheirNameFromTheirKey() throws MalformedFrameException {
    IndexerSubaccount subaccount =
        state(
                """
                {"subaccount":{"openPerpetualPositions":{"BTC-USD":{"size":"1","ticker":null}},
                  "assetPositions":[{"symbol":"USDC","size":"2"}],"new":[1]}}""")
            .subaccount();
    assertThat(subaccount.openPerpetualPositions().get(0).market()).isEqualTo("BTC-USD");
    assertThat(subaccount.assetPositions().get(0).symbol()).isEqualTo("USDC");
    assertThat(subaccount.unknownFields().jsonByName()).isEqualTo(Map.of("new", "[1]"));
    assertThat(
            state("{\"subaccount\":{\"assetPositions\":{\"USDC\":{\"size\":\"2\"}}}}")
                .subaccount()
                .assetPositions()
                .get(0)
                .symbol())
        .isEqualTo("USDC");
  }

  @Test
  void readsEverythingAnUpdateMayHold() throws MalformedFrameException {
    IndexerFrame.ChannelData frame =
        (IndexerFrame.ChannelData) Reading.frame(SampleFrames.SUBACCOUNT_UPDATE);
    SubaccountChange change = (SubaccountChange) frame.updates().get(0);
    assertThat(change.orders()).hasSize(2).startsWith(ORDER);
    IndexerOrder bare = change.orders().get(1);
    assertThat(bare.status()).isEqualTo("BEST_EFFORT_OPENED");
    assertThat(bare.size()).isNull();
    assertThat(bare.postOnly()).isNull();
    assertThat(change.fills())
        .containsExactly(
            new IndexerFill(
                "f1",
                "s1",
                "BUY",
                "TAKER",
                "LIMIT",
                1L,
                "1",
                "1854.43",
                "1854.43",
                "0.92",
                "0001abff",
                "1581E3",
                1_000_000_000L,
                61_183,
                "o1",
                "ETH-USD",
                "0",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                UnknownFields.NONE));
    assertThat(change.positions()).containsExactly(POSITION);
    assertThat(change.assetPositions())
        .containsExactly(
            new IndexerAssetPosition(
                "a1",
                "USDC",
                "LONG",
                "100000000000",
                "0",
                0L,
                SampleFrames.ADDRESS,
                UnknownFields.NONE));
    assertThat(change.transfers())
        .containsExactly(
            new IndexerTransfer(
                new IndexerTransfer.Party("dydx1sender", 3L),
                new IndexerTransfer.Party("dydx1wallet", null),
                "USDC",
                "10.50",
                "TRANSFER_IN",
                1_000_000_000L,
                8,
                "ABCD",
                UnknownFields.NONE));
    assertThat(change.tradingRewards())
        .containsExactly(new IndexerTradingReward("0.0015", 1_000_000_000L, 8, UnknownFields.NONE));
    assertThat(change.blockHeight()).isEqualTo(10);
    assertThat(change.unknownFields().isEmpty()).isTrue();
    assertThat(change.problems()).isEmpty();
  }

  @Test
  void transfersAndRewardsMayBeListsToo() throws MalformedFrameException {
    SubaccountChange change =
        update(
            """
            {"transfers":[{"size":"1"},{"size":"2"}],"tradingReward":{"tradingReward":"3"},
             "tradingRewards":[{"tradingReward":"4"},{"tradingReward":"5"}]}""");
    assertThat(change.transfers()).extracting(IndexerTransfer::size).containsExactly("1", "2");
    assertThat(change.tradingRewards())
        .extracting(IndexerTradingReward::tradingReward)
        .containsExactly("3", "4", "5");
  }

  @Test
  void newerNamesOfFieldsWin() throws MalformedFrameException {
    SubaccountChange change =
        update(
            """
            {"fills":[{"ticker":"BTC-USD","market":"OLD","eventId":"ABcd"}],
             "perpetualPositions":[{"ticker":"ETH-USD","id":"p","positionId":null}]}""");
    assertThat(change.fills().get(0).ticker()).isEqualTo("BTC-USD");
    assertThat(change.fills().get(0).eventId()).isEqualTo("ABcd");
    assertThat(change.positions().get(0).market()).isEqualTo("ETH-USD");
    assertThat(change.positions().get(0).id()).isEqualTo("p");
  }

  @Test
  void unknownFieldsAreKeptWhereTheyStood() throws MalformedFrameException {
    SubaccountChange change =
        update(
            """
            {"new":{"a": 1},"orders":[{"id":"1","x":"null","y":null}],"fills":[{"x":[1]}],
             "transfers":{"x":1,"sender":{"address":"a","tag":"t"}},
             "tradingReward":{"x":"y"}}""");
    assertThat(change.unknownFields().jsonByName()).isEqualTo(Map.of("new", "{\"a\": 1}"));
    assertThat(change.orders().get(0).unknownFields().jsonByName())
        .isEqualTo(Map.of("x", "\"null\""));
    assertThat(change.fills().get(0).unknownFields().jsonByName()).isEqualTo(Map.of("x", "[1]"));
    assertThat(change.transfers().get(0).unknownFields().jsonByName())
        .isEqualTo(Map.of("x", "1", "sender.tag", "\"t\""));
    assertThat(change.tradingRewards().get(0).unknownFields().jsonByName())
        .isEqualTo(Map.of("x", "\"y\""));
  }

  @Test
  void aBadFieldIsAProblemAndCostsNothingElse() throws MalformedFrameException {
    SubaccountChange change =
        update(
            """
            {"orders":[{"id":"1"},7,{"id":"2","price":"x","postOnly":"yes","updatedAt":"y",
               "goodTilBlock":"z","status":{},"size":"1"}],
             "fills":{},
             "perpetualPositions":null,
             "transfers":{"sender":"dydx1x","size":"9"},
             "blockHeight":"b"}""");
    assertThat(change.orders()).extracting(IndexerOrder::id).containsExactly("1", "2");
    assertThat(change.orders().get(1).size()).isEqualTo("1");
    assertThat(change.transfers().get(0).size()).isEqualTo("9");
    assertThat(change.problems())
        .extracting(FieldProblem::field)
        .containsExactly(
            "orders[1]",
            "orders[2].price",
            "orders[2].postOnly",
            "orders[2].updatedAt",
            "orders[2].goodTilBlock",
            "orders[2].status",
            "fills",
            "transfers.sender",
            "blockHeight");
    assertThat(change.problems().get(3).problem())
        .isEqualTo("expected an ISO-8601 time from 1970 to 2262, got \"y\"");
  }

  @Test
  void anEventIdThatIsNoBufferIsAProblem() throws MalformedFrameException {
    SubaccountChange change =
        update(
            """
            {"fills":[{"id":"1","eventId":{"type":"Buffer","data":[1,256,"x",3]}},
              {"id":"2","eventId":{"data":"x"}},{"id":"3","eventId":{}},{"id":"4","eventId":[]},
              {"id":"5","eventId":{"data":["x",1]}},{"id":"6","eventId":{"data":[]}}]}""");
    assertThat(change.fills())
        .extracting(IndexerFill::id)
        .containsExactly("1", "2", "3", "4", "5", "6");
    assertThat(change.fills())
        .extracting(IndexerFill::eventId)
        .containsExactly(null, null, null, null, null, "");
    assertThat(change.problems())
        .containsExactly(
            new FieldProblem("fills[0].eventId.data[1]", "expected a byte, 0 to 255, got 256"),
            new FieldProblem("fills[1].eventId.data", "expected an array of bytes, got \"x\""),
            new FieldProblem("fills[2].eventId", "expected data with bytes, got none"),
            new FieldProblem("fills[3].eventId", "expected a string, got []"),
            new FieldProblem("fills[4].eventId.data[0]", "expected a byte, 0 to 255, got \"x\""));
  }

  @Test
  void problemsAreBoundedAndShort() throws MalformedFrameException {
    String bad = "{\"price\":\"" + "x".repeat(500) + "\"}";
    SubaccountChange change = update("{\"orders\":[" + (bad + ",").repeat(2000) + bad + "]}");
    assertThat(change.orders()).hasSize(2001);
    assertThat(change.problems()).hasSize(FieldProblems.MAX_PROBLEMS + 1);
    assertThat(change.problems().get(0).problem()).hasSizeLessThanOrEqualTo(200);
    assertThat(change.problems().get(FieldProblems.MAX_PROBLEMS).problem())
        .isEqualTo("this and further fields could not be read either");
  }

  @Test
  void problemsOfABatchStayWithTheirUpdate() throws MalformedFrameException {
    IndexerFrame.ChannelData batch =
        (IndexerFrame.ChannelData)
            Reading.frame(
                SampleFrames.channelFrame(
                    "channel_batch_data",
                    "v4_subaccounts",
                    "a/0",
                    "[{\"blockHeight\":\"x\"},{\"blockHeight\":\"2\"}]"));
    assertThat(((SubaccountChange) batch.updates().get(0)).problems())
        .extracting(FieldProblem::field)
        .containsExactly("blockHeight");
    assertThat(((SubaccountChange) batch.updates().get(1)).problems()).isEmpty();
  }

  private static SubaccountState state(String contents) throws MalformedFrameException {
    return Reading.state(SubaccountState.class, "v4_subaccounts", contents);
  }

  private static SubaccountChange update(String contents) throws MalformedFrameException {
    return Reading.update(SubaccountChange.class, "v4_subaccounts", contents);
  }
}
