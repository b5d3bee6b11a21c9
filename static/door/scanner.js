/**
 * The door's page: joins camera, hand scanner, typed code and search to one path, from a code to the result.
 *
 * Nothing is green before the decision: a code is stored, the server is asked, and only its answer, or a person's
 * tap when none comes in time, admits anybody.
 */

import { admittedByHand, ownView, viewOf } from "./answer.js";
import { readCode } from "./code.js";
import { watch } from "./counts.js";
import { device } from "./device.js";
import { listen } from "./hand.js";
import { Link } from "./link.js";
import { ago, clock, page, say } from "./page.js";
import { Scans } from "./scans.js";
import * as search from "./search.js";
import * as settingsDialog from "./settings.js";
import { unlock } from "./sound.js";
import * as supervisor from "./supervisor.js";
import { SessionStore } from "./store.js";
import * as typed from "./typed.js";
import { Recent } from "./undo.js";
import { Verdict } from "./verdict.js";
import { Viewfinder } from "./viewfinder.js";
import { call } from "./wire.js";

const DECIDE_MS = 1500;

const part = (id) => document.getElementById(`door-${id}`);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const link = new Link(part("link"));
const dialogs = ["search", "typed", "recent", "settings"].map(part);
/** Views that wait for a person's decision, with their scans; a closed one is reported as unknown. */
const open = new Map();
let isAsking = false;
/** A code that a hand scanner sent while another was being asked for: its turn comes when that result has gone. */
let queued = null;
let settings = null;
let unsent = 0;

const scans = new Scans({
  store: new SessionStore(page.event),
  place: { entrance: page.entrance, practice: page.practice },
  post,
  onChange: (state) => {
    unsent = state.unsent;
    link.update(state);
    settings?.showHeld(state.held);
  },
});

const viewfinder = new Viewfinder(part("view"), { onText: (text) => take(text), beforeStart: unlock });

const verdict = new Verdict({
  shell: page.shell,
  live: part("verdict"),
  choices: part("choices"),
  hidden: [part("title"), part("scan"), part("foot")],
  onClose: (view) => {
    const scan = open.get(view);
    open.delete(view);
    if (scan) scans.tell(scan, "unknown", { local_reason: "offline_unknown" });
    refreshCounts();
    const text = queued;
    queued = null;
    if (text) take(text);
  },
});

const recent = new Recent({
  line: part("last"),
  list: part("recent").querySelector("ol"),
  onUndo: undo,
  onShow: ({ scan, view }) => {
    dialogs.forEach((dialog) => dialog.close());
    if (open.has(view)) verdict.show(view, questions(scan, view));
    else verdict.show({ ...view, why: say("again", { time: clock(scan.at) }) }, [next("go_on")], { stays: true, quiet: true });
  },
});

const refreshCounts = watch(
  Object.fromEntries([...document.querySelectorAll("[data-count]")].map((place) => [place.dataset.count, place])),
  (meaning) => {
    link.update({ meaning: meaning === "ok" && scans.meaning === "closed" ? "closed" : meaning });
    if (meaning === "ok") scans.flush();
  },
  () => unsent,
);

async function post({ entrance, practice }, items) {
  const phone = { id: device.id, name: device.name };
  const answer = await call(page.scansUrl, { device: phone, entrance, practice, sent_at: Date.now(), scans: items });
  if (answer.meaning === "ok") link.update({ isClockWrong: Boolean(answer.body.clock_is_wrong) });
  return answer;
}

/** Take a text from camera, hand scanner, typed code or search, and bring it to a result. */
async function take(text) {
  if (isAsking) {
    queued = text;
    return;
  }
  dialogs.forEach((dialog) => dialog.close());
  verdict.close();
  const code = readCode(text);
  if (!code) {
    verdict.show(ownView("malformed"), [next("go_on")]);
    return;
  }
  const just = recent.justPassed(code, device.way);
  if (just) {
    const facts = [{ term: say("when"), parts: [ago(just.scan.at)] }];
    verdict.show(ownView("just_scanned", { name: just.view.name, facts }), [next("go_on")]);
    return;
  }
  await decide(code);
}

