"""What an event may be and become: kinds of organisation, states and their moves, addresses that are taken."""

from enum import StrEnum

from eventapp.core.i18n import BY_KEY, CONTENT_LANGUAGES


class OrganisationKind(StrEnum):
    """Where a guest comes from: a fixed list, for balance and reports."""

    MUNICIPALITY = "municipality"
    MINISTRY = "ministry"
    COMPANY = "company"
    JOB_AGENCY = "job_agency"
    CHAMBER = "chamber"
    UNION = "union"
    ASSOCIATION = "association"
    MIGRANT_ASSOCIATION = "migrant_association"
    EDUCATION = "education"
    NEWCOMER = "newcomer"
    PRESS = "press"
    POLITICS = "politics"
    OTHER = "other"


class EventState(StrEnum):
    """Where an event stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CALLED_OFF = "called_off"


class EventAction(StrEnum):
    """What can be done with an event."""

    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    CALL_OFF = "call_off"


MOVES: dict[EventState, dict[EventAction, EventState]] = {
    EventState.DRAFT: {EventAction.PUBLISH: EventState.PUBLISHED},
    EventState.PUBLISHED: {EventAction.UNPUBLISH: EventState.DRAFT, EventAction.CALL_OFF: EventState.CALLED_OFF},
    EventState.CALLED_OFF: {},
}
IS_PUBLIC = frozenset({EventState.PUBLISHED, EventState.CALLED_OFF})

RESERVED_SLUGS = frozenset(
    {"manage", "door", "my", "api", "static", "calendar", "media", "organisers", "events", "event", "t", "ticket",
     "tickets", "agenda", "people", "register", "login", "logout", "sign-in", "sign-out", "admin", "help", "healthz",
     "readyz", "metrics", "favicon", "robots", "sitemap", "well-known", "preview", "link", "new", "search", "about",
     "service-worker", "manifest", "imprint", "privacy", "accessibility", "legal-notice"}
) | frozenset(BY_KEY) | frozenset(CONTENT_LANGUAGES)  # fmt: skip
"""Addresses that the site needs itself."""
