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

/** Draw a person; who has no ticket, such as somebody on the waiting list, is shown but cannot be chosen. */
function row(person, onChoose) {
  const about = [person.organisation, person.category].filter(Boolean).join(" · ");
  const canCome = Boolean(person.code);
  const button = make(
    canCome ? "button" : "div",
    { type: canCome && "button", class: "ev-found__person" },
    make("span", { class: "ev-found__name" }, make("bdi", { text: person.name })),
    about && make("span", { class: "ev-found__about" }, make("bdi", { text: about })),
    make("span", { class: "ev-found__state", text: stateOf(person) }),
  );
  if (canCome) button.addEventListener("click", () => onChoose(person));
  return make("li", {}, button);
}

function outcome(meaning, count) {
  if (meaning === "signed_out") return say("link_signed_out");
  if (meaning !== "ok") return say("search_failed");
  return count ? say("search_found", { n: count }) : say("search_none");
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
    const isShort = sought.length < LEAST;
    list.replaceChildren();
    status.textContent = say(isShort ? "search_short" : "search_running");
    if (isShort) return;
    const { meaning, body } = await call(`${page.searchUrl}?q=${encodeURIComponent(sought)}`);
    if (mine !== turn) return;
    const people = body?.people ?? [];
    list.replaceChildren(...people.map((person) => row(person, choose)));
    status.textContent = outcome(meaning, people.length);
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
