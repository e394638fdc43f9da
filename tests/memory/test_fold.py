"""What is remembered is a fold of the events: in the tables and in memory alike, in whatever order conversations come."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.remembered import (
    KINDS,
    Address,
    Contact,
    ElderMode,
    Promised,
    Reached,
    Remembrance,
    Speaks,
    kind_of,
)
from tellerline.memory.book import Book
from tellerline.memory.kind import RULES
from tellerline.store.audit import verify
from tellerline.store.database import rebuild
from tellerline.store.log import SqliteLog
from tellerline.store.memory import SqliteMemory

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
F1, F2 = e.FrameId("f1"), e.FrameId("f2")


def talk(
    name: str, bodies: Sequence[e.Body], *, customer: str | None = "C1", at: datetime = MONDAY
) -> tuple[e.ConversationId, list[e.Event]]:
    opened = e.ConversationOpened("web", "zh", "r1", "d" * 64, customer, 1 if customer else 0)
    found = [e.Event(n, at + timedelta(seconds=n), body) for n, body in enumerate([opened, *bodies], 1)]
    return e.ConversationId(name), found


def contact(flow: str = "transfer", outcome: str = "completed", frame: e.FrameId = F1) -> list[e.Body]:
    ended = msgspec.convert({"kind": "flow.ended", "frame": frame, "outcome": outcome}, e.FlowEnded)
    return [e.FlowStarted(frame, flow, "intent", {"note": "我得了重病"}), ended]


def case(number: str = "HB-1") -> e.CaseOpened:
    return e.CaseOpened(F1, number, "complaint", "care", MONDAY + timedelta(days=15), "客户说了很多话")


async def book_of(*talks: tuple[e.ConversationId, list[e.Event]]) -> Book:
    book = Book()
    for name, events in talks:
        for event in events:
            book.add(name, event)
    return book


async def recalled(book: Book, customer: str = "C1", days: float = 1) -> list[Remembrance]:
    return [item.value for item in await book.recall(customer, at=MONDAY + timedelta(days=days))]


async def test_a_contact_is_remembered_with_how_it_came_out() -> None:
    book = await book_of(
        talk("a", contact()), talk("b", contact("balance")[:1], at=MONDAY + timedelta(hours=1))
    )
    assert await recalled(book) == [
        Contact("f1", "balance", "web"),
        Contact("f1", "transfer", "web", "completed"),
    ]


async def test_no_word_of_a_customer_is_remembered() -> None:
    bodies = [e.MessageReceived("m1", "我信佛，我妈得了重病"), *contact(), case()]
    book = await book_of(talk("a", bodies))
    text = msgspec.json.encode(await book.recall("C1", at=MONDAY)).decode()
    assert "HB-1" in text
    assert not any(word in text for word in ("佛", "病", "妈", "客户说了"))


def test_the_kinds_are_closed_and_each_has_a_purpose_a_ground_and_an_end() -> None:
    values = [
        Contact("f1", "balance", "web"), Promised("1", "complaint", MONDAY), Address("ms", "王女士", "Ms Wang"),
        Speaks("zh"), Reached("sms"), ElderMode(),
    ]  # fmt: skip
    assert {kind_of(value) for value in values} == set(KINDS) == set(RULES)
    assert all(rule.purpose and rule.ground in ("service", "asked") and rule.kept for rule in RULES.values())
    for wrong in (
        {"kind": "religion", "of": "buddhist"},
        {"kind": "address", "form": "my guess", "zh": "x", "en": "x"},
        {"kind": "contact", "frame": "f1", "flow": "balance", "channel": "web", "mood": "angry"},
    ):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(wrong, Remembrance)  # type: ignore[arg-type]


async def test_a_promise_is_open_until_it_is_kept() -> None:
    book = await book_of(talk("a", [*contact("complaint")[:1], case()]))
    assert Promised("HB-1", "complaint", MONDAY + timedelta(days=15), "f1") in await recalled(book)
    kept = await book_of(talk("a", [case(), e.CaseClosed("HB-1", "answered")]))
    assert [value.is_open for value in await recalled(kept) if isinstance(value, Promised)] == [False]


async def test_what_was_begun_as_a_stranger_belongs_to_whoever_is_identified() -> None:
    bodies = [*contact()[:1], e.LevelChanged(1, "identify", "C2"), contact()[1]]
    book = await book_of(talk("a", bodies, customer=None), talk("b", contact(), customer=None))
    assert len(await recalled(book, "C2")) == 1
    assert await recalled(book, "C1") == []


async def test_only_a_language_that_was_asked_for_is_a_preference() -> None:
    followed = [e.CommandsDecided("embedded", [c.SwitchLanguage("en")]), e.LanguageSwitched("en")]
    asked = [e.CommandsDecided("embedded", [c.SwitchLanguage("en", asked=True)])]
    assert await recalled(await book_of(talk("a", followed))) == []
    assert await recalled(await book_of(talk("a", asked))) == [Speaks("en")]


async def test_the_newest_preference_counts_and_forgetting_it_brings_no_older_one_back() -> None:
    first = talk("a", [e.MemoryNoted(Address("mr", "王先生", "Mr Wang"))])
    second = talk("b", [e.MemoryNoted(Address("ms", "王女士", "Ms Wang"))], at=MONDAY + timedelta(hours=1))
    assert await recalled(await book_of(second, first)) == [Address("ms", "王女士", "Ms Wang")]
    gone = talk("c", [e.MemoryForgotten("address")], at=MONDAY + timedelta(hours=2))
    assert await recalled(await book_of(gone, second, first)) == []


async def test_forgetting_everything_leaves_what_is_noted_afterwards() -> None:
    before, after = (
        talk("a", [*contact(), case()]),
        talk("c", contact("balance"), at=MONDAY + timedelta(hours=2)),
    )
    gone = talk("b", [e.MemoryForgotten(None)], at=MONDAY + timedelta(hours=1))
    other = talk("d", contact(), customer="C9")
    book = await book_of(gone, before, after, other)
    assert await recalled(book) == [Contact("f1", "balance", "web", "completed")]
    assert len(await recalled(book, "C9")) == 1


async def test_one_contact_of_several_is_forgotten_by_its_id() -> None:
    both = talk("a", [*contact(), *contact("balance", frame=F2)])
    book = await book_of(both)
    ids = [item.id for item in await book.recall("C1", at=MONDAY + timedelta(hours=1))]
    gone = await book_of(both, talk("b", [e.MemoryForgotten(ids[-1])], at=MONDAY + timedelta(hours=1)))
    assert [value.flow for value in await recalled(gone) if isinstance(value, Contact)] == ["balance"]


@pytest.mark.parametrize(("days", "kinds"), [(89, 2), (91, 1), (106, 0)])
async def test_everything_ends(days: int, kinds: int) -> None:
    book = await book_of(talk("a", [*contact()[:1], case()]))
    assert len(await recalled(book, days=days)) == kinds
    await book.purge(at=MONDAY + timedelta(days=days))
    assert len(await recalled(book, days=days)) == kinds


# --- the tables say the same


def some_talks(seed: int) -> list[tuple[e.ConversationId, list[e.Event]]]:
    lot = random.Random(seed)
    talks = []
    for index in range(14):
        bodies: list[e.Body] = []
        for number in range(lot.randint(1, 6)):
            frame = e.FrameId(f"f{number}")
            bodies += lot.choice(
                [
                    contact(lot.choice(["transfer", "balance"]), lot.choice(["completed", "failed"]), frame),
                    contact(frame=frame)[:1],
                    [case(f"HB-{index}-{number}")],
                    [case(f"HB-{index}-{number}"), e.CaseClosed(f"HB-{index}-{number}", "done")],
                    [
                        e.MemoryNoted(
                            lot.choice([Reached("sms"), Reached("phone"), ElderMode(), Speaks("en")])
                        )
                    ],
                    [e.MemoryForgotten(lot.choice([None, "channel", f"contact.t{lot.randint(0, 13)}.f0"]))],
                    [e.LevelChanged(1, "identify", "C2")] if index % 3 == 0 else [],
                ]
            )
        customer = None if index % 3 == 0 else f"C{index % 2}"
        talks.append(
            talk(f"t{index}", bodies, customer=customer, at=MONDAY + timedelta(minutes=lot.randint(0, 9)))
        )
    return talks


@pytest.mark.parametrize("seed", range(6))
async def test_the_tables_hold_what_the_fold_says_also_when_rebuilt(tmp_path: Path, seed: int) -> None:
    path, talks, now = tmp_path / "record.sqlite3", some_talks(seed), MONDAY + timedelta(hours=1)
    with SqliteLog(path) as log:
        for name, events in talks:
            await log.append(name, events)
    book = await book_of(*talks)
    with closing(SqliteMemory(path)) as memory:
        for step in (None, rebuild):
            if step is not None:
                step(path)
            for customer in ("C0", "C1", "C2"):
                assert await memory.recall(customer, at=now) == await book.recall(customer, at=now)
            assert verify(path) == []
        await memory.purge(at=now)
        assert [await memory.recall(f"C{n}", at=now) for n in range(3)] == [
            await book.recall(f"C{n}", at=now) for n in range(3)
        ]
        assert verify(path) == []


async def test_what_was_forgotten_is_out_of_the_table_at_once(tmp_path: Path) -> None:
    path = tmp_path / "record.sqlite3"
    with SqliteLog(path) as log:
        await log.append(*talk("a", [e.MemoryNoted(Reached("sms")), *contact()]))
        await log.append(*talk("b", [e.MemoryForgotten(None)], at=MONDAY + timedelta(hours=1)))
    with closing(SqliteMemory(path)) as memory, memory._reader.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM memories").scalar() == 0
