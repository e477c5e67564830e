package io.github.dydxgateway.feed;

import io.github.dydxgateway.v1.FillType;
import io.github.dydxgateway.v1.InstrumentStatus;
import io.github.dydxgateway.v1.Liquidity;
import io.github.dydxgateway.v1.MarketType;
import io.github.dydxgateway.v1.OrderStatus;
import io.github.dydxgateway.v1.OrderType;
import io.github.dydxgateway.v1.PositionSide;
import io.github.dydxgateway.v1.PositionStatus;
import io.github.dydxgateway.v1.Side;
import io.github.dydxgateway.v1.TimeInForce;
import io.github.dydxgateway.v1.TradeType;
import io.github.dydxgateway.v1.TransferType;

/**
 * The venue's enum texts as the contract's values. A text that this version does not know, or null,
 * is the unspecified value.
 */
final class VenueEnums {
  private VenueEnums() {}

  static Side side(String text) {
    return switch (orEmpty(text)) {
      case "BUY" -> Side.SIDE_BUY;
      case "SELL" -> Side.SIDE_SELL;
      default -> Side.SIDE_UNSPECIFIED;
    };
  }

  static TradeType tradeType(String text) {
    return switch (orEmpty(text)) {
      case "LIMIT" -> TradeType.TRADE_TYPE_LIMIT;
      case "LIQUIDATED" -> TradeType.TRADE_TYPE_LIQUIDATED;
      case "DELEVERAGED" -> TradeType.TRADE_TYPE_DELEVERAGED;
      case "TWAP_SUBORDER" -> TradeType.TRADE_TYPE_TWAP_SUBORDER;
      default -> TradeType.TRADE_TYPE_UNSPECIFIED;
    };
  }

  static InstrumentStatus instrumentStatus(String text) {
    return switch (orEmpty(text)) {
      case "ACTIVE" -> InstrumentStatus.INSTRUMENT_STATUS_ACTIVE;
      case "PAUSED" -> InstrumentStatus.INSTRUMENT_STATUS_PAUSED;
      case "CANCEL_ONLY" -> InstrumentStatus.INSTRUMENT_STATUS_CANCEL_ONLY;
      case "POST_ONLY" -> InstrumentStatus.INSTRUMENT_STATUS_POST_ONLY;
      case "INITIALIZING" -> InstrumentStatus.INSTRUMENT_STATUS_INITIALIZING;
      case "FINAL_SETTLEMENT" -> InstrumentStatus.INSTRUMENT_STATUS_FINAL_SETTLEMENT;
      default -> InstrumentStatus.INSTRUMENT_STATUS_UNSPECIFIED;
    };
  }

  static MarketType marketType(String text) {
    return switch (orEmpty(text)) {
      case "CROSS" -> MarketType.MARKET_TYPE_CROSS;
      case "ISOLATED" -> MarketType.MARKET_TYPE_ISOLATED;
      default -> MarketType.MARKET_TYPE_UNSPECIFIED;
    };
  }

  static OrderStatus orderStatus(String text) {
    return switch (orEmpty(text)) {
      case "OPEN" -> OrderStatus.ORDER_STATUS_OPEN;
      case "FILLED" -> OrderStatus.ORDER_STATUS_FILLED;
      case "CANCELED" -> OrderStatus.ORDER_STATUS_CANCELED;
      case "BEST_EFFORT_CANCELED" -> OrderStatus.ORDER_STATUS_BEST_EFFORT_CANCELED;
      case "BEST_EFFORT_OPENED" -> OrderStatus.ORDER_STATUS_BEST_EFFORT_OPENED;
      case "UNTRIGGERED" -> OrderStatus.ORDER_STATUS_UNTRIGGERED;
      case "ERROR" -> OrderStatus.ORDER_STATUS_ERROR;
      default -> OrderStatus.ORDER_STATUS_UNSPECIFIED;
    };
  }

