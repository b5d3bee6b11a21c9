// Keeps the live page fresh: fetches the same page every ten seconds and puts its [data-live] parts in place of the
// old ones. Stops while nobody looks, when asked to, and says so when no answer comes. Without script: the link.
const EVERY = 10_000;
const LIMIT = 8_000;
const root = document.querySelector("[data-refresh]");
const hold = root.querySelector("[data-hold]");
const lost = root.querySelector("[data-lost]");
const words = hold.querySelector("[data-go]");
const texts = [words.textContent, words.dataset.go];
let isHeld = false;
let isBusy = false;

async function fetchPage() {
  const answer = await fetch(location.href, { signal: AbortSignal.timeout(LIMIT), redirect: "error" });
  if (!answer.ok) {
    throw new Error(String(answer.status));
  }
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function replace(fresh) {
  for (const old of root.querySelectorAll("[data-live]")) {
    const now = fresh.getElementById(old.id);
    if (now && now.innerHTML !== old.innerHTML && !old.contains(document.activeElement)) {
      old.replaceChildren(...now.childNodes);
    }
  }
}

async function refresh() {
  if (isBusy) {
    return;
  }
  isBusy = true;
  try {
    replace(await fetchPage());
    lost.hidden = true;
  } catch {
    lost.hidden = false;
  } finally {
    isBusy = false;
  }
}

hold.hidden = false;
hold.addEventListener("click", () => {
  isHeld = !isHeld;
  words.textContent = texts[Number(isHeld)];
});
root.querySelector("[data-now]").addEventListener("click", (event) => {
  event.preventDefault();
  refresh();
});
setInterval(() => {
  if (!isHeld && !document.hidden) {
    refresh();
  }
}, EVERY);
document.addEventListener("visibilitychange", () => {
  if (!isHeld && !document.hidden) {
    refresh();
  }
});
