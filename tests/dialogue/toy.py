"""A small bank, a small pack and a reader that understands only what it is told: enough to see the dialogue decide."""

# ruff: noqa: E501  the toy pack reads better in long lines

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import yaml

from tellerline.bank.contract import GuardedBank, Outcome, Prepared
from tellerline.dialogue.effects import LiveEffects
from tellerline.dialogue.engine import Conversation, Engine
from tellerline.dialogue.ports import Loaded, QueuePlace
from tellerline.dialogue.release import Intent, Release
from tellerline.dialogue.tracker import Tracker
from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.citation import Source
from tellerline.domain.errors import Conflict, OutcomeUnknown, Refused, Unavailable
from tellerline.domain.language import Text
from tellerline.domain.reading import Affect, Entity, IntentScore, Reading, Segment
from tellerline.flows.spec import Flow
from tellerline.knowledge.answer import Answer
from tellerline.reply.copy import CopyBook, parse_copy

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

FLOWS = """
balance:
  flow: balance
  title: {zh: 查询余额, en: Balance}
  intents: [check_balance]
  slots:
    account: {type: choice, ask: ask_account, choices: accounts}
  steps:
    - {id: verify, verify: 1}
    - {id: accounts, lookup: accounts.list, into: accounts}
    - {id: choose, ask: account}
    - {id: tell, say: told}
transfer:
  flow: transfer
  title: {zh: 转账, en: Transfer}
  intents: [make_transfer]
  resume: ask
  slots:
    payee: {type: payee, ask: ask_payee, choices: payees}
    amount_minor: {type: money, ask: ask_amount, check: [{bad: amount_minor <= 0, say: too_small}]}
  steps:
    - {id: verify, verify: 1}
    - {id: accounts, lookup: accounts.list, into: accounts}
    - {id: payees, lookup: payees.list, into: payees}
    - {id: who, ask: payee}
    - {id: how_much, ask: amount_minor}
    - {id: code, verify: 2}
    - id: readback
      confirm: readback
      prepare: transfer.send
      with: {account: "accounts[0].id", payee: payee.id, amount_minor: amount_minor}
    - {id: send, do: transfer.send, into: receipt}
    - {id: done, say: sent}
freeze:
  flow: freeze
  title: {zh: 挂失, en: Freeze}
  intents: [lost_card]
  emergency: true
  slots:
    card: {type: choice, ask: ask_card, choices: cards}
  steps:
    - {id: verify, verify: 1}
    - {id: cards, lookup: cards.list, into: cards}
    - {id: which, ask: card}
    - {id: act, do: card.freeze, with: {card: card.id}, into: frozen}
    - {id: done, say: frozen_now}
    - id: later
      promise: {kind: replacement, owner: cards, due: {business_days: 3}, summary: case_summary}
    - {id: promised, say: promised}
scam_check:
  flow: scam_check
  title: {zh: 防诈骗, en: Scam check}
  intents: [scam_check]
  emergency: true
  sensitive: true
  steps:
    - {id: warn, say: warn}
complaint:
  flow: complaint
  title: {zh: 投诉, en: Complaint}
  intents: [complaint]
  sensitive: true
  slots:
    story: {type: text, ask: ask_story}
  steps:
    - {id: tell, ask: story}
    - id: open
      promise: {kind: complaint, owner: care, due: {days: 15}, summary: case_summary}
    - {id: number, say: registered}
"""
COPY = {
    "balance": {"ask_account": "哪个账户？", "told": "尾号{{ account.last_four }}余额{{ account.balance_minor | money }}。"},
    "transfer": {
        "ask_payee": "转给谁？", "ask_amount": "转多少？", "too_small": "金额须大于零。", "name_payee": "收款人",
        "name_amount_minor": "金额",
        "readback": "向{{ terms.payee_name }}转{{ terms.amount_minor | money }}，确认吗？", "sent": "已转出，参考号{{ receipt.reference }}。",
    },
    "freeze": {"ask_card": "哪张卡？", "frozen_now": "尾号{{ frozen.last_four }}已冻结，回执{{ frozen.receipt }}。",
               "case_summary": "补卡", "promised": "编号{{ case.number }}。", "acknowledge": "卡丢了确实着急。"},
    "scam_check": {"warn": "请先停止转账。"},
    "complaint": {"ask_story": "请说说情况。", "case_summary": "{{ story }}", "registered": "已登记，编号{{ case.number }}。"},
}  # fmt: skip


