"""Every page of accounts and notices in a real browser: nothing for axe to find, nothing that scrolls sideways."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image

from eventapp.accounts.colleagues.queries import Place
from eventapp.accounts.colleagues.service import invite, join_token
from eventapp.accounts.models import Account
from eventapp.accounts.queries import find_invitation
from eventapp.accounts.rules import Role
from eventapp.accounts.service import OrganiserInput, create_organiser, set_logo
from eventapp.accounts.signin.service import reset_token
from eventapp.core import clock
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.media.service import store
from eventapp.notices.models import NoticeKind
from eventapp.notices.service import publish
from tests.browser import DESK, PHONE, OpenTab, Site, Tab, accessibility, scrolls_sideways
from tests.make import PASSWORD, make_account, make_event

pytestmark = pytest.mark.browser
OPEN = ("/manage/sign-in", "/manage/forgotten", "/manage/reset/{reset}", "/manage/join/{join}",
        "/{lang}/organisers/stadt/privacy", "/{lang}/organisers/stadt/accessibility",
        "/{lang}/organisers/stadt/accessibility/report")  # fmt: skip
STAFF = ("/manage/account", "/manage/organisers/stadt", "/manage/organisers/stadt/colleagues",
         "/manage/organisers/stadt/colleagues/{person}", "/manage/organisers/stadt/colleagues/{person}/remove",
         "/manage/events/{event}/colleagues", "/manage/organisers/stadt/notices",
         "/manage/organisers/stadt/notices/privacy", "/manage/organisers/stadt/notices/accessibility?draft=1",
         "/manage/organisers/stadt/notices/privacy/versions", "/manage/organisers/stadt/notices/privacy/versions/1",
         "/manage/mail", "/manage/mail/{mail}", "/manage/join/{join}")  # fmt: skip
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def fill() -> dict[str, str]:
    """Make an organiser with people, texts and mails; return what stands in addresses."""
    name = Localized(de=f"Stadt Essen, {LONG}", ar="مدينة إسن")
    organiser = create_organiser(
        OrganiserInput(name, "forum@example.org", "stadt", address="Porscheplatz 1\n45121 Essen")
    )
    out = io.BytesIO()
    Image.new("RGBA", (900, 300), (0, 80, 95, 120)).save(out, "PNG")
    set_logo(organiser.id, store(organiser.id, out.getvalue(), largest=(800, 400)).id)
    publish(
        organiser.id,
        NoticeKind.PRIVACY,
        Localized(de="# Wer\n\nText\n\n- eins\n- zwei\n\n| a | b |\n|---|---|\n| c | d |"),
    )
    publish(organiser.id, NoticeKind.ACCESSIBILITY, Localized(de=f"# {LONG}\n\nText", ar="# بيان\n\nنص"))
    owner = make_account(organiser, email="ada@example.org", name="أمل حداد")
    event = make_event(organiser, published=False)
    make_account(organiser, Role.DOOR, event_id=event.id, name=LONG, email=f"{LONG[:60]}@example.org")
    waiting = find_invitation(invite(Place(organiser.id), "neu@example.org", Role.EDITOR, "ar"))
    assert waiting is not None
    mail: str = db.session.execute(db.text("SELECT public_id FROM message")).scalar_one()
    token = reset_token(owner, owner.link_version, clock.now())
    found = {"reset": token, "join": join_token(waiting), "person": owner.public_id, "event": event.slug, "mail": mail}
    db.session.rollback()
    return found


def enter(tab: Tab) -> None:
    """Sign in with the form."""
    page = tab.goto("/manage/sign-in")
    page.get_by_role("textbox", name="E-Mail-Adresse").fill("ada@example.org")
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url("**/manage/")


def look(tab: Tab, path: str, name: str) -> list[str]:
    """Open a page and return everything that is wrong with it; keep a picture when PICTURES names a folder."""
    page = tab.goto(path)
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    wrong = [f"{name}: {one}" for one in accessibility(page)]
    return [*wrong, f"{name} scrolls sideways"] if scrolls_sideways(page) else wrong


@pytest.mark.soak
@pytest.mark.parametrize(("width", "language"), [(PHONE, "de"), (DESK, "ar")])
def test_every_page_is_good(site: Site, open_tab: OpenTab, width: int, language: str) -> None:
    with site.app.app_context():
        words = {**fill(), "lang": language}
    nobody, staff = open_tab(width, language), open_tab(width, "de")
    enter(staff)
    staff.goto(f"/manage/account?lang={language}")
    wrong = []
    for tab, paths in ((nobody, OPEN), (staff, STAFF)):
        for path in paths:
            name = f"{path.strip('/').replace('/', '-').replace('{', '').replace('}', '').replace('?', '-')}"
            who = "staff" if tab is staff else "open"
            wrong += look(tab, path.format(**words), f"{who}-{name}-{language}-{width}")
    assert not wrong, "\n".join(wrong)


def test_errors_are_told_with_links_to_their_fields(site: Site, open_tab: OpenTab) -> None:
    with site.app.app_context():
        fill()
        assert db.session.query(Account).count() == 2
    tab = open_tab(PHONE)
    page = tab.goto("/manage/sign-in")
    page.locator("main form button").click()
    assert page.get_by_role("alert").get_by_role("link").count() == 2
    page.get_by_role("alert").get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.name") == "email"
    assert accessibility(page) == []
    page.locator("[name=email]").fill("ada@example.org")
    page.locator("[name=password]").fill("wrong password")
    page.locator("main form button").click()
    assert page.locator("[name=email]").input_value() == "ada@example.org"
    assert page.locator("[name=password]").input_value() == ""
