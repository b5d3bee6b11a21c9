"""What a phone decides and keeps by itself, module by module in a real Chromium: list, decision, store, tabs."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Page

from eventapp.checkin.entrances.rules import Doorway, EntranceRules, Neighbour, Seat
from eventapp.checkin.envelope import milliseconds
from eventapp.checkin.manifest.rules import ListedState, key_of, sealed
from eventapp.checkin.rules import Opening, ScanKind, Standing, decide
from eventapp.tickets.rules import new_code
from tests.browser import Tab

pytestmark = pytest.mark.browser

STARTS = datetime(2026, 6, 12, 8, 0, tzinfo=UTC)
ENDS = STARTS + timedelta(hours=9)
ZONE = "Europe/Berlin"
EVENT = {"starts_at": milliseconds(STARTS), "ends_at": milliseconds(ENDS), "zone": ZONE, "called_off": False}
DURING = milliseconds(STARTS + timedelta(hours=1))


@pytest.fixture
def modules(tab: Tab) -> Page:
    """A tab of the site without a page of the door."""
    return tab.goto("/healthz")


def run(page: Page, body: str, given: Any = None) -> Any:
    """Run the body of an asynchronous function in the page and return what it gives."""
    return page.evaluate(f"async (given) => {{ {body} }}", given)


def reason(page: Page, **changes: Any) -> str:
    """Return what the phone says to a ticket that is valid and outside, during the event, but for the changes."""
    given = {"kind": "entry", "row": ["k", 0, 0, 0, 0, []], "made": [], "event": EVENT, "rules": {}, "at": DURING}
    found: str = run(page, 'return (await import("/static/any/door/local.js")).reasonFor(given);', {**given, **changes})
    return found


def scan(**changes: Any) -> dict[str, Any]:
    """Return a scan made on the phone that the server does not have yet."""
    return {"id": "1", "kind": "entry", "undo_of": None, "outcome": "admitted", "at": DURING - 1000, **changes}


def test_the_phone_decides_as_the_server_does(modules: Page) -> None:
    moments = [STARTS - timedelta(days=1), STARTS - timedelta(hours=9), STARTS, ENDS + timedelta(hours=13)]
    cases = list(product(("entry", "exit"), ListedState, (0, 1), moments, (False, True)))
    opening = Opening(STARTS, ENDS, ZONE)
    expected = []
    for kind, state, inside, at, called_off in cases:
        standing = Standing(
            is_cancelled=state is ListedState.CANCELLED,
            is_revoked=state is ListedState.REVOKED,
            is_confirmed=state is not ListedState.NOT_CONFIRMED,
        )
        closed = Opening(opening.starts_at, opening.ends_at, opening.zone, called_off).closed_because(at)
        expected.append(decide(ScanKind(kind), standing, bool(inside), closed).value)
    given = [
        {
            "kind": kind,
            "row": ["k", int(state), 0, inside, inside, []],
            "made": [],
            "event": {**EVENT, "called_off": called_off},
            "rules": {},
            "at": milliseconds(at),
        }
        for kind, state, inside, at, called_off in cases
    ]
    body = 'const { reasonFor } = await import("/static/any/door/local.js"); return given.map(reasonFor);'
    assert run(modules, body, given) == expected


def test_scans_made_here_count_before_the_server_has_them(modules: Page) -> None:
    assert reason(modules, made=[scan()]) == "already_admitted"
    assert reason(modules, made=[scan(outcome="refused")]) == "ok"
    assert reason(modules, made=[scan(), scan(id="2", kind="undo", undo_of="1", outcome="unknown")]) == "ok"
    taken_back = {"row": ["k", 0, 0, 1, 1, []], "made": [scan(id="2", kind="undo", undo_of="1", outcome="unknown")]}
    assert reason(modules, **taken_back) == "ok", "the server has the entry, and not yet that it was undone"
    away = [scan(), scan(id="2", kind="exit", at=DURING - 500)]
    assert reason(modules, made=away[::-1]) == "ok"
    assert reason(modules, made=away, rules={"reentry": False}) == "already_admitted"
    assert reason(modules, kind="exit", made=[scan()]) == "ok"


def test_the_rules_of_the_entrance_hold_without_network(modules: Page) -> None:
    assert reason(modules, row=None) == "offline_unknown"
    assert reason(modules, rules={"categories": [1]}) == "other_entrance"
    assert reason(modules, rules={"categories": [0], "item": 2}) == "other_entrance"
    assert reason(modules, rules={"item": 2}, row=["k", 0, 0, 0, 0, [1, 2]]) == "ok"
    assert reason(modules, rules={"opens_at": DURING + 1}) == "not_yet"
    assert reason(modules, rules={"closes_at": DURING - 1}) == "over"


SPANS = [(1, 3), (1, 2), (3, 4), (0, 4)]
"""Hours in which the items take place; the last begins before the others."""
NEIGHBOURS = {"Nord": frozenset[int](), "Presse": frozenset({1}), "Süd": frozenset({2})}


def test_the_phone_sends_guests_where_the_server_sends_them(modules: Page) -> None:
    times = [(STARTS + timedelta(hours=a), STARTS + timedelta(hours=b)) for a, b in SPANS]
    items = [
        {"label": n, "starts_at": milliseconds(start), "ends_at": milliseconds(end)}
        for n, (start, end) in enumerate(times)
    ]
    doors = [{"name": name, "categories": sorted(taken) or None} for name, taken in NEIGHBOURS.items()]
    cases = list(product((0, 2), [[], [0], [1], [2], [1, 3], [0, 2]], (None, 0, 2), (frozenset[int](), frozenset({0}))))
    given, expected = [], []
    for category, chosen, zone, taken in cases:
        rules = {"item": zone, "categories": sorted(taken) or None, "neighbours": doors}
        given.append({"row": ["k", 0, category, 0, 0, chosen], "rules": rules, "items": items})
        neighbours = tuple(Neighbour(name, categories) for name, categories in NEIGHBOURS.items())
        slot = times[zone] if zone is not None else None
        doorway = Doorway(1, EntranceRules(item_id=zone, category_ids=taken), slot, neighbours)
        seats = [Seat(n, *times[n]) for n in sorted(chosen, key=lambda n: times[n])]
        right = [seat.item_id for seat in seats if seat.item_id in doorway.right_seats(seats)]
        chose_nothing = "chose_nothing_local" if doorway.chose_nothing(category, seats) else None
        expected.append([[*right, *doorway.right_doors(category)], chose_nothing])
    body = """
    const { sentOn } = await import("/static/any/door/local.js");
    return given.map(sentOn).map(({ right, notice }) => [right.map((place) => place.label), notice]);
    """
    assert run(modules, body, given) == expected


def test_a_code_is_found_under_the_key_that_the_server_wrote(modules: Page) -> None:
    codes = [new_code() for _ in range(20)]
    body = """
    const { keyOf } = await import("/static/any/door/list.js");
    return Promise.all(given.map((code) => keyOf("forum", code)));
    """
    assert run(modules, body, codes) == [key_of("forum", code) for code in codes]


def test_a_name_is_opened_with_its_own_code_alone(modules: Page) -> None:
    code, other = new_code(), new_code()
    names = [sealed("forum", code, "አማኑኤል ተስፋይ", "ti"), sealed("forum", other, "Änne Groß", "de"), "", "AAAA", "§"]
    body = """
    const { opened } = await import("/static/any/door/list.js");
    return Promise.all(given.names.map((name) => opened("forum", given.code, name)));
    """
    found = run(modules, body, {"code": code, "names": names})
    assert found == [["አማኑኤል ተስፋይ", "ti"], None, None, None, None]


LIST = """
const { Database } = await import("/static/any/door/database.js");
const { TicketList } = await import("/static/any/door/list.js");
const database = new Database(given);
let answer;
const asked = [];
const fetch = async (since) => { asked.push(since); return answer; };
const open = () => new TicketList({ database, entrance: "north", fetch });
const body = (rev, more) => ({ meaning: "ok", body: {
  server_time: Date.now() + 5000, rev, full: true, event: { id: "e" }, categories: ["A"], items: [],
  entrance: { id: "north" }, tickets: [["a", 0, 0, 0, 0, []], ["b", 0, 0, 0, 0, []]], gone: [], ...more } });
