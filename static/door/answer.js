/**
 * Turns the server's answer to a scan into what the door sees: a tone, a word, a sentence and a few facts.
 *
 * `tone` is the colour, shape and sound: admit, look (somebody must check) or stop. Solid is the server's word,
 * `local` (striped) is this phone's own. Knows no element of the page; verdict.js draws what this gives.
 */

import { ago, clock, notices, number, reasons, say } from "./page.js";

const LOOK = new Set(["not_confirmed", "other_entrance", "not_yet", "not_inside", "malformed", "just_scanned", "offline_unknown", "walk_in_offline", "walk_in_full", "full", "signed_out", "closed"]);
const ASKED = new Set(["not_confirmed", "other_entrance", "not_yet", "offline_unknown", "walk_in_offline", "signed_out", "closed", "walk_in_full", "full"]);

function toneOf(result) {
  if (result.decision === "admit") return "admit";
  return LOOK.has(result.reason) ? "look" : "stop";
}

function whyOf(reason) {
  return reasons[reason] ?? say(`why_${reason}`);
}

function itemFact(item) {
  const parts = [item.room, item.starts_at ? clock(item.starts_at) : ""].filter(Boolean);
  return { term: item.label || say("forum"), parts: parts.length ? parts : [item.title] };
}

/** Where a guest belongs who stands at the wrong entrance: "Forum 2 · Raum Ruhr · 11:45", or the name of a door. */
function rightFact(place) {
  const parts = [place.label, place.room, place.starts_at ? clock(place.starts_at) : ""];
  return { term: say("right_entrance"), parts: parts.filter(Boolean) };
}

function ticketFacts(ticket) {
  const facts = [];
  if (ticket.category) facts.push({ term: say("category"), parts: [ticket.category] });
  for (const { label, words } of ticket.note ?? []) facts.push({ term: label, parts: [words] });
  for (const item of ticket.items ?? []) facts.push(itemFact(item));
  return facts;
}

function firstFacts(first) {
  const facts = [{ term: say("when"), parts: [say("when_text", { time: clock(first.at), ago: ago(first.at) })] }];
  if (first.entrance) facts.push({ term: say("where"), parts: [first.entrance] });
  if (first.device) facts.push({ term: say("device"), parts: [first.device] });
  return facts;
}

/** Give the view of a server's result to an entry or exit: `{tone, word, why, name, language, hello, facts: [{term, parts}], asks, isWarning, stays, local}`. */
export function viewOf(result, kind = "entry") {
  const tone = toneOf(result);
  const isLeaving = tone === "admit" && kind === "exit";
  const ticket = result.ticket ?? {};
  const isTwice = result.reason === "already_admitted" && result.first;
  return {
    tone,
    word: say(isLeaving ? "exit" : tone),
    why: tone === "admit" ? "" : (notices[result.notice] ?? whyOf(result.reason)),
    name: ticket.name ?? "",
    language: ticket.language ?? null,
    hello: tone === "admit" && !isLeaving ? (ticket.greeting ?? "") : "",
    facts: isTwice ? firstFacts(result.first) : [...(result.right ?? []).map(rightFact), ...ticketFacts(ticket)],
    asks: ASKED.has(result.reason),
    isWarning: result.reason === "full" || Boolean(result.notice),
    stays: (ticket.note ?? []).length > 0,
    local: false,
  };
}

/** Give the view of what this phone decided from its list: striped, with the age of the list and what is unsent. */
export function localView(found, kind, { fetched_at, unsent }) {
  const view = viewOf(found, kind);
  const facts = [{ term: say("list"), parts: [fetched_at ? ago(fetched_at) : say("list_none")] }];
  if (unsent) facts.push({ term: say("unsent_term"), parts: [number(unsent)] });
  return { ...view, why: view.tone === "admit" ? say("why_local") : view.why, facts: [...view.facts, ...facts], local: true };
}

/** Give the view of an answer that came later and says otherwise than the door did. */
export function disagreement(scan, result) {
  const isTwice = Boolean(result.conflict);
  return viewOf(isTwice ? { ...result, decision: "deny", reason: "already_admitted" } : result, scan.kind);
}

/** Give the view for a reason that this phone found itself, such as no answer or the same ticket twice in a row. */
export function ownView(reason, { name = "", facts = [] } = {}) {
  return {
    tone: "look", word: say("look"), why: whyOf(reason), name, language: null, hello: "", facts,
    asks: ASKED.has(reason), local: ASKED.has(reason),
  };
}

/** Give the view after a person decided to admit a guest; striped while the server does not know it yet. */
export function admittedByHand(view, { local }) {
  return { ...view, tone: "admit", word: say("admit"), why: local ? say("why_by_hand") : "", asks: false, local };
}

/** Give the view of what came of somebody without a ticket: let in like everybody, on the waiting list, or refused. */
export function walkInView(result) {
  const name = result.name ?? "";
  if (result.scan) return { ...viewOf(result.scan), name: result.scan.ticket?.name || name };
  if (result.state === "waitlisted") return { ...ownView("walk_in_full", { name }), local: false };
  return { ...ownView("malformed", { name }), tone: "stop", word: say("stop"), why: result.why || whyOf("malformed") };
}
