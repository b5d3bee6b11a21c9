"""Rule 6 in part: every page has a literal number of reads, the same with one row and with three of everything.

Seen to fail: with a lazy relation in the list of participants, with a page that was left out, and with a name too many.
"""

from flask import Flask
from flask.testing import FlaskClient

from eventapp.accounts.colleagues.queries import Place
from eventapp.accounts.colleagues.service import invite
from eventapp.accounts.rules import Role
from eventapp.agenda.people.service import add_partner, add_speaker, set_people
from eventapp.agenda.rules import ItemKind, PartnerInput, SpeakerInput, SpeakerRole
from eventapp.checkin.entrances.service import add_entrance
from eventapp.core.localized import Localized
from eventapp.events.models import Event
from eventapp.events.rules import CategoryInput
from eventapp.events.service import add_category
from eventapp.notices.models import NoticeKind
from eventapp.notices.service import publish
from eventapp.questions.answers.service import write_answers
from eventapp.questions.rules import ChoiceInput, QuestionInput, QuestionKind
from eventapp.questions.service import add_question
from eventapp.registration.codes.rules import CodeInput
from eventapp.registration.codes.service import add as add_code
from eventapp.registration.invitations.rules import Invited
from eventapp.registration.invitations.service import invite as invite_guest
from eventapp.registration.signup.rules import Arrival, Via
from eventapp.registration.signup.service import arrive as arrive_by
from eventapp.registration.signup.service import sign_up
from eventapp.registration.wishes.service import add
from tests.checkin.devices import sign_device_on
from tests.checkin.phones import Phone, ticket_of
from tests.make import forums, later, make_account, make_event, make_item, make_organiser, sign_in
from tests.queries import counted
from tests.registration.people import arrive, person
from tests.world import World, make_world

