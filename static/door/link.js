/**
 * The line in the corner: whether the server answers, and how many scans it does not have yet.
 *
 * Also says when a person must do something: sign in again, reload the page, make room on the phone.
 */

import { clock, icon, make, number, page, say } from "./page.js";

const SIGNS = { ok: "ok", retry: "offline", signed_out: "lock", closed: "bad" };

export class Link {
  #place;
  #state = { meaning: "ok", unsent: 0, held: 0, isClockWrong: false, trouble: null };
  #since = null;

  constructor(place) {
    this.#place = place;
  }

  /** Take in what changed of `{meaning, unsent, held, isClockWrong, trouble}` and draw it. */
  update(change) {
    const before = this.#state;
    this.#state = { ...before, ...change };
    const { meaning, unsent, held, isClockWrong, trouble } = this.#state;
    if (meaning === "ok") this.#since = null;
    else this.#since ??= Date.now();
    if (this.#place.childElementCount && JSON.stringify(before) === JSON.stringify(this.#state)) return;
    const words = [say(`link_${meaning}`, { time: clock(this.#since ?? Date.now()) })];
    if (isClockWrong) words.push(say("clock_wrong"));
    if (trouble) words.push(say(`store_${trouble}`));
    const counts = [say("unsent", { n: number(unsent) }), held && say("held", { n: number(held) })].filter(Boolean).join(" · ");
    const text =
      meaning === "ok" && !held && !isClockWrong && !trouble
        ? make("span", { class: "ev-nowrap", text: `${words[0]} · ${counts}` })
        : make("span", { class: "ev-door__lines" }, ...[...words, counts].map((line) => make("span", { text: line })));
    const body = meaning === "signed_out" ? make("a", { href: page.signInUrl }, text) : text;
    this.#place.replaceChildren(icon(SIGNS[meaning] ?? "offline", true), body);
  }
}
