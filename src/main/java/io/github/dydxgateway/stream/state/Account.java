package io.github.dydxgateway.stream.state;

import io.github.dydxgateway.v1.AssetPosition;
import io.github.dydxgateway.v1.Order;
import io.github.dydxgateway.v1.PerpetualPosition;
import io.github.dydxgateway.v1.SubaccountSnapshot;
import io.github.dydxgateway.v1.SubaccountUpdate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known of a subaccount, or of a parent with its children, apart from orders. Not thread
 * safe.
 */
final class Account {
  /** The single fields. */
  private final SubaccountSnapshot.Builder header;

  private final Map<String, PerpetualPosition> positions = new TreeMap<>();
  private final Map<String, AssetPosition> balances = new TreeMap<>();
  private final ExtraFields extras = new ExtraFields();
  private final Map<Integer, Account> children = new TreeMap<>();

  /**
   * @param whole first part of a snapshot of it, whose lists are not added
   */
  Account(SubaccountSnapshot whole) {
    header =
        whole.toBuilder()
            .clearPositions()
            .clearBalances()
            .clearOrders()
            .clearChildren()
            .clearExtraFields();
  }

  /** Adds the lists of a part of a snapshot, apart from orders. */
  void add(SubaccountSnapshot part) {
    part.getPositionsList().forEach(this::set);
    part.getBalancesList().forEach(this::set);
    extras.putAll(part.getExtraFieldsMap());
    for (SubaccountSnapshot child : part.getChildrenList()) {
      children
          .computeIfAbsent(child.getSubaccountNumber(), number -> new Account(child))
          .add(child);
    }
  }

  /** Applies an update of this account itself. */
  void update(SubaccountUpdate update) {
    noteBlock(update.getBlockHeight());
    update.getPositionsList().forEach(this::set);
    update.getBalancesList().forEach(this::set);
  }

  /** Applies an update of a child. */
  void updateChild(SubaccountUpdate update) {
    noteBlock(update.getBlockHeight());
    child(update.getSubaccountNumber()).update(update);
  }

  private void noteBlock(long height) {
    header.setFound(true).setBlockHeight(Math.max(header.getBlockHeight(), height));
  }

  private Account child(int number) {
    return children.computeIfAbsent(
        number,
        n ->
            new Account(
                SubaccountSnapshot.newBuilder()
                    .setAddress(header.getAddress())
                    .setSubaccountNumber(n)
                    .setAccountId(header.getAccountId())
                    .build()));
  }

  private void set(PerpetualPosition position) {
    int number =
        position.hasSubaccountNumber()
            ? position.getSubaccountNumber()
            : header.getSubaccountNumber();
    String key = position.getInstrumentId() + "/" + number;
    if (AccountRecords.isEnd(position.getStatus())) {
      positions.remove(key);
    } else {
      positions.merge(key, position, AccountRecords::merged);
    }
  }

  private void set(AssetPosition balance) {
    int number =
        balance.hasSubaccountNumber()
            ? balance.getSubaccountNumber()
            : header.getSubaccountNumber();
    String key = balance.getSymbol() + "/" + number;
    if (AccountRecords.isZero(balance.getSize())) {
      balances.remove(key);
    } else {
      balances.merge(key, balance, AccountRecords::merged);
    }
  }

  /**
   * The account as the parts of a snapshot. The first holds all single fields, the others address,
   * number and label; the lists of all parts add up.
   *
   * @param orders of the account and of all its children
   * @param maxBytes a part is about so large at most, unless one record is larger
   */
  List<SubaccountSnapshot> parts(Collection<Order> orders, int maxBytes) {
    Parts parts = new Parts(maxBytes);
    positions.values().forEach(parts::add);
    balances.values().forEach(parts::add);
    extras.all().entrySet().forEach(parts::add);
    for (Account child : children.values()) {
      child.parts(List.of(), maxBytes).forEach(parts::add);
    }
    orders.forEach(parts::add);
    return parts.end();
  }

  /** The messages of a snapshot. */
  private final class Parts {
    private final List<SubaccountSnapshot> done = new ArrayList<>(1);
    private final PartSize size;
    private SubaccountSnapshot.Builder part = header.clone();

    Parts(int maxBytes) {
      size = new PartSize(maxBytes);
      size.begin(header.build().getSerializedSize());
    }

    private void makeRoom(int bytes) {
      if (!size.add(bytes)) {
        done.add(part.build());
        part =
            SubaccountSnapshot.newBuilder()
                .setAddress(header.getAddress())
                .setSubaccountNumber(header.getSubaccountNumber())
                .setAccountId(header.getAccountId());
        size.begin(part.build().getSerializedSize());
        size.add(bytes);
      }
    }

    void add(PerpetualPosition position) {
      makeRoom(PartSize.of(position));
      part.addPositions(position);
    }

    void add(AssetPosition balance) {
      makeRoom(PartSize.of(balance));
      part.addBalances(balance);
    }

    void add(Map.Entry<String, String> field) {
      makeRoom(ExtraFields.sizeOf(field));
      part.putExtraFields(field.getKey(), field.getValue());
    }

    void add(SubaccountSnapshot child) {
      makeRoom(PartSize.of(child));
      part.addChildren(child);
    }

    void add(Order order) {
      makeRoom(PartSize.of(order));
      part.addOrders(order);
    }

    List<SubaccountSnapshot> end() {
      done.add(part.build());
      return done;
    }
  }
}
