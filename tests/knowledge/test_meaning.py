"""Articles are also compared by meaning, several can answer one question, and an index fits the encoder that made it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tellerline.domain.language import LANGUAGES
from tellerline.knowledge.analyse import Analyser
from tellerline.knowledge.build import build_index
from tellerline.knowledge.index import Index, load_index, save_index
from tellerline.knowledge.load import Library, load_library
from tellerline.knowledge.retrieve import Retriever
from tellerline.knowledge.several import choose_articles, split_question
from tellerline.knowledge.terms import TermList, Terms, read_terms

ARTICLE = """---
id: {id}
title: {title}
topic: service
products: []
audience: public
owner: service
valid_from: 2026-01-01
review_by: 2027-01-01
questions: [{asks}]
---
{text}
"""
PACK = {
    "lost-card": {
        "en": ("Report a lost card", "block my card", "Call us."),
        "zh": ("挂失银行卡", "卡丢了", "请致电。"),
    },
    "opening-hours": {
        "en": ("Opening hours", "are you open on sunday", "From nine to five."),
        "zh": ("营业时间", "周日开门吗", "九点到五点。"),
    },
    "large-cash": {
        "en": ("Book a large cash withdrawal", "take out a lot of cash", "Book a day ahead."),
        "zh": ("大额取现预约", "取很多现金", "提前一天预约。"),
    },
}
SUBJECTS = {
    "mislaid": 0,
    "card": 0,
    "open": 1,
    "hours": 1,
    "sunday": 1,
    "cash": 2,
    "卡": 0,
    "营业": 1,
    "开门": 1,
    "现金": 2,
}


class SubjectEncoder:
    """Knows what a few words are about, in both languages."""

    name = "subjects-1"
    dimension = 4

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.full((len(texts), 4), 0.01, np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word, subject in SUBJECTS.items():
                row[subject] += word in text.lower()
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    for language in LANGUAGES:
        folder = tmp_path / "articles" / language
        folder.mkdir(parents=True)
        for identity, texts in PACK.items():
            title, asks, text = texts[language]
            (folder / f"{identity}.md").write_text(
                ARTICLE.format(id=identity, title=title, asks=asks, text=text), "utf-8"
            )
    return load_library(tmp_path)[0]


@pytest.fixture
def terms(tmp_path: Path) -> TermList:
    return read_terms(tmp_path, [])


def searcher(library: Library, terms: TermList) -> tuple[Index, Retriever]:
    encoder = SubjectEncoder()
    index = build_index(library, Terms(terms), encoder)
    return index, Retriever(index, Analyser(Terms(terms)), encoder)


def test_meaning_finds_what_shares_no_word(library: Library, terms: TermList) -> None:
    _, retriever = searcher(library, terms)
    assert retriever.articles(retriever.rank("mislaid it", "en"), 1) == ["lost-card"]
    plain = Retriever(build_index(library, Terms(terms)), Analyser(Terms(terms)))
    assert plain.articles(plain.rank("mislaid it", "en"), 1) == []


def test_kept_index_ranks_the_same(library: Library, terms: TermList, tmp_path: Path) -> None:
    index, retriever = searcher(library, terms)
    save_index(index, tmp_path)
    again = Retriever(load_index(tmp_path), Analyser(Terms(terms)), SubjectEncoder())
    one, other = (found.rank("周日开门吗", "zh") for found in (retriever, again))
    assert one.order.tolist() == other.order.tolist()
    np.testing.assert_allclose(one.evidence, other.evidence, atol=1e-3)


def test_another_encoder_is_refused(library: Library, terms: TermList) -> None:
    index, _ = searcher(library, terms)
    changed = SubjectEncoder()
    changed.name = "subjects-2"
    for encoder in (None, changed):
        with pytest.raises(ValueError, match="build the pack again"):
            Retriever(index, Analyser(Terms(terms)), encoder)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("booking 100k cash, can i collect on a sunday", ["booking 100k cash", "can i collect on a sunday"]),
        ("what is the fee and how long does it take", ["what is the fee", "how long does it take"]),
        ("black and white cards", []),
        ("is it 3.5 percent or so", []),
    ],
)
def test_split_english(question: str, parts: list[str]) -> None:
    assert split_question(question, "en") == parts


def test_parts_find_their_articles(library: Library, terms: TermList) -> None:
    _, retriever = searcher(library, terms)
    whole = retriever.rank("取很多现金怎么办 周日开门吗", "zh")
    parts = [retriever.rank(part, "zh") for part in split_question("取很多现金怎么办 周日开门吗", "zh")]
    articles = retriever.index.languages["zh"].meta.articles
    sure = [part._replace(probability=0.95) for part in parts]
    assert [articles[number] for number in choose_articles(sure, whole)] == ["large-cash", "opening-hours"]
    unsure = [part._replace(probability=0.1) for part in parts]
    assert choose_articles(unsure, whole) == {}
