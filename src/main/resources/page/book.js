import { rescale } from "./fixed.js";

/** An order book rebuilt from the gateway's snapshots and deltas. */
export class Book {
  #bids = new Map();
  #asks = new Map();
  priceScale = 0;
  sizeScale = 0;

  /** Replaces everything. */
  snapshot(message) {
    this.#bids.clear();
    this.#asks.clear();
    this.priceScale = message.price_scale;
    this.sizeScale = message.size_scale;
    this.#take(message);
  }

  /** Takes up changed levels; a size of 0 removes one. */
  delta(message) {
    this.#fit(message);
    this.#take(message);
  }

  /** The scales of a message may be larger than those so far: all levels are kept at the largest. */
  #fit(message) {
    const price = Math.max(this.priceScale, message.price_scale);
    const size = Math.max(this.sizeScale, message.size_scale);
    if (price === this.priceScale && size === this.sizeScale) {
      return;
    }
    const grown = (side) =>
      new Map([...side].map(([p, s]) => [rescale(p, this.priceScale, price), rescale(s, this.sizeScale, size)]));
    this.#bids = grown(this.#bids);
    this.#asks = grown(this.#asks);
    this.priceScale = price;
    this.sizeScale = size;
  }

  #take(message) {
    for (const [side, levels] of [[this.#bids, message.bids], [this.#asks, message.asks]]) {
      for (const [priceText, sizeText] of levels) {
        const price = rescale(BigInt(priceText), message.price_scale, this.priceScale);
        const size = rescale(BigInt(sizeText), message.size_scale, this.sizeScale);
        if (size === 0n) {
          side.delete(price);
        } else {
          side.set(price, size);
        }
      }
    }
  }

  /** The best so many bids, highest first. */
  bids(most) {
    return top(this.#bids, most, (a, b) => (a < b ? 1 : -1));
  }

  /** The best so many asks, lowest first. */
  asks(most) {
    return top(this.#asks, most, (a, b) => (a < b ? -1 : 1));
  }
}

/** Levels with the total up to each. */
function top(side, most, order) {
  let total = 0n;
  return [...side.keys()].sort(order).slice(0, most).map((price) => {
    const size = side.get(price);
    total += size;
    return { price, size, total };
  });
}
