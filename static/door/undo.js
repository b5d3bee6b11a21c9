/**
 * The last scans of this phone: shown below the camera, listed on demand, and taken back when one was wrong.
 *
 * An undo is a scan of its own that points at the other; the log keeps both. Kept in memory only, because names must
 * not stay on the phone.
 */

import { clock, icon, make, say } from "./page.js";

const KEPT = 20;
const JUST_MS = 10000;
const SIGNS = { admit: "ok", look: "few", stop: "bad" };

export class Recent {
  #entries = [];
  #line;
  #list;
  #onUndo;
  #onShow;

  /** `line` is the row below the camera, `list` the one in the dialog; `onUndo(entry)` and `onShow(entry)` act. */
  constructor({ line, list, onUndo, onShow }) {
    this.#line = line;
    this.#list = list;
    this.#onUndo = onUndo;
    this.#onShow = onShow;
  }

  /** Remember a scan with what the door saw. */
  add(scan, view) {
    this.#entries.unshift({ scan, view, undone: false, pending: false });
    this.#entries.length = Math.min(this.#entries.length, KEPT);
    this.draw();
  }

  /** Replace what the door saw of a scan, when a later answer or a person decided otherwise; gives what it was, or null. */
  change(scan, view) {
    const entry = this.#entries.find((one) => one.scan.id === scan.id);
    const before = entry?.view ?? null;
    if (entry) entry.view = view;
    this.draw();
    return before;
  }

  /** Give the entry of a code that this phone let pass the same way less than ten seconds ago, or null. */
  justPassed(code, kind, now = Date.now()) {
    const entry = this.#entries.find((one) => one.scan.code === code);
    const isFresh = entry?.scan.kind === kind && now - entry.scan.at < JUST_MS && entry.view.tone === "admit" && !entry.undone;
    return isFresh ? entry : null;
  }

  /** Take a scan back that stands in the list. */
  undo(scan) {
    const entry = this.#entries.find((one) => one.scan.id === scan.id);
    if (entry && !entry.pending && !entry.undone) this.#onUndo(entry);
  }

  /** Draw line and list anew. */
  draw() {
    const [last] = this.#entries;
    this.#line.hidden = !last;
    this.#line.replaceChildren(...(last ? this.#parts(last) : []));
    this.#list.replaceChildren(...this.#entries.map((entry) => make("li", { class: "ev-last" }, ...this.#parts(entry))));
  }

  #parts(entry) {
    const { view, scan } = entry;
    const what = view.name || view.word;
    const words = make("span", {}, document.createTextNode(`${clock(scan.at)} · `), make("bdi", { lang: view.name ? view.language : null, text: what }));
    if (view.name) words.append(make("span", { class: "ev-hide", text: `: ${view.word}` }));
    const show = make("button", { type: "button", class: "ev-last__what" }, icon(SIGNS[view.tone]), words);
    show.addEventListener("click", () => this.#onShow(entry));
    if (entry.undone) return [show, make("b", { text: say("undone") })];
    if (view.tone !== "admit") return [show];
    const undo = make("button", { type: "button", disabled: entry.pending }, icon("undo", true), make("span", { text: say("undo") }));
    undo.addEventListener("click", () => this.#onUndo(entry));
    return [show, undo];
  }
}
