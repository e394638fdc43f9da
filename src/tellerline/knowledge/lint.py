"""Checking what docs/guides/build/knowledge.md promises of facts and articles, with file, line and remedy."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date
from pathlib import Path

from tellerline.domain.language import LANGUAGES, Language
from tellerline.domain.located import LocatedYaml
from tellerline.domain.problem import PackProblem, errors_in
from tellerline.knowledge.article import LEAD, REFERENCE, Article
from tellerline.knowledge.directory import TABLE as BRANCHES
from tellerline.knowledge.exam import FOLDER as EXAM
from tellerline.knowledge.exam import RetrievalExam, read_exam
from tellerline.knowledge.figures import find_figures
from tellerline.knowledge.load import Library, load_library
from tellerline.knowledge.phrases import RULES_FILE, Phrases, Wording, read_wording
from tellerline.knowledge.quote import CHARS_MAX, Quoter
from tellerline.knowledge.solver.lint import lint_offers
from tellerline.knowledge.solver.offer import read_offers
from tellerline.knowledge.solver.sums import lint_sums, read_sums
from tellerline.knowledge.table import FactBook, FactTable
from tellerline.knowledge.terms import FILE as TERMS
from tellerline.knowledge.terms import TermList, read_terms

QUESTIONS_MIN = 4
_SHARED = ("topic", "products", "audience", "valid_from", "valid_to", "flow")  # the same in every language
_PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{\{|\}\}")
_NO_PARAGRAPH = re.compile(r"[-*#|>]|\d+[.)]\s")

CheckReply = Callable[[str, Language], str | None]


def lint_knowledge(
    pack: Path,
    *,
    on: date,
    flows: Collection[str] | None = None,
    check_reply: CheckReply | None = None,
) -> list[PackProblem]:
    """Return all that is wrong with the knowledge of the pack in folder `pack` on day `on`.

    flows: names that `flow:` may give; None leaves them unchecked. check_reply: the rules for outbound messages.
    """
    library, problems = load_library(pack)
    wording = read_wording(pack, problems)
    terms = read_terms(pack, problems)
    exams = read_exam(pack, problems)
    problems += _lint_pairs(library)
    for table in library.tables.values():
        problems += _lint_table(table, on)
    quoter = Quoter(library.tables, lambda day: FactBook(library.tables.values(), day), Phrases(wording))
    for language in LANGUAGES:
        for article in library.articles[language].values():
            found = [*_lint_heading(article, library, flows, on), *_lint_text(article, library, on)]
            if not errors_in(found):  # what is wrong as written need not be read as quoted
                found += _lint_quotations(article, quoter, on, check_reply)
            problems += found
    problems += _lint_wording(library, wording)
    problems += _lint_terms(terms)
    problems += lint_sums(read_sums(pack, problems), library, on)
    problems += lint_offers(read_offers(pack, problems), library, wording, on)
    for language, exam in exams.items():
        problems += _lint_exam(pack, language, exam, library)
    return problems


def _problem(article: Article, key: str, what: str, remedy: str) -> PackProblem:
    """Return a problem with a key of the article's heading; the line is that of the key."""
    return PackProblem(article.file, article.key_lines.get(key, 1), what, remedy)


def _warning(article: Article, key: str, what: str, remedy: str) -> PackProblem:
    return PackProblem(article.file, article.key_lines.get(key, 1), what, remedy, "warning")


def _lint_pairs(library: Library) -> Iterator[PackProblem]:
    """Find articles that lack a language, and headings that differ where they must not."""
    first, second = (library.articles[language] for language in LANGUAGES)
    for one, other in ((first, second), (second, first)):
        for identity in sorted(one.keys() - other.keys()):
            language = next(iter(other.values())).language if other else "the other language"
            yield _problem(one[identity], "id", f"no article {identity} in {language}", "write it")
    for identity in sorted(first.keys() & second.keys()):
        for key in _SHARED:
            values = [getattr(side[identity].heading, key) for side in (first, second)]
            if values[0] != values[1]:
                what = f"{key} is {values[1]!r} here and {values[0]!r} in {first[identity].file}"
                yield _problem(second[identity], key, what, "make them alike")


def _lint_table(table: FactTable, on: date) -> Iterator[PackProblem]:
    """Find rows that have had a value but have none today."""
    in_force = {fact.id for fact in table.in_force(on)}
    to_come = {fact.id for fact in table.rows if fact.valid_from > on}
    for identity in dict.fromkeys(fact.id for fact in table.rows):
        if identity not in in_force | to_come:
            what = f"{identity} has no value on {on}"
            remedy = "add the row in force, or remove it everywhere"
            yield PackProblem(f"facts/{table.id}.yaml", 0, what, remedy, "warning")


def _lint_heading(
    article: Article, library: Library, flows: Collection[str] | None, on: date
) -> Iterator[PackProblem]:
    heading = article.heading
    if len(heading.questions) < QUESTIONS_MIN:
        what = f"{len(heading.questions)} questions"
        yield _problem(
            article, "questions", what, f"write at least {QUESTIONS_MIN} ways in which customers ask it"
        )
    if len(set(heading.questions)) < len(heading.questions):
        yield _problem(article, "questions", "a question stands there twice", "replace one of them")
    for related in heading.related:
        if related not in library.articles[article.language]:
            yield _problem(article, "related", f"no article {related!r}", "name an article of this language")
    if heading.flow is not None and flows is not None and heading.flow not in flows:
        yield _problem(
            article, "flow", f"no flow {heading.flow!r}", f"name one of: {', '.join(sorted(flows))}"
        )
    if heading.valid_to is not None and heading.valid_to < on:
        yield _warning(article, "valid_to", f"expired on {heading.valid_to}", "renew or remove the article")
    elif heading.review_by < on:
        what, remedy = (
            f"the review was due by {heading.review_by}",
            f"let {heading.owner} read it and set the next day",
        )
        yield _warning(article, "review_by", what, remedy)


