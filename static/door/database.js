/**
 * The phone's own database of one event: what was scanned here, the list of tickets, and what is known about the list.
 *
 * Scans are written with strict durability: the promise is kept when the disk has them. Other tabs share it. Events
 * that are over leave the phone as soon as none of their scans is left here.
 */

import { AFTER_END_MS } from "./local.js";

const PREFIX = "door.";

/** Tell whether the door of an event, as the list describes it, is closed for good. */
export function isOver(event, now = Date.now()) {
  return Boolean(event?.ends_at) && now > new Date(event.ends_at).getTime() + AFTER_END_MS;
}

const answered = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

export class Database {
  #name;
  #opening = null;

  /** `event` is the public id of the event. */
  constructor(event) {
    this.#name = PREFIX + event;
  }

  /**
   * Run `work(...stores)` in one transaction and give the result of the request that it returns, once it is written.
   *
   * Strict where a loss would be a loss; relaxed where the server can tell it again. Fails with a DOMException, such as QuotaExceededError when the disk is full.
   */
  async run(names, mode, work, durability = "relaxed") {
    const database = await this.#open();
    return new Promise((resolve, reject) => {
      const change = database.transaction(names, mode, { durability });
      change.oncomplete = () => resolve(request?.result);
      change.onabort = () => reject(change.error ?? new DOMException("aborted", "AbortError"));
      const request = work(...names.map((name) => change.objectStore(name)));
    });
  }

  /** Delete it from the phone. */
  remove() {
    indexedDB.deleteDatabase(this.#name);
  }

  #open() {
    this.#opening ??= this.#connect().catch((error) => {
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }

  async #connect() {
    const opening = indexedDB.open(this.#name, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("scans", { keyPath: "id" });
      opening.result.createObjectStore("tickets");
      opening.result.createObjectStore("meta");
    };
    const database = await answered(opening);
    database.onversionchange = () => {
      database.close();
      this.#opening = null;
    };
    return database;
  }
}

/** Give the databases of all events on this phone. */
async function known() {
  const all = (await indexedDB.databases?.()) ?? [];
  return all.filter(({ name }) => name.startsWith(PREFIX)).map(({ name }) => new Database(name.slice(PREFIX.length)));
}

const countIn = (database) => database.run(["scans"], "readonly", (scans) => scans.count());

/** Count the scans of all events on this phone that no server has; 0 where they cannot be read. */
export async function countUnsent() {
  try {
    const counts = await Promise.all((await known()).map((one) => countIn(one).catch(() => 0)));
    return counts.reduce((sum, count) => sum + count, 0);
  } catch {
    return 0;
  }
}

/** Remove events that are over and whose scans the server has all. */
export async function sweep(now = Date.now()) {
  for (const database of await known()) {
    const list = await database.run(["meta"], "readonly", (meta) => meta.get("list"));
    if (isOver(list?.event, now) && !(await countIn(database))) database.remove();
  }
}
