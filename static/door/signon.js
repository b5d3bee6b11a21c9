/**
 * Signs this phone on: the secret stands in the address behind "#", which no server sees; the person types the PIN.
 *
 * The token comes as a cookie that no script can read. Used by start.js.
 */

import { device } from "./device.js";

const PATIENCE_MS = 15000;
const SECRET = /^#[\w-]{20,100}$/;

/** Show the form when the address has a secret, and hide `without`, the words for those who have none. */
export function offerSignOn(form, without) {
  const field = form.elements.pin;
  const name = form.elements.device_name;
  const error = form.querySelector("[data-error]");
  const button = form.querySelector("button");

  function say(text) {
    error.textContent = text;
    error.hidden = !text;
    field.setAttribute("aria-invalid", String(Boolean(text)));
    if (text) field.focus();
  }

  function look() {
    const has = SECRET.test(location.hash);
    form.hidden = !has;
    without?.toggleAttribute("hidden", has);
    if (has) field.focus();
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!field.value.trim()) {
      say(form.dataset.missing);
      return;
    }
    say("");
    button.disabled = true;
    device.name = name.value;
    const said = { link: location.hash.slice(1), pin: field.value, device_id: device.id, device_name: device.name };
    const problem = await send(form.action, said);
    button.disabled = false;
    if (problem === null) location.replace(location.pathname);
    else say(problem || form.dataset.offline);
  });

  name.value = device.name;
  window.addEventListener("hashchange", look);
  look();
}

/** Give null when the phone is signed on, else the server's sentence, or "" when it said nothing. */
async function send(url, said) {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json" },
      credentials: "same-origin",
      redirect: "manual",
      cache: "no-store",
      body: JSON.stringify(said),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (response.status === 201) return null;
    return (await response.json()).title ?? "";
  } catch {
    return "";
  }
}