async function decide(code) {
  isAsking = true;
  page.shell.classList.add("is-asking");
  viewfinder.pause();
  viewfinder.say("asking");
  try {
    const scan = await scans.record({ code, kind: device.way });
    const answer = scans.ask(scan);
    const result = await Promise.race([answer, pause(DECIDE_MS)]);
    if (result) showAnswer(scan, result);
    else showSilence(scan, answer, result === null ? scans.meaning : "retry");
  } finally {
    isAsking = false;
    page.shell.classList.remove("is-asking");
    viewfinder.say();
    viewfinder.resume();
  }
}

function showAnswer(scan, result) {
  const view = viewOf(result, scan.kind);
  recent.add(scan, view);
  verdict.show(view, actionsFor(scan, view));
}

/** No answer in time: the door decides, and a late answer still counts while nobody has. */
function showSilence(scan, answer, meaning) {
  const reason = meaning === "signed_out" ? "signed_out" : meaning === "retry" ? "offline_unknown" : "closed";
  const view = ownView(reason);
  open.set(view, scan);
  recent.add(scan, view);
  verdict.show(view, questions(scan, view));
  answer.then((late) => {
    if (!late || !open.has(view)) return;
    open.delete(view);
    const better = viewOf(late, scan.kind);
    recent.change(scan, better);
    if (verdict.current === view) verdict.show(better, actionsFor(scan, better));
  });
}

function next(key) {
  return { label: say(key), solid: true, run: () => verdict.close() };
}

function questions(scan, view) {
  return [
    { label: say("name_fits"), solid: true, run: () => admitByHand(scan, view) },
    { label: say("not_admit"), run: () => refuse(scan, view) },
  ];
}

function actionsFor(scan, view) {
  if (view.asks) return questions(scan, view);
  if (view.tone !== "admit") return [next("go_on")];
  return [next("next_guest"), { label: say("undo"), icon: "undo", run: () => recent.undo(scan) }];
}

async function admitByHand(scan, view) {
  if (!open.has(view) && !(await supervisor.allows())) return;
  const isOwn = open.delete(view);
  const reason = isOwn ? { local_reason: "offline_unknown" } : { override: true };
  const result = await Promise.race([scans.tell(scan, "admitted", reason), pause(DECIDE_MS)]);
  const isTwice = Boolean(result?.conflict);
  const decided = isTwice ? viewOf({ ...result, decision: "deny", reason: "already_admitted" }) : admittedByHand(view, { local: !result });
  recent.change(scan, decided);
  verdict.show(decided, actionsFor(scan, decided));
}

function refuse(scan, view) {
  const isOwn = open.delete(view);
  scans.tell(scan, "refused", isOwn ? { local_reason: "offline_unknown" } : {});
  recent.change(scan, { ...view, asks: false });
  verdict.close();
}

async function undo(entry) {
  entry.pending = true;
  recent.draw();
  const scan = await scans.record({ code: entry.scan.code, kind: "undo", undo_of: entry.scan.id, mode: "tell" });
  entry.undone = true;
  entry.pending = false;
  recent.draw();
  verdict.close();
  part("status").textContent = say("undone_long", { name: entry.view.name || entry.view.word });
  await scans.ask(scan);
  refreshCounts();
}

function showPhone() {
  part("name").textContent = device.name || say("no_name");
  part("way").hidden = device.way === "entry";
}

function wireDialogs() {
  typed.wire(part("typed"), take);
  search.wire(part("search"), take);
  settings = settingsDialog.wire(part("settings"), { viewfinder, scans, onChange: showPhone });
  for (const dialog of dialogs) {
    dialog.addEventListener("close", () => isAsking || viewfinder.resume());
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  }
  document.querySelectorAll("[data-opens]").forEach((button) =>
    button.addEventListener("click", () => {
      unlock();
      viewfinder.pause();
      if (button.dataset.opens === "settings") settings.open();
      else part(button.dataset.opens).showModal();
    }),
  );
}

function start() {
  part("plain").hidden = true;
  part("app").hidden = false;
  showPhone();
  wireDialogs();
  listen((text) => {
    unlock();
    take(text);
  });
  addEventListener("online", () => scans.flush());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && scans.flush());
  scans.start();
}

start();
