"""Notices: pages with a marked fallback, versions that stay readable, drafts that are never published as such."""

import pytest
from flask import Flask
from sqlalchemy import select

from eventapp.accounts.rules import Role
from eventapp.core.audit import AuditEntry
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.notices.models import NoticeKind
from eventapp.notices.queries import find_current, gaps, list_versions
from eventapp.notices.rules import find_blank
from eventapp.notices.service import NoticeEmpty, NoticeUnfinished, publish
from tests.make import make_account, make_organiser, sign_in
from tests.pages import Client, Visitor

KINDS = [kind.value for kind in NoticeKind]


def test_a_text_is_read_in_ones_language_and_falls_back_marked(page: Visitor) -> None:
    organiser = make_organiser(slug="stadt", notices=False)
    publish(organiser.id, NoticeKind.PRIVACY, Localized(de="# Wer\n\n**fett**", en="# Who\n\n- one"))
    page.get("/en/organisers/stadt/privacy")
    assert "Who" in page.text
    assert 'lang="de"' not in page.html.partition('class="ev-prose"')[2].partition("</div>")[0]
    page.get("/ar/organisers/stadt/privacy")
    assert '<div lang="de" dir="ltr"><h2>Wer</h2>' in page.html


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_that_is_not_published_is_told_so(page: Visitor, kind: str) -> None:
    make_organiser(slug="stadt", notices=False)
    page.get(f"/de/organisers/stadt/{kind}", status=404)
    assert "noch nicht veröffentlicht" in page.text
    page.get(f"/de/organisers/nobody/{kind}", status=404)
    page.get("/de/organisers/stadt/other", status=404)


def test_gaps_name_what_is_missing(app: Flask) -> None:
    organiser = make_organiser(notices=False)
    assert gaps(organiser.id) == list(NoticeKind)
    publish(organiser.id, NoticeKind.LEGAL, Localized(de="Text"))
    assert gaps(organiser.id) == [NoticeKind.PRIVACY, NoticeKind.ACCESSIBILITY]


def test_every_new_text_is_a_version_and_the_same_text_is_none(app: Flask) -> None:
    organiser = make_organiser(notices=False)
    for text in ("eins", "eins", "zwei"):
        publish(organiser.id, NoticeKind.LEGAL, Localized(de=text))
    assert [one.version for one in list_versions(organiser.id, NoticeKind.LEGAL)] == [2, 1]
    assert [one.body["de"] for one in list_versions(organiser.id, NoticeKind.LEGAL)] == ["zwei", "eins"]
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "notice.published")).all()
    assert [entry.facts["version"] for entry in entries] == [1, 2]


def test_empty_and_unfinished_texts_are_refused(app: Flask) -> None:
    organiser = make_organiser(notices=False)
    with pytest.raises(NoticeEmpty):
        publish(organiser.id, NoticeKind.LEGAL, Localized(de="  "))
    with pytest.raises(NoticeUnfinished):
        publish(organiser.id, NoticeKind.LEGAL, Localized(de="Fertig", ar="[bitte ergänzen: Name]"))
    assert gaps(organiser.id) == list(NoticeKind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_draft_comes_on_request_and_is_not_published_before_it_is_finished(
    client: Client, page: Visitor, kind: str
) -> None:
    organiser = make_organiser("Stadt <Essen>", slug="stadt", notices=False)
    sign_in(client, make_account(organiser))
    page.get(f"/manage/organisers/stadt/notices/{kind}")
    assert page.form().values["body-de"] == ""
    page.click("Mit einem Entwurf beginnen")
    draft = page.form().values["body-de"]
    assert "Stadt <Essen>" in draft
    assert find_blank({"de": draft})
    assert page.submit().status == 422
    assert page.form().values["body-de"] == draft
    assert find_current(organiser.id, NoticeKind(kind)) is None
    done = "\n".join(line for line in draft.split("\n") if "[bitte" not in line)
    page.submit(values={"body-de": done}, status=200)
    assert page.trail[-1] == "/manage/organisers/stadt/notices"
    assert gaps(organiser.id) == [one for one in NoticeKind if one.value != kind]


def test_older_versions_stay_readable(client: Client, page: Visitor) -> None:
    organiser = make_organiser(slug="stadt")
    sign_in(client, make_account(organiser))
    page.get("/manage/organisers/stadt/notices")
    page.click("Bearbeiten")
    page.submit(values={"body-de": "Neuer Text", "body-ar": "نص جديد"}, status=200)
    page.click("Fassungen")
    page.click("Fassung 1")
    assert "Text: legal-notice" in page.text
    page.get("/manage/organisers/stadt/notices/legal-notice/versions/2")
    assert "نص جديد" in page.text
    page.get("/manage/organisers/stadt/notices/legal-notice/versions/3", status=404)


def test_hostile_texts_do_no_harm(client: Client, page: Visitor) -> None:
    sign_in(client, make_account(make_organiser(slug="stadt")))
    page.get("/manage/organisers/stadt/notices/privacy")
    evil = "<script>alert(1)</script>\x00 [x](javascript:alert(1)) ![y](https://evil.example/pixel.png) # </textarea>"
    page.submit(values={"body-de": evil}, status=200)
    page.get("/de/organisers/stadt/privacy")
    body = page.html.partition("<article")[2].partition("</article>")[0]
    assert "<script" not in body
    assert "<img" not in body
    assert 'href="javascript' not in body
    page.get("/manage/organisers/stadt/notices/privacy")
    assert page.submit(values={"body-de": "x" * 20_001}).status == 422


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER, Role.DOOR])
def test_only_owners_write_notices(client: Client, role: Role) -> None:
    sign_in(client, make_account(make_organiser(slug="stadt"), role))
    for path in ("", "/privacy", "/privacy/versions", "/privacy/versions/1"):
        assert client.get(f"/manage/organisers/stadt/notices{path}").status_code == 403


def test_strangers_find_nothing(client: Client) -> None:
    make_organiser(slug="other")
    sign_in(client, make_account(make_organiser(slug="mine")))
    assert client.get("/manage/organisers/other/notices").status_code == 404
