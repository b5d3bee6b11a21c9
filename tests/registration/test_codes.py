"""Access codes: what they open, counted exactly, the same answer for everything that is not valid, tries limited."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from eventapp.accounts.rules import Role
from eventapp.core import clock
from eventapp.core.db import db
from eventapp.core.limits import TooMany
from eventapp.core.refusal import NotFound, Refusal
from eventapp.editions.service import copy
from eventapp.events import service as events
from eventapp.registration.codes import refusals
from eventapp.registration.codes.models import AccessCode
from eventapp.registration.codes.rules import CodeInput, fold_code, is_well_formed
from eventapp.registration.codes.service import WRONG_TRIES, add, edit, end, try_code
from eventapp.registration.invitations.refusals import CategoryInvited, WrongExpiry
from eventapp.registration.refusals import WrongCategory
from eventapp.registration.service import cancel
from eventapp.registration.signup.rules import Arrival, Contact, Outcome
from eventapp.registration.signup.service import arrive, sign_up
from tests.make import make_account, make_event, sign_in
from tests.pages import Visitor
from tests.registration.inviting import count, make_inviting
from tests.registration.people import person

NETWORK = "192.0.2.1"


def groups(page: Visitor) -> list[str | None]:
    """Return the ids of the groups that the form lets one choose."""
    return [x.get("value") for x in page.page.all("input") if x.get("name") == "category"]


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        (" Presse 2026 ", "presse2026"),
        ("PRESSE-2026", "presse-2026"),
        ("ｐｒｅｓｓｅ", "presse"),
        ("صحافة ٢٠٢٦", "صحافة٢٠٢٦"),
    ],
)
def test_case_width_and_blanks_do_not_matter(typed: str, key: str) -> None:
    assert fold_code(typed) == key
    assert is_well_formed(key)


@pytest.mark.parametrize("key", ["", "abc", "a" * 41, "ab/cd", "=1+1x", "ab\x00cd"])
def test_what_is_no_code(key: str) -> None:
    assert not is_well_formed(fold_code(key))


def test_a_code_opens_its_closed_group_and_replaces_no_approval(app: Flask) -> None:
    event, press = make_inviting()
    code = add(event.id, CodeInput("Presse 2026", press.id, uses=2))
    with pytest.raises(WrongCategory):
        sign_up(event.id, person(event, 1, category_id=press.id))
    done = sign_up(event.id, person(event, 1, category_id=press.id), code="presse2026")
    assert done.outcome is Outcome.TO_APPROVE
    cancel(done.participant.id)
    sign_up(event.id, person(event, 2, category_id=press.id), code="PRESSE 2026")
    with pytest.raises(refusals.CodeNotValid):
        sign_up(event.id, person(event, 3, category_id=press.id), code="Presse2026")
    assert (db.session.get_one(AccessCode, code.id).used, count()) == (2, 2)


def test_who_takes_an_open_group_uses_nothing_of_the_code(app: Flask) -> None:
    event, press = make_inviting()
    code = add(event.id, CodeInput("Presse 2026", press.id, uses=1))
    given = person(event, 1, category_id=event.categories[0].id)
    assert sign_up(event.id, given, code="Presse 2026").outcome is Outcome.CONFIRMED
    assert (
        sign_up(event.id, person(event, 2, category_id=given.category_id), code="falsch").outcome is Outcome.CONFIRMED
    )
    assert db.session.get_one(AccessCode, code.id).used == 0


def test_a_group_uses_the_code_once_for_each_of_its_people_in_it(app: Flask) -> None:
    event, press = make_inviting()
    code = add(event.id, CodeInput("Presse 2026", press.id, uses=3))
    other = event.categories[0].id
    contact = Contact("Ruth", "ruth@example.org", "de")
    three = tuple(person(event, n, category_id=press.id if n else other) for n in range(3))
    arrive(event.id, Arrival(three, contact=contact, code="presse2026"))
    assert db.session.get_one(AccessCode, code.id).used == 2
    two = tuple(person(event, n, category_id=press.id) for n in (5, 6))
    with pytest.raises(refusals.CodeNotValid):
        arrive(event.id, Arrival(two, contact=contact, code="presse2026"))
    assert db.session.get_one(AccessCode, code.id).used == 2


def test_a_code_opens_no_other_group_and_no_other_event(app: Flask) -> None:
    event, press = make_inviting()
    add(event.id, CodeInput("Presse 2026", press.id))
    other, foreign = make_inviting(slug="anderes")
    with pytest.raises(refusals.CodeNotValid):
        sign_up(other.id, person(other, 1, category_id=foreign.id), code="Presse 2026")
    with pytest.raises(WrongCategory):
        sign_up(event.id, person(event, 1, category_id=foreign.id), code="Presse 2026")
    assert count() == 0


def test_an_ended_code_opens_nothing_until_it_gets_more_time(app: Flask, clock: time_machine.Traveller) -> None:
    event, press = make_inviting()
    code = add(event.id, CodeInput("Presse 2026", press.id, expires_at=event.starts_at - timedelta(days=9)))
    end(event.id, code.id)
    with pytest.raises(refusals.CodeNotValid):
        sign_up(event.id, person(event, 1, category_id=press.id), code="Presse 2026")
    edit(event.id, code.id, None, event.starts_at - timedelta(days=9), "Plakat")
    sign_up(event.id, person(event, 1, category_id=press.id), code="Presse 2026")
    clock.move_to(event.starts_at - timedelta(days=8))
    with pytest.raises(refusals.CodeNotValid):
        sign_up(event.id, person(event, 2, category_id=press.id), code="Presse 2026")


def test_what_organisers_cannot_say(app: Flask) -> None:
    event, press = make_inviting()
    code = add(event.id, CodeInput("Presse 2026", press.id, uses=3))
    past = clock.now() - timedelta(days=1)
    wrong: list[tuple[CodeInput, type[Refusal]]] = [
        (CodeInput("PRESSE2026", press.id), refusals.CodeTaken),
        (CodeInput("abc", press.id), refusals.WrongCode),
        (CodeInput("Neuer Code", 9999), WrongCategory),
        (CodeInput("Neuer Code", press.id, uses=0), refusals.WrongUses),
        (CodeInput("Neuer Code", press.id, expires_at=past), WrongExpiry),
    ]
    for given, reason in wrong:
        with pytest.raises(reason):
            add(event.id, given)
    for number in (1, 2):
        sign_up(event.id, person(event, number, category_id=press.id), code="Presse 2026")
    with pytest.raises(refusals.WrongUses):
        edit(event.id, code.id, 1, None, "")
    with pytest.raises(NotFound):
        end(make_event(slug="anderes").id, code.id)
    with pytest.raises(CategoryInvited):
        events.remove_category(press.id)
    assert count(AccessCode) == 1


def test_a_copy_of_the_event_takes_no_codes_along(app: Flask) -> None:
    event, press = make_inviting()
    add(event.id, CodeInput("Presse 2026", press.id))
    copy(event.id, (event.starts_at + timedelta(days=30)).date())
    assert count(AccessCode) == 1


def test_wrong_codes_are_limited_per_network_and_right_ones_are_not(app: Flask) -> None:
    event, press = make_inviting()
    add(event.id, CodeInput("Presse 2026", press.id))
    for _ in range(2 * WRONG_TRIES):
        assert try_code(event.id, "presse 2026", NETWORK).category_id == press.id
    for _ in range(WRONG_TRIES):
        with pytest.raises(refusals.CodeNotValid):
            try_code(event.id, "falsch", NETWORK)
    for typed in ("falsch", "presse 2026"):
        with pytest.raises(TooMany):
            try_code(event.id, typed, NETWORK)
    assert try_code(event.id, "presse 2026", "192.0.2.2").category_id == press.id


def test_a_guest_types_the_code_and_finds_the_group(app: Flask, page: Visitor) -> None:
    event, press = make_inviting()
    address = f"/de/{event.slug}/register"
    page.get(address)
    assert "Zugangscode" not in page.text, "an event without codes asks for none"
    add(event.id, CodeInput("Presse 2026", press.id, uses=1))
    page.get(address)
    assert str(press.id) not in groups(page)
    page.submit("Code verwenden", {"code": "presse 2026"}, status=200)
    assert str(press.id) in groups(page)
    guest = {"given_name": "Kim", "family_name": "Ruhr", "email": "kim@example.org"}
    form = page.form("Jetzt anmelden")
    assert form.values["category"] == str(press.id)
    page.submit(form, guest, status=200)
    first = page.url
    page.submit(form, guest, status=200)
    assert page.url == first, "the second click of the one who used it up"
    assert count() == 1


@pytest.mark.parametrize(("language", "said"), [("de", "Dieser Code gilt nicht (mehr)."), ("ar", "هذا الرمز غير صالح")])
def test_unknown_ended_and_used_up_get_the_same_answer(app: Flask, page: Visitor, language: str, said: str) -> None:
    event, press = make_inviting()
    ended = add(event.id, CodeInput("zu Ende", press.id))
    add(event.id, CodeInput("verbraucht", press.id, uses=1))
    end(event.id, ended.id)
    sign_up(event.id, person(event, 1, category_id=press.id), code="verbraucht")
    shown = set()
    for typed in ("zu Ende", "verbraucht", "unbekannt", "\U0001f600" * 9, "'; --"):
        page.get(f"/{language}/{event.slug}/register", query_string={"code": typed}, status=422)
        assert said in page.errors[0]
        shown.add((page.text, page.page.title))
    assert len(shown) == 1
    page.get(f"/{language}/{event.slug}/register", query_string={"code": "x" * 81}, status=422)
    assert count() == 1


def test_a_code_that_ends_while_somebody_types_keeps_what_they_typed(app: Flask, page: Visitor) -> None:
    event, press = make_inviting()
    code = add(event.id, CodeInput("Presse 2026", press.id))
    page.get(f"/de/{event.slug}/register?code=presse2026")
    form = page.form("Jetzt anmelden")
    end(event.id, code.id)
    page.submit(form, {"given_name": "Kim", "email": "kim@example.org"}, status=422)
    assert "Dieser Code gilt nicht (mehr)." in page.text
    assert page.form("Jetzt anmelden").values["given_name"] == "Kim"
    assert count() == 0


def test_an_organiser_adds_changes_and_ends_a_code(app: Flask, page: Visitor) -> None:
    event, press = make_inviting()
    sign_in(page.client, make_account(event.organiser, Role.EDITOR))
    page.get(f"/manage/events/{event.slug}/codes")
    page.submit("Code anlegen", {"code": "abc"}, status=422)
    assert "4 bis 40 Buchstaben" in page.errors[0]
    page.submit("Code anlegen", {"code": "Presse 2026", "uses": "5", "note": "Plakat"}, status=200)
    assert page.page.rows()[0][1:] == ["Presse", "gilt", "0", "5"], "the first group is one that is not open"
    sign_up(event.id, person(event, 1, category_id=press.id), code="presse2026")
    page.click("Presse 2026")
    page.submit("Speichern", {"uses": "0"}, status=422)
    page.submit("Speichern", {"uses": "1"}, status=200)
    assert page.page.rows()[0][1:] == ["Presse", "aufgebraucht", "1", "0"]
    page.click("Presse 2026")
    page.submit("Diesen Code jetzt beenden", status=200)
    assert "Der Code gilt nicht mehr." in page.text
