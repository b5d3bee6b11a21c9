/**
 * The log of this phone's scans: each gets its id here, is stored before anybody is asked, and goes only when the
 * server says that it has it.
 *
 * A live scan is an `ask`: the server decides. What the door did is a `tell`. A scan may change while a request is
 * under way (the door decided in the meantime): `turn` counts its changes, and only an answer to the latest turn lets
 * it go. Scans that the server refuses to store lie in the drawer, visible, until somebody sends them again.
 *
 * Several tabs share one store: tabs.js says whose pages still live, so that nobody reports a question that another
 * tab still waits for, and lets one tab at a time send what waits.
 */

import { newId } from "./device.js";

const BATCH = 200;
const LONGEST_WAIT_S = 30;
const LOCAL = new Set(["turn", "held", "place", "tab"]);

const wireForm = (scan) => Object.fromEntries(Object.entries(scan).filter(([name]) => !LOCAL.has(name)));

/** Divide scans into batches of one place each, because the place stands on the envelope. */
function batches(scans) {
  const places = new Map();
  for (const scan of scans) {
    const key = JSON.stringify(scan.place);
    const last = places.get(key)?.at(-1);
    if (last && last.length < BATCH) last.push(scan);
    else places.set(key, [...(places.get(key) ?? []), [scan]]);
  }
  return [...places.values()].flat();
}

/** A question about somebody without a ticket that was answered by no: nobody came in, nothing is lost. */
const isAnswered = (scan, result) => scan.place?.walkIn && scan.mode === "ask" && result?.state === "refused";

export class Scans {
  #store;
  #place;
  #post;
  #tabs;
  #onChange;
  #onSettled;
  #answers = new Map();
  #sending = new Set();
  #failures = 0;
  #timer = null;
  #uploading = false;

  /**
   * `place` is `{entrance, practice}` of scans made from now on, `post(place, scans)` gives `{meaning, body}`, and
   * `onChange({meaning, unsent, held})` is told whenever one of them changes, `onSettled(scan, result)` of every answer.
   */
  constructor({ store, tabs, place, post, onChange, onSettled = () => {} }) {
    this.#place = place;
    this.#store = store;
    this.#post = post;
    this.#tabs = tabs;
    this.#onChange = onChange;
    this.#onSettled = onSettled;
    this.meaning = "ok";
  }

  /** Take up what an earlier life of this page left. */
  async start() {
    await this.#tellChange();
    await this.flush();
  }

  /** Turn questions that nobody waits for any more, because their tab was closed, into reports. */
  async #adopt() {
    const orphans = (await this.#store.all()).filter((scan) => scan.mode === "ask" && scan.tab !== this.#tabs.own);
    if (!orphans.length) return;
    const living = await this.#tabs.living();
    for (const scan of orphans) {
      if (!living.has(scan.tab)) await this.#store.put({ ...scan, mode: "tell", turn: scan.turn + 1 });
    }
  }