class _Echo(dict):  # type: ignore[type-arg]
    """Patterns: each key is its own text, so that a test sees which pattern spoke."""

    def get(self, key: str, default: Any = None) -> Any:
        return parse_copy({key: f"<{key}>"})[key]

    def __contains__(self, key: object) -> bool:
        return not str(key).startswith(("failed_card", "failed_insufficient", "notice_"))


def flows() -> dict[str, Flow]:
    return {name: msgspec.convert(raw, Flow) for name, raw in yaml.safe_load(FLOWS).items()}


INTENTS = {
    "check_balance": Intent("business", Text("查询余额", "Balance"), flow="balance"),
    "make_transfer": Intent("business", Text("转账", "Transfer"), flow="transfer"),
    "lost_card": Intent("business", Text("挂失", "Lost card"), flow="freeze"),
    "scam_check": Intent("business", Text("核实诈骗", "Scam"), flow="scam_check"),
    "complaint": Intent("business", Text("投诉", "Complaint"), flow="complaint"),
    "open_account": Intent("business", Text("开户", "Open an account")),
    "product_question": Intent("knowledge", Text("咨询", "Question")),
    "talk_to_human": Intent("control", Text("转人工", "A person")),
    "thanks": Intent("chitchat", Text("谢谢", "Thanks")),
}
THRESHOLDS = {
    "control": 0.5, "start": 0.5, "start_in_flow": 0.5, "start_after_answer": 0.8, "start_after_short_answer": 0.8, "chitchat": 0.5, "answer": 0.5, "outside": 0.6, "clarify": 0.2, "clarify_each": 0.2,
    "knowledge_unasked": 0.5, "self_harm": 0.5, "scam": 0.5, "complaint": 0.5, "human_wanted": 0.5, "right_invoked": 0.5, "vulnerability": 0.5, "flag_in_short_answer": 0.9, "felt": 0.5, "scam_in_business": 0.95,
}  # fmt: skip


class NoFacts:
    def get(self, fact_id: str) -> None:
        return None


class ToyKnowledge:
    def facts(self, on: date) -> NoFacts:
        return NoFacts()

    def compares(self, question: str, **_: Any) -> bool:
        return False

    def answer(self, question: str, **_: Any) -> tuple[Answer | None, float]:
        if "利率" not in question:
            return None, 0.1
        return Answer("活期利率见公告。", [Source("article", "rates", "2026")], 0.9), 0.9

    def branches(self, place: str, **_: Any) -> tuple[str, list[Source]]:
        return "", []


def reading(*intents: str, text: str = "", entities: tuple[Entity, ...] = (), flags: dict[str, float] | None = None,
            affect: Affect | None = None) -> Reading:  # fmt: skip
    """One clause per intent, each of ten characters unless one text is given."""
    text = text or "".join(f"{name:<10.10}" for name in intents)
    size = len(text) // max(len(intents), 1)
    segments = [Segment(i * size, (i + 1) * size, [IntentScore(name, 0.9)]) for i, name in enumerate(intents)]
    return Reading("zh", text, segments, list(entities), affect or Affect(), flags or {})


def entity(kind: Any, value: str | int, start: int = 0, **more: Any) -> Entity:
    return Entity(kind, value, str(value), start, start + 1, **more)


class ScriptedReader:
    """Returns the readings it was given, by message text."""

    def __init__(self) -> None:
        self.readings: dict[str, Reading] = {}

    def read(self, text: str, context: Any) -> Reading:
        return self.readings[text]


