package io.github.dydxgateway.chaos;

import io.github.dydxgateway.testing.Places;
import io.github.dydxgateway.v1.Event;
import java.util.List;

/** Heights of blocks, which come once each and in order. Not thread safe. */
final class BlocksContents implements TopicContents {
  private final OnceInOrder order = new OnceInOrder();
  private long height;

  @Override
  public void joined() {
    order.joined();
  }

  @Override
  public void gap() {
    order.gap();
  }

  /** Of a client that lags it may be the newest, in place of all that waited. */
  @Override
  public void snapshot(Event event) {
    order.gap();
    height = event.getBlockHeight().getHeight();
    order.snapshot(Places.of(event), List.of(Long.toString(height)));
  }

  @Override
  public void update(Event event) {
    height = event.getBlockHeight().getHeight();
    order.update(Places.of(event), List.of(Long.toString(height)));
  }

  @Override
  public Long holds() {
    return height;
  }

  OnceInOrder order() {
    return order;
  }
}
