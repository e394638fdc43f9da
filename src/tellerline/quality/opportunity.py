"""What indicators are made of: an opportunity, what became of it, and the tools that judge words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from tellerline.domain.language import Language
from tellerline.quality.finding import QUOTE_CHARS_MAX, Side
from tellerline.quality.transcript import Said, Sentence, Transcript


class Opportunity(NamedTuple):
    """See `Finding`, which it becomes with the name and version of its indicator."""

    passed: bool
    side: Side
    who: str
    sequences: list[int]
    quote: str = ""
    confidence: float = 1.0
    value: float | None = None


class Tools(NamedTuple):
    """What judges words.

    broken:   the guard's rules that a text breaks. rates: percentages of the facts in force on a day.
    promised: the sentences of a text that promise something, and whether each says by when.
    """

    broken: Callable[[str, Language], Collection[str]]
    promised: Callable[[str, Language, datetime], Sequence[tuple[str, bool]]]
    rates: Callable[[date], Collection[str]]


Find = Callable[[Transcript, Tools], Iterator[Opportunity]]


def judge(
    said: Said, *, passed: bool, words: str | Sentence | None = None, after: Said | None = None
) -> Opportunity:
    """Return the opportunity that the staff's message `said` was; `after`: the message that made it one.

    Without `words` the whole message is quoted. The surer of the acts in a sentence tells the confidence.
    """
    assert said.side is not None
    sequences = [said.sequence] if after is None else [after.sequence, said.sequence]
    quote = words.text if isinstance(words, Sentence) else words if words is not None else said.text
    sure = max(words.acts.values(), default=1.0) if isinstance(words, Sentence) else 1.0
    return Opportunity(passed, said.side, said.who, sequences, quote[:QUOTE_CHARS_MAX], sure)


def judge_event(
    transcript: Transcript, sequence: int, *, passed: bool, also: int | None = None
) -> Opportunity:
    """Return the opportunity that an event was, for whoever was in charge then; `also`: the event that decided it."""
    side, who = transcript.in_charge(sequence)
    return Opportunity(passed, side, who, [sequence] if also is None else [sequence, also])
