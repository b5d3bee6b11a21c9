"""The door in a real Chromium: tickets are filmed, typed and searched for, with and without network and script.

Each test signs a person with the door role in as a person would; the tickets come from sign-ups of the test.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, Route, expect

from eventapp.checkin.rules import Outcome, Reason, ScanMode
from eventapp.tickets.rules import Practice, new_code, practice_code
from tests.browser import PHONE, OpenTab, Site, Tab, accessibility, scrolls_sideways
from tests.film import write_film
from tests.journeys.doorway import (
    Door,
    drawn,
    enter,
    hand_scan,
    make_door,
    phone_with_camera,
    result,
    scans,
    see,
    sign_in,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def door(site: Site) -> Door:
    """Make the event and its guests."""
    del site
    return make_door()


@pytest.fixture
def filmed(playwright: Playwright, site: Site, tmp_path: Path) -> Iterator[Callable[[list[str]], Tab]]:
    """Open a phone whose camera sees the codes one after the other, with an empty table between them."""
    with ExitStack() as phones:

        def open_phone(codes: list[str]) -> Tab:
            film = write_film(tmp_path / "film.mjpeg", [image for code in codes for image in (drawn(code), None)])
            return phones.enter_context(phone_with_camera(playwright, film, site))

        yield open_phone


def without_list(open_tab: OpenTab) -> Tab:
    """Open a phone that gets no list of tickets: neither it nor a silent server knows anybody."""
    tab = open_tab(PHONE)
    tab.page.route("**/manifest?**", lambda route: route.abort())
    return tab


def test_filmed_tickets_are_admitted_once_and_the_second_phone_says_where(
    filmed: Callable[[list[str]], Tab], open_tab: OpenTab, door: Door
) -> None:
    page = enter(filmed([door.amira, new_code()]), door.account)
    page.get_by_role("button", name="Kamera starten").click()
    result(page, "Einlassen", "أميرة حداد", "أهلًا وسهلًا!")
    see(page, "scan")
    expect(page.locator("[data-count=inside]")).to_have_text("1")
    result(page, "Stopp", "Diesen Code kennen wir nicht.")
    expect(page).to_have_title("Stopp")
    assert [(one.reason, one.outcome) for one in scans()][:2] == [
        (Reason.OK, Outcome.ADMITTED),
        (Reason.UNKNOWN, Outcome.REFUSED),
    ]
    other = enter(open_tab(PHONE), door.account, entrance="Süd", phone="Telefon 1")
    hand_scan(other, door.amira)
    result(other, "Stopp", "Telefon 2", "Nord")


def test_nothing_is_green_while_the_server_thinks(open_tab: OpenTab, door: Door) -> None:
    page = enter(without_list(open_tab), door.account)
    held: list[Route] = []
    page.route("**/scans", lambda route: held.append(route))  # noqa: PLW0108 - playwright marks what it is given
    hand_scan(page, door.olena)
    expect(page.locator("[data-say]")).to_have_text("Wird geprüft …")
    see(page, "scan")
    hand_scan(page, door.amira)
    see(page, "look", local=True)
    held[0].continue_()
    page.unroute("**/scans")
    result(page, "Einlassen", "Олена Коваленко")
    result(page, "Einlassen", "أميرة حداد")


@pytest.mark.parametrize("portal", [False, True], ids=["no network", "captive portal"])
def test_what_a_person_admits_without_network_and_list_reaches_the_server(
    open_tab: OpenTab, door: Door, portal: bool
) -> None:
    page = enter(without_list(open_tab), door.account)
    page.route(
        "**/door/api/**",
        lambda route: route.fulfill(body="<html>Please pay", content_type="text/html") if portal else route.abort(),
    )
    hand_scan(page, door.sinead)
    see(page, "look", local=True)
    page.get_by_role("button", name="Name stimmt, einlassen").click()
    see(page, "admit", local=True)
    expect(page.locator("#door-link")).to_contain_text("1 ungesendet")
    assert scans() == []
    page.unroute_all()
    expect(page.locator("#door-link")).to_have_text("Verbunden · 0 ungesendet", timeout=40_000)
    (only,) = scans()
    assert (only.code, only.mode, only.outcome) == (door.sinead, ScanMode.TELL, Outcome.ADMITTED)
    assert only.local_reason == "offline_unknown"


def test_a_phone_that_was_signed_out_keeps_the_scan_until_somebody_signs_in(open_tab: OpenTab, door: Door) -> None:
    tab = without_list(open_tab)
    page = enter(tab, door.account)
    page.context.clear_cookies()
    hand_scan(page, door.olena)
    expect(page.locator(".ev-verdict__why")).to_contain_text("Sie sind abgemeldet")
    page.get_by_role("button", name="Nicht einlassen").click()
    page.locator("#door-link a").click()
    sign_in(page, door.account)
    expect(page.locator("#door-link")).to_have_text("Verbunden · 0 ungesendet")
    assert [(one.code, one.outcome) for one in scans()] == [(door.olena, Outcome.REFUSED)]
    assert all("answered 401" in fault for fault in tab.faults)
    tab.faults.clear()


def test_typed_searched_and_undone(open_tab: OpenTab, door: Door) -> None:
    page = enter(open_tab(PHONE), door.account)
    page.get_by_role("button", name="Code tippen").click()
    field = page.locator("#door-code")
    field.fill(door.amira[:-1])
    field.press("Enter")
    expect(page.locator("#door-code-error")).to_contain_text("Es fehlen Zeichen: 1")
    field.fill(door.amira.lower())
    field.press("Enter")
    result(page, "Einlassen", "أميرة حداد")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Name suchen").click()
    page.locator("#door-q").fill("ковал")
    page.locator(".ev-found__person").click()
    result(page, "Einlassen", "Олена Коваленко")
    expect(page.locator("[data-count=inside]")).to_have_text("2")
    page.locator("#door-last").get_by_role("button", name="Zurücknehmen").click()
    expect(page.locator("#door-last")).to_contain_text("zurückgenommen")
    expect(page.locator("[data-count=inside]")).to_have_text("1")
    hand_scan(page, door.olena)
    result(page, "Einlassen")


def test_guests_leave_and_come_again(open_tab: OpenTab, door: Door) -> None:
    page = enter(open_tab(PHONE), door.account)
    for way, answer in (("hinein", "Einlassen"), ("hinaus", "Ausgang"), ("hinein", "Einlassen")):
        page.get_by_role("button", name="Einstellungen des Telefons").click()
        page.get_by_text(way, exact=True).click()
        page.keyboard.press("Escape")
        hand_scan(page, door.amira)
        result(page, answer)
        see(page, "scan")
    hand_scan(page, door.amira)  # once more by mistake
    result(page, "Prüfen", "Dieses Telefon hat das Ticket gerade eben eingelassen.")
    assert [scan.outcome for scan in scans()] == [Outcome.ADMITTED] * 3


def test_practice_counts_nothing(open_tab: OpenTab, door: Door) -> None:
    page = enter(open_tab(PHONE), door.account)
    page.goto(page.url + "&practice=1")
    expect(page.locator(".ev-door__practice")).to_have_text("Übung: Hier zählt nichts")
    answers = {Practice.ADMIT: "Einlassen", Practice.NOT_CONFIRMED: "Prüfen", Practice.CANCELLED: "Stopp"}
    for meaning, answer in answers.items():
        hand_scan(page, practice_code(meaning))
        result(page, answer)
    assert scans() == []


def test_the_door_works_without_script(open_tab: OpenTab, door: Door) -> None:
    tab = open_tab(PHONE, java_script_enabled=False)
    page = tab.goto("/manage/sign-in?next=/door/")
    sign_in(page, door.account)
    page.locator("form[data-door-start] button").first.click()
    page.locator("#plain-code").fill(door.amira)
    page.get_by_role("button", name="Code prüfen").click()
    expect(page.locator("h1")).to_have_text("Einlassen")
    page.get_by_role("link", name="Nächster Gast").click()
    page.locator("#plain-q").fill("حدا")
    page.get_by_role("button", name="Name suchen").click()
    page.locator(".ev-found__person").click()
    expect(page.locator("h1")).to_have_text("Stopp")
    expect(page.locator(".ev-verdict__why")).to_have_text("Dieses Ticket ist schon eingelassen.")


@pytest.mark.parametrize("language", ["de", "ar"])
def test_every_page_of_the_door_is_accessible_and_never_scrolls_sideways(
    open_tab: OpenTab, door: Door, language: str
) -> None:
    page = enter(open_tab(PHONE), door.account, language=language)

    def check(state: str) -> None:
        assert accessibility(page) == [], state
        assert not scrolls_sideways(page), state

    check("scanner")
    for window in ("search", "typed", "recent", "settings"):
        page.locator(f"[data-opens={window}]:not([hidden])").click()
        check(window)
        page.keyboard.press("Escape")
    for code in (door.sinead, new_code(), "HELLOWORLD"):
        hand_scan(page, code)
        page.locator(".ev-verdict").wait_for()
        page.locator("#door-last button").first.dispatch_event("click")  # shown again, it stays
        check(f"result of {code}")
        page.keyboard.press("Escape")
    for path in ("/door/", f"/door/{door.slug}/practice"):
        page.goto(page.url.split("/door/")[0] + path)
        check(path)
