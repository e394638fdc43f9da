"""Fitting the search to a pack's own questions: how much each kind of evidence weighs, and what a score is worth.

weights:      maximise the likelihood of the expected article among all (conditional logit, weights not negative)
subject:      logistic regression that tells what articles are asked about from what the exam says nobody answers
calibration:  logistic regression of "the best article answers" on the grounds that retrieve.py names

All three are convex and start from the same point, so the same pack gives the same index.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from tellerline.domain.language import Language
from tellerline.knowledge.analyse import Analyser
from tellerline.knowledge.article import Article
from tellerline.knowledge.ask import SubjectVector
from tellerline.knowledge.build import widen_index
from tellerline.knowledge.exam import QuestionSet, RetrievalExam
from tellerline.knowledge.index import Floats, Index, LanguageIndex, Subject
from tellerline.knowledge.load import Library
from tellerline.knowledge.retrieve import CALIBRATED_BY, Retriever
from tellerline.models.contract import SentenceEncoder

QUESTIONS_MIN = 50  # of each kind; with fewer, the defaults are better
_WEIGHT_PENALTY = 0.3
_SUBJECT_STRENGTH = 1.0
_CALIBRATION_STRENGTH = 10.0
_FOLDS = 5
_OWN_EVERY, _OWN_WEIGHT = 4, 0.25  # of the articles' own questions: one in so many, counting so much

Matrix = NDArray[np.float64]
Labels = NDArray[np.bool_]


def fit_index(
    index: Index,
    library: Library,
    analyser: Analyser,
    exams: dict[Language, RetrievalExam],
    encoder: SentenceEncoder | None = None,
) -> Index:
    """Return the index fitted to the `dev` questions of each language that has enough of them."""
    languages = dict(index.languages)
    for language, exam in exams.items():
        if min(len(exam.dev.answerable), len(exam.dev.unanswerable)) >= QUESTIONS_MIN:
            articles = library.articles[language].values()
            languages[language] = _fit_language(
                Retrieving(index, analyser, encoder), language, exam.dev, list(articles)
            )
    return index._replace(languages=languages)


class Retrieving(NamedTuple):
    """What a search is made of."""

    built: Index
    analyser: Analyser
    encoder: SentenceEncoder | None


def _fit_language(
    search: Retrieving, language: Language, questions: QuestionSet, articles: Sequence[Article]
) -> LanguageIndex:
    index, analyser, encoder = search
    others = [analyser.analyse(ask, language) for ask in questions.unanswerable]
    part = widen_index(
        index.languages[language],
        [token for other in others for token in other.tokens],
        [gram for other in others for gram in other.grams],
    )
    retriever = Retriever(index._replace(languages={**index.languages, language: part}), analyser, encoder)
    own = [(ask, [a.id]) for a in articles for ask in (a.heading.title, *a.heading.questions)]
    some = own[::_OWN_EVERY]
    asked = [(question.ask, question.articles) for question in questions.answerable]
    asked += [(ask, []) for ask in questions.unanswerable]
    weight = np.concatenate([np.ones(len(asked)), np.full(len(some), _OWN_WEIGHT)])

    rankings = [retriever.rank(ask, language) for ask, _ in (*asked, *some)]
    expected = np.array([[a in wanted for a in part.meta.articles] for _, wanted in (*asked, *some)])
    part.meta.weights = _fit_weights(np.stack([r.evidence for r in rankings]), expected, weight).tolist()

    vectors = [ranking.asked.subject(part) for ranking in rankings[: len(asked)]]
    positive = [retriever.ask(ask, language).subject(part) for ask, _ in own]
    about = np.array([bool(wanted) for _, wanted in asked])
    held_out = _held_out_subject(part, positive, vectors, about)
    part.subject, part.meta.subject_bias = _fit_subject(part, [*positive, *vectors], _labels(positive, about))

    rankings = [retriever.weigh(language, ranking.asked, ranking.evidence) for ranking in rankings]
    grounds = np.array([ranking.grounds for ranking in rankings])
    grounds[: len(asked), CALIBRATED_BY.index("subject")] = held_out
    right = np.array([wanted[ranking.order[0]] for wanted, ranking in zip(expected, rankings, strict=True)])
    if right.any() and not right.all():
        part.meta.calibration = _fit_calibration(grounds, right, weight)
    return part


def _fit_weights(evidence: Floats, expected: Labels, weight: Matrix) -> Matrix:
    """Return the weights under which the expected articles are likeliest.

    Shapes: evidence [questions, articles, kinds], expected [questions, articles], weight [questions].
    """
    answerable = expected.any(axis=1)
    evidence, expected, weight = (
        evidence[answerable].astype(np.float64),
        expected[answerable],
        weight[answerable],
    )
    size = evidence.shape[2]

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        scores = evidence @ weights
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        among = likely * expected
        share = among.sum(axis=1, keepdims=True) + 1e-12
        gradient = np.einsum("q,qa,qak->k", weight, likely - among / share, evidence, optimize=True)
        penalty = _WEIGHT_PENALTY * float(weights @ weights) / 2
        return penalty - float(weight @ np.log(share[:, 0])), gradient + _WEIGHT_PENALTY * weights

    found = minimize(loss, np.ones(size), jac=True, method="L-BFGS-B", bounds=[(0, None)] * size)
    return np.asarray(np.round(found.x, 4))


def _labels(positive: Sequence[SubjectVector], about: Labels) -> Labels:
    return np.concatenate([np.ones(len(positive), np.bool_), about])


def _held_out_subject(
    part: LanguageIndex, positive: Sequence[SubjectVector], vectors: Sequence[SubjectVector], about: Labels
) -> Matrix:
    """Return each question's score under a subject model that has not seen it."""
    scores = np.zeros(len(vectors))
    for fold in range(_FOLDS):
        held = np.arange(len(vectors)) % _FOLDS == fold
        kept = [vector for vector, out in zip(vectors, held, strict=True) if not out]
        subject, bias = _fit_subject(part, [*positive, *kept], _labels(positive, about[~held]))
        for number in np.flatnonzero(held).tolist():
            scores[number] = vectors[number].under(subject, bias)
    return scores


def _fit_subject(
    part: LanguageIndex, vectors: Sequence[SubjectVector], about: Labels
) -> tuple[Subject, float]:
    words = len(part.meta.words)
    columns = np.concatenate([np.concatenate([v.words, v.grams + words]) for v in vectors])
    values = np.concatenate([np.concatenate([v.word_values, v.gram_values]) for v in vectors])
    starts = np.cumsum([0, *(len(v.words) + len(v.grams) for v in vectors)])
    rows = csr_matrix((values, columns, starts), shape=(len(vectors), words + len(part.meta.grams)))
    model = LogisticRegression(
        C=_SUBJECT_STRENGTH,
        class_weight="balanced",
        solver="liblinear",
        dual=True,
        random_state=0,
        max_iter=2_000,
    )
    model.fit(rows, about)
    weights = model.coef_[0].astype(np.float32)
    return Subject(weights[:words], weights[words:]), round(float(model.intercept_[0]), 4)


def _fit_calibration(grounds: Matrix, right: Labels, weight: Matrix) -> list[float]:
    model = LogisticRegression(C=_CALIBRATION_STRENGTH, fit_intercept=False, max_iter=5_000)
    model.fit(grounds, right, sample_weight=weight)
    return [round(float(value), 4) for value in model.coef_[0]]
