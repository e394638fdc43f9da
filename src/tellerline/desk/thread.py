"""A conversation as the desk sees it: a fold of its events, beside the tracker that the dialogue keeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

import msgspec
from rapidfuzz import fuzz

from tellerline.dialogue.tracker import Tracker
from tellerline.dialogue.tracker import fold as fold_tracker
from tellerline.domain import event as e
from tellerline.domain.data import Record, Value
from tellerline.domain.language import Text
from tellerline.domain.reading import Reading

MOODS_MAX = 20
FACTS_MAX = 40
ACTIONS_MAX = 20
WORDS_MAX = 60
MUST_MAX = 20
SHORT_MAX = 24
ALIKE_MIN = 75  # of 100, how much of a required text must be in what was said
SENT_MAX = 500  # messages whose client id is remembered


class Asked(msgspec.Struct, frozen=True):
    """The last time a representative was asked for, or somebody came unasked."""

    reason: str
    queue: str
    priority: int
    at: datetime


class Fact(msgspec.Struct, frozen=True):
    """What was found out, so that nobody has to be asked again."""

    frame: str
    flow: str
    name: str
    value: Value
    source: str


class Action(msgspec.Struct):
    """What the bank was asked to do. state: prepared, requested, done, refused, unavailable, unknown."""

    frame: str
    flow: str
    step: str
    action: str
    at: datetime
    state: str = "prepared"
    terms: Record = {}
    result: Record = {}
    code: str = ""


class Promise(msgspec.Struct):
    """A case with a clock."""

    number: str
    kind: str
    owner: str
    due_at: datetime
    summary: str
    state: Literal["open", "closed"] = "open"
    resolution: str = ""


class Said(msgspec.Struct, frozen=True):
    """The latest words."""

    author: str
    text: str
    at: datetime


class Word(msgspec.Struct, frozen=True):
    """One of the latest messages."""

    sequence: int
    author: str
    text: str


class MustSay(msgspec.Struct):
    """A text that the procedure requires to be said; `said` once a representative's words hold most of it."""

    id: str
    text: str
    said: bool = False

    @property
    def short(self) -> str:
        """Its beginning."""
        return self.text if len(self.text) <= SHORT_MAX else f"{self.text[:SHORT_MAX]}…"


class Mark(msgspec.Struct, frozen=True):
    """How heated it was, at a place of the record."""

    sequence: int
    level: float


class Thread(msgspec.Struct):
    """See the module's head. `owner` and whoever may speak besides; `offer` while it rings."""

    tracker: Tracker
    opened_at: datetime | None = None
    asked: Asked | None = None
    accepted_at: datetime | None = None
    owner: str = ""
    before: str = ""
    shown: dict[str, Text] = {}
    joined: list[str] = []
    watching: list[str] = []
    offer: e.HandoverOffered | None = None
    transfer: e.TransferRequested | None = None
    snoozed_until: datetime | None = None
    wrapped: e.WrappedUp | None = None
    ended_at: datetime | None = None
    last: Said | None = None
    unanswered_since: datetime | None = None
    intent: str = ""
    flags: list[str] = []
    moods: list[Mark] = []
    flows: dict[str, str] = {}  # frame → flow, of all frames so far
    facts: list[Fact] = []
    actions: list[Action] = []
    promises: list[Promise] = []
    prompt: e.GuidedPrompted | None = None
    guarded: int = 0  # sequence after which a reply would be written against another state
    sent: dict[str, int] = {}
    files: list[e.AttachmentAdded] = []
    handled: list[str] = []  # cards of the copilot that were used or dismissed
    words: list[Word] = []
    must_say: list[MustSay] = []
    reading: Reading | None = None  # of the customer's last turn
    asked_last: int = 0  # sequence of the customer's last message

    @property
    def sequence(self) -> int:
        """The last event folded in."""
        return self.tracker.sequence

    @property
    def state(self) -> str:
        """Where it stands: assistant, waiting, ringing, attended, snoozed or closed."""
        if self.tracker.closed:
            return "closed"
        if self.owner:
            return "snoozed" if self.snoozed_until is not None else "attended"
        if self.offer is not None:
            return "ringing"
        return "waiting" if self.tracker.waiting is not None else "assistant"

    def may_speak(self, account: str) -> bool:
        """Tell whether the customer can hear from `account`."""
        return account in (self.owner, *self.joined) and account != ""

    def takes_part(self, account: str) -> bool:
        """Tell whether `account` has to do with it: has it, speaks or reads along, is rung or asked, or had it before."""
        offered = self.offer is not None and self.offer.representative == account
        return offered or account in (self.owner, self.before, *self.joined, *self.watching)


