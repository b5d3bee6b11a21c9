"""Roles and what each may do; pure, used by the gate and by templates that hide what would be refused."""

from enum import StrEnum


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
