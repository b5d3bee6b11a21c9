"""Refuses what an account or a device may not do at the door; called by the services of the door."""

from flask_babel import lazy_gettext as _l

from eventapp.checkin.devices.rules import Door
from eventapp.checkin.entrances.queries import read_doorway
from eventapp.checkin.entrances.rules import Doorway
from eventapp.checkin.rules import DoorRight
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


def doorway_of(door: Door, public_id: str | None) -> Doorway:
    """Return the entrance that a device names; one that is there no more is the first that the door opens.

    Raise OtherEntrance.
    """
    doorway = read_doorway(door.event.id, public_id, door.entrance_ids[0] if door.entrance_ids else None)
    if doorway.id is not None and not door.opens(doorway.id):
        raise OtherEntrance
    return doorway
