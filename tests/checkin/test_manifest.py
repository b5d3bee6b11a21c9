"""The list of tickets: what it says, what it costs, and when a phone needs all of it again.

Seen to fail: with an admission that leaves the revision as it was, with a shape that is always the same (a phone then
reads another forum at the old index), and without the look at a `since` that lies in the future.
"""

import gzip
import json
from functools import partial
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from flask import Flask

from eventapp.accounts.rules import Role
from eventapp.agenda.service import cancel_item, restore_item
from eventapp.checkin.entrances.rules import EntranceRules
from eventapp.checkin.entrances.service import add_entrance, change_entrance
from eventapp.checkin.manifest.rules import known_since, mark
from eventapp.core.db import transaction
from eventapp.core.localized import Localized
from eventapp.editions.service import call_off
from eventapp.events.models import Event
from eventapp.events.rules import CategoryInput
from eventapp.events.service import add_category, remove_category
from eventapp.registration.attention.service import show_at_door
from eventapp.registration.deputy.service import send_deputy
from eventapp.registration.models import Participant
from eventapp.registration.rules import ParticipantState
from eventapp.registration.service import cancel, change
from tests.checkin.lists import CANCELLED, NOT_CONFIRMED, REVOKED, VALID, Listed, key, unsealed, whole
from tests.checkin.phones import Phone, ticket_of
from tests.make import forums, make_account, make_event, make_item, sign_in
from tests.pages import Client
from tests.registration.people import person

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def event(app: Flask) -> Event:
    return make_event()


@pytest.fixture
def phone(client: Client, event: Event) -> Client:
    sign_in(client, make_account(event.organiser, Role.DOOR, event_id=event.id))
    return client


def test_each_kind_of_ticket_is_told_and_nobody_is_named(event: Event) -> None:
    forum = forums(event)[1]
    valid, cancelled, revoked, waits = (ticket_of(event, number) for number in range(4))
    seated = ticket_of(event, 5, item_ids=(forum.id,), category_id=event.categories[0].id)
    Phone(event).ask(valid.code, 1)
    cancel(cancelled.participant_id)
    send_deputy(revoked.participant_id, person(event, 8))
    with transaction() as session:
        session.get_one(Participant, waits.participant_id).state = ParticipantState.WAITLISTED
    sent, listed = Listed(event).refresh(), Listed(event)
    listed.refresh()
    clubs, companies = sent["categories"].index("Verein"), sent["categories"].index("Unternehmen")
    assert listed.show(valid.code) == [VALID, clubs, 1, 1, []]
    assert listed.show(cancelled.code) == [CANCELLED, clubs, 0, 0, []]
    assert listed.show(revoked.code) == [REVOKED, clubs, 0, 0, []]
    assert listed.show(waits.code) == [NOT_CONFIRMED, clubs, 0, 0, []]
    shown = listed.show(seated.code)
    assert shown is not None
    assert shown[:4] == [VALID, companies, 0, 0]
    assert [sent["items"][index]["title"] for index in shown[4]] == ["Forum 2"]
    start = int(forums(event)[1].starts_at.timestamp() * 1000)
    assert sent["items"][shown[4][0]] == {
        "title": "Forum 2", "label": "Forum", "room": "Raum 2", "starts_at": start, "ends_at": start + 2 * 3_600_000,
    }  # fmt: skip
    assert len(sent["tickets"]) == 6  # the deputy's too
    text = json.dumps(sent, ensure_ascii=False)
    assert not [word for word in ("Muster", "Gast", "example.org", valid.code, valid.code[:8]) if word in text]
    assert [row[0] for row in sent["tickets"]] == sorted(row[0] for row in sent["tickets"])


