"""From clauses to requests: which neighbouring clauses ask for one thing together, and which ask for another."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

import numpy as np

from tellerline.domain.reading import Segment
from tellerline.understanding.clauses import Break, Clause, split_clauses
from tellerline.understanding.intents import Judge
from tellerline.understanding.vector import Floats

# What a break costs. A clause costs as much as it is surer of its own intent than of the request it is counted to; so a
# clause that surely asks for something else is cut off, and one that tells a story stays. Chosen on pairs of examples joined
# by such breaks against examples that hold such breaks themselves.
_COST: dict[Break, float] = {"start": 0.0, "link": 0.3, "stop": 0.5, "comma": 0.7, "and": 0.7}
_JOINED_MAX = 4  # clauses that are looked at together
_DENIED = re.compile(
    r"\s*(?:我?(?:并?不是|没有?(?!有?了)|不想|不用)(?!.{0,4}收到)|(?:it'?s |i'?m |i am |this is )?not |no need)",
    re.IGNORECASE,
)
_MOVE_WEIGHT = 0.4
_REQUESTS = frozenset({"business", "knowledge"})
_SURE = 0.5
_MOVE_SURE = 0.8
_MOVE_CHARS_MAX = 14
_FLATTEN = 0.3
_MARKS_MAX = 2  # of punctuation round all clauses
_COURTESIES = frozenset({"greeting", "how_are_you"})
_GREETING_CHARS_MAX = 20


class _Span(NamedTuple):
    """Some clauses read as one: probabilities, the best intent and how sure it is."""

    first: int
    last: int
    probabilities: Floats
    best: int
    probability: float


class Segmenter:
    """Cuts one message into its requests."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._model = judge.model

    def segments(self, text: str, *, only_value: bool) -> list[Segment]:
        """Return one segment per request, in the order said; together they cover the text.

        only_value: the message is nothing but an amount, a date, a position: it asks for nothing, so no intent may look
        sure.
        """
        clauses = split_clauses(text)
        if len(clauses) <= 1:
            scores = self._judge.score(text).intents
            return [Segment(0, len(text), self._model.ranked(_flattened(scores) if only_value else scores))]
        clauses = self._without_greeting(text, clauses)
        spans = self._best_cut(text, clauses)
        spans = self._merged(text, clauses, spans)
        segments = []
        for place, span in enumerate(spans):
            start = 0 if place == 0 else clauses[span.first].start
            end = clauses[spans[place + 1].first].start if place + 1 < len(spans) else len(text)
            probabilities = _flattened(span.probabilities) if only_value else span.probabilities
            segments.append(Segment(start, end, self._model.ranked(probabilities)))
        return segments

    def _without_greeting(self, text: str, clauses: list[Clause]) -> list[Clause]:
        """Leave out the courtesies a message opens with: they are not what the rest of it asks for."""
        kept = list(clauses)
        while len(kept) > 1 and kept[0].end - kept[0].start <= _GREETING_CHARS_MAX:
            first = self._read(text, kept, 0, 0)
            if self._model.intents[first.best] not in _COURTESIES or first.probability < _MOVE_SURE:
                break
            kept = [kept[1]._replace(opened_by="start"), *kept[2:]]
        return kept

    def _read(self, text: str, clauses: list[Clause], first: int, last: int) -> _Span:
        begin, end = clauses[first].start, clauses[last].end
        pieces = [text[clause.start : clause.end] for clause in clauses[first : last + 1]]
        if len(text) - (end - begin) <= _MARKS_MAX:
            scores = self._judge.score(text)  # all of it: encoded already, and better read as it stands
        elif len(pieces) == 1:
            scores = self._judge.score(pieces[0])
        else:
            scores = self._judge.score_joined(text[begin:end], pieces)
        probabilities = scores.intents
        best = int(probabilities.argmax())
        return _Span(first, last, probabilities, best, float(probabilities[best]))

    def _best_cut(self, text: str, clauses: list[Clause]) -> list[_Span]:
        """Return the cut of least cost (dynamic programming)."""
        alone = [self._read(text, clauses, place, place) for place in range(len(clauses))]
        costs: list[float] = [0.0]
        cuts: list[list[_Span]] = [[]]
        for last in range(len(clauses)):
            best_cost, best_cut = math.inf, []
            for first in range(max(0, last - _JOINED_MAX + 1), last + 1):
                cost, span = self._counted(text, clauses, alone[first : last + 1])
                cost += costs[first] + (_COST[clauses[first].opened_by] if first else 0.0)
                if cost < best_cost:
                    best_cost, best_cut = cost, [*cuts[first], span]
            costs.append(best_cost)
            cuts.append(best_cut)
        return cuts[-1]

    def _counted(self, text: str, clauses: list[Clause], alone: list[_Span]) -> tuple[float, _Span]:
        """Return the clauses as one request, and what it costs: what it leaves unsure, of the whole and of each clause."""
        if len(alone) == 1:
            return 1 - alone[0].probability, alone[0]
        span = self._read(text, clauses, alone[0].first, alone[-1].last)
        costs = 1 - span.probabilities
        for part in alone:
            costs = costs + self._weight(text, clauses[part.first], part) * (
                part.probability - part.probabilities
            )
        best = int(costs.argmin())
        cost, probability = float(costs[best]), float(span.probabilities[best])
        surest = max(alone, key=lambda part: part.probability)
        if (
            surest.best == best and surest.probability > probability
        ):  # what is said beside it takes nothing away
            cost -= surest.probability - probability
            return cost, surest._replace(first=span.first, last=span.last)
        return cost, _Span(span.first, span.last, span.probabilities, best, probability)

    def _weight(self, text: str, clause: Clause, part: _Span) -> float:
        """Return how much a clause's own meaning counts: what is denied is not asked for, a move after a comma seldom."""
        if _DENIED.match(text, clause.start, clause.end):
            return 0.0
        is_move = (
            self._model.kind(part.best) == "control" and self._model.intents[part.best] != "talk_to_human"
        )
        return _MOVE_WEIGHT if is_move and clause.opened_by == "comma" else 1.0

    def _merged(self, text: str, clauses: list[Clause], spans: list[_Span]) -> list[_Span]:
        """Join what tells the story to what asks, and repeats of one request to each other."""
        kept: list[_Span] = []
        for span in spans:
            if kept and self._belongs_together(kept[-1], span):
                kept[-1] = self._joined(kept[-1], span)
            else:
                kept.append(span)
        if len(kept) == 1 and len(clauses) > 1:
            return self._opening_move(text, clauses, kept[0])
        return kept

    def _belongs_together(self, before: _Span, span: _Span) -> bool:
        if before.best == span.best:
            return True
        return not (self._asks(before) and self._asks(span))

    def _asks(self, span: _Span) -> bool:
        """Whether a span surely asks for something of its own; a greeting or thanks beside a request does not."""
        return span.probability >= _SURE and self._model.kind(span.best) not in ("chitchat", "outside")

    def _joined(self, before: _Span, span: _Span) -> _Span:
        """Return both as one, meaning what the surer request of them means."""
        pair = (before, span)
        request = max(pair, key=lambda part: (self._asks(part), part.probability))
        return _Span(before.first, span.last, request.probabilities, request.best, request.probability)

    def _opening_move(self, text: str, clauses: list[Clause], whole: _Span) -> list[_Span]:
        """Set apart a short yes, no or stop that stands before a request ("no, I want my balance")."""
        first = self._read(text, clauses, 0, 0)
        is_move = self._model.kind(first.best) == "control" and first.probability >= _MOVE_SURE
        if not is_move or clauses[0].end - clauses[0].start > _MOVE_CHARS_MAX:
            return [whole]
        rest = self._read(text, clauses, 1, whole.last)
        asks = self._model.kind(rest.best) in _REQUESTS or self._model.intents[rest.best] == "talk_to_human"
        if not asks or rest.probability < _SURE or rest.best == first.best:
            return [whole]
        return [first, rest]


def _flattened(probabilities: Floats) -> Floats:
    """Return the probabilities drawn together, so that none is sure."""
    drawn = np.power(probabilities, _FLATTEN)
    result: Floats = (drawn / drawn.sum()).astype(np.float32)
    return result
