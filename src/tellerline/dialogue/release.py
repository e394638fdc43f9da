"""A release: all that makes the counter this bank's, compiled. Conversations finish on the release they began with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

import msgspec

from tellerline.cases.calendar import Calendar
from tellerline.cases.rules import CaseClock, CaseRules
from tellerline.domain.citation import Source
from tellerline.domain.fact import Fact
from tellerline.domain.language import Language, Text
from tellerline.domain.reading import Context, Reading
from tellerline.flows.spec import Due, Flow
from tellerline.knowledge.answer import Answer
from tellerline.reply.copy import CopyBook
from tellerline.reply.guard import Finding

IntentKind = str  # business | knowledge | control | chitchat | outside


class Intent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of the pack's intent registry."""

    kind: str
    title: Text
    hint: str = ""
    flow: str | None = None


class FactBook(Protocol):
    """The facts in force on a day."""

    def get(self, fact_id: str) -> Fact | None:
        """Return `table.row`, or None when no such fact is in force."""
        ...


class Knowledge(Protocol):
    """Articles and facts."""

    def facts(self, on: date) -> FactBook:
        """Return the facts in force on day `on`."""
        ...

    def answer(
        self, question: str, *, language: Language, on: date, products: tuple[str, ...] = ()
    ) -> tuple[Answer | None, float]:
        """Answer from passages in force, or None when the evidence is too thin; and the best score either way."""
        ...

    def compares(self, question: str, *, language: Language, on: date) -> bool:
        """Tell whether the question asks to compare what the bank offers, and can be worked out."""
        ...

    def branches(self, place: str, *, language: Language, on: date) -> tuple[str, list[Source]]:
        """List branches in `place` ("" lists cities) with address and hours, as text with sources; "" when none."""
        ...


class Reader(Protocol):
    """Understanding."""

    def read(self, text: str, context: Context) -> Reading:
        """Return what `text` means."""
        ...

    def read_values(self, text: str, context: Context) -> Reading:
        """Return the text put right, its language and its values, without what it means."""
        ...


@dataclass(frozen=True)
class Release:
    """See the module's head. `version` is the hash of the pack's content."""

    version: str
    bank: Text
    flows: Mapping[str, Flow]
    copies: Mapping[str, CopyBook]  # by flow; "patterns" and "chitchat" for the rest
    intents: Mapping[str, Intent]
    knowledge: Knowledge
    reader: Reader
    check_reply: Callable[[str, Language], str | None]  # the rule an outbound text breaks, if any
    due_at: Callable[[datetime, Due, str], datetime]  # deadline of a kind of case, by the calendar it keeps
    thresholds: Mapping[str, float]
    cases: CaseRules = CaseRules()  # noqa: RUF009  frozen
    clock: CaseClock = CaseClock()  # noqa: RUF009  frozen
    inspect_reply: Callable[[str, Language], Sequence[Finding]] = lambda _text, _language: ()  # all it breaks

    @property
    def calendar(self) -> Calendar:
        """The bank's own calendar."""
        assert self.clock.default is not None, "a pack has a calendar"
        return self.clock.default

    def flow_of(self, intent: str) -> str | None:
        """Return the flow that does what `intent` wants."""
        found = self.intents.get(intent)
        return found.flow if found else None