def test_names_are_sent_only_if_the_organiser_lets_phones_keep_them_and_only_the_code_opens_them(event: Event) -> None:
    ticket, other = ticket_of(event, 1), ticket_of(event, 2, given_name="Maximiliane Adelheid")
    phone = Listed(event)
    phone.refresh()
    before = phone.show(ticket.code)
    assert before is not None
    show_at_door(event.id, [], names_offline=True)
    sent = phone.refresh()
    assert sent["full"], "the rows have another shape"
    shown = phone.show(ticket.code)
    assert shown is not None
    assert shown[:-1] == before
    assert unsealed(event.public_id, ticket.code, shown[-1]) == ["Gast 1 Muster", "de"]
    with pytest.raises(InvalidTag):
        unsealed(event.public_id, other.code, shown[-1])
    assert "Muster" not in json.dumps(sent, ensure_ascii=False)
    assert len({len(row[-1]) for row in sent["tickets"]}) == 1, "nobody reads the length of a name"
    assert sent["greetings"]["uk"] == "Ласкаво просимо!"
    change(ticket.participant_id, person(event, 1, given_name="Änne"))
    phone.refresh()
    assert unsealed(event.public_id, ticket.code, (phone.show(ticket.code) or [])[-1]) == ["Änne Muster", "de"]
    show_at_door(event.id, [])
    sent = phone.refresh()
    assert (sent["full"], sent["greetings"], phone.show(ticket.code)) == (True, {}, before)


