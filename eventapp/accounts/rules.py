"""Roles and what each may do; pure, used by the gate and by templates that hide what would be refused."""

import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv6Address, IPv6Network, ip_address


class Permission(StrEnum):
    """One thing that somebody may do for an organiser or an event."""

    SEE_EVENT = "see_event"
    EDIT_EVENT = "edit_event"
    PUBLISH = "publish"
    SEE_PARTICIPANTS = "see_participants"
    EDIT_PARTICIPANTS = "edit_participants"
    EXPORT = "export"
    SEE_MAIL = "see_mail"
    SCAN = "scan"
    EDIT_ORGANISER = "edit_organiser"
    INVITE_COLLEAGUES = "invite_colleagues"


class Role(StrEnum):
    """What a person is for an organiser or an event."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"
    DOOR = "door"


@dataclass(frozen=True)
class SignedIn:
    """An account that is signed in, as plain values: as far as a call of the door asks."""

    id: int
    public_id: str
    link_version: int

    is_authenticated = is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Return what the session keeps."""
        return session_id(self.public_id, self.link_version)


def session_id(public_id: str, link_version: int) -> str:
    """Return what a session keeps of its account: the version in it ends the session when the password changes."""
    return f"{public_id}|{link_version}"


_VIEWER = frozenset({Permission.SEE_EVENT, Permission.SEE_PARTICIPANTS})
_EDITOR = _VIEWER | {
    Permission.EDIT_EVENT,
    Permission.PUBLISH,
    Permission.EDIT_PARTICIPANTS,
    Permission.EXPORT,
    Permission.SEE_MAIL,
    Permission.SCAN,
}
MAY: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.EDITOR: _EDITOR,
    Role.VIEWER: _VIEWER,
    Role.DOOR: frozenset({Permission.SCAN}),
}


def may(roles: set[Role] | frozenset[Role], permission: Permission) -> bool:
    """Tell whether somebody with these roles may do this."""
    return any(permission in MAY[role] for role in roles)


STRENGTH: dict[Role, int] = {Role.DOOR: 0, Role.VIEWER: 1, Role.EDITOR: 2, Role.OWNER: 3}
"""Which role counts when somebody is given a second one: the stronger."""

_STAFF_PATH = re.compile(r"/(manage|door)(/[\w.~/-]*)?(\?[\w.~/=&%+-]*)?", re.ASCII)


def own_path(target: str) -> str | None:
    """Return `target` if it is a path of our own staff pages, so that a link to sign-in leads nowhere else."""
    return target if _STAFF_PATH.fullmatch(target) and "//" not in target and len(target) < 500 else None


def network(address: str | None) -> str:
    """Return what counts as one neighbour on the network: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(IPv6Network((int(parsed) >> 64 << 64, 64)))
    return str(parsed)
