/**
 * Asks for a supervisor's PIN before somebody is admitted against the answer, where the door link wants it.
 *
 * Two minutes long the phone may go on by itself. While the server is silent the door goes on without: the scan is
 * then listed as one that nobody allowed. Used by what admits by hand.
 */

import { page } from "./page.js";
import { call } from "./wire.js";

const dialog = document.getElementById("door-supervisor");
let until = 0;

/** Tell whether the door may go against the answer now; asks for the PIN where that is needed. */
export async function allows() {
  if (page.rights.has("override") || !page.overrideUrl || page.practice || Date.now() < until) return true;
  return ask();
}

function ask() {
  const field = dialog.querySelector("input");
  const error = dialog.querySelector("[data-error]");
  const form = dialog.querySelector("form");
  field.value = "";
  error.hidden = true;
  dialog.showModal();
  return new Promise((resolve) => {
    const end = (isAllowed) => {
      form.onsubmit = dialog.onclose = null;
      dialog.close();
      resolve(isAllowed);
    };
    dialog.onclose = () => end(false);
    form.onsubmit = async (event) => {
      event.preventDefault();
      const { meaning, status, body } = await call(page.overrideUrl, { pin: field.value });
      if (meaning === "ok") until = Date.now() + body.seconds * 1000;
      const isSilent = meaning === "retry" && status !== 429;
      if (meaning === "ok" || isSilent) return end(true);
      error.hidden = false;
      field.select();
    };
    dialog.querySelector("[data-close]").onclick = () => dialog.close();
  });
}
