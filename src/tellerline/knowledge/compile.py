"""Making the knowledge of a pack ready to use. Takes seconds and needs scikit-learn; keep.py keeps the result."""

from __future__ import annotations

from pathlib import Path

from tellerline.domain.problem import PackProblem
from tellerline.knowledge.analyse import Analyser
from tellerline.knowledge.build import build_index
from tellerline.knowledge.exam import read_exam
from tellerline.knowledge.ground import Compiled
from tellerline.knowledge.index import Index
from tellerline.knowledge.load import load_library
from tellerline.knowledge.phrases import read_wording
from tellerline.knowledge.refit import take_over
from tellerline.knowledge.solver.offer import read_offers
from tellerline.knowledge.solver.sums import read_sums
from tellerline.knowledge.terms import Terms, read_terms
from tellerline.models.contract import SentenceEncoder


def compile_knowledge(
    pack: Path, encoder: SentenceEncoder | None = None, *, fitted: Index | None = None
) -> tuple[Compiled, list[PackProblem]]:
    """Read the knowledge of the pack in folder `pack`, build its index and fit it to the pack's exam questions.

    fitted: the index of a pack that this one varies; its fit is taken over, and the questions are not asked again.
    The result can be used when none of the problems is an error.
    """
    library, problems = load_library(pack)
    terms = read_terms(pack, problems)
    wording = read_wording(pack, problems)
    exams = read_exam(pack, problems)
    ready = Terms(terms)
    index = build_index(library, ready, encoder)
    if fitted is not None:
        index = take_over(index, fitted)
    else:
        from tellerline.knowledge.fit import fit_index  # noqa: PLC0415  scikit-learn: seconds to import, needed only here

        index = fit_index(index, library, Analyser(ready), exams, encoder)
    offers, sums = read_offers(pack, problems), read_sums(pack, problems)
    return Compiled(library, terms, wording, index, offers, sums), problems
