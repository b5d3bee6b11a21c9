"""The door's modules one by one, in a real Chromium: codes, sight, the queue of scans, hand scanners.

No page and no server stands behind them here: each is imported from where the site serves it and given fakes. What
the whole door does is shown by the journey at the door.
"""

import secrets
from typing import Any

import pytest
from playwright.sync_api import Page

from eventapp.tickets import rules
from tests.browser import Tab

pytestmark = pytest.mark.browser

QUEUE = """
const { Scans } = await import("/static/any/door/scans.js");
class Store {
  scans = new Map();
  async put(scan) { this.scans.set(scan.id, { ...scan }); }
  async get(id) { const scan = this.scans.get(id); return scan ? { ...scan } : null; }
  async all() { return [...this.scans.values()].map((scan) => ({ ...scan })); }
  async remove(id) { this.scans.delete(id); }
}
class Tabs {
  own = crypto.randomUUID();
  async living() { return new Set([this.own]); }
  async alone(work) { return work(); }
}
const log = new Map();
const accept = (scan) => {
  log.set(scan.id, scan);
  return { id: scan.id, stored: true, decision: "admit", reason: "ok", outcome: "admitted" };
};
const good = (scans) => ({ meaning: "ok", body: { results: scans.map(accept) } });
let post = async (place, scans) => good(scans);
const states = [];
const store = new Store();
let place = { entrance: "north", practice: false };
const onChange = (state) => states.push(state);
const open = (tabs = new Tabs()) => new Scans({ store, tabs, place, post: (...sent) => post(...sent), onChange });
"""


@pytest.fixture
def modules(tab: Tab) -> Page:
    """A tab of the site without a page of the door."""
    return tab.goto("/healthz")


def run(page: Page, body: str, given: Any = None) -> Any:
    """Run the body of an asynchronous function in the page and return what it gives."""
    return page.evaluate(f"async (given) => {{ {body} }}", given)


def test_the_browser_reads_codes_as_the_server_does(modules: Page) -> None:
    codes = [rules.new_code() for _ in range(50)]
    texts = [*codes, "", "HELLO", "WIFI:S:forum;;", f"https://example.org/x/{codes[0]}"]
    for code in codes:
        texts += [f"https://example.org/t/{code}", rules.grouped(code).lower(), code[:-1], code + "0"]
        place = secrets.randbelow(len(code))
        texts.append(code[:place] + secrets.choice(rules.ALPHABET) + code[place + 1 :])
        texts.append(code[:5] + code[6] + code[5] + code[7:])
    texts += [rules.practice_code(meaning, 7) for meaning in rules.Practice]
    read = 'const { readCode } = await import("/static/any/door/code.js"); return given.map(readCode);'
    assert run(modules, read, texts) == [rules.read_code(text) for text in texts]


