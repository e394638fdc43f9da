"""Making a release out of a bank pack's folder: read it, check it, compile it.

What takes seconds (training, indexing) is kept under the content's hash, so that the next start takes none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path

import msgspec
import yaml

from tellerline.cases.calendar import Calendar, load_calendar
from tellerline.dialogue.release import Intent, Release
from tellerline.domain.expression import evaluate
from tellerline.domain.language import LANGUAGES, Text
from tellerline.domain.problem import PackProblem
from tellerline.flows.load import load_flows
from tellerline.flows.spec import Due
from tellerline.knowledge.base import KnowledgeBase, build_knowledge, load_knowledge
from tellerline.reply.copy import CopyBook, parse_copy
from tellerline.reply.guard import Guard, load_guard
from tellerline.understanding.intents import Model
from tellerline.understanding.reader import Understanding
from tellerline.understanding.train import train

Progress = Callable[[str], None]


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


def pack_version(folder: Path) -> str:
    """Return the hash of everything in a pack: its release's name."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def load_yaml(path: Path) -> object:
    """Read a YAML file of the pack."""
    return yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
