"""A turn in the making: a copy of the tracker, the events so far, and what is to be said. No I/O."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import msgspec

from tellerline.bank.catalogue import COUNTER_OPERATIONS
from tellerline.dialogue.release import Release
from tellerline.dialogue.remembrance import wished
from tellerline.dialogue.tracker import Tracker, fold
from tellerline.domain import event as e
from tellerline.domain.citation import Source, SourceKind
from tellerline.domain.data import Record
from tellerline.domain.errors import Invalid
from tellerline.flows.frame import Frame
from tellerline.knowledge.answer import Answer
from tellerline.reply.copy import CopyBook, Rendered

BANK_ZONE = ZoneInfo("Asia/Shanghai")
PATTERNS = "patterns"


class LookupEffect(msgspec.Struct, frozen=True):
    """Ask the bank for data."""

    frame: str
    step: str
    operation: str
    arguments: Record
    into: str


class PrepareEffect(msgspec.Struct, frozen=True):
    """Ask the bank what an action would do."""

    frame: str
    step: str
    action: str
    arguments: Record


class CommitEffect(msgspec.Struct, frozen=True):
    """Have the bank do it. `recover`: it may have been asked before, so its status is asked first."""

    frame: str
    step: str
    action: str
    arguments: Record
    terms: Record
    expires_at: str
    digest: str
    key: str
    into: str
    recover: bool


class ReconcileEffect(msgspec.Struct, frozen=True):
    """Find out what became of an action whose outcome is unknown."""

    frame: str
    step: str
    action: str
    key: str


class HandoverEffect(msgspec.Struct, frozen=True):
    """Queue for a representative."""

    reason: str
    queue: str
    priority: int


class RecallEffect(msgspec.Struct, frozen=True):
    """Find out what of the memory helps at the greeting, as of `at`."""

    at: datetime


Effect: TypeAlias = (
    LookupEffect | PrepareEffect | CommitEffect | ReconcileEffect | HandoverEffect | RecallEffect
)


class Utterance(msgspec.Struct, frozen=True):
    """Something to be said, before the guard has seen it. Neighbours of the same flow become one message."""

    text: str
    key: str  # scope/key of the copy
    sources: list[Source]
    choices: list[e.Choice] = []
    flow: str | None = None
    step: str | None = None
    case: str | None = None
    widget: str | None = None
    author: e.Author = "assistant"


class Decision(msgspec.Struct, frozen=True):
    """What a turn came to: events to append, things to say, effects to perform; when there are none, it is finished."""

    bodies: list[e.Body]
    utterances: list[Utterance]
    effects: list[Effect]


class Draft:
    """Collects the events of a decision, folding each into its own copy of the tracker at once."""

    def __init__(self, tracker: Tracker, release: Release, now: datetime) -> None:
        self.tracker = tracker.copy()
        self.release = release
        self.now = now
        self.bodies: list[e.Body] = []
        self.utterances: list[Utterance] = []
        self.effects: list[Effect] = []
        self.ask_again = False

    @property
    def today(self) -> date:
        """The bank's day: facts and articles are in force by it."""
        return self.now.astimezone(BANK_ZONE).date()

    def emit(self, body: e.Body) -> None:
        """Record that `body` happened."""
        fold(self.tracker, e.Event(self.tracker.sequence + 1, self.now, body))
        self.bodies.append(body)
        if isinstance(body, e.QuestionAsked):
            self.ask_again = False

    def decision(self) -> Decision:
        """Return what was collected."""
        return Decision(self.bodies, self.utterances, self.effects)

    def scope(self, frame: Frame | None, extra: Record | None = None) -> dict[str, Any]:
        """Return the names that expressions and texts of `frame` may use."""
        tracker = self.tracker
        today = self.today
        return {
            "level": tracker.level,
            "language": tracker.language,
            "today": today.isoformat(),
            "channel": tracker.channel,
            "emotion": tracker.emotion if tracker.intensity >= self.release.thresholds["felt"] else "neutral",
            "vulnerable": tracker.vulnerable >= self.release.thresholds["vulnerability"],
            "bank": self.release.bank.in_(tracker.language),
            "facts": self.release.knowledge.facts(today),
            "functions": {"branches": self._branches, "wishes": self._wishes},
            **({"intent": frame.intent, **frame.values} if frame else {}),
            **(extra or {}),
        }

    def _branches(self, place: str = "") -> Record:
        text, sources = self.release.knowledge.branches(place, language=self.tracker.language, on=self.today)
        return {"text": text, "sources": [msgspec.to_builtins(source) for source in sources]}

    def _wishes(self, text: str, profile: Record) -> list[Record]:
        return wished(self.release, text, profile, self.now)

    def flow_title(self, flow: str) -> str:
        """Return what a customer calls `flow`."""
        return self.release.flows[flow].title.in_(self.tracker.language)

    def say(
        self,
        key: str,
        frame: Frame | None = None,
        *,
        book: str = "",
        extra: Record | None = None,
        choices: list[e.Choice] | None = None,
        case: str | None = None,
        widget: str | None = None,
        author: e.Author = "assistant",
    ) -> None:
        """Say an approved text: the flow's own if it has one under `key`, else the pattern's.

        Raises: Invalid, code `copy_not_eligible`, when no variant's fields are all known.
        """
        copies = self._book(key, frame, book)
        scope = self.scope(frame, extra)
        rendered = copies.render(key, self.tracker.language, scope)
        if rendered is None:
            raise Invalid(
                "copy_not_eligible", f"{copies.scope}/{key}: no variant has all its fields", key=key
            )
        self.utterances.append(
            Utterance(
                rendered.text,
                f"{copies.scope}/{key}",
                self._sources(copies, key, rendered, frame),
                choices or [],
                frame.flow if frame else None,
                frame.step if frame else None,
                case,
                widget,
                author,
            )
        )

    def quote(self, answer: Answer) -> None:
        """Say an answer from knowledge; its evidence is the passages it quotes."""
        self.utterances.append(Utterance(answer.text, "knowledge", answer.sources))

    def _book(self, key: str, frame: Frame | None, book: str) -> CopyBook:
        copies = self.release.copies
        if book:
            return copies[book]
        if frame is not None and copies[frame.flow].has(self.tracker.language, key):
            return copies[frame.flow]
        return copies[PATTERNS]

    def _sources(self, copies: CopyBook, key: str, rendered: Rendered, frame: Frame | None) -> list[Source]:
        sources = [Source("copy", f"{copies.scope}/{key}", self.release.version[:12])]
        for fact in rendered.facts:
            title = fact.title.in_(self.tracker.language)
            on = fact.valid_from.isoformat()
            source = Source("fact", fact.id, on, title, on)
            if source not in sources:
                sources.append(source)
        if frame is not None:
            for root in sorted(rendered.roots & frame.origins.keys()):
                value = frame.values.get(root)
                if isinstance(value, dict) and isinstance(value.get("sources"), list):
                    sources += msgspec.convert(value["sources"], list[Source])
                    continue
                operation, _, sequence = frame.origins[root].partition("@")
                sources.append(Source(_kind_of(operation), operation, sequence))
        return sources


def _kind_of(operation: str) -> SourceKind:
    """Return whose word a value rests on."""
    if operation == "case":
        return "case"
    return "memory" if operation in COUNTER_OPERATIONS else "bank"
