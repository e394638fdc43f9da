"""The trained model: what a clause may be asking for, with calibrated probabilities, and which flags it raises."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from tellerline.domain.reading import IntentScore
from tellerline.models.contract import SentenceEncoder
from tellerline.understanding.sureness import Places, Sureness, nearness
from tellerline.understanding.vector import Floats, Vectors

OUT_OF_SCOPE = "out_of_scope"
FORMAT = 3
_KNOWN_PROBABILITY = 0.97  # of a text that is, letter by letter, an example of one intent only
_LISTED_MIN = 0.005
_LISTED_MAX = 10


class EncoderChanged(Exception):
    """The model was trained with another sentence encoder; it must be trained again."""

    def __init__(self, trained: str, given: str) -> None:
        super().__init__(
            f"the model was trained with encoder {trained}, not with {given}: build the pack again"
        )


class _Version(msgspec.Struct, frozen=True):
    """What every format of a form has."""

    format: int


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What of a model is not an array.

    encoder:     name of the sentence encoder it was trained with; its vectors mean nothing to another.
    kinds:       intent → business, knowledge, control, chitchat or outside.
    sureness:    what makes margins probabilities.
    heads:       flags and affects, in the order of their columns. flags: those of them that are flags.
    slopes, shifts: per head; 0.5 is the point at which about 1% of other messages would be reported.
    known:       text of each example, reduced to letters and figures → its intent; "" where examples disagree.
    words:       English words that examples use, for telling English from other languages.
    """

    format: int
    encoder: str
    intents: list[str]
    kinds: dict[str, str]
    sureness: Sureness
    heads: list[str]
    flags: list[str]
    slopes: list[float]
    shifts: list[float]
    known: dict[str, str]
    words: list[str]
    vocabulary: list[str]


class Arrays(msgspec.Struct, frozen=True):
    """The arrays of a model; d is the encoder's dimension.

    Letters:    rarity float32[features], weights float16[features, intents + heads], bias float32[intents + heads].
    Meaning:    meaning float16[d, intents + heads].
    Prototypes: prototypes float16[n, d], owners int64[n]: the place of each one's intent, ascending.
    """

    rarity: Floats
    weights: npt.NDArray[np.float16]
    bias: Floats
    meaning: npt.NDArray[np.float16]
    prototypes: npt.NDArray[np.float16]
    owners: Places


class Scores(msgspec.Struct, frozen=True):
    """What the model makes of one text: a probability per intent, in the model's order, and one per head."""

    intents: Floats
    heads: Floats


def reduce_text(text: str) -> str:
    """Return letters and figures of a text only, lower case: the form in which examples are compared."""
    return "".join(char for char in text.lower() if char.isalnum())


class Judge:
    """A model at work on one message: a piece that has been scored is not scored again."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._meanings: dict[str, Floats] = {}
        self._scored: dict[str, Scores] = {}

    def prepare(self, texts: Sequence[str]) -> None:
        """Score several pieces together, which is cheaper than one by one."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._scored]
        if not fresh:
            return
        meanings = self.model.encode(fresh)
        self._meanings.update(zip(fresh, meanings, strict=True))
        self._scored.update(zip(fresh, self.model.score_all(fresh, meanings), strict=True))

    def score(self, text: str) -> Scores:
        """Return the probabilities of a piece of the message."""
        if text not in self._scored:
            self.prepare([text])
        return self._scored[text]

    def score_joined(self, text: str, parts: Sequence[str]) -> Scores:
        """Return the probabilities of neighbouring pieces read as one.

        What they mean together is taken to lie between what each means, nearer to the longer ones: encoding every joint
        reading of a long message would take many times as long.
        """
        scores = self._scored.get(text)
        if scores is None:
            self.prepare(parts)
            weights = np.array([len(part) for part in parts], np.float32)
            mixed = weights @ np.array([self._meanings[part] for part in parts])
            mixed /= max(float(np.linalg.norm(mixed)), 1e-9)
            scores = self._scored[text] = self.model.score_all([text], mixed[None])[0]
        return scores


