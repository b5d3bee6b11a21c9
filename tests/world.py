"""One of everything, for tests that go to every address: two organisers, an event with people, and each role."""

from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from eventapp.accounts.colleagues.queries import Place
from eventapp.accounts.colleagues.service import invite, join_token
from eventapp.accounts.models import Account
from eventapp.accounts.queries import find_invitation
from eventapp.accounts.rules import Role
from eventapp.accounts.signin.service import reset_token
from eventapp.agenda.people.service import add_partner, add_speaker
from eventapp.agenda.rules import PartnerInput, SpeakerInput
from eventapp.checkin.devices.service import revoke
from eventapp.checkin.entrances.service import add_entrance
from eventapp.checkin.foyer.queries import LINK as FOYER
from eventapp.checkin.foyer.queries import foyer_token
from eventapp.core import clock, ids
from eventapp.core.access import mark_of
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.editions.service import preview_token
from eventapp.events.models import Event
from eventapp.outbox.models import Message
from eventapp.questions.answers.rules import Upload
from eventapp.questions.answers.service import write_answers
from eventapp.questions.rules import QuestionInput, QuestionKind
from eventapp.questions.service import add_question
from eventapp.registration.address.queries import ADDRESS, address_token
from eventapp.registration.codes.rules import CodeInput
from eventapp.registration.codes.service import add as add_code
from eventapp.registration.groups.queries import Group, find_group, group_token
from eventapp.registration.imports.service import read as read_list
from eventapp.registration.invitations.queries import LINK as INVITATION
from eventapp.registration.invitations.queries import find_invitation as find_invited
from eventapp.registration.invitations.queries import link_token as invitation_token
from eventapp.registration.invitations.rules import Invited
from eventapp.registration.invitations.service import invite as invite_guest
from eventapp.registration.queries import FEED, link_token
from eventapp.registration.signup.rules import Contact, Person
from eventapp.registration.signup.service import sign_up, sign_up_group
from eventapp.tickets.service import find_living
from tests.checkin.devices import sign_device_on
from tests.checkin.phones import Phone
from tests.make import forums, make_account, make_event, make_organiser

NOBODY, STRANGER = "nobody", "owner of another organiser"
DEVICE, OTHER_DEVICE, REVOKED = "device at the door", "device of another event", "revoked device"


@dataclass
class World:
    """What addresses are made of, and who calls them."""

    event: Event
    people: dict[str, Account | None]
    values: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    """A token for each purpose of a link."""
    devices: dict[str, str] = field(default_factory=dict)
    """The cookie of each device at a door."""

    def address(self, app: Flask, rule: Rule, **other: str) -> str:
        """Return an address of this world for a rule; a name that nobody knows must be added to `values`.

        A token is one for the purpose that the view is marked with; `other` values take the place of this world's.
        """
        missing = rule.arguments - set(self.values)
        assert not missing, f"{rule.rule}: tests/world.py gives no value for {sorted(missing)}"
        values = {name: self.values[name] for name in rule.arguments}
        mark = mark_of(app.view_functions[rule.endpoint])
        if "token" in values and mark is not None:
            values["token"] = self.tokens[mark.what]
        if "person" in values and "colleagues" not in rule.rule:
            values["person"] = self.values["speaker"]
        elif "person" in values and "event" in values:
            values["person"] = self.values["helper"]
        return app.url_map.bind("localhost").build(rule.endpoint, {**values, **other})


def make_world() -> World:
    """Make two organisers, an event with two guests, and a person of each role for the first organiser."""
    organiser, other = make_organiser("Stadt Essen"), make_organiser("Andere Stelle")
    event = make_event(organiser)
    people: dict[str, Account | None] = {NOBODY: None}
    for role in Role:
        people[role.value] = make_account(organiser, role)
    people[STRANGER] = make_account(other, Role.OWNER)
    guest = _guest(event, "Amira")
    _guest(event, "Олена")
    found = {
        "item": forums(event)[0].slug,
        "room": str(forums(event)[0].room_id),
        "speaker": add_speaker(event.id, SpeakerInput("Elke Kappen")).slug,
        "partner": str(add_partner(event.id, PartnerInput("JobCenter Essen")).id),
        "entrance": add_entrance(event.id, "Eingang Nord").public_id,
    }
    world = world_of(event, guest, people, found | ask(event, guest) | {"scan": _admitted_twice(event, guest)})
    world.devices = _devices(event, make_event(other, slug="andere-tuer"))
    return world


def _devices(event: Event, other: Event) -> dict[str, str]:
    """Sign phones on that may do everything, and sign one of them off."""
    names = {DEVICE: event, OTHER_DEVICE: other, REVOKED: event}
    made = {name: sign_device_on(where, name=name) for name, where in names.items()}
    revoke(event.id, made[REVOKED].device.public_id)
    return {name: one.token for name, one in made.items()}


