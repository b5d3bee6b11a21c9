/**
 * Keeps the door's pages and files on the phone, so that the scanner opens without network after an earlier visit.
 *
 * The server puts `DOOR = {version, assets}` before this text. One cache a version, with its pages and its files: a page
 * names its files by their version, so versions never mix. A new version waits until somebody takes it, and an older
 * one goes only when all its pages are here in the new one. Scans are in the database (store.js) and not touched here.
 */

/* global DOOR */

const PREFIX = "door-";
const OWN = PREFIX + DOOR.version;
const READER = "/door/reader.worker.js";
const PATIENCE_MS = 3000;
const PAGE = /^\/door\/(?:[a-z0-9-]+\/(?:practice|kiosk)?)?$/;
const OURS = /\/static\/([0-9a-f]{12})\/css\/components\/door\.css/;

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("message", (event) => {
  if (event.data?.type === "take over") self.skipWaiting();
  if (event.data?.type === "keep") event.waitUntil(renew(event.data.url));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/") || url.pathname === READER) event.respondWith(file(request));
  else if (request.mode === "navigate" && isPage(url)) event.respondWith(page(event));
});

/** Pages that may lie on the phone: none with a search, because it names people. */
function isPage(url) {
  return PAGE.test(url.pathname) && !url.searchParams.has("q");
}

async function fill() {
  const cache = await caches.open(OWN);
  await cache.addAll(DOOR.assets);
}

async function takeOver() {
  await self.clients.claim();
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX) || name === OWN) continue;
    const older = await (await caches.open(name)).keys();
    const pages = older.map((request) => request.url).filter((url) => isPage(new URL(url)));
    const renewed = await Promise.all(pages.map(renew));
    if (renewed.every(Boolean)) await caches.delete(name);
  }
}

/** Fetch a page and keep it; tells whether it is here now. */
async function renew(url) {
  try {
    const response = await fetch(url, { credentials: "same-origin", redirect: "manual", cache: "no-store" });
    return await keep(url, response);
  } catch {
    return false;
  }
}

/** Give the version of a page of the door, or null for any other answer, such as a captive portal's. */
async function versionOf(response) {
  return response.ok ? (OURS.exec(await response.clone().text())?.[1] ?? null) : null;
}

/** Keep a page of this version; one of another would ask for files that are not here. */
async function keep(url, response) {
  if (!isPage(new URL(url)) || (await versionOf(response)) !== DOOR.version) return false;
  await (await caches.open(OWN)).put(url, response.clone());
  return true;
}

async function find(request) {
  const own = await caches.open(OWN);
  return (await own.match(request, { ignoreVary: true })) ?? caches.match(request, { ignoreVary: true });
}

async function file(request) {
  return (await find(request)) ?? fetch(request);
}

/** Ask the network first; what is kept answers when it is slow, broken or not ours. */
async function page(event) {
  const asked = fetch(event.request);
  const kept = await find(event.request.url);
  if (!kept) {
    const response = await asked;
    event.waitUntil(keep(event.request.url, response.clone()));
    return response;
  }
  try {
    const response = await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
    event.waitUntil(asked.then((late) => keep(event.request.url, late.clone())).catch(() => {}));
    return response && (await speaksForUs(response)) ? response : kept;
  } catch {
    return kept;
  }
}

async function speaksForUs(response) {
  if (response.type === "opaqueredirect") return true;
  if (response.ok) return (await versionOf(response)) !== null;
  return response.status < 500 && response.status !== 429;
}
