"""Marks that say who may call a view. They only label it; `eventapp.gate` holds the checks."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

SIGNED_IN = "_user_id"
"""Where Flask-Login keeps in the session who is signed in."""
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Mark:
    """Who may call the view: the kind of check and what it needs to know."""

    kind: str
    what: str = ""


def public(view: View) -> View:
    """Everybody may call this view."""
    return _mark(view, Mark("public"))


def by_link(purpose: str) -> Callable[[View], View]:
    """Whoever holds a signed link for `purpose` may call this view; the view itself reads the token."""
    return lambda view: _mark(view, Mark("by_link", purpose))


def signed_in(view: View) -> View:
    """Every person who signed in may call this view."""
    return _mark(view, Mark("signed_in"))


def requires(permission: StrEnum) -> Callable[[View], View]:
    """Only people with `permission` for the event or organiser named in the address may call this view."""
    return lambda view: _mark(view, Mark("requires", permission.value))


def at_the_door(view: View) -> View:
    """Only people and devices that may scan at the event named in the address may call this view."""
    return _mark(view, Mark("at_the_door"))


def mark_of(view: Callable[..., Any]) -> Mark | None:
    """Return the mark of a view, None when it has none."""
    return getattr(view, "access_mark", None)


def _mark(view: View, mark: Mark) -> View:
    if mark_of(view) is not None:
        raise ValueError(f"{view.__name__} has two access marks")
    view.access_mark = mark  # type: ignore[attr-defined]
    return view
