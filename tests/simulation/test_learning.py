"""The whole way with the real bank: a rate by workbook at its moment, a new product by Word in two languages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tellerline.app import App, build
from tellerline.channels.counter import Opened
from tellerline.domain import event as e
from tellerline.domain.citation import Source
from tellerline.domain.language import Language
from tellerline.domain.proposal import Proposal
from tellerline.settings import Settings
from tellerline.testing.clock import VirtualClock
from tests.harbour import ready_releases
from tests.knowledge.learning import papers

MAKER, CHECKER = "lin.yue", "zhao.min"
RATE = {"zh": "三年期定期利率多少", "en": "what is the 3-year term deposit rate"}
SAVER = {"zh": "港湾月月存怎么开通", "en": "how do I start the harbour monthly saver?"}


@dataclass
class Bank:
    """The counter with its clock, and what a customer and two colleagues do there."""

    app: App
    clock: VirtualClock
    said: int = 0
    made: list[Proposal] = field(default_factory=list)

    async def open(self, language: Language) -> Opened:
        return await self.app.counter.open(channel="test", language=language, customer_token=None)

    async def ask(self, talk: Opened, text: str) -> tuple[str, list[Source]]:
        self.said += 1
        events = await self.app.counter.answer(talk.id, client_id=f"m{self.said}", text=text)
        sent = [event.body for event in events if isinstance(event.body, e.MessageSent)]
        return "\n".join(body.text for body in sent), [source for body in sent for source in body.sources]

    async def publish(self, title: str, document: str, data: bytes, at: datetime | None = None) -> Proposal:
        learning = self.app.learning
        assert learning is not None
        made = await learning.propose(title, MAKER, in_force_at=at)
        await learning.bring(made.id, MAKER, document, data)
        checked = await learning.check(made.id, MAKER)
        assert (checked.state, checked.findings) == ("checked", [])
        return await learning.approve(made.id, CHECKER, checked.digest)


@asynccontextmanager
async def opened(data: Path, clock: VirtualClock) -> AsyncIterator[Bank]:
    app = build(Settings(data=data, silence_s=0), clock=clock, releases=ready_releases())
    async with app.open():
        yield Bank(app, clock)


@pytest.mark.timeout(600)
async def test_a_rate_and_a_new_product_come_into_force_without_a_restart(tmp_path: Path) -> None:
    clock = VirtualClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    moment = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)  # the first of December at midnight in Shanghai
    async with opened(tmp_path, clock) as bank:
        learning = bank.app.learning
        assert learning is not None
        early = await bank.open("zh")
        text, sources = await bank.ask(early, RATE["zh"])
        assert "1.45%" in text
        rates = papers.workbook(papers.RATES_ZH, title="利率")
        approved = await bank.publish("December rates", "rates.xlsx", rates, moment)
        assert approved.state == "approved"
        touched = await learning.touched(approved.id)
        assert [answer.conversation for answer in touched] == [early.id]
        assert "1.45%" in (await bank.ask(await bank.open("zh"), RATE["zh"]))[0]

        clock.advance(seconds=(moment - clock.now()).total_seconds())
        await asyncio.to_thread(learning.publication.force.activate)
        for language in ("zh", "en"):
            text, sources = await bank.ask(await bank.open(language), RATE[language])  # type: ignore[arg-type]
            assert "1.35%" in text
            assert ("deposit_rates.term_3y", "2026-12-01") in {
                (source.id, source.version) for source in sources
            }
        assert "1.45%" in (await bank.ask(early, RATE["zh"]))[0], "it finishes on the release it began with"

        clock.advance(hours=10)
        await bank.publish("Monthly saver", "月月存.docx", papers.word(papers.monthly_savings))
        for language in ("zh", "en"):
            _, sources = await bank.ask(await bank.open(language), SAVER[language])  # type: ignore[arg-type]
            assert "harbour-monthly-savings#lead" in {source.id for source in sources}
        in_force = bank.app.releases.current.version

    clock.advance(minutes=5)
    async with opened(tmp_path, clock) as bank:
        assert bank.app.releases.current.version == in_force
        assert "1.35%" in (await bank.ask(await bank.open("zh"), RATE["zh"]))[0]
        assert clock.now() - moment < timedelta(days=1)