_KIND = "<any('legal-notice', 'privacy', 'accessibility'):kind>"
READS = {
    "/<lang:lang>/": 4,
    "/<lang:lang>/<slug:event>/": 7,
    "/<lang:lang>/<slug:event>/agenda": 6,
    "/<lang:lang>/<slug:event>/calendar": 4,
    "/<lang:lang>/<slug:event>/link": 2,
    "/<lang:lang>/<slug:event>/people/<slug:person>": 5,
    "/<lang:lang>/<slug:event>/register": 14,
    "/<lang:lang>/<slug:event>/register?code=Presse-0": 15,
    "/<lang:lang>/<slug:event>/register/group": 13,
    "/<lang:lang>/?past=1": 4,
    "/<lang:lang>/calendar": 0,
    "/<lang:lang>/foyer/<token>": 6,
    "/<lang:lang>/group/<token>": 5,
    "/<lang:lang>/group/<token>/cancel": 4,
    "/<lang:lang>/group/<token>/cancel/<member>": 4,
    "/<lang:lang>/invitation/<token>": 12,
    "/<lang:lang>/invitation/<token>/decline": 1,
    "/<lang:lang>/my/<token>": 7,
    "/<lang:lang>/my/<token>/cancel": 3,
    "/<lang:lang>/my/<token>/change": 16,
    "/<lang:lang>/address/<token>": 2,
    "/<lang:lang>/my/<token>/consents/<slug:consent>": 6,
    "/<lang:lang>/my/<token>/deputy": 3,
    "/<lang:lang>/my/<token>/ticket": 3,
    f"/<lang:lang>/organisers/<organiser>/{_KIND}": 2,
    "/<lang:lang>/organisers/<organiser>/accessibility/report": 2,
    "/<lang:lang>/preview/<token>/": 7,
    "/<lang:lang>/preview/<token>/agenda": 6,
    "/<lang:lang>/preview/<token>/people/<slug:person>": 5,
    "/<slug:event>.ics": 1,
    "/<slug:event>/<slug:item>.ics": 4,
    "/calendar.ics": 2,
    "/calendar/<token>.ics": 3,
    "/door/": 3,
    "/door/<slug:event>/": 6,
    "/door/<slug:event>/?q=muster": 9,
    "/door/<slug:event>/kiosk": 5,
    "/door/<slug:event>/kiosk/leave": 4,
    "/door/<slug:event>/walk-in": 6,
    "/door/<slug:event>/paper": 7,
    "/door/<slug:event>/practice": 4,
    "/door/api/<slug:event>/conflicts": 5,
    "/door/api/<slug:event>/counts": 2,
    "/door/api/<slug:event>/manifest": 7,
    "/door/api/<slug:event>/search": 2,
    "/manage/": 4,
    "/manage/account": 2,
    "/manage/events/<event>/colleagues": 6,
    "/manage/events/<event>/colleagues/<person>": 6,
    "/manage/events/<event>/colleagues/<person>/remove": 6,
    "/manage/events/<slug:event>/": 18,
    "/manage/events/<slug:event>/address": 6,
    "/manage/events/<slug:event>/agenda": 7,
    "/manage/events/<slug:event>/agenda/items/<slug:item>": 12,
    "/manage/events/<slug:event>/agenda/items/<slug:item>/cancel": 6,
    "/manage/events/<slug:event>/agenda/items/<slug:item>/restore": 6,
    "/manage/events/<slug:event>/agenda/new": 8,
    "/manage/events/<slug:event>/approvals": 9,
    "/manage/events/<slug:event>/basics": 5,
    "/manage/events/<slug:event>/call-off": 5,
    "/manage/events/<slug:event>/categories": 7,
    "/manage/events/<slug:event>/categories/<category>/edit": 6,
    "/manage/events/<slug:event>/categories/new": 4,
    "/manage/events/<slug:event>/codes": 6,
    "/manage/events/<slug:event>/codes/<int:access>": 5,
    "/manage/events/<slug:event>/conflicts": 9,
    "/manage/events/<slug:event>/copy": 5,
    "/manage/events/<slug:event>/delete": 4,
    "/manage/events/<slug:event>/devices": 7,
    "/manage/events/<slug:event>/devices/new": 5,
    "/manage/events/<slug:event>/door-history": 8,
    "/manage/events/<slug:event>/door-log": 7,
    "/manage/events/<slug:event>/entrances": 8,
    "/manage/events/<slug:event>/entrances/<entrance>": 8,
    "/manage/events/<slug:event>/door-notes": 4,
    "/manage/events/<slug:event>/foyer": 4,
    "/manage/events/<slug:event>/invitations": 9,
    "/manage/events/<slug:event>/invitations/<invited>": 5,
    "/manage/events/<slug:event>/invitations/import": 5,
    "/manage/events/<slug:event>/invitations/import/<draft>": 9,
    "/manage/events/<slug:event>/invitations/new": 5,
    "/manage/events/<slug:event>/invitations/remind": 6,
    "/manage/events/<slug:event>/invitations?state=expired": 9,
    "/manage/events/<slug:event>/languages": 5,
    "/manage/events/<slug:event>/live": 17,
    "/manage/events/<slug:event>/over": 9,
    "/manage/events/<slug:event>/participants": 12,
    "/manage/events/<slug:event>/participants.csv": 11,
    "/manage/events/<slug:event>/participants/<participant>": 13,
    "/manage/events/<slug:event>/participants/<participant>/note": 7,
    "/manage/events/<slug:event>/participants/<participant>/cancel": 6,
    "/manage/events/<slug:event>/participants/<participant>/change": 19,
    "/manage/events/<slug:event>/participants/<participant>/deputy": 17,
    "/manage/events/<slug:event>/participants/new": 12,
    "/manage/events/<slug:event>/participants?state=confirmed&q=gast": 12,
    "/manage/events/<slug:event>/partners": 5,
    "/manage/events/<slug:event>/partners/<int:partner>": 5,
    "/manage/events/<slug:event>/partners/new": 4,
    "/manage/events/<slug:event>/people": 5,
    "/manage/events/<slug:event>/people/<slug:person>/edit": 5,
    "/manage/events/<slug:event>/people/new": 4,
    "/manage/events/<slug:event>/picture": 4,
    "/manage/events/<slug:event>/publish": 9,
    "/manage/events/<slug:event>/questions": 7,
    "/manage/events/<slug:event>/questions/<slug:question>/edit": 7,
    "/manage/events/<slug:event>/questions/new": 4,
    "/manage/events/<slug:event>/questions/new?kind=one_of": 6,
    "/manage/events/<slug:event>/questions/preview": 7,
    "/manage/events/<slug:event>/rooms": 5,
    "/manage/events/<slug:event>/rooms/<int:room>": 5,
    "/manage/events/<slug:event>/sign-up": 5,
    "/manage/events/<slug:event>/time-place": 5,
    "/manage/events/<slug:event>/waitlist": 19,
    "/manage/events/<slug:event>/waitlist/<registration>": 7,
    "/manage/events/<slug:event>/waitlist/<registration>/cancel": 7,
    "/manage/forgotten": 1,
    "/manage/join/<token>": 4,
    "/manage/mail": 4,
    "/manage/mail/<message>": 7,
    "/manage/organisers/<organiser>": 3,
    "/manage/organisers/<organiser>/colleagues": 7,
    "/manage/organisers/<organiser>/colleagues/<person>": 5,
    "/manage/organisers/<organiser>/colleagues/<person>/remove": 5,
    "/manage/organisers/<organiser>/events": 5,
    "/manage/organisers/<organiser>/notices": 4,
    f"/manage/organisers/<organiser>/notices/{_KIND}": 4,
    f"/manage/organisers/<organiser>/notices/{_KIND}/versions": 4,
    f"/manage/organisers/<organiser>/notices/{_KIND}/versions/<int:number>": 4,
    "/manage/organisers/<slug:organiser>/events/new": 3,
    "/manage/reset/<token>": 2,
    "/sitemap.xml": 1,
}
"""Address, with a query where it shows another list, and the SELECTs that the page sends."""

