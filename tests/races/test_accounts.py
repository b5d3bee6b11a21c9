"""People who act at once: the last owner stays, tries are counted, links work once, versions are not doubled.

Seen to fail when `lock_roles` does not lock (no owner is left on Postgres) and when tries are read and written apart.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from eventapp.accounts.colleagues.queries import Place, list_colleagues
from eventapp.accounts.colleagues.service import change_role, invite, join, join_token, remove
from eventapp.accounts.models import Account, ColleagueInvitation, Membership
from eventapp.accounts.queries import find_invitation
from eventapp.accounts.rules import Role
from eventapp.accounts.service import create_account
from eventapp.accounts.signin.service import reset_password, reset_token, sign_in
from eventapp.core import clock
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.core.refusal import Refusal
from eventapp.notices.models import NoticeKind
from eventapp.notices.queries import list_versions
from eventapp.notices.service import publish
from tests.make import PASSWORD, make_account, make_organiser

pytestmark = pytest.mark.race
MANY = 12


def at_once(app: Flask, acts: Sequence[Callable[[], object]]) -> Counter[str]:
    """Do all these at the same moment; return how often what came out."""
    barrier = Barrier(len(acts))
    db.session.rollback()

    def one(act: Callable[[], object]) -> str:
        with app.app_context():
            barrier.wait()
            try:
                act()
            except NoResultFound:  # removed by another: the site answers 404
                return "not_found"
            except Refusal as refusal:
                return refusal.code
            return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        found = Counter(pool.map(one, acts))
    db.session.rollback()
    return found


@pytest.mark.parametrize("act", ["remove", "change_role"])
def test_the_last_owner_stays(real_app: Flask, act: str) -> None:
    organiser = make_organiser()
    place, owners = Place(organiser.id), [make_account(organiser).public_id for _ in range(MANY)]
    weaken: Callable[[str], None] = (
        (lambda one: remove(place, one)) if act == "remove" else (lambda one: change_role(place, one, Role.VIEWER))
    )
    outcomes = at_once(real_app, [lambda one=one: weaken(one) for one in owners])  # type: ignore[misc]
    assert outcomes == {"done": MANY - 1, "last_owner": 1}
    assert [one.role for one in list_colleagues(place)].count(Role.OWNER) == 1


def test_no_try_of_a_password_is_lost(real_app: Flask) -> None:
    make_account(email="ada@example.org")
    outcomes = at_once(real_app, [lambda: sign_in("ada@example.org", "wrong password", "192.0.2.1")] * 16)
    assert outcomes == {"wrong_password": 10, "too_many": 6}


def test_an_invitation_is_accepted_once(real_app: Flask) -> None:
    organiser_id = make_organiser().id
    found = find_invitation(invite(Place(organiser_id), "neu@example.org", Role.EDITOR, "de"))
    assert found is not None
    token, accounts = join_token(found), [make_account().id for _ in range(MANY)]
    outcomes = at_once(real_app, [lambda one=one: join(token, one) for one in accounts])  # type: ignore[misc]
    assert outcomes == {"done": 1, "link_ended": MANY - 1}
    assert db.session.scalar(select(func.count()).select_from(Membership)) == 1


def test_inviting_at_once_is_one_invitation(real_app: Flask) -> None:
    place = Place(make_organiser().id)
    assert at_once(real_app, [lambda: invite(place, "neu@example.org", Role.DOOR, "de")] * MANY) == {"done": MANY}
    assert db.session.scalar(select(func.count()).select_from(ColleagueInvitation)) == 1


def test_a_reset_link_works_once(real_app: Flask) -> None:
    account = make_account()
    token = reset_token(account, account.link_version, clock.now())
    acts = [lambda n=n: reset_password(token, f"{PASSWORD} {n}") for n in range(MANY)]
    assert at_once(real_app, acts) == {"done": 1, "link_ended": MANY - 1}


def test_one_address_gets_one_account(real_app: Flask) -> None:
    acts = [lambda: create_account("ada@example.org", "Ada", PASSWORD)] * MANY
    assert at_once(real_app, acts) == {"done": 1, "email_taken": MANY - 1}
    assert db.session.scalar(select(func.count()).select_from(Account)) == 1


def test_organisers_and_versions_are_numbered_without_gaps(real_app: Flask) -> None:
    assert at_once(real_app, [lambda: make_organiser("Stadt", notices=False)] * 6) == {"done": 6}
    organiser_id = make_organiser("Andere", notices=False).id
    acts = [lambda n=n: publish(organiser_id, NoticeKind.LEGAL, Localized(de=f"{n}")) for n in range(MANY)]
    assert at_once(real_app, acts) == {"done": MANY}
    assert [one.version for one in list_versions(organiser_id, NoticeKind.LEGAL)] == list(range(MANY, 0, -1))
