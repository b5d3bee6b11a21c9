/**
 * What the phone decides by itself from its list when the server does not answer: the server's reasons, in its order.
 *
 * Pure: the row of the ticket, the scans made here that the server does not have yet, the event, the rules of the
 * entrance and the moment. What only the server knows, such as another phone's admission since the list was fetched,
 * is found when the scans go up. The same order as eventapp/checkin/rules.py.
 */

export const AFTER_END_MS = 12 * 3600 * 1000;
const STATES = [null, "cancelled", "revoked", "not_confirmed"];

const moment = (value) => new Date(value).getTime();

const dayOf = (at, zone) =>
  new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at);

/** Give where the holder of a ticket is and how often they came in, after the scans made here (`made`, of this ticket). */
export function standing(row, made) {
  const undone = new Set(made.filter((scan) => scan.kind === "undo").map((scan) => scan.undo_of));
  const ids = new Set(made.map((scan) => scan.id));
  const isTakenBack = [...undone].some((id) => !ids.has(id)); // an entry that the row has already
  let inside = Boolean(row[3]) && !isTakenBack;
  let entries = isTakenBack ? Math.max(0, row[4] - 1) : row[4];
  const counted = made.filter((scan) => scan.kind !== "undo" && scan.outcome === "admitted" && !undone.has(scan.id));
  for (const scan of counted.sort((one, other) => one.at - other.at)) {
    inside = scan.kind === "entry";
    entries += inside ? 1 : 0;
  }
  return { inside, entries };
}

function closedBecause(event, rules, at) {
  if (event.called_off) return "cancelled";
  if (dayOf(at, event.zone) < dayOf(moment(event.starts_at), event.zone)) return "not_yet";
  if (at > moment(event.ends_at) + AFTER_END_MS) return "over";
  if (rules.opens_at && at < moment(rules.opens_at)) return "not_yet";
  return rules.closes_at && at > moment(rules.closes_at) ? "over" : null;
}

const takes = (door, row) => !Array.isArray(door.categories) || door.categories.includes(row[2]);

function belongsElsewhere(row, rules) {
  const isOtherKind = !takes(rules, row);
  const isOtherRoom = Number.isInteger(rules.item) && !(row[5] ?? []).includes(rules.item);
  return isOtherKind || isOtherRoom;
}

/** Give the reason for a scan: `ok` admits, `offline_unknown` asks a person, everything else denies. */
export function reasonFor({ kind, row, made, event, rules, at }) {
  if (!row) return "offline_unknown";
  if (STATES[row[1]]) return STATES[row[1]];
  const { inside, entries } = standing(row, made);
  if (kind === "exit") return inside ? "ok" : "not_inside";
  const closed = closedBecause(event, rules, at);
  if (closed) return closed;
  if (belongsElsewhere(row, rules)) return "other_entrance";
  return inside || (rules.reentry === false && entries > 0) ? "already_admitted" : "ok";
}

/** Give where a guest belongs whom this entrance does not take, and what the door should know, as the server says it. */
export function sentOn({ row, rules, items }) {
  const isForum = Number.isInteger(rules.item);
  const here = items[rules.item];
  const now = isForum ? (row[5] ?? []).filter((n) => items[n].starts_at < here.ends_at && here.starts_at < items[n].ends_at) : [];
  const there = now.filter((n) => n !== rules.item).sort((one, other) => items[one].starts_at - items[other].starts_at);
  const isTaken = takes(rules, row);
  const doors = isTaken ? [] : (rules.neighbours ?? []).filter((door) => takes(door, row));
  return {
    right: [...there.map((n) => items[n]), ...doors.map((door) => ({ label: door.name }))],
    notice: here?.ends_at && isTaken && !now.length ? "chose_nothing_local" : null,
  };
}