NO_LIST = {
    "/",
    "/door/app.webmanifest",
    "/door/reader.worker.js",
    "/door/service-worker.js",
    "/healthz",
    "/readyz",
    "/<lang:lang>/group/<token>/tickets.pdf",
    "/<lang:lang>/my/<token>/qr.svg",
    "/<lang:lang>/my/<token>/ticket.pdf",
    "/<slug:event>",
    "/favicon.ico",
    "/manage/events/<slug:event>/answers/<file>",
    "/manage/events/<slug:event>/preview",
    "/manage/mail/<message>.eml",
    "/manage/sign-in",
    "/manage/style",
    "/media/<public_id>.<ext>",
    "/media/cover/<accent>-<shape>-<any(light, dark):mode>.svg",
    "/organisers/<organiser>/colours-<version>.css",
    "/robots.txt",
    "/static/<version>/<path:filename>",
}
"""Single files, redirects, signs of life: nothing on them grows."""


def grow(event: Event, number: int) -> None:
    """Add one more of everything that some page lists."""
    organiser = event.organiser
    forum, other = forums(event)[:2]
    Phone(event, f"Telefon {number}").tell(ticket_of(event, number, item_ids=(forum.id,)).code, number)
    guest = ticket_of(event, 10 + number, item_ids=(other.id,), language="ar")
    food = QuestionInput(QuestionKind.ONE_OF, Localized(de="Essen"), choices=(ChoiceInput(Localized(de="Reis"), 9),))
    write_answers(guest.participant_id, event.id, {add_question(event.id, food).id: "reis"})
    add_category(event.id, CategoryInput(Localized(de=f"Gruppe {number}"), seats=5))
    crowd(event, number)
    panel = make_item(event, f"Podium {number}", 14, 15, kind=ItemKind.PANEL, room=f"Saal {number}")
    people = [add_speaker(event.id, SpeakerInput(f"Ada {number} {n}")) for n in range(2)]
    set_people(panel.id, [(one.id, SpeakerRole.PANELIST) for one in people])
    add_partner(event.id, PartnerInput(f"Verein {number}"))
    sign_device_on(event, entrances=(add_entrance(event.id, f"Süd {number}").public_id,))
    make_account(organiser, Role.VIEWER)
    make_account(organiser, Role.DOOR, event_id=event.id)
    for place in (Place(organiser.id), Place(organiser.id, event.id)):
        invite(place, f"neu{number}@example.org", Role.EDITOR, "de", event.title if place.event_id else None)
    publish(organiser.id, NoticeKind.PRIVACY, Localized(de=f"Fassung {number}"))
    add_entrance(make_event(organiser, slug=f"noch-eins-{number}").id, "Nord")
    add_code(event.id, CodeInput(f"Presse-{number - 1}", event.categories[0].id))
    invite_guest(event.id, Invited(f"eingeladen-{number}@example.org", event.categories[0].id))
    used = invite_guest(event.id, Invited(f"dabei-{number}@example.org", event.categories[0].id))
    one = person(event, 100 + number, email=used.email, category_id=used.category_id)
    arrive_by(event.id, Arrival((one,), invitation_id=used.id))
    make_event(organiser, slug=f"vorbei-{number}", **later(-100))
    make_event(make_organiser(f"Stadt {number}"), slug=f"anderswo-{number}")


