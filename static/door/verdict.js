/**
 * The result over the whole screen: colour, shape, one word and sound together, then who and why.
 *
 * Green goes on by itself after a moment, the rest after three seconds or a tap; a question to the door waits for its
 * answer. Draws what answer.js found; what the buttons do is handed in by scanner.js.
 */

import { icon, make } from "./page.js";
import { signal } from "./sound.js";

const TONES = ["admit", "look", "stop"];
const STAYS_MS = { admit: 900, look: 3000, stop: 3000 };

/** Put each part into its own direction, so that "Raum Ruhr · 11:45" stays readable in Arabic. */
function isolated(parts) {
  return parts.flatMap((part, index) => [index ? " · " : "", make("bdi", { text: part })]);
}

export class Verdict {
  #shell;
  #live;
  #choices;
  #hidden;
  #onClose;
  #timer = null;
  #before = { title: document.title, focus: null };

  /** `hidden` are the elements to hide meanwhile, `onClose(view)` is called when the result goes. */
  constructor({ shell, live, choices, hidden, onClose }) {
    this.#shell = shell;
    this.#live = live;
    this.#choices = choices;
    this.#hidden = hidden;
    this.#onClose = onClose;
    this.current = null;
    document.addEventListener("keydown", (event) => this.#key(event));
    live.addEventListener("click", () => this.current?.asks || this.close());
  }

  /** Show a view with its buttons `{label, icon, solid, run}`; `stays` keeps it until somebody taps, `quiet` makes no sound. */
  show(view, actions, { stays = view.asks || view.stays, quiet = false } = {}) {
    clearTimeout(this.#timer);
    const isNew = this.current === null;
    this.current = view;
    this.#shell.classList.remove("ev-door--scan", ...TONES.map((tone) => `ev-door--${tone}`));
    this.#shell.classList.add(`ev-door--${view.tone}`);
    this.#shell.classList.toggle("ev-door--offline", view.local);
    this.#hidden.forEach((part) => (part.hidden = true));
    this.#live.replaceChildren(this.#draw(view));
    this.#choices.replaceChildren(...actions.map((action) => this.#button(action)));
    this.#choices.hidden = false;
    if (isNew) this.#before = { title: document.title, focus: document.activeElement };
    document.title = view.word;
    window.scrollTo(0, 0);
    this.#live.querySelector("h1").focus();
    if (!quiet) signal(view.tone);
    if (!stays) this.#timer = setTimeout(() => this.close(), STAYS_MS[view.tone]);
  }

  /** Go back to scanning. */
  close() {
    if (!this.current) return;
    clearTimeout(this.#timer);
    const view = this.current;
    this.current = null;
    this.#shell.classList.remove("ev-door--offline", ...TONES.map((tone) => `ev-door--${tone}`));
    this.#shell.classList.add("ev-door--scan");
    this.#live.replaceChildren();
    this.#choices.replaceChildren();
    this.#choices.hidden = true;
    this.#hidden.forEach((part) => (part.hidden = false));
    document.title = this.#before.title;
    this.#before.focus?.focus({ preventScroll: true });
    this.#onClose(view);
  }

  #draw(view) {
    const shape = document.getElementById(`door-shape-${view.tone}`).content.firstElementChild.cloneNode(true);
    const facts = view.facts.map(({ term, parts }) => make("div", {}, make("dt", { text: term }), make("dd", {}, ...isolated(parts))));
    return make(
      "div",
      { class: "ev-verdict" },
      view.local && make("p", { class: "ev-door__off" }, icon("offline"), document.getElementById("door-offline").content.cloneNode(true)),
      shape,
      make("h1", { class: "ev-verdict__word", tabindex: "-1", text: view.word }),
      view.why && make("p", { class: "ev-verdict__why", text: view.why }),
      view.name && make("p", { class: "ev-verdict__name" }, make("bdi", { lang: view.language, text: view.name })),
      view.hello && make("p", { class: "ev-verdict__hello", lang: view.language, dir: "auto", text: view.hello }),
      facts.length > 0 && make("dl", {}, ...facts),
    );
  }

  #button({ label, icon: sign, solid, run }) {
    const button = make(
      "button",
      { type: "button", class: `ev-door__btn${solid ? " ev-door__btn--solid" : ""}` },
      sign && icon(sign),
      make("span", { text: label }),
    );
    button.addEventListener("click", run);
    return button;
  }

  #key(event) {
    if (!this.current || event.defaultPrevented || event.repeat) return;
    const isOnButton = event.target instanceof Element && event.target.closest("button, a, input");
    if (event.key === "Escape" || (event.key === "Enter" && !isOnButton && !this.current.asks)) {
      event.preventDefault();
      this.close();
    }
  }
}