def new_thread(conversation: e.ConversationId) -> Thread:
    """Return a thread without events."""
    return Thread(Tracker(conversation=conversation))


def fold(thread: Thread, event: e.Event) -> None:
    """Bring `thread` up to date with the next event, in place."""
    fold_tracker(thread.tracker, event)
    handler = _FOLDS.get(type(event.body))
    if handler is not None:
        handler(thread, event, event.body)
    if isinstance(event.body, MATTERING):
        thread.guarded = event.sequence


MATTERING = (
    e.MessageReceived,
    e.MessageSent,
    e.LevelChanged,
    e.ActionCommitted,
    e.ActionFailed,
    e.HandoverAccepted,
    e.HandoverReturned,
    e.RepresentativeJoined,
    e.AttachmentAdded,
    e.ScamSuspected,
    e.ConversationClosed,
)
"""What a person must have seen before they speak or act."""


def _opened(t: Thread, event: e.Event, b: e.ConversationOpened) -> None:
    t.opened_at = event.at


def _received(t: Thread, event: e.Event, b: e.MessageReceived) -> None:
    t.last = Said("customer", b.text, event.at)
    t.words = [*t.words[-(WORDS_MAX - 1) :], Word(event.sequence, "customer", b.text)]
    t.asked_last, t.reading = event.sequence, None
    t.unanswered_since = t.unanswered_since or event.at


def _sent(t: Thread, event: e.Event, b: e.MessageSent) -> None:
    t.last = Said(b.author, b.text, event.at)
    t.words = [*t.words[-(WORDS_MAX - 1) :], Word(event.sequence, b.author, b.text)]
    t.must_say = [
        must
        if must.said or fuzz.partial_ratio(must.text, b.text) < ALIKE_MIN
        else msgspec.structs.replace(must, said=True)
        for must in t.must_say
    ]
    if b.author == "representative" or (b.author == "assistant" and not t.owner):
        t.unanswered_since = None
    if b.client_id:
        _remember(t, b.client_id, event.sequence)


def _remember(t: Thread, client_id: str, sequence: int) -> None:
    t.sent[client_id] = sequence
    while len(t.sent) > SENT_MAX:
        t.sent.pop(next(iter(t.sent)))


def _noted(t: Thread, event: e.Event, b: e.NoteWritten) -> None:
    if b.client_id:
        _remember(t, b.client_id, event.sequence)


def _turn_started(t: Thread, event: e.Event, b: e.TurnStarted) -> None:
    t.reading = b.reading
    if b.reading is None:
        return
    for segment in b.reading.segments:
        if segment.intents and segment.top.probability >= 0.5 and segment.top.intent != "out_of_scope":
            t.intent = segment.top.intent
            break


def _affect(t: Thread, event: e.Event, b: e.AffectNoticed) -> None:
    t.moods = [*t.moods[-(MOODS_MAX - 1) :], Mark(event.sequence, round(b.mood.level, 3))]


def _flag(t: Thread, flag: str) -> None:
    if flag not in t.flags:
        t.flags = [*t.flags, flag]


def _scam(t: Thread, event: e.Event, b: e.ScamSuspected) -> None:
    _flag(t, "scam")


def _flow_started(t: Thread, event: e.Event, b: e.FlowStarted) -> None:
    t.flows[b.frame] = b.flow
    t.prompt = None
    if b.flow == "complaint":
        _flag(t, "complaint")
    for name, value in b.values.items():
        _keep(t, Fact(b.frame, b.flow, name, value, "customer"))


