/**
 * The line below the numbers: how many tickets lie on this phone and how old that list is; and whether the server
 * has meanwhile decided otherwise than this phone did.
 */

import { ago, make, number, say } from "./page.js";

const REDRAW_MS = 5000;

export class ListLine {
  #place;
  #button;
  #list = null;
  #disagreements = 0;

  /** `place` is the line (none in practice), `button` the one that opens the last scans. */
  constructor(place, button) {
    this.#place = place;
    this.#button = button;
    button.addEventListener("click", () => this.#forget());
    setInterval(() => this.#draw(), REDRAW_MS);
    this.#draw();
  }

  /** Show what is known of a list. */
  show(list) {
    this.#list = list;
    this.#draw();
  }

  /** Count one more scan that the server sees otherwise; shown until somebody looks at the last scans. */
  disagree() {
    this.#disagreements += 1;
    this.#button.hidden = false;
    this.#button.replaceChildren(make("span", { text: say("late", { n: number(this.#disagreements) }) }));
  }

  #forget() {
    this.#disagreements = 0;
    this.#button.hidden = true;
  }

  #draw() {
    if (!this.#place) return;
    const about = this.#list?.about;
    const words = { n: number(this.#list?.size), ago: about ? ago(about.fetched_at) : "" };
    this.#place.textContent = about ? say("list_line", words) : say("list_missing");
  }
}
