"""Finding the articles that may answer a question, and how sure that is.

Every family of the index gives each article a number between 0 and about 1; their weighted sum ranks the articles, and
a logistic function of the best one's evidence says how probably it answers. Weights and calibration come from the
pack's own exam questions (fit.py).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tellerline.domain.language import Language
from tellerline.knowledge.analyse import Analyser
from tellerline.knowledge.ask import Asked, ask, cosine, share, share_in
from tellerline.knowledge.index import Floats, Index, Ints, LanguageIndex
from tellerline.models.contract import SentenceEncoder

EVIDENCE = (
    "words",
    "concepts",
    "ask_gram",
    "verbatim",
    "ask_word",
    "ask_concept",
    "title",
    "lead_gram",
    "passage",
    "ask_meaning",
    "two_asks_meaning",
    "passage_meaning",
    "other_meaning",
)
CALIBRATED_BY = (
    "bias", "score", "margin", "known", "covered", "covered_concepts", "length", "elsewhere", "subject", *EVIDENCE,
)  # fmt: skip
OTHER: dict[Language, Language] = {"zh": "en", "en": "zh"}
LEFT_OUT = np.float32(-1)


class Ranking(NamedTuple):
    """All articles judged for one question.

    evidence: float32[articles, len(EVIDENCE)]; scores: its weighted sum, -1 for an article left out; order: best first.
    probability: that the best article answers; grounds: see CALIBRATED_BY.
    """

    language: Language
    asked: Asked
    evidence: Floats
    scores: Floats
    order: NDArray[np.intp]
    probability: float
    grounds: list[float]


class Retriever:
    """Ranks the articles of an index."""

    def __init__(self, index: Index, analyser: Analyser, encoder: SentenceEncoder | None = None) -> None:
        """Take an index and the encoder that made its vectors.

        Raises: ValueError when another encoder made them.
        """
        if index.encoder and (encoder is None or encoder.name != index.encoder):
            raise ValueError(f"the index was made with {index.encoder}: build the pack again")
        self.index = index
        self.analyser = analyser
        self._encoder = encoder if index.encoder else None
        self._other = {language: _aligned(index, language) for language in index.languages}

    def ask(self, question: str, language: Language) -> Asked:
        """Return `question` as features of the index of `language`."""
        return ask(self.analyser.analyse(question, language), self.index.languages[language])

    def rank(self, question: str, language: Language, prior: Floats | None = None) -> Ranking:
        """Judge every article in `language` for `question`.

        prior: float32[articles] added to the scores; -inf leaves an article out.
        """
        asked = self.ask(question, language)
        evidence = np.hstack(
            [_evidence(self.index.languages[language], asked), self._meaning(question, language)]
        )
        return self.weigh(language, asked, evidence, prior)

    def weigh(
        self, language: Language, asked: Asked, evidence: Floats, prior: Floats | None = None
    ) -> Ranking:
        """Rank by evidence that was gathered before, under the weights and the calibration of now."""
        part = self.index.languages[language]
        scores = evidence @ np.asarray(part.meta.weights, np.float32)
        if prior is not None:
            scores = np.where(np.isfinite(prior), scores + prior, LEFT_OUT)
        order = np.argsort(-scores, kind="stable")
        elsewhere = self.analyser.terms.is_elsewhere(asked.folded)
        grounds = _grounds(part, asked, evidence, scores, order, elsewhere=elsewhere)
        probability = 0.0
        if len(asked.tokens.ids) and scores[order[0]] > 0:
            probability = _logistic(sum(a * b for a, b in zip(part.meta.calibration, grounds, strict=True)))
        return Ranking(language, asked, evidence, scores, order, probability, grounds)

    def _meaning(self, question: str, language: Language) -> Floats:
        """Return how near in meaning each article is: its asks, two of them, its passages, its asks in the other language.

        Shapes: float32[articles, 4], all 0 without an encoder.
        """
        part = self.index.languages[language]
        if self._encoder is None:
            return np.zeros((len(part.meta.articles), 4), np.float32)
        vector = self._encoder.encode([question])[0]
        asks = part.meaning.ask @ vector
        best, second = _best_two(asks, part.ask_start)
        passage = np.maximum.reduceat(part.meaning.passage @ vector, part.passage_start)
        other = self.index.languages[OTHER[language]]
        # One more than there are articles: what has no counterpart there is near to nothing.
        elsewhere = np.append(np.maximum.reduceat(other.meaning.ask @ vector, other.ask_start), np.float32(0))
        return np.stack([best, (best + second) / 2, passage, elsewhere[self._other[language]]], axis=1)

    def articles(self, ranking: Ranking, limit: int) -> list[str]:
        """Return the ids of the best articles of a ranking, best first."""
        ids = self.index.languages[ranking.language].meta.articles
        return [ids[number] for number in ranking.order[:limit] if ranking.scores[number] > 0]


def _aligned(index: Index, language: Language) -> Ints:
    """Return where each article of `language` stands in the other one; one past the end when it does not."""
    position = index.languages[OTHER[language]].position
    return np.array(
        [position.get(a, len(position)) for a in index.languages[language].meta.articles], np.int32
    )


def _best_two(values: Floats, starts: Ints) -> tuple[Floats, Floats]:
    """Return the greatest and the second value of each stretch that begins at `starts`; with one value, it is both."""
    best = np.maximum.reduceat(values, starts)
    counts = np.diff(np.append(starts, len(values)))
    rest = np.where(values < np.repeat(best, counts), values, np.float32(-1))
    second = np.maximum.reduceat(rest, starts)
    return best, np.where(second < 0, best, second)


def _evidence(part: LanguageIndex, asked: Asked) -> Floats:
    """Return the evidence per article, in the order of EVIDENCE."""
    families, asks = part.families, part.ask_start
    article = families["article"]
    mass = np.float32(asked.tokens.mass(article))
    ask_gram = np.maximum.reduceat(cosine(families["ask_gram"], asked.grams), asks)
    columns = (
        article.score(asked.literal.ids, article.idf[asked.literal.ids] / mass),
        article.score(asked.concepts.ids, article.idf[asked.concepts.ids] / mass),
        ask_gram,
        ask_gram**4,  # all but nothing unless the question stands in the article word for word
        np.maximum.reduceat(cosine(families["ask_word"], asked.tokens), asks),
        np.maximum.reduceat(cosine(families["ask_concept"], asked.concepts), asks),
        cosine(families["title"], asked.tokens),
        cosine(families["lead_gram"], asked.grams),
        np.maximum.reduceat(share(families["passage"], asked.tokens), part.passage_start),
    )
    return np.stack(columns, axis=1)


def _grounds(
    part: LanguageIndex,
    asked: Asked,
    evidence: Floats,
    scores: Floats,
    order: NDArray[np.intp],
    *,
    elsewhere: bool,
) -> list[float]:
    """Return what the calibration judges the best article by, in the order of CALIBRATED_BY."""
    best = int(order[0])
    second = float(scores[order[1]]) if len(order) > 1 else 0.0
    article = part.families["article"]
    return [
        1.0,
        float(scores[best]),
        float(scores[best]) - second,
        asked.known,
        share_in(article, best, asked.literal),
        share_in(article, best, asked.concepts),
        math.log1p(len(asked.literal.ids) + len(asked.literal.unknown)),
        float(elsewhere),
        asked.subject(part).under(part.subject, part.meta.subject_bias),
        *evidence[best].tolist(),
    ]


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))
