"""Ways to rank the articles for a question: floors that anybody has in an hour, and parts of the product's own."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import rjieba
from sklearn.feature_extraction.text import TfidfVectorizer

from tellerline.domain.language import Language
from tellerline.knowledge.article import REFERENCE, Article
from tellerline.knowledge.retrieve import Retriever
from tellerline.knowledge.terms import english_stems, fold
from tellerline.models.contract import SentenceEncoder

Rank = Callable[[str], list[str]]
LISTED = 10
_K1, _B = 1.2, 0.75


def words(text: str, language: Language) -> list[str]:
    """Cut a text into words, as the floors do."""
    folded = fold(text)
    return [w for w in rjieba.cut(folded) if w.strip()] if language == "zh" else english_stems(folded)


def whole(article: Article) -> str:
    """Return all that an article says."""
    passages = (f"{passage.title} {REFERENCE.sub('', passage.text)}" for passage in article.passages)
    return " ".join([article.heading.title, *article.heading.questions, *passages])


def bm25(articles: Sequence[Article], language: Language) -> Rank:
    """Rank by BM25 over whole articles."""
    bags = [Counter(words(whole(article), language)) for article in articles]
    lengths = np.array([sum(bag.values()) for bag in bags])
    frequency = Counter(word for bag in bags for word in bag)
    ids = [article.id for article in articles]

    def rank(question: str) -> list[str]:
        scores = np.zeros(len(bags))
        for word in words(question, language):
            idf = math.log(1 + (len(bags) - frequency[word] + 0.5) / (frequency[word] + 0.5))
            counts = np.array([bag[word] for bag in bags])
            scores += idf * counts * (_K1 + 1) / (counts + _K1 * (1 - _B + _B * lengths / lengths.mean()))
        return [ids[n] for n in np.argsort(-scores, kind="stable")[:LISTED]]

    return rank


def _asks(articles: Sequence[Article]) -> tuple[list[str], list[str]]:
    """Return every title and listed question, and the article of each."""
    pairs = [(ask, a.id) for a in articles for ask in (a.heading.title, *a.heading.questions)]
    return [ask for ask, _ in pairs], [identity for _, identity in pairs]


def tfidf(articles: Sequence[Article], language: Language) -> Rank:
    """Rank by the nearest title or listed question, character n-grams weighted by TF-IDF."""
    asks, ids = _asks(articles)
    analyzer = "char_wb" if language == "en" else "char"
    vectorizer = TfidfVectorizer(analyzer=analyzer, ngram_range=(1, 4), sublinear_tf=True)
    matrix = vectorizer.fit_transform(fold(ask) for ask in asks)
    return lambda question: _first(ids, (matrix @ vectorizer.transform([fold(question)]).T).toarray()[:, 0])


def dense(articles: Sequence[Article], encoder: SentenceEncoder) -> Rank:
    """Rank by the title or listed question that is nearest in meaning."""
    asks, ids = _asks(articles)
    matrix = encoder.encode(asks)
    return lambda question: _first(ids, matrix @ encoder.encode([question])[0])


def _first(ids: Sequence[str], scores: np.ndarray) -> list[str]:
    return list(dict.fromkeys(ids[n] for n in np.argsort(-scores, kind="stable")))[:LISTED]


def hybrid(retriever: Retriever, language: Language) -> Rank:
    """Rank as the product does."""
    return lambda question: retriever.articles(retriever.rank(question, language), LISTED)
