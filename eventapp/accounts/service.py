"""Use cases of accounts and organisers: make, change, give a role. Called by views, commands and the demo."""

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventapp.accounts import colours, passwords
from eventapp.accounts.models import Account, Membership, Organiser
from eventapp.accounts.queries import find_membership
from eventapp.accounts.rules import Role
from eventapp.core import audit, clock, ids
from eventapp.core.db import transaction
from eventapp.core.i18n import interface
from eventapp.core.localized import Localized
from eventapp.core.refusal import Refusal
from eventapp.core.search import fold_email

ACCENT = "#00505f"


class EmailTaken(Refusal):
    """Another account has this e-mail address."""

    code = "email_taken"
    message = _l("There is an account with this e-mail address already.")
    field = "email"


class EmailWrong(Refusal):
    """Not the form of an e-mail address; forms refuse it before, commands and the demo do not."""

    code = "email_wrong"
    status = 422
    message = _l("This is not a complete e-mail address. It looks like name@example.org.")
    field = "email"


class AddressesUsedUp(Refusal):
    """A thousand organisers of one name."""

    code = "addresses_used_up"
    message = _l("There are too many organisers of this name. Please take another name.")
    field = "name"


class NameMissing(Refusal):
    """An organiser or account without a name."""

    code = "name_missing"
    status = 422
    message = _l("Please give a name.")
    field = "name"


class ColourUnreadable(Refusal):
    """White text on the colour, or the colour on our grounds, has too little contrast."""

    code = "colour_unreadable"
    status = 422
    message = _l("Many people could not read text in this colour. Please take a darker one.")
    field = "accent"


class LastOwner(Refusal):
    """Without this person nobody could give roles any more."""

    code = "last_owner"
    message = _l("This is the last owner. Make somebody else an owner first.")
    field = "role"


@dataclass(frozen=True)
class OrganiserInput:
    """What is said about an organiser; the slug is made from the name when it is empty."""

    name: Localized
    email: str
    slug: str = ""
    name_detail: Localized = Localized()  # noqa: RUF009 - immutable
    phone: str = ""
    website: str = ""
    address: str = ""
    privacy_contact: str = ""
    accent: str = ACCENT


def create_organiser(given: OrganiserInput) -> Organiser:
    """Make an organiser; its address is numbered when another one has it already."""
    with transaction() as session:
        _check(given)
        wanted = ids.slug(given.slug or given.name.pick("de").text) or "organiser"
        taken = set(session.scalars(select(Organiser.slug).where(Organiser.slug.startswith(wanted[:56]))))
        for slug in (wanted, *(f"{wanted[:56]}-{n}" for n in range(2, 1000))):
            if slug in taken:
                continue
            organiser = Organiser(slug=slug, created_at=clock.now())
            _write(organiser, given)
            if _add(session, organiser):
                audit.record("organiser.created", f"organiser:{slug}", organiser_id=organiser.id)
                return organiser
        raise AddressesUsedUp


def edit_organiser(organiser_id: int, given: OrganiserInput) -> Organiser:
    """Change what is said about an organiser; its address stays."""
    with transaction() as session:
        _check(given)
        organiser = session.get_one(Organiser, organiser_id)
        changed = _write(organiser, given)
        if changed:
            facts = {"changed": changed}
            audit.record("organiser.edited", f"organiser:{organiser.slug}", organiser_id=organiser.id, facts=facts)
        return organiser


def set_logo(organiser_id: int, picture_id: int | None) -> None:
    """Show this picture as the organiser's logo, or none."""
    with transaction() as session:
        organiser = session.get_one(Organiser, organiser_id)
        organiser.logo_id = picture_id
        audit.record("organiser.logo_changed", f"organiser:{organiser.slug}", organiser_id=organiser.id)


