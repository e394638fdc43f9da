"""Building the search index of a pack's articles.

Kinds of evidence (families), each scoring articles, passages or asks; an ask is a title or one of its `questions`:
  article      BM25 over the whole article, fields weighted (BM25F), words and concepts
  passage      BM25 over one passage with its headings, words and concepts
  passage_heading, passage_gram
               cosine with the heading of a section, words and concepts, or n-grams; for choosing within an article
  title        cosine with the title, words and concepts
  ask_word     cosine with an ask, words and concepts
  ask_concept  cosine with an ask, concepts only
  ask_gram     cosine with an ask, character n-grams: spelling, inflection, words the segmenter cuts differently
  lead_gram    cosine with title and lead, character n-grams
  row_label, row_title
               membership in the label of a row of facts, or in the title of its table only, words and concepts
  row_gram     cosine with the label of a row, character n-grams

Source: Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import msgspec
import numpy as np

from tellerline.domain.fact import Fact
from tellerline.domain.language import LANGUAGES, Language
from tellerline.knowledge.analyse import Analyser, Analysis
from tellerline.knowledge.article import REFERENCE, Article
from tellerline.knowledge.index import Index, LanguageIndex, LanguageMeta, Meaning, Postings, Subject
from tellerline.knowledge.load import Library
from tellerline.knowledge.retrieve import EVIDENCE
from tellerline.knowledge.terms import Terms
from tellerline.models.contract import SentenceEncoder

GRAM_FAMILIES = ("ask_gram", "lead_gram", "passage_gram", "row_gram")
FIELD_WEIGHT = {"title": 3.0, "question": 1.5, "lead": 1.2, "heading": 1.5, "section": 0.5}
_MEANING_CHARS_MAX = 300  # of a passage: what it is about stands at its beginning
HEADING_IN_PASSAGE = 2.0
_ARTICLE_SATURATION, _ARTICLE_LENGTH = 3.0, 0.75
_PASSAGE_SATURATION, _PASSAGE_LENGTH = 1.2, 0.5

# What a pack without exam questions uses; fit.py finds better ones when there are some.
DEFAULT_WEIGHTS = [4.0, 6.5, 3.0, 4.0, 0.5, 3.5, 2.0, 1.5, 1.5, 3.0, 3.0, 2.5, 2.5]
DEFAULT_CALIBRATION = [-4.0, 0.15, 0.3, 1.0, 2.0, 1.0, 0.0, -3.0, 0.0, *[0.0] * len(EVIDENCE)]
DEFAULT_THRESHOLD = 0.45

Bag = Mapping[str, float]
_BRACKETED = re.compile(r"[（(].*?[）)]")
_SENTENCE_END = re.compile(r"[。！？；\n]|[.!?;](?=\s|$)")


def build_index(library: Library, terms: Terms, encoder: SentenceEncoder | None = None) -> Index:
    """Return the index of the library's articles, not yet fitted to questions. Without an encoder it compares words only."""
    analyser = Analyser(terms)
    languages = {language: _build_language(library, analyser, encoder, language) for language in LANGUAGES}
    return Index(languages, DEFAULT_THRESHOLD, encoder.name if encoder is not None else "")


def _meaning(articles: Sequence[Article], encoder: SentenceEncoder | None) -> Meaning:
    asks = [ask for article in articles for ask in (article.heading.title, *article.heading.questions)]
    passages = [
        REFERENCE.sub("", f"{article.heading.title} {passage.title} {passage.text}").replace("**", "")[
            :_MEANING_CHARS_MAX
        ]
        for article in articles
        for passage in article.passages
    ]
    if encoder is None:
        return Meaning(np.zeros((len(asks), 0), np.float32), np.zeros((len(passages), 0), np.float32))
    return Meaning(encoder.encode(asks), encoder.encode(passages))


