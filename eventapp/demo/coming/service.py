"""Makes the coming edition as a copy of the reference event, with some sign-ups; called by `demo.service`."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from eventapp.accounts.models import Account
from eventapp.core import clock
from eventapp.demo.entries.service import Answering, acting, approve_at_once, open_doors, prepare
from eventapp.demo.files import Guest, list_guests
from eventapp.demo.people.service import Desk
from eventapp.demo.rules import ZONE, coming_day, on, sign_ups
from eventapp.editions.service import copy, publish
from eventapp.events.models import Event
from eventapp.events.service import change
from eventapp.registration.rules import identity
from eventapp.registration.service import cancel

_SEED = 350
SLUG = "gemeinsam-vor-ort"
WISHES = {1: 73, 2: 40, 3: 88, 4: 35, 5: 85, 6: 30}
"""How many wish for which forum: 3 (80 seats) is full with a waiting list, 1 and 5 are nearly full."""


def make(past: Event, owner: Account) -> Event:
    """Make and publish the coming edition, marked as an example, and sign guests up until now."""
    now = clock.now()
    opens, day = now - timedelta(days=21), coming_day(now.astimezone(ZONE).date())
    closes = on(day - timedelta(days=1), "12:00")
    with clock.at(opens - timedelta(days=2)):
        event = copy(past.id, day)
        window = {"registration_opens_at": opens, "registration_closes_at": closes}
        change(event.id, {"slug": SLUG, "is_example": True, **window})
        with acting(owner):
            answers = prepare(event)
        publish(event.id)
    _sign_up(event, owner, answers, opens, now)
    return event


def _sign_up(event: Event, owner: Account, answers: Answering, opens: datetime, now: datetime) -> None:
    guests, desk = _wishing(), Desk(event, f"account:{owner.public_id}")
    moments = sign_ups(opens, now, len(guests))
    cancelled = None
    for guest, moment in zip(guests, moments, strict=True):
        made = desk.enter(guest, moment, answers=answers(guest))
        approve_at_once(made, owner, moment)
        if guest.forum == 3 and cancelled is None:
            cancelled = made.participant.id
    if cancelled is not None:  # the first who waits is offered the place
        with clock.at(now - timedelta(hours=3)):
            cancel(cancelled)
    open_doors(event, desk, owner, now)


def _wishing() -> list[Guest]:
    """Return people of the reference event, each once, with their wishes for this one, in the order they come."""
    people = {identity(g.email, g.given_name, g.family_name): g for g in list_guests()}
    wishes = [forum for forum, number in WISHES.items() for _ in range(number)]
    Random(_SEED).shuffle(wishes)  # noqa: S311 - a story, no secret
    return [replace(guest, forum=forum) for guest, forum in zip(people.values(), wishes, strict=False)]
