// How things are said.

const TONES = { LIVE: "good", ACTIVE: "good", PENDING: "wait", RECOVERING: "wait", LAGGING: "wait", CONNECTING: "wait", RECONNECTING: "wait", OFFLINE: "bad", CLOSED: "bad", FAILED: "bad" };

/** Active, from ACTIVE. */
export function word(state) {
  return state.charAt(0).toUpperCase() + state.slice(1).toLowerCase();
}

export function tone(state) {
  return TONES[state] ?? "wait";
}

/** Makes an element say a state, touching it only if that changes, so that screen readers hear a state once. */
export function say(badge, state, text = word(state)) {
  setText(badge, text);
  if (badge.dataset.tone !== tone(state)) {
    badge.dataset.tone = tone(state);
  }
}

export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

export function byId(id) {
  return document.getElementById(id);
}

/** An element with text and a class. */
export function element(name, text = "", className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

/** How long ago, from nanoseconds. */
export function age(nanos) {
  const millis = Number(nanos / 1000000n);
  return millis < 950 ? Math.max(0, millis) + " ms" : duration(millis);
}

/** A length of time, from milliseconds. */
export function duration(millis) {
  const seconds = millis / 1000;
  if (seconds < 10) {
    return seconds.toFixed(1) + " s";
  }
  if (seconds < 100) {
    return Math.round(seconds) + " s";
  }
  if (seconds < 6000) {
    return Math.round(seconds / 60) + " min";
  }
  return seconds < 172800 ? Math.round(seconds / 3600) + " h" : Math.round(seconds / 86400) + " d";
}

/** Events a second. */
export function rate(perSecond) {
  return perSecond >= 99.95 ? Math.round(perSecond).toLocaleString("en") : perSecond.toFixed(1);
}

export function count(number, one, many) {
  return number + " " + (number === 1 ? one : many);
}
