"""Events to fill a record with: conversations that read like real ones, and one body of every kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.citation import Source
from tellerline.domain.language import Text
from tellerline.domain.reading import Affect, Entity, IntentScore, Reading, Segment
from tellerline.domain.remembered import Address, Reached, Remembered, Speaks

START = datetime(2026, 11, 23, 1, 30, 0, 250_000, tzinfo=UTC)
SHANGHAI = timezone(timedelta(hours=8))
FRAME = e.FrameId("f1")


def name(text: str) -> e.ConversationId:
    """Return a conversation's id."""
    return e.ConversationId(text)


def opening(language: str = "zh", customer: str | None = None) -> e.ConversationOpened:
    """Return the body that opens a conversation."""
    return e.ConversationOpened("web", "en" if language == "en" else "zh", "r1", "d" * 64, customer)


def said(client_id: str, text: str = "我的卡丢了") -> e.MessageReceived:
    """Return the body of a customer's message."""
    return e.MessageReceived(client_id, text)


def queued(queue: str = "general", priority: int = 5) -> e.HandoverRequested:
    """Return the body that queues a conversation."""
    return e.HandoverRequested("asked", queue, priority, 1, staffed=False)


def number(
    bodies: Sequence[e.Body], first: int = 1, start: datetime = START, step_ms: int = 40
) -> list[e.Event]:
    """Make events of `bodies`, one after the other."""
    return [
        e.Event(first + index, start + timedelta(milliseconds=step_ms * (first + index)), body)
        for index, body in enumerate(bodies)
    ]


def turn(first: int, count: int, client_id: str | None = None) -> list[e.Event]:
    """Return the events of turn `count`, from the message to its end."""
    bodies: list[e.Body] = [
        said(client_id or f"m{count}"),
        e.TurnStarted(first, _READING),
        e.CommandsDecided("embedded", [c.StartFlow("card_loss", "card_lost", {"last_four": "1234"})]),
        e.FlowStarted(FRAME, "card_loss", "card_lost", {"last_four": "1234"}),
        e.StepEntered(FRAME, "confirm"),
        e.QuestionAsked(FRAME, "confirm"),
        e.MessageSent("assistant", "要冻结尾号1234的卡吗？", "zh", [e.Choice("是", "是")], [_SOURCE]),
        e.TurnEnded(count),
    ]
    return number(bodies, first)


LIN = Text("林悦", "Lin Yue")
_SOURCE = Source("copy", "card_loss/confirm", "r1")
_FACT = Source("fact", "card_fees.replacement", "2026-01-01")
_ARTICLE = Source("article", "lost-card#lead", "2026-02-01")
_READING = Reading(
    "zh",
    "我的卡丢了",
    [Segment(0, 5, [IntentScore("card_lost", 0.97), IntentScore("out_of_scope", 0.01)])],
    [Entity("product", "debit_card", "卡", 2, 3)],
    Affect("anxiety", 0.6, 0.8),
    {"scam": 0.02, "human_wanted": 0.01},
)

