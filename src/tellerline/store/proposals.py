"""Proposals in the record's file: each with its documents, and every step that somebody took."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import msgspec
from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects.sqlite import insert as insert_or

from tellerline.dialogue.proposal_book import Brought, Step
from tellerline.domain.errors import NotFound
from tellerline.domain.proposal import Proposal, ProposalId, State
from tellerline.store.database import InRecord
from tellerline.store.schema import proposal_documents, proposal_steps, proposals

_encode = msgspec.json.Encoder(order="deterministic").encode
_DECODER = msgspec.json.Decoder(Proposal)

Decide = Callable[[Proposal], Proposal | None]


class SqliteProposals(InRecord):
    """The `ProposalBook` in the record's file. Changes hold the write lock while they are decided, so they are short."""

    def add(self, proposal: Proposal, step: Step) -> None:
        """Keep a new proposal."""
        with self._writer.begin() as connection:
            connection.execute(insert(proposals).values(_row(proposal)))
            _note(connection, proposal.id, step)

    def get(self, proposal: ProposalId) -> Proposal:
        """Return a proposal. Raises: NotFound, code `proposal`."""
        with self._reader.connect() as connection:
            return _read(connection, proposal)

    def find(self, states: Sequence[State] = (), *, limit: int = 100) -> list[Proposal]:
        """Return proposals in one of `states` (in any, when none is named), the newest first."""
        statement = (
            select(proposals.c.body).order_by(proposals.c.created_at.desc(), proposals.c.id).limit(limit)
        )
        if states:
            statement = statement.where(proposals.c.state.in_(states))
        with self._reader.connect() as connection:
            return [_DECODER.decode(body) for body in connection.execute(statement).scalars()]

    def change(self, proposal: ProposalId, step: Step, decide: Decide) -> Proposal:
        """Let `decide` see the proposal and return what it becomes; see `ProposalBook.change`."""
        with self._writer.begin() as connection:
            return _change(connection, proposal, step, decide)

    def bring(self, proposal: ProposalId, document: Brought, step: Step, decide: Decide) -> Proposal:
        """Change a proposal, and keep a document with it, in place of an earlier one of its name."""
        values = {
            "proposal": proposal,
            "name": document.name,
            "data": document.data,
            "digest": hashlib.sha256(document.data).digest(),
            "read": document.read,
        }
        with self._writer.begin() as connection:
            changed = _change(connection, proposal, step, decide)
            key = proposal_documents.c.proposal == proposal, proposal_documents.c.name == document.name
            connection.execute(delete(proposal_documents).where(*key))
            connection.execute(insert(proposal_documents).values(values))
        return changed

    def documents(self, proposal: ProposalId) -> list[Brought]:
        """Return the documents of a proposal, in the order of their names."""
        columns = (proposal_documents.c[name] for name in ("name", "data", "read"))
        wanted = proposal_documents.c.proposal == proposal
        statement = select(*columns).where(wanted).order_by(proposal_documents.c.name)
        with self._reader.connect() as connection:
            return [Brought(*row) for row in connection.execute(statement)]

    def steps(self, proposal: ProposalId) -> list[Step]:
        """Return what was done to a proposal, in order."""
        columns = (proposal_steps.c[name] for name in ("at", "person", "step", "digest"))
        wanted = proposal_steps.c.proposal == proposal
        statement = select(*columns).where(wanted).order_by(proposal_steps.c.number)
        with self._reader.connect() as connection:
            return [Step(*row) for row in connection.execute(statement)]


def _row(proposal: Proposal) -> dict[str, object]:
    return {
        "id": proposal.id,
        "state": proposal.state,
        "created_at": proposal.created_at,
        "body": _encode(proposal),
    }


def _read(connection: Connection, proposal: ProposalId) -> Proposal:
    statement = select(proposals.c.body).where(proposals.c.id == proposal)
    body = connection.execute(statement).scalar_one_or_none()
    if body is None:
        raise NotFound("proposal", "there is no such proposal")
    return _DECODER.decode(body)


def _change(connection: Connection, proposal: ProposalId, step: Step, decide: Decide) -> Proposal:
    before = _read(connection, proposal)
    after = decide(before)
    if after is None:
        return before
    row = _row(after)
    statement = insert_or(proposals).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=[proposals.c.id], set_=row))
    _note(connection, proposal, msgspec.structs.replace(step, digest=after.digest))
    return after


def _note(connection: Connection, proposal: ProposalId, step: Step) -> None:
    connection.execute(
        insert(proposal_steps).values(
            proposal=proposal, at=step.at, person=step.person, step=step.step, digest=step.digest
        )
    )
