/**
 * Finding a guest by name, for those without a ticket in hand.
 *
 * Asks the server from three characters on, shows who fits and what state they are in, and hands the chosen person's
 * code to the same path as a scan.
 */

import { make, page, say } from "./page.js";
import { call } from "./wire.js";

const LEAST = 3;
const PAUSE_MS = 250;

function stateOf(person) {
  return say(person.inside ? "person_inside" : `person_${person.state}`);
}

function row(person, onChoose) {
  const about = [person.organisation, person.category].filter(Boolean).join(" · ");
  const button = make(
    "button",
    { type: "button", class: "ev-found__person" },
    make("span", { class: "ev-found__name" }, make("bdi", { text: person.name })),
    about && make("span", { class: "ev-found__about" }, make("bdi", { text: about })),
    make("span", { class: "ev-found__state", text: stateOf(person) }),
  );
  button.addEventListener("click", () => onChoose(person));
  return make("li", {}, button);
}

/** Wire the dialog of the name search; `onCode(code)` gets the chosen guest's code. */
export function wire(dialog, onCode) {
  const field = dialog.querySelector("input[name=q]");
  const list = dialog.querySelector("[data-found]");
  const status = dialog.querySelector("[role=status]");
  let timer = null;
  let turn = 0;

  const choose = (person) => {
    dialog.close();
    onCode(person.code);
  };
  const find = async () => {
    const mine = ++turn;
    const sought = field.value.trim();
    list.replaceChildren();
    if (sought.length < LEAST) {
      status.textContent = say("search_short");
      return;
    }
    status.textContent = say("search_running");
    const { meaning, body } = await call(`${page.searchUrl}?q=${encodeURIComponent(sought)}`);
    if (mine !== turn) return;
    const people = body?.people ?? [];
    list.replaceChildren(...people.map((person) => row(person, choose)));
    if (meaning !== "ok") status.textContent = say(meaning === "signed_out" ? "why_signed_out" : "search_failed");
    else status.textContent = people.length ? say("search_found", { n: people.length }) : say("search_none");
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, PAUSE_MS);
  });
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    find();
  });
  dialog.addEventListener("close", () => {
    clearTimeout(timer);
    turn += 1;
    field.value = "";
    list.replaceChildren();
    status.textContent = say("search_short");
  });
}
