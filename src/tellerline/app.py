"""The composition root: the only place where rooms are put together."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Protocol, runtime_checkable

import structlog
import uvicorn
from fastapi import FastAPI
from threadpoolctl import threadpool_limits

from tellerline.bank.adapters.door import DemoDoor
from tellerline.bank.adapters.simulator import Simulator
from tellerline.bank.contract import GuardedBank
from tellerline.cases.book import CaseBook
from tellerline.cases.keeper import Act, Keeper
from tellerline.cases.timers import Timer, Timers
from tellerline.channels.counter import Counter, Pace
from tellerline.channels.feed import Hub
from tellerline.channels.intake import Intake
from tellerline.channels.remembering import Remembering
from tellerline.channels.vault import Vault
from tellerline.desk.account import Account
from tellerline.desk.house import StaffDesk, build_desk
from tellerline.desk.pack import load_desk_pack
from tellerline.desk.queue import LiveDesk
from tellerline.desk.room import DeskRoom
from tellerline.desk.sign_in import SignIn
from tellerline.desk.staffing import Staffing
from tellerline.dialogue import pack as packs
from tellerline.dialogue.case_desk import CaseDesk
from tellerline.dialogue.effects import LiveEffects
from tellerline.dialogue.engine import Engine, Watcher
from tellerline.dialogue.force import Force
from tellerline.dialogue.learning import Learning
from tellerline.dialogue.own_lookups import OwnLookups
from tellerline.dialogue.ports import Desk, EventLog
from tellerline.dialogue.publication import Publication
from tellerline.dialogue.releases import Releases
from tellerline.dialogue.remembrance import describe, describe_everything
from tellerline.dialogue.tracker import Tracker
from tellerline.domain.clock import Clock, SystemClock
from tellerline.domain.command import CaseTimer
from tellerline.domain.data import Record
from tellerline.domain.errors import Invalid
from tellerline.domain.event import Body, ConversationClosed, ConversationId, Event
from tellerline.knowledge.learning.apart import read_apart
from tellerline.memory.door import MemoryDoor
from tellerline.memory.identity import RememberingIdentity
from tellerline.memory.port import Memory, NoMemory
from tellerline.memory.shown import Describe
from tellerline.models.adapters.encoder import load_encoder
from tellerline.models.contract import SentenceEncoder
from tellerline.quality.office import Quality
from tellerline.quality.scorer import Scorer
from tellerline.settings import Settings
from tellerline.store.database import open_reader, open_writer
from tellerline.store.desk import SqliteDesk
from tellerline.store.log import SqliteLog
from tellerline.store.memory import SqliteMemory
from tellerline.store.proposals import SqliteProposals
from tellerline.store.quality import SqliteQuality
from tellerline.store.timers import SqlTimers
from tellerline.understanding.redact import redact
from tellerline.web.application import build_application
from tellerline.web.memory import memory_routes
from tellerline.web.own_login import OwnLogin, OwnLoginSettings
from tellerline.web.quality import quality_routes
from tellerline.web.rate import RateGate, Rates
from tellerline.web.site import Site
from tellerline.web.staff import Staff

SWEEP_S = 10  # how often silent customers and a changed pack are looked for
DESK_KEY_BYTES = 32
CLEAR_EVERY = 360  # sweeps between two removals of what has ended: an hour
ABANDONED_AFTER = timedelta(days=30)  # a conversation nobody touched for so long is over
CLOSED_AT_ONCE_MAX = 500
SCORE_EVERY_S = 2
APPEAL_BUSINESS_DAYS = 2  # in which an appeal against a review is decided
WAIT_MIN_S = 0.05  # a proposal whose moment has come but for a rounding
DEMO_STAFF = {"lin.yue": "demo-staff-lin", "zhao.min": "demo-staff-zhao"}
"""Who may propose and approve in the demonstration, by name: their tokens."""

log_line = structlog.get_logger("tellerline.app")


@dataclass
class App:
    """A counter that is put together and not yet open."""

    settings: Settings
    clock: Clock
    log: EventLog
    releases: Releases
    bank: Simulator
    demo: DemoDoor
    counter: Counter
    memory: Memory
    cases: CaseDesk
    keeper: Keeper
    kept: Kept | None = None  # None where a log of one's own keeps what it needs
    staff_desk: StaffDesk | None = None

    @property
    def learning(self) -> Learning | None:
        """Proposals of changes, where they are kept."""
        return None if self.kept is None else self.kept.learning

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[App]:
        """Finish what a crash left undone, and keep an eye on silent customers and the pack while open."""
        recovered = await self.counter.recover()
        if recovered:
            log_line.info("took up turns that were left open", turns=recovered)
        watches = [asyncio.create_task(self._sweep()), asyncio.create_task(self._keep_cases())]
        if self.learning is not None:
            watches.append(asyncio.create_task(self._keep_in_force(self.learning)))
        if self.kept is not None:
            watches.append(asyncio.create_task(self._score_closed(self.kept.quality)))
        try:
            async with self.staff_desk.open() if self.staff_desk is not None else contextlib.nullcontext():
                yield self
        finally:
            for watch in watches:
                watch.cancel()
            await self.counter.close()
            if self.learning is not None:
                await self.learning.close()
            self.close()

    def close(self) -> None:
        """Close the files."""
        if self.kept is not None:
            self.kept.close()
        self.bank.close()

    async def _sweep(self) -> None:
        sweeps = 0
        while True:
            if sweeps % CLEAR_EVERY == 0:
                await self._clear()
            sweeps += 1
            await asyncio.sleep(SWEEP_S)
            await self.counter.notice_silence()

    async def _clear(self) -> None:
        """Remove what has ended: what is no longer remembered, abandoned conversations, releases that nobody needs."""
        now = self.clock.now()
        await self.memory.purge(at=now)
        if self.kept is None:
            return
        records, force = self.kept.log.records, self.kept.learning.publication.force
        for name in await records.abandoned(before=now - ABANDONED_AFTER, limit=CLOSED_AT_ONCE_MAX):
            await self.counter.record(name, close_abandoned)
        gone = await asyncio.to_thread(force.clear, await records.releases_in_use())
        if gone:
            log_line.info("removed releases that no conversation needs", releases=gone)

    async def _keep_cases(self) -> None:
        """Act on the clocks of cases. What is far away is looked at again and again, so that a moved clock does no harm."""
        while True:
            try:
                await self.keeper.sweep()
            except (
                Exception
            ):  # boundary: whatever keeps a case from being looked at now, the next look tries again
                log_line.exception("the clocks of cases wait for the next look")
            await asyncio.sleep(SWEEP_S)

    async def _score_closed(self, quality: Quality) -> None:
        """Score conversations soon after they close; those that closed while nobody looked come first."""
        while True:
            scored = 0
            try:
                scored = await quality.score_closed()
            except (
                Exception
            ):  # boundary: a conversation that cannot be scored now is tried again, and serves nobody worse
                log_line.exception("closed conversations wait for their scores")
            if not scored:
                await asyncio.sleep(SCORE_EVERY_S)

    async def _keep_in_force(self, learning: Learning) -> None:
        """Put accepted proposals and a changed pack in force, each at its moment."""
        force = learning.publication.force
        while True:
            learning.decided.clear()
            due_s = None
            try:
                await asyncio.to_thread(force.activate)
                due_s = await asyncio.to_thread(force.next_due_s)
            except (
                Exception
            ):  # boundary: whatever keeps a release from coming into force now, the next look tries again
                log_line.exception("the release in force stays; trying again")
            with contextlib.suppress(TimeoutError):
                wait_s = SWEEP_S if due_s is None else min(SWEEP_S, due_s)
                await asyncio.wait_for(learning.decided.wait(), max(wait_s, WAIT_MIN_S))


def close_abandoned(tracker: Tracker) -> Sequence[Body]:
    """Decide to close a conversation that nobody came back to, unless something in it is still awaited."""
    awaited = tracker.closed or tracker.unknown or tracker.waiting or tracker.owner or tracker.turn_open
    return [] if awaited else [ConversationClosed("silence")]


@cache
def shared_encoder() -> SentenceEncoder:
    """Return the sentence encoder of this process; it holds 30 MB and nothing of anybody's."""
    return load_encoder()


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    log: EventLog | None = None,
    desk: Desk | None = None,
    releases: Path | Releases | None = None,
    bank: Simulator | None = None,
    random: Random | None = None,
    say: packs.Progress = lambda _: None,
) -> App:
    """Put the counter together.

    log, desk: in place of the record in `settings.data`. releases: where compiled packs lie, if not there too, or those
    that are loaded already. bank: in place of one made up from the pack. random: makes codes, tokens and the names of
    conversations repeatable, for tests. Raises: PackRefused when the pack has errors.
    """
    # The matrices of a turn are small: a second thread costs milliseconds and saves microseconds.
    threadpool_limits(1, user_api="blas")
    clock = clock or SystemClock()
    note = settings.data / "in-force.json" if log is None else None
    loaded = releases if isinstance(releases, Releases) else None
    folder = releases if isinstance(releases, Path) else settings.data / "releases"
    published = loaded if loaded is not None else Releases(folder, shared_encoder(), note=note, say=say)
    journal = settings.data / "core.sqlite3" if log is None else None
    bank = bank or Simulator.open(
        settings.pack, clock=clock, journal=journal, number=settings.seed, random=random
    )
    kept = _keep(settings, clock, published) if log is None else None
    if kept is not None:
        log, desk = kept.log, LiveDesk(kept.room, _opening_hours(published))
    elif loaded is None:
        published.publish(settings.pack, say=say)
    assert log is not None
    assert desk is not None, "a log of one's own needs a desk"
    vault, hub, memory = Vault(), Hub(), kept.memory if kept is not None else _memory(log)
    door = MemoryDoor(memory, clock, _in_words(published), lambda: describe_everything(published.current))
    guarded = GuardedBank(bank, door)
    own = OwnLookups(_book(log), lambda: published.current.cases, clock)
    effects = LiveEffects(guarded, desk, vault.reveal, own, memory)
    watcher: Watcher = hub if kept is None else _both(hub, kept.room.noticed)
    counter = Counter(
        log=log,
        engine=Engine(log, published, effects, clock, watcher, published.ready),
        hub=hub,
        identity=RememberingIdentity(bank, memory, clock),
        intake=Intake(redact, vault),
        clock=clock,
        current=published.release_for,
        pace=Pace(
            settings.quiet_ms, settings.typing_ms, settings.burst_ms, settings.silence_s, settings.reconcile_s
        ),
        seats_max=settings.seats_max,
        draw=secrets.token_urlsafe if random is None else _drawn_from(random),
    )
    cases = CaseDesk(
        _book(log),
        log,
        load=counter.tracker,
        notice=counter.notice,
        current=lambda: published.current,
        clock=clock,
    )
    timers = kept.timers if kept is not None else _own(log)
    keeper = Keeper(timers, _act(counter), clock, holder=secrets.token_hex(8))
    demo = DemoDoor.open(bank, settings.pack)
    staff_desk = None if kept is None else _open_desk(settings, kept, counter, guarded, vault, published)
    return App(settings, clock, log, published, bank, demo, counter, memory, cases, keeper, kept, staff_desk)