class ToyBank:
    """Two accounts, two payees of one name, one card; counts its effects."""

    def __init__(self) -> None:
        self.done: dict[str, Outcome] = {}
        self.commits = 0
        self.fail: dict[str, Exception] = {}
        self.fail_after: Exception | None = None

    async def lookup(self, operation: str, arguments: Any, *, caller: Any) -> Any:
        if operation in self.fail:
            raise self.fail[operation]
        return {
            "accounts.list": [
                {
                    "id": "a1",
                    "last_four": "6688",
                    "label": {"zh": "工资卡", "en": "Salary"},
                    "balance_minor": 123450,
                },
                {
                    "id": "a2",
                    "last_four": "1111",
                    "label": {"zh": "储蓄", "en": "Savings"},
                    "balance_minor": 5,
                },
            ],
            "payees.list": [
                {
                    "id": "p1",
                    "name": "王伟",
                    "last_four": "0001",
                    "label": {"zh": "王伟 工行0001", "en": "Wang Wei ICBC"},
                },
                {
                    "id": "p2",
                    "name": "王伟",
                    "last_four": "0002",
                    "label": {"zh": "王伟 建行0002", "en": "Wang Wei CCB"},
                },
                {"id": "p3", "name": "李娜", "last_four": "0003", "label": {"zh": "李娜", "en": "Li Na"}},
            ],
            "cards.list": [{"id": "c1", "last_four": "6688", "label": {"zh": "借记卡", "en": "Debit card"}}],
        }[operation]

    async def prepare(self, action: str, arguments: Any, *, caller: Any) -> Prepared:
        if action in self.fail:
            raise self.fail[action]
        terms = {**arguments, "payee_name": "王伟", "last_four": "6688"}
        return Prepared(action, arguments, terms, NOW + timedelta(minutes=10))

    async def commit(self, prepared: Prepared, *, key: str, caller: Any) -> Outcome:
        if "commit" in self.fail:
            raise self.fail.pop("commit")
        if key not in self.done:
            self.commits += 1
            result = {"reference": "R1", "receipt": "Q1", "last_four": "6688", "at": NOW.isoformat()}
            self.done[key] = Outcome(key, prepared.action, result, NOW)
        if self.fail_after is not None:
            error, self.fail_after = self.fail_after, None
            raise error
        return self.done[key]

    async def status(self, key: str) -> Outcome | None:
        if "status" in self.fail:
            raise self.fail["status"]
        return self.done.get(key)


class ToyDesk:
    async def place(self, conversation: Any, *, queue: str, priority: int) -> QueuePlace:
        return QueuePlace(2, staffed=False, opens_at="2026-11-24T09:00:00+08:00")


class ToyLog:
    """Keeps events in a list; can be told to lose the process after a number of appends."""

    def __init__(self) -> None:
        self.events: list[e.Event] = []
        self.appends = 0
        self.crash_at = 0

    async def append(self, conversation: Any, events: Any, *, snapshot: bytes | None = None) -> None:
        self.appends += 1
        if self.crash_at and self.appends >= self.crash_at:
            raise ConnectionAbortedError("the process is gone")
        assert events[0].sequence == len(self.events) + 1
        self.events += events

    async def load(self, conversation: Any) -> Loaded:
        return Loaded(None, list(self.events))


class ToyClock:
    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time


class Talk:
    """A conversation with the toy bank."""

    def __init__(self, *, level: int = 2) -> None:
        self.reader = ScriptedReader()
        self.bank = ToyBank()
        self.log = ToyLog()
        self.clock = ToyClock()
        copies = {
            name: CopyBook(name, {"zh": parse_copy(texts), "en": parse_copy(texts)})
            for name, texts in COPY.items()
        }
        echo: Any = _Echo()
        for scope in ("patterns", "chitchat"):
            copies[scope] = CopyBook(scope, {"zh": echo, "en": echo})
        self.release = Release(
            "r1", Text("港湾银行", "Harbour Bank"), flows(), copies, INTENTS, ToyKnowledge(), self.reader,
            lambda text, language: "A2" if "密码" in text else None,
            lambda now, due, kind: now + timedelta(days=3), THRESHOLDS,
        )  # fmt: skip
        self.effects = LiveEffects(GuardedBank(self.bank), ToyDesk(), lambda _, arguments: arguments)
        self.engine = Engine(self.log, {"r1": self.release}, self.effects, self.clock, lambda *_: None)
        self.held = Conversation(Tracker(conversation="talk"), [], 0)
        customer = "u1" if level else None
        self.held.add(e.ConversationOpened("web", "zh", "r1", "x", customer, level), NOW)
        self.count = 0

    async def say(self, said: Reading) -> list[str]:
        """Send a message that reads as `said`; return the texts of the reply."""
        self.count += 1
        text = f"{self.count}: {said.text}"
        self.reader.readings[text] = said
        self.held.add(e.MessageReceived(f"m{self.count}", text), self.clock.now())
        return await self.turn()

    async def notice(self, command: c.Command) -> list[str]:
        self.held.add(e.SystemNoticed(command), self.clock.now())
        return await self.turn()

    async def turn(self) -> list[str]:
        before = self.held.stored
        await self.engine.take_turn(self.held)
        return [
            x.body.text for x in self.log.events if x.sequence > before and isinstance(x.body, e.MessageSent)
        ]

    @property
    def tracker(self) -> Tracker:
        return self.held.tracker

    def kinds(self) -> list[str]:
        return [e.kind_of(event.body) for event in self.log.events]


__all__ = ["Conflict", "OutcomeUnknown", "Refused", "Talk", "Unavailable", "entity", "reading"]
