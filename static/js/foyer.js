// The screen in the foyer: shows its panels in turn and fetches them anew each minute. Without script the page itself
// leads to the next panel; "Hold" and "Next" are links there.
const EVERY = 12_000;
const FRESH = 60_000;
const LIMIT = 10_000;
const screenful = document.querySelector("[data-screen]");
const hold = document.querySelector("[data-hold]");
const panels = () => [...screenful.querySelectorAll("[data-panel]")];
let shown = Math.max(0, panels().findIndex((panel) => !panel.hidden));
let isHeld = new URLSearchParams(location.search).has("hold");
let fetched = Date.now();

function show(number) {
  const all = panels();
  shown = number % all.length;
  all.forEach((panel, place) => {
    panel.hidden = place !== shown;
    panel.classList.toggle("is-new", place === shown);
  });
}

async function refresh() {
  fetched = Date.now();
  let answer;
  try {
    answer = await fetch(location.pathname, { signal: AbortSignal.timeout(LIMIT) });
  } catch {
    return; // no network: what is shown stays
  }
  if (answer.status === 404) {
    location.reload(); // the link has ended: the page says so
    return;
  }
  if (!answer.ok) {
    return;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const news = fresh.querySelector("[data-screen]");
  if (news) {
    screenful.replaceChildren(...news.childNodes);
    document.getElementById("now").replaceWith(fresh.getElementById("now"));
    show(shown);
  }
}

async function turn() {
  if (Date.now() - fetched >= FRESH) {
    await refresh();
  }
  if (!isHeld) {
    show(shown + 1);
  }
}

async function stayAwake() {
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // the screen may sleep by its own rules
  }
}

hold.addEventListener("click", (event) => {
  event.preventDefault();
  isHeld = !isHeld;
  hold.textContent = isHeld ? hold.dataset.go : hold.dataset.stop;
});
document.querySelector("[data-next]").addEventListener("click", (event) => {
  event.preventDefault();
  show(shown + 1);
});
document.addEventListener("visibilitychange", () => document.hidden || stayAwake());
stayAwake();
setInterval(turn, EVERY);
