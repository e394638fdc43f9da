"""What the documents of a proposal come to: changes of facts and articles, read against what is in force on its day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from tellerline.domain.fact import Fact
from tellerline.domain.proposal import ArticleChange, Change, FactChange, Finding, TableChange
from tellerline.knowledge.article import Heading as ArticleHeading
from tellerline.knowledge.learning.article_form import draft_articles, written_heading
from tellerline.knowledge.learning.document import Document, Grid
from tellerline.knowledge.learning.link import link_figures
from tellerline.knowledge.learning.rate_table import read_rates
from tellerline.knowledge.learning.suspicion import find_suspicions
from tellerline.knowledge.load import Library
from tellerline.knowledge.table import FactTable


class Mapped(NamedTuple):
    """Changes and findings; `new_products` are those the documents say are new."""

    changes: list[Change]
    findings: list[Finding]
    new_products: list[str]


def map_documents(documents: Sequence[Document], library: Library, on: date) -> Mapped:
    """Return what `documents` change in `library` on day `on`. Tables are read first: articles may name their figures."""
    changes: list[Change] = []
    findings: list[Finding] = [finding for document in documents for finding in find_suspicions(document)]
    texts: list[Document] = []
    for document in documents:
        rest, read, found = _read_tables(document, library, on)
        changes += read
        findings += found
        texts += [rest] if rest is not None else []
    tables = _tables_with(library.tables, changes)
    new_products = [
        product for change in changes if isinstance(change, TableChange) for product in change.products
    ]
    for document in texts:
        drafts = draft_articles(document, library.articles)
        findings += drafts.findings
        new_products += drafts.new_products
        for change in drafts.changes:
            tied, found = _tie(change, tables, on)
            changes.append(tied)
            findings += found
    return Mapped(changes, findings, new_products)


def _read_tables(
    document: Document, library: Library, on: date
) -> tuple[Document | None, list[Change], list[Finding]]:
    """Read the tables of figures in a document; return what is left of it, if that can be an article."""
    changes: list[Change] = []
    findings: list[Finding] = []
    rest = []
    tables = 0
    for block in document.blocks:
        read = read_rates(block, library.tables, on, document.name) if isinstance(block, Grid) else None
        if read is None:
            rest.append(block)
            continue
        tables += 1
        changes += read.changes
        findings += read.findings
    if document.form == "xlsx":
        if not tables:
            remedy = "head its columns: the item (项目, item) and the new figure (新利率, new rate)"
            findings.append(Finding("structure", document.name, "no sheet holds a table of figures", remedy))
        return None, changes, findings
    left = msgspec.structs.replace(document, blocks=rest)
    return (left if rest or not tables else None), changes, findings


def _tables_with(tables: Mapping[str, FactTable], changes: Sequence[Change]) -> list[FactTable]:
    """Return the tables as they are with the new ones, each without its rows where it is new."""
    added = [
        FactTable(change.id, change.title, change.owner, change.source, "public", change.products, [])
        for change in changes
        if isinstance(change, TableChange)
    ]
    facts = [change for change in changes if isinstance(change, FactChange)]
    return [_with_rows(table, facts) for table in (*tables.values(), *added)]


def _with_rows(table: FactTable, changes: Sequence[FactChange]) -> FactTable:
    mine = {change.key: change for change in changes if change.table == table.id}
    if not mine:
        return table
    rows = [fact for fact in table.rows if fact.id.partition(".")[2] not in mine]
    rows += [
        Fact(
            f"{table.id}.{change.key}",
            change.label,
            change.unit,
            change.value,
            change.valid_from or date.min,
            change.valid_to,
            table.title,
            table.source,
            change.currency,
        )
        for change in mine.values()
    ]
    return msgspec.structs.replace(table, rows=rows)


def _tie(change: ArticleChange, tables: Sequence[FactTable], on: date) -> tuple[ArticleChange, list[Finding]]:
    try:
        heading = msgspec.convert(written_heading(change, on), ArticleHeading)
    except msgspec.ValidationError as error:
        return change, [
            Finding("heading", change.place, f"what is said of the article is wrong: {error}", "correct it")
        ]
    return link_figures(change, heading, list(_facts_of(heading.products, tables, on)))


def _facts_of(products: Sequence[str], tables: Sequence[FactTable], on: date) -> Iterator[Fact]:
    for table in tables:
        if not products or set(products) & set(table.products):
            yield from table.in_force(on)
