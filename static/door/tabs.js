/**
 * Several tabs of the door on one phone: which of them live, and which one sends what waits.
 *
 * Each tab holds a lock for its life; the browser lets it go when the tab ends, however it ends. Where the browser has
 * no locks (a page without https) every tab is on its own, and the server's look at the scan's id keeps order.
 */

import { newId } from "./device.js";

const PREFIX = "door.tab.";

export class Tabs {
  #upload;
  #locks = navigator.locks;

  /** `event` is the public id of the event whose scans the tabs share. */
  constructor(event) {
    this.own = newId();
    this.#upload = `door.upload.${event}`;
    this.#locks?.request(PREFIX + this.own, () => new Promise(() => {}));
  }

  /** Give the ids of the tabs that are open now. */
  async living() {
    if (!this.#locks) return new Set([this.own]);
    const { held, pending } = await this.#locks.query();
    const names = [...held, ...pending].map((lock) => lock.name);
    return new Set([this.own, ...names.filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length))]);
  }

  /** Run `work` unless another tab of this event runs it just now. */
  async alone(work) {
    if (!this.#locks) return work();
    return this.#locks.request(this.#upload, { ifAvailable: true }, (lock) => (lock ? work() : undefined));
  }
}
