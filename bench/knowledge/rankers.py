"""Ways to rank the articles for a question: floors that anybody has in an hour, and the product's own."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import rjieba
from sklearn.feature_extraction.text import TfidfVectorizer

from tellerline.domain.language import Language
from tellerline.knowledge.article import REFERENCE, Article
from tellerline.knowledge.retrieve import EVIDENCE, Retriever
from tellerline.knowledge.terms import english_stems, fold
from tellerline.models.contract import SentenceEncoder

Rank = Callable[[str], list[str]]
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
        return [ids[n] for n in np.argsort(-scores, kind="stable")[:3]]

    return rank


def tfidf(articles: Sequence[Article], language: Language) -> Rank:
    """Rank by the nearest title or listed question, character n-grams weighted by TF-IDF."""
    asks = [
        (ask, article.id)
        for article in articles
        for ask in (article.heading.title, *article.heading.questions)
    ]
    vectorizer = TfidfVectorizer(
        analyzer="char_wb" if language == "en" else "char", ngram_range=(1, 4), sublinear_tf=True
    )
    matrix = vectorizer.fit_transform(fold(ask) for ask, _ in asks)
    return lambda question: _first(
        [a for _, a in asks], (matrix @ vectorizer.transform([fold(question)]).T).toarray()[:, 0]
    )


def dense(articles: Sequence[Article], encoder: SentenceEncoder) -> Rank:
    """Rank by the title or listed question that is nearest in meaning."""
    asks = [
        (ask, article.id)
        for article in articles
        for ask in (article.heading.title, *article.heading.questions)
    ]
    matrix = encoder.encode([ask for ask, _ in asks])
    return lambda question: _first([a for _, a in asks], matrix @ encoder.encode([question])[0])


def _first(ids: Sequence[str], scores: np.ndarray) -> list[str]:
    found: list[str] = []
    for number in np.argsort(-scores, kind="stable"):
        if ids[number] not in found:
            found.append(ids[number])
        if len(found) == 3:
            break
    return found


def hybrid(retriever: Retriever, language: Language, *, rerank: bool) -> Rank:
    """Rank as the product does, with or without its second look at the best."""
    return lambda question: retriever.articles(retriever.rank(question, language, rerank=rerank), 3)


__all__ = ["EVIDENCE", "Rank", "bm25", "dense", "hybrid", "tfidf"]
