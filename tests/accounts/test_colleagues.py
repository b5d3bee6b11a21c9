"""Colleagues: invited by mail, accepted once, roles changed and taken away; the last owner stays."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import Traveller

from eventapp.accounts.colleagues.queries import Place, list_colleagues, list_open_invitations
from eventapp.accounts.colleagues.service import change_role, get_by_join, invite, join_token, remove
from eventapp.accounts.models import ColleagueInvitation
from eventapp.accounts.queries import find_account, find_invitation, list_roles
from eventapp.accounts.rules import Role
from eventapp.accounts.service import LastOwner, grant
from eventapp.accounts.signin.service import LinkEnded
from eventapp.core.audit import AuditEntry
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.core.refusal import NotFound
from eventapp.outbox.models import Message
from eventapp.outbox.service import render
from tests.make import PASSWORD, make_account, make_event, make_organiser, sign_in
from tests.pages import Client, Visitor


def link_in(message: Message) -> str:
    """Return the path of the link in a mail."""
    url = next(word for word in render(message).text.split() if "/manage/" in word)
    return "/manage/" + url.partition("/manage/")[2]


def last_mail() -> Message:
    """Return the mail that was posted last."""
    return db.session.scalars(select(Message).order_by(Message.id.desc())).first() or pytest.fail("no mail")


def test_an_owner_invites_and_the_colleague_makes_an_account(client: Client, page: Visitor) -> None:
    organiser = make_organiser("Stadt Essen")
    sign_in(client, make_account(organiser, email="ada@example.org"))
    page.get("/manage/organisers/stadt-essen/colleagues")
    page.submit(
        page.form(containing="email"), {"email": "Neu@Example.org", "role": "editor", "language": "ar"}, status=200
    )
    assert "Neu@Example.org" in page.text
    message = last_mail()
    assert (message.recipient, message.language) == ("Neu@Example.org", "ar")
    assert message.facts == {}
    guest = page.another()
    guest.get(link_in(message))
    shown = guest.submit(values={"name": "سارة", "password": "short"})
    assert shown.status == 422
    guest.submit(values={"name": "سارة", "password": "long enough words"}, status=200)
    assert guest.trail[-1] == "/manage/"
    account = find_account("neu@example.org")
    assert account is not None
    assert list_roles(account.id, organiser.id, None) == {Role.EDITOR}
    assert page.another().get(link_in(message), status=404)
    actions = list(db.session.scalars(select(AuditEntry.action)))
    assert {"colleague.invited", "colleague.joined", "colleague.granted"} <= set(actions)


def test_somebody_with_an_account_signs_in_and_accepts(client: Client, page: Visitor) -> None:
    organiser = make_organiser()
    known = make_account(email="known@example.org")
    invite(Place(organiser.id), "known@example.org", Role.VIEWER, "de")
    page.get(link_in(last_mail()))
    page.click("Anmelden")
    page.submit("/manage/sign-in", {"email": "known@example.org", "password": PASSWORD})
    assert page.h1 == "Einladung"
    page.submit("/manage/join", status=200)
    assert list_roles(known.id, organiser.id, None) == {Role.VIEWER}


def test_an_invitation_never_makes_somebody_weaker(client: Client, page: Visitor) -> None:
    organiser = make_organiser()
    invite(Place(organiser.id), "ada@example.org", Role.VIEWER, "de")
    owner = make_account(organiser)
    sign_in(client, owner)
    page.get(link_in(last_mail()))
    page.submit("/manage/join", status=200)
    assert list_roles(owner.id, organiser.id, None) == {Role.OWNER}


def test_links_end_when_expired_withdrawn_or_sent_again(client: Client, page: Visitor, clock: Traveller) -> None:
    organiser = make_organiser()
    sign_in(client, make_account(organiser))
    other = page.another()
    first = invite(Place(organiser.id), "neu@example.org", Role.DOOR, "de")
    old = link_in(last_mail())
    page.get(f"/manage/organisers/{organiser.slug}/colleagues")
    page.submit(f"invitations/{first}/again")
    new = link_in(last_mail())
    other.get(old, status=404)
    other.get(new)
    page.submit(f"invitations/{first}/withdraw")
    assert "neu@example.org" not in page.text
    other.get(new, status=404)
    invite(Place(organiser.id), "neu@example.org", Role.DOOR, "de")
    late = link_in(last_mail())
    clock.shift(timedelta(days=8))
    other.get(late, status=404)
    assert len(list_open_invitations(Place(organiser.id))) == 1


def test_inviting_twice_is_one_invitation(app: Flask) -> None:
    organiser = make_organiser()
    first = invite(Place(organiser.id), "neu@example.org", Role.DOOR, "de")
    assert invite(Place(organiser.id), "NEU@example.org", Role.EDITOR, "en") == first
    found = find_invitation(first)
    assert found is not None
    assert (found.role, found.language) == (Role.EDITOR, "en")


@pytest.mark.parametrize("token", ["x", "a.b", "a" * 500, "../..", "ä.ö", "....", "%00.%00"])
def test_wrong_tokens_are_told_so(page: Visitor, token: str) -> None:
    assert page.get(f"/manage/join/{token}", status=404)
    assert page.get(f"/manage/reset/{token}", status=404)


def test_a_token_for_one_purpose_opens_no_other_door(app: Flask, client: Client) -> None:
    public_id = invite(Place(make_organiser().id), "neu@example.org", Role.OWNER, "de")
    invitation = db.session.scalars(select(ColleagueInvitation).where(ColleagueInvitation.public_id == public_id)).one()
    token = join_token(invitation)
    assert get_by_join(token) is invitation
    assert client.get(f"/manage/reset/{token}").status_code == 404
    with pytest.raises(LinkEnded):
        get_by_join(token[:-1] + ("a" if token[-1] != "a" else "b"))


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER, Role.DOOR])
def test_only_owners_give_roles(client: Client, role: Role) -> None:
    organiser = make_organiser(slug="stadt")
    owner = make_account(organiser)
    sign_in(client, make_account(organiser, role))
    for path in ("", f"/{owner.public_id}", f"/{owner.public_id}/remove"):
        assert client.get(f"/manage/organisers/stadt/colleagues{path}").status_code == 403


def test_another_organiser_does_not_exist_for_strangers(client: Client, page: Visitor) -> None:
    mine, other = make_organiser(slug="mine"), make_organiser(slug="other")
    theirs = make_account(other)
    foreign = invite(Place(other.id), "neu@example.org", Role.EDITOR, "de")
    sign_in(client, make_account(mine))
    page.get("/manage/organisers/mine/colleagues")
    page.get("/manage/organisers/other/colleagues", status=404)
    page.get(f"/manage/organisers/mine/colleagues/{theirs.public_id}", status=404)
    page.get("/manage/organisers/mine/colleagues")
    page.post(f"/manage/organisers/mine/colleagues/invitations/{foreign}/withdraw", {}, status=404)
    page.get("/manage/organisers/mine/colleagues")
    page.post(f"/manage/organisers/mine/colleagues/{theirs.public_id}", {"role": "door"}, status=404)
    assert find_invitation(foreign) is not None


def test_the_last_owner_cannot_be_taken_away(client: Client, page: Visitor) -> None:
    organiser = make_organiser(slug="stadt")
    owner = make_account(organiser)
    sign_in(client, owner)
    page.get(f"/manage/organisers/stadt/colleagues/{owner.public_id}")
    assert page.submit(values={"role": "viewer"}).status == 409
    page.get(f"/manage/organisers/stadt/colleagues/{owner.public_id}/remove")
    assert page.submit(press="Entfernen").status == 409
    with pytest.raises(LastOwner):
        grant(owner.id, organiser.id, Role.EDITOR)
    second = make_account(organiser)
    page.submit(press="Entfernen", status=404)
    assert [one.account for one in list_colleagues(Place(organiser.id))] == [second]


def test_an_owner_of_one_event_does_not_count_as_the_last_owner(app: Flask) -> None:
    organiser = make_organiser()
    owner, event = make_account(organiser), make_event(organiser)
    make_account(organiser, event_id=event.id)
    with pytest.raises(LastOwner):
        remove(Place(organiser.id), owner.public_id)


def test_a_role_for_one_event_counts_there_only(client: Client, page: Visitor) -> None:
    organiser = make_organiser(slug="stadt")
    event, other = make_event(organiser), make_event(organiser)
    sign_in(client, make_account(organiser, event_id=event.id))
    page.get(f"/manage/events/{event.slug}/colleagues")
    page.submit(page.form(containing="email"), {"email": "neu@example.org", "role": "door"}, status=200)
    assert str(event.title["de"]) in render(last_mail()).text
    page.get(f"/manage/events/{other.slug}/colleagues", status=404)
    page.get("/manage/organisers/stadt/colleagues", status=404)
    guest = page.another()
    guest.get(link_in(last_mail()))
    guest.submit(values={"name": "Tür", "password": "long enough words"}, status=200)
    account = find_account("neu@example.org")
    assert account is not None
    assert list_roles(account.id, organiser.id, None) == set()
    assert list_roles(account.id, organiser.id, event.id) == {Role.DOOR}


def test_the_page_of_the_organiser_names_people_of_single_events(client: Client, page: Visitor) -> None:
    organiser = make_organiser(slug="stadt")
    event = make_event(organiser)
    make_account(organiser, Role.DOOR, event_id=event.id, name="Tür <i>Steher</i>")
    sign_in(client, make_account(organiser))
    page.get("/manage/organisers/stadt/colleagues")
    assert "Tür <i>Steher</i> · Einlass · Gemeinsam vor Ort" in page.text


def test_removed_people_are_out_at_once(client: Client, page: Visitor) -> None:
    organiser = make_organiser(slug="stadt")
    make_account(organiser)
    leaving = make_account(organiser)
    sign_in(client, leaving)
    page.get("/manage/organisers/stadt")
    remove(Place(organiser.id), leaving.public_id)
    page.get("/manage/organisers/stadt", status=404)
    with pytest.raises(NotFound):
        change_role(Place(organiser.id), leaving.public_id, Role.OWNER)


@pytest.mark.parametrize(
    "values",
    [{"email": "kein-at"}, {"email": ""}, {"email": "x" * 10_000 + "@example.org"}, {"role": "king"},
     {"language": "xx"}, {"email": "a@example.org\r\nBcc: b@example.org, c@example.org"}],
)  # fmt: skip
def test_hostile_invitations_are_refused_and_nothing_is_sent(
    client: Client, page: Visitor, values: dict[str, str]
) -> None:
    sign_in(client, make_account(make_organiser(slug="stadt")))
    page.get("/manage/organisers/stadt/colleagues")
    shown = page.submit(page.form(containing="email"), {"email": "neu@example.org", "role": "door", **values})
    assert shown.status == 422
    assert page.errors
    assert db.session.scalars(select(Message)).all() == []


def test_event_titles_with_markup_stay_text_in_the_mail(app: Flask) -> None:
    organiser = make_organiser("<b>Stadt</b>")
    invite(Place(organiser.id), "neu@example.org", Role.DOOR, "de", Localized(de="<script>alert(1)</script>"))
    mail = render(last_mail())
    assert "<script>" not in mail.html
    assert "<b>Stadt" not in mail.html
    assert "<script>alert(1)</script>" in mail.text
