/**
 * The line in the corner: whether the server answers, and how many scans it does not have yet.
 *
 * Also says when a person must do something: sign in again, or reload the page.
 */

import { clock, icon, make, number, page, say } from "./page.js";

const SIGNS = { ok: "ok", retry: "offline", signed_out: "lock", closed: "bad" };

export class Link {
  #place;
  #state = { meaning: "ok", unsent: 0, held: 0 };
  #since = null;

  constructor(place) {
    this.#place = place;
  }

  /** Take in what changed of `{meaning, unsent, held}` and draw it. */
  update(change) {
    const before = this.#state;
    this.#state = { ...before, ...change };
    const { meaning, unsent, held } = this.#state;
    if (meaning === "ok") this.#since = null;
    else this.#since ??= Date.now();
    if (this.#place.childElementCount && JSON.stringify(before) === JSON.stringify(this.#state)) return;
    const words = say(`link_${meaning}`, { time: clock(this.#since ?? Date.now()) });
    const counts = [say("unsent", { n: number(unsent) }), held && say("held", { n: number(held) })].filter(Boolean).join(" · ");
    const text =
      meaning === "ok" && !held
        ? make("span", { class: "ev-nowrap", text: `${words} · ${counts}` })
        : make("span", { class: "ev-door__lines" }, make("span", { text: words }), make("span", { text: counts }));
    const body = meaning === "signed_out" ? make("a", { href: page.signInUrl }, text) : text;
    this.#place.replaceChildren(icon(SIGNS[meaning] ?? "offline", true), body);
  }
}
