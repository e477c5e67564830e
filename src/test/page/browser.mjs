// Opens the page of a running gateway in headless Chromium, as a desktop and as a phone, checks what a person would look at
// and takes screenshots. Needs Chromium (CHROMIUM names it, if it isn't in the usual places) and `npm install playwright-core`
// in some folder that is the working directory; without them it skips.
//
//   node src/test/page/browser.mjs http://localhost:8080/ [folder for the screenshots]

import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [url = "http://localhost:8080/", shots = "target/page"] = process.argv.slice(2);
const executablePath = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  (path) => path && existsSync(path),
);
if (!executablePath) {
  skip("Chromium is missing; set CHROMIUM to its path");
}
let chromium;
try {
  ({ chromium } = createRequire(join(process.cwd(), "package.json"))("playwright-core"));
} catch {
  skip("playwright-core is missing; npm install playwright-core");
}

function skip(why) {
  console.log("skipped: " + why);
  process.exit(0);
}

const PHONE = { viewport: { width: 360, height: 780 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const DESKTOP = { viewport: { width: 1360, height: 900 }, deviceScaleFactor: 1 };

async function look(name, options, steps) {
  const profile = mkdtempSync(join(tmpdir(), "page-"));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    ...options,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  try {
    const page = browser.pages()[0] ?? (await browser.newPage());
    const problems = [];
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(String(error)));
    await page.goto(url);
    await page.waitForFunction(() => document.getElementById("market-state").textContent === "Live", null, { timeout: 20000 });
    await page.waitForFunction(() => document.querySelectorAll("#trades > :not([hidden])").length > 4, null, { timeout: 20000 });
    await steps(page, browser, problems);
    assert.deepEqual(problems, [], name + ": the console has errors");
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(wide, 0, name + ": the page is wider than the screen");
    console.log("ok: " + name);
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

const shot = (page, name, fullPage = true) => page.screenshot({ path: join(shots, name + ".png"), fullPage });
const text = (page, id) => page.locator("#" + id).innerText();
const number = (shown) => Number(shown.replaceAll(",", ""));

mkdirSync(shots, { recursive: true });

await look("a desktop shows one market live", { ...DESKTOP, colorScheme: "light" }, async (page) => {
  await page.waitForTimeout(4000);
  assert.equal(await text(page, "health"), "Live");
  const price = async (side, row) => number(await page.locator(`#${side} .level:visible`).nth(row).locator("span").first().innerText());
  assert.ok((await price("asks", -1)) > (await price("bids", 0)), "the book is crossed");
  assert.match(await page.locator("#chart").getAttribute("aria-label"), /candles from/);
  assert.ok((await page.locator("#topics tr").count()) >= 4, "topics are missing");
  await shot(page, "desktop-light");
  const market = await page.locator("#market").boundingBox();
  const clip = { x: 0, y: 0, width: DESKTOP.viewport.width, height: market.y + market.height + 20 };
  await page.screenshot({ path: join(shots, "page.png"), fullPage: true, clip });
});

await look("a desktop follows the address and the dark scheme", { ...DESKTOP, colorScheme: "dark" }, async (page) => {
  await page.selectOption("#instrument", "ETH-USD");
  await page.locator('#resolution input[value="5MINS"]').check({ force: true });
  await page.waitForFunction(() => location.hash === "#ETH-USD/5MINS" && document.getElementById("market-state").textContent === "Live");
  await page.waitForTimeout(2500);
  assert.ok(number(await text(page, "bid")) < 20000, "the bid is still another market's");
  await shot(page, "desktop-dark");
});

for (const colorScheme of ["light", "dark"]) {
  await look("a phone shows it, " + colorScheme, { ...PHONE, colorScheme }, async (page) => {
    await page.waitForTimeout(2500);
    await shot(page, "phone-" + colorScheme);
    await shot(page, "phone-" + colorScheme + "-first", false);
  });
}

await look("a phone has room for tiny prices and long names", PHONE, async (page) => {
  const tickers = await page.locator("#instrument option").allInnerTexts();
  const longest = tickers.reduce((a, b) => (b.length > a.length ? b : a));
  for (const ticker of new Set([longest, ...tickers.filter((one) => /^(PEPE|MOG|BONK)-/.test(one))])) {
    await page.selectOption("#instrument", ticker);
    await page.waitForFunction((id) => location.hash.includes(encodeURI(id)) && document.getElementById("market-state").textContent === "Live", ticker);
    await page.waitForTimeout(1500);
    const cut = await page.evaluate(() => [...document.querySelectorAll(".level > span, .trade > span")].filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.textContent));
    assert.deepEqual(cut, [], ticker + ": cells are too narrow");
  }
  await shot(page, "phone-tiny");
});

await look("an unknown market is named, and the way back works", DESKTOP, async (page) => {
  await page.evaluate(() => (location.hash = "NOPE-USD/1MIN"));
  await page.waitForFunction(() => document.getElementById("market-state").textContent.includes("NOPE-USD"));
  await shot(page, "unknown", false);
  await page.evaluate(() => (location.hash = "BTC-USD/1MIN"));
  await page.waitForFunction(() => document.getElementById("market-state").textContent === "Live");
});

await look("a lost gateway is shown, and its return", DESKTOP, async (page, browser, problems) => {
  await browser.setOffline(true);
  await page.waitForFunction(() => !document.getElementById("notice").hidden, null, { timeout: 15000 });
  await page.waitForFunction(() => document.getElementById("market-state").textContent === "Offline");
  await shot(page, "offline", false);
  await browser.setOffline(false);
  await page.waitForFunction(() => document.getElementById("notice").hidden, null, { timeout: 15000 });
  await page.waitForFunction(() => document.getElementById("market-state").textContent === "Live", null, { timeout: 20000 });
  problems.length = 0; // a browser reports each request that fails
});
