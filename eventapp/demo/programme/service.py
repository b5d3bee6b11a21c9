"""Builds the reference event from its published facts and the texts beside them; called by `demo.service`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from eventapp.agenda.people.service import add_partner, add_speaker, set_people
from eventapp.agenda.rules import ItemInput, ItemKind, PartnerInput, RoomInput, SpeakerInput, SpeakerRole
from eventapp.agenda.service import add_item, add_room
from eventapp.core.localized import Localized
from eventapp.demo.files import localized, read
from eventapp.demo.rules import ZONE, on
from eventapp.events.models import Event
from eventapp.events.rules import CategoryInput, EventInput, OrganisationKind
from eventapp.events.service import add_category, create

_LINES = ("access_notes",)
_WORDS = ("series", "title", "summary", "description", "audience", "cost", "spoken", "venue_notes", "access_summary",
          "access_notes")  # fmt: skip


def told(texts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a data file says about an event, as the input of the service takes it."""
    return {
        name: localized(value, "\n" if name in _LINES else "\n\n") if name in _WORDS else value
        for name, value in texts.items()
    }


def build(organiser_id: int) -> Event:
    """Make the reference event as a draft with all that belongs to it."""
    reference, texts = read("reference"), read("texts")
    day, example = date.fromisoformat(reference["facts"]["date"]), reference["example"]
    event = create(
        organiser_id,
        EventInput(
            **told(texts["event"]),
            starts_at=on(day, example["starts"]),
            ends_at=on(day, example["ends"]),
            doors_at=on(day, example["doors_open"]),
            registration_opens_at=on(date(2025, 10, 19), "09:00"),
            registration_closes_at=on(date(2025, 12, 3), "18:00"),
            languages=("de", "en", "ar"),
            seats=example["capacity"],
        ),
    )
    _add_categories(event, example["categories"], texts["categories"])
    rooms = {room["name"]: (add_room(event.id, RoomInput(**room)).id, room["seats"]) for room in example["rooms"]}
    for item in example["agenda"]:
        panel = reference["facts"]["panels"][item["fact_panel"]] if "fact_panel" in item else None
        _add_item(event, item, rooms, panel, texts)
    for partner in reference["facts"]["partners"]:
        add_partner(event.id, PartnerInput(partner["name"], OrganisationKind(partner["kind"])))
    return event


def _add_categories(event: Event, known: list[dict[str, Any]], texts: Mapping[str, dict[str, Any]]) -> None:
    for category in known:
        more = texts[category["code"]]
        add_category(
            event.id,
            CategoryInput(
                code=category["code"],
                label=Localized({**category["label"], "ar": more["ar"]}),
                seats=category["cap"],
                organisation_kind=OrganisationKind(more["kind"]) if "kind" in more else None,
                is_open=more.get("is_open", True),
            ),
        )


def _add_item(
    event: Event,
    item: Mapping[str, Any],
    rooms: Mapping[str, tuple[int, int]],
    panel: Mapping[str, Any] | None,
    texts: Mapping[str, Any],
) -> None:
    day = event.starts_at.astimezone(ZONE).date()
    label, _colon, bare = (panel or item)["title"]["de"].partition(": ")
    number = int(label.removeprefix("Forum ")) if label.startswith("Forum ") else 0
    german = bare if number or label == "Podiumsgespräch" else (panel or item)["title"]["de"]
    room_id, seats = rooms[item["room"]] if "room" in item else (None, None)
    made = add_item(
        event.id,
        ItemInput(
            kind=ItemKind(item["kind"]),
            title=Localized({"de": german, **texts["titles"][german]}),
            description=Localized(texts["descriptions"].get(german, {})),
            starts_at=on(day, item["start"]),
            ends_at=on(day, item["end"]),
            room_id=room_id,
            is_chosen=bool(number),
            seats=seats if number else None,
            position=number,
        ),
    )
    if panel is not None:
        people = [(_add_speaker(event, person, texts["positions"]), SpeakerRole.PANELIST)
                  for person in panel["panelists"]]  # fmt: skip
        set_people(made.id, people)


def _add_speaker(event: Event, person: Mapping[str, Any], positions: Mapping[str, dict[str, str]]) -> int:
    german = person["position"]
    return add_speaker(
        event.id,
        SpeakerInput(
            name=person["name"],
            position=Localized({"de": german, **positions[german]}) if german else Localized(),
            organisation=person["organisation"],
            organisation_kind=OrganisationKind(person["kind"]),
        ),
    ).id
