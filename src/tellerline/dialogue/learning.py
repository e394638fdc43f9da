"""What staff do with proposals, and what the record says about them: answers a change touches, phrases to learn."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
import structlog

from tellerline.dialogue import pack as packs
from tellerline.dialogue.force import WHOLE
from tellerline.dialogue.past import Cited, Past
from tellerline.dialogue.phrasing import Heard, candidates, heard_in
from tellerline.dialogue.ports import EventLog
from tellerline.dialogue.proposal_book import ProposalBook, Step
from tellerline.dialogue.publication import Publication
from tellerline.domain.clock import Clock
from tellerline.domain.event import ConversationId, MessageSent
from tellerline.domain.proposal import Change, Proposal, ProposalId, State
from tellerline.knowledge.learning.difference import Difference

ANSWERS_MAX = 200
CONVERSATIONS_MAX = 500
LOOK_BACK = timedelta(days=30)
log_line = structlog.get_logger("tellerline.learning")


class Touched(msgspec.Struct, frozen=True):
    """An answer given on something that a proposal changes."""

    conversation: str
    sequence: int
    at: datetime
    source: str
    version: str
    text: str


class Shown(NamedTuple):
    """A proposal with what it changes and who did what to it."""

    proposal: Proposal
    difference: Difference | None
    steps: Sequence[Step]


class Learning:
    """See the module's head. `decided` is set whenever something may have to come into force at another moment."""

    def __init__(
        self, *, publication: Publication, book: ProposalBook, past: Past, log: EventLog, clock: Clock
    ) -> None:
        self.publication = publication
        self.decided = asyncio.Event()
        self._book = book
        self._past = past
        self._log = log
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()

    async def propose(
        self, title: str, maker: str, *, in_force_at: datetime | None = None, changes: Sequence[Change] = ()
    ) -> Proposal:
        """Begin a proposal. Raises: Invalid."""
        return await asyncio.to_thread(
            self.publication.propose, title, maker, in_force_at=in_force_at, changes=changes
        )

    async def propose_pack(
        self, title: str, maker: str, release: str, *, share: int = WHOLE, in_force_at: datetime | None = None
    ) -> Proposal:
        """Propose a pack that was built into `release`, and make it ready. Raises: as `Publication.propose_pack`."""
        made = await asyncio.to_thread(
            self.publication.propose_pack, title, maker, release, share=share, in_force_at=in_force_at
        )
        self._later(self._prepare(made.id))
        return made

    async def roll_back(self, person: str, reason: str) -> Proposal:
        """Take back the pack published last, or its trial. Raises: as `Force.roll_back`."""
        done = await asyncio.to_thread(self.publication.force.roll_back, person, reason)
        self.decided.set()
        return done

    async def bring(self, name: ProposalId, person: str, document: str, data: bytes) -> Proposal:
        """Add a document to a proposal. Raises: as `Publication.bring`."""
        return await asyncio.to_thread(self.publication.bring, name, person, document, data)

    async def check(self, name: ProposalId, person: str) -> Proposal:
        """Check a proposal, and begin to make its release ready. Raises: as `Publication.check`."""
        proposal = await asyncio.to_thread(self.publication.check, name, person)
        if proposal.state == "checked":
            self._later(self._prepare(name))
        return proposal

    async def approve(self, name: ProposalId, person: str, digest: str) -> Proposal:
        """Approve as a second person; what is due is in force when this returns. Raises: as `Publication.approve`."""
        await asyncio.to_thread(self.publication.approve, name, person, digest)
        await asyncio.to_thread(self.publication.force.activate)
        self.decided.set()
        return await asyncio.to_thread(self._book.get, name)

    async def withdraw(self, name: ProposalId, person: str, reason: str) -> Proposal:
        """Withdraw or decline a proposal. Raises: as `Publication.withdraw`."""
        return await asyncio.to_thread(self.publication.withdraw, name, person, reason)

    async def proposals(self, state: State | None = None) -> Sequence[Proposal]:
        """List proposals, the newest first."""
        return await asyncio.to_thread(self._book.find, (state,) if state else ())

    async def show(self, name: ProposalId) -> Shown:
        """Return a proposal with what it changes. Raises: NotFound."""
        proposal = await asyncio.to_thread(self._book.get, name)
        steps = await asyncio.to_thread(self._book.steps, name)
        if not proposal.changes or proposal.state == "withdrawn":
            return Shown(proposal, None, steps)
        try:
            difference = await asyncio.to_thread(self.publication.difference, name)
        except packs.PackRefused:  # it fits nothing any more; its findings say so
            return Shown(proposal, None, steps)
        return Shown(proposal, difference, steps)

    async def touched(self, name: ProposalId) -> list[Touched]:
        """List answers given on what a proposal replaces, the newest first. Raises: NotFound."""
        replaced = await asyncio.to_thread(self.publication.replaced, name)
        cited = [
            found
            for kind, source, version in replaced
            for found in await self._past.citing(kind, source, version, limit=ANSWERS_MAX)
        ]
        cited.sort(key=lambda found: found.at, reverse=True)
        return [await self._answer(found) for found in cited[:ANSWERS_MAX]]

    async def _answer(self, cited: Cited) -> Touched:
        events = await self._log.read(cited.conversation, after=cited.sequence - 1, limit=1)
        body = events[0].body if events else None
        text = body.text if isinstance(body, MessageSent) else ""
        return Touched(cited.conversation, cited.sequence, cited.at, cited.source, cited.version, text)

    async def phrasings(self, *, since: datetime | None = None) -> list[Heard]:
        """List phrases that conversations since then (30 days, unless told) suggest, the most heard first."""
        since = since or self._clock.now() - LOOK_BACK
        heard: list[Heard] = []
        seen: set[ConversationId] = set()
        for kind in ("turn.not_handled", "question.asked"):
            for name in await self._past.holding(kind, since=since, limit=CONVERSATIONS_MAX):
                if name not in seen:
                    seen.add(name)
                    heard += heard_in(name, await self._log.read(name))
        known = await asyncio.to_thread(self.publication.examples)
        return candidates(heard, known)

    async def close(self) -> None:
        """Leave what is being made ready; it is made when it is needed."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _later(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _prepare(self, name: ProposalId) -> None:
        try:
            await asyncio.to_thread(self.publication.prepare, name)
        except packs.PackRefused as refused:
            log_line.error("a checked proposal cannot be built", proposal=name, problem=str(refused))
