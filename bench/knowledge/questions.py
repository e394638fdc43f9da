"""The development questions, in two halves by a fixed seed: one to choose limits on, one to report."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Literal

import msgspec
import yaml

from tellerline.domain.language import Language

FILE = Path(__file__).parent / "dev" / "questions.yaml"
SEED = 20_261_127
# How many of each kind there were when the halves were drawn: what is written later is for reporting only.
DRAWN = {"single": 222, "two": 26, "constraint": 50, "unanswerable": 46}

Half = Literal["tuning", "reporting"]


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question in both languages; the head of the file says what each key means."""

    id: str
    kind: Literal["single", "two", "constraint", "unanswerable"]
    zh: str
    en: str
    articles: list[str] = []
    needs: list[list[str]] = []
    facts: list[str] = []
    answer: str = ""
    tolerated: list[str] = []

    def in_(self, language: Language) -> str:
        """Return the question in one language."""
        return self.zh if language == "zh" else self.en


def read_questions(half: Half) -> list[Question]:
    """Return one half of the questions: of every kind, every second one in an order that the seed shuffled."""
    every = msgspec.convert(yaml.safe_load(FILE.read_text("utf-8")), list[Question])
    chosen: set[str] = set()
    for kind in sorted({question.kind for question in every}):
        ids = sorted(
            question.id for question in every if question.kind == kind and _number(question) <= DRAWN[kind]
        )
        random.Random(SEED).shuffle(ids)
        later = {question.id for question in every if question.kind == kind} - set(ids)
        chosen |= set(ids[::2]) if half == "tuning" else set(ids[1::2]) | later
    return [question for question in every if question.id in chosen]


def _number(question: Question) -> int:
    return int(question.id.rpartition("-")[2])
