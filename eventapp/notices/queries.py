"""Reads of notices: the current text, its versions, and what is still missing before an event may be published."""

from sqlalchemy import select

from eventapp.core.db import db
from eventapp.notices.models import Notice, NoticeKind


def find_current(organiser_id: int, kind: NoticeKind) -> Notice | None:
    """Find the text that counts now."""
    mine = select(Notice).where(Notice.organiser_id == organiser_id, Notice.kind == kind)
    return db.session.scalar(mine.order_by(Notice.version.desc()).limit(1))


def find_version(organiser_id: int, kind: NoticeKind, version: int) -> Notice | None:
    """Find one version of a text."""
    mine = select(Notice).where(Notice.organiser_id == organiser_id, Notice.kind == kind)
    return db.session.scalar(mine.where(Notice.version == version))


def list_versions(organiser_id: int, kind: NoticeKind) -> list[Notice]:
    """Return all versions of a text, the newest first."""
    mine = select(Notice).where(Notice.organiser_id == organiser_id, Notice.kind == kind)
    return list(db.session.scalars(mine.order_by(Notice.version.desc())))


def list_current(organiser_id: int) -> dict[NoticeKind, Notice]:
    """Return the current text of every kind that has one."""
    mine = select(Notice).where(Notice.organiser_id == organiser_id).order_by(Notice.version)
    return {notice.kind: notice for notice in db.session.scalars(mine)}


def gaps(organiser_id: int) -> list[NoticeKind]:
    """Return the kinds of which nothing is published; an event cannot be published before there are none."""
    found = list_current(organiser_id)
    return [kind for kind in NoticeKind if kind not in found]
