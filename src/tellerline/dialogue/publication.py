"""From a proposal to a release in force: checked, approved by a second person, put in force at its moment.

No restart is needed, and open conversations finish on the release they began with. What is in force is worked out in
`force`.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from tellerline.dialogue.composition import composed, first_day
from tellerline.dialogue.examine import clashes, examine, read_phrases
from tellerline.dialogue.force import WHOLE, Force
from tellerline.dialogue.proposal_book import Brought, ProposalBook, Step, with_fields
from tellerline.domain.clock import Clock
from tellerline.domain.errors import Conflict, Invalid, Refused
from tellerline.domain.proposal import (
    ArticleChange,
    Change,
    PackChange,
    Proposal,
    ProposalId,
    State,
)
from tellerline.knowledge.learning.difference import Difference, compare_packs
from tellerline.knowledge.learning.document import Document
from tellerline.knowledge.load import load_library

DOCUMENTS_MAX = 20
TITLE_CHARS_MAX = 200
OPEN: frozenset[str] = frozenset({"draft", "checked"})
ACCEPTED: tuple[State, ...] = ("approved", "in_force", "superseded")
_UNREAD = msgspec.msgpack.Decoder(Document)

Read = Callable[[str, bytes], Document]


class Publication:
    """See the module's head. Its methods block; callers on an event loop use a thread."""

    def __init__(self, *, book: ProposalBook, force: Force, clock: Clock, read: Read) -> None:
        self.force = force
        self._book = book
        self._clock = clock
        self._read = read
        self._compared: tuple[tuple[object, ...], Difference] = (), Difference([], [], [], [])

    # --- proposing

    def propose(
        self, title: str, maker: str, *, in_force_at: datetime | None = None, changes: Sequence[Change] = ()
    ) -> Proposal:
        """Begin a proposal. `changes`: those that come from no document. Raises: Invalid."""
        now = self._clock.now()
        if not title.strip() or len(title) > TITLE_CHARS_MAX:
            raise Invalid("title", f"a title has 1 to {TITLE_CHARS_MAX} characters", field="title")
        if in_force_at is not None and in_force_at <= now:
            detail = (
                "in_force_at has passed; name a later moment, or leave it out for as soon as it is approved"
            )
            raise Invalid("in_force_at", detail, field="in_force_at")
        name = ProposalId(f"{now:%Y%m%d}-{secrets.token_hex(4)}")
        proposal = Proposal(name, title.strip(), maker, now, in_force_at=in_force_at, changes=list(changes))
        self._book.add(proposal, Step(now, maker, "proposed"))
        return proposal

    def propose_pack(
        self, title: str, maker: str, release: str, *, share: int = WHOLE, in_force_at: datetime | None = None
    ) -> Proposal:
        """Propose a pack that was linted and built into `release`: for all new conversations, or a share of them on trial.

        share: percent of new conversations. Raises: Invalid; NotFound when the release is not on this machine.
        """
        if not 1 <= share <= WHOLE:
            raise Invalid("share", f"share is 1 to {WHOLE} percent of new conversations", field="share")
        self.force.check_built(release)
        made = self.propose(title, maker, in_force_at=in_force_at, changes=[PackChange(release, share)])
        digest = _digest(made, made.changes)
        checked = with_fields(state="checked", digest=digest)
        return self._book.change(made.id, Step(self._clock.now(), maker, "built and checked"), checked)

    def bring(self, name: ProposalId, person: str, document: str, data: bytes) -> Proposal:
        """Add a document to a proposal, or bring it anew. It has to be checked (again) then.

        Raises: Invalid, code `document`, when it cannot be read; Conflict when it is approved already; NotFound.
        """
        if self._book.get(name).pack is not None:
            raise Conflict("built", "a pack is published as it was built; propose the document apart from it")
        if self._book.get(name).maker != person:
            raise Refused(
                "not_yours", "only who made a proposal adds to it, so that a second person can approve it"
            )
        if len({held.name for held in self._book.documents(name)} | {document}) > DOCUMENTS_MAX:
            raise Invalid("document", f"a proposal has at most {DOCUMENTS_MAX} documents", field="document")
        read = self._read(document, data)

        def drafted(proposal: Proposal) -> Proposal:
            _check_open(proposal)
            return msgspec.structs.replace(proposal, state="draft", digest="")

        brought = Brought(document, data, msgspec.msgpack.encode(read))
        return self._book.bring(
            name, brought, Step(self._clock.now(), person, f"brought {document}"), drafted
        )

    def check(self, name: ProposalId, person: str) -> Proposal:
        """Read the documents against what is in force, check what they change, and make the release ready.

        An error leaves the proposal a draft. Raises: Conflict when it is approved already, or a pack; NotFound.
        """
        proposal = self._book.get(name)
        _check_open(proposal)
        if proposal.pack is not None:
            raise Conflict(
                "built", "a pack was checked when it was built; publish it again when it has changed"
            )
        now = self._clock.now()
        documents = [_UNREAD.decode(held.read) for held in self._book.documents(name)]
        held = self.force.accepted()
        with composed(self.force.base(held), held) as before:
            changes, findings = examine(proposal, documents, before, now)
        findings += clashes(proposal, changes, self._book.find(("approved",), limit=1_000))
        passed = bool(changes) and not any(finding.severity == "error" for finding in findings)

        def settled(now: Proposal) -> Proposal:
            _check_open(now)
            return msgspec.structs.replace(
                now,
                state="checked" if passed else "draft",
                changes=changes,
                findings=findings,
                digest=_digest(now, changes),
            )

        step = Step(self._clock.now(), person, "checked" if passed else "checked with errors")
        return self._book.change(name, step, settled)

    def prepare(self, name: ProposalId) -> None:
        """Build and load the release that a checked proposal would make, so that it is in force at once when approved."""
        proposal = self._book.get(name)
        if proposal.state == "checked":
            on = proposal.in_force_at or self._clock.now()
            self.force.prepare(msgspec.structs.replace(proposal, in_force_at=on))

    def difference(self, name: ProposalId) -> Difference:
        """Return what a proposal changes: against what is in force, or, once in force itself, against what was before."""
        proposal = self._book.get(name)
        others = self._before(proposal)
        key = (proposal.id, *self.force.key([*others, proposal], self.force.base(others)))
        if key != self._compared[0]:
            self._compared = key, self._compare(others, proposal)
        return self._compared[1]

    def _compare(self, others: Sequence[Proposal], proposal: Proposal) -> Difference:
        further = None if proposal.pack else (proposal.changes, first_day(proposal, self._clock.now()))
        base = self.force.base([*others, proposal], trial=proposal.pack is not None)
        with (
            composed(self.force.base(others), others) as before,
            composed(base, others, further) as after,
        ):
            return compare_packs(before, after)

    def replaced(self, name: ProposalId) -> list[tuple[str, str, str]]:
        """Return the versions that a proposal replaces, as kind, id and version of their citations."""
        proposal = self._book.get(name)
        others = self._before(proposal)
        with composed(self.force.base(others), others) as before:
            library = load_library(before)[0]
        found = [
            ("fact", row.fact, row.old_version.isoformat())
            for row in self.difference(name).facts
            if row.old_version is not None
        ]
        for change in proposal.changes:
            if isinstance(change, ArticleChange):
                former = library.articles[change.language].get(change.id)
                found += [("article", former.id, former.heading.valid_from.isoformat())] if former else []
        return list(dict.fromkeys(found))

    def examples(self) -> dict[str, dict[str, list[str]]]:
        """Return the phrases of every intent in force, by language."""
        held = self.force.accepted()
        with composed(self.force.base(held), held) as folder:
            return read_phrases(folder)

    # --- deciding

    def approve(self, name: ProposalId, person: str, digest: str) -> Proposal:
        """Approve what `digest` covers, as a second person. The same approval again changes nothing.

        Raises: Refused, code `own_proposal`; Conflict, code `changed`, `not_checked` or `too_late`; NotFound.
        """
        now = self._clock.now()
        order = 1 + max((other.order for other in self._book.find(ACCEPTED, limit=10_000)), default=0)

        def approved(proposal: Proposal) -> Proposal | None:
            if proposal.state in ACCEPTED and (proposal.checker, proposal.digest) == (person, digest):
                return None
            _check_approval(proposal, person, digest, now)
            return msgspec.structs.replace(
                proposal,
                state="approved",
                checker=person,
                approved_at=now,
                in_force_at=proposal.in_force_at or now,
                order=order,
            )

        return self._book.change(name, Step(now, person, "approved"), approved)

    def withdraw(self, name: ProposalId, person: str, reason: str) -> Proposal:
        """Withdraw a proposal that is not yet in force; a second person declines it by this.

        Raises: Conflict, code `in_force`; Invalid without a reason; NotFound.
        """
        if not reason.strip():
            raise Invalid("reason", "say why it is withdrawn", field="reason")

        def withdrawn(proposal: Proposal) -> Proposal | None:
            if proposal.state == "withdrawn":
                return None
            if proposal.state in ("in_force", "superseded", "rolled_back"):
                detail = "it is in force; propose the earlier state, which a second person approves"
                raise Conflict("in_force", detail)
            return msgspec.structs.replace(proposal, state="withdrawn", reason=reason.strip())

        return self._book.change(name, Step(self._clock.now(), person, "withdrawn"), withdrawn)

    def _before(self, proposal: Proposal) -> list[Proposal]:
        """Return what a proposal is laid upon: all in force, or, once in force itself, those that were before it."""
        held = self.force.accepted()
        return held[: held.index(proposal)] if proposal in held else held


def _check_open(proposal: Proposal) -> None:
    if proposal.state not in OPEN:
        detail = f"the proposal is {proposal.state.replace('_', ' ')}; begin another one"
        raise Conflict("not_open", detail, state=proposal.state)


def _check_approval(proposal: Proposal, person: str, digest: str, now: datetime) -> None:
    """Tell why somebody cannot approve a proposal. Raises: Refused, Conflict."""
    if proposal.state != "checked":
        detail = f"only a checked proposal can be approved, this one is {proposal.state.replace('_', ' ')}"
        raise Conflict("not_checked", detail, state=proposal.state)
    if person == proposal.maker:
        raise Refused("own_proposal", "a second person approves; who made the proposal cannot")
    if digest != proposal.digest:
        raise Conflict("changed", "it was changed since you read it; read it again, then approve its digest")
    if proposal.in_force_at is not None and proposal.in_force_at <= now:
        raise Conflict("too_late", "its moment has passed; propose it again with a later one")


def _digest(proposal: Proposal, changes: Sequence[Change]) -> str:
    """Return the hash of what is proposed: of every change, and of its moment."""
    content = msgspec.json.encode([changes, proposal.in_force_at], order="deterministic")
    return hashlib.sha256(content).hexdigest()[:16]
