"""A guest at a door without network: the camera reads the ticket at once, and the phone may know the name."""

from pathlib import Path

import pytest
from playwright.sync_api import Playwright
from sqlalchemy import select

from eventapp.checkin.rules import Outcome, ScanMode
from eventapp.core.db import db
from eventapp.events.models import Event
from eventapp.registration.attention.service import show_at_door
from tests.browser import PHONE, OpenTab, Site
from tests.film import write_film
from tests.journeys.doorway import (
    Door,
    all_sent,
    drawn,
    enter,
    hand_scan,
    make_door,
    offline,
    phone_with_camera,
    ready,
    reopened_offline,
    result,
    scans,
    see,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def door(site: Site) -> Door:
    """Make the event and its guests."""
    del site
    return make_door()


def test_the_camera_reads_tickets_offline_from_the_first_second(
    playwright: Playwright, site: Site, door: Door, tmp_path: Path
) -> None:
    film = write_film(tmp_path / "film.mjpeg", [drawn(door.amira), None])
    with phone_with_camera(playwright, film, site) as tab:
        page = reopened_offline(ready(enter(tab, door.account)))
        page.get_by_role("button", name="Kamera starten").click()
        see(page, "admit", local=True)
        result(page, "Einlassen", "Das Telefon hat entschieden.")
        see(page, "stop", local=True)
        assert scans() == []
        offline(page, False)
        all_sent(page)
        first, second = sorted(scans(), key=lambda scan: scan.at)[:2]
        assert (first.code, first.mode, first.outcome) == (door.amira, ScanMode.TELL, Outcome.ADMITTED)
        assert (second.code, second.outcome) == (door.amira, Outcome.REFUSED)


def test_without_network_a_guest_is_greeted_by_name_if_the_organiser_lets_phones_keep_names(
    open_tab: OpenTab, door: Door
) -> None:
    show_at_door(db.session.scalars(select(Event.id)).one(), [], names_offline=True)
    page = reopened_offline(ready(enter(open_tab(PHONE, service_workers="allow"), door.account)))
    hand_scan(page, door.olena)
    see(page, "admit", local=True)
    result(page, "Einlassen", "Олена Коваленко", "Ласкаво просимо!")
    offline(page, False)
    all_sent(page)
