"""Makes a small event of a second organiser in other languages and another colour; called by `demo.service`."""

from dataclasses import replace
from datetime import timedelta

from eventapp.accounts.models import Account, Organiser
from eventapp.agenda.rules import ItemInput, ItemKind, RoomInput
from eventapp.agenda.service import add_item, add_room
from eventapp.checkin.entrances.service import add_entrance
from eventapp.core import clock
from eventapp.core.localized import Localized
from eventapp.demo.files import list_guests, read
from eventapp.demo.people.service import Desk, SignIn, make_colleague, make_organiser
from eventapp.demo.programme.service import told
from eventapp.demo.rules import ZONE, on, sign_ups, workshop_day
from eventapp.editions.service import publish
from eventapp.events.models import Event
from eventapp.events.rules import CategoryInput, EventInput, OrganisationKind
from eventapp.events.service import add_category, create

SPOKEN = ("uk", "de", "ru", "tr", "ar")


def make() -> tuple[Event, SignIn]:
    """Make the association, its afternoon in two to three weeks and those who signed up for it."""
    texts, now = read("workshop"), clock.now()
    with clock.at(now - timedelta(days=30)):
        organiser = make_organiser(texts["organiser"], "association")
        account, sign_in = make_colleague(organiser, texts["colleague"])
    opens = now - timedelta(days=10)
    with clock.at(opens - timedelta(days=1)):
        event = _build(organiser)
        add_entrance(event.id, texts["entrance"])
        publish(event.id)
    _sign_up(event, account, texts["guests"])
    return event, sign_in


def _build(organiser: Organiser) -> Event:
    texts, day = read("workshop"), workshop_day(clock.now().astimezone(ZONE).date() + timedelta(days=11))
    event = create(
        organiser.id,
        EventInput(
            **told(texts["event"]),
            starts_at=on(day, "14:00"),
            ends_at=on(day, "17:00"),
            doors_at=on(day, "13:30"),
            languages=("de", "uk", "en"),
            seats=36,
            is_example=True,
        ),
    )
    for category in texts["categories"]:
        kind = OrganisationKind(category["kind"]) if "kind" in category else None
        label = Localized(category["label"])
        add_category(event.id, CategoryInput(label, category["seats"], organisation_kind=kind, code=category["code"]))
    rooms = {room["name"]: add_room(event.id, RoomInput(**room)).id for room in texts["rooms"]}
    for number, item in enumerate(texts["agenda"]):
        given = ItemInput(
            kind=ItemKind(item["kind"]),
            title=Localized(item["title"]),
            starts_at=on(day, item["start"]),
            ends_at=on(day, item["end"]),
            room_id=rooms[item["room"]],
        )
        if "seats" in item:
            given = replace(given, is_chosen=True, seats=item["seats"], position=number)
        add_item(event.id, given)
    return event


def _sign_up(event: Event, account: Account, number: int) -> None:
    now, desk = clock.now(), Desk(event, f"account:{account.public_id}")
    people = [guest for guest in list_guests() if guest.language in SPOKEN and guest.category == "newcomer"][:number]
    moments = sign_ups(now - timedelta(days=10), now, len(people))
    for place, (guest, moment) in enumerate(zip(people, moments, strict=True)):
        desk.enter(replace(guest, organisation="", forum=1 + place % 3 % 2), moment, "guests")
