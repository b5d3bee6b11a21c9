/**
 * Decides a scan on this phone: the list, what was scanned here since, and the rules of the entrance, brought together.
 *
 * Used by scanner.js when the server does not answer. Gives a result of the same form as the server's, so that one way
 * of showing serves both.
 */

import { reasonFor, sentOn, standing } from "./local.js";
import { keyOf, opened } from "./list.js";

export class Judge {
  #event;
  #list;
  #scans;

  /** `event` is the public id of the event. */
  constructor({ event, list, scans }) {
    this.#event = event;
    this.#list = list;
    this.#scans = scans;
  }

  /** Give `{decision, reason, ticket, right, notice}` for a code; without a list every code asks a person. */
  async decide(code, kind) {
    const [key] = await Promise.all([keyOf(this.#event, code), this.#list.load()]);
    const row = key && this.#list.find(key);
    if (!row || !this.#list.about) return { decision: "deny", reason: "offline_unknown", ticket: null };
    const { about, rules } = this.#list;
    const made = (await this.#scans.made(code)).filter((scan) => this.#list.isHere(scan.place.entrance));
    const at = Date.now() + about.ahead;
    const reason = reasonFor({ kind, row, made, event: about.event, rules: rules ?? {}, at });
    const elsewhere = reason === "other_entrance" ? sentOn({ row, rules, items: about.items }) : {};
    const ticket = await this.#ticketOf(row, code, reason === "ok");
    return { decision: reason === "ok" ? "admit" : "deny", reason, ticket, ...elsewhere };
  }

  /** Take in what the server said about a scan, until the next change of the list tells it. */
  async learn(scan, result) {
    const key = await keyOf(this.#event, scan.code);
    const row = key && this.#list.find(key);
    if (!row || !this.#list.isHere(scan.place.entrance)) return;
    const { inside, entries } = standing(row, [{ ...scan, outcome: result.outcome ?? scan.outcome }]);
    await this.#list.note(key, { inside, entries: result.ticket?.entries ?? entries });
  }

  /** Give whose ticket it is, as far as this phone knows; who is not welcome here is sent on, and needs no forums. */
  async #ticketOf(row, code, isWelcome) {
    const { categories, items, greetings = {} } = this.#list.about;
    const chosen = (isWelcome ? (row[5] ?? []) : []).map((index) => items?.[index]).filter(Boolean);
    const [name, language] = (row[6] && (await opened(this.#event, code, row[6]))) ?? [];
    return { category: categories[row[2]] ?? "", items: chosen, name, language, greeting: greetings[language] };
  }
}
