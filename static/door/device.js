/**
 * This phone: its id, its name and its choices, kept in the browser.
 *
 * The id is made here once and never changes; the name is what colleagues see ("Telefon 2"). Storage may be
 * forbidden (private window): then everything lasts as long as the page.
 */

const memory = new Map();

function read(key) {
  try {
    return localStorage.getItem(`door.${key}`);
  } catch {
    return memory.get(key) ?? null;
  }
}

function write(key, value) {
  memory.set(key, value);
  try {
    localStorage.setItem(`door.${key}`, value);
  } catch {
    // Kept in memory only: the phone works, it asks again next time.
  }
}

/** Make a random id; also where the page is not secure and randomUUID is missing. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function ownId() {
  const known = read("device");
  if (known) return known;
  const id = newId();
  write("device", id);
  return id;
}

export const device = {
  id: ownId(),
  get name() {
    return read("name") ?? "";
  },
  set name(value) {
    write("name", value.trim().slice(0, 40));
  },
  get camera() {
    return read("camera") ?? "";
  },
  set camera(value) {
    write("camera", value);
  },
  /** "entry" or "exit": which way guests go past this phone. */
  get way() {
    return read("way") === "exit" ? "exit" : "entry";
  },
  set way(value) {
    write("way", value);
  },
  get silent() {
    return read("silent") === "yes";
  },
  set silent(value) {
    write("silent", value ? "yes" : "no");
  },
};
