"""Reading and checking a pack's rules for cases: every kind that a flow opens is known, and so is whoever owns it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from tellerline.cases.rules import CaseRules
from tellerline.domain.located import LocatedYaml
from tellerline.domain.problem import PackProblem
from tellerline.flows.load import FlowFiles

CASES = "rules/cases.yaml"


def read_cases(folder: Path, problems: list[PackProblem]) -> CaseRules | None:
    """Read the rules for cases; None, and a problem, when they cannot be read or are not there."""
    path = folder / CASES
    if not path.is_file():
        problems.append(
            PackProblem(CASES, 0, "there is no such file", "name the kinds of cases and their owners")
        )
        return None
    source = LocatedYaml(CASES, path.read_text(encoding="utf-8"))
    raw = source.parse(problems)
    return source.convert(raw, CaseRules, problems) if raw is not None else None


def lint_cases(folder: Path, flows: Mapping[str, FlowFiles]) -> list[PackProblem]:
    """Return what does not fit between the rules for cases, the calendars and the flows."""
    problems: list[PackProblem] = []
    rules = read_cases(folder, problems)
    if rules is None:
        return problems
    calendars = {path.stem for path in (folder / "calendar").glob("*.yaml")}
    for name, rule in rules.kinds.items():
        if rule.escalates_to not in rules.owners:
            what = f"{name} goes to {rule.escalates_to!r}, which is no owner"
            problems.append(PackProblem(CASES, 0, what, "name it under `owners`"))
        if rule.calendar and rule.calendar not in calendars:
            what = f"{name} keeps the calendar {rule.calendar!r}, which does not exist"
            problems.append(PackProblem(CASES, 0, what, f"use one of: {', '.join(sorted(calendars))}"))
    for files in flows.values():
        problems += _promises_are_known(files, rules)
    return problems


def _promises_are_known(files: FlowFiles, rules: CaseRules) -> Iterator[PackProblem]:
    for index, step in enumerate(files.flow.steps):
        promise = step.promise
        if promise is None:
            continue
        if promise.kind not in rules.kinds:
            what = f"there is no kind of case {promise.kind!r}"
            yield files.yaml.problem(("steps", index, "promise", "kind"), what, f"add it to {CASES}")
        if promise.owner not in rules.owners:
            what = f"nobody is called {promise.owner!r}"
            yield files.yaml.problem(("steps", index, "promise", "owner"), what, f"add it to {CASES}")