def _lint_text(article: Article, library: Library, on: date) -> Iterator[PackProblem]:
    lead = article.passages[LEAD]
    if not lead.text or _NO_PARAGRAPH.match(lead.text):
        yield PackProblem(
            article.file, lead.line, "no first paragraph", "begin with the answer in a sentence or two"
        )
    for passage in article.passages[LEAD + 1 :]:
        if not passage.text:
            yield PackProblem(
                article.file, passage.line, f"nothing under {passage.title!r}", "write it or remove it"
            )
    for figure in find_figures(article):
        what, remedy = f"{figure.text!r} is typed by hand", "name the fact instead: {{ facts.<table>.<row> }}"
        yield PackProblem(article.file, figure.line, what, remedy)
    for passage in article.passages:
        for offset, line in enumerate(passage.text.splitlines()):
            yield from _lint_references(article, line, passage.line + offset, library, on)


def _lint_references(
    article: Article, line: str, number: int, library: Library, on: date
) -> Iterator[PackProblem]:
    for placeholder in _PLACEHOLDER.findall(line):
        reference = REFERENCE.fullmatch(placeholder)
        if reference is None:
            yield PackProblem(article.file, number, f"{placeholder!r}", "write {{ facts.<table>.<row> }}")
            continue
        table, row = library.tables.get(reference[1]), reference[2]
        if table is None:
            yield PackProblem(article.file, number, f"no table {reference[1]!r}", "name a file of facts/")
        elif not row:
            if line.strip() != placeholder:
                yield PackProblem(
                    article.file, number, "a whole table inside a line", "give it a line of its own"
                )
        elif all(fact.id != f"{table.id}.{row}" for fact in table.rows):
            yield PackProblem(
                article.file, number, f"no row {row!r} in {table.id}", f"add it to facts/{table.id}.yaml"
            )
        elif all(fact.id != f"{table.id}.{row}" for fact in table.in_force(on)):
            what = f"{table.id}.{row} has no value on {on}, so this passage cannot be quoted"
            yield PackProblem(article.file, number, what, f"add the row in force to facts/{table.id}.yaml")


def _lint_quotations(
    article: Article, quoter: Quoter, on: date, check_reply: CheckReply | None
) -> Iterator[PackProblem]:
    """Read every passage as the customer will."""
    for passage in article.passages:
        quotation = quoter.quote(passage, article.language, on)
        if quotation is None:
            continue
        text = f"{quotation.title}\n{quotation.text}".strip()
        rule = check_reply(text, article.language) if check_reply else None
        if rule is not None:
            what = f"the rule {rule} holds this passage back"
            yield PackProblem(
                article.file, passage.line, what, "reword it; rules/guard.yaml says what is not said"
            )
        limit = CHARS_MAX[article.language]
        if len(text) > limit and not any(line.row for line in quotation.lines):
            what = f"{len(text)} characters, more than an answer holds ({limit})"
            yield PackProblem(article.file, passage.line, what, "split it into two sections", "warning")


def _lint_wording(library: Library, wording: Wording) -> Iterator[PackProblem]:
    for table in wording.never_alone:
        if table not in library.tables:
            yield PackProblem(RULES_FILE, 0, f"never_alone names no table: {table!r}", "correct its name")
    services = {service for branch in library.branches for service in branch.services}
    for language in LANGUAGES:
        for service in sorted(services):
            if f"service_{service}" not in wording.texts[language]:
                what = f"no text 'service_{service}', which facts/{BRANCHES}.yaml needs"
                yield PackProblem(f"phrases/knowledge.{language}.yaml", 0, what, "add it")


def _lint_terms(terms: TermList) -> Iterator[PackProblem]:
    known = terms.terms.keys() | terms.together.keys()
    for concept, sets in terms.together.items():
        for missing in sorted({part for parts in sets for part in parts} - known):
            yield PackProblem(
                TERMS, 0, f"together.{concept} names no concept: {missing!r}", "correct its name"
            )


def _lint_exam(
    pack: Path, language: Language, exam: RetrievalExam, library: Library
) -> Iterator[PackProblem]:
    file = f"{EXAM}/{language}.yaml"
    if not (pack / file).exists():
        yield PackProblem(file, 0, "no questions to measure the search by", "write some", "warning")
        return
    source = LocatedYaml(file, (pack / file).read_text("utf-8"))
    facts = {fact.id for table in library.tables.values() for fact in table.rows}
    for name, questions in (("dev", exam.dev), ("test", exam.test)):
        for index, question in enumerate(questions.answerable):
            at = (name, "answerable", index)
            for missing in sorted(set(question.articles) - library.articles[language].keys()):
                yield source.problem(at, f"no article {missing!r}", "name the article that answers")
            if question.fact is not None and question.fact not in facts:
                yield source.problem(at, f"no fact {question.fact!r}", "name the row that answers")
