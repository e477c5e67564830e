import { EventStream } from "./access.js";
import { Book } from "./book.js";
import { Chart } from "./chart.js";
import { compact, format, part } from "./fixed.js";
import { byId, element, say, setText } from "./text.js";

const TRADES = 24;
const DRAW_MILLIS = 100;
const SILENCE_MILLIS = 60000;
const TRY_AGAIN_MILLIS = 2000;
const TOPICS = ["order_book", "trades", "quotes", "candles"];

/** One market live: reads the gateway's event stream, shows it, and comes back by itself. */
export class Market {
  #source = null;
  #again = 0;
  #instrument = "";
  #resolution = "";
  #heardAt = 0;
  #states = new Map();
  #failed = "";
  #reachable = true;
  #book = new Book();
  #isInsideSnapshot = false;
  #bookSequence = "";
  #trades = [];
  #quote = null;
  #missed = 0;
  #chart = new Chart(byId("chart"));
  #changed = new Set();
  #drawing = false;
  #asks = new Ladder(byId("asks"), true);
  #bids = new Ladder(byId("bids"), false);
  #tradeRows = rows(byId("trades"), TRADES, "trade", 4);

  constructor() {
    const all = () => this.#change("chart", "book");
    new ResizeObserver(all).observe(byId("chart"));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
    setInterval(() => this.#look(), 1000);
    document.addEventListener("visibilitychange", () => this.#look());
  }

  /** Shows this market from now on. */
  open(instrument, resolution) {
    if (instrument !== this.#instrument) {
      this.#book = new Book();
      this.#isInsideSnapshot = false;
      this.#bookSequence = "";
      this.#trades = [];
      this.#quote = null;
    }
    this.#missed = 0;
    this.#instrument = instrument;
    this.#resolution = resolution;
    this.#chart.clear(resolution);
    this.#connect();
    this.#change("chart", "book", "trades", "quote", "state");
  }

  /** Whether the gateway answers at all: a network that vanishes does not end a stream. */
  reachable(reachable) {
    this.#reachable = reachable;
    if (reachable) {
      this.#connect();
    }
    this.#change("state");
  }

  #connect() {
    clearTimeout(this.#again);
    this.#again = 0;
    this.#source?.close();
    this.#failed = "";
    this.#states.clear();
    this.#heardAt = Date.now();
    const query = new URLSearchParams({ instrument: this.#instrument, resolution: this.#resolution });
    const source = new EventStream("stream?" + query);
    this.#source = source;
    source.read((event) => {
      if (source === this.#source) {
        this.#heardAt = Date.now();
        this.#take(event);
      }
    }).finally(() => {
      if (source === this.#source) {
        this.#lost();
      }
    });
  }

  #lost() {
    this.#states.clear();
    if (this.#failed === "" && this.#again === 0) {
      this.#again = setTimeout(() => this.#connect(), TRY_AGAIN_MILLIS);
    }
    this.#change("state");
  }

  #look() {
    if (!document.hidden && this.#source && this.#failed === "" && Date.now() - this.#heardAt > SILENCE_MILLIS) {
      this.#connect();
    }
    this.#change("state");
  }

  #take(event) {
    if (event.stream_opened) {
      this.#states.clear();
      TOPICS.forEach((topic) => this.#states.set(topic, "PENDING"));
      this.#change("state");
    } else if (event.subscription_state) {
      this.#states.set(event.topic, event.subscription_state.state);
      this.#change("state");
    } else if (event.subscription_error) {
      this.#states.set(event.topic, "FAILED");
      this.#failed = event.subscription_error.message;
      this.#change("state");
    } else if (event.failure) {
      this.#failed = event.failure.message;
      this.#source.close();
      if (event.failure.retryable) {
        this.#again = setTimeout(() => this.#connect(), TRY_AGAIN_MILLIS);
      }
      this.#change("state");
    } else if (event.gap) {
      this.#missed += Number(BigInt(event.gap.last_missing_sequence) - BigInt(event.gap.first_missing_sequence)) + 1;
      this.#change("trades");
    } else if (event.order_book_snapshot) {
      if (this.#isInsideSnapshot) {
        this.#book.delta(event.order_book_snapshot);
      } else {
        this.#book.snapshot(event.order_book_snapshot);
      }
      this.#isInsideSnapshot = event.snapshot_last === false;
      this.#bookSequence = event.as_of_sequence;
      this.#change("book");
    } else if (event.order_book_delta) {
      this.#book.delta(event.order_book_delta);
      this.#bookSequence = event.sequence;
      this.#change("book");
    } else if (event.trades) {
      this.#takeTrades(event.trades);
    } else if (event.quote) {
      this.#quote = event.quote;
      this.#change("quote");
    } else if (event.candles) {
      this.#chart.take(event.candles);
      this.#change("chart");
    }
  }

  #takeTrades(message) {
    const news = message.trades.map((one) => ({
      side: one.side,
      price: format(BigInt(one.price), message.price_scale),
      size: compact(BigInt(one.size), message.size_scale),
      time: new Date(Number(BigInt(one.event_time_ns) / 1000000n)),
    }));
    news.reverse();
    this.#trades = (message.snapshot ? news : news.concat(this.#trades)).slice(0, TRADES);
    this.#change("trades");
  }

  /** Draws soon: ten times a second is as much as an eye can follow. */
  #change(...parts) {
    parts.forEach((one) => this.#changed.add(one));
    if (!this.#drawing) {
      this.#drawing = true;
      setTimeout(() => requestAnimationFrame(() => this.#draw()), DRAW_MILLIS);
    }
  }

  #draw() {
    this.#drawing = false;
    const changed = this.#changed;
    this.#changed = new Set();
    if (changed.has("book")) {
      this.#drawBook();
    }
    if (changed.has("trades")) {
      this.#drawTrades();
    }
    if (changed.has("quote")) {
      this.#drawQuote();
    }
    if (changed.has("chart")) {
      this.#chart.draw();
    }
    if (changed.has("state")) {
      this.#drawState();
    }
  }

  #drawState() {
    const states = [...this.#states.values()];
    let state = "LIVE";
    if (this.#failed !== "" || states.includes("FAILED")) {
      state = "FAILED";
    } else if (states.length === 0 || !this.#reachable) {
      state = "OFFLINE";
    } else {
      state = ["RECOVERING", "LAGGING", "PENDING", "CLOSED"].find((one) => states.includes(one)) ?? "LIVE";
    }
    say(byId("market-state"), state, state === "FAILED" ? this.#failed : undefined);
    byId("market-body").classList.toggle("stale", state !== "LIVE");
  }

  #drawBook() {
    const narrow = matchMedia("(max-width: 40rem)").matches;
    const most = narrow ? 8 : 12;
    const asks = this.#book.asks(most);
    const bids = this.#book.bids(most);
    const total = [asks, bids].map((side) => side.at(-1)?.total ?? 0n).reduce((a, b) => (a > b ? a : b));
    this.#asks.draw(asks, total, this.#book, most);
    this.#bids.draw(bids, total, this.#book, most);
    const known = asks.length > 0 && bids.length > 0;
    setText(byId("spread"), known ? format(asks[0].price - bids[0].price, this.#book.priceScale) : "–");
    setText(byId("book-sequence"), this.#bookSequence === "" ? "" : "No. " + BigInt(this.#bookSequence).toLocaleString("en"));
  }

  #drawTrades() {
    this.#tradeRows.forEach((row, index) => {
      const trade = this.#trades[index];
      const side = trade?.side === "SELL" ? "sell" : "buy";
      row.className = "trade " + side;
      row.hidden = !trade;
      if (trade) {
        const texts = [trade.time.toLocaleTimeString("en-GB"), side === "buy" ? "Buy" : "Sell", trade.price, trade.size];
        texts.forEach((text, cell) => setText(row.children[cell], text));
      }
    });
    const last = this.#trades[0];
    setText(byId("last-price"), last?.price ?? "–");
    setText(byId("gaps"), this.#missed > 0 ? this.#missed + " missed" : "");
  }

  #drawQuote() {
    for (const side of ["bid", "ask"]) {
      const there = this.#quote && BigInt(this.#quote[side + "_size"]) > 0n;
      setText(byId(side), there ? format(BigInt(this.#quote[side + "_price"]), this.#quote.price_scale) : "–");
    }
  }
}

/** One side of the book, best next to the spread. */
class Ladder {
  #rows;
  #upwards;

  constructor(parent, upwards) {
    this.#rows = rows(parent, 12, "level", 3);
    this.#upwards = upwards;
  }

  draw(levels, total, book, most) {
    this.#rows.forEach((row, index) => {
      const place = this.#upwards ? most - 1 - index : index;
      const level = levels[place];
      row.hidden = index >= most;
      row.style.setProperty("--depth", level ? part(level.total, total) : 0);
      setText(row.children[0], level ? format(level.price, book.priceScale) : "");
      setText(row.children[1], level ? compact(level.size, book.sizeScale) : "");
      setText(row.children[2], level ? compact(level.total, book.sizeScale) : "");
    });
  }
}

function rows(parent, count, className, cells) {
  return Array.from({ length: count }, () => {
    const row = element("div", "", className);
    row.setAttribute("role", "row");
    for (let i = 0; i < cells; i++) {
      const cell = element("span");
      cell.setAttribute("role", "cell");
      row.append(cell);
    }
    parent.append(row);
    return row;
  });
}
