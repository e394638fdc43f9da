"""A message, what became of it, and what a second reading said about that."""

from __future__ import annotations

from pathlib import Path

import msgspec
import yaml

from bench.real_input.evidence import Shortcoming
from bench.real_input.outcome import Judge, Judgement, Verdict
from tellerline.domain.language import Language

REVIEWS = Path(__file__).with_name("reviewed.yaml")


class Message(msgspec.Struct, frozen=True):
    """A message to be tried, and what would be right."""

    id: str
    set: str
    language: Language
    text: str
    judge: Judge
    wanted: list[str]


class Tried(msgspec.Struct, frozen=True):
    """What became of a message. `automatic` is the verdict of the rules, `reason` why reading changed it."""

    id: str
    set: str
    language: Language
    text: str
    wanted: list[str]
    did: str
    replies: list[str]
    automatic: Judgement
    judgement: Judgement
    read: bool = False
    reason: str = ""
    shortcomings: list[Shortcoming] = []
    crash: str = ""


class Correction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A verdict from reading that differs from the automatic one. It holds only while the assistant still does `did`."""

    did: str
    verdict: Verdict
    reason: str
    cause: str = ""


class Reviews(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """reviewed.yaml. agreed: what the assistant did, by message, where reading agreed with the automatic verdict."""

    agreed: dict[str, str] = {}
    corrected: dict[str, Correction] = {}

    def apply(self, tried: Tried) -> Tried:
        """Return `tried` with the verdict from reading, if this very outcome was read."""
        if self.agreed.get(tried.id) == tried.did:
            return msgspec.structs.replace(tried, read=True)
        correction = self.corrected.get(tried.id)
        if correction is None or correction.did != tried.did:
            return tried
        cause = "" if correction.verdict == "right" else (correction.cause or tried.automatic.cause)
        judgement = Judgement(correction.verdict, tried.automatic.kind, cause)
        return msgspec.structs.replace(tried, judgement=judgement, read=True, reason=correction.reason)

    @property
    def count(self) -> int:
        """How many replies were read."""
        return len(self.agreed) + len(self.corrected)


def load_reviews() -> Reviews:
    """Read reviewed.yaml."""
    return msgspec.convert(yaml.safe_load(REVIEWS.read_text(encoding="utf-8")) or {}, Reviews)
