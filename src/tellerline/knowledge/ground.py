"""Answering from what is in force: the passage or the row that answers, quoted with its figures and its sources.

An answer is given only above the calibrated threshold, only from articles and facts that hold on the day, and only for
the public; in every other case there is none, and the caller says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import msgspec
import numpy as np

from tellerline.domain.citation import Source
from tellerline.domain.fact import Fact
from tellerline.domain.language import LANGUAGES, Language, Text
from tellerline.knowledge.analyse import Analyser
from tellerline.knowledge.answer import Answer
from tellerline.knowledge.article import LEAD, Article, Audience
from tellerline.knowledge.choose import Choice, choose_passage
from tellerline.knowledge.directory import TABLE as BRANCHES
from tellerline.knowledge.directory import Directory
from tellerline.knowledge.index import Floats, Index
from tellerline.knowledge.load import Library
from tellerline.knowledge.phrases import Phrases, Wording
from tellerline.knowledge.quote import CHARS_MAX, Quotation, Quoter
from tellerline.knowledge.retrieve import Ranking, Retriever
from tellerline.knowledge.rows import RowFinder, RowMatch
from tellerline.knowledge.several import CONTEXT, choose_articles, split_question
from tellerline.knowledge.solver.offer import Offers
from tellerline.knowledge.solver.solver import Solver
from tellerline.knowledge.solver.sums import Sum
from tellerline.knowledge.solver.wish import ReadFigures
from tellerline.knowledge.table import FactBook
from tellerline.knowledge.terms import TermList, Terms, fold
from tellerline.models.contract import SentenceEncoder

QUESTION_CHARS_MAX = 500
SOLVED = 0.95  # the score of an answer that was worked out: right whenever the question was read right
_ANSWERS_KEPT, _DAYS_KEPT = 2_048, 16
_PRODUCT_BONUS = 1.0
_OTHER_LANGUAGE = 0.9  # a match in the language that is not the conversation's must be this much surer
_LATIN_WORDS_TELLING = 4
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


@dataclass(frozen=True)
class Compiled:
    """All that a pack's knowledge is made of."""

    library: Library
    terms: TermList
    wording: Wording
    index: Index
    offers: Offers
    sums: list[Sum]


class Found(msgspec.Struct, frozen=True):
    """An article that may answer, for people who choose themselves. `score`: 0..1, comparable within one search."""

    article: str
    title: str
    text: str
    score: float
    flow: str | None = None


