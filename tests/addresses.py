"""All addresses of the site that give a page, taken from the application itself, so that none can be forgotten.

Used by the journey over every page and by the command that takes pictures of them.
"""

from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

from eventapp.core.access import mark_of

NO_PAGE = {
    "accounts.colours": "a style sheet",
    "accounts.manage.message_file": "a mail as a file",
    "calendar.all_events": "a calendar",
    "calendar.event_file": "a calendar",
    "calendar.item_file": "a calendar",
    "checkin.api.conflicts": "JSON for the door",
    "checkin.api.counts": "JSON for the door",
    "checkin.api.search": "JSON for the door",
    "checkin.app.reader": "a script",
    "checkin.app.service_worker": "a script",
    "checkin.app.web_manifest": "JSON for phones that install the door",
    "checkin.manifest.api.tickets": "JSON for the door",
    "editions.choose": "leads to the event in the reader's language",
    "editions.favicon": "a picture",
    "editions.home": "leads to the events in the reader's language",
    "editions.manage.preview": "leads to the preview",
    "editions.robots": "text for search engines",
    "editions.sitemap": "XML for search engines",
    "events.cover": "a picture",
    "health.healthz": "text for the operator",
    "health.readyz": "text for the operator",
    "media.picture": "a picture",
    "questions.manage.file": "a file that a guest gave",
    "registration.feed": "a calendar",
    "registration.groups.tickets_pdf": "a PDF",
    "registration.qr_code": "a picture",
    "registration.ticket_pdf": "a PDF",
    "reports.manage.participants_csv": "a table as a file",
    "static": "files",
    "static_files.other_version": "leads to the file as it is now",
}
"""Endpoints whose answer is no page, each with what it is instead."""


@dataclass(frozen=True)
class Address:
    """One rule of the site that gives a page, and whether one must sign in to see it."""

    rule: Rule
    endpoint: str
    needs_account: bool
    has_language: bool
    """The language stands in the address; elsewhere it comes from the account."""


def list_pages(app: Flask) -> list[Address]:
    """Return every GET address of the site that gives a page, in the order of the addresses."""
    rules = [
        rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGE
    ]
    return [_address(app, rule) for rule in sorted(rules, key=lambda rule: rule.rule)]


def _address(app: Flask, rule: Rule) -> Address:
    mark = mark_of(app.view_functions[rule.endpoint])
    assert mark is not None, f"{rule.endpoint} carries no mark"
    return Address(rule, rule.endpoint, mark.kind not in ("public", "by_link"), "lang" in rule.arguments)
