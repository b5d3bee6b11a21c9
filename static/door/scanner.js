/**
 * The door's page: joins camera, hand scanner, typed code and search to one path, from a code to the result.
 *
 * Nothing is green before the decision: a code is stored, the server is asked, and only its answer admits anybody, or
 * what decisions.js says when none comes. The list of tickets is renewed while the server answers.
 */

import { ownView } from "./answer.js";
import { readCode } from "./code.js";
import { watch } from "./counts.js";
import { Database, isOver, sweep } from "./database.js";
import { Decisions } from "./decisions.js";
import { device } from "./device.js";
import { listen } from "./hand.js";
import * as install from "./install.js";
import { Judge } from "./judge.js";
import { Link } from "./link.js";
import { TicketList } from "./list.js";
import { ListLine } from "./listline.js";
import { ago, clock, page, say } from "./page.js";
import { Scans } from "./scans.js";
import * as search from "./search.js";
import * as settingsDialog from "./settings.js";
import { unlock } from "./sound.js";
import { Store } from "./store.js";
import { Tabs } from "./tabs.js";
import * as typed from "./typed.js";
import { Recent } from "./undo.js";
import { Verdict } from "./verdict.js";
import { Viewfinder } from "./viewfinder.js";
import * as walkin from "./walkin.js";
import { call, report } from "./wire.js";

const part = (id) => document.getElementById(`door-${id}`);
const link = new Link(part("link"));
const database = new Database(page.eventId);
const dialogs = ["search", "typed", "recent", "settings", "walkin"].map(part).filter(Boolean);
let isAsking = false;
/** A code that a hand scanner sent while another was being asked for: its turn comes when that result has gone. */
let queued = null;
let settings = null;
let unsent = 0;

const scans = new Scans({
  store: new Store(database, (trouble) => link.update({ trouble })),
  tabs: new Tabs(page.eventId),
  place: { entrance: page.entrance, practice: page.practice },
  post,
  onChange: (state) => {
    unsent = state.unsent;
    link.update(state);
    settings?.showHeld(state.held);
  },
  onSettled: (scan, result) => decisions.settled(scan, result),
});

const listLine = new ListLine(part("list"), part("late"));
const list = new TicketList({ database, entrance: page.entrance, fetch: fetchList, onChange: (changed) => listLine.show(changed) });
const judge = new Judge({ event: page.eventId, list, scans });

const viewfinder = new Viewfinder(part("view"), { onText: (text) => take(text), beforeStart: unlock });

const verdict = new Verdict({
  shell: page.shell,
  live: part("verdict"),
  choices: part("choices"),
  hidden: [part("title"), part("scan"), part("foot")],
  onClose: (view) => {
    decisions.leave(view);
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
    if (decisions.isOpen(view)) verdict.show(view, decisions.actionsFor(scan, view));
    else verdict.show({ ...view, why: say("again", { time: clock(scan.at) }) }, [decisions.next("go_on")], { stays: true, quiet: true });
  },
});

const decisions = new Decisions({
  scans,
  judge,
  verdict,
  recent,
  known: () => ({ fetched_at: list.about?.fetched_at, unsent }),
  onDisagree: () => listLine.disagree(),
});

const refreshCounts = watch(
  Object.fromEntries([...document.querySelectorAll("[data-count]")].map((place) => [place.dataset.count, place])),
  (meaning) => {
    decisions.hear(meaning);
    if (meaning === "ok") return void keepUp();
    link.update({ meaning });
    if (meaning === "signed_out" && !unsent) list.wipe();
  },
  () => unsent,
);

async function post(place, items) {
  const answer = await report(place, items);
  decisions.hear(answer.meaning);
  if (answer.meaning === "ok") link.update({ isClockWrong: Boolean(answer.body.clock_is_wrong) });
  return answer;
}

/** Ask for the list, or for what changed in it. */
function fetchList(since) {
  const known = since === null ? "" : `&since=${since}`;
  return call(`${page.manifestUrl}?entrance=${encodeURIComponent(page.entrance)}${known}`);
}

/** While the server answers: send what waits, renew the list, and forget it when the event is over. */
async function keepUp() {
  scans.hear();
  await scans.flush();
  if (isOver(list.about?.event) && !unsent) await list.wipe();
  else if (!page.practice) await list.refresh();
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
    verdict.show(ownView("malformed"), [decisions.next("go_on")]);
    return;
  }
  const just = recent.justPassed(code, device.way);
  if (just) {
    const facts = [{ term: say("when"), parts: [ago(just.scan.at)] }];
    verdict.show(ownView("just_scanned", { name: just.view.name, facts }), [decisions.next("go_on")]);
    return;
  }
  await decide(() => decisions.decide(code, device.way));
}

async function decide(bringToResult) {
  isAsking = true;
  page.shell.classList.add("is-asking");
  viewfinder.pause();
  viewfinder.say("asking");
  try {
    await bringToResult();
  } finally {
    isAsking = false;
    page.shell.classList.remove("is-asking");
    viewfinder.say();
    viewfinder.resume();
  }
}

async function undo(entry) {
  entry.pending = true;
  recent.draw();
  const isNameless = entry.scan.place.walkIn && !entry.scan.code; // somebody without a ticket of whom the server has not told a code
  const scan = isNameless ? entry.scan : await scans.record({ code: entry.scan.code, kind: "undo", undo_of: entry.scan.id, mode: "tell" });
  entry.undone = true;
  entry.pending = false;
  recent.draw();
  verdict.close();
  part("status").textContent = say("undone_long", { name: entry.view.name || entry.view.word });
  await (isNameless ? scans.tell(scan, "refused") : scans.ask(scan));
  refreshCounts();
}

function showPhone() {
  part("name").textContent = device.name || say("no_name");
  part("way").hidden = device.way === "entry";
}

function wireDialogs() {
  typed.wire(part("typed"), take);
  search.wire(part("search"), take);
  if (part("walkin")) walkin.wire(part("walkin"), (person) => isAsking || decide(() => decisions.enter(person)));
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
  addEventListener("online", () => refreshCounts());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && scans.flush());
  scans.start();
  list.load();
  install.start({ button: part("update"), isIdle: () => !isAsking && !verdict.current });
  sweep();
}

start();
