"""Settings of sign-up and reserves in the editor: saved, refused at their field, and what a smaller size says."""

from datetime import timedelta

import pytest
from flask import Flask

from eventapp.accounts.rules import Role
from eventapp.capacity.queries import list_limits
from eventapp.capacity.rules import LimitKind
from eventapp.events.models import Event
from eventapp.events.service import change
from tests.make import make_account, make_event, make_organiser, sign_in
from tests.pages import Visitor
from tests.registration.people import arrive, check_invariants


@pytest.fixture
def event(app: Flask) -> Event:
    return make_event(seats=50, offer_hours=48)


@pytest.fixture
def editor(event: Event, page: Visitor) -> Visitor:
    """The tab of an editor."""
    sign_in(page.client, make_account(event.organiser, Role.EDITOR))
    return page


def url(event: Event, section: str) -> str:
    return f"/manage/events/{event.slug}/{section}"


def test_the_rules_of_sign_up_are_saved(event: Event, editor: Visitor) -> None:
    editor.get(url(event, "basics"))
    editor.click("Anmeldung")
    values = {"organisation_seats": "3", "offer_hours": "", "confirms_on_the_day": None, "confirms_address": "y",
              "address_minutes": "60", "changes_until": "2026-08-10T18:00", "reviews_changes": "y"}  # fmt: skip
    editor.submit(values=values, status=200)
    assert (event.organisation_seats, event.offer_hours, event.address_minutes) == (3, None, 60)
    assert (event.confirms_on_the_day, event.confirms_address, event.reviews_changes) == (False, True, True)
    assert event.changes_until is not None
    assert event.changes_until.hour == 16
    assert editor.form().values["changes_until"] == "2026-08-10T18:00"


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("offer_hours", "0", "Geben Sie ganze Stunden"),
        ("offer_hours", "99999", "Geben Sie ganze Stunden"),
        ("address_minutes", "1", "Geben Sie ganze Minuten"),
        ("organisation_seats", "-1", "Zahl der Plätze"),
        ("changes_until", "morgen", "Geben Sie Tag und Uhrzeit"),
    ],
)
def test_bad_rules_are_refused_at_their_field(
    event: Event, editor: Visitor, field: str, typed: str, words: str
) -> None:
    editor.get(url(event, "sign-up"))
    editor.submit(values={field: typed, "reviews_changes": "y"}, status=422)
    assert words in editor.errors[0]
    assert editor.form().values[field] == typed
    assert editor.form().values["reviews_changes"] == "y"
    assert not event.reviews_changes


def test_minutes_cannot_be_left_out(event: Event, editor: Visitor) -> None:
    editor.get(url(event, "sign-up"))
    editor.submit(values={"address_minutes": ""}, status=422)
    assert event.address_minutes == 120


def test_a_smaller_limit_of_organisations_says_who_is_over(event: Event, editor: Visitor) -> None:
    arrive(event, 1)
    arrive(event, 2)
    editor.get(url(event, "sign-up"))
    editor.submit(values={"organisation_seats": "1"}, status=200)
    assert "1 Person liegt über der neuen Grenze" in editor.text
    shown = editor.get(url(event, "over"))
    assert "Verein Brücke" in shown.text
    assert shown.rows()[0][1] == "Muster, Gast 2"
    check_invariants(event.id)


def test_a_reserve_is_kept_and_shown(event: Event, editor: Visitor) -> None:
    editor.get(url(event, "categories"))
    editor.click("Unternehmen")
    values = {"reserved": "20", "release_at": "2026-08-01T00:00", "needs_approval": "y"}
    editor.submit("Speichern", values, status=200)
    limit = list_limits(event.id)[LimitKind.CATEGORY, str(event.categories[0].id)]
    assert (limit.reserved, limit.release_at.isoformat()) == (20, "2026-07-31T22:00:00+00:00")  # type: ignore[union-attr]
    assert event.categories[0].needs_approval
    row = editor.rows()[0]
    assert row[3] == "0 von 20 genutztbis 01.08.26, 00:00"
    assert "Sie lassen zu" in row[4]


def test_a_closed_category_is_named(event: Event, editor: Visitor) -> None:
    editor.get(url(event, "categories/new"))
    editor.submit("Speichern", {"label-de": "Presse", "is_open": None, "reserved": ""}, status=200)
    assert "nur mit Einladung oder Zugangscode, oder von Ihnen eingetragen" in editor.text


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reserved": "61"}, "reserved"),
        ({"reserved": "-1"}, "reserved"),
        ({"reserved": "10", "seats": "5"}, "reserved"),
        ({"reserved": "5", "release_at": "2030-01-01T00:00"}, "release_at"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(
    event: Event, editor: Visitor, values: dict[str, str], field: str
) -> None:
    editor.get(url(event, f"categories/{event.categories[0].code}/edit"))
    editor.submit("Speichern", values)
    assert editor.status in (409, 422)
    assert f"#{field}" in [href for _, href in editor.links]
    assert editor.form("Speichern").values["reserved"] == values["reserved"]
    assert list_limits(event.id)[LimitKind.CATEGORY, str(event.categories[0].id)].reserved == 0


def test_an_event_too_small_for_its_reserves_is_refused_at_the_size(event: Event, editor: Visitor) -> None:
    editor.get(url(event, f"categories/{event.categories[0].code}/edit"))
    editor.submit("Speichern", {"reserved": "20"}, status=200)
    editor.submit("categories", {"seats": "10"}, status=422)
    assert "#seats" in [href for _, href in editor.links]
    assert editor.form("categories").values["seats"] == "10"


def test_two_editors_of_the_rules_are_told(event: Event, editor: Visitor) -> None:
    editor.get(url(event, "sign-up"))
    change(event.id, {"offer_hours": 12})
    editor.submit(values={"organisation_seats": "2"}, status=409)
    assert event.organisation_seats is None
    editor.submit(status=200)
    assert event.organisation_seats == 2


def test_viewers_and_strangers_stay_outside(event: Event, page: Visitor) -> None:
    sign_in(page.client, make_account(event.organiser, Role.VIEWER))
    page.get(url(event, "sign-up"), status=403)
    sign_in(page.client, make_account(make_organiser("Andere"), Role.OWNER))
    page.get(url(event, "sign-up"), status=404)


def test_a_reserve_that_is_over_says_so(event: Event, editor: Visitor, clock: object) -> None:
    editor.get(url(event, f"categories/{event.categories[0].code}/edit"))
    editor.submit("Speichern", {"reserved": "20", "release_at": "2026-06-15T12:00"}, status=200)
    clock.shift(timedelta(hours=3))  # type: ignore[attr-defined]
    assert "seit 15.06.26, 12:00 für alle offen" in editor.get(url(event, "categories")).text
