"""Taking the fit of one index over to another of nearly the same articles, instead of asking all questions again.

What was fitted are weights of kinds of evidence and of words; both keep their meaning when some articles change. A word
that the fitted index did not know gets no weight in telling the bank's subjects from others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tellerline.knowledge.build import widen_index
from tellerline.knowledge.index import Floats, Index, LanguageIndex, Subject


def take_over(index: Index, fitted: Index) -> Index:
    """Return `index` with the fit of `fitted`."""
    languages = {
        language: _take_over(part, fitted.languages[language]) for language, part in index.languages.items()
    }
    return index._replace(languages=languages, threshold=fitted.threshold)


def _take_over(part: LanguageIndex, fitted: LanguageIndex) -> LanguageIndex:
    wide = widen_index(part, fitted.meta.words, fitted.meta.grams)
    wide.meta.weights = list(fitted.meta.weights)
    wide.meta.calibration = list(fitted.meta.calibration)
    wide.meta.subject_bias = fitted.meta.subject_bias
    wide.subject = Subject(
        _moved(wide.meta.words, fitted.word_ids, fitted.subject.word),
        _moved(wide.meta.grams, fitted.gram_ids, fitted.subject.gram),
    )
    return wide


def _moved(names: Sequence[str], ids: Mapping[str, int], weights: Floats) -> Floats:
    """Return the weights in another order of their features; 0 for those that had none."""
    return np.array([weights[ids[name]] if name in ids else 0.0 for name in names], np.float32)
