"""One day from the first idea to the last guest through the door, in a real Chromium and over a real mail server.

An organiser sets a forum up in the editor, a guest signs up in Arabic on a phone, the ticket arrives by mail, its QR is
held before the camera at the door, and two programs written by others read the calendars.
"""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from icalendar import Calendar
from PIL import Image
from playwright.sync_api import Page, Playwright, expect

from eventapp.accounts.models import Account
from eventapp.accounts.rules import Role
from eventapp.core.db import db
from eventapp.outbox.service import deliver_due
from tests import sink
from tests.browser import PHONE, OpenTab, Site, Tab, take_a_minute
from tests.film import write_film
from tests.journeys import icaljs, planning
from tests.journeys.doorway import enter, phone_with_camera, result, see, sign_in
from tests.journeys.planning import PROGRAMME, TITLE, TITLE_AR, ZONE
from tests.make import make_account, make_organiser
from tests.sink import Sink

pytestmark = [pytest.mark.browser, pytest.mark.long]

ADDRESS = "amal@example.org"
NAME = "أمل حداد"
FORUM = next(part for part in PROGRAMME if part.is_chosen)
Instants = dict[str, tuple[datetime, datetime]]


@pytest.fixture
def post(site: Site) -> Iterator[Sink]:
    """A mail server to which the site delivers."""
    with sink.listening() as server:
        site.app.config["EVENTAPP"] = replace(site.app.config["EVENTAPP"], smtp_url=server.url)
        yield server


def test_a_whole_day(open_tab: OpenTab, post: Sink, playwright: Playwright, site: Site, tmp_path: Path) -> None:
    organiser = make_organiser("Ministerium", slug="ministerium")
    start = begin()
    door = make_account(organiser, Role.DOOR, name="Yusuf Tür")
    slug = set_up(open_tab(), make_account(organiser, Role.OWNER), start)
    guest = open_tab(PHONE, "ar")
    sign_up(guest, slug)
    picture = ticket_in(deliver(post), start)
    film = write_film(tmp_path / "film.mjpeg", [picture, None])
    with phone_with_camera(playwright, film, site) as phone:
        go_in(phone, door)
    read_calendars(open_tab(), guest, slug, start)


def begin() -> datetime:
    """Return when the event begins: in half an hour, or late today, because the door is open on its day only."""
    now = datetime.now(ZONE).replace(second=0, microsecond=0)
    return min(now.astimezone(UTC) + timedelta(minutes=30), now.replace(hour=23, minute=59).astimezone(UTC))


def set_up(tab: Tab, owner: Account, start: datetime) -> str:
    """Sign in by the form, make the event in the editor and publish it; return its address."""
    page = tab.goto("/manage/")
    sign_in(page, owner)
    event = planning.create(page, "ministerium", start)
    planning.write_programme(page, event, start)
    slug = planning.publish(page, event)
    page = tab.goto(f"/de/{slug}/")
    expect(page.locator("h1")).to_have_text(TITLE)
    for part in PROGRAMME:
        expect(page.get_by_text(part.title).first).to_be_visible()
    page = tab.goto(f"/de/{slug}/agenda")
    for name in planning.SPEAKERS:
        expect(page.get_by_text(name).first).to_be_visible()
    return slug


def sign_up(tab: Tab, slug: str) -> None:
    """Sign a guest up in Arabic, from the event's page to the ticket."""
    page = tab.goto(f"/{slug}")
    assert page.url.endswith(f"/ar/{slug}/"), "the address of the event chooses the reader's language"
    expect(page.locator("h1")).to_have_text(TITLE_AR)
    page.locator("main a[href$='/register']").first.click()
    assert page.locator("html").get_attribute("dir") == "rtl"
    given, family = NAME.split()
    values = {"given_name": given, "family_name": family, "email": ADDRESS, "organisation": "الجسر"}
    planning.fill(page, "main form.ev-form", values)
    take_a_minute(page)
    assert page.locator("[name=language]").input_value() == "ar"
    page.locator("label").filter(has_text="جمعية").click()
    page.locator("[name=kind]").select_option("association")
    page.locator("label").filter(has_text=FORUM.title).click()
    page.locator("main form.ev-form button[type=submit]").click()
    expect(page.locator("h1")).to_contain_text(NAME)
    expect(page.get_by_text("تم تسجيلك.")).to_be_visible()
    assert page.locator("img[src$='/qr.svg']").evaluate("it => it.decode().then(() => it.naturalWidth > 0)")


