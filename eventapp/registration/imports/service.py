"""A list of guests in two steps: `read` keeps what a file says as a draft, `send` invites exactly what was shown.

A draft belongs to one event: a colleague may look at it and send it. It is gone once it is sent, and after a day.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from babel import Locale
from sqlalchemy import delete, select

from eventapp.capacity.service import lock
from eventapp.core import clock, ids
from eventapp.core.db import db, transaction
from eventapp.core.i18n import BY_KEY, CONTENT_LANGUAGES, language_name, speaking
from eventapp.core.refusal import NotFound
from eventapp.core.search import fold
from eventapp.events.labels import ORGANISATION_KINDS
from eventapp.events.models import Category, Event
from eventapp.events.rules import OrganisationKind
from eventapp.registration.imports.refusals import ListChanged, NothingToSend
from eventapp.registration.imports.rules import Words, read_row, read_sheet
from eventapp.registration.invitations.models import InvitationDraft
from eventapp.registration.invitations.queries import find_open_identities
from eventapp.registration.invitations.rules import Invited
from eventapp.registration.invitations.service import check_expiry, identity_of, invite_all
from eventapp.registration.queries import find_living_identities

LIVES = timedelta(days=1)
_READ_IN = ("de", "en")
"""Languages in which words of the file are understood, beside each thing's own."""


@dataclass(frozen=True)
class Row:
    """A row of the file as it stands now: whom it invites, or the code of what is wrong and of what."""

    line: int
    given: Invited | None
    problem: str = ""
    what: str = ""
    email: str = ""


@dataclass(frozen=True)
class Preview:
    """What a draft would do now."""

    draft: InvitationDraft
    rows: tuple[Row, ...]

    @property
    def good(self) -> list[Row]:
        """Rows that would be invited."""
        return [row for row in self.rows if row.given is not None]

    @property
    def bad(self) -> list[Row]:
        """Rows that would be left out."""
        return [row for row in self.rows if row.given is None]


def read(
    event_id: int,
    data: bytes,
    *,
    category_id: int,
    language: str,
    words: str = "",
    expires_at: datetime | None = None,
) -> str:
    """Read a file and keep its rows as a draft; return its public id, or raise the Refusal that says what is wrong.

    `category_id` and `language` are for rows that name none.
    """
    sheet = read_sheet(data)
    event = db.session.get_one(Event, event_id)
    known = _words(event, category_id, language)
    rows = [[line, *read_row(sheet, cells, known)] for line, cells in sheet.rows]
    with transaction() as session:
        check_expiry(session.get_one(Event, event_id), expires_at)
        draft = InvitationDraft(
            public_id=ids.public_id(),
            event_id=event_id,
            columns=[list(pair) for pair in sheet.columns],
            rows=rows,
            words=words,
            expires_at=expires_at,
            created_at=clock.now(),
        )
        session.add(draft)
        session.flush()
        return draft.public_id


def look(event_id: int, public_id: str) -> Preview:
    """Return what a draft would do now, with doubles and whoever is invited or registered marked; raise NotFound."""
    mine = InvitationDraft.event_id == event_id, InvitationDraft.created_at > clock.now() - LIVES
    draft = db.session.scalar(
        select(InvitationDraft)
        .where(InvitationDraft.public_id == public_id, *mine)
        .execution_options(populate_existing=True)
    )
    if draft is None:
        raise NotFound
    return Preview(draft, _marked(event_id, draft.rows))


def send(event_id: int, public_id: str, number: int) -> int:
    """Invite all good rows of a draft in one transaction and forget it; raise ListChanged when it is not `number`."""
    with transaction() as session:
        lock(event_id)
        preview = look(event_id, public_id)
        people = [row.given for row in preview.good if row.given is not None]
        if len(people) != number:
            raise ListChanged
        if not people:
            raise NothingToSend
        invite_all(event_id, people, preview.draft.words, preview.draft.expires_at)
        session.delete(preview.draft)
        return len(people)


def sweep() -> None:
    """Delete drafts that nobody confirmed within a day; a periodic job."""
    with transaction() as session:
        old = InvitationDraft.created_at <= clock.now() - LIVES
        session.execute(delete(InvitationDraft).where(old).execution_options(synchronize_session=False))


def _marked(event_id: int, stored: list[Any]) -> tuple[Row, ...]:
    people = {line: _invited(given) for line, given, problem, _ in stored if not problem}
    keys = {line: identity_of(one) for line, one in people.items()}
    invited = find_open_identities(event_id, keys.values())
    registered = find_living_identities(event_id, keys.values())
    categories = set(db.session.scalars(select(Category.id).where(Category.event_id == event_id)))
    seen: dict[str, int] = {}
    rows = []
    for line, given, wrong, what in stored:
        problem = wrong or _conflict(people[line], keys[line], categories, invited, registered)
        first = line if problem else seen.setdefault(keys[line], line)
        if first != line:
            rows.append(Row(line, None, "double", str(first), people[line].email))
        else:
            rows.append(Row(line, None if problem else people[line], problem, what, str(given.get("email", ""))))
    return tuple(rows)


def _conflict(given: Invited, key: str, categories: set[int], invited: set[str], registered: Any) -> str:
    if given.category_id not in categories:
        return "category_gone"
    return "invited" if key in invited else "registered" if key in registered else ""


def _invited(given: dict[str, Any]) -> Invited:
    kind = given["organisation_kind"]
    return Invited(**{**given, "organisation_kind": OrganisationKind(kind) if kind else None})


def _words(event: Event, category_id: int, language: str) -> Words:
    """Return the words by which a file may name groups (code, label), languages and kinds."""
    categories = {fold(text): c.id for c in event.categories for text in (*c.label.values(), c.code)}
    languages = {key: key for key in (*BY_KEY, *CONTENT_LANGUAGES)}
    languages |= {fold(language_name(key)): key for key in languages}
    kinds = {fold(kind.value): kind.value for kind in OrganisationKind}
    for spoken in _READ_IN:
        names = Locale.parse(spoken).languages
        languages |= {fold(str(names[key])): key for key in (*BY_KEY, *CONTENT_LANGUAGES) if key in names}
        with speaking(spoken):
            kinds |= {fold(str(ORGANISATION_KINDS[kind])): kind.value for kind in OrganisationKind}
    return Words(categories, languages, kinds, category_id, language)