def test_a_ticket_held_still_is_one_scan(modules: Page) -> None:
    looks = """
    const { Sight } = await import("/static/any/door/sight.js");
    const sight = new Sight();
    return given.map(([at, text]) => sight.look(text, at));
    """
    still = [[at, "A"] for at in range(0, 2000, 100)]
    assert run(modules, looks, still) == [True] + [False] * 19
    gone = [[0, "A"], *([at, None] for at in range(100, 1000, 100)), [1000, "A"]]
    assert run(modules, looks, gone)[-1], "out of sight for 800 ms, it counts again"
    short = [[0, "A"], [100, None], [200, None], [300, None], [400, "A"]]
    assert not run(modules, looks, short)[-1], "a flicker is not going away"
    blink = [[0, "A"], [2000, None], [2100, "A"]]
    assert not run(modules, looks, blink)[-1], "one picture without it, however late, is not going away"
    stalled = [[0, "A"], [5000, "A"]]
    assert not run(modules, looks, stalled)[-1], "a camera that stalled has not seen it go"
    two = [[at, "AB"[at // 100 % 2]] for at in range(0, 1000, 100)]
    assert run(modules, looks, two) == [True, True] + [False] * 8


def test_no_scan_is_lost_when_requests_and_answers_are(modules: Page) -> None:
    lossy = """
    post = async (place, scans) => {
      if (Math.random() < 0.3) return { meaning: "retry", body: null };
      const answer = good(scans);
      return Math.random() < 0.3 ? { meaning: "retry", body: null } : answer;
    };
    const scans = open();
    const made = [];
    for (let n = 0; n < 60; n += 1) {
      const scan = await scans.record({ code: `T${n}` });
      made.push(scan.id);
      if (n % 2) scans.ask(scan);
    }
    for (let round = 0; round < 200 && (await store.all()).length; round += 1) await scans.flush();
    return { made, log: [...log.keys()], left: (await store.all()).length };
    """
    result = run(modules, QUEUE + lossy)
    assert sorted(result["log"]) == sorted(result["made"])
    assert result["left"] == 0


def test_a_batch_is_halved_until_the_bad_scan_is_alone_in_the_drawer(modules: Page) -> None:
    body = """
    post = async (place, scans) =>
      scans.some((scan) => scan.code === "BAD") ? { meaning: "too_much", body: null } : good(scans);
    const scans = open();
    for (const code of ["T1", "T2", "BAD", "T3", "T4", "T5", "T6"]) await scans.record({ code });
    await scans.flush();
    const held = (await store.all()).map((scan) => [scan.code, scan.held]);
    const shown = states.at(-1);
    post = async (place, scans) => good(scans);
    await scans.retryHeld();
    return { held, shown, log: [...log.values()].map((scan) => scan.code).sort(), left: (await store.all()).length };
    """
    result = run(modules, QUEUE + body)
    assert result["held"] == [["BAD", True]]
    assert result["shown"] == {"meaning": "ok", "unsent": 0, "held": 1}
    assert result["log"] == ["BAD", "T1", "T2", "T3", "T4", "T5", "T6"]
    assert result["left"] == 0


def test_a_scan_that_the_server_did_not_store_stays_visible(modules: Page) -> None:
    body = """
    const refuse = ({ id }) => ({ id, stored: false });
    post = async (place, scans) => ({ meaning: "ok", body: { results: scans.map(refuse) } });
    const scans = open();
    await scans.record({ code: "T1" });
    await scans.flush();
    return states.at(-1);
    """
    assert run(modules, QUEUE + body) == {"meaning": "ok", "unsent": 0, "held": 1}


def test_a_decision_at_the_door_outlives_the_answer_to_an_older_question(modules: Page) -> None:
    """Fails when `turn` is not compared: the late answer to the question would throw the decision away."""
    body = """
    let answer;
    post = (place, scans) => new Promise((resolve) => { answer = () => resolve(good(scans)); });
    const scans = open();
    const scan = await scans.record({ code: "T1" });
    scans.ask(scan);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const answerOld = answer;
    post = async () => ({ meaning: "retry", body: null });
    scans.tell(scan, "refused");
    await new Promise((resolve) => setTimeout(resolve, 20));
    answerOld();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const kept = (await store.all()).map(({ mode, outcome }) => [mode, outcome]);
    post = async (place, scans) => good(scans);
    await scans.flush();
    return { kept, told: log.get(scan.id).outcome, left: (await store.all()).length };
    """
    assert run(modules, QUEUE + body) == {"kept": [["tell", "refused"]], "told": "refused", "left": 0}


@pytest.mark.parametrize("meaning", ["signed_out", "closed"])
def test_a_phone_that_is_sent_away_keeps_its_scans(modules: Page, meaning: str) -> None:
    body = """
    post = async () => ({ meaning: given, body: null });
    const scans = open();
    const scan = await scans.record({ code: "T1" });
    const result = await scans.ask(scan);
    return { result, shown: states.at(-1), meaning: scans.meaning };
    """
    shown = {"meaning": meaning, "unsent": 1, "held": 0}
    assert run(modules, QUEUE + body, meaning) == {"result": None, "shown": shown, "meaning": meaning}


def test_a_question_left_by_a_crash_goes_up_as_a_report(modules: Page) -> None:
    body = """
    post = async () => ({ meaning: "retry", body: null });
    const before = open();
    before.ask(await before.record({ code: "T1" }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    post = async (place, scans) => good(scans);
    await open().start();
    return [...log.values()].map(({ code, mode, outcome }) => [code, mode, outcome]);
    """
    assert run(modules, QUEUE + body) == [["T1", "tell", "unknown"]]


def test_a_question_that_another_tab_still_waits_for_stays_a_question(modules: Page) -> None:
    body = """
    const nothing = { meaning: "retry", body: null };
    let answer = null;
    post = async () => (answer ? nothing : new Promise((resolve) => { answer = resolve; }));
    const waiting = new Tabs(), busy = new Tabs();
    busy.living = async () => new Set([waiting.own, busy.own]);
    const asking = open(waiting);
    asking.ask(await asking.record({ code: "T1" }));
    await open(busy).start();
    const [{ mode, turn }] = await store.all();
    answer(nothing);
    return { mode, turn };
    """
    assert run(modules, QUEUE + body) == {"mode": "ask", "turn": 0}


def test_the_scans_of_other_tabs_and_those_under_way_are_not_sent_again(modules: Page) -> None:
    body = """
    const sent = [];
    let answer = null;
    post = async (place, scans) => {
      sent.push(scans.map(({ code }) => code).join());
      return answer ? good(scans) : new Promise((resolve) => { answer = () => resolve(good(scans)); });
    };
    const waiting = new Tabs(), other = new Tabs();
    other.living = waiting.living = async () => new Set([waiting.own, other.own]);
    const asking = open(waiting);
    const asked = asking.ask(await asking.record({ code: "T1" }));
    await asking.flush();
    await open(other).start();
    const before = [...sent];
    answer();
    const { decision } = await asked;
    return { before, decision, left: (await store.all()).length };
    """
    assert run(modules, QUEUE + body) == {"before": ["T1"], "decision": "admit", "left": 0}


def test_what_is_no_answer_of_the_door_lets_nothing_go(modules: Page) -> None:
    body = """
    post = async () => ({ meaning: "ok", body: { welcome: "to our Wi-Fi" } });
    const scans = open();
    scans.ask(await scans.record({ code: "T1" }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    return { meaning: scans.meaning, left: (await store.all()).map(({ code, held }) => [code, held]) };
    """
    assert run(modules, QUEUE + body) == {"meaning": "retry", "left": [["T1", False]]}


def test_a_refusal_of_an_older_turn_puts_nothing_into_the_drawer(modules: Page) -> None:
    body = """
    const answers = [];
    post = (place, scans) => new Promise((resolve) => answers.push(resolve));
    const scans = open();
    const scan = await scans.record({ code: "T1" });
    scans.ask(scan);
    await new Promise((resolve) => setTimeout(resolve, 10));
    await scans.note(scan, "admitted");
    answers[0]({ meaning: "too_much", body: null });
    await new Promise((resolve) => setTimeout(resolve, 20));
    return (await store.all()).map(({ code, held, outcome }) => [code, held, outcome]);
    """
    assert run(modules, QUEUE + body) == [["T1", False, "admitted"]]


def test_scans_of_another_entrance_keep_their_entrance(modules: Page) -> None:
    body = """
    const sent = [];
    post = async (place, scans) => { sent.push([place.entrance, scans.length]); return good(scans); };
    for (const entrance of ["north", "south"]) {
      place = { ...place, entrance };
      const scans = open();
      await scans.record({ code: "T1" });
      await scans.record({ code: "T2" });
    }
    await open().flush();
    return sent;
    """
    assert run(modules, QUEUE + body) == [["north", 2], ["south", 2]]


def test_a_hand_scanner_is_told_from_a_person_by_its_speed(modules: Page) -> None:
    body = """
    const { listen } = await import("/static/any/door/hand.js");
    const heard = [];
    listen((text) => heard.push(text));
    const type = async (text, end, gap) => {
      for (const key of [...text, end]) {
        document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        if (gap) await new Promise((resolve) => setTimeout(resolve, gap));
      }
    };
    await type("T0123456789ABCDEFGHJ", "Enter", 0);
    await type("T0123456789ABCDEFGHJ", "Tab", 0);
    await type("HTTPS://EXAMPLE.ORG/T/T0123456789ABCDEFGHJ", "Enter", 0);
    await type("T0123456789", "Enter", 60);
    await type("T01", "Enter", 0);
    for (const key of "T0123456") await type("", key, 60);
    await type("9", "Enter", 0);
    return heard;
    """
    assert run(modules, body) == ["T0123456789ABCDEFGHJ"] * 3
