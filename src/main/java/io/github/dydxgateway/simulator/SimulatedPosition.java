package io.github.dydxgateway.simulator;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * A perpetual position from its opening to its close; it never changes sides. Owned by the
 * simulator's context.
 */
final class SimulatedPosition {

  // The venue computes average prices with a big-number library; here ten digits are enough.
  private static final int AVERAGE_SCALE = 10;

  private final String ticker;
  private final boolean isLong;
  private final int subaccountNumber;
  private final String createdAt;
  private final long createdAtHeight;
  private BigDecimal sumOpen = BigDecimal.ZERO;
  private BigDecimal sumClose = BigDecimal.ZERO;
  private BigDecimal paidOpen = BigDecimal.ZERO;
  private BigDecimal paidClose = BigDecimal.ZERO;
  private BigDecimal maxSize = BigDecimal.ZERO;
  private String closedAt;

  SimulatedPosition(String ticker, boolean isLong, int subaccountNumber, BlockClock block) {
    this.ticker = ticker;
    this.isLong = isLong;
    this.subaccountNumber = subaccountNumber;
    this.createdAt = block.timeText();
    this.createdAtHeight = block.height();
  }

  void increase(BigDecimal size, BigDecimal price) {
    sumOpen = sumOpen.add(size);
    paidOpen = paidOpen.add(size.multiply(price));
    maxSize = maxSize.max(held());
  }

  void reduce(BigDecimal size, BigDecimal price, BlockClock block) {
    sumClose = sumClose.add(size);
    paidClose = paidClose.add(size.multiply(price));
    if (held().signum() == 0) {
      closedAt = block.timeText();
    }
  }

  String ticker() {
    return ticker;
  }

  boolean isLong() {
    return isLong;
  }

  boolean closed() {
    return closedAt != null;
  }

  /** What is held, without sign. */
  BigDecimal held() {
    return sumOpen.subtract(sumClose);
  }

  /** What is held, negative when short. */
  BigDecimal size() {
    return isLong ? held() : held().negate();
  }

  BigDecimal entryPrice() {
    return paidOpen.divide(sumOpen, AVERAGE_SCALE, RoundingMode.HALF_UP);
  }

  private BigDecimal gain(BigDecimal size, BigDecimal price) {
    BigDecimal perUnit = price.subtract(entryPrice());
    return size.multiply(isLong ? perUnit : perUnit.negate());
  }

  /** As an element of an update; only there a position names its address. */
  void writeUpdate(JsonText json, String address, BigDecimal mark) {
    String parts = address + '/' + subaccountNumber + '/' + ticker + '/' + createdAtHeight;
    UUID positionId = UUID.nameUUIDFromBytes(parts.getBytes(StandardCharsets.UTF_8));
    json.field("address", address).field("positionId", positionId.toString());
    write(json, mark);
  }

  /** As an element of an initial state. */
  void write(JsonText json, BigDecimal mark) {
    boolean reduced = sumClose.signum() > 0;
    BigDecimal exit =
        reduced ? paidClose.divide(sumClose, AVERAGE_SCALE, RoundingMode.HALF_UP) : null;
    json.field("market", ticker)
        .field("status", closed() ? "CLOSED" : "OPEN")
        .field("side", isLong ? "LONG" : "SHORT")
        .field("size", VenueNumber.text(size()))
        .field("maxSize", VenueNumber.text(isLong ? maxSize : maxSize.negate()))
        .field("entryPrice", VenueNumber.text(entryPrice()))
        .field("exitPrice", exit == null ? null : VenueNumber.text(exit))
        .field("realizedPnl", exit == null ? "0" : VenueNumber.text(gain(sumClose, exit)))
        .field("unrealizedPnl", VenueNumber.text(gain(held(), mark)))
        .field("createdAt", createdAt)
        .field("createdAtHeight", Long.toString(createdAtHeight))
        .field("closedAt", closedAt)
        .field("sumOpen", VenueNumber.text(sumOpen))
        .field("sumClose", VenueNumber.text(sumClose))
        .field("netFunding", "0")
        .field("subaccountNumber", subaccountNumber);
  }
}
