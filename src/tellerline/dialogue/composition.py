"""The pack with all that was accepted laid over it: what a release is made of."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from tellerline.dialogue.draft import BANK_ZONE
from tellerline.dialogue.pack import PackRefused
from tellerline.domain.problem import PackProblem
from tellerline.domain.proposal import Change, Proposal
from tellerline.knowledge.learning.overlay import lay_over


def day_of(moment: datetime) -> date:
    """Return the bank's day of a moment."""
    return moment.astimezone(BANK_ZONE).date()


def first_day(proposal: Proposal, now: datetime) -> date:
    """Return the day on which a proposal comes, or came, into force; today when it has no moment yet."""
    return day_of(proposal.in_force_at or now)


@contextmanager
def composed(
    pack: Path, accepted: Sequence[Proposal], further: tuple[Sequence[Change], date] | None = None
) -> Iterator[Path]:
    """Give a folder with the pack and the changes of `accepted`, in order, then `further` changes with their day.

    A proposal that publishes a pack changes nothing here: it says which pack this is to be.

    Raises: PackRefused when a change fits nothing in the pack any more.
    """
    with tempfile.TemporaryDirectory(prefix="tellerline-") as scratch:
        folder = Path(scratch) / pack.name
        shutil.copytree(pack, folder, copy_function=_link)
        problems: list[PackProblem] = []
        for proposal in accepted:
            assert proposal.in_force_at is not None, "accepted proposals have their moment"
            if proposal.pack is None:
                lay_over(folder, proposal.changes, day_of(proposal.in_force_at), problems)
        if further is not None:
            lay_over(folder, *further, problems)
        if problems:
            raise PackRefused(problems)
        yield folder


def _link(source: str, target: str) -> None:
    """Share a file where that can be done: what is laid over it takes its place and does not change it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
