package io.github.dydxgateway.stream.state;

import io.github.dydxgateway.v1.AssetPosition;
import io.github.dydxgateway.v1.Order;
import io.github.dydxgateway.v1.OrderStatus;
import io.github.dydxgateway.v1.OrderType;
import io.github.dydxgateway.v1.PerpetualPosition;
import io.github.dydxgateway.v1.PositionSide;
import io.github.dydxgateway.v1.PositionStatus;
import io.github.dydxgateway.v1.Side;
import io.github.dydxgateway.v1.TimeInForce;

/**
 * How a change of an account's record applies to what is known of it: what the change does not have
 * stays as it was, and an enum's value and its raw text replace each other.
 */
public final class AccountRecords {
  private static final String TWAP = "128";
  private static final String TWAP_SUBORDER = "256";

  private AccountRecords() {}

  /** Whether an order of that status has ended. */
  public static boolean isEnd(OrderStatus status) {
    return switch (status) {
      case ORDER_STATUS_FILLED, ORDER_STATUS_CANCELED, ORDER_STATUS_ERROR -> true;
      default -> false;
    };
  }

  /** Whether a position of that status has ended. */
  public static boolean isEnd(PositionStatus status) {
    return status == PositionStatus.POSITION_STATUS_CLOSED
        || status == PositionStatus.POSITION_STATUS_LIQUIDATED;
  }

  /** Whether a balance of that size, decimal text, has ended. */
  public static boolean isZero(String size) {
    return !size.isEmpty() && size.chars().allMatch(c -> c == '0' || c == '.' || c == '-');
  }

  /** Whether a change of a TWAP order describes one of its suborders. */
  public static boolean isOfSuborder(Order change, Order before) {
    return change.getOrderFlags().equals(TWAP_SUBORDER) && before.getOrderFlags().equals(TWAP);
  }

  /** An order after a change. */
  public static Order merged(Order before, Order change) {
    Order of = isOfSuborder(change, before) ? ofWholeTwap(change) : change;
    Order.Builder order = before.toBuilder();
    if (isReplaced(of.getStatus() != OrderStatus.ORDER_STATUS_UNSPECIFIED, of.getStatusRaw())) {
      order.clearStatus().clearStatusRaw();
    }
    if (isReplaced(of.getSide() != Side.SIDE_UNSPECIFIED, of.getSideRaw())) {
      order.clearSide().clearSideRaw();
    }
    if (isReplaced(of.getType() != OrderType.ORDER_TYPE_UNSPECIFIED, of.getTypeRaw())) {
      order.clearType().clearTypeRaw();
    }
    if (isReplaced(
        of.getTimeInForce() != TimeInForce.TIME_IN_FORCE_UNSPECIFIED, of.getTimeInForceRaw())) {
      order.clearTimeInForce().clearTimeInForceRaw();
    }
    return order.mergeFrom(of).build();
  }

  /** What a change that describes a suborder has of the TWAP order: see {@code order_flags}. */
  private static Order ofWholeTwap(Order suborder) {
    Order.Builder order =
        Order.newBuilder()
            .setStatus(suborder.getStatus())
            .setStatusRaw(suborder.getStatusRaw())
            .setPrice(suborder.getPrice())
            .setTotalFilled(suborder.getTotalFilled());
    if (suborder.hasUpdatedAtNs()) {
      order.setUpdatedAtNs(suborder.getUpdatedAtNs());
    }
    if (suborder.hasUpdatedAtHeight()) {
      order.setUpdatedAtHeight(suborder.getUpdatedAtHeight());
    }
    return order.build();
  }

  /** A position after a change. */
  public static PerpetualPosition merged(PerpetualPosition before, PerpetualPosition change) {
    PerpetualPosition.Builder position = before.toBuilder();
    if (isReplaced(
        change.getStatus() != PositionStatus.POSITION_STATUS_UNSPECIFIED, change.getStatusRaw())) {
      position.clearStatus().clearStatusRaw();
    }
    if (isReplaced(
        change.getSide() != PositionSide.POSITION_SIDE_UNSPECIFIED, change.getSideRaw())) {
      position.clearSide().clearSideRaw();
    }
    return position.mergeFrom(change).build();
  }

  /** A balance after a change. */
  public static AssetPosition merged(AssetPosition before, AssetPosition change) {
    AssetPosition.Builder balance = before.toBuilder();
    if (isReplaced(
        change.getSide() != PositionSide.POSITION_SIDE_UNSPECIFIED, change.getSideRaw())) {
      balance.clearSide().clearSideRaw();
    }
    return balance.mergeFrom(change).build();
  }

  /** Whether a change has a value of an enum, known or not. */
  private static boolean isReplaced(boolean isKnown, String raw) {
    return isKnown || !raw.isEmpty();
  }
}
