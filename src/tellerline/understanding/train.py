"""Making a model out of a pack's examples.

Two machines judge each intent against the rest: a linear support vector machine over letters and concepts, and logistic
regression over the sentence vector. Their margins are added, in shares found by cross-validation, and become probabilities
by curves fitted to examples that were not trained on, and to examples of intents that were withheld: so a probability knows
of what it has never seen. One model serves both languages: it is better for both than one for each.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from tellerline.models.contract import SentenceEncoder
from tellerline.understanding.flagged import FlagExamples, Flagged
from tellerline.understanding.intents import FORMAT, OUT_OF_SCOPE, Arrays, Form, Model, reduce_text
from tellerline.understanding.normalise import normalise
from tellerline.understanding.vector import Vectors

if TYPE_CHECKING:
    from tellerline.understanding.fitting import Fitter, Machines
    from tellerline.understanding.heads import Head

Examples = Mapping[str, Mapping[str, Sequence[str]]]

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_WORD_EXAMPLES_MIN = 2


def train(
    registry: Mapping[str, Any], examples: Examples, flags: FlagExamples, encoder: SentenceEncoder
) -> Model:
    """Train a model. Deterministic: the same examples and encoder give the same model.

    registry: `intents` (name → kind, title), `flags`, `affects`, as in a pack's intents.yaml.
    examples: language → intent → phrases. flags: language → flag or affect → {positive: phrases, negative: phrases}.
    """
    from tellerline.understanding.fitting import Fitter  # noqa: PLC0415  scikit-learn takes a second to import
    from tellerline.understanding.heads import fit_head  # noqa: PLC0415  the same

    corpus = _Corpus(registry, examples)
    flagged = Flagged(flags, corpus.texts, corpus.labels, corpus.intents, corpus.kinds)
    vectors = Vectors.learn(dict.fromkeys([*corpus.texts, *flagged.phrases]))
    outside = corpus.intents.index(OUT_OF_SCOPE)
    fitter = Fitter(vectors, encoder)
    machines = fitter.intents(corpus.texts, np.array(corpus.labels), len(corpus.intents), outside)
    names = [*registry["flags"], *registry["affects"]]
    with ThreadPoolExecutor() as pool:  # each head is fitted by itself; the fitting runs beside Python
        heads = list(pool.map(lambda name: fit_head(fitter.joint, *flagged.texts(name)), names))
    form = Form(
        format=FORMAT,
        encoder=encoder.name,
        intents=corpus.intents,
        kinds=corpus.kinds,
        sureness=machines.sureness,
        heads=names,
        flags=list(registry["flags"]),
        slopes=[head.slope for head in heads],
        shifts=[head.shift for head in heads],
        known=corpus.known(),
        words=_words(examples.get("en", {})),
        vocabulary=vectors.vocabulary,
    )
    return Model(form, _arrays(fitter, vectors, machines, heads), encoder)


def _arrays(fitter: Fitter, vectors: Vectors, machines: Machines, heads: Sequence[Head]) -> Arrays:
    """Put machines and heads side by side."""
    letters = len(vectors.vocabulary)
    head_letters = [head.weights[:letters] for head in heads]
    head_meanings = [head.weights[letters:] for head in heads]
    return Arrays(
        rarity=vectors.rarity,
        weights=np.column_stack([machines.lexical, *head_letters]).astype(np.float16),
        bias=np.array([*machines.bias, *(head.bias for head in heads)], np.float32),
        meaning=np.column_stack([machines.meaning, *head_meanings]).astype(np.float16),
        prototypes=machines.prototypes.astype(np.float16),
        owners=machines.owners,
    )


class _Corpus:
    """The examples of a pack, normalised: `texts` and the place of each one's intent among `intents`."""

    def __init__(self, registry: Mapping[str, Any], examples: Examples) -> None:
        self.intents = list(registry["intents"])
        self.kinds = {name: str(intent["kind"]) for name, intent in registry["intents"].items()}
        self.texts: list[str] = []
        self.labels: list[int] = []
        for place, (name, intent) in enumerate(registry["intents"].items()):
            phrases = [str(title) for title in intent["title"].values()]
            phrases += [phrase for by_intent in examples.values() for phrase in by_intent.get(name, ())]
            distinct = dict.fromkeys(normalise(phrase).text for phrase in phrases)
            self.texts += distinct
            self.labels += [place] * len(distinct)

    def known(self) -> dict[str, str]:
        """Return each example's reduced text with its intent; "" when examples of several intents are the same."""
        known: dict[str, str] = {}
        for text, label in zip(self.texts, self.labels, strict=True):
            key, intent = reduce_text(text), self.intents[label]
            if key:
                known[key] = intent if known.get(key, intent) == intent else ""
        return known


def _words(english: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the words that several English examples use."""
    counts = Counter(
        word
        for phrases in english.values()
        for phrase in phrases
        for word in set(_WORD.findall(phrase.lower()))
    )
    return sorted(word for word, count in counts.items() if count >= _WORD_EXAMPLES_MIN)
