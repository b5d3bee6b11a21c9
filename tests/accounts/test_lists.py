"""Lists cost the same with one row and with many."""

from eventapp.accounts.colleagues.queries import Place
from eventapp.accounts.colleagues.service import invite
from eventapp.accounts.rules import Role
from eventapp.core.localized import Localized
from eventapp.notices.models import NoticeKind
from eventapp.notices.service import publish
from tests.make import make_account, make_event, make_organiser, sign_in
from tests.pages import Client
from tests.queries import counted

PAGES = {
    "/manage/organisers/stadt/colleagues": 7,
    "/manage/events/tag/colleagues": 6,
    "/manage/organisers/stadt/notices": 4,
    "/manage/organisers/stadt/notices/privacy/versions": 4,
    "/manage/mail": 4,
    "/manage/account": 2,
}


def reads(client: Client, path: str) -> int:
    """Return how many SELECTs a page sends."""
    with counted() as sent:
        assert client.get(path).status_code == 200
    return len(sent)


def test_lists_cost_the_same_with_one_row_and_with_three(client: Client) -> None:
    organiser = make_organiser(slug="stadt")
    event = make_event(organiser, slug="tag")
    sign_in(client, make_account(organiser))

    def add(number: int) -> None:
        make_account(organiser, Role.VIEWER)
        make_account(organiser, Role.DOOR, event_id=event.id)
        for place in (Place(organiser.id), Place(organiser.id, event.id)):
            invite(place, f"neu{number}@example.org", Role.EDITOR, "de", event.title if place.event_id else None)
        publish(organiser.id, NoticeKind.PRIVACY, Localized(de=f"Fassung {number}"))

    add(1)
    cost = {path: reads(client, path) for path in PAGES}
    add(2)
    add(3)
    assert {path: reads(client, path) for path in PAGES} == cost == PAGES
