"""Refuses what an account or a device may not do at the door; called by the services of the door."""

from flask_babel import lazy_gettext as _l

from eventapp.checkin.queries import find_entrance
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


def entrance_of(door: Door, public_id: str | None) -> int | None:
    """Return the entrance that a device names; one that is there no more is the first that the door opens.

    Raise OtherEntrance.
    """
    entrance = find_entrance(door.event_id, public_id)
    if entrance is None:
        return door.entrance_ids[0] if door.entrance_ids else None
    if not door.opens(entrance.id):
        raise OtherEntrance
    return entrance.id
