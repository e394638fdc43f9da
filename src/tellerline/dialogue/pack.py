"""Making a release out of a bank pack's folder: read it, check it, compile it.

What takes seconds (training, indexing) is kept under the content's hash, with a copy of the pack itself, so that the next
start takes none and a conversation can finish on the release it began with.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from tellerline.cases.calendar import Calendar, load_calendar
from tellerline.dialogue.draft import BANK_ZONE
from tellerline.dialogue.pack_lint import lint_texts
from tellerline.dialogue.release import Intent, Knowledge, Release
from tellerline.domain.expression import evaluate
from tellerline.domain.language import LANGUAGES, Language, Text
from tellerline.domain.located import LocatedYaml
from tellerline.domain.problem import PackProblem, errors_in
from tellerline.flows.lint import lint_flows
from tellerline.flows.load import RawCopy, load_flows, read_copy
from tellerline.flows.spec import Due
from tellerline.knowledge import build_knowledge, lint_knowledge, load_knowledge
from tellerline.reply.copy import CopyBook, parse_copy
from tellerline.reply.guard import Guard, load_guard
from tellerline.understanding.intents import Model
from tellerline.understanding.read import Understanding
from tellerline.understanding.train import train

Progress = Callable[[str], None]
SPEECH = ("patterns", "chitchat")  # texts that belong to no flow, in phrases/


class PackForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`pack.yaml`: whose pack it is, and the limits the interpreter works with (chosen on development data)."""

    pack: str
    bank: Text
    owner: str
    calendar: str
    thresholds: dict[str, float]


class Registry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`intents/intents.yaml`."""

    intents: dict[str, Intent]
    flags: dict[str, str]
    affects: list[str]


class PackRefused(Exception):
    """The pack has errors; the release in force stays in force."""

    def __init__(self, problems: list[PackProblem]) -> None:
        super().__init__("\n".join(problem.render() for problem in problems))
        self.problems = problems