def deliver(post: Sink) -> EmailMessage:
    """Let the worker deliver what is due; return the only mail that arrived."""
    db.session.rollback()  # what others wrote since is read anew
    while deliver_due():
        pass
    (mail,) = post.mails
    assert mail["To"] == ADDRESS
    return mail


def ticket_in(mail: EmailMessage, start: datetime) -> Image.Image:
    """Read the mail as its reader does, Arabic above German, and return the QR that is attached to it."""
    day = start.astimezone(ZONE)
    assert str(mail["Subject"]).startswith(f"تذكرتك: {TITLE_AR}، ")
    assert str(day.year) in str(mail["Subject"])
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert 0 <= text.index("تم تسجيلك.") < text.index("Sie sind angemeldet.")
    assert text.index(TITLE_AR if TITLE_AR in text else "أمل") < text.index("Guten Tag")
    assert f"{day:%H:%M} Uhr" in text or f"{day.hour}:{day:%M}" in text
    names = {part.get_filename(): part for part in mail.walk() if part.get_filename()}
    assert any(name.endswith(".pdf") and part.get_content().startswith(b"%PDF") for name, part in names.items() if name)
    picture = names["qr.png"].get_content()
    return Image.open(io.BytesIO(picture))


def go_in(phone: Tab, account: Account) -> None:
    """Hold the ticket before the camera: let in; a second time, with the page opened anew: when and where it was."""
    page = enter(phone, account)
    page.get_by_role("button", name="Kamera starten").click()
    result(page, "Einlassen", NAME, "أهلًا وسهلًا!")
    see(page, "scan")
    expect(page.locator("[data-count=inside]")).to_have_text("1")
    page.reload()
    page.get_by_role("button", name="Kamera starten").click()
    when = datetime.now(ZONE)
    result(page, "Stopp", NAME, "Nord", "Telefon 2")
    said = page.locator(".ev-verdict").inner_text()
    clocks = {f"{at.hour}:{at:%M} Uhr" for at in (when, when - timedelta(minutes=1))}
    assert any(clock in said for clock in clocks), said


def read_calendars(tab: Tab, guest: Tab, slug: str, start: datetime) -> None:
    """Load the calendars of the event, of a forum and of the guest; two programs read the same right instants."""
    icaljs.load(tab.page)
    day = (start, start + timedelta(hours=4))
    feed = str(guest.page.locator("a[href*='/calendar/'][href$='.ics']").first.get_attribute("href"))
    page = guest.goto(f"/de/{slug}/calendar")
    forum = str(page.get_by_role("link", name=FORUM.title).get_attribute("href"))
    whole = load(guest, f"/{slug}.ics")
    assert list(understood(tab.page, whole).values()) == [day]
    single = understood(tab.page, load(guest, forum))
    assert list(single.values()) == [FORUM.span(start)]
    assert understood(tab.page, load(guest, feed)) == {**understood(tab.page, whole), **single}
    all_items = understood(tab.page, load(guest, f"/{slug}.ics?agenda=1"))
    assert sorted(set(all_items.values()) - {day}) == sorted({part.span(start) for part in PROGRAMME})


def load(tab: Tab, address: str) -> bytes:
    """Fetch a calendar file of the site."""
    answer = tab.page.request.get(address if address.startswith("http") else tab.site + address)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    return answer.body()


def understood(page: Page, file: bytes) -> Instants:
    """Return when each entry begins and ends, as both programs understand it."""
    entries = Calendar.from_ical(file).walk("VEVENT")
    ours = {str(x["UID"]): (x.decoded("DTSTART").astimezone(UTC), x.decoded("DTEND").astimezone(UTC)) for x in entries}
    theirs = {
        str(x["uid"]): (datetime.fromtimestamp(x["start"], UTC), datetime.fromtimestamp(x["end"], UTC))
        for x in icaljs.read(page, file)
    }
    assert ours == theirs
    return ours
