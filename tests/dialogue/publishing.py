"""A publication over a copy of the demonstration bank, whose releases are nothing but its folder."""

from __future__ import annotations

import hashlib
import shutil
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tellerline.dialogue import pack as packs
from tellerline.dialogue.force import Force
from tellerline.dialogue.proposal_book import Step
from tellerline.dialogue.publication import Publication
from tellerline.dialogue.releases import Plan
from tellerline.domain.errors import NotFound
from tellerline.domain.fact import Fact
from tellerline.domain.language import Text
from tellerline.domain.proposal import Change, FactChange, Proposal, State
from tellerline.knowledge.learning.read import read_document
from tellerline.knowledge.load import load_library
from tellerline.store.proposals import SqliteProposals
from tellerline.testing.clock import VirtualClock
from tests.harbour import PACK

MAKER, CHECKER = "lin.yue", "zhao.min"
LEFT_OUT = (
    "articles",
    "flows",
    "exam",
    "core",
    "flags",
    "zh",
    "en",
)  # what a test of moments and persons needs not
LABEL = Text("三年期整存整取", "3-year term deposit")


class CopiedReleases:
    """Releases that are the pack's folder and nothing else; what is refused is told by a file `refuse`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.built: list[str] = []
        self.current = ""
        self.plan = Plan("")

    def build(self, pack: Path, *, like: Path) -> str:
        if (pack / "refuse").exists():
            raise packs.PackRefused([packs.PackProblem("refuse", 1, "it is there", "remove it")])
        version = packs.content_hash(pack)
        if version not in self.kept():
            shutil.copytree(pack, self.folder / version / "pack")
            self.built.append(version)
        return version

    def put(self, plan: Plan) -> None:
        assert {plan.stable, plan.candidate or plan.stable} <= self.kept()
        self.current, self.plan = plan.stable, plan

    def noted(self) -> Plan | None:
        return None

    def is_built(self, version: str) -> bool:
        return version in self.kept()

    def pack_of(self, version: str) -> Path:
        if version not in self.kept():
            raise NotFound("release", "not here")
        return self[version]

    def kept(self) -> frozenset[str]:
        return frozenset(path.name for path in self.folder.iterdir())

    def __getitem__(self, version: str) -> Path:
        return self.folder / version / "pack"

    def fact(self, name: str, at: datetime) -> Fact:
        library = load_library(self[self.current])[0]
        table = library.tables[name.partition(".")[0]]
        return next(fact for fact in table.in_force(at.date()) if fact.id == name)


class Room:
    """A publication over a copy of the demonstration bank, with a clock that stands still."""

    def __init__(self, folder: Path, *, whole: bool = False, follow: bool = True) -> None:
        self.follow = follow
        self.pack = folder / "harbour"
        shutil.copytree(PACK, self.pack, ignore=None if whole else shutil.ignore_patterns(*LEFT_OUT))
        (folder / "releases").mkdir()
        self.path = folder / "record.sqlite3"
        self.clock = VirtualClock(datetime(2026, 11, 23, 6, 0, tzinfo=UTC))
        self.releases = CopiedReleases(folder / "releases")
        self.book = SqliteProposals(self.path)
        self.publication = self.again()

    def again(self) -> Publication:
        """Return a publication as another process, or the next start, has it."""
        force = Force(
            book=self.book,
            releases=self.releases,  # type: ignore[arg-type]
            pack=self.pack,
            clock=self.clock,
            follow=self.follow,
        )
        return Publication(book=self.book, force=force, clock=self.clock, read=read_document)

    def checked(self, *changes: Change, at: datetime | None = None, title: str = "Rates") -> Proposal:
        """Return a proposal that has passed its check, which is tested apart because it takes seconds."""
        made = self.publication.propose(title, MAKER, in_force_at=at, changes=changes)
        return self.book.change(
            made.id,
            Step(self.clock.now(), MAKER, "checked"),
            lambda p: msgspec.structs.replace(
                p, state="checked", digest=hashlib.sha256(title.encode()).hexdigest()[:16]
            ),
        )

    def state(self, proposal: Proposal) -> State:
        return self.book.get(proposal.id).state

    def rate(self) -> str:
        return str(self.releases.fact("deposit_rates.term_3y", self.clock.now()).value)


def rate(value: str) -> FactChange:
    """Change the rate of a three-year deposit."""
    return FactChange("deposit_rates", "term_3y", LABEL, "percent_per_year", value)
