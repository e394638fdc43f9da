"""The door of this room: scoring what has closed, cards, samples, reviews, auto-fails, coaching."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from tellerline.domain.clock import Clock
from tellerline.domain.errors import Invalid
from tellerline.domain.event import ConversationId
from tellerline.quality import review as reviews
from tellerline.quality.agreement import Agreement, Mark, agree
from tellerline.quality.coaching import Effect, Plan, Stress, measure_effect, measure_stress, plan_coaching
from tellerline.quality.finding import Finding
from tellerline.quality.ports import QualityBook, Record, Verdict
from tellerline.quality.review import Review, ReviewId
from tellerline.quality.rubric import BY_NAME, RUBRIC
from tellerline.quality.sample import draw_sample
from tellerline.quality.score import Scorecard, counted, score_cards
from tellerline.quality.scorer import Scored, Scorer

BATCH = 50
EVENTS_MAX = 1_000_000
PERIOD_DAYS = 30


class AutoFail(msgspec.Struct, frozen=True):
    """A serious failure; it counts as one only when a person has confirmed it (None: nobody has looked yet)."""

    conversation: ConversationId
    finding: Finding
    confirmed: bool | None


class ReviewShown(msgspec.Struct, frozen=True):
    """A review as one person may see it. machine: None until they have marked it."""

    review: Review
    machine: dict[str, Mark] | None


class Quality:
    """Measures conversations, and keeps what people say of the measures.

    scorer: made when first needed, in a thread; it takes some seconds. due: when an appeal made now is due.
    """

    def __init__(
        self,
        *,
        book: QualityBook,
        record: Record,
        clock: Clock,
        scorer: Callable[[], Scorer],
        due: Callable[[datetime], datetime],
    ) -> None:
        self._book = book
        self._record = record
        self._clock = clock
        self._make_scorer = scorer
        self._scorer: Scorer | None = None
        self._due = due

    async def score_closed(self) -> int:
        """Score what has closed and has no score by this rubric, a batch at most; return how many."""
        names = await asyncio.to_thread(self._book.unscored, RUBRIC, limit=BATCH)
        if not names:
            return 0
        if self._scorer is None:
            self._scorer = await asyncio.to_thread(self._make_scorer)
        for name in names:
            events = await self._record.read(name, limit=EVENTS_MAX)
            scored = await asyncio.to_thread(self._scorer.score, name, events)
            await asyncio.to_thread(self._book.put, [scored])
        return len(names)

    async def cards(self, since: datetime | None = None, until: datetime | None = None) -> list[Scorecard]:
        """Return a card for each subject over the period; 30 days up to now, when left out."""
        scored = await self._scored(since, until)
        return score_cards(counted(scored), suspended=await self.suspended())

    async def score(self, conversation: ConversationId) -> Scored:
        """Return what was found in a conversation. Raises: NotFound while it has no score."""
        return await asyncio.to_thread(self._book.scored_one, conversation)

    async def auto_fails(self, since: datetime | None = None) -> list[AutoFail]:
        """List serious failures, with what a person said of each."""
        begin, _ = self._period(since, None)
        verdicts = await asyncio.to_thread(self._book.verdicts, since=begin)
        said = {(one.conversation, one.indicator, one.sequence): one.confirmed for one in verdicts}
        return [
            AutoFail(
                one.conversation, found, said.get((one.conversation, found.indicator, found.sequences[-1]))
            )
            for one in await self._scored(since, None)
            for found in one.findings
            if not found.passed and BY_NAME[found.indicator].serious
        ]

    async def confirm(
        self,
        conversation: ConversationId,
        indicator: str,
        sequence: int,
        person: str,
        *,
        confirmed: bool,
        note: str,
    ) -> Verdict:
        """Confirm or dismiss an auto-fail. Raises: Invalid when there is none; NotFound; Conflict when it is decided."""
        scored = await self.score(conversation)
        found = [one for one in scored.findings if one.indicator == indicator and sequence in one.sequences]
        if not any(not one.passed and BY_NAME[one.indicator].serious for one in found):
            raise Invalid("indicator", f"{indicator} is no auto-fail at event {sequence}", field="indicator")
        last = next(one.sequences[-1] for one in found if not one.passed)
        verdict = Verdict(conversation, indicator, last, person, self._clock.now(), confirmed, note)
        await asyncio.to_thread(self._book.add_verdict, verdict)
        return verdict

    async def sample(
        self,
        count: int,
        seed: int,
        person: str,
        *,
        since: datetime | None = None,
        newcomers: Collection[str] = (),
    ) -> list[Review]:
        """Draw a sample of the period and begin its reviews. The same seed draws the same from the same conversations."""
        scored = {one.conversation: one for one in await self._scored(since, None)}
        now = self._clock.now()
        drawn = [
            Review(
                ReviewId(f"r{seed}-{one.conversation}"),
                one.conversation,
                _subject(scored[one.conversation]),
                one.stratum,
                seed,
                now,
            )
            for one in draw_sample(scored.values(), count, seed, newcomers=newcomers)
        ]
        await asyncio.to_thread(self._book.add_reviews, drawn, person, now)
        return drawn

    async def reviews(self, person: str, states: Sequence[reviews.State] = ()) -> list[Review]:
        """List reviews as `person` may see them."""
        found = await asyncio.to_thread(self._book.reviews, states)
        return [reviews.visible_to(one, person) for one in found]

    async def show_review(self, name: ReviewId, person: str) -> ReviewShown:
        """Return a review as `person` may see it. Raises: NotFound."""
        found = await asyncio.to_thread(self._book.review, name)
        machine = None
        if reviews.sees_machine(found, person):
            machine = reviews.machine_marks((await self.score(found.conversation)).findings, found.who)
        return ReviewShown(reviews.visible_to(found, person), machine)

    async def mark(self, name: ReviewId, person: str, marks: Mapping[str, Mark]) -> ReviewShown:
        """Mark a review blind; then the machine's marks are shown. Raises: see `review.mark`."""
        now = self._clock.now()
        await self._change(name, person, "marked", lambda one: reviews.mark(one, person, marks, now))
        return await self.show_review(name, person)

    async def release(self, name: ReviewId, person: str, note: str) -> Review:
        """Release a review to the person it is about."""
        now = self._clock.now()
        return await self._change(name, person, "released", lambda one: reviews.release(one, now, note))

    async def acknowledge(self, name: ReviewId, person: str) -> Review:
        """Acknowledge a review of one's own work."""
        return await self._change(name, person, "acknowledged", lambda one: reviews.acknowledge(one, person))

    async def appeal(self, name: ReviewId, person: str, indicator: str, reason: str) -> Review:
        """Appeal against an indicator's verdict on one's own work."""
        now = self._clock.now()
        due_at = self._due(now)
        return await self._change(
            name, person, "appealed", lambda one: reviews.appeal(one, person, indicator, reason, now, due_at)
        )

    async def decide_appeal(self, name: ReviewId, person: str, *, upheld: bool, answer: str) -> Review:
        """Decide an appeal as somebody who had no part in the review."""
        return await self._change(
            name,
            person,
            "decided",
            lambda one: reviews.decide_appeal(one, person, upheld=upheld, answer=answer),
        )

    async def suspended(self) -> frozenset[str]:
        """Return the indicators that appeals have suspended."""
        found = await asyncio.to_thread(self._book.reviews, ("decided",))
        return reviews.suspended_by(one.appeal for one in found if one.appeal is not None)

    async def agreement(self) -> dict[str, Agreement]:
        """Compare the two markings of the random stratum's reviews, by indicator and language: `indicator/zh`."""
        done = await asyncio.to_thread(
            self._book.reviews, ("marked", "released", "acknowledged", "appealed", "decided")
        )
        pairs: dict[str, tuple[list[Mark], list[Mark]]] = {}
        for one in done:
            language = (await self.score(one.conversation)).language
            first, second = (marking.marks for marking in one.markings)
            for name in BY_NAME:
                ones, others = pairs.setdefault(f"{name}/{language}", ([], []))
                ones.append(first.get(name, "na"))
                others.append(second.get(name, "na"))
        return {name: agree(*both) for name, both in sorted(pairs.items())}

    async def coach(self, who: str, since: datetime | None = None) -> Plan:
        """Plan a coaching. Raises: Invalid, naming `who`, when nothing of theirs was scored."""
        scored = await self._scored(since, None)
        card = next((one for one in await self.cards(since) if one.who == who and who), None)
        if card is None:
            raise Invalid("who", f"nothing of {who!r} was scored in this period", field="who")
        return plan_coaching(card, scored)

    async def effect(self, who: str, indicator: str, coached_at: datetime) -> Effect:
        """Compare a person's indicator in the 30 days before a coaching and since."""
        scored = await self._scored(coached_at - timedelta(days=PERIOD_DAYS), None)
        return measure_effect(scored, who, indicator, coached_at)

    async def stress(self, person: str, since: datetime | None = None) -> Stress:
        """Tell a person, and nobody else, how load and abuse show in their own replies."""
        return measure_stress(await self._scored(since, None), person)

    async def _change(
        self, name: ReviewId, person: str, step: str, decide: Callable[[Review], Review]
    ) -> Review:
        return await asyncio.to_thread(
            self._book.change_review, name, person, step, self._clock.now(), decide
        )

    async def _scored(self, since: datetime | None, until: datetime | None) -> list[Scored]:
        begin, end = self._period(since, until)
        return await asyncio.to_thread(self._book.scored, since=begin, until=end)

    def _period(self, since: datetime | None, until: datetime | None) -> tuple[datetime, datetime]:
        end = until or self._clock.now()
        return since or end - timedelta(days=PERIOD_DAYS), end


def _subject(scored: Scored) -> str:
    """Return whose work a review is about: the representative who was judged most, else the assistant ("")."""
    names = [one.who for one in scored.findings if one.side == "representative"]
    return max(sorted(set(names)), key=names.count, default="")