"""


def test_the_list_outlives_the_page_and_is_renewed_by_what_changed(modules: Page) -> None:
    body = """
    const first = open();
    await first.load();
    answer = body(5);
    await first.refresh();
    answer = body(6, { full: false, tickets: [["b", 1, 0, 0, 0, []]], gone: ["a"] });
    await first.refresh();
    const second = open();
    await second.load();
    answer = { meaning: "retry", body: null };
    await second.refresh();
    return { asked, size: second.size, b: second.find("b"), ahead: second.about.ahead > 4000, rules: second.rules };
    """
    assert run(modules, LIST + body, "renewed") == {
        "asked": [None, 5, 6],
        "size": 1,
        "b": ["b", 1, 0, 0, 0, []],
        "ahead": True,
        "rules": {"id": "north"},
    }


def test_an_older_answer_of_another_tab_does_not_replace_a_newer_list(modules: Page) -> None:
    body = """
    const [ahead, behind] = [open(), open()];
    answer = body(5);
    await Promise.all([ahead.refresh(), behind.refresh()]);
    answer = body(9, { full: false, tickets: [["a", 1, 0, 0, 0, []]] });
    await ahead.refresh();
    answer = body(7, { full: false, tickets: [["a", 0, 0, 1, 1, []]] });
    await behind.refresh();
    const later = open();
    await later.load();
    return [later.about.rev, later.find("a")];
    """
    assert run(modules, LIST + body, "older") == [9, ["a", 1, 0, 0, 0, []]]


def test_a_list_of_the_house_does_not_speak_for_the_door_of_a_forum(modules: Page) -> None:
    body = """
    const house = open();
    answer = body(5);
    await house.refresh();
    const door = () => new TicketList({ database, entrance: "forum", fetch });
    const before = door();
    await before.load();
    answer = body(6, { entrance: { id: "forum", item: 2 }, tickets: [["a", 0, 0, 1, 1, [2]]] });
    await before.refresh();
    const [after, again] = [door(), open()];
    await after.load();
    await again.load();
    return [before.isHere("forum"), before.isHere("north"), after.find("a"), again.about];
    """
    assert run(modules, LIST + body, "zones") == [True, False, ["a", 0, 0, 1, 1, [2]], None]


def test_a_list_that_is_wiped_is_gone_and_scans_stay(modules: Page) -> None:
    body = """
    const { Store } = await import("/static/any/door/store.js");
    const store = new Store(database);
    await store.put({ id: "1", at: 1 });
    const list = open();
    answer = body(5);
    await list.refresh();
    await list.wipe();
    const later = open();
    await later.load();
    return [list.size, later.size, later.about, await store.all()];
    """
    assert run(modules, LIST + body, "wiped") == [0, 0, None, [{"id": "1", "at": 1}]]


def test_an_event_that_is_over_leaves_the_phone_when_all_its_scans_are_sent(modules: Page) -> None:
    body = """
    const { sweep } = await import("/static/any/door/database.js");
    const { Store } = await import("/static/any/door/store.js");
    const put = async (name, ends_at, scans) => {
      const one = new Database(name);
      await one.run(["meta"], "readwrite", (meta) => meta.put({ event: { ends_at } }, "list"));
      for (const id of scans) await new Store(one).put({ id, at: 1 });
    };
    await put("over", 1, []);
    await put("unsent", 1, ["1"]);
    await put("running", Date.now(), []);
    await sweep();
    const names = () => indexedDB.databases().then((all) => all.map((one) => one.name).sort());
    while ((await names()).includes("door.over")) await new Promise((resolve) => setTimeout(resolve, 10));
    return { left: await new Store(new Database("unsent")).all(), names: await names() };
    """
    found = run(modules, LIST + body, "sweep")
    assert found == {"left": [{"id": "1", "at": 1}], "names": ["door.running", "door.unsent"]}


def test_a_full_phone_says_so_and_keeps_the_scan_in_memory(modules: Page) -> None:
    body = """
    const { Store } = await import("/static/any/door/store.js");
    let isFull = true;
    const disk = new Map();
    const database = { run: async (names, mode, work) => {
      if (isFull && mode === "readwrite") throw new DOMException("", "QuotaExceededError");
      return work({ put: (scan) => void disk.set(scan.id, scan), get: (id) => disk.get(id),
                    getAll: () => [...disk.values()], delete: (id) => void disk.delete(id) });
    } };
    const said = [];
    const store = new Store(database, (trouble) => said.push(trouble));
    await store.put({ id: "1", at: 1 });
    const kept = [await store.get("1"), (await store.all()).length];
    isFull = false;
    await store.put({ id: "1", at: 1 });
    await store.remove("1");
    return { kept, said, left: (await store.all()).length };
    """
    assert run(modules, body) == {"kept": [{"id": "1", "at": 1}, 1], "said": ["full", None], "left": 0}


def test_only_one_tab_sends_and_a_closed_one_is_known_to_be_gone(modules: Page) -> None:
    body = """
    const { Tabs } = await import("/static/any/door/tabs.js");
    const [one, other] = [new Tabs("e"), new Tabs("e")];
    const order = [];
    await one.alone(async () => {
      order.push("one");
      await other.alone(async () => order.push("never"));
    });
    await other.alone(async () => order.push("other"));
    const living = await one.living();
    return { order, living: [living.has(one.own), living.has(other.own), living.has("gone")] };
    """
    assert run(modules, body) == {"order": ["one", "other"], "living": [True, True, False]}