def test_the_answer_of_the_address(phone: Client, event: Event) -> None:
    north = add_entrance(event.id, "Nord")
    ticket_of(event, 1)
    answer = phone.get(f"/door/api/{event.slug}/manifest?entrance={north.public_id}")
    body: dict[str, Any] = answer.get_json()
    assert list(body)[:3] == ["server_time", "rev", "full"]
    assert body["event"] == {
        "id": event.public_id,
        "starts_at": int(event.starts_at.timestamp() * 1000),
        "ends_at": int(event.ends_at.timestamp() * 1000),
        "zone": "Europe/Berlin",
        "called_off": False,
    }
    assert body["entrance"] == {
        "id": north.public_id, "name": "Nord", "item": None, "categories": None, "opens_at": None, "closes_at": None,
        "reentry": True, "limit": None, "neighbours": [],
    }  # fmt: skip
    assert phone.get(f"/door/api/{event.slug}/manifest").get_json()["entrance"] is None
    assert phone.get(f"/door/api/{event.slug}/manifest?lang=en").get_json()["categories"] == ["Company", "Association"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("since", ["", "x", "-5", "0", "1", "9" * 40, "1.5", "²"])
def test_a_since_that_nobody_was_given_is_answered_with_everything(phone: Client, event: Event, since: str) -> None:
    ticket_of(event, 1)
    body = phone.get(f"/door/api/{event.slug}/manifest", query_string={"since": since}).get_json()
    assert body["full"]
    assert len(body["tickets"]) == 1


@pytest.mark.parametrize("names_offline", [False, True])
def test_an_unchanged_list_costs_nothing(phone: Client, event: Event, names_offline: bool) -> None:
    ticket = ticket_of(event, 1)
    show_at_door(event.id, [], names_offline=names_offline)
    address = f"/door/api/{event.slug}/manifest"
    first = phone.get(address)
    again = phone.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    Phone(event).ask(ticket.code, 1)
    changed = phone.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert [row[3:5] for row in changed.get_json()["tickets"]] == [[1, 1]]


def test_the_list_is_zipped_for_whoever_can_read_it(phone: Client, event: Event) -> None:
    for number in range(10):
        ticket_of(event, number)
    address = f"/door/api/{event.slug}/manifest"
    plain, zipped = phone.get(address), phone.get(address, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in zipped.headers["Vary"]
    assert json.loads(gzip.decompress(zipped.data))["tickets"] == plain.get_json()["tickets"]
    assert len(zipped.data) < len(plain.data)


@pytest.mark.once  # on Postgres the whole test is one transaction, and all of it counts as new: see races
def test_only_what_changed_is_sent(event: Event) -> None:
    codes = [ticket_of(event, number).code for number in range(5)]
    phone = Listed(event)
    phone.refresh()
    Phone(event).ask(codes[2], 1)
    sent = phone.refresh()
    assert not sent["full"]
    assert [row[0] for row in sent["tickets"]] == [key(event.public_id, codes[2])]
    assert phone.refresh()["tickets"] == []
    assert phone.tickets == whole(event)


@pytest.mark.once
def test_indexes_that_stand_for_something_else_bring_the_whole_list(event: Event) -> None:
    clubs = event.categories[1].id
    extra = add_category(event.id, CategoryInput(Localized(de="Presse")))
    late = make_item(event, "Forum 3", 14, 15, is_chosen=True)
    ticket = ticket_of(event, 1, item_ids=(late.id,), category_id=clubs)
    phone = Listed(event)
    acts = (
        lambda: remove_category(extra.id),
        lambda: cancel_item(late.id),
        lambda: restore_item(late.id),
        lambda: add_category(event.id, CategoryInput(Localized(de="Gäste"))),
    )
    assert phone.refresh()["full"]
    assert phone.show(ticket.code) == [VALID, 1, 0, 0, [2]]
    assert not phone.refresh()["full"]
    for act in acts:
        act()
        assert phone.refresh()["full"]
        assert not phone.refresh()["full"]
    assert phone.show(ticket.code) == [VALID, 1, 0, 0, [2]]


def test_an_event_that_is_called_off_says_so(event: Event) -> None:
    phone = Listed(event)
    assert not phone.refresh()["event"]["called_off"]
    call_off(event.id, Localized(de="Sturm"))
    assert phone.refresh()["event"]["called_off"]


def test_a_mark_fits_into_a_number_of_a_script_and_comes_apart_again() -> None:
    assert mark(2**37 - 1, 2**16 - 1) < 2**53
    known = partial(known_since, rev=80, shape=5, least=3)
    assert known(mark(70, 5)) == known_since(mark(70, 5), 70, 5, 3) == 70
    assert known(mark(70, 6)) == known(mark(81, 5)) == known(mark(3, 5)) == known(0) == 0
    assert known_since(mark(70, 5), 80, 5, None) == 0


@pytest.mark.once
def test_the_list_at_a_forum_door_says_who_is_in_the_forum(event: Event) -> None:
    forum, club = forums(event)[1], event.categories[1].id
    opens_at, closes_at = event.starts_at, event.ends_at
    rules = EntranceRules(forum.id, frozenset({club}), opens_at, closes_at, reentry=False, limit=30)
    door = add_entrance(event.id, "Saal 2", rules)
    add_entrance(event.id, "Foyer", EntranceRules(category_ids=frozenset({event.categories[0].id})))
    add_entrance(event.id, "Saal 1", EntranceRules(forums(event)[0].id))
    ticket_of(event, 2)  # somebody who stays: where all is new, all is sent
    code = ticket_of(event, 1, item_ids=(forum.id,)).code
    hall, house = Listed(event, door.public_id), Listed(event)
    sent = hall.refresh()
    assert sent["entrance"] == {
        "id": door.public_id,
        "name": "Saal 2",
        "item": 1,
        "categories": [sent["categories"].index("Verein")],
        "opens_at": int(opens_at.timestamp() * 1000),
        "closes_at": int(closes_at.timestamp() * 1000),
        "reentry": False,
        "limit": 30,
        "neighbours": [{"name": "Foyer", "categories": [sent["categories"].index("Unternehmen")]}],
    }
    house.refresh()
    Phone(event).ask(code, 1)
    hall.refresh()
    assert (hall.show(code) or [])[2:4] == [0, 0]
    Phone(event).go_to(door).tell(code, 2)
    Phone(event).go_to(door).tell(code, 3)
    assert not hall.refresh()["full"]
    house.refresh()
    assert (hall.show(code) or [])[2:4] == [1, 2]
    assert (house.show(code) or [])[2:4] == [1, 1]
    change_entrance(event.id, door.public_id, door.name, EntranceRules())
    assert hall.refresh()["full"], "the door counts something else now"
    assert hall.tickets == house.tickets
