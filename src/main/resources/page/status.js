import { ask } from "./access.js";
import { age, byId, count, duration, element, rate, say, setText, word } from "./text.js";

const POLL_MILLIS = 1000;
const TIMEOUT_MILLIS = 5000;
const WINDOW = 6;

/** What the gateway is doing, asked every second while somebody looks. */
export class Status {
  #history = [];
  #topicRows = new Map();
  #connectionRows = new Map();
  #onInstruments;
  #onReachable;
  #instruments = -1;
  #reachable = true;

  /**
   * @param onInstruments told when the number of instruments has changed
   * @param onReachable told whether the gateway answers, when that has changed
   */
  constructor(onInstruments, onReachable) {
    this.#onInstruments = onInstruments;
    this.#onReachable = onReachable;
  }

  async run() {
    for (;;) {
      if (!document.hidden) {
        await this.#ask();
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
    }
  }

  async #ask() {
    try {
      const answer = await ask("status", AbortSignal.timeout(TIMEOUT_MILLIS));
      if (!answer.ok) {
        throw new Error("status " + answer.status);
      }
      this.#show(await answer.json());
      byId("notice").hidden = true;
      this.#tell(true);
    } catch {
      this.#lost();
      this.#tell(false);
    }
  }

  #tell(reachable) {
    if (reachable !== this.#reachable) {
      this.#reachable = reachable;
      this.#onReachable(reachable);
    }
  }

  #lost() {
    this.#history = [];
    say(byId("health"), "OFFLINE", "Gateway not reachable");
    const notice = byId("notice");
    setText(notice, "The gateway does not answer. What you see is old; this page comes back by itself.");
    notice.hidden = false;
  }

  #show(status) {
    const now = BigInt(status.now_ns);
    const active = status.connections.filter((one) => one.state === "ACTIVE").length;
    const live = status.topics.filter((one) => one.state === "LIVE").length;
    const rates = this.#rates(status, now);
    const received = status.connections.map((one) => BigInt(one.last_receive_time_ns)).reduce((a, b) => (a > b ? a : b), 0n);

    if (status.connections.length > 0 && active === status.connections.length) {
      say(byId("health"), "LIVE");
    } else {
      say(byId("health"), active > 0 ? "RECOVERING" : "RECONNECTING", active > 0 ? "Partly connected" : "No venue");
    }
    setText(byId("version"), status.version);
    setText(byId("network"), status.network);
    byId("network").title = status.upstream_host;
    setText(byId("epoch"), status.epoch);
    setText(byId("figure-connections"), active + " of " + status.connections.length);
    setText(byId("figure-frames"), received > 0n ? "frame " + age(now - received) + " ago" : "no frame yet");
    setText(byId("figure-clients"), String(status.stream_count));
    setText(byId("figure-pages"), status.page_stream_count === 0 ? "no page open" : count(status.page_stream_count, "page open", "pages open"));
    setText(byId("figure-topics"), String(status.topic_count));
    setText(byId("figure-live"), live === status.topics.length ? "all live" : live + " live");
    setText(byId("figure-rate"), rates ? rate([...rates.values()].reduce((a, b) => a + b, 0)) : "–");
    setText(byId("figure-uptime"), "up for " + duration(Number((now - BigInt(status.start_time_ns)) / 1000000n)));
    this.#showConnections(status.connections, now);
    this.#showTopics(status, rates, now);
    if (status.instrument_count !== this.#instruments) {
      this.#instruments = status.instrument_count;
      this.#onInstruments();
    }
  }

  /** Events a second of each topic over the last few answers; null until there are two. */
  #rates(status, now) {
    if (this.#history.at(-1)?.epoch !== status.epoch) {
      this.#history = [];
    }
    const sequences = new Map(status.topics.map((one) => [one.name, BigInt(one.sequence)]));
    this.#history.push({ epoch: status.epoch, now, sequences });
    this.#history = this.#history.slice(-WINDOW);
    if (this.#history.length < 2) {
      return null;
    }
    const rates = new Map();
    for (const [name, sequence] of sequences) {
      const since = this.#history.find((one) => one.sequences.has(name));
      const seconds = Number(now - since.now) / 1e9;
      rates.set(name, seconds > 0 ? Number(sequence - since.sequences.get(name)) / seconds : 0);
    }
    return rates;
  }

  #showConnections(connections, now) {
    keep(byId("connections"), this.#connectionRows, connections, (one) => one.connection_id, connectionRow, (row, one) => {
      say(row.badge, one.state);
      const received = BigInt(one.last_receive_time_ns);
      setText(row.frames, BigInt(one.frame_count).toLocaleString("en") + " frames" + (received > 0n ? ", last " + age(now - received) + " ago" : ""));
      setText(row.subscriptions, count(one.subscription_count, "subscription", "subscriptions"));
      const lost = Number(one.reconnect_count);
      const why = one.last_disconnect_reason === "" ? "" : ", last: " + one.last_disconnect_reason;
      setText(row.reconnects, lost === 0 ? "never lost" : "lost " + count(lost, "time", "times") + why);
    });
  }

  #showTopics(status, rates, now) {
    keep(byId("topics"), this.#topicRows, status.topics, (one) => one.name, topicRow, (row, one) => {
      say(row.badge, one.state);
      setText(row.rate, rates ? rate(rates.get(one.name)) : "–");
      const last = BigInt(one.last_event_time_ns);
      setText(row.age, last > 0n ? age(now - last) : "–");
      setText(row.sequence, BigInt(one.sequence).toLocaleString("en"));
      setText(row.clients, String(one.subscriber_count));
    });
    byId("no-topics").hidden = status.topics.length > 0;
    const left = status.topic_count - status.topics.length;
    setText(byId("topics-told"), left > 0 ? left + " more with fewer clients" : "");
  }
}

/** Makes a list's rows those of the items, in their order, with as few changes as may be. */
function keep(parent, known, items, keyOf, make, update) {
  const present = new Set(items.map(keyOf));
  for (const [key, row] of known) {
    if (!present.has(key)) {
      row.root.remove();
      known.delete(key);
    }
  }
  items.forEach((item, index) => {
    let row = known.get(keyOf(item));
    if (!row) {
      row = make(item);
      known.set(keyOf(item), row);
    }
    if (parent.children[index] !== row.root) {
      parent.insertBefore(row.root, parent.children[index] ?? null);
    }
    update(row, item);
  });
}

function connectionRow(connection) {
  const row = {
    root: element("li"),
    badge: element("span", "", "badge"),
    subscriptions: element("span"),
    frames: element("span"),
    reconnects: element("span", "", "quiet"),
  };
  row.root.append(element("strong", "No. " + connection.connection_id), row.badge, row.subscriptions, row.frames, row.reconnects);
  return row;
}

function topicRow(topic) {
  const row = {
    root: element("tr"),
    badge: element("span", "", "badge"),
    rate: element("td", "", "number"),
    age: element("td", "", "number"),
    sequence: element("td", "", "number wide"),
    clients: element("td", "", "number wide"),
  };
  const name = element("td");
  const kind = topic.kind.replaceAll("_", " ");
  const prefix = topic.name.startsWith("raw ") ? "raw " + kind : kind;
  name.append(element("b", word(prefix)), element("small", subject(topic.name.slice(prefix.length))));
  const state = element("td");
  state.append(row.badge);
  row.root.append(name, state, row.rate, row.age, row.sequence, row.clients);
  return row;
}

function subject(name) {
  return name.trim().replace("-PERP.DYDX", "").replace("CANDLE_RESOLUTION_", "");
}
