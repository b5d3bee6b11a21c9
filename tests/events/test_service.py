"""Events and categories: what is refused, what counts as a change, addresses that are kept for ever."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from eventapp.accounts.models import Organiser
from eventapp.capacity.queries import list_limits
from eventapp.capacity.rules import WHOLE_EVENT, LimitKind
from eventapp.core.changes import ChangedMeanwhile, Seen, fingerprint
from eventapp.core.localized import Localized
from eventapp.core.refusal import NotFound, Refusal
from eventapp.events import rules
from eventapp.events.addresses import rules as addresses
from eventapp.events.models import Event
from eventapp.events.queries import find_event, find_moved_event, get_category, input_of, input_of_category
from eventapp.events.rules import MOVES, CategoryInput, EventAction, EventInput, EventState, OrganisationKind
from eventapp.events.service import (
    add_category,
    change,
    create,
    delete,
    move,
    remove_category,
    renew_preview,
    update,
    update_category,
)
from eventapp.media.models import Picture
from eventapp.media.service import store
from tests.make import event_input, make_event, make_organiser

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.fixture
def organiser(app: Flask) -> Organiser:
    return make_organiser()


@pytest.fixture
def event(organiser: Organiser) -> Event:
    return make_event(organiser)


def test_a_new_event_is_a_draft_with_its_size_and_a_uid(organiser: Organiser) -> None:
    event = create(organiser.id, event_input(seats=250))
    assert event.state is EventState.DRAFT
    assert list_limits(event.id)[WHOLE_EVENT].size == 250
    assert event.uid.endswith("@eventapp")
    assert (event.sequence, event.version) == (0, 1)
    assert event.slug == "gemeinsam-vor-ort"


Section = Callable[[EventInput], dict[str, Any]]
WRONG: list[tuple[Section, type[Refusal], str]] = [
    (lambda _: {"title": Localized()}, rules.TitleMissing, "title"),
    (lambda e: {"ends_at": e.starts_at}, rules.EndBeforeStart, "ends_at"),
    (lambda e: {"doors_at": e.starts_at + timedelta(minutes=1)}, rules.DoorsAfterStart, "doors_at"),
    (lambda e: {"doors_at": e.starts_at - timedelta(days=1)}, rules.DoorsOnAnotherDay, "doors_at"),
    (lambda _: {"zone": "Europe/Atlantis"}, rules.UnknownZone, "zone"),
    (lambda _: {"languages": ("de", "xx")}, rules.UnknownLanguage, "languages"),
    (lambda _: {"seats": -1}, rules.WrongSeats, "seats"),
    (lambda _: {"seats": 10**12}, rules.WrongSeats, "seats"),
    (lambda _: {"latitude": 91.0, "longitude": 0.0}, rules.WrongPosition, "latitude"),
    (lambda _: {"latitude": float("nan"), "longitude": 0.0}, rules.WrongPosition, "latitude"),
    (lambda _: {"latitude": 51.0}, rules.WrongPosition, "longitude"),
    (lambda _: {"slug": "ab"}, addresses.WrongAddress, "slug"),
    (lambda _: {"slug": "Über-uns"}, addresses.WrongAddress, "slug"),
    (lambda _: {"slug": "manage"}, addresses.AddressReserved, "slug"),
    (lambda _: {"slug": "my/../x"}, addresses.WrongAddress, "slug"),
    (lambda _: {"picture_id": 4711}, rules.ForeignPicture, "picture"),
    (
        lambda e: {"registration_opens_at": e.starts_at, "registration_closes_at": e.starts_at},
        rules.WindowClosed,
        "registration_closes_at",
    ),
    (
        lambda e: {"registration_closes_at": e.ends_at + timedelta(minutes=1)},
        rules.WindowTooLong,
        "registration_closes_at",
    ),
]


@pytest.mark.parametrize(("changes", "refusal", "field"), WRONG, ids=[each[1].__name__ for each in WRONG])
def test_what_cannot_be_is_refused_at_its_field(
    event: Event, changes: Section, refusal: type[Refusal], field: str
) -> None:
    before = input_of(event)
    with pytest.raises(refusal) as made:
        change(event.id, changes(before))
    assert made.value.at == field
    assert str(made.value)
    assert input_of(event) == before


def test_the_picture_of_another_organiser_is_foreign(event: Event) -> None:
    picture: Picture = store(make_organiser("Andere", slug="andere").id, PNG)
    with pytest.raises(rules.ForeignPicture):
        change(event.id, {"picture_id": picture.id})
    own = store(event.organiser_id, PNG)
    assert change(event.id, {"picture_id": own.id}).has("picture_id")


MOVED: list[Section] = [
    lambda e: {"starts_at": e.starts_at + timedelta(minutes=5)},
    lambda e: {"ends_at": e.ends_at + timedelta(minutes=5)},
    lambda _: {"venue_name": "Zeche Zollverein"},
    lambda _: {"venue_street": "Gelsenkirchener Straße 181"},
    lambda _: {"venue_city": "Bochum"},
    lambda _: {"zone": "Europe/London"},
    lambda e: {"starts_at": e.starts_at + timedelta(days=1), "ends_at": e.ends_at + timedelta(days=1),
     "doors_at": None, "venue_city": "Bochum"},
]  # fmt: skip
STAYED: list[Section] = [
    lambda _: {"title": Localized(de="Neuer Titel")},
    lambda _: {"doors_at": None},
    lambda _: {"seats": 99},
    lambda _: {"latitude": 51.45, "longitude": 7.01},
    lambda _: {"contact_email": "team@example.org"},
    lambda _: {"slug": "neue-adresse"},
]


@pytest.mark.parametrize("section", MOVED)
def test_time_and_place_raise_the_sequence_once(organiser: Organiser, section: Section) -> None:
    event = make_event(organiser)
    sequence, version = event.sequence, event.version
    changes = change(event.id, section(input_of(event)))
    assert changes.moves
    assert (event.sequence, event.version) == (sequence + 1, version + 1)


@pytest.mark.parametrize("section", STAYED)
def test_other_changes_raise_the_version_only(event: Event, section: Section) -> None:
    sequence, version = event.sequence, event.version
    changes = change(event.id, section(input_of(event)))
    assert changes
    assert not changes.moves
    assert (event.sequence, event.version) == (sequence, version + 1)


def test_saving_the_same_changes_nothing(event: Event) -> None:
    before = (event.sequence, event.version, event.changed_at)
    assert not update(event.id, input_of(event))
    assert (event.sequence, event.version, event.changed_at) == before


def test_two_editors_at_once_do_not_overwrite_each_other(event: Event) -> None:
    names = ("title", "summary")
    seen = Seen(names, fingerprint(input_of(event), names))
    change(event.id, {"title": Localized(de="Von Ada")})
    with pytest.raises(ChangedMeanwhile):
        change(event.id, {"title": Localized(de="Von Ben")}, seen)
    assert event.title == Localized(de="Von Ada")
    change(event.id, {"title": Localized(de="Von Ada")}, seen)  # the same is no conflict: a double click


def test_sections_do_not_disturb_each_other(event: Event) -> None:
    seen = Seen(("summary",), fingerprint(input_of(event), ("summary",)))
    change(event.id, {"title": Localized(de="Von Ada")})
    change(event.id, {"summary": Localized(de="Von Ben")}, seen)
    assert (event.title, event.summary) == (Localized(de="Von Ada"), Localized(de="Von Ben"))


def test_german_comes_first_and_once(event: Event) -> None:
    change(event.id, {"languages": ("ar", "de", "ar", "uk")})
    assert event.languages == ["de", "ar", "uk"]


def test_old_addresses_lead_on_for_ever_and_nobody_else_gets_them(event: Event, organiser: Organiser) -> None:
    first = event.slug
    change(event.id, {"slug": "zweite"})
    change(event.id, {"slug": "dritte"})
    for old in (first, "zweite"):
        moved = find_moved_event(old)
        assert moved is not None
        assert moved.id == event.id
        with pytest.raises(addresses.AddressTaken):
            create(organiser.id, event_input(slug=old))
    other = create(organiser.id, event_input())
    assert other.slug not in (first, "zweite", "dritte")
    with pytest.raises(addresses.AddressTaken):
        change(other.id, {"slug": "dritte"})


def test_an_event_may_have_its_own_old_address_back(event: Event) -> None:
    first = event.slug
    change(event.id, {"slug": "zweite"})
    change(event.id, {"slug": first})
    assert find_event(first) is not None
    assert find_moved_event(first) is None
    assert find_moved_event("zweite") is not None


@pytest.mark.parametrize("title", ["Manage", "de", "العربية", "!!!", "x" * 300])
def test_an_address_can_be_made_from_any_title(organiser: Organiser, title: str) -> None:
    event = create(organiser.id, event_input(title=Localized(de=title)))
    addresses.check_slug(event.slug)


@pytest.mark.parametrize("state", list(EventState))
@pytest.mark.parametrize("action", list(EventAction))
def test_every_move_happens_or_is_refused(organiser: Organiser, state: EventState, action: EventAction) -> None:
    event = make_event(organiser, published=state is not EventState.DRAFT)
    if state is EventState.CALLED_OFF:
        move(event.id, EventAction.CALL_OFF, Localized(de="Sturm"))
    before = (event.sequence, event.version)
    if action in MOVES[state]:
        assert move(event.id, action, Localized(de="Grund")).state is MOVES[state][action]
        assert (event.sequence, event.version) == (before[0] + 1, before[1] + 1)
    else:
        with pytest.raises(rules.MoveNotPossible):
            move(event.id, action)
        assert (event.state, event.sequence, event.version) == (state, *before)


def test_only_a_draft_is_deleted_with_all_that_it_has(organiser: Organiser) -> None:
    event = make_event(organiser)
    with pytest.raises(rules.NotADraft):
        delete(event.id)
    move(event.id, EventAction.UNPUBLISH)
    delete(event.id)
    assert find_event("gemeinsam-vor-ort") is None
    with pytest.raises(NotFound):
        change(event.id, {"seats": 1})


def test_a_preview_link_is_revoked_by_its_version(event: Event) -> None:
    assert renew_preview(event.id).link_version == 2


def test_categories_have_a_code_a_size_and_an_order(event: Event) -> None:
    label = Localized(de="Presse")
    press = CategoryInput(label, seats=5, organisation_kind=OrganisationKind.PRESS, is_open=False)
    first = add_category(event.id, press)
    again = add_category(event.id, CategoryInput(label))
    assert [c.code for c in event.categories] == ["unternehmen", "verein", "presse", "presse-2"]
    assert list_limits(event.id)[LimitKind.CATEGORY, str(first.id)].size == 5
    changes = update_category(again.id, replace(input_of_category(again), seats=7, label=Localized(de="Medien")))
    assert {each.field for each in changes.each} == {"seats", "label"}
    assert get_category(event.id, "presse-2").label == Localized(de="Medien")
    remove_category(first.id)
    assert (LimitKind.CATEGORY, str(first.id)) not in list_limits(event.id)


def test_a_category_needs_a_name_and_a_sensible_size(event: Event) -> None:
    with pytest.raises(rules.LabelMissing):
        add_category(event.id, CategoryInput(Localized()))
    with pytest.raises(rules.WrongSeats):
        add_category(event.id, CategoryInput(Localized(de="Viele"), seats=-3))


def test_whole_days_are_moved_on_the_wall() -> None:
    before = datetime(2026, 3, 28, 8, 30, tzinfo=UTC)  # 9:30 in winter time
    after = rules.shifted(before, timedelta(days=1), "Europe/Berlin")
    assert after == datetime(2026, 3, 29, 7, 30, tzinfo=UTC)  # 9:30 in summer time
