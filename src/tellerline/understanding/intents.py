"""The trained model: what a clause may be asking for, with calibrated probabilities, and which flags it raises."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from tellerline.domain.reading import IntentScore
from tellerline.understanding.vector import Floats, Vectors

OUT_OF_SCOPE = "out_of_scope"
FORMAT = 1
_KNOWN_PROBABILITY = 0.97  # of a text that is, letter by letter, an example of one intent only
_LISTED_MIN = 0.005
_LISTED_MAX = 10


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What of a model is not an array.

    kinds:       intent → business, knowledge, control, chitchat or outside.
    scale:       margins times this are log-odds (temperature, set on examples not trained on).
    heads:       flags and affects, in the order of their columns. flags: those of them that are flags.
    slopes, shifts: per head; 0.5 is the point at which about 1% of other messages would be reported.
    known:       text of each example, reduced to letters and figures → its intent; "" where examples disagree.
    words:       English words that examples use, for telling English from other languages.
    """

    format: int
    intents: list[str]
    kinds: dict[str, str]
    scale: float
    heads: list[str]
    flags: list[str]
    slopes: list[float]
    shifts: list[float]
    known: dict[str, str]
    words: list[str]
    vocabulary: list[str]


class Arrays(msgspec.Struct, frozen=True):
    """The arrays of a model. `weights`: float16[features, intents + heads]; `bias`: float32[intents + heads]."""

    rarity: Floats
    weights: npt.NDArray[np.float16]
    bias: Floats


class Scores(msgspec.Struct, frozen=True):
    """What the model makes of one text: a probability per intent, in the model's order, and one per head."""

    intents: Floats
    heads: Floats


def reduce_text(text: str) -> str:
    """Return letters and figures of a text only, lower case: the form in which examples are compared."""
    return "".join(char for char in text.lower() if char.isalnum())


class Judge:
    """A model at work on one message: a text that has been scored is not scored again."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._scored: dict[str, Scores] = {}

    def score(self, text: str) -> Scores:
        """Return the probabilities of a piece of the message."""
        scores = self._scored.get(text)
        if scores is None:
            scores = self._scored[text] = self.model.score(text)
        return scores


class Model:
    """A linear classifier over sparse features; pure and deterministic."""

    def __init__(self, form: Form, arrays: Arrays) -> None:
        self.form = form
        self.arrays = arrays
        self.intents = form.intents
        self.words = frozenset(form.words)
        self.flags = frozenset(form.flags)
        self._vectors = Vectors(form.vocabulary, arrays.rarity)
        self._position = {intent: index for index, intent in enumerate(form.intents)}
        self._outside = self._position[OUT_OF_SCOPE]
        self._slopes = np.array(form.slopes, np.float32)
        self._shifts = np.array(form.shifts, np.float32)

    def score(self, text: str) -> Scores:
        """Return the probabilities of a normalised text."""
        indices, values = self._vectors.vector(text)
        margins = self.arrays.bias + values @ self.arrays.weights[indices].astype(np.float32)
        count = len(self.intents)
        heads = _sigmoid(self._slopes * margins[count:] + self._shifts)
        probabilities = _softmax(self.form.scale * margins[:count])
        return Scores(self._with_known(probabilities, text), heads)

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
    def load(cls, path: Path) -> Model:
        """Read a model. Raises: ValueError when the file is of another format."""
        with np.load(path, allow_pickle=False) as file:
            form = msgspec.json.decode(file["form"].tobytes(), type=Form)
            if form.format != FORMAT:
                raise ValueError(f"model format {form.format}, expected {FORMAT}")
            return cls(form, Arrays(**{name: file[name] for name in Arrays.__struct_fields__}))


def _softmax(logits: Floats) -> Floats:
    raised = np.exp(logits - logits.max())
    result: Floats = raised / raised.sum()
    return result


def _sigmoid(logits: Floats) -> Floats:
    odds: Floats = np.exp(np.clip(logits, -30, 30))
    result: Floats = odds / (1 + odds)
    return result
