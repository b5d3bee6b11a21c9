"""A deputy takes over the place of a participant: one turn of the event; called by guests' and organisers' pages."""

from dataclasses import replace

from eventapp.core.search import fold_email
from eventapp.outbox.service import post
from eventapp.registration import refusals
from eventapp.registration.models import Participant
from eventapp.registration.moves import about, note, present_kind, tell
from eventapp.registration.rules import ParticipantState
from eventapp.registration.service import turn_of, write
from eventapp.registration.signup.rules import Person, Via
from eventapp.tickets import service as tickets
from eventapp.tickets.models import TicketState


def send_deputy(participant_id: int, person: Person, via: Via = Via.FORM, notice_id: int | None = None) -> Participant:
    """Let somebody else come in a participant's place: same seats, new name, new code and links; the old ones end.

    What the first one answered goes: the deputy answers for themselves. Raises SamePerson when the deputy is
    registered already, and AddressOpen while the own address is not confirmed.
    """
    with turn_of(participant_id) as (act, guest):
        if via is Via.FORM and guest.registration.hold_until is not None:
            raise refusals.AddressOpen
        before, old_name = (guest.email, guest.language, guest.public_id), guest.name
        write(act, guest, replace(person, answers={}), via, is_complete=False)
        guest.link_version += 1
        guest.feed_version += 1
        guest.notice_id = notice_id or guest.notice_id
        note(guest, "registration.deputy", old=old_name, new=guest.name, via=via.value)
        if guest.state is ParticipantState.CONFIRMED:
            tickets.end(guest.id, TicketState.REVOKED)
            tickets.issue(guest.id, guest.event_id)
        _tell_deputy(guest, before, old_name)
        return guest


def _tell_deputy(guest: Participant, before: tuple[str, str, str], old_name: str) -> None:
    """Tell the deputy where they stand and whom they replace, and that one that somebody else comes."""
    kind = present_kind(guest.state, guest.registration.hold_until is not None)
    tell([guest], kind, why="deputy", instead_of=old_name)
    email, language, public_id = before
    if fold_email(email) != guest.email_key:
        facts = {"participant": public_id}
        post("registration.deputy", email, language, facts, event_id=guest.event_id,
             organiser_id=guest.registration.event.organiser_id, about=about(public_id))  # fmt: skip
