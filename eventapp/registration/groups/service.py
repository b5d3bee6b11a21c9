"""What the contact of a group does for all of it at once, whatever parts it has by now."""

from collections.abc import Iterable

from eventapp.core.db import transaction
from eventapp.registration.models import Registration
from eventapp.registration.service import cancel_unit
from eventapp.registration.waitlist import service as waitlist


def cancel_all(units: Iterable[Registration]) -> None:
    """Cancel everybody of these parts of a group."""
    unit_ids = [unit.id for unit in units]
    with transaction():
        for unit_id in unit_ids:
            cancel_unit(unit_id)


def confirm_address(units: Iterable[Registration]) -> None:
    """Believe the address of the contact for all these parts of a group."""
    unit_ids = [unit.id for unit in units]
    with transaction():
        for unit_id in unit_ids:
            waitlist.confirm_address(unit_id)
