"""Words for what people did about the door, for the organiser's page."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

Facts = Mapping[str, Any]


def _apart(name: str) -> str:
    """Return a name that keeps its own direction within a sentence of the other one."""
    return f"\u2068{name}\u2069"


def _names(facts: Facts) -> str:
    if facts.get("names_offline"):
        return str(_("Changed which notes the door sees; phones keep the guests’ names for when there is no network."))
    return str(_("Changed which notes the door sees; phones keep no names."))


SENTENCES: dict[str, Callable[[Facts], str]] = {
    "door_link.made": lambda facts: _("Made the door link “%(name)s”.", name=_apart(facts["label"])),
    "door_link.ended": lambda facts: _("Ended the door link “%(name)s”.", name=_apart(facts["label"])),
    "device.signed_on": lambda facts: _("The phone “%(name)s” signed on with a door link.", name=_apart(facts["name"])),
    "device.left": lambda facts: _("The phone “%(name)s” signed off.", name=_apart(facts["name"])),
    "device.revoked": lambda facts: _("Signed the phone “%(name)s” off.", name=_apart(facts["name"])),
    "device.override_opened": lambda facts: _(
        "A supervisor’s PIN let the phone “%(name)s” admit against the answer for two minutes.",
        name=_apart(facts["name"]),
    ),
    "entrance.added": lambda facts: _("Added the entrance “%(name)s”.", name=_apart(facts["name"])),
    "entrance.renamed": lambda facts: _("Renamed an entrance; it is now “%(name)s”.", name=_apart(facts["name"])),
    "entrance.changed": lambda facts: _("Changed the rules of the entrance “%(name)s”.", name=_apart(facts["name"])),
    "entrance.removed": lambda facts: _("Removed the entrance “%(name)s”.", name=_apart(facts["name"])),
    "door.searched": lambda facts: ngettext(
        "Searched for a guest by name; %(num)s was found.",
        "Searched for a guest by name; %(num)s were found.",
        facts["found"],
    ),
    "door.notes": _names,
    "kiosk.started": lambda _facts: _("Started self check-in."),
    "kiosk.ended": lambda _facts: _("Ended self check-in."),
    "conflict.noted": lambda _facts: _("Noted what a double admission was."),
    "foyer.renewed": lambda _facts: _("Made a new link for the screen in the foyer; the old one has ended."),
}
"""A sentence for each action of the history; it never says for whom somebody searched."""
