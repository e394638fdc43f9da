"""Does every word rest on something? Finds replies that are empty, without source, or hold a figure from nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from tellerline.dialogue.draft import BANK_ZONE
from tellerline.dialogue.release import Release
from tellerline.domain import event as e
from tellerline.domain.fact import Fact
from tellerline.knowledge.load import Library

_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")


class Shortcoming(msgspec.Struct, frozen=True):
    """A reply that breaks an invariant."""

    rule: str  # empty_reply | no_reply | no_source | figure_without_source
    detail: str


class Evidence:
    """All that a pack lets the assistant state."""

    def __init__(self, release: Release, library: Library) -> None:
        self._release = release
        self._articles: dict[str, set[Decimal]] = {}
        for article in [one for language in library.articles.values() for one in language.values()]:
            held = self._articles.setdefault(article.id, set())
            held |= figures(article.heading.title)
            for passage in article.passages:
                held |= figures(f"{passage.title} {passage.text}")
        self._facts: dict[
            tuple[str, str], set[Decimal]
        ] = {}  # by id and first day in force, as a source names them
        for table in library.tables.values():
            for fact in table.rows:
                self._facts[fact.id, fact.valid_from.isoformat()] = _of_fact(fact)

    def check(self, record: Sequence[e.Event], turn: Sequence[e.Event]) -> list[Shortcoming]:
        """Check the replies of the last turn. record: the whole conversation; turn: the events of its last turn."""
        replies = [x.body for x in turn if isinstance(x.body, e.MessageSent) and x.body.author == "assistant"]
        found = [] if replies else [Shortcoming("no_reply", "")]
        known = _known([event.body for event in record])
        for reply in replies:
            if not reply.text.strip():
                found.append(Shortcoming("empty_reply", ""))
            if not reply.sources:
                found.append(Shortcoming("no_source", reply.text))
            loose = figures(reply.text) - known - self._cited(reply)
            if loose:
                shown = ", ".join(f"{figure:f}" for figure in sorted(loose))
                found.append(Shortcoming("figure_without_source", f"{shown} in: {reply.text}"))
        return found

    def _cited(self, reply: e.MessageSent) -> set[Decimal]:
        held: set[Decimal] = set()
        for source in reply.sources:
            held |= figures(f"{source.title} {source.on} {source.version if source.kind != 'copy' else ''}")
            if source.kind == "article":
                held |= self._articles.get(source.id.split("#")[0], set())
            elif source.kind == "fact":
                held |= self._facts.get((source.id, source.version), set())
            elif source.kind == "copy":
                scope, _, key = source.id.rpartition("/")
                copies = self._release.copies.get(scope)
                variants = copies.variants(reply.language, key) if copies else []
                for variant in variants:
                    held |= figures(variant.text)
        return held


def figures(text: str) -> set[Decimal]:
    """Return the numbers written in `text`; an ordinal counter of a list ("1.", "2)") is not a claim."""
    text = re.sub(r"(?m)^\s*\d{1,2}[.)、]\s", "", text)
    return {Decimal(found.replace(",", "")).normalize() for found in _FIGURE.findall(text)}


def _of_fact(fact: Fact) -> set[Decimal]:
    return figures(" ".join([fact.render("zh"), fact.render("en"), fact.label.zh, fact.label.en]))


def _known(bodies: Sequence[e.Body]) -> set[Decimal]:
    """Collect what the customer said and what the bank returned, in the ways it may be written."""
    held: set[Decimal] = set()
    for body in bodies:
        if isinstance(body, e.MessageReceived):
            held |= figures(body.text)
        elif not isinstance(body, e.MessageSent | e.KnowledgeAnswered | e.CommandsDecided):
            for value in _values(msgspec.to_builtins(body)):
                held |= _written(value)
    return held


def _values(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _values(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner)
        yield len(value)
    else:
        yield value


def _written(value: object) -> set[Decimal]:
    if isinstance(value, bool) or value is None:
        return set()
    if isinstance(value, int | float):
        whole = abs(Decimal(str(value)))
        return {whole.normalize(), (whole / 100).normalize()}
    text = str(value)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return figures(text)
    local = moment.astimezone(BANK_ZONE) if moment.tzinfo else moment  # moments are told in the bank's time
    return {
        Decimal(part).normalize() for part in (local.year, local.month, local.day, local.hour, local.minute)
    }
