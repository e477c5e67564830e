package io.github.dydxgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.v1.SubaccountSnapshot;
import io.github.dydxgateway.v1.SubaccountUpdate;
import org.junit.jupiter.api.Test;

/** What belongs to a child of a parent subaccount names it, in every state and update. */
class ChildSubaccountsTest {
  private static final String ALL =
      "{'orders':[{'id':'o','clientId':'401','status':'OPEN','orderFlags':'64'}],"
          + "'fills':[{'id':'f'}],"
          + "'perpetualPositions':[{'market':'BTC-USD','status':'OPEN','size':'1'}],"
          + "'assetPositions':[{'symbol':'USDC','size':'2'}]}";

  @Test
  void anUpdateNamesTheChildForEarlyAndLateClients() {
    TestAccount account = TestAccount.parent(1).live();
    account.updateOfChild(128, ALL);
    SubaccountUpdate update = account.updates().get(0);
    assertThat(update.getOrders(0).getSubaccountNumber()).isEqualTo(128);
    assertThat(update.getFills(0).getSubaccountNumber()).isEqualTo(128);
    assertThat(update.getPositions(0).getSubaccountNumber()).isEqualTo(128);
    assertThat(update.getBalances(0).getSubaccountNumber()).isEqualTo(128);
    SubaccountSnapshot late = account.late();
    assertThat(late.getOrders(0).getSubaccountNumber()).isEqualTo(128);
    assertThat(late.getChildren(0).getPositions(0).getSubaccountNumber()).isEqualTo(128);
    assertThat(late.getChildren(0).getBalances(0).getSubaccountNumber()).isEqualTo(128);
  }

  @Test
  void theFirstChildIsNamedToo() {
    TestAccount account = TestAccount.parent(1).live();
    account.updateOfChild(0, ALL);
    assertThat(account.updates().get(0).getOrders(0).hasSubaccountNumber()).isTrue();
    assertThat(account.late().getOrders(0).hasSubaccountNumber()).isTrue();
  }

  @Test
  void anInitialStateNamesTheChildByNumberOrById() {
    TestAccount account = TestAccount.parent(1);
    account.state(
        ("{'subaccount':{'parentSubaccountNumber':0,'childSubaccounts':[{'subaccountNumber':128,"
                + "'openPerpetualPositions':{'BTC-USD':{'size':'1'}},"
                + "'assetPositions':{'USDC':{'size':'2'}}}]},"
                + "'orders':[{'id':'a','status':'OPEN','subaccountNumber':256},"
                + "{'id':'b','status':'OPEN','subaccountId':'%s'},{'id':'c','status':'OPEN'}]}")
            .formatted(ChildSubaccounts.idOf(TestAccount.ADDRESS, 128)));
    SubaccountSnapshot late = account.late();
    assertThat(late.getOrders(0).getSubaccountNumber()).isEqualTo(256);
    assertThat(late.getOrders(1).getSubaccountNumber()).isEqualTo(128);
    assertThat(late.getOrders(2).hasSubaccountNumber()).isFalse();
    assertThat(late.getChildren(0).getPositions(0).getSubaccountNumber()).isEqualTo(128);
    assertThat(late.getChildren(0).getBalances(0).getSubaccountNumber()).isEqualTo(128);
    account.updateOfChild(128, "{'orders':[{'id':'c','status':'OPEN'}]}");
    assertThat(account.late().getOrders(2).getSubaccountNumber()).isEqualTo(128);
  }

  @Test
  void theIdOfASubaccountIsTheVenues() {
    assertThat(ChildSubaccounts.idOf("dydx1zsw8fczav25uvc8rg3zcv6zy9j7yhnktpq374m", 0))
        .isEqualTo("db535c19-b298-5ee8-bb59-e96c659a8bd4");
  }
}