def ask(event: Event, guest: Any) -> dict[str, str]:
    """Ask for a file and a consent, let a guest answer, and return the names of both and of the file in addresses."""
    question = add_question(event.id, QuestionInput(QuestionKind.FILE, Localized(de="Ausweis als Bild")))
    upload = Upload("ausweis.pdf", "application/pdf", b"%PDF-1.7")
    consent = add_question(event.id, QuestionInput(QuestionKind.CONSENT, Localized(de="Fotos sind erlaubt.")))
    agreed = {"version": 1, "at": clock.now().isoformat()}
    value = write_answers(guest.id, event.id, {question.id: upload, consent.id: agreed})[question.id]
    assert isinstance(value, dict)
    return {"question": question.code, "consent": consent.code, "file": str(value["file"])}


def world_of(
    event: Event, guest: Any, people: dict[str, Account | None], found: dict[str, str], group: Group | None = None
) -> World:
    """Return the addresses around an event that is there; `found` names its item, room, speaker and so on."""
    group = group or _group(event)
    values = found | _values(event, guest, found) | {"member": group.people[0].public_id}
    forgetful = make_account(event.organiser, Role.VIEWER, name="Jonas Vogel")
    tokens = _tokens(event, guest, values, forgetful) | {"group": group_token(group.contact)}
    return World(event, people, values, tokens)


def _guest(event: Event, name: str) -> Any:
    person = Person(
        given_name=name,
        family_name="Haddad",
        email=f"{name}@example.org",
        category_id=event.categories[0].id,
        language="de",
        item_ids=(forums(event)[0].id,),
    )
    return sign_up(event.id, person).participant


def _admitted_twice(event: Event, guest: Any) -> str:
    """Let two phones admit the same ticket and return the id of the second scan."""
    ticket = find_living(guest.id)
    assert ticket is not None
    code = ticket.code
    Phone(event, "Telefon 1").tell(code, 1)
    return str(Phone(event, "Telefon 2").tell(code, 2).id)


def _group(event: Event) -> Group:
    """Register two people in one go."""
    people = [
        Person(given_name=name, email="brigitte@example.org", category_id=event.categories[0].id, language="de")
        for name in ("Brigitte", "Samir")
    ]
    done = sign_up_group(event.id, people, Contact("Brigitte Lang", "brigitte@example.org", "de"))
    group = find_group(done.unit)
    assert group is not None
    return group


def _values(event: Event, guest: Any, found: dict[str, str]) -> dict[str, str]:
    """Return a value for each other name that stands in an address, all of them of the first organiser."""
    organiser = event.organiser
    colleague = make_account(organiser, Role.VIEWER, name="Mira Lang")
    place = Place(organiser.id, None)
    return {
        "lang": "de",
        "event": event.slug,
        "organiser": organiser.slug,
        "token": "",
        "participant": guest.public_id,
        "registration": found.get("registration") or guest.registration.public_id,
        "wish": "1",
        "category": event.categories[0].code,
        "person": colleague.public_id,
        "helper": make_account(organiser, Role.DOOR, event_id=event.id, name="Yusuf Demir").public_id,
        "invitation": invite(place, "neu@example.org", Role.EDITOR, "de"),
        "invited": found.get("invited") or _invited(event),
        "access": found.get("access") or _access(event),
        "draft": _draft(event),
        "message": _mail_to(guest).public_id,
        "scan": found.get("scan", "none"),
        "kind": "privacy",
        "number": "1",
        "version": organiser.accent[1:],
        "accent": "0f4e5e",
        "shape": "wide",
        "mode": "light",
        "link": found.get("link") or sign_device_on(event).link,
        "device": found.get("device") or sign_device_on(event).device.public_id,
        "public_id": "x",
        "filename": "img/icon.svg",
        "ext": "webp",
    }


def _invited(event: Event) -> str:
    """Return the public id of an open invitation."""
    given = Invited("eingeladen@example.org", event.categories[0].id, given_name="Nadia", family_name="Sommer")
    return invite_guest(event.id, given).public_id


def _access(event: Event) -> str:
    """Return the id of an access code."""
    return str(add_code(event.id, CodeInput(f"Presse-{ids.public_id()}", event.categories[0].id)).id)


def _draft(event: Event) -> str:
    """Return the public id of a list of guests that waits for its confirmation."""
    data = b"E-Mail;Vorname;Telefon\nliste@example.org;Ruth;\nnichts;Kim;1\n"
    return read_list(event.id, data, category_id=event.categories[0].id, language="de")


def _tokens(event: Event, guest: Any, values: dict[str, str], forgetful: Account) -> dict[str, str]:
    """Return a token for every purpose of a link, each opening what it is for."""
    invited, guest_invited = find_invitation(values["invitation"]), find_invited(values["invited"])
    assert invited is not None
    assert guest_invited is not None
    return {
        "my": link_token(guest),
        FEED: link_token(guest, FEED),
        INVITATION: invitation_token(guest_invited),
        ADDRESS: address_token(guest.registration),
        "preview": preview_token(event),
        FOYER: foyer_token(event),
        "join": join_token(invited),
        "reset": reset_token(forgetful, forgetful.link_version, clock.now()),
    }


def _mail_to(guest: Any) -> Message:
    mail = db.session.scalars(select(Message).where(Message.recipient == guest.email)).first()
    assert mail is not None
    return mail
