/**
 * Which codes lie before the camera, so that one ticket held still is one scan.
 *
 * A code counts again only after it was out of sight for 800 ms and for several looks: a stalled camera that
 * delivers no frames is no proof that the ticket went away. Called by scanner.js for every frame.
 */

const AWAY_MS = 800;
const AWAY_LOOKS = 3;

export class Sight {
  #seen = new Map();

  /** Take in what one frame showed (a text or null); true when the text has just come into sight. */
  look(text, now) {
    for (const [other, entry] of this.#seen) {
      if (other === text) continue;
      entry.misses += 1;
      if (entry.misses >= AWAY_LOOKS && now - entry.at >= AWAY_MS) this.#seen.delete(other);
    }
    if (text === null) return false;
    const isNew = !this.#seen.has(text);
    this.#seen.set(text, { at: now, misses: 0 });
    return isNew;
  }
}