def create_account(email: str, name: str, password: str, language: str = "de") -> Account:
    """Make a person who can sign in; refuses an address that has an account and a weak password."""
    passwords.check(password, email)
    _check_email(email)
    password_hash = passwords.make_hash(password)
    with transaction() as session:
        if not name.strip():
            raise NameMissing
        if session.scalar(select(Account.id).where(Account.email_key == fold_email(email))) is not None:
            raise EmailTaken
        account = Account(
            public_id=ids.public_id(),
            email=email.strip(),
            email_key=fold_email(email),
            name=name.strip(),
            password_hash=password_hash,
            language=interface(language),
            created_at=clock.now(),
        )
        if not _add(session, account):
            raise EmailTaken
        audit.record("account.created", f"account:{account.public_id}")
        return account


def edit_account(account_id: int, name: str, language: str) -> Account:
    """Change how a person is called and addressed."""
    with transaction() as session:
        if not name.strip():
            raise NameMissing
        account = session.get_one(Account, account_id)
        account.name, account.language = name.strip(), interface(language)
        audit.record("account.edited", f"account:{account.public_id}")
        return account


def grant(account_id: int, organiser_id: int, role: Role, event_id: int | None = None) -> Membership:
    """Give an account a role for an organiser, or for one of its events only; replaces the role it had there."""
    with transaction() as session:
        lock_roles(organiser_id)
        membership = find_membership(account_id, organiser_id, event_id)
        if membership is None:
            membership = Membership(account_id=account_id, organiser_id=organiser_id, event_id=event_id, role=role)
            session.add(membership)
        elif membership.role is not Role(role):
            refuse_last_owner(membership)
        membership.role = Role(role)
        session.flush()
        account = session.get_one(Account, account_id)
        facts = {"role": membership.role.value}
        about = f"account:{account.public_id}"
        audit.record("colleague.granted", about, event_id=event_id, organiser_id=organiser_id, facts=facts)
        return membership


def lock_roles(organiser_id: int) -> Organiser:
    """Lock the organiser, so that two people cannot take the last two owners away at once; return it."""
    with transaction() as session:
        session.flush()
        organiser = session.get_one(Organiser, organiser_id, with_for_update=True, populate_existing=True)
        session.expire_all()  # what was read before the lock may be old
        return organiser


def refuse_last_owner(membership: Membership) -> None:
    """Raise LastOwner if nobody else is owner of the whole organiser; call it under `lock_roles`."""
    if membership.role is not Role.OWNER or membership.event_id is not None:
        return
    others = select(Membership.id).where(
        Membership.organiser_id == membership.organiser_id,
        Membership.event_id.is_(None),
        Membership.role == Role.OWNER,
        Membership.id != membership.id,
    )
    with transaction() as session:
        if session.scalar(others.limit(1)) is None:
            raise LastOwner


def create_owner(
    given: OrganiserInput, email: str, name: str, password: str, language: str = "de"
) -> tuple[Organiser, Account]:
    """Make an organiser and the first person who may do everything for it."""
    with transaction():
        account = create_account(email, name, password, language)
        organiser = create_organiser(given)
        grant(account.id, organiser.id, Role.OWNER)
        return organiser, account


def _add(session: Session, row: Organiser | Account) -> bool:
    """Insert a row; False when another process took its address or e-mail at this moment."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True


def _check_email(email: str) -> None:
    try:
        validate_email(email.strip(), check_deliverability=False)
    except EmailNotValidError as error:
        raise EmailWrong from error


def _check(given: OrganiserInput) -> None:
    if not given.name:
        raise NameMissing
    _check_email(given.email)
    if not colours.HEX.fullmatch(given.accent) or colours.problems(given.accent):
        raise ColourUnreadable


def _write(organiser: Organiser, given: OrganiserInput) -> list[str]:
    names = ("name", "name_detail", "email", "phone", "website", "address", "privacy_contact", "accent")
    changed = [name for name in names if getattr(organiser, name) != getattr(given, name)]
    for name in changed:
        setattr(organiser, name, getattr(given, name))
    return changed
