"""Takes pictures of all pages with the demonstration in them: `make pictures`, or `python -m tests.pictures WORD …`.

Writes `pictures/<page>-<language>-<width>.png` for each page in German and Arabic, on a phone and at a desk, and those
that `docs/` shows; of the door also in the dark (`-dark`), with every answer to a scan. With words, only pages whose
endpoint contains one of them are taken; the word `docs` stands for the pictures of docs/.
"""

import io
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from eventapp.accounts.models import Account
from eventapp.checkin.foyer.queries import LINK as FOYER
from eventapp.demo.coming.service import SLUG
from eventapp.registration.queries import link_token
from eventapp.registration.rules import ParticipantState
from eventapp.tickets.rules import Practice, practice_code
from tests.addresses import list_pages
from tests.browser import DESK, PHONE, Site, launch
from tests.gallery import exhibition, guest_of, owner_of, world_in
from tests.journeys.doorway import hand_scan
from tests.make import session_cookie
from tests.world import World

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES, WIDTHS = ("de", "ar"), (PHONE, DESK)
PAST, WORKSHOP = "gemeinsam-vor-ort-2025", "bewerbungswerkstatt"
COLOURS = 128
"""Pictures of docs/ have so many colours at most, which keeps each below 120 kB."""


@dataclass(frozen=True)
class Shot:
    """A page to take a picture of."""

    name: str
    path: str
    needs_account: bool = False


def main() -> None:
    """Take all pictures, or those of the pages whose names contain one of the words that were given."""
    words = sys.argv[1:]
    with (
        tempfile.TemporaryDirectory() as folder,
        exhibition(Path(folder)) as site,
        sync_playwright() as playwright,
    ):
        browser, world = launch(playwright), world_in(SLUG)
        (ROOT / "pictures").mkdir(exist_ok=True)
        accounts = {language: owner_of(world.event.organiser, language) for language in LANGUAGES}
        for language in LANGUAGES:
            shots = [x for x in shots_of(site, world, language) if not words or any(word in x.name for word in words)]
            for width in WIDTHS:
                take(browser, site, shots, accounts[language], width)
            at_door = [shot for shot in shots if shot.name.startswith("checkin")]
            take(browser, site, at_door, accounts[language], PHONE, dark=True)
            for dark in (False, True) if at_door else ():
                scan(browser, site, world, accounts[language], dark=dark)
        if not words or "docs" in words:
            illustrate(browser, site, world, accounts["de"])
        browser.close()


def shots_of(site: Site, world: World, language: str) -> Iterator[Shot]:
    """Return every page in a language, and some that look different in another state."""
    for address in list_pages(site.app):
        values = {"lang": language} if address.has_language else {}
        yield Shot(address.endpoint, world.address(site.app, address.rule, **values), address.needs_account)
    for state in (ParticipantState.WAITLISTED, ParticipantState.OFFERED, ParticipantState.TO_APPROVE):
        token = link_token(guest_of(world.event, state))
        yield Shot(f"registration.my.{state.value}", f"/{language}/my/{token}")
    yield Shot("editions.event.past", f"/{language}/{PAST}/")
    yield Shot("editions.event.workshop", f"/{language}/{WORKSHOP}/")
    yield Shot("registration.register.closed", f"/{language}/{PAST}/register")
    yield Shot("dashboard.manage.desk.past", f"/manage/events/{PAST}/", needs_account=True)
    yield Shot("checkin.manage.log.past", f"/manage/events/{PAST}/door-log", needs_account=True)
    yield Shot("checkin.live.manage.live.past", f"/manage/events/{PAST}/live", needs_account=True)
    yield Shot("checkin.conflicts.manage.conflicts.past", f"/manage/events/{PAST}/conflicts", needs_account=True)
    for number in (1, 2):
        path = f"/{language}/foyer/{world.tokens[FOYER]}?panel={number}"
        yield Shot(f"checkin.foyer.screen.{number}", path)
    yield Shot("errors.404", f"/{language}/nothing-here/")


def take(browser: Browser, site: Site, shots: list[Shot], account: Account, width: int, *, dark: bool = False) -> None:
    """Take whole pages at one width, as a guest or signed in as `account`."""
    guest, owner = (open_page(browser, width, account.language, dark=dark) for _ in range(2))
    owner.context.add_cookies([session_cookie(site.app, site.url, account)])
    for shot in shots:
        page = owner if shot.needs_account else guest
        page.goto(site.url + shot.path)
        page.screenshot(path=file_of(shot.name, account.language, width, dark=dark), full_page=True)
    guest.context.close()
    owner.context.close()


def scan(browser: Browser, site: Site, world: World, account: Account, *, dark: bool) -> None:
    """Take what a phone at the door answers to each code of the practice sheet."""
    page = open_page(browser, PHONE, account.language, dark=dark)
    page.context.add_cookies([session_cookie(site.app, site.url, account)])
    for practice in Practice:
        page.goto(f"{site.url}/door/{world.event.slug}/?entrance={world.values['entrance']}&practice=1")
        hand_scan(page, practice_code(practice))
        page.locator(".ev-verdict").wait_for()
        page.screenshot(path=file_of(f"checkin.scanner.{practice}", account.language, PHONE, dark=dark))
    page.context.close()


def file_of(name: str, language: str, width: int, *, dark: bool) -> Path:
    """Return where a picture lies."""
    return ROOT / "pictures" / f"{name}-{language}-{width}{'-dark' * dark}.png"


def open_page(browser: Browser, width: int, language: str, height: int = 740, *, dark: bool = False) -> Page:
    """Open a tab with cookies of its own."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale=language,
        timezone_id="Europe/Berlin",
        reduced_motion="reduce",
        color_scheme="dark" if dark else "light",
    )
    return context.new_page()


def illustrate(browser: Browser, site: Site, world: World, account: Account) -> None:
    """Take the pictures of docs/: what fits on one screen, with few colours."""
    event, here = f"/de/{world.event.slug}", f"/manage/events/{world.event.slug}"
    item = f"{here}/agenda/items/{world.values['item']}"
    phone, desk = open_page(browser, PHONE, "de"), open_page(browser, DESK, "de", 800)
    for page in (phone, desk):
        page.context.add_cookies([session_cookie(site.app, site.url, account)])
    for name, page, path, top in (
        ("event", desk, f"{event}/", "body"),
        ("sign-up", phone, f"{event}/register", "#group-choice"),
        ("ticket", phone, f"/de/my/{world.tokens['my']}", "article"),
        ("desk", desk, f"{here}/", "body"),
        ("group", phone, f"{event}/register/group", "#group-people"),
        ("places", desk, f"{here}/categories", "body"),
        ("waiting-list", desk, f"{here}/waitlist", "body"),
        ("approvals", desk, f"{here}/approvals", "body"),
        ("agenda-editor", desk, item, "body"),
        ("participants", desk, f"{here}/participants", "body"),
    ):
        page.goto(site.url + path)
        page.locator(top).first.evaluate("it => it.scrollIntoView()")
        keep(page, name)
    phone.goto(f"{site.url}/door/{world.event.slug}/?entrance={world.values['entrance']}&practice=1")
    keep(phone, "door-scan")
    hand_scan(phone, practice_code(Practice.ADMIT))
    phone.locator(".ev-door--admit .ev-verdict").wait_for()
    keep(phone, "door-admit")


def keep(page: Page, name: str) -> None:
    """Write what the screen shows as a small PNG into docs/pictures."""
    folder = ROOT / "docs" / "pictures"
    folder.mkdir(exist_ok=True)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
