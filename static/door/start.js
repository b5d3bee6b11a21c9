/**
 * The door's first page: gives this phone its name, once, and offers it again next time.
 *
 * Without script the field stays hidden and the account's name stands in the log.
 */

import { device } from "./device.js";

for (const form of document.querySelectorAll("form[data-door-start]")) {
  const field = form.querySelector("input[data-device-name]");
  field.closest("[hidden]")?.removeAttribute("hidden");
  field.value = device.name;
  form.addEventListener("submit", () => {
    device.name = field.value;
  });
}