  static OrderType orderType(String text) {
    return switch (orEmpty(text)) {
      case "LIMIT" -> OrderType.ORDER_TYPE_LIMIT;
      case "MARKET" -> OrderType.ORDER_TYPE_MARKET;
      case "STOP_LIMIT" -> OrderType.ORDER_TYPE_STOP_LIMIT;
      case "STOP_MARKET" -> OrderType.ORDER_TYPE_STOP_MARKET;
      case "TRAILING_STOP" -> OrderType.ORDER_TYPE_TRAILING_STOP;
      case "TAKE_PROFIT" -> OrderType.ORDER_TYPE_TAKE_PROFIT;
      case "TAKE_PROFIT_MARKET" -> OrderType.ORDER_TYPE_TAKE_PROFIT_MARKET;
      case "TWAP" -> OrderType.ORDER_TYPE_TWAP;
      case "TWAP_SUBORDER" -> OrderType.ORDER_TYPE_TWAP_SUBORDER;
      default -> OrderType.ORDER_TYPE_UNSPECIFIED;
    };
  }

  static TimeInForce timeInForce(String text) {
    return switch (orEmpty(text)) {
      case "GTT" -> TimeInForce.TIME_IN_FORCE_GTT;
      case "FOK" -> TimeInForce.TIME_IN_FORCE_FOK;
      case "IOC" -> TimeInForce.TIME_IN_FORCE_IOC;
      default -> TimeInForce.TIME_IN_FORCE_UNSPECIFIED;
    };
  }

  static Liquidity liquidity(String text) {
    return switch (orEmpty(text)) {
      case "TAKER" -> Liquidity.LIQUIDITY_TAKER;
      case "MAKER" -> Liquidity.LIQUIDITY_MAKER;
      default -> Liquidity.LIQUIDITY_UNSPECIFIED;
    };
  }

  static FillType fillType(String text) {
    return switch (orEmpty(text)) {
      case "LIMIT" -> FillType.FILL_TYPE_LIMIT;
      case "LIQUIDATED" -> FillType.FILL_TYPE_LIQUIDATED;
      case "LIQUIDATION" -> FillType.FILL_TYPE_LIQUIDATION;
      case "DELEVERAGED" -> FillType.FILL_TYPE_DELEVERAGED;
      case "OFFSETTING" -> FillType.FILL_TYPE_OFFSETTING;
      case "TWAP_SUBORDER" -> FillType.FILL_TYPE_TWAP_SUBORDER;
      default -> FillType.FILL_TYPE_UNSPECIFIED;
    };
  }

  static PositionSide positionSide(String text) {
    return switch (orEmpty(text)) {
      case "LONG" -> PositionSide.POSITION_SIDE_LONG;
      case "SHORT" -> PositionSide.POSITION_SIDE_SHORT;
      default -> PositionSide.POSITION_SIDE_UNSPECIFIED;
    };
  }

  static PositionStatus positionStatus(String text) {
    return switch (orEmpty(text)) {
      case "OPEN" -> PositionStatus.POSITION_STATUS_OPEN;
      case "CLOSED" -> PositionStatus.POSITION_STATUS_CLOSED;
      case "LIQUIDATED" -> PositionStatus.POSITION_STATUS_LIQUIDATED;
      default -> PositionStatus.POSITION_STATUS_UNSPECIFIED;
    };
  }

  static TransferType transferType(String text) {
    return switch (orEmpty(text)) {
      case "TRANSFER_IN" -> TransferType.TRANSFER_TYPE_TRANSFER_IN;
      case "TRANSFER_OUT" -> TransferType.TRANSFER_TYPE_TRANSFER_OUT;
      case "DEPOSIT" -> TransferType.TRANSFER_TYPE_DEPOSIT;
      case "WITHDRAWAL" -> TransferType.TRANSFER_TYPE_WITHDRAWAL;
      default -> TransferType.TRANSFER_TYPE_UNSPECIFIED;
    };
  }

  /**
   * The text that a client needs beside an unspecified value; empty where the value says it all.
   */
  static String rawOf(int number, String text) {
    return number == 0 ? orEmpty(text) : "";
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