class Knowledge:
    """Articles and facts of a pack."""

    def __init__(
        self, compiled: Compiled, figures: ReadFigures | None = None, encoder: SentenceEncoder | None = None
    ) -> None:
        """Make knowledge ready.

        figures: reads amounts and terms; without it no question that compares is solved. encoder: the one that the index was
        built with. Raises: ValueError when it is another.
        """
        self._library = compiled.library
        self._index = compiled.index
        self._analyser = Analyser(Terms(compiled.terms))
        self._retriever = Retriever(compiled.index, self._analyser, encoder)
        self._phrases = Phrases(compiled.wording)
        self._quoter = Quoter(compiled.library.tables, self.facts, self._phrases)
        self._rows = {
            language: RowFinder(
                compiled.index.languages[language],
                compiled.library.articles[language].values(),
                compiled.wording.quotable,
            )
            for language in LANGUAGES
        }
        table = compiled.library.tables.get(BRANCHES)
        title = table.title if table else Text(zh="", en="")
        self._directory = Directory(compiled.library.branches, title, self._phrases)
        self._solver = (
            Solver(compiled.offers, compiled.sums, self._phrases, figures) if figures is not None else None
        )
        self._book = lru_cache(maxsize=_DAYS_KEPT)(self._facts_on)
        self._prior = lru_cache(maxsize=_DAYS_KEPT * 8)(self._prior_on)
        self._answer = lru_cache(maxsize=_ANSWERS_KEPT)(self._answer_anew)

    def facts(self, on: date) -> FactBook:
        """Return the facts in force on day `on`."""
        return self._book(on)

    def answer(
        self, question: str, *, language: Language, on: date, products: tuple[str, ...] = ()
    ) -> tuple[Answer | None, float]:
        """Answer from passages and facts in force on day `on`; None when the evidence is too thin.

        language: of the answer; the question may be in the other one. products: what the conversation is about.
        Returns the answer, and how probable it is that what was found answers.
        """
        return self._answer(question[:QUESTION_CHARS_MAX], language, on, products)

    def compares(self, question: str, *, language: Language, on: date) -> bool:
        """Tell whether the question asks to compare what the bank offers, and can be worked out."""
        return self._solved(question[:QUESTION_CHARS_MAX], language, on) is not None

    def branches(self, place: str, *, language: Language, on: date) -> tuple[str, list[Source]]:
        """List branches in `place` ("" lists cities) with address and hours, as text with sources; "" when none."""
        return self._directory.list_in(place, language, on)

    def places(self) -> list[Text]:
        """Return the cities and districts the bank has branches in, and what its branches are called."""
        found: list[Text] = []
        for branch in self._library.branches:
            found += [
                place for place in (branch.city, branch.district, branch.short_name) if place not in found
            ]
        return found

    def search(self, question: str, *, language: Language, on: date, limit: int = 5) -> list[Found]:
        """Return the articles that may answer, best first, with what their lead says on day `on`."""
        ranking = self._rank(question[:QUESTION_CHARS_MAX], language, on, ())
        best = float(ranking.scores[ranking.order[0]]) or 1.0
        found = []
        for number, identity in zip(ranking.order, self._retriever.articles(ranking, limit), strict=False):
            article = self._library.articles[language].get(identity)
            quotation = self._quoter.quote(article.passages[LEAD], language, on) if article else None
            if article is None or quotation is None:
                continue
            score = ranking.probability * float(ranking.scores[number]) / best
            found.append(Found(identity, article.heading.title, quotation.text, score, article.heading.flow))
        return found

    def _facts_on(self, on: date) -> FactBook:
        return FactBook(self._library.tables.values(), on)

    def _prior_on(self, language: Language, on: date, products: tuple[str, ...]) -> Floats:
        """Return what is added to every article's score before a question is seen; -inf leaves it out."""
        prior = np.zeros(len(self._index.languages[language].meta.articles), np.float32)
        for identity, number in self._index.languages[language].position.items():
            article = self._library.articles[language][identity]
            if not _may_quote(article, on):
                prior[number] = -np.inf
            elif set(products) & set(article.heading.products):
                prior[number] = _PRODUCT_BONUS
        return prior

    def _rank(self, question: str, language: Language, on: date, products: tuple[str, ...]) -> Ranking:
        """Rank in the question's language; in both, where that is not clear."""
        rankings = [
            self._retriever.rank(question, written, self._prior(written, on, products))
            for written in _written_in(question, language)
        ]
        return max(
            rankings,
            key=lambda found: found.probability * (1.0 if found.language == language else _OTHER_LANGUAGE),
        )

    def _answer_anew(
        self, question: str, language: Language, on: date, products: tuple[str, ...]
    ) -> tuple[Answer | None, float]:
        solved = self._solved(question, language, on)
        if solved is not None:
            return solved, solved.score
        ranking = self._rank(question, language, on, products)
        row = self._named_row(ranking, on, products)
        if row is not None:
            score = max(row.confidence, ranking.probability)
            return self._row_answer(row.fact, ranking, language, on, score), score
        several = self._several_answer(question, ranking, language, on, products)
        if several is not None:
            return several, several.score
        if ranking.probability < self._index.threshold:
            return None, ranking.probability
        return self._article_answer(ranking, language, on), ranking.probability

    def _several_answer(
        self, question: str, ranking: Ranking, language: Language, on: date, products: tuple[str, ...]
    ) -> Answer | None:
        """Answer the parts of a question from an article each; None when they do not need two."""
        written = ranking.language
        context = self._prior(written, on, products) + (CONTEXT * np.maximum(ranking.scores, 0)).astype(
            np.float32
        )
        parts = [self._retriever.rank(part, written, context) for part in split_question(question, written)]
        found = choose_articles(parts, ranking)
        answers = [
            self._article_answer(judged, language, on, number=number, of=len(found))
            for number, judged in found.items()
        ]
        kept = [answer for answer in answers if answer is not None]
        if len(kept) < 2:
            return None
        sources = {source.id: source for answer in kept for source in answer.sources}
        score = min(answer.score for answer in kept)
        added = {self._phrases.say(key, language): None for key in self._phrases.added_to_any()}
        told = dict.fromkeys(line for answer in kept for line in answer.text.split("\n\n"))
        text = "\n\n".join(
            sorted(told, key=lambda line: line in added)
        )  # what the law wants said comes last, once
        return Answer(text, list(sources.values()), score, next((a.flow for a in kept if a.flow), None))

    def _solved(self, question: str, language: Language, on: date) -> Answer | None:
        """Work out the answer to a question that compares; None when it does not, or nothing on offer fits."""
        if self._solver is None or self._analyser.terms.is_elsewhere(fold(question)):
            return None
        for written in _written_in(question, language):
            solution = self._solver.answer(question, written, language, self.facts(on))
            if solution is not None:
                sources = [_fact_source(fact, language, on) for fact in solution.facts]
                if solution.reckoned:
                    values = self._phrases.join(list(solution.reckoned), language)
                    title = self._phrases.say("reckoned", language, values=values)
                    sources.append(
                        Source("sum", solution.winner or "comparison", on.isoformat(), title, on.isoformat())
                    )
                return Answer(solution.text, sources, SOLVED)
        return None

    def _named_row(self, ranking: Ranking, on: date, products: tuple[str, ...]) -> RowMatch | None:
        if self._analyser.terms.is_elsewhere(ranking.asked.folded):
            return None
        wanted = set(products)
        fits = (
            {table.id for table in self._library.tables.values() if wanted & set(table.products)}
            if wanted
            else set()
        )
        articles = self._retriever.articles(ranking, 3)
        return self._rows[ranking.language].find(
            ranking.language, ranking.asked, articles, self.facts(on), fits
        )

    def _row_answer(self, fact: Fact, ranking: Ranking, language: Language, on: date, score: float) -> Answer:
        text = self._phrases.say(
            "fact_phone" if fact.unit == "phone" else "fact",
            language,
            title=fact.title.in_(language),
            label=fact.label.in_(language),
            value=fact.render(language),
            since=self._phrases.day(fact.valid_from, language),
        )
        return Answer(text, [_fact_source(fact, language, on)], score)

    def _article_answer(
        self, ranking: Ranking, language: Language, on: date, *, number: int = -1, of: int = 1
    ) -> Answer | None:
        """Quote the best article, or that at position `number`; one of several has a title and its share of the room."""
        number = number if number >= 0 else int(ranking.order[0])
        part = self._index.languages[ranking.language]
        article = self._library.articles[language].get(part.meta.articles[number])
        if article is None or not _may_quote(article, on):
            return None
        # Sections need not correspond between languages; leads do.
        choice = (
            choose_passage(part, ranking.asked, number)
            if ranking.language == language
            else Choice(LEAD, clear=True)
        )
        added = [self._phrases.say(key, language) for key in self._phrases.added_to(article.heading.topic)]
        budget = CHARS_MAX[language] // of - sum(len(text) + 2 for text in added)
        quoted = self._quoted(article, choice, ranking, on, budget)
        if not quoted:
            return None
        texts = [
            f"{quotation.title}\n{quotation.text}" if quotation.title else quotation.text
            for _, quotation in quoted
        ]
        if of > 1 and not quoted[0][1].title:
            texts[0] = f"{article.heading.title}\n{texts[0]}"
        sources = [_article_source(article, passage, on) for passage, _ in quoted]
        facts = {fact.id: fact for _, quotation in quoted for fact in quotation.facts}
        sources += [_fact_source(fact, language, on) for fact in facts.values()]
        return Answer("\n\n".join([*texts, *added]), sources, ranking.probability, article.heading.flow)

    def _quoted(
        self, article: Article, choice: Choice, ranking: Ranking, on: date, budget: int
    ) -> list[tuple[int, Quotation]]:
        """Quote the passage chosen; with the lead before it when the choice is not clear and both fit."""
        language = article.language
        lead = self._quoter.quote(article.passages[LEAD], language, on)
        section = (
            self._quoter.quote(article.passages[choice.passage], language, on) if choice.passage else None
        )
        if section is None:
            return [(LEAD, lead)] if lead else []
        if (
            lead
            and not choice.clear
            and len(lead.text) + len(section.text) + len(section.title) + 3 <= budget
        ):
            return [(LEAD, lead), (choice.passage, section)]
        asked = set(ranking.asked.tokens.ids.tolist())
        ids = self._index.languages[language].word_ids

        def wanted(row: str) -> int:
            return len({ids.get(token) for token in self._analyser.analyse(row, language).tokens} & asked)

        return [
            (choice.passage, self._quoter.fit(section, language, wanted, budget - len(section.title) - 1))
        ]


def _may_quote(article: Article, on: date) -> bool:
    public: Audience = "public"
    return article.heading.audience == public and article.in_force(on)


def _written_in(question: str, language: Language) -> list[Language]:
    """Return the languages a question may be written in, by its script; names and abbreviations decide nothing."""
    han = len(_HAN.findall(question))
    latin = len(_LATIN_WORD.findall(question))
    if not han:
        return ["en"] if language == "en" else ["zh", "en"]
    if not latin or (language == "zh" and latin < _LATIN_WORDS_TELLING):
        return ["zh"]
    return list(LANGUAGES)


def _article_source(article: Article, passage: int, on: date) -> Source:
    title = article.heading.title
    section = article.passages[passage].title
    return Source(
        "article",
        f"{article.id}#{passage or 'lead'}",
        article.heading.valid_from.isoformat(),
        f"{title} · {section}" if section else title,
        on.isoformat(),
    )


def _fact_source(fact: Fact, language: Language, on: date) -> Source:
    title = f"{fact.title.in_(language)} · {fact.label.in_(language)}"
    return Source("fact", fact.id, fact.valid_from.isoformat(), title, on.isoformat())
