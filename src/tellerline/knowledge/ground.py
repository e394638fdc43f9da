"""Answering from what is in force: the passage or the row that answers, quoted with its figures and its sources.

An answer is given only above the calibrated threshold, only from articles and facts that hold on the day, and only for
the audience asked for; in every other case there is none, and the caller says so.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from pathlib import Path

import msgspec
import numpy as np

from tellerline.domain.citation import Source
from tellerline.domain.fact import Fact
from tellerline.domain.language import LANGUAGES, Language
from tellerline.knowledge.analyse import Analyser
from tellerline.knowledge.answer import Answer
from tellerline.knowledge.article import LEAD, Article
from tellerline.knowledge.build import build_index
from tellerline.knowledge.choose import choose_passage
from tellerline.knowledge.directory import TABLE as BRANCHES
from tellerline.knowledge.directory import Directory
from tellerline.knowledge.exam import read_exam
from tellerline.knowledge.fit import fit_index
from tellerline.knowledge.index import Floats, Index, load_index, save_index
from tellerline.knowledge.load import Library, load_library
from tellerline.knowledge.phrases import Phrases, Wording, read_wording
from tellerline.knowledge.quote import CHARS_MAX, Quotation, Quoter
from tellerline.knowledge.retrieve import Ranking, Retriever
from tellerline.knowledge.rows import RowFinder, RowMatch
from tellerline.knowledge.table import FactBook
from tellerline.knowledge.terms import TermList, Terms, read_terms
