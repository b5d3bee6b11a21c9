"""Which addresses an event may have, and why others are refused. Pure."""

from flask_babel import lazy_gettext as _l

from eventapp.core.i18n import BY_KEY, CONTENT_LANGUAGES
from eventapp.core.ids import SLUG
from eventapp.core.refusal import Refusal

RESERVED_SLUGS = frozenset(
    {"manage", "door", "my", "api", "static", "calendar", "media", "organisers", "events", "event", "t", "ticket",
     "tickets", "agenda", "people", "register", "login", "logout", "sign-in", "sign-out", "admin", "help", "healthz",
     "readyz", "metrics", "favicon", "robots", "sitemap", "well-known", "preview", "link", "new", "search", "about",
     "service-worker", "manifest", "imprint", "privacy", "accessibility", "legal-notice"}
) | frozenset(BY_KEY) | frozenset(CONTENT_LANGUAGES)  # fmt: skip
"""Addresses that the site needs itself."""


def check_slug(slug: str) -> None:
    """Raise a refusal when an address has the wrong form or the site needs it itself."""
    if not 3 <= len(slug) <= 60 or not SLUG.fullmatch(slug):
        raise WrongAddress
    if slug in RESERVED_SLUGS:
        raise AddressReserved


class WrongAddress(Refusal):
    code, status, field = "wrong_address", 422, "slug"
    message = _l("An address has 3 to 60 characters: a to z, 0 to 9 and single hyphens between them.")


class AddressReserved(Refusal):
    code, status, field = "address_reserved", 422, "slug"
    message = _l("The site needs this address itself. Please choose another one.")


class AddressTaken(Refusal):
    code, status, field = "address_taken", 409, "slug"
    message = _l("Another event has or had this address. Please choose another one.")