def crowd(event: Event, number: int) -> None:
    """Add somebody to approve, one who waits for a full category, one over it, and a wish for a full item."""
    asks = CategoryInput(Localized(de=f"Presse {number}"), needs_approval=True, position=1)
    arrive(event, 20 + number, category_id=add_category(event.id, asks).id)
    full = add_category(event.id, CategoryInput(Localized(de=f"Voll {number}"), seats=1, position=1))
    note = {"via": Via.ORGANISER, "over_note": "Ehrengast"}
    for place, extra in enumerate(({}, {}, note)):
        sign_up(event.id, person(event, 30 + 3 * number + place, category_id=full.id), **extra)  # type: ignore[arg-type]
    item = make_item(event, f"Runde {number}", 15, 16, is_chosen=True, seats=1)
    club = event.categories[0].id
    arrive(event, 50 + number, category_id=club, item_ids=(item.id,))
    add(arrive(event, 60 + number, category_id=club).people[0][0], item.id)


def address_of(world: World, app: Flask, name: str) -> str:
    """Return the address of a page in the table."""
    pattern, _, query = name.partition("?")
    rule = next(rule for rule in app.url_map.iter_rules() if rule.rule == pattern and "GET" in (rule.methods or set()))
    return world.address(app, rule) + (f"?{query}" if query else "")


def reads(client: FlaskClient, address: str) -> int:
    """Return how many SELECTs a page sends."""
    client.application.extensions.get("calendar_texts", {}).clear()
    with counted() as sent, client.get(address) as answer:
        assert answer.status_code == 200, address
    return len(sent)


def test_every_page_costs_the_same_with_one_row_and_with_three(app: Flask) -> None:
    world, staff, guest = make_world(), app.test_client(), app.test_client()
    owner = world.people[Role.OWNER.value]
    assert owner is not None
    sign_in(staff, owner)
    clients = {
        name: staff if address_of(world, app, name).startswith(("/manage", "/door")) else guest for name in READS
    }

    def measure() -> dict[str, int]:
        return {name: reads(clients[name], address_of(world, app, name)) for name in READS}

    grow(world.event, 1)
    measure()  # what a process reads once and keeps
    first = measure()
    for number in (2, 3):
        grow(world.event, number)
    assert measure() == first
    assert first == READS


def test_no_page_is_left_out(app: Flask) -> None:
    pages = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    pages -= {rule.rule for rule in app.url_map.iter_rules("static")}
    assert {name.partition("?")[0] for name in READS} | NO_LIST == pages
