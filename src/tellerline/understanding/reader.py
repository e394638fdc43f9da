"""The door of this room: a text and its context become a reading."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date

import numpy as np
import numpy.typing as npt
from msgspec import structs

from tellerline.domain.language import Text
from tellerline.domain.reading import Context, Entity, Reading
from tellerline.understanding.affect import read_affect
from tellerline.understanding.clauses import split_clauses
from tellerline.understanding.entities.calendar import WorkingDays
from tellerline.understanding.entities.finder import EntityFinder
from tellerline.understanding.hesitation import drop_hesitations
from tellerline.understanding.intents import Judge, Model
from tellerline.understanding.language import detect_language
from tellerline.understanding.normalise import normalise
from tellerline.understanding.segments import Segmenter
from tellerline.understanding.spelling.speller import Speller
from tellerline.understanding.spelling.vocabulary import Vocabulary

Probabilities = npt.NDArray[np.float64]

_FILLER = re.compile(
    r"[\s,.!?。、:~-]|是|就|那|吧|了|的|要|选|给|嗯|啊|呀|呢|it'?s|the|please|pls|to|in|on|for|then|by|that|one|a(?![a-z])",
    re.IGNORECASE,
)
_FLAG_CLAUSES_MAX = 12
_FLAG_CHARS_MIN = 4
_SAYS_CHARS_MIN = 2  # one letter, a slip of the finger, tells nothing of anybody
_CLAUSE_SHARE = 0.5  # of a clause's log-odds in a flag's, the rest being the whole message's: chosen on the tuning messages
_SURE_MAX = 1 - 1e-6


class Understanding:
    """Reads messages with one model. Pure and deterministic: the same text and context give the same reading.

    places: cities and districts the bank knows. merchants: names customers say of a charge. holidays, workdays: days closed
    beside weekends, and weekends worked. speller: puts right what was mistyped, by the pack's words.
    """

    def __init__(
        self,
        model: Model,
        *,
        places: Iterable[Text] = (),
        holidays: Collection[date] = (),
        workdays: Collection[date] = (),
        merchants: Iterable[Text] = (),
        speller: Speller | None = None,
    ) -> None:
        self._model = model
        self._speller = speller or Speller(Vocabulary())
        self._entities = EntityFinder(places, WorkingDays(holidays, workdays), merchants)

    def read(self, text: str, context: Context) -> Reading:
        """Return what `text` means, in the light of `context`. Any text is read; an empty one has no segments."""
        reading = self.read_values(text, context)
        plain = reading.text
        if not plain:
            return reading
        judge = Judge(self._model)
        judge.prepare(_pieces(plain))
        heads = self._heads(judge, plain)
        return structs.replace(
            reading,
            segments=Segmenter(judge).segments(plain, only_value=_is_only_value(plain, reading.entities)),
            affect=read_affect(plain, heads),
            flags={name: value for name, value in heads.items() if name in self._model.flags},
        )

    def read_values(self, text: str, context: Context) -> Reading:
        """Return the text put right, its language and its values: what needs no model."""
        normal = normalise(text)
        plain = self._speller.correct_chinese(drop_hesitations(normal.text), context.names)
        if not plain:
            return Reading(None, "")
        detected = detect_language(plain, names=context.names, vocabulary=self._model.words)
        if detected.other is None:  # words of another language are no misspelled English
            plain = self._speller.correct_english(plain, context.names)
        return Reading(
            language=detected.language,
            text=plain,
            entities=self._entities.find(plain, context),
            other=detected.other,
            mixed=detected.mixed,
            traditional=normal.traditional,
        )

    def _heads(self, judge: Judge, text: str) -> dict[str, float]:
        """Return the probability of each flag and affect.

        A feeling is shown by the whole message or by its most telling clause. A flag raised by a clause counts half of what
        the whole says: torn from its story, "and then they hung up on me" sounds like more than it is.
        """
        names = self._model.form.heads
        if len(text) < _SAYS_CHARS_MIN and text.isascii():
            return dict.fromkeys(names, 0.0)
        _, *clauses = _pieces(text)
        telling = [clause for clause in clauses[-_FLAG_CLAUSES_MAX:] if len(clause) >= _FLAG_CHARS_MIN]
        whole, *parts = np.array([judge.score(each).heads for each in (text, *telling)], np.float64)
        felt = np.max([whole, *parts], axis=0)
        raised = np.max([whole, *(_between(whole, part) for part in parts)], axis=0)
        return {
            name: round(float((raised if name in self._model.flags else felt)[place]), 4)
            for place, name in enumerate(names)
        }


def _between(whole: Probabilities, part: Probabilities) -> Probabilities:
    """Return the probabilities whose log-odds lie between those of the whole and of a clause."""
    whole, part = (np.clip(each, 1 - _SURE_MAX, _SURE_MAX) for each in (whole, part))
    odds = _CLAUSE_SHARE * np.log(part / (1 - part)) + (1 - _CLAUSE_SHARE) * np.log(whole / (1 - whole))
    result: Probabilities = 1 / (1 + np.exp(-odds))
    return result


def _pieces(text: str) -> list[str]:
    """Return the text and, when it has several, its clauses."""
    clauses = split_clauses(text)
    return [text, *(text[clause.start : clause.end] for clause in clauses if len(clauses) > 1)]


def _is_only_value(text: str, entities: list[Entity]) -> bool:
    """Whether the message is nothing but values."""
    if not entities:
        return False
    rest = list(text)
    for entity in entities:
        if entity.type not in ("product", "place"):
            rest[entity.start : entity.end] = " " * (entity.end - entity.start)
    return not _FILLER.sub("", "".join(rest))
