"""What each role may do and see: one table, and whatever is not in it is denied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

from tellerline.domain.errors import Refused

Role: TypeAlias = Literal["representative", "supervisor", "editor", "compliance", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)

_SERVING: frozenset[Role] = frozenset({"representative", "supervisor"})
_LEADING: frozenset[Role] = frozenset({"supervisor"})
_READING: frozenset[Role] = frozenset({"supervisor", "compliance"})
_STAFF: frozenset[Role] = frozenset({"representative", "supervisor", "editor", "compliance", "administrator"})

PERMISSIONS: Mapping[str, frozenset[Role]] = {
    # One's own work
    "desk.enter": _STAFF,
    "desk.serve": _SERVING,  # be available, be rung at, accept and decline
    "desk.search": _STAFF,  # canned replies, knowledge, procedures, reasons
    # Conversations: one's own, those one was drawn into, and by `read` any
    "conversation.read": _READING,
    "conversation.send": _SERVING,
    "conversation.note": _SERVING,
    "conversation.guide": _SERVING,
    "conversation.verify": _SERVING,
    "conversation.promise": _SERVING,
    "conversation.snooze": _SERVING,
    "conversation.transfer": _SERVING,
    "conversation.close": _SERVING,
    "conversation.attach": _SERVING,
    "conversation.reveal": frozenset({"representative", "supervisor", "compliance"}),
    "conversation.watch": _LEADING,
    "conversation.whisper": _LEADING,
    "conversation.join": _LEADING,
    "conversation.takeover": _LEADING,
    # Papers
    "letter.write": frozenset({"representative", "supervisor", "compliance"}),
    "list.export": _READING,
    # The house
    "phrases.edit": frozenset({"supervisor", "editor"}),
    "skills.edit": frozenset({"supervisor", "administrator"}),
    "accounts.edit": frozenset({"administrator"}),
    "audit.read": frozenset({"compliance"}),
}

FIELDS: Mapping[str, frozenset[Role]] = {
    # What of a customer may be shown, masked until it is revealed
    "name": frozenset({"representative", "supervisor", "compliance"}),
    "phone": frozenset({"representative", "supervisor", "compliance"}),
    "accounts": frozenset({"representative", "supervisor", "compliance"}),
    "customer": frozenset({"representative", "supervisor", "compliance"}),
    "notes": frozenset({"representative", "supervisor", "compliance"}),
    "reading": frozenset({"supervisor", "compliance"}),
}


def permissions_of(role: Role) -> list[str]:
    """List what `role` may do."""
    return sorted(name for name, roles in PERMISSIONS.items() if role in roles)


def may(role: Role, permission: str) -> bool:
    """Tell whether `role` may do what `permission` names."""
    return role in PERMISSIONS.get(permission, frozenset())


def may_see(role: Role, field: str) -> bool:
    """Tell whether `role` may see `field` of a customer or an event."""
    return role in FIELDS.get(field, frozenset())


def check_permission(role: Role, permission: str) -> None:
    """Let only those pass who may. Raises: Refused, code `not_permitted` with data `permission`."""
    if not may(role, permission):
        raise Refused("not_permitted", f"{role} may not do this", permission=permission)