@dataclass
class Kept:
    """What is kept in the data folder: the record, and what else lies in its file."""

    log: SqliteLog
    proposals: SqliteProposals
    timers: SqlTimers
    memory: SqliteMemory
    desk: SqliteDesk
    room: DeskRoom
    learning: Learning
    book: SqliteQuality
    quality: Quality

    def close(self) -> None:
        """Close the file."""
        for part in (self.proposals, self.desk, self.timers, self.memory, self.book, self.log):
            part.close()


def _keep(settings: Settings, clock: Clock, published: Releases) -> Kept:
    record = settings.data / "record.sqlite3"
    log, proposals = SqliteLog(record), SqliteProposals(record)
    timers = SqlTimers(open_writer(record), open_reader(record))
    learning = _learning(settings, clock, log, proposals, published)
    learning.publication.force.start()
    desk = SqliteDesk(record)
    room = DeskRoom(book=desk, pack=load_desk_pack(settings.pack), releases=published, clock=clock)
    book = SqliteQuality(record)
    quality = _quality(settings, clock, log, book, published)
    return Kept(log, proposals, timers, SqliteMemory(record), desk, room, learning, book, quality)


def _quality(
    settings: Settings, clock: Clock, log: SqliteLog, book: SqliteQuality, published: Releases
) -> Quality:
    def make_scorer() -> Scorer:
        from tellerline.quality.build import build_scorer  # noqa: PLC0415  scikit-learn: only once something has closed

        return build_scorer(settings.pack, published.current, shared_encoder())

    return Quality(
        book=book,
        record=log,
        clock=clock,
        scorer=make_scorer,
        due=lambda now: published.current.calendar.deadline(now, business_days=APPEAL_BUSINESS_DAYS),
    )


