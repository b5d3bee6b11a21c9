/**
 * Signs this phone off, after a question that says how many scans would stay on it. Used by start.js.
 */

import { countUnsent } from "./database.js";

/** Make the button of this place ask, and sign off when the answer is yes. */
export function offerLeave(place) {
  const part = (name) => place.querySelector(`[data-${name}]`);
  const dialog = place.querySelector("dialog");
  const words = part("unsent").textContent;

  part("leave-ask").addEventListener("click", async () => {
    const unsent = await countUnsent();
    part("unsent").textContent = words.replace("{n}", unsent);
    part("unsent").hidden = !unsent;
    part("error").hidden = true;
    dialog.showModal();
  });
  part("leave-not").addEventListener("click", () => dialog.close());
  part("leave-now").addEventListener("click", async () => {
    const isGone = await leave(place.dataset.leave);
    part("error").hidden = isGone;
    if (isGone) location.reload();
  });
}

/** Tell the server; a phone that it does not know any more has left already. */
async function leave(url) {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json" },
      body: "{}",
      credentials: "same-origin",
      redirect: "manual",
    });
    return response.ok || response.status === 401;
  } catch {
    return false;
  }
}
