package io.github.dydxgateway.stream.state;

import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.ParentSubaccountTopic;
import io.github.dydxgateway.v1.SubaccountSnapshot;
import io.github.dydxgateway.v1.SubaccountTopic;
import io.github.dydxgateway.v1.SubaccountUpdate;
import java.util.List;

/** A subaccount, or a parent subaccount with its children. */
public final class AccountState extends TopicState {
  private final boolean isParent;

  /** The subaccount before anything is known of it. */
  private final SubaccountSnapshot unknown;

  private final OpenOrders orders = new OpenOrders();
  private Account account;
  private boolean isWithoutPart;

  private AccountState(boolean isParent, String address, int subaccountNumber) {
    this.isParent = isParent;
    this.unknown =
        SubaccountSnapshot.newBuilder()
            .setAddress(address)
            .setSubaccountNumber(subaccountNumber)
            .build();
    clear();
  }

  static AccountState of(SubaccountTopic topic) {
    return new AccountState(false, topic.getAddress(), topic.getSubaccountNumber());
  }

  static AccountState of(ParentSubaccountTopic topic) {
    return new AccountState(true, topic.getAddress(), topic.getSubaccountNumber());
  }

  /**
   * Applies what changed; as a {@link SubaccountUpdate} event.
   *
   * @param receiveTimeNs when its frame arrived, nanoseconds since the Unix epoch
   */
  public void change(SubaccountUpdate update, long receiveTimeNs) {
    change(update);
    applied(receiveTimeNs);
  }

  private void change(SubaccountUpdate update) {
    if (isParent) {
      account.updateChild(update);
    } else {
      account.update(update);
    }
    update.getOrdersList().forEach(orders::apply);
  }

  private void add(SubaccountSnapshot part) {
    if (isWithoutPart) {
      account = new Account(part);
      isWithoutPart = false;
    }
    account.add(part);
    part.getOrdersList().forEach(orders::apply);
  }

  @Override
  protected void clear() {
    account = new Account(unknown);
    isWithoutPart = true;
    orders.clear();
  }

  @Override
  protected boolean fold(Event event) {
    if (event.hasSubaccountSnapshot()) {
      add(event.getSubaccountSnapshot());
      return true;
    }
    if (event.hasSubaccountUpdate()) {
      change(event.getSubaccountUpdate());
      return true;
    }
    return false;
  }

  @Override
  protected List<Event.Builder> payloads(int maxBytes) {
    return account.parts(orders.all(), maxBytes).stream()
        .map(part -> Event.newBuilder().setSubaccountSnapshot(part))
        .toList();
  }
}
