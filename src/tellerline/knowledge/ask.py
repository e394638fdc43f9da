"""A question as features of an index, and how it is compared with texts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from tellerline.knowledge.analyse import Analysis
from tellerline.knowledge.index import Floats, Ints, LanguageIndex, Postings, Subject


class Bag(NamedTuple):
    """Features of a question: those of the index, how strongly it has them (1 + log count), and that of all others."""

    ids: Ints
    strength: Floats
    unknown: Floats

    def plus(self, other: Bag) -> Bag:
        """Return the features of both."""
        return Bag(*(np.concatenate(pair) for pair in zip(self, other, strict=True)))

    def mass(self, family: Postings) -> float:
        """Return the sum of the family's weights of all features, at least a little."""
        return float(family.idf[self.ids].sum()) + len(self.unknown) * family.unseen or 1.0


class Asked(NamedTuple):
    """A question. `tokens` are its words (`literal`) and concepts; `known` the share of them that any article has."""

    folded: str
    literal: Bag
    concepts: Bag
    tokens: Bag
    grams: Bag
    known: float

    def subject(self, part: LanguageIndex) -> SubjectVector:
        """Return the question as the subject model sees it."""
        return SubjectVector(
            self.tokens.ids,
            normal(part.families["ask_word"], self.tokens),
            self.grams.ids,
            normal(part.families["ask_gram"], self.grams),
        )


class SubjectVector(NamedTuple):
    """A question as the subject model sees it."""

    words: Ints
    word_values: Floats
    grams: Ints
    gram_values: Floats

    def under(self, subject: Subject, bias: float) -> float:
        """Return how far the question is on the bank's side of the model; 0 is the border."""
        words = float(subject.word[self.words] @ self.word_values)
        return bias + words + float(subject.gram[self.grams] @ self.gram_values)


def ask(analysis: Analysis, part: LanguageIndex) -> Asked:
    """Return the analysed question as features of `part`."""
    literal = _bag(analysis.words, part.word_ids)
    concepts = _bag(analysis.concepts, part.word_ids)
    tokens = literal.plus(concepts)
    article = part.families["article"]
    held = article.start[tokens.ids + 1] > article.start[tokens.ids]
    known = float(article.idf[tokens.ids][held].sum()) / tokens.mass(article)
    return Asked(analysis.folded, literal, concepts, tokens, _bag(analysis.grams, part.gram_ids), known)


def _bag(tokens: Sequence[str], ids: Mapping[str, int]) -> Bag:
    counts = Counter(tokens)
    known = [(ids[token], count) for token, count in counts.items() if token in ids]
    unknown = [count for token, count in counts.items() if token not in ids]
    strength = _strength([count for _, count in known])
    return Bag(np.array([feature for feature, _ in known], np.int32), strength, _strength(unknown))


def _strength(counts: list[int]) -> Floats:
    return np.log(np.array(counts, np.float32)) + 1


def cosine(family: Postings, bag: Bag) -> Floats:
    """Return the cosine of the bag with every text of the family."""
    return family.score(bag.ids, normal(family, bag))


def normal(family: Postings, bag: Bag) -> Floats:
    """Return the bag's features weighted by the family's idf, as part of a vector of length 1."""
    values = bag.strength * family.idf[bag.ids]
    square = float(values @ values) + float(bag.unknown @ bag.unknown) * family.unseen**2
    return values / np.float32(math.sqrt(square) or 1.0)


def share(family: Postings, bag: Bag) -> Floats:
    """Return the family's score of every text, as a share of the weight that all the bag's features have."""
    return family.score(bag.ids, family.idf[bag.ids] / np.float32(bag.mass(family)))


def share_in(family: Postings, text: int, bag: Bag) -> float:
    """Return the share, by idf, of the bag's features that `text` has."""
    present = [feature for feature in bag.ids.tolist() if family.has(feature, text)]
    return float(family.idf[present].sum()) / bag.mass(family) if present else 0.0
