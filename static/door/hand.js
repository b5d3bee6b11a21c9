/**
 * Hand scanners that type: they are told from people by their speed.
 *
 * Characters less than 50 ms apart, ended by Enter or Tab, only 0-9 and A-Z. A slash begins anew, so that the code at
 * the end of an address is found too. What the scanner typed into a field is taken out of it again.
 */

const GAP_MS = 50;
const LEAST = 8;
const ALLOWED = /^[0-9A-Za-z]$/;

/** Listen on the document and call `onCode(text)` for everything a hand scanner types. */
export function listen(onCode) {
  let typed = "";
  let last = -Infinity;
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.key === "Shift") return;
      const isFast = event.timeStamp - last < GAP_MS;
      last = event.timeStamp;
      if (ALLOWED.test(event.key)) {
        typed = (isFast ? typed : "") + event.key.toUpperCase();
        return;
      }
      const isEnd = isFast && typed.length >= LEAST && ["Enter", "Tab"].includes(event.key);
      const text = typed;
      typed = "";
      if (!isEnd) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.target instanceof HTMLInputElement) event.target.value = "";
      onCode(text);
    },
    { capture: true },
  );
}