def _open_desk(
    settings: Settings, kept: Kept, counter: Counter, bank: GuardedBank, vault: Vault, published: Releases
) -> StaffDesk:
    kept.room.attach(counter)
    return build_desk(
        room=kept.room,
        redact=lambda text: redact(text).text,
        bank=bank,
        tokens=vault,
        key=desk_key(settings.data),
        waiting=kept.log.records.at_the_desk,
        current=lambda: published.current,
        call_back_by=_call_back(published),
        demo=settings.demo,
    )


@contextlib.contextmanager
def open_staffing(settings: Settings) -> Iterator[Staffing]:
    """Open the accounts of a data folder without its counter, which may be running meanwhile."""
    settings.data.mkdir(parents=True, exist_ok=True)
    book, clock = SqliteDesk(settings.data / "record.sqlite3"), SystemClock()
    try:
        yield Staffing(book, SignIn(book, clock, desk_key(settings.data)), clock)
    finally:
        book.close()


def open_accounts(settings: Settings) -> list[Account]:
    """List the accounts of a data folder."""
    book = SqliteDesk(settings.data / "record.sqlite3")
    try:
        return book.accounts()
    finally:
        book.close()


def _both(first: Watcher, second: Watcher) -> Watcher:
    """Return one watcher that tells two."""

    def tell(conversation: ConversationId, events: Sequence[Event]) -> None:
        first(conversation, events)
        second(conversation, events)

    return tell


