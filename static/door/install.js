/**
 * Keeps the door on this phone: registers the service worker, has this page kept, and offers a new version.
 *
 * A new version is loaded when somebody says so and no scan is open. Where the browser has no service worker (a page
 * without https) the door works with network only.
 */

import { page } from "./page.js";

const LOOK_MS = 30 * 60 * 1000;
const IDLE_MS = 250;

/** Give the new version that waits, once there is one: `onFound(worker)`. */
function watch(registration, onFound) {
  const look = () => {
    if (registration.waiting && navigator.serviceWorker.controller) onFound(registration.waiting);
  };
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", look));
  look();
  setInterval(() => registration.update().catch(() => {}), LOOK_MS);
}

/** Load this page anew as soon as no scan is open. */
function reloadWhen(isIdle) {
  if (isIdle()) location.reload();
  else setTimeout(() => reloadWhen(isIdle), IDLE_MS);
}

/** Start; `button` is shown while a new version waits, `isIdle()` tells whether no scan is open. */
export async function start({ button, isIdle }) {
  if (!navigator.serviceWorker) return;
  try {
    const registration = await navigator.serviceWorker.register(page.workerUrl, { scope: "/door/", updateViaCache: "none" });
    if (!registration) return;
    let isTaken = false;
    watch(registration, (waiting) => {
      button.hidden = false;
      button.onclick = () => {
        isTaken = true;
        button.disabled = true;
        waiting.postMessage({ type: "take over" });
      };
    });
    navigator.serviceWorker.addEventListener("controllerchange", () => isTaken && reloadWhen(isIdle));
    navigator.storage?.persist?.();
    const ready = await navigator.serviceWorker.ready;
    ready.active?.postMessage({ type: "keep", url: location.href });
  } catch {
    // Refused, such as in a private window: the door works with network only.
  }
}