BODIES: list[e.Body] = [
    opening(customer="C1"),
    said("m1", "卡号是⟨card:1⟩，谢谢 🙏\u2028"),
    e.SystemNoticed(c.Verified(2, "C1", "otp")),
    e.TurnStarted(3, _READING),
    e.CommandsDecided("embedded", [c.Clarify(["card_lost", "balance"]), c.AskKnowledge("利率多少？")]),
    e.LanguageSwitched("en"),
    e.AffectNoticed("anger", 0.75),
    e.Acknowledged("card_loss"),
    e.ScamSuspected(),
    e.FlowStarted(FRAME, "card_loss", "card_lost", {"z": 1, "a": [None, 1.5, {"y": True, "b": "二"}]}),
    e.FlowQueued("balance", "balance"),
    e.FlowInterrupted(FRAME),
    e.FlowResumed(FRAME),
    e.StepEntered(FRAME, "confirm"),
    e.SlotSet(FRAME, "amount_minor", 9_007_199_254_740_993, "bank"),
    e.SlotCleared(FRAME, ["amount_minor"], "corrected"),
    e.QuestionAsked(None, "clarify", options=[e.Choice("Balance", "balance")]),
    e.AttemptFailed(None, "turn", "unclear"),
    e.ConfirmationGiven(FRAME, "ab" * 32),
    e.ConfirmationVoided(FRAME, "changed"),
    e.VerificationRequested(FRAME, 2, "otp"),
    e.LevelChanged(2, "otp", "C1"),
    e.LookupDone(FRAME, "cards", "cards.list", "cards", [{"last_four": "1234"}]),
    e.ActionPrepared(
        FRAME, "do", "card.freeze", {"card": "1"}, {"fee_minor": 0}, "cd" * 32, expires_at=START
    ),
    e.CommitRequested(FRAME, "do", "card.freeze", "key-1", "cd" * 32),
    e.ActionCommitted(FRAME, "do", "card.freeze", "key-1", "freeze", {"frozen": True}),
    e.ActionFailed(FRAME, "do", "card.freeze", "key-2", "outcome_unknown", "timeout"),
    e.CaseOpened(FRAME, "HB261123-ABCDEF", "dispute", "cards", START + timedelta(days=3), "争议交易", "case"),
    e.CaseAdvanced("HB261123-ABCDEF", "working", "lin.yue", "网点录像已调取"),
    e.CaseAlarmed("HB261123-ABCDEF", 50, "cards", START + timedelta(days=3)),
    e.CaseExtended(
        "HB261123-ABCDEF",
        START + timedelta(days=9),
        "等对方银行回复",
        "lin.yue",
        [START + timedelta(days=share) for share in (6, 8, 9)],
    ),
    e.CaseEscalated("HB261123-ABCDEF", "cards_lead", "asked", "lin.yue"),
    e.CaseClosed("HB261123-ABCDEF", "upheld", "lin.yue", "已退回您的账户。"),
    e.MemoryRecalled([Remembered(Speaks("zh"), "n9", 7, START, START + timedelta(days=730))]),
    e.MemoryNoted(Address("ms", "王女士", "Ms Wang")),
    e.MemoryForgotten("address"),
    e.MemoryNoted(Reached("sms")),
    e.MemoryViewed("lin.yue", "serving"),
    e.KnowledgeAnswered("利率多少？", [_SOURCE], 0.93),
    e.KnowledgeMissed("月球上有网点吗？", "zh", 0.12),
    queued("cards", 3),
    e.HandoverOffered("lin.yue", "o1", START + timedelta(seconds=15)),
    e.HandoverOfferEnded("lin.yue", "o1", "unanswered"),
    e.HandoverAccepted("zhao.min", LIN),
    e.MessageSent("representative", "您好，我是小林。", "zh", representative="zhao.min", client_id="r1"),
    e.NoteWritten("zhao.min", "@lin.yue 请看一下", "question", ["lin.yue"], "n1"),
    e.WatchStarted("lin.yue"),
    e.WatchEnded("lin.yue"),
    e.RepresentativeJoined("lin.yue", LIN),
    e.RepresentativeLeft("lin.yue", LIN),
    e.GuidedPrompted("要冻结哪张卡？", "zh", "card_loss", "ask", [e.Choice("1234", "1")], [_SOURCE]),
    e.CardHandled("zhao.min", "answer-1", "answer", "edited", edited=0.2),
    e.FieldRevealed("zhao.min", "phone", "call back", START + timedelta(seconds=30)),
    e.AttachmentAdded("customer", "a1", "receipt.png", "image/png", 1024, "ef" * 32),
    e.ConversationSnoozed("zhao.min", START + timedelta(hours=1), "waits for the merchant"),
    e.SnoozeEnded("customer"),
    e.TransferRequested("zhao.min", True, to="lin.yue", note="disputes"),
    e.HandoverReturned("zhao.min", "queue", "transferred", "disputes"),
    e.WrappedUp("lin.yue", "solved", "cards", "lost_card", "卡已冻结。", took_s=12.5),
    e.CannotHandleNoticed("no_evidence"),
    e.MessageSent(
        "assistant", "Done.", "en", sources=[_SOURCE, _FACT, _ARTICLE], flow="card_loss", widget="otp"
    ),
    e.ReplyBlocked("no_promise", "card_loss", "confirm"),
    e.TurnEnded(1),
    e.FlowEnded(FRAME, "completed"),
    e.ConversationClosed("finished"),
]
"""One body of every kind, in an order that a conversation may have."""
