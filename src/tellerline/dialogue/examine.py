"""Examining a proposal: what its documents change in the pack in force, and what is wrong with that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from tellerline.dialogue import pack as packs
from tellerline.dialogue.composition import composed, first_day
from tellerline.dialogue.pack_lint import lint_everything
from tellerline.domain.problem import PackProblem
from tellerline.domain.proposal import Change, ExampleChange, Finding, Proposal, target_of
from tellerline.knowledge.learning.check import Ground, check_changes, lint_findings
from tellerline.knowledge.learning.document import Document
from tellerline.knowledge.learning.mapping import map_documents
from tellerline.knowledge.load import load_library
from tellerline.reply.guard import Guard, read_guard


def examine(
    proposal: Proposal, documents: Sequence[Document], before: Path, now: datetime
) -> tuple[list[Change], list[Finding]]:
    """Return what a proposal with `documents` changes in the pack in folder `before`, and what was found about it."""
    on = first_day(proposal, now)
    mapped = map_documents(documents, load_library(before)[0], on)
    phrases = [change for change in proposal.changes if isinstance(change, ExampleChange)]
    changes: list[Change] = [*mapped.changes, *phrases]
    findings = list(mapped.findings)
    if not changes and not findings:
        remedy = "bring a document with a change"
        findings.append(Finding("nothing", proposal.title, "it changes nothing", remedy))
    if proposal.in_force_at is not None and proposal.in_force_at <= now:
        what = f"its moment, {proposal.in_force_at:%Y-%m-%d %H:%M} UTC, has passed"
        findings.append(Finding("day", proposal.title, what, "propose it again with a later moment"))
    return changes, findings + _look(before, changes, on, mapped.new_products)


def clashes(proposal: Proposal, changes: Sequence[Change], approved: Sequence[Proposal]) -> list[Finding]:
    """Find approved proposals still to come that change the same."""
    mine = {target_of(change) for change in changes}
    return [
        Finding(
            "clash",
            ", ".join(sorted(mine & other.targets)),
            f"the approved proposal {other.title!r} changes the same on {other.in_force_at:%Y-%m-%d %H:%M} UTC",
            "make sure that the one which comes later is meant to win",
            "warning",
        )
        for other in approved
        if other.id != proposal.id and mine & other.targets
    ]


def read_phrases(folder: Path) -> dict[str, dict[str, list[str]]]:
    """Return the phrases of every intent of the pack in `folder`, by language."""
    problems: list[PackProblem] = []
    registry = packs.read_file(folder, "intents/intents.yaml", packs.Registry, problems)
    assert registry is not None, "the pack in force has intents"
    return packs.read_examples(folder, list(registry.intents), problems)


def _look(before: Path, changes: Sequence[Change], on: date, new_products: Sequence[str]) -> list[Finding]:
    """Lay the changes over the pack and look at what came out."""
    rules = read_guard(before, [])
    assert rules is not None, "the pack in force has rules"
    library = load_library(before)[0]
    try:
        with composed(before, [], (changes, on)) as after:
            check_reply = Guard(rules).check
            ground = Ground(
                library, load_library(after)[0], on, read_phrases(before), new_products, check_reply
            )
            problems = lint_everything(after, on)
            known = lint_everything(before, on) if problems else []
            return check_changes(changes, ground) + lint_findings(known, problems)
    except packs.PackRefused as refused:
        return lint_findings([], refused.problems)
