// node --test src/test/page/amounts.test.mjs

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const folder = new URL("../../main/resources/page/", import.meta.url);

/** The page's modules have no package.json to call them modules, so they are loaded as data. */
async function load(name) {
  const inlined = readFileSync(new URL(name, folder), "utf8").replace(
    /from "\.\/([a-z]+\.js)"/g,
    (_, other) => `from "${address(readFileSync(new URL(other, folder), "utf8"))}"`,
  );
  return import(address(inlined));
}

function address(source) {
  return "data:text/javascript;base64," + Buffer.from(source).toString("base64");
}

const { compact, format, niceStep, part, rescale } = await load("fixed.js");
const { Book } = await load("book.js");

test("amounts keep every digit", () => {
  assert.equal(format(9223372036854775807n, 4), "922,337,203,685,477.5807");
  assert.equal(format(-9223372036854775808n, 18), "\u22129.223372036854775808");
  assert.equal(format(40n, 4), "0.0040");
  assert.equal(format(89951n, 0), "89,951");
  assert.equal(format(0n, 2), "0.00");
});

test("a larger scale is the same amount", () => {
  assert.equal(rescale(15n, 1, 3), 1500n);
});

test("large sizes are shortened, never rounded up", () => {
  assert.equal(compact(99999999n, 1), "9,999,999.9");
  assert.equal(compact(100000000n, 1), "10 M");
  assert.equal(compact(1369999999n, 0), "1.369 B");
  assert.equal(compact(17320000000000n, 0), "17.32 T");
  assert.equal(compact(999999999n, 0), "999.999 M");
});

test("parts and steps are for drawing", () => {
  assert.equal(part(1n, 4n), 0.25);
  assert.equal(part(1n, 0n), 0);
  assert.equal(niceStep(90n, 4), 50n);
  assert.equal(niceStep(0n, 4), 1n);
});

const levels = (side) => side.map((level) => [level.price, level.size, level.total]);

test("a book is its snapshot and the deltas since", () => {
  const book = new Book();
  book.snapshot({ price_scale: 0, size_scale: 1, bids: [["100", "5"], ["99", "7"]], asks: [["101", "3"]] });
  book.delta({ price_scale: 0, size_scale: 1, bids: [["100", "0"], ["98", "1"]], asks: [["101", "4"], ["103", "2"]] });
  assert.deepEqual(levels(book.bids(5)), [[99n, 7n, 7n], [98n, 1n, 8n]]);
  assert.deepEqual(levels(book.asks(1)), [[101n, 4n, 4n]]);
  book.snapshot({ price_scale: 0, size_scale: 1, bids: [["90", "1"]], asks: [] });
  assert.deepEqual(levels(book.bids(5)), [[90n, 1n, 1n]]);
  assert.deepEqual(levels(book.asks(5)), []);
});

test("a message of other scales changes no amount", () => {
  const book = new Book();
  book.snapshot({ price_scale: 0, size_scale: 1, bids: [["100", "5"]], asks: [] });
  book.delta({ price_scale: 2, size_scale: 3, bids: [["9950", "1"]], asks: [] });
  book.delta({ price_scale: 0, size_scale: 1, bids: [["98", "2"]], asks: [] });
  assert.equal(book.priceScale, 2);
  assert.deepEqual(levels(book.bids(5)), [[10000n, 500n, 500n], [9950n, 1n, 501n], [9800n, 200n, 701n]]);
});