def _keep(t: Thread, fact: Fact) -> None:
    rest = [known for known in t.facts if (known.frame, known.name) != (fact.frame, fact.name)]
    t.facts = [*rest[-(FACTS_MAX - 1) :], fact]


def _slot_set(t: Thread, event: e.Event, b: e.SlotSet) -> None:
    t.prompt = None
    if b.source in ("customer", "earlier"):
        _keep(t, Fact(b.frame, t.flows.get(b.frame, ""), b.slot, b.value, b.source))


def _slot_cleared(t: Thread, event: e.Event, b: e.SlotCleared) -> None:
    t.facts = [fact for fact in t.facts if fact.frame != b.frame or fact.name not in b.slots]


def _looked_up(t: Thread, event: e.Event, b: e.LookupDone) -> None:
    if b.operation == "customer.profile" and isinstance(b.result, dict) and b.result.get("elder"):
        _flag(t, "elder")


def _prepared(t: Thread, event: e.Event, b: e.ActionPrepared) -> None:
    state = "refused" if b.error else "prepared"
    action = Action(
        b.frame, t.flows.get(b.frame, ""), b.step, b.action, event.at, state, b.terms, code=b.error
    )
    rest = [a for a in t.actions if (a.frame, a.step) != (b.frame, b.step) or a.state == "done"]
    t.actions = [*rest[-(ACTIONS_MAX - 1) :], action]


def _settle(t: Thread, b: Any, state: str, result: Record, code: str) -> None:  # noqa: ANN401
    t.actions = [
        msgspec.structs.replace(a, state=state, result=result, code=code)
        if a.frame == b.frame and a.action == b.action and a.state not in ("done", "refused")
        else a
        for a in t.actions
    ]


def _committed(t: Thread, event: e.Event, b: e.ActionCommitted) -> None:
    _settle(t, b, "done", b.result, "")


def _action_failed(t: Thread, event: e.Event, b: e.ActionFailed) -> None:
    _settle(t, b, "unknown" if b.error == "outcome_unknown" else b.error, {}, b.code)


def _case_opened(t: Thread, event: e.Event, b: e.CaseOpened) -> None:
    t.promises = [*t.promises, Promise(b.number, b.case_kind, b.owner, b.due_at, b.summary)]


def _case_closed(t: Thread, event: e.Event, b: e.CaseClosed) -> None:
    t.promises = [
        msgspec.structs.replace(p, state="closed", resolution=b.resolution) if p.number == b.number else p
        for p in t.promises
    ]


def _case_extended(t: Thread, event: e.Event, b: e.CaseExtended) -> None:
    t.promises = [
        msgspec.structs.replace(p, due_at=b.due_at) if p.number == b.number else p for p in t.promises
    ]


def _case_escalated(t: Thread, event: e.Event, b: e.CaseEscalated) -> None:
    t.promises = [
        msgspec.structs.replace(p, owner=b.owner) if p.number == b.number else p for p in t.promises
    ]


def _requested(t: Thread, event: e.Event, b: e.HandoverRequested) -> None:
    stays = t.asked is not None and t.tracker.waiting is not None and t.asked.queue == b.queue
    at = t.asked.at if stays and t.asked is not None else event.at
    t.asked = Asked(b.reason, b.queue, b.priority, at)
    t.wrapped = None
    if b.reason in ("crisis", "scam", "complaint"):
        _flag(t, b.reason)
    if t.tracker.vulnerable >= 0.6 or b.priority == 2 or b.reason == "hardship":
        _flag(t, "vulnerable")


def _offered(t: Thread, event: e.Event, b: e.HandoverOffered) -> None:
    t.offer = b


def _offer_ended(t: Thread, event: e.Event, b: e.HandoverOfferEnded) -> None:
    t.offer = None
    if t.owner and b.reason in ("declined", "withdrawn"):
        t.transfer = None


def _accepted(t: Thread, event: e.Event, b: e.HandoverAccepted) -> None:
    t.before, t.owner = b.before, b.representative
    t.shown[b.representative] = b.shown
    t.offer = t.transfer = t.snoozed_until = None
    t.accepted_at = event.at
    t.asked = t.asked or Asked("asked", "", 9, event.at)
    t.joined = [name for name in t.joined if name != b.representative]
    t.watching = [name for name in t.watching if name != b.representative]


