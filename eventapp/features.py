"""The map of the application: every feature in one sentence, in the order in which one may import another.

A feature imports only features that stand above it. `tests/architecture` holds everybody to it.
"""

FEATURES: tuple[tuple[str, str], ...] = (
    (
        "core",
        "Knows no feature: database, clock, ids, refusals, signed links, languages, forms, web, audit, search text.",
    ),
    ("outbox", "The only way out: mails as rows written with the use case, and their delivery."),
    ("media", "Pictures: checked, re-encoded without metadata, stored and served."),
    ("accounts", "People who sign in, organisers, roles and permissions."),
    ("notices", "Legal notice, privacy notice and accessibility declaration: texts and versions."),
    ("capacity", "Limits, seats, the one lock per event and who fits."),
    ("events", "The data of an event and its categories."),
    ("agenda", "Agenda items, rooms, speakers and partners."),
    ("calendar", "iCal text and the public calendar files and feeds."),
    ("questions", "The form builder: an organiser's own questions, their conditions and the answers."),
    ("tickets", "Code, QR, state and PDF of a ticket."),
    ("registration", "The heart: sign-up, waiting list, the guest's page and own calendar."),
    ("checkin", "Entrances, devices, scans: the door."),
    ("privacy", "Which column holds personal data and how long it may stay."),
    ("reports", "Lists and exports: participants as CSV, the paper list for the door."),
    ("editions", "Use cases over all of these: public event page, create, copy, publish, call off."),
    ("dashboard", "The organiser's desk."),
    ("demo", "The reference event, made through the services only."),
)

ORDER: tuple[str, ...] = tuple(name for name, _ in FEATURES)