def desk_key(data: Path) -> bytes:
    """Return the key that signs the staff's cookies; made once for a data folder, and readable by its owner only."""
    path = data / "desk.key"
    with contextlib.suppress(FileExistsError):
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(DESK_KEY_BYTES))
    key = path.read_bytes()
    if len(key) != DESK_KEY_BYTES:
        raise Invalid(
            "desk_key", f"{path.name} is damaged; remove it, and everybody signs in again", field=str(path)
        )
    return key


@runtime_checkable
class _KeepsCases(Protocol):
    """A log in memory, which keeps cases and timers itself."""

    @property
    def cases(self) -> CaseBookAndTimers:
        """Both."""
        ...


class CaseBookAndTimers(CaseBook, Timers, Protocol):
    """A book of cases with their timers."""


def _book(log: EventLog) -> CaseBook:
    """Return the cases of a log."""
    return log.records if isinstance(log, SqliteLog) else _own(log)


def _own(log: EventLog) -> CaseBookAndTimers:
    """Return the cases that a log of one's own keeps."""
    assert isinstance(log, _KeepsCases), "a log of one's own keeps its cases"
    return log.cases


@runtime_checkable
class _Remembers(Protocol):
    """A log in memory, which folds what is remembered itself."""

    @property
    def memory(self) -> Memory:
        """What is remembered from the conversations in it."""
        ...


def _memory(log: EventLog) -> Memory:
    """Return what is remembered from a log of one's own; nothing when it folds nothing."""
    return log.memory if isinstance(log, _Remembers) else NoMemory()


def _in_words(published: Releases) -> Describe:
    """Return how what is remembered reads, in the words of the release in force."""
    return lambda value, at: describe(published.current, value, at)


def _act(counter: Counter) -> Act:
    """Return what a due timer leads to: a turn of its conversation."""

    async def act(timer: Timer) -> None:
        command = CaseTimer(timer.number, timer.share, timer.case_due_at)
        await counter.notice(ConversationId(timer.conversation), command)

    return act


def _drawn_from(random: Random) -> Callable[[int], str]:
    """Return what draws names and tokens that come out the same every time; for tests only."""
    return lambda size: urlsafe_b64encode(random.randbytes(size)).rstrip(b"=").decode()


