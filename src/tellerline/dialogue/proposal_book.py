"""Where proposals are kept, as publication needs it; the store keeps them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from tellerline.domain.proposal import Proposal, ProposalId, State


class Step(msgspec.Struct, frozen=True):
    """What somebody did to a proposal. `digest`: of what it proposed then."""

    at: datetime
    person: str
    step: str
    digest: str = ""


def with_fields(**fields: object) -> Callable[[Proposal], Proposal]:
    """Return the change that gives a proposal these fields."""
    return lambda proposal: msgspec.structs.replace(proposal, **fields)


class Brought(msgspec.Struct, frozen=True):
    """A document of a proposal: its bytes as they came, and what was read of them (msgpack)."""

    name: str
    data: bytes
    read: bytes


class ProposalBook(Protocol):
    """Keeps proposals. Every method is one transaction."""

    def add(self, proposal: Proposal, step: Step) -> None:
        """Keep a new proposal."""
        ...

    def get(self, proposal: ProposalId) -> Proposal:
        """Return a proposal. Raises: NotFound, code `proposal`."""
        ...

    def find(self, states: Sequence[State] = (), *, limit: int = 100) -> Sequence[Proposal]:
        """Return proposals in one of `states` (in any, when none is named), the newest first."""
        ...

    def change(
        self, proposal: ProposalId, step: Step, decide: Callable[[Proposal], Proposal | None]
    ) -> Proposal:
        """Let `decide` see the proposal and return what it becomes, None when nothing is to happen; note the step.

        No other change happens between. What `decide` raises is raised, and nothing is changed.
        """
        ...

    def bring(
        self,
        proposal: ProposalId,
        document: Brought,
        step: Step,
        decide: Callable[[Proposal], Proposal | None],
    ) -> Proposal:
        """Change a proposal, and keep a document with it, in place of an earlier one of its name."""
        ...

    def documents(self, proposal: ProposalId) -> Sequence[Brought]:
        """Return the documents of a proposal, in the order of their names."""
        ...

    def steps(self, proposal: ProposalId) -> Sequence[Step]:
        """Return what was done to a proposal, in order."""
        ...
