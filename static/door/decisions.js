/**
 * From a code to the result: the server decides, this phone when the server is silent, a person when neither knows.
 *
 * A server that was silent is not waited for again until it gives a sign of life. What the phone decided is stored
 * before it is shown; when the server has it and says otherwise, that is shown too. Made by scanner.js.
 */

import { admittedByHand, disagreement, localView, viewOf, walkInView } from "./answer.js";
import { say } from "./page.js";
import * as supervisor from "./supervisor.js";

const DECIDE_MS = 1500;
const SENT_AWAY = ["signed_out", "closed"];

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const nameOf = ({ given_name, family_name }) => [given_name, family_name].filter(Boolean).join(" ");
const outcomeOf = (found) => (found.decision === "admit" ? "admitted" : "refused");

export class Decisions {
  #scans;
  #judge;
  #verdict;
  #recent;
  #known;
  #onDisagree;
  /** Views that wait for a person's decision, with scan and reason; a closed one is reported as unknown. */
  #open = new Map();
  #isUp = true;

  /** `known()` gives `{fetched_at, unsent}`, `onDisagree()` is called when a result was wrong that nobody looks at. */
  constructor({ scans, judge, verdict, recent, known, onDisagree }) {
    this.#scans = scans;
    this.#judge = judge;
    this.#verdict = verdict;
    this.#recent = recent;
    this.#known = known;
    this.#onDisagree = onDisagree;
  }

  /** Take in whether the server talked to us just now. */
  hear(meaning) {
    this.#isUp = meaning === "ok" || meaning === "too_much";
  }

  /** Bring a code to a result. */
  async decide(code, kind) {
    if (!this.#isUp) return this.#decideHere(code, kind);
    const scan = await this.#scans.record({ code, kind });
    const answer = this.#scans.ask(scan);
    const result = await Promise.race([answer, pause(DECIDE_MS)]);
    if (result) return this.#show(scan, viewOf(result, kind));
    this.#isUp = false;
    const found = await this.#judge.decide(code, kind);
    if (viewOf(found).asks) return this.#askPerson(scan, answer, found);
    return this.#showOwn(await this.#scans.note(scan, outcomeOf(found), { local_reason: found.reason }), found);
  }

  /** Register somebody without a ticket; when the server is silent a person decides, and places are not checked. */
  async enter(person) {
    const scan = await this.#scans.record({ walkIn: person });
    const answer = this.#scans.ask(scan);
    const result = this.#isUp ? await Promise.race([answer, pause(DECIDE_MS)]) : null;
    if (result) return this.#show(scan, this.#seen(scan, result));
    return this.#askPerson(scan, answer, { reason: "offline_unknown", ticket: { name: nameOf(person) } });
  }

  /** Give the view of an answer; somebody without a ticket has a code from now on, by which the scan can be undone. */
  #seen(scan, result) {
    if (!scan.place.walkIn) return viewOf(result, scan.kind);
    scan.code = result.code ?? "";
    return walkInView(result);
  }

  async #decideHere(code, kind) {
    const found = await this.#judge.decide(code, kind);
    if (viewOf(found).asks) {
      const scan = await this.#scans.record({ code, kind });
      return this.#askPerson(scan, this.#scans.ask(scan), found);
    }
    const told = { mode: "tell", outcome: outcomeOf(found), local_reason: found.reason };
    return this.#showOwn(await this.#scans.record({ code, kind, ...told }), found);
  }

  #showOwn(told, found) {
    this.#show(told, localView(found, told.kind, this.#known()));
    this.#scans.ask(told);
  }

  #show(scan, view) {
    this.#recent.add(scan, view);
    this.#verdict.show(view, this.actionsFor(scan, view));
  }

  /** Neither server nor list decides: the door does, and a late answer still counts while nobody has. */
  #askPerson(scan, answer, found) {
    const isSentAway = found.reason === "offline_unknown" && SENT_AWAY.includes(this.#scans.meaning);
    const reason = isSentAway ? this.#scans.meaning : scan.place.walkIn ? "walk_in_offline" : found.reason;
    const view = localView({ ...found, reason }, scan.kind, this.#known());
    this.#open.set(view, { scan, reason: found.reason });
    this.#show(scan, view);
    answer.then((late) => {
      if (!late || !this.#open.delete(view)) return;
      const better = this.#seen(scan, late);
      this.#recent.change(scan, better);
      if (this.#verdict.current === view) this.#verdict.show(better, this.actionsFor(scan, better));
    });
  }

  /** Show a result again, with its question when nobody has decided yet. */
  isOpen(view) {
    return this.#open.has(view);
  }

  /** A result has gone: a question that nobody answered is reported as unknown. */
  leave(view) {
    const asked = this.#open.get(view);
    this.#open.delete(view);
    if (asked) this.#scans.tell(asked.scan, "unknown", { local_reason: asked.reason });
  }

  /** The server has a scan: learn from its answer, and show it where it says otherwise than this phone did. */
  async settled(scan, result) {
    if (scan.place.walkIn) return;
    await this.#judge.learn(scan, result);
    if (scan.mode !== "tell" || scan.kind === "undo" || scan.override) return;
    const wronglyIn = scan.outcome === "admitted" && (result.decision === "deny" || result.conflict);
    const wronglyOut = scan.outcome === "refused" && result.decision === "admit" && scan.local_reason !== "offline_unknown";
    if (!wronglyIn && !wronglyOut) return;
    const view = disagreement(scan, result);
    const before = this.#recent.change(scan, view);
    if (!before) this.#recent.add(scan, view);
    if (before && this.#verdict.current === before) this.#verdict.show(view, [this.next("go_on")], { stays: true });
    else this.#onDisagree();
  }

  /** Give the button that goes back to scanning. */
  next(key) {
    return { label: say(key), solid: true, run: () => this.#verdict.close() };
  }

  /** Give the buttons of a result. */
  actionsFor(scan, view) {
    if (view.asks) {
      return [
        { label: say(scan.place.walkIn ? "admit_anyway" : "name_fits"), solid: true, run: () => this.#admitByHand(scan, view) },
        { label: say("not_admit"), run: () => this.#refuse(scan, view) },
      ];
    }
    if (view.tone !== "admit") return [this.next("go_on")];
    return [this.next("next_guest"), { label: say("undo"), icon: "undo", run: () => this.#recent.undo(scan) }];
  }

  /** Tell whether who admits goes against an answer; where neither server nor list knew the code, it is a report. */
  #isAgainst(view) {
    return !view.isWarning && this.#open.get(view)?.reason !== "offline_unknown";
  }

  /** Say with what a person decides. */
  #reasonOf(view) {
    const asked = this.#open.get(view);
    const override = this.#isAgainst(view);
    this.#open.delete(view);
    return { ...(asked && { local_reason: asked.reason }), override };
  }

  async #admitByHand(scan, view) {
    if (this.#isAgainst(view) && !(await supervisor.allows())) return;
    const told = this.#scans.tell(scan, "admitted", this.#reasonOf(view));
    const result = await Promise.race([told, pause(this.#isUp ? DECIDE_MS : 0)]);
    if (scan.place.walkIn) scan.code = result?.code ?? "";
    const decided = result?.conflict ? disagreement(scan, result) : admittedByHand(view, { local: !result });
    this.#recent.change(scan, decided);
    this.#verdict.show(decided, this.actionsFor(scan, decided));
  }

  #refuse(scan, view) {
    this.#scans.tell(scan, "refused", { ...this.#reasonOf(view), override: false });
    this.#recent.change(scan, { ...view, asks: false });
    this.#verdict.close();
  }
}
