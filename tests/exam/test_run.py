"""The exam held on the toy bank: what the customer does arrives, what is wrong is told, and nothing takes real time."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from tellerline.bank.contract import Challenge, GuardedBank, Proof
from tellerline.channels.counter import Counter, Pace
from tellerline.channels.feed import Hub
from tellerline.channels.intake import Intake
from tellerline.channels.vault import Vault
from tellerline.dialogue.effects import LiveEffects
from tellerline.dialogue.engine import Engine
from tellerline.domain.clock import Clock
from tellerline.domain.errors import Conflict, Refused
from tellerline.domain.party import CustomerId, Level
from tellerline.exam.load import load_exam
from tellerline.exam.report import ExamReport
from tellerline.exam.run import hold_exam
from tellerline.reply.copy import CopyBook, parse_copy
from tellerline.testing.log import MemoryLog
from tellerline.understanding.redact import redact
from tests.dialogue.toy import Talk, ToyBank, ToyDesk, entity, reading


class Echo(dict[str, Any]):
    """Patterns in Chinese, each with its key, so that a test sees which one spoke."""

    def get(self, key: str, default: Any = None) -> Any:
        return parse_copy({key: f"好的，请您稍等，我来为您办理。{key}"})[key]

    def __contains__(self, key: object) -> bool:
        return not str(key).startswith("failed_core")


PATTERNS = CopyBook("patterns", {"zh": Echo(), "en": Echo()})


class ToyFaults:
    def __init__(self, bank: ToyBank) -> None:
        self.bank = bank

    def clear(self) -> None:
        self.bank.fail.clear()

    def set(self, operation: str, fault: str) -> None:
        from tellerline.domain.errors import Unavailable

        assert fault == "unavailable"
        self.bank.fail[operation] = Unavailable("core", "down")


class ToyIdentity:
    """One customer, whose code is 482913."""

    async def sign_in(self, customer_token: str) -> Proof:
        if customer_token != "demo-u1":
            raise Refused("unknown_token", "nobody")
        return Proof(CustomerId("u1"), Level.L1, "app_session")

    async def start(self, method: str, *, conversation: str, caller: Any) -> Challenge:
        levels: Any = {"identify": 1, "otp": 2, "face": 3}
        return Challenge(f"c-{method}", method, Level(levels[method]))  # type: ignore[arg-type]

    async def check(self, challenge: str, answer: Any, *, conversation: str) -> Proof:
        right: dict[str, Any] = {
            "c-identify": {"phone": "13800000001", "id_last_four": "1234"},
            "c-otp": {"code": "482913"},
            "c-face": {},
        }
        if answer != right[challenge]:
            raise Refused("wrong", "not this", tries_left=4)
        levels = {"c-identify": 1, "c-otp": 2, "c-face": 3}
        return Proof(CustomerId("u1"), Level(levels[challenge]), challenge[2:])


class ToyDemo:
    """The toy customer's phone."""

    async def phone(self, customer_token: str) -> list[Any]:
        return [
            {"id": "p2", "kind": "sms", "code": "482913"},
            {"id": "p1", "kind": "face", "state": "pending"},
        ]

    async def answer_face(self, customer_token: str, check: str, *, approve: bool) -> None:
        if check != "p1":
            raise Conflict("answered", "answered")

    async def state(self, customer_token: str) -> Any:
        return {"cards": [{"last_four": "6688", "status": "active"}]}


class Composed:
    def __init__(self, clock: Clock, listen: Callable[[str], Any], break_log: bool) -> None:
        talk = Talk()
        bank = ToyBank()
        self.log: Any = MemoryLog()
        self.memory: Any = self.log.memory
        self.release = dataclasses.replace(talk.release, copies={**talk.release.copies, "patterns": PATTERNS})
        self.releases: Any = SimpleNamespace(current=self.release)
        talk.reader.read = lambda text, context: listen(text)  # type: ignore[method-assign]
        effects = LiveEffects(GuardedBank(bank), ToyDesk(), lambda _, arguments: arguments)
        engine = Engine(self.log, {"r1": self.release}, effects, clock, Hub())
        person = SimpleNamespace(phone="13800000001", id_last_four="1234")
        self.bank: Any = SimpleNamespace(
            faults=ToyFaults(bank), core=SimpleNamespace(customers={"u1": person})
        )
        self.demo: Any = ToyDemo()
        self.counter = Counter(
            log=self.log, engine=engine, hub=Hub(), identity=ToyIdentity(), intake=Intake(redact, Vault()), clock=clock,
            current=lambda _: self.release, pace=Pace(),
        )  # fmt: skip
        if break_log:
            self.log.load = None


def listen(text: str) -> Any:
    """Understand a few words: the toy's understanding."""
    if "转" in text:
        found = (entity("name", "李娜"), entity("money", 50000)) if "李娜" in text else ()
        return reading("make_transfer", text=text, entities=found)
    intent = {"余额": "check_balance", "确认": "affirm", "人工": "talk_to_human", "丢": "lost_card"}
    return reading(next((name for word, name in intent.items() if word in text), "nothing"), text=text)


