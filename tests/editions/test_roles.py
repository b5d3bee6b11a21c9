"""A role for one event reaches that event only, and what an editor does leads to a page that an editor may see."""

import pytest
from flask import Flask

from eventapp.accounts.rules import Role
from tests.make import make_account, make_event, make_organiser, sign_in
from tests.pages import Client, Visitor


@pytest.mark.parametrize("role", [Role.OWNER, Role.EDITOR])
def test_a_role_for_one_event_makes_no_other_event(app: Flask, client: Client, role: Role) -> None:
    del app
    event, other = make_event(organiser := make_organiser()), make_event(organiser)
    sign_in(client, make_account(organiser, role, event_id=event.id))
    assert client.get(f"/manage/events/{event.slug}/basics").status_code == 200
    assert client.get(f"/manage/events/{event.slug}/copy").status_code == 403
    for address in (f"/manage/events/{other.slug}/", f"/manage/organisers/{organiser.slug}/events/new"):
        assert client.get(address).status_code == 404


def test_an_editor_sees_a_page_after_deleting_a_draft(app: Flask, page: Visitor) -> None:
    del app
    event = make_event(organiser := make_organiser(), published=False)
    sign_in(page.client, make_account(organiser, Role.EDITOR))
    page.get(f"/manage/events/{event.slug}/delete")
    page.submit("delete", status=200)
    assert "Der Entwurf ist gelöscht." in page.text
