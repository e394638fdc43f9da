"""From a proposal to a release in force: checked, approved by a second person, put in force at its moment.

No restart is needed, and open conversations finish on the release they began with.

The release in force is a function of the pack and of the proposals accepted by then. Every process on the record works it
out for itself, so a restart, a crash at any point or a second process changes nothing about it.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
import structlog

from tellerline.dialogue import pack as packs
from tellerline.dialogue.composition import composed, first_day
from tellerline.dialogue.examine import clashes, examine, read_phrases
from tellerline.dialogue.proposal_book import Brought, ProposalBook, Step
from tellerline.dialogue.releases import Releases
from tellerline.domain.clock import Clock
from tellerline.domain.errors import Conflict, Invalid, Refused
from tellerline.domain.problem import PackProblem
from tellerline.domain.proposal import (
    ArticleChange,
    Change,
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
log_line = structlog.get_logger("tellerline.publication")
_UNREAD = msgspec.msgpack.Decoder(Document)

Read = Callable[[str, bytes], Document]


class Publication:
    """See the module's head. Its methods block; callers on an event loop use a thread."""

    def __init__(
        self, *, book: ProposalBook, releases: Releases, pack: Path, clock: Clock, read: Read
    ) -> None:
        self._book = book
        self._releases = releases
        self._pack = pack
        self._clock = clock
        self._read = read
        self._building = threading.Lock()
        self._applied: tuple[object, ...] | None = None
        # What is known of compositions, so that none is made or compared twice.
        self._made: dict[tuple[object, ...], str] = {}
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

    def bring(self, name: ProposalId, person: str, document: str, data: bytes) -> Proposal:
        """Add a document to a proposal, or bring it anew. It has to be checked (again) then.

        Raises: Invalid, code `document`, when it cannot be read; Conflict when it is approved already; NotFound.
        """
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

        An error leaves the proposal a draft. Raises: Conflict when it is approved already; NotFound.
        """
        proposal = self._book.get(name)
        _check_open(proposal)
        now = self._clock.now()
        documents = [_UNREAD.decode(held.read) for held in self._book.documents(name)]
        with composed(self._pack, self._in_force()) as before:
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
            self._releases[self._make([*self._in_force(), msgspec.structs.replace(proposal, in_force_at=on)])]

    def difference(self, name: ProposalId) -> Difference:
        """Return what a proposal changes: against what is in force, or, once in force itself, against what was before."""
        proposal = self._book.get(name)
        others = self._before(proposal)
        key = self._key([*others, proposal])
        if key != self._compared[0]:
            self._compared = key, self._compare(others, proposal)
        return self._compared[1]

    def _compare(self, others: Sequence[Proposal], proposal: Proposal) -> Difference:
        with (
            composed(self._pack, others) as before,
            composed(self._pack, others, (proposal.changes, first_day(proposal, self._clock.now()))) as after,
        ):
            return compare_packs(before, after)

    def replaced(self, name: ProposalId) -> list[tuple[str, str, str]]:
        """Return the versions that a proposal replaces, as kind, id and version of their citations."""
        proposal = self._book.get(name)
        with composed(self._pack, self._before(proposal)) as before:
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
        with composed(self._pack, self._in_force()) as folder:
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
            if proposal.state in ("in_force", "superseded"):
                detail = "it is in force; propose the earlier state, which a second person approves"
                raise Conflict("in_force", detail)
            return msgspec.structs.replace(proposal, state="withdrawn", reason=reason.strip())

        return self._book.change(name, Step(self._clock.now(), person, "withdrawn"), withdrawn)

    # --- putting in force

    def activate(self) -> None:
        """Put in force what is due; a pack or a proposal with an error leaves the release in force as it is."""
        with self._building:
            held, due = self._in_force(), self._due()
            stamp = (packs.newest(self._pack), *(proposal.id for proposal in (*held, *due)))
            if stamp == self._applied:
                return
            self._settle(held, due)
            self._applied = stamp

    def start(self) -> None:
        """Put in force what is when the process starts. Raises: PackRefused when the pack itself has errors."""
        with self._building:
            held = self._in_force()
            try:
                self._releases.put(self._make(held))
            except packs.PackRefused:
                last = max(held, key=lambda proposal: proposal.order, default=None)
                if last is None or last.release not in self._releases.kept():
                    raise
                log_line.exception(
                    "the accepted changes do not fit the pack; the release before stays in force"
                )
                self._releases.put(last.release)

    def next_due_s(self) -> float | None:
        """Return the seconds until the next approved proposal comes into force; None when there is none."""
        now = self._clock.now()
        moments = [proposal.in_force_at for proposal in self._book.find(("approved",), limit=10_000)]
        waits_s = [
            (moment - now).total_seconds() for moment in moments if moment is not None and moment > now
        ]
        return min(waits_s, default=None)

    def _before(self, proposal: Proposal) -> list[Proposal]:
        """Return what a proposal is laid upon: all in force, or, once in force itself, those that were before it."""
        held = self._in_force()
        return held[: held.index(proposal)] if proposal in held else held

    def _settle(self, held: list[Proposal], due: Sequence[Proposal]) -> None:
        """Put the due proposals on top of those in force, one by one: one that does not fit keeps no other back."""
        release = self._try(held)
        for proposal in due if isinstance(release, str) else ():
            made = self._try([*held, proposal])
            if isinstance(made, str):
                release = made
                held = [*held, proposal]
                continue
            trouble = "; ".join(problem.render() for problem in made[:5])
            self._book.change(proposal.id, self._step("could not be put in force"), _with(trouble=trouble))
        if not isinstance(release, str):
            for problem in release:
                log_line.error("the pack has an error; the release in force stays", problem=problem.render())
            return
        self._releases.put(release)
        log_line.info("a release is in force", release=release)
        for proposal in held:
            if proposal.state == "approved":
                self._mark(proposal, held, release)

    def _mark(self, proposal: Proposal, held: Sequence[Proposal], release: str) -> None:
        """Note that a proposal is in force now, and which ones it replaces."""
        now = self._clock.now()
        entered = _with(state="in_force", activated_at=now, release=release)
        self._book.change(proposal.id, self._step("in force"), entered)
        for other in held[: held.index(proposal)]:
            if other.state != "superseded" and other.targets and other.targets <= proposal.targets:
                self._book.change(other.id, self._step("superseded"), _with(state="superseded"))

    def _try(self, accepted: Sequence[Proposal]) -> str | list[PackProblem]:
        try:
            return self._make(accepted)
        except packs.PackRefused as refused:
            return refused.problems

    def _make(self, accepted: Sequence[Proposal]) -> str:
        """Return the release of the pack with what was accepted, built if needed. Raises: PackRefused."""
        key = self._key(accepted)
        if key not in self._made:
            with composed(self._pack, accepted) as folder:
                self._made[key] = self._releases.build(folder, like=self._pack)
        return self._made[key]

    def _key(self, accepted: Sequence[Proposal]) -> tuple[object, ...]:
        """Return what a composition depends on."""
        now = self._clock.now()
        laid = (f"{proposal.id} {proposal.digest} {first_day(proposal, now)}" for proposal in accepted)
        return (packs.newest(self._pack), *laid)

    def _step(self, step: str) -> Step:
        return Step(self._clock.now(), "", step)

    def _in_force(self) -> list[Proposal]:
        held = self._book.find(("in_force", "superseded"), limit=10_000)
        return sorted(held, key=lambda proposal: (proposal.in_force_at, proposal.order))

    def _due(self) -> list[Proposal]:
        now = self._clock.now()
        due = [p for p in self._book.find(("approved",), limit=10_000) if p.in_force_at and not p.trouble]
        return sorted(
            (p for p in due if p.in_force_at and p.in_force_at <= now), key=lambda p: (p.in_force_at, p.order)
        )


def _with(**fields: object) -> Callable[[Proposal], Proposal]:
    return lambda proposal: msgspec.structs.replace(proposal, **fields)


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
