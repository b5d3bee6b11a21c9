"""What people did about the door, told to the organiser in sentences."""

import re
from pathlib import Path

import pytest

from eventapp.accounts.rules import Role
from eventapp.checkin.devices.rules import door_of_account
from eventapp.checkin.devices.service import end_link, revoke
from eventapp.checkin.entrances.service import add_entrance
from eventapp.checkin.history import queries
from eventapp.checkin.history.labels import SENTENCES
from eventapp.checkin.history.queries import page_of_history
from eventapp.checkin.queries import door_event
from eventapp.checkin.service import search
from eventapp.core import audit
from eventapp.core.i18n import speaking
from eventapp.events.models import Event
from tests.checkin.devices import sign_device_on
from tests.make import make_account, make_event, make_organiser, sign_in
from tests.pages import Client

MARKS = dict.fromkeys([0x2068, 0x2069])
"""Around a name, so that it keeps its own direction."""
CHECKIN = Path(queries.__file__).parents[1]


def test_every_act_that_is_kept_has_a_sentence() -> None:
    source = "\n".join(path.read_text() for path in CHECKIN.rglob("*.py") if "history" not in path.parts)
    acts = set(re.findall(r'(?:record|_note|_note_link|_note_device)\(\s*"([a-z_]+\.[a-z_]+)"', source))
    assert len(acts) > 10
    assert acts <= set(SENTENCES)


def test_sentences_say_who_did_what(app: object, event: Event) -> None:
    del app
    ada = make_account(event.organiser, Role.EDITOR, name="Ada Beispiel")
    held = sign_device_on(event, name="Telefon 7")
    token = audit.actor.set(f"account:{ada.public_id}")
    add_entrance(event.id, "Nord")
    revoke(event.id, held.device.public_id)
    end_link(event.id, held.link)
    search(door_of_account(door_event(event), ada.id, is_editor=True), f"account:{ada.public_id}", "Muster")
    audit.actor.reset(token)
    with speaking("de"):
        told = [(line.what.translate(MARKS), line.who) for line in page_of_history(event.id)[0]]
    assert told[:4] == [
        ("Nach einem Gast gesucht; 0 wurden gefunden.", "Ada Beispiel"),
        ("Tür-Link „Helferinnen“ beendet.", "Ada Beispiel"),
        ("Das Telefon „Telefon 7“ abgemeldet.", "Ada Beispiel"),
        ("Eingang „Nord“ hinzugefügt.", "Ada Beispiel"),
    ]
    assert ("Das Telefon „Telefon 7“ hat sich mit einem Tür-Link angemeldet.", "Telefon 7") in told
    assert page_of_history(make_event(slug="other").id)[0] == []


def test_only_who_edits_the_event_reads_it_page_by_page(
    client: Client, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PER_PAGE", 2)
    for number in range(3):
        add_entrance(event.id, f"Tor {number}")
    path = f"/manage/events/{event.slug}/door-history"
    for organiser, role, status in (
        (event.organiser, Role.DOOR, 403),
        (make_organiser("other"), Role.OWNER, 404),
    ):
        sign_in(client, make_account(organiser, role))
        assert client.get(path).status_code == status
    sign_in(client, make_account(event.organiser, Role.EDITOR))
    first, second = (client.get(f"{path}?page={page}").text for page in (1, 2))
    assert "Tor 2" in first
    assert "Tor 1" in first
    assert "Tor 0" not in first
    assert "Tor 0" in second
