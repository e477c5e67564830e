package io.github.dydxgateway.simulator;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * An address that trades, on subaccount 0 and, in an isolated market, on its child 128. Owned by
 * the simulator's context.
 */
final class TradingAccount {

  private static final int PARENTS = 128;
  private static final int CROSS_MARKETS = 3;
  private static final int TRANSFER_ONE_IN = 25;
  private static final int REWARD_ONE_IN = 12;

  private final String address;
  private final SplittableRandom random;
  private final SimulatedSubaccount cross;
  private final SimulatedSubaccount isolated;
  private final List<SimulatedSubaccount> subaccounts;

  TradingAccount(
      String address,
      List<SimulatedMarket> markets,
      SplittableRandom random,
      SimulatorRecord record) {
    this.address = address;
    this.random = random;
    List<SimulatedMarket> traded = markets.subList(0, Math.min(CROSS_MARKETS, markets.size()));
    SimulatedMarket alone =
        markets.stream()
            .filter(market -> market.spec().isolated())
            .findFirst()
            .orElse(markets.get(markets.size() - 1));
    this.cross =
        new SimulatedSubaccount(
            address, 0, BigDecimal.valueOf(100_000), traded, random.split(), record);
    this.isolated =
        new SimulatedSubaccount(
            address, PARENTS, BigDecimal.valueOf(25_000), List.of(alone), random.split(), record);
    this.subaccounts = List.of(cross, isolated);
  }

  /** What the account does in one block; {@link #publish} tells of it. */
  void trade(BlockClock block) {
    subaccounts.forEach(subaccount -> subaccount.trade(block));
    if (random.nextInt(TRANSFER_ONE_IN) == 0) {
      transfer(block);
    }
    if (random.nextInt(REWARD_ONE_IN) == 0) {
      cross.reward(BigDecimal.valueOf(random.nextLong(1, 900_000_000), 12), block);
    }
  }

  /** Publishes what has happened since the last call. */
  void publish(Publisher publisher) {
    for (SimulatedSubaccount subaccount : subaccounts) {
      int number = subaccount.number();
      SimulatedTopic own = topic(SimulatedChannel.SUBACCOUNTS, number);
      SimulatedTopic parent = topic(SimulatedChannel.PARENT_SUBACCOUNTS, number % PARENTS);
      for (String contents : subaccount.takeUpdates()) {
        if (publisher.wanted(own)) {
          publisher.publish(Publication.of(own, contents));
        }
        if (publisher.wanted(parent)) {
          publisher.publish(Publication.of(parent, contents, number));
        }
      }
    }
  }

  /** Whether the account has anything to do with a market. */
  boolean trades(SimulatedMarket market) {
    return subaccounts.stream().anyMatch(subaccount -> subaccount.trades(market));
  }

  /** Initial state of a subaccount; empty where it was never funded. */
  Optional<String> subaccount(int number, BlockClock block) {
    return subaccounts.stream()
        .filter(subaccount -> subaccount.number() == number)
        .findFirst()
        .map(
            subaccount -> {
              JsonText json = new JsonText(2048);
              subaccount.write(json, block.height());
              return initialState(json.toString(), List.of(subaccount), block);
            });
  }

  /** Initial state of a parent with its children; empty where none was ever funded. */
  Optional<String> parentSubaccount(int number, BlockClock block) {
    List<SimulatedSubaccount> children =
        subaccounts.stream().filter(child -> child.number() % PARENTS == number).toList();
    if (children.isEmpty()) {
      return Optional.empty();
    }
    JsonText json =
        new JsonText(4096)
            .object()
            .field("address", address)
            .field("parentSubaccountNumber", number)
            .field("equity", total(children, SimulatedSubaccount::equity))
            .field("freeCollateral", total(children, SimulatedSubaccount::freeCollateral))
            .array("childSubaccounts");
    children.forEach(child -> child.write(json, block.height()));
    return Optional.of(initialState(json.closeAll(), children, block));
  }

  private interface Amount {
    BigDecimal of(SimulatedSubaccount subaccount);
  }

  private static String total(List<SimulatedSubaccount> children, Amount amount) {
    return VenueNumber.text(
        children.stream().map(amount::of).reduce(BigDecimal.ZERO, BigDecimal::add));
  }

  private static String initialState(
      String subaccountJson, List<SimulatedSubaccount> holders, BlockClock block) {
    JsonText json = new JsonText(4096).object().raw("subaccount", subaccountJson).array("orders");
    holders.forEach(holder -> holder.writeOrders(json, block));
    return json.endArray().field("blockHeight", Long.toString(block.height())).closeAll();
  }

  private void transfer(BlockClock block) {
    BigDecimal amount = BigDecimal.valueOf(random.nextLong(1_000_000, 900_000_000), 6);
    switch (random.nextInt(4)) {
      case 0 -> {
        String json = transferJson("DEPOSIT", wallet(), party(0), amount, block);
        cross.transfer(amount, json, block);
      }
      case 1 -> {
        String json = transferJson("WITHDRAWAL", party(0), wallet(), amount, block);
        cross.transfer(amount.negate(), json, block);
      }
      case 2 -> move(cross, isolated, amount, block);
      default -> move(isolated, cross, amount, block);
    }
  }

  private void move(
      SimulatedSubaccount from, SimulatedSubaccount to, BigDecimal amount, BlockClock block) {
    String sender = party(from.number());
    String recipient = party(to.number());
    from.transfer(
        amount.negate(), transferJson("TRANSFER_OUT", sender, recipient, amount, block), block);
    to.transfer(amount, transferJson("TRANSFER_IN", sender, recipient, amount, block), block);
  }

  private String transferJson(
      String type, String sender, String recipient, BigDecimal amount, BlockClock block) {
    return new JsonText()
        .object()
        .raw("sender", sender)
        .raw("recipient", recipient)
        .field("symbol", "USDC")
        .field("size", VenueNumber.text(amount))
        .field("type", type)
        .field("createdAt", block.timeText())
        .field("createdAtHeight", Long.toString(block.height()))
        .field("transactionHash", "%016X".formatted(random.nextLong()).repeat(4))
        .closeAll();
  }

  private String wallet() {
    return new JsonText().object().field("address", address).closeAll();
  }

  private String party(int number) {
    return new JsonText()
        .object()
        .field("address", address)
        .field("subaccountNumber", number)
        .closeAll();
  }

  private SimulatedTopic topic(SimulatedChannel channel, int number) {
    return new SimulatedTopic(channel, address + "/" + number);
  }
}
