"""Whatever is not in the table is denied, and the table says what it should."""

from __future__ import annotations

from typing import get_args

import pytest

from tellerline.desk.permission import (
    FIELDS,
    PERMISSIONS,
    Role,
    check_permission,
    may,
    may_see,
    permissions_of,
)
from tellerline.domain.errors import Refused

ROLES: tuple[Role, ...] = get_args(Role)


@pytest.mark.parametrize("role", ROLES)
def test_what_is_not_in_the_table_is_denied(role: Role) -> None:
    assert not may(role, "conversation.rewrite")
    assert not may_see(role, "password")
    with pytest.raises(Refused) as refusal:
        check_permission(role, "conversation.rewrite")
    assert refusal.value.data["permission"] == "conversation.rewrite"


def test_nobody_can_do_everything() -> None:
    assert all(set(permissions_of(role)) < set(PERMISSIONS) for role in ROLES)


@pytest.mark.parametrize("role", ["editor", "administrator"])
def test_who_keeps_the_house_sees_no_customer(role: Role) -> None:
    assert not any(may_see(role, field) for field in FIELDS)
    assert [name for name in permissions_of(role) if name.startswith("conversation.")] == []


def test_compliance_reads_everything_and_says_nothing() -> None:
    assert may("compliance", "conversation.read")
    assert not any(
        may("compliance", f"conversation.{act}") for act in ("send", "note", "takeover", "close", "guide")
    )


def test_only_a_supervisor_reads_along_whispers_joins_and_takes_over() -> None:
    for act in ("watch", "whisper", "join", "takeover"):
        assert [role for role in ROLES if may(role, f"conversation.{act}")] == ["supervisor"]
