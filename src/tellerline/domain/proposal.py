"""A change of what the bank says, proposed by one person and approved by another, from its documents to the day it ends.

draft ──► checked ──► approved ──► in_force ──► superseded
  └──────────┴────────────┴──► withdrawn   └──► rolled_back

Whatever is added to a checked proposal makes it a draft again. A pack that was published is taken back by one person, since
what comes back had its maker and its checker; nothing else in force is: another proposal puts the earlier state in force.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, NewType, TypeAlias

import msgspec

from tellerline.domain.data import Record
from tellerline.domain.fact import Unit
from tellerline.domain.language import Language, Text

ProposalId = NewType("ProposalId", str)
State = Literal["draft", "checked", "approved", "in_force", "superseded", "withdrawn", "rolled_back"]
Severity = Literal["error", "warning", "note"]


class _Change(msgspec.Struct, frozen=True, tag_field="kind", forbid_unknown_fields=True):
    """Base of all changes. `place` says where in which document it stands."""


class TableChange(_Change, frozen=True, tag="table"):
    """A new table of facts."""

    id: str
    title: Text
    owner: str
    source: Text
    products: list[str]
    place: str = ""


class FactChange(_Change, frozen=True, tag="fact"):
    """A figure from a day on. Without `valid_from` it is the day on which the proposal comes into force."""

    table: str
    key: str
    label: Text
    unit: Unit
    value: str | Text
    currency: str = "CNY"
    valid_from: date | None = None
    valid_to: date | None = None
    place: str = ""


class SourceChange(_Change, frozen=True, tag="source"):
    """The notice that a table of facts rests on from now on."""

    table: str
    source: Text
    place: str = ""


class ArticleChange(_Change, frozen=True, tag="article"):
    """An article in one language, new or in place of the one with its id. `heading` may leave out `valid_from`."""

    language: Language
    id: str
    heading: Record
    body: str
    place: str = ""


class ExampleChange(_Change, frozen=True, tag="example"):
    """A further way in which customers say `intent`. `heard`: in how many conversations."""

    intent: str
    language: Language
    text: str
    heard: int = 1
    place: str = ""


class PackChange(_Change, frozen=True, tag="pack"):
    """The whole pack, as it was built into `release`. Below 100 it is on trial with that percentage of new conversations."""

    release: str
    share: int = 100
    place: str = ""


Change: TypeAlias = TableChange | FactChange | SourceChange | ArticleChange | ExampleChange | PackChange


def target_of(change: Change) -> str:
    """Return what a change is about: two changes of one target replace each other."""
    match change:
        case TableChange(id=identity):
            return f"table {identity}"
        case FactChange(table=table, key=key):
            return f"fact {table}.{key}"
        case SourceChange(table=table):
            return f"source {table}"
        case ArticleChange(language=language, id=identity):
            return f"article {language}/{identity}"
        case ExampleChange(intent=intent, language=language, text=text):
            return f"example {language}/{intent}/{text}"
        case PackChange():
            return "pack"


class Finding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that a check found.

    code: stable, for programs. where: document and place in it, or what the change is about. remedy: what to do.
    An error keeps the proposal from being approved; a warning is for the second person to weigh.
    """

    code: str
    where: str
    what: str
    remedy: str
    severity: Severity = "error"

    def render(self) -> str:
        """Write the finding on one line."""
        return f"{self.where}: {self.severity}: {self.what}; {self.remedy}"


class Proposal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """See the module's head.

    in_force_at: when it is to come into force; None is as soon as it is approved.
    digest:      over what was proposed; whoever approves names it, and so approves what they have seen.
    order:       in which approved proposals are put upon each other.
    release:     the release that brought it into force; trouble: why it could not be brought into force when due.
    """

    id: ProposalId
    title: str
    maker: str
    created_at: datetime
    state: State = "draft"
    in_force_at: datetime | None = None
    changes: list[Change] = []
    findings: list[Finding] = []
    digest: str = ""
    checker: str = ""
    approved_at: datetime | None = None
    order: int = 0
    activated_at: datetime | None = None
    release: str = ""
    reason: str = ""
    trouble: str = ""

    @property
    def targets(self) -> frozenset[str]:
        """What the proposal is about."""
        return frozenset(target_of(change) for change in self.changes)

    @property
    def pack(self) -> PackChange | None:
        """The pack that it publishes, if it does."""
        return next((change for change in self.changes if isinstance(change, PackChange)), None)

    @property
    def errors(self) -> list[Finding]:
        """The findings that keep it from being approved."""
        return [finding for finding in self.findings if finding.severity == "error"]
