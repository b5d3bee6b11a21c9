/**
 * Self check-in: the guest's own scanner. It says welcome, or sends the guest to the staff; nothing else.
 *
 * No reasons, no names but the guest's own, no decision without the server: where it does not answer, the guest is sent
 * to the staff and the log says that nobody came in here. Each result goes by itself. Used by checkin/kiosk/kiosk.html.
 */

import { viewOf } from "./answer.js";
import { readCode } from "./code.js";
import { Database } from "./database.js";
import { listen } from "./hand.js";
import * as install from "./install.js";
import { Link } from "./link.js";
import { make, page } from "./page.js";
import { Scans } from "./scans.js";
import { signal, unlock } from "./sound.js";
import { Store } from "./store.js";
import { Tabs } from "./tabs.js";
import { Viewfinder } from "./viewfinder.js";
import { report } from "./wire.js";

const DECIDE_MS = 2500;
const STAYS_MS = { admit: 5000, look: 7000 };
const TONES = ["admit", "look"];
const SECOND = "en";

const words = JSON.parse(document.getElementById("kiosk-words").textContent);
const part = (id) => document.getElementById(`door-${id}`);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const link = new Link(part("link"));
const title = document.title;
let isBusy = false;
let known = { meaning: "ok" };

/** Say how the line is; the browser knows that there is no network before the first guest finds out. */
function tellLink(state = known) {
  known = state;
  link.update(state.meaning === "ok" && !navigator.onLine ? { ...state, meaning: "retry" } : state);
}

const scans = new Scans({
  store: new Store(new Database(page.eventId), (trouble) => link.update({ trouble })),
  tabs: new Tabs(page.eventId),
  place: { entrance: page.entrance, practice: false },
  post: report,
  onChange: tellLink,
});

const viewfinder = new Viewfinder(part("view"), { onText: (text) => take(text), beforeStart: unlock });

/** Take a code to its answer, show it for some seconds and wait for the next guest. */
async function take(text) {
  if (isBusy) return;
  isBusy = true;
  viewfinder.pause();
  viewfinder.say("asking");
  try {
    const code = readCode(text);
    await show(code ? await decide(code) : null);
  } finally {
    clear();
    isBusy = false;
    viewfinder.say();
    viewfinder.resume();
  }
}

async function decide(code) {
  const scan = await scans.record({ code });
  const result = await Promise.race([scans.ask(scan), pause(DECIDE_MS)]);
  if (!result) scans.tell(scan, "refused", { local_reason: "offline_unknown" });
  return result ?? null;
}

/** Give what is said in one language, as an element with its own language and direction. */
function told(tag, language, key, css) {
  return make(tag, { class: css, lang: language, dir: words[language].direction, text: words[language][key], tabindex: tag === "h1" && "-1" });
}

function draw(result, isIn) {
  const own = result?.ticket?.language;
  const first = words[own] ? own : own ? SECOND : document.documentElement.lang;
  const others = Object.keys(words).filter((language) => language !== first && (isIn ? false : !own || language === SECOND));
  const view = isIn ? viewOf({ ...result, ticket: { ...result.ticket, category: "", note: [] } }) : null; // those are for the staff
  const shape = part(`shape-${isIn ? "admit" : "look"}`).content.firstElementChild.cloneNode(true);
  const facts = (view?.facts ?? []).map(({ term, parts }) => make("div", {}, make("dt", { text: term }), make("dd", {}, make("bdi", { text: parts.join(" · ") }))));
  return make(
    "div",
    { class: "ev-verdict" },
    shape,
    told("h1", first, isIn ? "come_in" : "ask", "ev-verdict__word"),
    view?.hello && make("p", { class: "ev-verdict__hello", lang: own, dir: "auto", text: view.hello }),
    view?.name && make("p", { class: "ev-verdict__name" }, make("bdi", { lang: own, text: view.name })),
    told("p", first, isIn ? "welcome" : "why", "ev-verdict__why"),
    ...others.map((language) => told("p", language, "why", "ev-verdict__why")),
    facts.length > 0 && make("dl", {}, ...facts),
  );
}

async function show(result) {
  const isIn = result?.decision === "admit";
  const tone = isIn ? "admit" : "look";
  part("title").hidden = part("scan").hidden = true;
  page.shell.classList.remove("ev-door--scan");
  page.shell.classList.add(`ev-door--${tone}`);
  part("verdict").replaceChildren(draw(result, isIn));
  const heading = part("verdict").querySelector("h1");
  document.title = heading.textContent;
  heading.focus();
  signal(tone);
  await pause(STAYS_MS[tone]);
}

function clear() {
  part("verdict").replaceChildren();
  page.shell.classList.remove(...TONES.map((tone) => `ev-door--${tone}`));
  page.shell.classList.add("ev-door--scan");
  part("title").hidden = part("scan").hidden = false;
  document.title = title;
}

part("app").hidden = false;
listen((text) => {
  unlock();
  take(text);
});
addEventListener("offline", () => tellLink());
addEventListener("online", () => scans.flush());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && scans.flush());
scans.start();
// Nobody is there to take a new version: it comes with the next start.
install.start({ button: make("button"), isIdle: () => !isBusy });
