import { ask } from "./access.js";
import { Market } from "./market.js";
import { Status } from "./status.js";
import { byId, element } from "./text.js";

const RESOLUTIONS = [["1MIN", "1m"], ["5MINS", "5m"], ["15MINS", "15m"], ["30MINS", "30m"], ["1HOUR", "1h"], ["4HOURS", "4h"], ["1DAY", "1d"]];

const market = new Market();
const picker = byId("instrument");
let chosen = { instrument: "BTC-USD", resolution: "1MIN" };

/** The address names what is shown, so that it can be kept and passed on: #ETH-USD/5MINS. */
function fromAddress() {
  let address = location.hash.slice(1);
  try {
    address = decodeURIComponent(address);
  } catch {
    // Used as it stands; the gateway answers what is wrong with it.
  }
  // A ticker may hold a slash, a resolution does not.
  const slash = address.lastIndexOf("/");
  const [instrument, resolution] =
    slash < 0 ? [address, ""] : [address.slice(0, slash), address.slice(slash + 1)];
  return {
    instrument: instrument || "BTC-USD",
    resolution: RESOLUTIONS.some(([name]) => name === resolution) ? resolution : "1MIN",
  };
}

function show() {
  chosen = fromAddress();
  offer(chosen.instrument);
  picker.value = chosen.instrument;
  document.querySelector(`#resolution input[value="${chosen.resolution}"]`).checked = true;
  document.title = chosen.instrument + " · dydx-gateway";
  market.open(chosen.instrument, chosen.resolution);
}

function choose(change) {
  const next = { ...chosen, ...change };
  location.hash = encodeURIComponent(next.instrument) + "/" + next.resolution;
}

function offer(instrument) {
  if (![...picker.options].some((option) => option.value === instrument)) {
    picker.append(new Option(instrument, instrument));
  }
}

async function loadInstruments() {
  try {
    const { instruments } = await (await ask("instruments")).json();
    picker.replaceChildren(...instruments.map((one) => new Option(one.ticker, one.ticker)));
    offer(chosen.instrument);
    picker.value = chosen.instrument;
  } catch {
    // The status says that the gateway is away; its return brings the list.
  }
}

for (const [name, label] of RESOLUTIONS) {
  const input = document.createElement("input");
  Object.assign(input, { type: "radio", name: "resolution", value: name });
  input.addEventListener("change", () => choose({ resolution: name }));
  const choice = document.createElement("label");
  choice.append(input, element("span", label));
  byId("resolution").append(choice);
}
picker.addEventListener("change", () => choose({ instrument: picker.value }));
addEventListener("hashchange", show);

show();
new Status(loadInstruments, (reachable) => market.reachable(reachable)).run();
