/**
 * The code typed by hand, for a torn ticket or a phone without a camera.
 *
 * Writes what is typed in groups of four as on the ticket, checks it before anybody is asked and says what is wrong.
 */

import { LENGTH, grouped, readCode, tidy } from "./code.js";
import { icon, make, say } from "./page.js";

function problem(code) {
  if (code.length < LENGTH) return say("typed_short", { n: LENGTH - code.length });
  if (code.length > LENGTH) return say("typed_long", { n: code.length - LENGTH });
  return readCode(code) ? null : say("typed_wrong");
}

/** Wire the dialog of the typed code; `onCode(code)` gets a code that is well formed. */
export function wire(dialog, onCode) {
  const form = dialog.querySelector("form");
  const field = form.querySelector("input[name=code]");
  const error = dialog.querySelector("[data-error]");

  const complain = (text) => {
    error.hidden = !text;
    error.replaceChildren(...(text ? [icon("bad"), make("span", { text })] : []));
    if (text) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  };

  field.addEventListener("input", () => {
    const atEnd = field.selectionStart === field.value.length;
    if (atEnd) field.value = grouped(tidy(field.value));
    complain(null);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const code = tidy(field.value);
    const wrong = problem(code);
    complain(wrong);
    if (wrong) return field.focus();
    dialog.close();
    return onCode(code);
  });
  dialog.addEventListener("close", () => {
    field.value = "";
    complain(null);
  });
}
