// Asks the gateway, with the token that the person has typed in, if one is needed. It is kept as long as the tab.
import { byId, setText } from "./text.js";

const KEPT = "dydx-gateway-token";
const form = byId("access");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const token = byId("token").value.trim();
  byId("token").value = "";
  if (!/^[!-~]*$/.test(token)) {
    setText(byId("access-why"), "That is no token: it has a character that no token has.");
    return;
  }
  sessionStorage.setItem(KEPT, token);
  form.hidden = true;
});

/** A path's answer; an error if the gateway wants another token. */
export async function ask(path, signal) {
  const token = sessionStorage.getItem(KEPT);
  const headers = token ? { Authorization: "Bearer " + token } : {};
  const answer = await fetch(path, { cache: "no-store", headers, signal });
  const refused = answer.status === 401 || answer.status === 403;
  if (refused && token === sessionStorage.getItem(KEPT)) {
    setText(byId("access-why"), token ? "The gateway does not take this one." : "The gateway asks for a token.");
    form.hidden = false;
  }
  if (!answer.ok) {
    throw new Error(path + " answers " + answer.status);
  }
  return answer;
}

/** Server-sent events over fetch, for an EventSource can't send a token. */
export class EventStream {
  #path;
  #end = new AbortController();

  constructor(path) {
    this.#path = path;
  }

  /** Hands over each event until the stream ends, whoever ends it; then settles. */
  async read(onEvent) {
    try {
      const answer = await ask(this.#path, this.#end.signal);
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        const events = (rest + part.value).split("\n\n");
        rest = events.pop();
        events.forEach((event) => onEvent(JSON.parse(event.slice("data: ".length))));
      }
    } catch {
      // Who reads sees that it has ended, and comes back.
    }
  }

  close() {
    this.#end.abort();
  }
}
