"""The door of this room: questions in, answers from articles and facts in force out, or nothing when evidence is thin."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

import msgspec
import numpy as np

from tellerline.domain.citation import Source
from tellerline.domain.fact import Fact
from tellerline.domain.language import LANGUAGES, Language, Text
from tellerline.domain.problem import PackProblem
from tellerline.knowledge.analyse import Analyser
from tellerline.knowledge.answer import Answer
from tellerline.knowledge.article import LEAD, Article
from tellerline.knowledge.branch import Branch
from tellerline.knowledge.build import build_index
from tellerline.knowledge.exam import read_exam
from tellerline.knowledge.fit import fit_index
from tellerline.knowledge.ground import LENGTH_MAX, Stale, ground, sources_of
from tellerline.knowledge.index import Index, load_index, save_index
from tellerline.knowledge.load import Library, decode_library, encode_library, load_library
from tellerline.knowledge.retrieve import Ranking, Retriever
from tellerline.knowledge.table import FactBook
from tellerline.knowledge.terms import TermList, Terms, fold, read_terms

LIBRARY_FILE, TERMS_FILE = "library.bin", "terms.json"
SECTION_LEAD = 1.25  # how much better than the lead a section must fit to be quoted with it
TRIES = 3  # articles tried when the best cannot be quoted today
_HOURS = {
    "zh": ("工作日", "周六", "周日", "不营业", "可无障碍通行"),
    "en": ("weekdays", "Saturday", "Sunday", "closed", "step-free access"),
}


class KnowledgeBase:
    """A pack's articles, facts and branches, ready to answer."""

    def __init__(self, library: Library, terms: TermList, index: Index) -> None:
        self._library = library
        self._terms = terms
        self._index = index
        self._analyser = Analyser(Terms(terms))
        self._retriever = Retriever(index, self._analyser)
        self._books = lru_cache(maxsize=16)(self._book)
        self._allowed = lru_cache(maxsize=16)(self._allow)

    # --- building and keeping

    @classmethod
    def build(cls, pack: Path) -> KnowledgeBase:
        """Index a pack that has been checked, fitted to its retrieval questions."""
        problems: list[PackProblem] = []
        library, _ = load_library(pack)
        terms = read_terms(pack, problems)
        index = build_index(library, Terms(terms))
        fitted = fit_index(index, library, Analyser(Terms(terms)), read_exam(pack, problems))
        return cls(library, terms, fitted)

    def save(self, folder: Path) -> None:
        """Write everything into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / LIBRARY_FILE).write_bytes(encode_library(self._library))
        (folder / TERMS_FILE).write_bytes(msgspec.json.encode(self._terms))
        save_index(self._index, folder)

    @classmethod
    def load(cls, folder: Path) -> KnowledgeBase:
        """Read what `save` wrote."""
        library = decode_library((folder / LIBRARY_FILE).read_bytes())
        terms = msgspec.json.decode((folder / TERMS_FILE).read_bytes(), type=TermList)
        return cls(library, terms, load_index(folder))

    # --- asking

    def facts(self, on: date) -> FactBook:
        """Return the facts in force on day `on`."""
        return self._books(on)

    def _book(self, on: date) -> FactBook:
        return FactBook(self._library.tables.values(), on)

    def answer(
        self, question: str, *, language: Language, on: date, products: tuple[str, ...] = ()
    ) -> tuple[Answer | None, float]:
        """Answer from passages in force on day `on`, or None when the evidence is too thin; and the score either way."""
        ranking = self._retriever.rank(question, language, self._allowed(language, on))
        score = ranking.probability
        if score < self._index.threshold:
            return None, score
        for article_id in self._retriever.articles(ranking, TRIES):
            article = self._library.articles[language][article_id]
            try:
                return self._quote(article, ranking, question, on, score), score
            except Stale:
                continue
        return None, 0.0

    def _allow(self, language: Language, on: date) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        articles = self._library.articles[language]
        return np.array(
            [
                articles[name].in_force(on) and articles[name].heading.audience == "public"
                for name in self._index.languages[language].meta.articles
            ]
        )

    def _quote(self, article: Article, ranking: Ranking, question: str, on: date, score: float) -> Answer:
        language = article.language

        def wanted(fact: Fact) -> float:
            return self._overlap(question, fact.label.in_(language), language)

        lead = ground(article.passages[LEAD].text, self._library.tables, on, language, wanted)
        text, facts, number = lead.text, list(lead.facts), LEAD
        best = self._best_passage(article, ranking)
        if best != LEAD:
            section = ground(article.passages[best].text, self._library.tables, on, language, wanted)
            if len(text) + len(section.text) <= LENGTH_MAX[language]:
                text, number = f"{text}\n\n{section.text}", best
                facts += section.facts
        return Answer(text, sources_of(article, number, facts), score, article.heading.flow)

    def _best_passage(self, article: Article, ranking: Ranking) -> int:
        part = self._index.languages[ranking.language]
        start = int(part.passage_start[part.position[article.id]])
        scores = ranking.passages[start : start + len(article.passages)]
        best = int(np.argmax(scores))
        return best if scores[best] > SECTION_LEAD * scores[LEAD] else LEAD

    def _overlap(self, question: str, label: str, language: Language) -> float:
        """Return how much of a row's label the question names; 0 when it names nothing."""
        asked = set(self._analyser.analyse(question, language).tokens)
        named = set(self._analyser.analyse(label, language).tokens)
        return len(asked & named) / len(named) if named else 0.0

    # --- branches

    def places(self) -> list[Text]:
        """Return the cities and districts the bank has branches in."""
        found: list[Text] = []
        for branch in self._library.branches:
            found += [place for place in (branch.city, branch.district) if place not in found]
        return found

    def branches(self, place: str, *, language: Language, on: date) -> tuple[str, list[Source]]:
        """List the branches in a city or district named anywhere in `place`, with hours; "" when there are none."""
        said = fold(place)
        branches = [branch for branch in self._library.branches if branch.in_force(on)]
        near = [b for b in branches if _names(said, b.district)] or [b for b in branches if _names(said, b.city)]
        lines = [_describe(branch, language) for branch in near]
        table = self._library.tables.get("branches")
        title = table.title.in_(language) if table else ""
        sources = [
            Source("fact", f"branches.{branch.key}", branch.valid_from.isoformat(), title, branch.valid_from.isoformat())
            for branch in near
        ]
        return "\n".join(lines), sources


def _names(said: str, place: Text) -> bool:
    return any(name and fold(name) in said for lang in LANGUAGES for name in _forms(place.in_(lang)))


def _forms(name: str) -> tuple[str, ...]:
    """Return a place's name, and the same without the word for its rank (深圳市, Nanshan District)."""
    short = name.removesuffix("市").removesuffix("区").removesuffix(" District").removesuffix(" City")
    return (name, short) if len(short) >= 2 else (name,)


def _describe(branch: Branch, language: Language) -> str:
    weekday, saturday, sunday, closed, access = _HOURS[language]
    hours = [(weekday, branch.weekday), (saturday, branch.saturday), (sunday, branch.sunday)]
    times = [f"{day} {span}" if span else f"{day} {closed}" for day, span in hours]
    if language == "zh":
        parts = ["，".join(times), branch.phone, *([access] if branch.wheelchair else [])]
        return f"· {branch.name.zh}：{branch.address.zh}。{'；'.join(parts)}"
    parts = [", ".join(times), branch.phone, *([access] if branch.wheelchair else [])]
    return f"· {branch.name.en}, {branch.address.en}. {'; '.join(parts)}"
