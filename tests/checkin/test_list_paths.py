"""Every way in which a ticket can change reaches a phone that asks for what is new since it asked last.

Seen to fail when `tickets.touch` is taken out of a change, of another language, and of a fulfilled wish, and when the
end of a ticket or an admission leaves its revision as it was.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from flask import Flask

from eventapp.capacity.rules import LimitKind
from eventapp.capacity.service import set_size
from eventapp.checkin.rules import Outcome, ScanKind, ScanMode
from eventapp.core.localized import Localized
from eventapp.events.models import Event
from eventapp.events.rules import CategoryInput
from eventapp.events.service import add_category
from eventapp.events.service import change as update_event
from eventapp.registration.approval import service as approval
from eventapp.registration.deputy.service import send_deputy
from eventapp.registration.service import cancel, cancel_unit, change, set_language, take_instead
from eventapp.registration.signup.batch import SignUp
from eventapp.registration.signup.rules import Arrival, Contact, Via
from eventapp.registration.signup.service import arrive_all, sign_up_group
from eventapp.registration.waitlist import service as waitlist
from eventapp.registration.wishes import service as wishes
from tests.checkin.lists import Listed, whole
from tests.checkin.phones import Phone, item, ticket_of
from tests.make import forums, make_event
from tests.registration.people import arrive, person

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.once]
Act = Callable[[], Any]
Prepare = Callable[[Event], Act]


def signs_up(event: Event) -> Act:
    return partial(arrive, event, 5)


def a_group_signs_up(event: Event) -> Act:
    people = [person(event, number) for number in (5, 6)]
    return partial(sign_up_group, event.id, people, Contact("Kontakt", "kontakt@example.org", "de"))


def many_arrive(event: Event) -> Act:
    return partial(arrive_all, event.id, [Arrival((person(event, number),)) for number in (5, 6)])


def cancels(event: Event) -> Act:
    return partial(cancel, _id(arrive(event, 1)))


def a_group_cancels(event: Event) -> Act:
    group = sign_up_group(event.id, [person(event, 5), person(event, 6)], Contact("K", "kontakt@example.org", "de"))
    return partial(cancel_unit, _unit(group))


def is_restored(event: Event) -> Act:
    guest = arrive(event, 1)
    cancel(_id(guest))
    return partial(waitlist.restore, [_id(guest)])


def sends_a_deputy(event: Event) -> Act:
    return partial(send_deputy, _id(arrive(event, 1)), person(event, 8))


def changes_the_name(event: Event) -> Act:
    return partial(change, _id(arrive(event, 1)), person(event, 1, family_name="Neu"))


def the_organiser_changes_the_name(event: Event) -> Act:
    return partial(change, _id(arrive(event, 1)), person(event, 1, family_name="Neu"), Via.ORGANISER)


def changes_the_category(event: Event) -> Act:
    return partial(change, _id(arrive(event, 1)), person(event, 1, category_id=event.categories[0].id))


def changes_the_forum(event: Event) -> Act:
    first, second = (forum.id for forum in forums(event))
    return partial(change, _id(arrive(event, 1, item_ids=(first,))), person(event, 1, item_ids=(second,)))


def gives_the_forum_back(event: Event) -> Act:
    return partial(change, _id(arrive(event, 1, item_ids=(forums(event)[0].id,))), person(event, 1))


def chooses_another_language(event: Event) -> Act:
    return partial(set_language, _id(arrive(event, 1)), "ar")


def is_approved(event: Event) -> Act:
    asks = add_category(event.id, CategoryInput(Localized(de="Presse"), needs_approval=True))
    return partial(approval.approve, _unit(arrive(event, 1, category_id=asks.id)))


def moves_up(event: Event) -> Act:
    _size(event, 1)
    gone = arrive(event, 1)
    arrive(event, 2)
    return partial(cancel, _id(gone))


def comes_in_because_there_is_more_room(event: Event) -> Act:
    _size(event, 1)
    arrive(event, 1)
    arrive(event, 2)
    return partial(_size, event, 2)


def is_let_in(event: Event) -> Act:
    _size(event, 1)
    arrive(event, 1)
    return partial(waitlist.let_in, _unit(arrive(event, 2)), "Podium")


def takes_another_forum_instead(event: Event) -> Act:
    first, second = (forum.id for forum in forums(event))
    set_size(event.id, LimitKind.ITEM, str(first), 1)
    arrive(event, 1, item_ids=(first,))
    return partial(take_instead, _id(arrive(event, 2, item_ids=(first,))), second)


def gets_the_forum_that_was_wished(event: Event) -> Act:
    first, second = (forum.id for forum in forums(event))
    set_size(event.id, LimitKind.ITEM, str(first), 1)
    leaves = arrive(event, 1, item_ids=(first,))
    wishes.add(_id(arrive(event, 2, item_ids=(second,))), first)
    return partial(cancel, _id(leaves))


def confirms_the_address(event: Event) -> Act:
    update_event(event.id, {"confirms_address": True})
    return partial(waitlist.confirm_address, _unit(arrive(event, 1)))


def is_admitted(event: Event) -> Act:
    return partial(Phone(event).ask, ticket_of(event, 1).code, 1)


def leaves(event: Event) -> Act:
    code, phone = ticket_of(event, 1).code, Phone(event)
    phone.ask(code, 1)
    return partial(phone.ask, code, 2, kind=ScanKind.EXIT)


def is_undone(event: Event) -> Act:
    code, phone = ticket_of(event, 1).code, Phone(event)
    done = phone.ask(code, 1)
    return partial(phone.tell, code, 2, Outcome.UNKNOWN, kind=ScanKind.UNDO, undo_of=done.id)


def was_refused_in_the_end(event: Event) -> Act:
    code, phone = ticket_of(event, 1).code, Phone(event)
    asked = item(code, phone.at(1))
    phone.send(asked, 1)
    return partial(phone.send, replace(asked, mode=ScanMode.TELL, outcome=Outcome.REFUSED), 2)


PATHS: tuple[Prepare, ...] = (
    signs_up, a_group_signs_up, many_arrive, cancels, a_group_cancels, is_restored, sends_a_deputy, changes_the_name,
    the_organiser_changes_the_name, changes_the_category, changes_the_forum, gives_the_forum_back,
    chooses_another_language, is_approved, moves_up, comes_in_because_there_is_more_room, is_let_in,
    takes_another_forum_instead, gets_the_forum_that_was_wished, confirms_the_address, is_admitted, leaves, is_undone,
    was_refused_in_the_end,
)  # fmt: skip


@pytest.mark.parametrize("prepare", PATHS)
def test_a_phone_hears_of_it(app: Flask, prepare: Prepare) -> None:
    event = make_event()
    arrive(event, 90)
    act = prepare(event)
    phone = Listed(event)
    phone.refresh()
    act()
    sent = phone.refresh()
    assert not sent["full"]
    assert sent["tickets"]
    assert phone.tickets == whole(event)


def _id(done: SignUp) -> int:
    return done.people[0][0]


def _unit(done: SignUp) -> int:
    return done.participant.registration_id


def _size(event: Event, seats: int) -> None:
    """Leave so many seats beside the one of the guest who is there already."""
    set_size(event.id, LimitKind.EVENT, "", 1 + seats)
