"""Harbour Bank's knowledge without its search: what questions that compare are worked out from."""

from __future__ import annotations

from datetime import date

import pytest

from tellerline.domain.language import Language
from tellerline.domain.reading import Context, Entity
from tellerline.knowledge.load import Library, load_library
from tellerline.knowledge.phrases import Phrases, Wording, read_wording
from tellerline.knowledge.solver.offer import Offers, read_offers
from tellerline.knowledge.solver.solver import Solver
from tellerline.knowledge.solver.sums import read_sums
from tellerline.knowledge.table import FactBook
from tellerline.understanding.entities.finder import EntityFinder
from tests.harbour import PACK

TODAY = date(2026, 11, 27)
_FINDER = EntityFinder()


def read_figures(text: str, language: Language, on: date) -> list[Entity]:
    """Read amounts and periods as the assembled product does."""
    return _FINDER.find(text, Context(language, on))


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library(PACK)[0]


@pytest.fixture(scope="session")
def wording() -> Wording:
    return read_wording(PACK, [])


@pytest.fixture(scope="session")
def offers() -> Offers:
    return read_offers(PACK, [])


@pytest.fixture(scope="session")
def solver(offers: Offers, wording: Wording) -> Solver:
    return Solver(offers, read_sums(PACK, []), Phrases(wording), read_figures)


@pytest.fixture(scope="session")
def book(library: Library) -> FactBook:
    return FactBook(library.tables.values(), TODAY)