@contextlib.asynccontextmanager
async def open_learning(settings: Settings) -> AsyncIterator[Learning]:
    """Open the proposals of a data folder without its counter, which may be running meanwhile."""
    log = SqliteLog(settings.data / "record.sqlite3")
    proposals = SqliteProposals(settings.data / "record.sqlite3")
    try:
        learning = _learning(
            settings, SystemClock(), log, proposals, Releases(settings.data / "releases", shared_encoder())
        )
        yield learning
        await learning.close()
    finally:
        proposals.close()
        log.close()


def _learning(
    settings: Settings, clock: Clock, log: SqliteLog, proposals: SqliteProposals, releases: Releases
) -> Learning:
    force = Force(book=proposals, releases=releases, pack=settings.pack, clock=clock, follow=settings.demo)
    publication = Publication(book=proposals, force=force, clock=clock, read=read_apart)
    return Learning(publication=publication, book=proposals, past=log.records, log=log, clock=clock)


def _opening_hours(releases: Releases) -> Callable[[datetime], datetime | None]:
    """Return when representatives are next on duty, from the facts in force."""

    def next_open(now: datetime) -> datetime | None:
        calendar = releases.current.calendar
        facts = releases.current.knowledge.facts(now.astimezone(calendar.zone).date())
        opens, closes = facts.get("service_hours.human_open"), facts.get("service_hours.human_close")
        if opens is None or closes is None:
            return None
        begin, end = time.fromisoformat(str(opens.value)), time.fromisoformat(str(closes.value))
        return calendar.next_open(now, begin, end, daily=True)

    return next_open


def _call_back(releases: Releases) -> Callable[[datetime], datetime | None]:
    """Return until when somebody is called back for whom nobody is there: so many hours after the next opening."""
    next_open = _opening_hours(releases)

    def call_back_by(now: datetime) -> datetime | None:
        current = releases.current
        within = current.knowledge.facts(now.astimezone(current.calendar.zone).date()).get(
            "service_hours.callback"
        )
        if within is None:
            return None
        return (next_open(now) or now) + timedelta(hours=float(str(within.value)))

    return call_back_by


# --- the server


def build_site(app: App) -> FastAPI:
    """Put the doors before a counter."""

    async def ready() -> Mapping[str, bool]:
        return {"release": bool(app.releases.current.version), "record": True}

    site = Site(
        counter=app.counter,
        bank=app.releases.current.bank,
        version=app.releases.current.version,
        rates=RateGate(Rates() if app.settings.rate_limits else None, app.clock),
        ready=ready,
        demo=app.demo if app.settings.demo else None,
        staff=Staff(staff_tokens(app.settings)),
        learning=app.learning,
        remembering=Remembering(
            app.counter, app.memory, GuardedBank(app.bank), app.clock, _in_words(app.releases)
        ),
        desk=app.staff_desk,
        own_login=_own_login(app),
        cases=app.cases,
        quality=None if app.kept is None else app.kept.quality,
    )

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with app.open():
            gc.freeze()  # what was loaded at the start stays; the collector need not look at it again
            yield

    return build_application(site, lifespan=lifespan, rooms=[memory_routes, quality_routes])


def _own_login(app: App) -> OwnLogin | None:
    """Return the bank's own login for its staff, where the settings name one."""
    settings = app.settings
    if not settings.oidc_issuer:
        return None
    known_as = OwnLoginSettings(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)
    return OwnLogin(known_as, app.clock, desk_key(settings.data))


def serve(settings: Settings, *, say: packs.Progress) -> None:
    """Run the server until it is stopped."""
    say("Tellerline is starting …")
    app = build(settings, say=say)
    site = build_site(app)
    say(f"{app.releases.current.bank.en}: http://{settings.host}:{settings.port}/")
    uvicorn.run(
        site,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        ws_per_message_deflate=False,
        ws_max_size=64 * 1024,
        server_header=False,
        timeout_graceful_shutdown=5,
    )


def staff_tokens(settings: Settings) -> Mapping[str, str]:
    """Return the tokens of the staff by name: those of the settings, or those of the demonstration where it is one."""
    return settings.staff_tokens or (DEMO_STAFF if settings.demo else {})


async def demo_customers(settings: Settings) -> list[Record]:
    """List whom a visitor of the demonstration may sign in as."""
    bank = Simulator.open(settings.pack, clock=SystemClock(), number=settings.seed)
    return await DemoDoor.open(bank, settings.pack).customers()
