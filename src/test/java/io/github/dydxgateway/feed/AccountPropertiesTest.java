package io.github.dydxgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Order;
import io.github.dydxgateway.v1.OrderStatus;
import io.github.dydxgateway.v1.SubaccountSnapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Whatever the venue sends of an account, in whatever order and however often: a client that has
 * applied every event since the first snapshot, as the contract says, has what one gets that joins.
 */
class AccountPropertiesTest {
  private static final int FIRST_BLOCK = 1000;

  /** Orders as a client has them that reads the contract. */
  private static final class ClientOrders {
    private final Map<String, Order> orders = new TreeMap<>();
    private final Set<String> fills = new HashSet<>();

    void apply(List<Event> events) {
      for (Event event : events) {
        if (event.hasSubaccountSnapshot()) {
          orders.clear();
          orders.putAll(byId(event.getSubaccountSnapshot()));
        }
        event.getSubaccountUpdate().getOrdersList().forEach(this::apply);
        event
            .getSubaccountUpdate()
            .getFillsList()
            .forEach(fill -> assertThat(fills.add(fill.getFillId())).isTrue());
      }
    }

    private void apply(Order change) {
      Order before = orders.getOrDefault(change.getOrderId(), Order.getDefaultInstance());
      Order of = change;
      if (change.getOrderFlags().equals("256") && before.getOrderFlags().equals("128")) {
        Order.Builder whole =
            Order.newBuilder()
                .setStatus(change.getStatus())
                .setPrice(change.getPrice())
                .setTotalFilled(change.getTotalFilled());
        if (change.hasUpdatedAtHeight()) {
          whole.setUpdatedAtHeight(change.getUpdatedAtHeight());
        }
        of = whole.build();
      }
      Order now = before.toBuilder().mergeFrom(of).build();
      switch (now.getStatus()) {
        case ORDER_STATUS_FILLED, ORDER_STATUS_CANCELED, ORDER_STATUS_ERROR ->
            orders.remove(change.getOrderId());
        default -> orders.put(change.getOrderId(), now);
      }
    }
  }

  private static Map<String, Order> byId(SubaccountSnapshot snapshot) {
    Map<String, Order> orders = new TreeMap<>();
    snapshot.getOrdersList().forEach(order -> orders.put(order.getOrderId(), order));
    return orders;
  }

  /** What happens next; {@code height} counts from the first block. */
  record Step(int kind, String order, int height) {}

  @Provide
  Arbitrary<Step> steps() {
    Arbitrary<String> status =
        Arbitraries.of(
            "OPEN",
            "FILLED",
            "CANCELED",
            "BEST_EFFORT_CANCELED",
            "BEST_EFFORT_OPENED",
            "UNTRIGGERED",
            "ERROR");
    Arbitrary<String> flags = Arbitraries.of("0", "0", "0", "32", "64", "128", "256");
    Arbitrary<String> more =
        Arbitraries.of(
            "",
            ",'goodTilBlock':'1005'",
            ",'goodTilBlock':'1020'",
            ",'goodTilBlockTime':'2027-01-01T00:00:00.000Z'",
            ",'totalFilled':'0.5','updatedAtHeight':'1003'",
            ",'totalFilled':'1','updatedAtHeight':'1010'",
            ",'totalFilled':'0.20'",
            ",'createdAtHeight':'1015','size':'3'");
    Arbitrary<String> order =
        Combinators.combine(Arbitraries.integers().between(1, 3), status, flags, more)
            .as(
                (id, is, flag, rest) ->
                    "{'id':'o%d','clientId':'%d','status':'%s','orderFlags':'%s'%s}"
                        .formatted(id, id, is, flag, rest));
    return Combinators.combine(
            Arbitraries.integers().between(0, 9), order, Arbitraries.integers().between(1, 40))
        .as(Step::new);
  }

  @Property(tries = 100)
  void aClientThatAppliesEveryEventHasWhatALateOneGets(
      @ForAll @IntRange(min = 1, max = 2) int lines,
      @ForAll @Size(max = 60) List<@From("steps") Step> steps) {
    TestAccount account = TestAccount.subaccount(lines).live();
    account.firstBlock(FIRST_BLOCK);
    ClientOrders client = new ClientOrders();
    List<String> sent = new ArrayList<>(List.of("{'orders':[]}"));
    for (Step step : steps) {
      int height = FIRST_BLOCK + step.height();
      switch (step.kind()) {
        case 0, 1 -> account.block(height);
        case 2 -> account.update(sent.get(step.height() % sent.size()));
        case 3 -> {
          client.apply(account.client().take());
          account.interrupt();
          account.state(
              "{'subaccount':{},'orders':[%s],'blockHeight':'%d'}".formatted(step.order(), height));
          client.orders.clear();
          client.orders.putAll(byId(account.late()));
        }
        default -> {
          String update =
              "{'orders':[%s],'fills':[{'id':'f%d'}],'blockHeight':'%d'}"
                  .formatted(step.order(), sent.size(), height);
          sent.add(update);
          account.update(update);
        }
      }
      client.apply(account.client().take());
      assertThat(byId(account.late())).isEqualTo(client.orders);
      assertThat(client.orders.values())
          .noneMatch(order -> order.getStatus() == OrderStatus.ORDER_STATUS_FILLED);
    }
  }
}