class _Analysed:
    """An article's parts, analysed."""

    def __init__(self, article: Article, analyser: Analyser) -> None:
        def analyse(text: str) -> Analysis:
            return analyser.analyse(REFERENCE.sub(" ", text).replace("**", ""), article.language)

        heading = article.heading
        self.id = article.id
        self.title = analyse(heading.title)
        self.asks = [self.title, *(analyse(question) for question in heading.questions)]
        self.headings = [analyse(passage.title) for passage in article.passages]
        self.texts = [
            [token for sentence in _SENTENCE_END.split(passage.text) for token in analyse(sentence).tokens]
            for passage in article.passages
        ]
        self.lead = analyse(f"{heading.title}\n{article.passages[0].text}")

    def bag(self) -> Counter[str]:
        """Return the words and concepts of the whole article, weighted by field."""
        bag: Counter[str] = Counter()
        _add(bag, self.title.tokens, FIELD_WEIGHT["title"])
        for ask in self.asks[1:]:
            _add(bag, ask.tokens, FIELD_WEIGHT["question"])
        for heading in self.headings:
            _add(bag, heading.tokens, FIELD_WEIGHT["heading"])
        for number, text in enumerate(self.texts):
            _add(bag, text, FIELD_WEIGHT["section" if number else "lead"])
        return bag

    def passage_bags(self) -> list[Counter[str]]:
        """Return the words and concepts of each passage with the headings above it."""
        bags = []
        for heading, text in zip(self.headings, self.texts, strict=True):
            bag = Counter[str](text)
            _add(bag, self.title.tokens, 1.0)
            _add(bag, heading.tokens, HEADING_IN_PASSAGE)
            bags.append(bag)
        return bags


def _add(bag: Counter[str], tokens: Sequence[str], weight: float) -> None:
    for token in tokens:
        bag[token] += weight  # type: ignore[assignment]  # a Counter holds any number


def _build_language(
    library: Library, analyser: Analyser, encoder: SentenceEncoder | None, language: Language
) -> LanguageIndex:
    written = [article for _, article in sorted(library.articles[language].items())]
    articles = [_Analysed(article, analyser) for article in written]
    words: dict[str, int] = {}
    grams: dict[str, int] = {}
    asks = [ask for article in articles for ask in article.asks]
    families = {
        "article": _bm25([a.bag() for a in articles], words, _ARTICLE_SATURATION, _ARTICLE_LENGTH),
        "passage": _bm25(
            [bag for a in articles for bag in a.passage_bags()], words, _PASSAGE_SATURATION, _PASSAGE_LENGTH
        ),
        "passage_heading": _cosine([Counter(h.tokens) for a in articles for h in a.headings], words),
        "passage_gram": _cosine([Counter(h.grams) for a in articles for h in a.headings], grams),
        "title": _cosine([Counter(a.title.tokens) for a in articles], words),
        "ask_word": _cosine([Counter(ask.tokens) for ask in asks], words),
        "ask_concept": _cosine([Counter(ask.concepts) for ask in asks], words),
        "ask_gram": _cosine([Counter(ask.grams) for ask in asks], grams),
        "lead_gram": _cosine([Counter(a.lead.grams) for a in articles], grams),
    }
    rows = _rows(library, analyser, language)
    families |= _row_families(rows, words, grams)
    # Later families may have met words that earlier ones had not: give all of them the same features.
    families = {
        name: widen(family, len(grams if name in GRAM_FAMILIES else words))
        for name, family in families.items()
    }
    meta = LanguageMeta(
        words=list(words),
        grams=list(grams),
        articles=[a.id for a in articles],
        asks=[len(a.asks) for a in articles],
        passages=[len(a.texts) for a in articles],
        rows=[row.id for row in rows],
        unseen={name: family.unseen for name, family in families.items()},
        weights=list(DEFAULT_WEIGHTS),
        calibration=list(DEFAULT_CALIBRATION),
        subject_bias=0.0,
    )
    subject = Subject(np.zeros(len(words), np.float32), np.zeros(len(grams), np.float32))
    return LanguageIndex(meta, families, subject, _meaning(written, encoder))


class _Row(NamedTuple):
    """A row of facts, analysed. `title` holds what only the title of its table has."""

    id: str
    label: Bag
    title: Bag
    grams: Bag


def _rows(library: Library, analyser: Analyser, language: Language) -> list[_Row]:
    """Return the rows of all tables, whenever they are in force; where labels changed, the one that begins last counts."""
    latest: dict[str, Fact] = {}
    for table in library.tables.values():
        for fact in sorted(table.rows, key=lambda fact: fact.valid_from):
            latest[fact.id] = fact
    rows = []
    for fact in latest.values():
        label = analyser.analyse(_BRACKETED.sub("", fact.label.in_(language)), language)
        title = set(analyser.analyse(fact.title.in_(language), language).tokens) - set(label.tokens)
        rows.append(
            _Row(
                fact.id,
                dict.fromkeys(label.tokens, 1.0),
                dict.fromkeys(sorted(title), 1.0),
                Counter(label.grams),
            )
        )
    return rows