  /** Give the scans of a code that the server may not have yet, in the order of their making. */
  async made(code) {
    return (await this.#store.all()).filter((scan) => scan.code === code);
  }

  /** Store a new scan and give it; `walkIn` is somebody without a ticket, who waits in the same queue. */
  async record({ code = "", kind = "entry", undo_of = null, mode = "ask", outcome = "unknown", local_reason = "ok", walkIn = null }) {
    const scan = { ...walkIn, id: newId(), code, kind, undo_of, mode, at: Date.now(), outcome, override: false, local_reason };
    const place = walkIn ? { ...this.#place, walkIn: true } : this.#place;
    Object.assign(scan, { turn: 0, held: false, place, tab: this.#tabs.own });
    await this.#store.put(scan);
    await this.#tellChange();
    return scan;
  }

  /** Send a stored scan at once; the promise gives the server's result, however late, or null if it refuses to talk. */
  ask(scan) {
    const answer = new Promise((resolve) => this.#answers.set(scan.id, resolve));
    this.#send([scan]).then((reached) => reached && this.flush());
    return answer;
  }

  /** Say what the door did with a scan, also while its question is still under way. */
  async tell(scan, outcome, options) {
    return this.ask(await this.note(scan, outcome, options));
  }

  /** Store what the door did with a scan and give it as it is now; `ask` sends it. */
  async note(scan, outcome, { override = false, local_reason = scan.local_reason } = {}) {
    const kept = (await this.#store.get(scan.id)) ?? scan;
    const told = { ...kept, mode: "tell", outcome, override, local_reason, turn: kept.turn + 1, held: false };
    await this.#store.put(told);
    await this.#tellChange();
    return told;
  }

  /** Another request was answered: the server is back, unless it takes no scans. */
  hear() {
    if (this.meaning !== "closed") this.meaning = "ok";
  }

  /** Send everything that waits, unless another tab is at it. */
  async flush() {
    if (this.#uploading) return;
    this.#uploading = true;
    clearTimeout(this.#timer);
    try {
      await this.#tabs.alone(async () => {
        await this.#adopt();
        const waiting = (await this.#store.all()).filter((scan) => this.#isFree(scan));
        for (const batch of batches(waiting)) {
          if (!(await this.#send(batch))) break;
        }
      });
    } finally {
      this.#uploading = false;
    }
    await this.#tellChange();
  }

  /** Not in the drawer, not under way, and no question of another tab. */
  #isFree(scan) {
    return !scan.held && !this.#sending.has(scan.id) && (scan.mode === "tell" || scan.tab === this.#tabs.own);
  }

  /** Take the drawer's scans out and try them once more. */
  async retryHeld() {
    for (const scan of await this.#store.all()) {
      if (scan.held) await this.#store.put({ ...scan, held: false });
    }
    await this.flush();
  }

  async #send(scans) {
    scans.forEach((scan) => this.#sending.add(scan.id));
    const { body, ...answer } = await this.#post(scans[0].place, scans.map(wireForm));
    const meaning = answer.meaning === "ok" && !Array.isArray(body?.results) ? "retry" : answer.meaning;
    scans.forEach((scan) => this.#sending.delete(scan.id));
    if (meaning === "too_much") return this.#halve(scans);
    this.meaning = meaning;
    if (meaning === "ok") {
      this.#failures = 0;
      await this.#settle(scans, body.results);
    } else this.#plan();
    await this.#tellChange();
    if (meaning !== "ok" && meaning !== "retry") scans.forEach((scan) => this.#resolve(scan.id, null));
    return meaning === "ok";
  }

  async #halve(scans) {
    if (scans.length === 1) {
      await this.#hold(scans[0]);
      this.#resolve(scans[0].id, null);
      await this.#tellChange();
      return true;
    }
    const middle = Math.ceil(scans.length / 2);
    return (await this.#send(scans.slice(0, middle))) && this.#send(scans.slice(middle));
  }

  async #settle(scans, results) {
    const byId = new Map(results.map((result) => [result.id, result]));
    let again = false;
    for (const scan of scans) {
      const result = byId.get(scan.id);
      const kept = await this.#store.get(scan.id);
      if (kept && kept.turn !== scan.turn) again = true;
      else if (result?.stored || isAnswered(scan, result)) await this.#store.remove(scan.id);
      else await this.#hold(scan);
      if (kept && kept.turn !== scan.turn) continue;
      this.#resolve(scan.id, result ?? null);
      if (result?.stored) this.#onSettled(scan, result);
    }
    if (again) this.#plan();
  }

  async #hold(scan) {
    const kept = await this.#store.get(scan.id);
    if (kept && kept.turn === scan.turn) await this.#store.put({ ...kept, held: true });
  }

  #resolve(id, result) {
    this.#answers.get(id)?.(result);
    this.#answers.delete(id);
  }

  #plan() {
    const seconds = Math.min(LONGEST_WAIT_S, 2 ** this.#failures) * (0.75 + Math.random() / 2);
    this.#failures = Math.min(this.#failures + 1, 10);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), seconds * 1000);
  }

  async #tellChange() {
    const all = await this.#store.all();
    const held = all.filter((scan) => scan.held).length;
    this.#onChange({ meaning: this.meaning, unsent: all.length - held, held });
  }
}
