"""Keeping compiled knowledge in a folder, and loading it in milliseconds."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tellerline.knowledge.ground import Compiled, Knowledge
from tellerline.knowledge.index import load_index, save_index
from tellerline.knowledge.load import Library
from tellerline.knowledge.phrases import Wording
from tellerline.knowledge.solver.offer import Offers
from tellerline.knowledge.solver.sums import Sum
from tellerline.knowledge.solver.wish import ReadFigures
from tellerline.knowledge.terms import TermList
from tellerline.models.contract import SentenceEncoder

LIBRARY_FILE = "library.msgpack"


class _Kept(msgspec.Struct):
    """What is kept beside the index."""

    library: Library
    terms: TermList
    wording: Wording
    offers: Offers
    sums: list[Sum]


def save_knowledge(compiled: Compiled, folder: Path) -> None:
    """Keep the compiled knowledge in `folder`, which is made when it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = _Kept(compiled.library, compiled.terms, compiled.wording, compiled.offers, compiled.sums)
    (folder / LIBRARY_FILE).write_bytes(msgspec.msgpack.encode(kept))
    save_index(compiled.index, folder)


def load_knowledge(
    folder: Path, figures: ReadFigures | None = None, encoder: SentenceEncoder | None = None
) -> Knowledge:
    """Return the knowledge kept in `folder`. figures, encoder: see Knowledge.

    Raises: ValueError or msgspec.ValidationError when another version of the product wrote it.
    """
    kept = msgspec.msgpack.decode((folder / LIBRARY_FILE).read_bytes(), type=_Kept)
    compiled = Compiled(kept.library, kept.terms, kept.wording, load_index(folder), kept.offers, kept.sums)
    return Knowledge(compiled, figures, encoder)