def _row_families(rows: Sequence[_Row], words: dict[str, int], grams: dict[str, int]) -> dict[str, Postings]:
    frequency = Counter(token for row in rows for token in (*row.label, *row.title))
    idf = {token: math.log(1 + (len(rows) + 0.5) / (df + 0.5)) for token, df in frequency.items()}
    unseen = math.log(1 + (len(rows) + 0.5) / 0.5)
    return {
        "row_label": _postings([row.label for row in rows], words, idf, unseen),
        "row_title": _postings([row.title for row in rows], words, idf, unseen),
        "row_gram": _cosine([row.grams for row in rows], grams),
    }


def _bm25(bags: Sequence[Bag], ids: dict[str, int], saturation: float, length_weight: float) -> Postings:
    """Weigh features as BM25 does; a query weighs them by idf."""
    lengths = np.array([sum(bag.values()) for bag in bags], np.float64)
    norm = saturation * (1 - length_weight + length_weight * lengths / max(lengths.mean(), 1e-9))
    count = len(bags)
    weighted = [
        {token: amount * (saturation + 1) / (amount + norm[number]) for token, amount in bag.items()}
        for number, bag in enumerate(bags)
    ]
    frequency = Counter(token for bag in bags for token in bag)
    idf = {token: math.log(1 + (count - df + 0.5) / (df + 0.5)) for token, df in frequency.items()}
    return _postings(weighted, ids, idf, math.log(1 + (count + 0.5) / 0.5))


def _cosine(bags: Sequence[Bag], ids: dict[str, int]) -> Postings:
    """Weigh features by log frequency × idf, normalised, so that the score with such a query is the cosine."""
    count = len(bags)
    frequency = Counter(token for bag in bags for token in bag)
    idf = {token: math.log((1 + count) / (1 + df)) + 1 for token, df in frequency.items()}
    weighted = []
    for bag in bags:
        vector = {token: (1 + math.log(amount)) * idf[token] for token, amount in bag.items()}
        norm = math.sqrt(sum(value * value for value in vector.values())) or 1.0
        weighted.append({token: value / norm for token, value in vector.items()})
    return _postings(weighted, ids, idf, math.log(1 + count) + 1)


def _postings(
    weighted: Sequence[Bag], ids: dict[str, int], idf: Mapping[str, float], unseen: float
) -> Postings:
    """Turn texts with features into features with texts; new features get the next numbers in `ids`."""
    by_feature: dict[int, list[tuple[int, float]]] = {}
    for number, bag in enumerate(weighted):
        for token, weight in bag.items():
            by_feature.setdefault(ids.setdefault(token, len(ids)), []).append((number, weight))
    for token in idf:
        ids.setdefault(token, len(ids))
    idfs = np.full(len(ids), unseen, np.float32)
    for token, value in idf.items():
        idfs[ids[token]] = value
    sizes = [len(by_feature.get(feature, ())) for feature in range(len(ids))]
    entries = [entry for feature in range(len(ids)) for entry in by_feature.get(feature, ())]
    return Postings(
        start=np.concatenate([np.zeros(1), np.cumsum(sizes)]).astype(np.int32),
        text=np.array([text for text, _ in entries], np.int32),
        weight=np.array([weight for _, weight in entries], np.float32),
        idf=idfs,
        unseen=unseen,
        texts=len(weighted),
    )


def widen_index(part: LanguageIndex, words: Sequence[str], grams: Sequence[str]) -> LanguageIndex:
    """Return the index with further features, which no text has."""
    meta = msgspec.structs.replace(
        part.meta,
        words=list(dict.fromkeys([*part.meta.words, *words])),
        grams=list(dict.fromkeys([*part.meta.grams, *grams])),
    )
    families = {
        name: widen(family, len(meta.grams if name in GRAM_FAMILIES else meta.words))
        for name, family in part.families.items()
    }
    subject = Subject(np.zeros(len(meta.words), np.float32), np.zeros(len(meta.grams), np.float32))
    return LanguageIndex(meta, families, subject, part.meaning)


def widen(family: Postings, size: int) -> Postings:
    """Return the family with empty entries for the features up to `size`."""
    missing = size - len(family.idf)
    return replace(
        family,
        start=np.concatenate([family.start, np.full(missing, family.start[-1], np.int32)]),
        idf=np.concatenate([family.idf, np.full(missing, family.unseen, np.float32)]),
    )
