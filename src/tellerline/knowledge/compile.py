"""Making the knowledge of a pack ready to use: read, index and fit once, keep the result, load it in milliseconds."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tellerline.domain.problem import PackProblem
from tellerline.knowledge.analyse import Analyser
from tellerline.knowledge.build import build_index
from tellerline.knowledge.exam import read_exam
from tellerline.knowledge.ground import Compiled, Knowledge
from tellerline.knowledge.index import load_index, save_index
from tellerline.knowledge.load import Library, load_library
from tellerline.knowledge.phrases import Wording, read_wording
from tellerline.knowledge.terms import TermList, Terms, read_terms

LIBRARY_FILE = "library.msgpack"


class _Kept(msgspec.Struct):
    """What is kept beside the index."""

    library: Library
    terms: TermList
    wording: Wording


def compile_knowledge(pack: Path) -> tuple[Compiled, list[PackProblem]]:
    """Read the knowledge of the pack in folder `pack`, build its index and fit it to the pack's exam questions.

    The result can be used when none of the problems is an error. Takes seconds.
    """
    from tellerline.knowledge.fit import fit_index  # noqa: PLC0415  scikit-learn: slow to import, needed only here

    library, problems = load_library(pack)
    terms = read_terms(pack, problems)
    wording = read_wording(pack, problems)
    exams = read_exam(pack, problems)
    ready = Terms(terms)
    index = fit_index(build_index(library, ready), library, Analyser(ready), exams)
    return Compiled(library, terms, wording, index), problems


def save_knowledge(compiled: Compiled, folder: Path) -> None:
    """Keep the compiled knowledge in `folder`, which is made when it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = _Kept(compiled.library, compiled.terms, compiled.wording)
    (folder / LIBRARY_FILE).write_bytes(msgspec.msgpack.encode(kept))
    save_index(compiled.index, folder)


def load_knowledge(folder: Path) -> Knowledge:
    """Return the knowledge kept in `folder`.

    Raises: ValueError or msgspec.ValidationError when another version of the product wrote it.
    """
    kept = msgspec.msgpack.decode((folder / LIBRARY_FILE).read_bytes(), type=_Kept)
    return Knowledge(Compiled(kept.library, kept.terms, kept.wording, load_index(folder)))
