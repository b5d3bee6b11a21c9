/**
 * One request to the server and what its answer means for the queue.
 *
 * A denial is a 200 like any other. Only transport, sign-in and form are errors, and each has one meaning:
 * `ok`, `signed_out` (401), `closed` (403 and other refusals), `too_much` (413, 422), `retry` (all that says nothing:
 * no network, time-out, 429, 5xx, a captive portal's HTML).
 */

import { device } from "./device.js";
import { page } from "./page.js";

const PATIENCE_MS = 8000;

function meaning(response) {
  if (response.status === 401) return "signed_out";
  if (response.status === 413 || response.status === 422) return "too_much";
  if (response.status === 429 || response.status >= 500 || response.type === "opaqueredirect") return "retry";
  if (response.ok) return "ok";
  return "closed";
}

/** Send a request and give `{meaning, body}`, and `status` with an answer that is not ok; never throws. */
export async function call(url, body = undefined, patience = PATIENCE_MS) {
  const options = {
    method: body === undefined ? "GET" : "POST",
    headers: { Accept: "application/json" },
    credentials: "same-origin",
    redirect: "manual",
    cache: "no-store",
    signal: AbortSignal.timeout(patience),
  };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  try {
    const response = await fetch(url, options);
    const what = meaning(response);
    if (what !== "ok") return { meaning: what, status: response.status, body: null };
    return { meaning: "ok", body: await response.json() };
  } catch {
    return { meaning: "retry", body: null };
  }
}

/** Report scans, or people without a ticket, of one place; gives what `call` gives. */
export function report({ entrance, practice, walkIn }, items) {
  const envelope = { device: { id: device.id, name: device.name }, entrance, practice, sent_at: Date.now() };
  return walkIn ? call(page.walkInsUrl, { ...envelope, walk_ins: items }) : call(page.scansUrl, { ...envelope, scans: items });
}
