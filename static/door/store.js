/**
 * Where scans lie until the server has them: on the phone's disk, so that they outlive the page, the tab and the battery.
 *
 * `put`, `get`, `all` and `remove` answer with promises. What the disk does not take (full, or forbidden in a private
 * window) stays in memory and is sent all the same; `onTrouble(reason)` says so: `full`, `missing`, or null again.
 */

export class Store {
  #database;
  #memory = new Map();
  #onTrouble;
  #trouble = null;

  constructor(database, onTrouble = () => {}) {
    this.#database = database;
    this.#onTrouble = onTrouble;
  }

  async put(scan) {
    try {
      await this.#database.run(["scans"], "readwrite", (scans) => scans.put(scan), "strict");
      this.#memory.delete(scan.id);
      if (!this.#memory.size) this.#say(null);
    } catch (error) {
      this.#memory.set(scan.id, { ...scan });
      this.#say(error.name === "QuotaExceededError" ? "full" : "missing");
    }
  }

  async get(id) {
    const kept = this.#memory.get(id);
    return kept ? { ...kept } : ((await this.#read((scans) => scans.get(id))) ?? null);
  }

  async all() {
    const stored = (await this.#read((scans) => scans.getAll())) ?? [];
    const inMemory = [...this.#memory.values()].map((scan) => ({ ...scan }));
    return [...stored.filter((scan) => !this.#memory.has(scan.id)), ...inMemory].sort((one, other) => one.at - other.at);
  }

  async remove(id) {
    this.#memory.delete(id);
    if (!this.#memory.size) this.#say(null);
    await this.#scans("readwrite", (scans) => scans.delete(id)).catch(() => {});
  }

  #scans(mode, work) {
    return this.#database.run(["scans"], mode, work);
  }

  #read(work) {
    return this.#scans("readonly", work).catch(() => {
      this.#say("missing");
    });
  }

  #say(trouble) {
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    this.#onTrouble(trouble);
  }
}
