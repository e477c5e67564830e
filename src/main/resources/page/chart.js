import { format, niceStep, part, rescale } from "./fixed.js";

const FONT = "11px system-ui, sans-serif";
const STRIDE = 8;
const VOLUME_SHARE = 0.18;

/** Candles on a canvas: as many of the newest as fit, volumes below. */
export class Chart {
  #canvas;
  #candles = new Map();
  #priceScale = 0;
  #sizeScale = 0;
  #days = false;

  constructor(canvas) {
    this.#canvas = canvas;
  }

  /** Forgets all candles. */
  clear(resolution) {
    this.#candles.clear();
    this.#days = resolution === "1DAY" || resolution === "4HOURS";
  }

  /** Takes up new and changed candles. */
  take(message) {
    if (message.snapshot) {
      this.#candles.clear();
      this.#priceScale = 0;
      this.#sizeScale = 0;
    }
    this.#fit(message);
    const price = (text) => rescale(BigInt(text), message.price_scale, this.#priceScale);
    for (const one of message.candles) {
      this.#candles.set(one.start_time_ns, {
        start: BigInt(one.start_time_ns),
        open: price(one.open),
        high: price(one.high),
        low: price(one.low),
        close: price(one.close),
        volume: rescale(BigInt(one.base_volume), message.size_scale, this.#sizeScale),
      });
    }
    while (this.#candles.size > 1000) {
      this.#candles.delete(this.#candles.keys().next().value);
    }
  }

  #fit(message) {
    const prices = Math.max(this.#priceScale, message.price_scale);
    const sizes = Math.max(this.#sizeScale, message.size_scale);
    if (prices === this.#priceScale && sizes === this.#sizeScale) {
      return;
    }
    for (const one of this.#candles.values()) {
      for (const field of ["open", "high", "low", "close"]) {
        one[field] = rescale(one[field], this.#priceScale, prices);
      }
      one.volume = rescale(one.volume, this.#sizeScale, sizes);
    }
    this.#priceScale = prices;
    this.#sizeScale = sizes;
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (width === 0 || height === 0) {
      return;
    }
    const density = window.devicePixelRatio || 1;
    const [pixelsWide, pixelsHigh] = [Math.round(width * density), Math.round(height * density)];
    if (this.#canvas.width !== pixelsWide || this.#canvas.height !== pixelsHigh) {
      this.#canvas.width = pixelsWide;
      this.#canvas.height = pixelsHigh;
    }
    const pen = this.#canvas.getContext("2d");
    pen.setTransform(density, 0, 0, density, 0, 0);
    pen.clearRect(0, 0, width, height);
    const all = [...this.#candles.values()].sort((a, b) => (a.start < b.start ? -1 : 1));
    if (all.length > 0) {
      this.#drawCandles(pen, all, width, height);
    }
  }

  #drawCandles(pen, all, width, height) {
    const style = getComputedStyle(this.#canvas);
    const colour = (name) => style.getPropertyValue(name).trim();
    pen.font = FONT;
    const newest = all[all.length - 1];
    const axis = Math.ceil(pen.measureText(format(newest.close, this.#priceScale)).width) + 14;
    const room = width - axis;
    const shown = all.slice(-Math.max(8, Math.floor(room / STRIDE)));
    let low = shown[0].low;
    let high = shown[0].high;
    let most = 0n;
    for (const one of shown) {
      low = one.low < low ? one.low : low;
      high = one.high > high ? one.high : high;
      most = one.volume > most ? one.volume : most;
    }
    const bottom = height - 20;
    const floor = bottom * (1 - VOLUME_SHARE) - 8;
    const ceiling = 10;
    const range = high > low ? high - low : 1n;
    const y = (price) => floor - part(price - low, range) * (floor - ceiling);
    const stride = room / Math.max(shown.length, 8);
    const x = (index) => (index + 0.5) * stride;
    const body = Math.max(1, Math.min(stride * 0.68, 11));

    pen.lineWidth = 1;
    pen.textBaseline = "middle";
    const last = Math.round(y(newest.close)) + 0.5;
    pen.strokeStyle = colour("--line");
    pen.fillStyle = colour("--quiet");
    const step = niceStep(range, Math.max(2, Math.floor((floor - ceiling) / 48)));
    for (let price = (low / step + 1n) * step; price <= high; price += step) {
      const at = Math.round(y(price)) + 0.5;
      line(pen, 0, at, room, at);
      if (Math.abs(at - last) > 16) {
        pen.fillText(format(price, this.#priceScale), room + 8, at);
      }
    }
    this.#drawTimes(pen, shown, x, stride, bottom + 12);

    shown.forEach((one, index) => {
      const rises = one.close >= one.open;
      pen.fillStyle = pen.strokeStyle = colour(rises ? "--buy" : "--sell");
      const centre = x(index);
      line(pen, centre, y(one.high), centre, y(one.low));
      const [top, end] = rises ? [y(one.close), y(one.open)] : [y(one.open), y(one.close)];
      pen.fillRect(centre - body / 2, top, body, Math.max(1, end - top));
      pen.globalAlpha = 0.35;
      const tall = part(one.volume, most) * bottom * VOLUME_SHARE;
      pen.fillRect(centre - body / 2, bottom - tall, body, tall);
      pen.globalAlpha = 1;
    });

    pen.strokeStyle = pen.fillStyle = colour("--accent");
    pen.setLineDash([3, 3]);
    line(pen, 0, last, room, last);
    pen.setLineDash([]);
    pen.beginPath();
    pen.roundRect(room + 2, last - 9, axis - 2, 18, 4);
    pen.fill();
    pen.fillStyle = colour("--card");
    pen.fillText(format(newest.close, this.#priceScale), room + 8, last);
    this.#describe(shown.length, low, high, newest);
  }

  #drawTimes(pen, shown, x, stride, at) {
    const each = Math.ceil(76 / stride);
    pen.textAlign = "center";
    for (let index = shown.length - 1 - Math.floor(each / 2); index >= 0; index -= each) {
      const centre = x(index);
      if (centre > 24) {
        pen.fillText(this.#time(shown[index].start), centre, at);
      }
    }
    pen.textAlign = "left";
  }

  #time(nanos) {
    const date = new Date(Number(nanos / 1000000n));
    return this.#days
      ? date.toLocaleDateString("en-GB", { day: "numeric", month: "short" })
      : date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  }

  #describe(shown, low, high, newest) {
    const price = (value) => format(value, this.#priceScale);
    const text = `${shown} candles from ${price(low)} to ${price(high)}, the last closes at ${price(newest.close)}`;
    if (this.#canvas.getAttribute("aria-label") !== text) {
      this.#canvas.setAttribute("aria-label", text);
    }
  }
}

function line(pen, fromX, fromY, toX, toY) {
  pen.beginPath();
  pen.moveTo(fromX, fromY);
  pen.lineTo(toX, toY);
  pen.stroke();
}