def hold(
    pack: Path,
    turns: str,
    *,
    start: str = "{customer: demo-u1, level: 2}",
    break_log: bool = False,
    more: str = "",
) -> ExamReport:
    """Hold one case, given by its turns."""
    path = pack / "exam" / "03-listening" / "zh.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    case = {
        "id": "toy",
        "title": "toy",
        "ability": 3,
        "start": yaml.safe_load(start),
        "turns": yaml.safe_load(turns),
    }
    path.write_text(yaml.safe_dump([{**case, **(yaml.safe_load(more) or {})}], allow_unicode=True), "utf-8")
    placed, problems = load_exam(pack)
    assert problems == []

    @asynccontextmanager
    async def compose(clock: Clock) -> AsyncIterator[Composed]:
        composed = Composed(clock, listen, break_log)
        yield composed
        await composed.counter.close()

    return hold_exam(placed, compose)


TRANSFER = """
- say: 转500给李娜
  expect: {flow: {running: transfer}, question: {what: confirm}, level: 2, reply: {mentions: ["500.00"]}}
- choose: 1
  expect: {bank: {committed: [transfer.send]}, reply: {mentions: [R1]}, turns: 1}
"""


def test_a_case_that_goes_as_expected_passes(tmp_path: Path) -> None:
    report = hold(tmp_path, TRANSFER)
    assert report.failures == []
    assert (report.cases, report.passed) == (1, 1)


def test_what_differs_is_told_with_its_turn(tmp_path: Path) -> None:
    report = hold(tmp_path, TRANSFER.replace("committed: [transfer.send]", "committed: []"))
    assert [(x.case, x.turn, x.expected) for x in report.failures] == [("toy", 2, "committed: nothing")]


def test_a_burst_is_one_turn(tmp_path: Path) -> None:
    turns = """
    - say: [转账, 给李娜]
      expect: {turns: 1, flow: {running: transfer}}
    """
    assert hold(tmp_path, turns).failures == []


def test_faults_strike_until_they_are_mended(tmp_path: Path) -> None:
    turns = """
    - say: 余额
      expect: {flow: {ended: {balance: failed}}}
    - faults: {}
      say: 余额
      expect: {question: {what: slot, slot: account}, bank: {looked_up: [accounts.list]}}
    """
    start = "{customer: demo-u1, level: 1, faults: {accounts.list: unavailable}}"
    assert hold(tmp_path, turns, start=start).failures == []


@pytest.mark.parametrize(("answer", "level"), [("right", 2), ("wrong", 1)])
def test_the_widget_is_answered_from_the_phone(tmp_path: Path, answer: str, level: int) -> None:
    turns = f"""
    - say: 转500给李娜
      expect: {{question: {{what: verify}}}}
    - verify: {{method: otp, answer: {answer}}}
      expect: {{level: {level}}}
    """
    assert hold(tmp_path, turns, start="{customer: demo-u1, level: 1}").failures == []


def test_a_stranger_says_who_they_are_in_the_widget(tmp_path: Path) -> None:
    turns = """
    - say: 余额
      expect: {question: {what: verify}, level: 0}
    - verify: {method: identify}
      expect: {level: 1}
    """
    assert hold(tmp_path, turns, start="{customer: demo-u1, level: 0}").failures == []


def test_waiting_lowers_the_level_and_costs_no_time(tmp_path: Path) -> None:
    turns = """
    - wait: 30
    - say: 余额
      expect: {level: 1}
    """
    assert hold(tmp_path, turns).failures == []


def test_what_cannot_be_done_ends_the_case(tmp_path: Path) -> None:
    report = hold(tmp_path, "[{choose: 7}, {say: 余额}]")
    assert [(x.turn, x.expected) for x in report.failures] == [(1, "the last message has a button 7")]
    report = hold(tmp_path, "[{verify: {method: otp}}]", start="{}")
    assert [x.expected for x in report.failures] == ["a customer with a phone"]


def test_a_secret_that_is_kept_is_found(tmp_path: Path) -> None:
    report = hold(tmp_path, "[{say: 余额口令芝麻开门}]", more="{secrets: [芝麻开门]}")
    assert {x.expected for x in report.failures} == {"芝*** is kept nowhere"}


def test_a_broken_counter_is_a_failure_not_a_crash(tmp_path: Path) -> None:
    report = hold(tmp_path, TRANSFER, break_log=True)
    assert report.exit_code == 1
    assert "can be held" in report.failures[0].expected


def test_abilities_and_languages_are_chosen(tmp_path: Path) -> None:
    hold(tmp_path, TRANSFER)
    placed, _ = load_exam(tmp_path)

    def never(clock: Clock) -> Any:
        raise AssertionError("nothing was chosen")

    assert hold_exam(placed, never, abilities=[4]).cases == 0
    assert hold_exam(placed, never, languages=["en"]).cases == 0