class Model:
    """Machines over the letters and the meaning of a text; pure and deterministic.

    Raises: EncoderChanged when the encoder is not the one that the model was trained with.
    """

    def __init__(self, form: Form, arrays: Arrays, encoder: SentenceEncoder) -> None:
        if form.encoder != encoder.name:
            raise EncoderChanged(form.encoder, encoder.name)
        self.form = form
        self.arrays = arrays
        self.intents = form.intents
        self.words = frozenset(form.words)
        self.flags = frozenset(form.flags)
        self._encoder = encoder
        self._vectors = Vectors(form.vocabulary, arrays.rarity)
        self._meaning = arrays.meaning.astype(np.float32)
        self._prototypes = arrays.prototypes.astype(np.float32)
        self._position = {intent: index for index, intent in enumerate(form.intents)}
        self._outside = self._position[OUT_OF_SCOPE]
        self._slopes = np.array(form.slopes, np.float32)
        self._shifts = np.array(form.shifts, np.float32)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return the sentence vectors of normalised texts, float32[n, d]."""
        return self._encoder.encode(texts)

    def score(self, text: str) -> Scores:
        """Return the probabilities of a normalised text."""
        return self.score_all([text], self.encode([text]))[0]

    def score_all(self, texts: Sequence[str], meanings: Floats) -> list[Scores]:
        """Return the probabilities of normalised texts whose sentence vectors are `meanings`."""
        count = len(self.intents)
        margins = np.array([self._letters(text) for text in texts]) + meanings @ self._meaning
        near = nearness(meanings, self._prototypes, self.arrays.owners, count)
        intents = self.form.sureness.probabilities(margins[:, :count], near)
        heads = _sigmoid(self._slopes * margins[:, count:] + self._shifts)
        return [Scores(self._with_known(intents[row], text), heads[row]) for row, text in enumerate(texts)]

    def _letters(self, text: str) -> Floats:
        indices, values = self._vectors.vector(text)
        margins: Floats = self.arrays.bias + values @ self.arrays.weights[indices].astype(np.float32)
        return margins

    def _with_known(self, probabilities: Floats, text: str) -> Floats:
        """Raise the intent of which the text is an example word for word."""
        intent = self.form.known.get(reduce_text(text))
        position = self._position.get(intent) if intent else None
        if position is None or probabilities[position] >= _KNOWN_PROBABILITY:
            return probabilities
        rest = 1 - probabilities[position]
        raised: Floats = probabilities * np.float32((1 - _KNOWN_PROBABILITY) / rest)
        raised[position] = _KNOWN_PROBABILITY
        return raised

    def ranked(self, probabilities: Floats) -> list[IntentScore]:
        """Return the intents best first; those that are all but impossible are left out, out_of_scope never."""
        best = np.argsort(-probabilities, kind="stable")
        kept = [
            i
            for place, i in enumerate(best)
            if place == 0 or (place < _LISTED_MAX and probabilities[i] >= _LISTED_MIN)
        ]
        if self._outside not in kept:
            kept.append(self._outside)
        return [IntentScore(self.intents[i], round(float(probabilities[i]), 4)) for i in kept]

    def kind(self, position: int) -> str:
        """Return the kind of the intent in this position."""
        return self.form.kinds[self.intents[position]]

    def save(self, path: Path) -> None:
        """Write the model as one file."""
        form = np.frombuffer(msgspec.json.encode(self.form), np.uint8)
        arrays = msgspec.structs.asdict(self.arrays)
        with path.open("wb") as file:
            np.savez(file, allow_pickle=False, form=form, **arrays)

    @classmethod
    def load(cls, path: Path, encoder: SentenceEncoder) -> Model:
        """Read a model. Raises: ValueError when the file is of another format; EncoderChanged."""
        with np.load(path, allow_pickle=False) as file:
            content = file["form"].tobytes()
            version = msgspec.json.decode(content, type=_Version).format
            if version != FORMAT:
                raise ValueError(f"model format {version}, expected {FORMAT}")
            form = msgspec.json.decode(content, type=Form)
            return cls(form, Arrays(**{name: file[name] for name in Arrays.__struct_fields__}), encoder)


def _sigmoid(logits: Floats) -> Floats:
    odds: Floats = np.exp(np.clip(logits, -30, 30))
    result: Floats = odds / (1 + odds)
    return result
