/**
 * How many are inside, came through this entrance and are expected there: asked for every few seconds while somebody
 * looks. Where the room has a limit, it stands beside the number inside, and a full room is marked.
 *
 * The same call is the sign of life between phone and server, so its meaning is handed on.
 */

import { number, page, say } from "./page.js";
import { call } from "./wire.js";

const PAUSE_MS = 4000;
const PATIENCE_MS = 5000;

function show(places, counts) {
  for (const [name, place] of Object.entries(places)) place.textContent = number(counts[name]);
  if (!places.inside) return;
  const isLimited = Number.isFinite(counts.limit);
  if (isLimited) places.inside.textContent = say("inside_of", { inside: number(counts.inside), limit: number(counts.limit) });
  places.inside.classList.toggle("is-full", isLimited && counts.inside >= counts.limit);
}

/**
 * Keep the numbers in `places` (`{inside, admitted, expected}`, elements) fresh; gives a function that asks now.
 *
 * `unsent()` gives how many scans the server does not have yet: the organiser's list of phones shows it.
 */
export function watch(places, onMeaning, unsent = () => 0) {
  let timer = null;
  let turn = 0;

  const ask = async () => {
    clearTimeout(timer);
    if (document.visibilityState !== "visible") return;
    const mine = ++turn;
    const url = `${page.countsUrl}?entrance=${encodeURIComponent(page.entrance)}&unsent=${unsent()}${page.practice ? "&practice=1" : ""}`;
    const { meaning, body } = await call(url, undefined, PATIENCE_MS);
    if (mine !== turn) return;
    if (meaning === "ok") show(places, body);
    onMeaning(meaning);
    timer = setTimeout(ask, PAUSE_MS);
  };

  document.addEventListener("visibilitychange", ask);
  ask();
  return ask;
}
