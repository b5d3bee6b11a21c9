"""Refuses what an account or a device may not do at the door; called by the services of the door."""

from flask_babel import lazy_gettext as _l

from eventapp.checkin.queries import find_entrance, list_entrances
from eventapp.checkin.rules import Door, DoorRight
from eventapp.core.refusal import Refusal


class NotAllowed(Refusal):
    """The account or device may not do this at the door."""

    code = "not_allowed"
    status = 403
    message = _l("You may not do this at this door. Ask the organiser.")


class OtherEntrance(Refusal):
    """The door link of this device does not open the entrance that it names."""

    code = "other_entrance"
    status = 403
    message = _l("This phone may not scan at this entrance. Choose another entrance.")


def demand(door: Door, right: DoorRight) -> None:
    """Raise NotAllowed unless the door has the right."""
    if not door.may(right):
        raise NotAllowed


def entrance_of(door: Door, public_id: str | None) -> str | None:
    """Return the entrance that a phone names; for a device one that is there no more is the first that it opens.

    Raise OtherEntrance.
    """
    if door.entrance_ids is None:
        return public_id
    known = [one for one in list_entrances(door.event_id) if door.opens(one.id)]
    if any(one.public_id == public_id for one in known):
        return public_id
    if find_entrance(door.event_id, public_id) is not None:
        raise OtherEntrance
    return known[0].public_id if known else None
