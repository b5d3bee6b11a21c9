"""Two redeem one invitation at once, and many type a code that is nearly used up: exact on both databases."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from eventapp.core.db import db
from eventapp.registration.codes.models import AccessCode
from eventapp.registration.codes.rules import CodeInput
from eventapp.registration.codes.service import add
from eventapp.registration.imports import service as imports
from eventapp.registration.invitations.models import Invitation
from eventapp.registration.invitations.rules import InvitationState
from eventapp.registration.invitations.service import decline, remind_all, withdraw
from eventapp.registration.signup.rules import Arrival, Person
from eventapp.registration.signup.service import arrive
from tests.registration.inviting import count, invite_nadia, mails, make_inviting
from tests.registration.people import check_invariants, person

pytestmark = pytest.mark.race
THREADS = 16


def at_once(app: Flask, acts: list[object]) -> Counter[str]:
    """Run all acts at the same moment, each in a thread of its own; count what came of them by name."""
    start = Barrier(len(acts))

    def run(act: object) -> str:
        with app.app_context():
            start.wait()
            try:
                done = act()  # type: ignore[operator]
            except Exception as error:  # what it was is the point of the test
                return type(error).__name__
            return str(done.outcome.value if hasattr(done, "outcome") else done)

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(run, acts))


def guest(event_id: int, person_: Person, **terms: object) -> object:
    """Return the act of signing somebody up."""
    return lambda: arrive(event_id, Arrival((person_,), **terms))  # type: ignore[arg-type]


def test_an_invitation_redeemed_by_many_is_one_registration(real_app: Flask) -> None:
    event, press = make_inviting()
    invitation = invite_nadia(event, press)
    acts = [
        guest(event.id, person(event, n, category_id=press.id), invitation_id=invitation.id) for n in range(THREADS)
    ]
    event_id = event.id
    db.session.rollback()
    assert at_once(real_app, acts) == {"to_approve": 1, "InvitationUsed": THREADS - 1}
    db.session.rollback()
    assert count() == 1
    assert db.session.get_one(Invitation, invitation.id).registration_id is not None
    check_invariants(event_id)


def test_a_code_with_one_use_lets_one_in(real_app: Flask) -> None:
    event, press = make_inviting()
    code = add(event.id, CodeInput("Presse 2026", press.id, uses=1))
    acts = [guest(event.id, person(event, n, category_id=press.id), code="presse2026") for n in range(THREADS)]
    event_id = event.id
    db.session.rollback()
    assert at_once(real_app, acts) == {"to_approve": 1, "CodeNotValid": THREADS - 1}
    db.session.rollback()
    assert (db.session.get_one(AccessCode, code.id).used, count()) == (1, 1)
    check_invariants(event_id)


def test_redeemed_declined_and_withdrawn_at_once_is_one_of_them(real_app: Flask) -> None:
    event, press = make_inviting()
    invitation = invite_nadia(event, press)
    event_id, public_id = event.id, invitation.public_id
    acts = [
        guest(event_id, person(event, 1, category_id=press.id), invitation_id=invitation.id),
        lambda: decline(public_id, event_id),
        lambda: withdraw(public_id, event_id),
    ]
    db.session.rollback()
    done = at_once(real_app, acts)
    db.session.rollback()
    state = db.session.get_one(Invitation, invitation.id).state
    assert count() == (1 if state is InvitationState.REDEEMED else 0)
    assert sum(done[name] for name in ("None", "to_approve")) == 1
    check_invariants(event_id)


def test_a_list_that_is_sent_twice_at_once_is_sent_once(real_app: Flask) -> None:
    event, press = make_inviting()
    rows = "".join(f"gast{n}@example.org\n" for n in range(50))
    draft = imports.read(event.id, f"E-Mail\n{rows}".encode(), category_id=press.id, language="de")
    event_id = event.id
    db.session.rollback()
    done = at_once(real_app, [lambda: imports.send(event_id, draft, 50)] * 8)
    assert done == {"50": 1, "NotFound": 7}
    db.session.rollback()
    assert (count(Invitation), len(mails())) == (50, 50)
    assert at_once(real_app, [lambda: remind_all(event_id)] * 4) == {"0": 4}
