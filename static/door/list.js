/**
 * The list of tickets on this phone, for the moments without network: fetched, kept on the disk, renewed by what changed.
 *
 * Holds no code, and no name in clear: a ticket stands under a piece of the checksum of its code, so that only who shows
 * the code finds the row. Rows are `[key, state, category, inside, entries, [items]]`; indexes point into `about`. Where the
 * organiser lets phones keep names, a seventh part is the name, encrypted under the code.
 */

const LEAST_BYTES = 12;
const NONCE_BYTES = 12;

const text = new TextEncoder();

/** Give the item whose door an entrance is, null for a door of the house, undefined while it is not known. */
function zoneOf(about, entrance) {
  const rules = about.entrances[entrance];
  return rules && (rules.item ?? null);
}

/** Give the key under which a code stands in the list of an event, or null where the browser cannot compute it. */
export async function keyOf(event, code) {
  if (!globalThis.crypto?.subtle) return null;
  const sum = await crypto.subtle.digest("SHA-256", text.encode(`door1|${event}|${code}`));
  const bytes = new Uint8Array(sum).subarray(0, LEAST_BYTES);
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}

/** Give `[name, language]` out of what is sealed under a code, or null where it cannot be opened. */
export async function opened(event, code, sealed) {
  try {
    const bytes = Uint8Array.from(atob(sealed.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
    const sum = await crypto.subtle.digest("SHA-256", text.encode(`name1|${event}|${code}`));
    const key = await crypto.subtle.importKey("raw", sum, "AES-GCM", false, ["decrypt"]);
    const iv = bytes.subarray(0, NONCE_BYTES);
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, bytes.subarray(NONCE_BYTES));
    return JSON.parse(new TextDecoder().decode(plain));
  } catch {
    return null;
  }
}

export class TicketList {
  #database;
  #fetch;
  #onChange;
  #rows = new Map();
  #entrance;
  #loading = null;
  #refreshing = null;

  /**
   * `fetch(since)` gives `{meaning, body}` of the manifest; `onChange(list)` is called when something changed.
   *
   * `about` is what the server said beside the rows, with `fetched_at` and `ahead` (server's clock before ours, ms).
   */
  constructor({ database, entrance, fetch, onChange = () => {} }) {
    this.#database = database;
    this.#entrance = entrance;
    this.#fetch = fetch;
    this.#onChange = onChange;
    this.about = null;
  }

  get size() {
    return this.#rows.size;
  }

  /** The rules of this phone's entrance, or null while they are not known. */
  get rules() {
    return this.about?.entrances[this.#entrance] ?? null;
  }

  /** Tell whether the rows say who is inside behind that entrance too: the house counts as one, a forum by itself. */
  isHere(entrance) {
    return entrance === this.#entrance || (this.about !== null && zoneOf(this.about, entrance) === this.about.zone);
  }

  find(key) {
    return this.#rows.get(key) ?? null;
  }

  /** Take up the list that an earlier visit left; once, whoever asks. */
  load() {
    this.#loading ??= this.#read();
    return this.#loading;
  }

  async #read() {
    try {
      const about = await this.#database.run(["meta"], "readonly", (meta) => meta.get("list"));
      if (!about || zoneOf(about, this.#entrance) !== about.zone) return;
      const rows = await this.#database.run(["tickets"], "readonly", (tickets) => tickets.getAll());
      if (this.about) return;
      this.about = about;
      this.#rows = new Map(rows.map((row) => [row[0], row]));
      this.#onChange(this);
    } catch {
      // No disk: the list lives as long as the page.
    }
  }

  /** Fetch what changed since the last time; calls while one is under way share it. */
  refresh() {
    this.#refreshing ??= this.#renew().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #renew() {
    const since = this.rules ? this.about.rev : null;
    const { meaning, body } = await this.#fetch(since);
    if (meaning !== "ok" || !Array.isArray(body?.tickets)) return;
    const { tickets: rows, gone = [], entrance, full, ...about } = body;
    const now = Date.now();
    const others = Object.entries(this.about?.entrances ?? {}).filter(([, rules]) => !full || !Number.isInteger(rules.item));
    const entrances = { ...Object.fromEntries(others), [this.#entrance]: entrance ?? {} };
    this.about = { ...about, entrances, zone: entrance?.item ?? null, fetched_at: now, ahead: body.server_time - now };
    if (full) this.#rows = new Map();
    rows.forEach((row) => this.#rows.set(row[0], row));
    gone.forEach((key) => this.#rows.delete(key));
    this.#onChange(this);
    await this.#save(full ? null : since, rows, gone);
  }

  /** Write the change, unless another tab has written a newer list or one that this change does not follow. */
  async #save(since, rows, gone) {
    const change = (tickets, meta) => {
      const before = meta.get("list");
      before.onsuccess = () => {
        const rev = before.result?.rev ?? null;
        if (since !== null && before.result?.zone !== this.about.zone) return;
        if (rev !== null && (rev > this.about.rev || (since !== null && since > rev))) return;
        if (since === null) tickets.clear();
        rows.forEach((row) => tickets.put(row, row[0]));
        gone.forEach((key) => tickets.delete(key));
        meta.put(this.about, "list");
      };
    };
    await this.#database.run(["tickets", "meta"], "readwrite", (...stores) => void change(...stores)).catch(() => {});
  }

  /** Take in what the server said about one ticket before the next change arrives. */
  async note(key, { inside, entries }) {
    const row = this.find(key);
    if (!row) return;
    const now = [...row];
    [now[3], now[4]] = [Number(inside), entries];
    this.#rows.set(key, now);
    await this.#database.run(["tickets"], "readwrite", (tickets) => tickets.put(now, key)).catch(() => {});
  }

  /** Forget the list, here and on the disk. */
  async wipe() {
    this.about = null;
    this.#rows = new Map();
    this.#onChange(this);
    const clear = (...stores) => void stores.forEach((store) => store.clear());
    await this.#database.run(["tickets", "meta"], "readwrite", clear).catch(() => {});
  }
}