def _returned(t: Thread, event: e.Event, b: e.HandoverReturned) -> None:
    t.before, t.owner, t.ended_at = b.representative, "", event.at
    t.offer = t.snoozed_until = t.prompt = None
    if t.asked is not None and b.queue:
        t.asked = msgspec.structs.replace(t.asked, queue=b.queue)
    if b.to != "queue":
        t.transfer = None


def _transfer(t: Thread, event: e.Event, b: e.TransferRequested) -> None:
    t.transfer = b


def _joined(t: Thread, event: e.Event, b: e.RepresentativeJoined) -> None:
    t.shown[b.representative] = b.shown
    t.joined = [*t.joined, b.representative]


def _left(t: Thread, event: e.Event, b: e.RepresentativeLeft) -> None:
    t.joined = [name for name in t.joined if name != b.representative]


def _watch(t: Thread, event: e.Event, b: e.WatchStarted) -> None:
    t.watching = [*t.watching, b.representative]


def _unwatch(t: Thread, event: e.Event, b: e.WatchEnded) -> None:
    t.watching = [name for name in t.watching if name != b.representative]


def _prompted(t: Thread, event: e.Event, b: e.GuidedPrompted) -> None:
    t.prompt = b
    if b.required:
        must = MustSay(f"{event.sequence}", b.text)
        t.must_say = [*t.must_say[-(MUST_MAX - 1) :], must]


def _handled(t: Thread, event: e.Event, b: e.CardHandled) -> None:
    t.handled = [*t.handled[-49:], b.card]


def _snoozed(t: Thread, event: e.Event, b: e.ConversationSnoozed) -> None:
    t.snoozed_until = b.until


def _woken(t: Thread, event: e.Event, b: e.SnoozeEnded) -> None:
    t.snoozed_until = None


def _attached(t: Thread, event: e.Event, b: e.AttachmentAdded) -> None:
    t.files = [*t.files[-99:], b]
    if b.author == "customer":
        t.unanswered_since = t.unanswered_since or event.at


def _wrapped(t: Thread, event: e.Event, b: e.WrappedUp) -> None:
    t.wrapped = b


def _closed(t: Thread, event: e.Event, b: e.ConversationClosed) -> None:
    t.ended_at = event.at
    t.offer = t.transfer = t.unanswered_since = None


_FOLDS: dict[type, Callable[[Thread, e.Event, Any], None]] = {
    e.ConversationOpened: _opened,
    e.MessageReceived: _received,
    e.MessageSent: _sent,
    e.NoteWritten: _noted,
    e.TurnStarted: _turn_started,
    e.AffectNoticed: _affect,
    e.ScamSuspected: _scam,
    e.FlowStarted: _flow_started,
    e.SlotSet: _slot_set,
    e.SlotCleared: _slot_cleared,
    e.LookupDone: _looked_up,
    e.ActionPrepared: _prepared,
    e.ActionCommitted: _committed,
    e.ActionFailed: _action_failed,
    e.CaseOpened: _case_opened,
    e.CaseClosed: _case_closed,
    e.CaseExtended: _case_extended,
    e.CaseEscalated: _case_escalated,
    e.HandoverRequested: _requested,
    e.HandoverOffered: _offered,
    e.HandoverOfferEnded: _offer_ended,
    e.HandoverAccepted: _accepted,
    e.HandoverReturned: _returned,
    e.TransferRequested: _transfer,
    e.RepresentativeJoined: _joined,
    e.RepresentativeLeft: _left,
    e.WatchStarted: _watch,
    e.WatchEnded: _unwatch,
    e.GuidedPrompted: _prompted,
    e.CardHandled: _handled,
    e.ConversationSnoozed: _snoozed,
    e.SnoozeEnded: _woken,
    e.AttachmentAdded: _attached,
    e.WrappedUp: _wrapped,
    e.ConversationClosed: _closed,
}
