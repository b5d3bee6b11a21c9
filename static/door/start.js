/**
 * The door's first page: gives this phone its name, once, and offers it again next time; signs the phone on when the
 * address ends in the secret of a door link, and off again.
 *
 * Without script the fields stay hidden and the account's name stands in the log.
 */

import { device } from "./device.js";
import { offerLeave } from "./leave.js";
import { offerSignOn } from "./signon.js";

for (const form of document.querySelectorAll("form[data-door-start]")) {
  const field = form.querySelector("input[data-device-name]");
  field.closest("[hidden]")?.removeAttribute("hidden");
  field.value = device.name;
  form.addEventListener("submit", () => {
    device.name = field.value;
  });
}

document.querySelector("[data-without-script]")?.remove();
offerSignOn(document.getElementById("door-sign-on"), document.querySelector("[data-without-link]"));
document.querySelectorAll("[data-leave]").forEach(offerLeave);
