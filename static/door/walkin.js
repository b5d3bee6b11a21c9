/**
 * Somebody without a ticket: one dialog with as little as possible, checked before anybody is asked.
 *
 * Used by scanner.js, which brings the person to a result by the same path as a scan.
 */

import { icon, make, say } from "./page.js";

/** Give what is wrong as `[name of the field, key of the text]`, or null. */
function problem(fields, category) {
  if (!fields.given_name.value.trim() && !fields.family_name.value.trim()) return ["given_name", "walk_in_name"];
  if (!category) return ["category", "walk_in_category"];
  return fields.email.validity.valid ? null : ["email", "walk_in_email"];
}

function personOf(fields, category) {
  const told = ["given_name", "family_name", "organisation", "email", "language"];
  const person = Object.fromEntries(told.map((name) => [name, fields[name].value.trim()]));
  return { ...person, category: Number(category) };
}

/** Wire the dialog; `onPerson(person)` gets `{given_name, family_name, organisation, email, language, category}`. */
export function wire(dialog, onPerson) {
  const form = dialog.querySelector("form");
  const error = dialog.querySelector("[data-error]");
  const fields = form.elements;

  const complain = (wrong) => {
    error.hidden = !wrong;
    error.replaceChildren(...(wrong ? [icon("bad"), make("span", { text: say(wrong[1]) })] : []));
    for (const field of form.querySelectorAll("input")) {
      if (wrong && field.name === wrong[0]) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const category = new FormData(form).get("category");
    const wrong = problem(fields, category);
    complain(wrong);
    if (wrong) return form.querySelector(`input[name=${wrong[0]}]`).focus();
    const person = personOf(fields, category);
    dialog.close();
    return onPerson(person);
  });
  dialog.addEventListener("close", () => {
    form.reset();
    complain(null);
  });
}
