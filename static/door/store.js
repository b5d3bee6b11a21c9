/**
 * Where scans lie until the server has them: a small interface with one implementation for now.
 *
 * `put`, `get`, `all` and `remove` answer with promises, so that a store that outlives the tab can take this
 * one's place without a change elsewhere. This one survives a reload of the tab.
 */

export class SessionStore {
  #key;
  #scans;

  constructor(name) {
    this.#key = `door.queue.${name}`;
    this.#scans = new Map(this.#load().map((scan) => [scan.id, scan]));
  }

  #load() {
    try {
      return JSON.parse(sessionStorage.getItem(this.#key) ?? "[]");
    } catch {
      return [];
    }
  }

  #save() {
    try {
      sessionStorage.setItem(this.#key, JSON.stringify([...this.#scans.values()]));
    } catch {
      // No room or no permission: the scans stay in memory and are sent all the same.
    }
  }

  async put(scan) {
    this.#scans.set(scan.id, { ...scan });
    this.#save();
  }

  async get(id) {
    const scan = this.#scans.get(id);
    return scan ? { ...scan } : null;
  }

  async all() {
    return [...this.#scans.values()].map((scan) => ({ ...scan }));
  }

  async remove(id) {
    this.#scans.delete(id);
    this.#save();
  }
}
