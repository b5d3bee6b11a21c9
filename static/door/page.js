/**
 * What the page tells the modules: ids, addresses and texts, and how times are written.
 *
 * The template puts ids and addresses into data attributes of #door and every text, translated, into
 * the JSON block #door-texts. No module holds a sentence of its own.
 */

const root = document.getElementById("door");
const texts = JSON.parse(document.getElementById("door-texts").textContent);
const language = `${document.documentElement.lang || "de"}-u-nu-latn`;

export const page = {
  shell: root.closest(".ev-door"),
  event: root.dataset.event,
  eventId: root.dataset.eventId,
  entrance: root.dataset.entrance,
  zone: root.dataset.zone,
  practice: root.dataset.practice === "true",
  scansUrl: root.dataset.scansUrl,
  searchUrl: root.dataset.searchUrl,
  countsUrl: root.dataset.countsUrl,
  walkInsUrl: root.dataset.walkInsUrl,
  manifestUrl: root.dataset.manifestUrl,
  signInUrl: root.dataset.signInUrl,
  workerUrl: root.dataset.workerUrl,
  /** Where a supervisor's PIN goes; missing when there is none. */
  overrideUrl: root.dataset.overrideUrl ?? "",
  rights: new Set((root.dataset.rights ?? "").split(" ")),
  decoderUrl: root.dataset.decoderUrl,
};

/** Give the text of a key with its {places} filled. */
export function say(key, values = {}) {
  const text = texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Sentences for the reasons of the server, by reason. */
export const reasons = texts.reasons;

/** Sentences for what the door should know besides the reason, by the server's word. */
export const notices = texts.notices;

const hours = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: page.zone || undefined });
const distance = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
const numbers = new Intl.NumberFormat(language);

/** Write a moment (milliseconds since 1970 or ISO text) as time of day at the event. */
export function clock(moment) {
  return hours.format(new Date(moment));
}

/** Write how long ago a moment was: seconds under a minute, then minutes, then hours. */
export function ago(moment, now = Date.now()) {
  const seconds = Math.max(0, Math.round((now - new Date(moment).getTime()) / 1000));
  if (seconds < 60) return distance.format(-seconds, "second");
  if (seconds < 3600) return distance.format(-Math.round(seconds / 60), "minute");
  return distance.format(-Math.round(seconds / 3600), "hour");
}

/** Write a whole number in the page's language with Latin digits. */
export function number(value) {
  return Number.isFinite(value) ? numbers.format(value) : "–";
}

/** Make an element; `attributes` may hold text, class and any attribute, null ones are left out. */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") node.textContent = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter(Boolean));
  return node;
}

/** Make an icon; the word beside it is its name. */
export function icon(name, small = false) {
  return make("span", { class: `ev-icon ev-icon--${name}${small ? " ev-icon--s" : ""}`, "aria-hidden": "true" });
}
