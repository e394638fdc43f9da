"""Checking what the flows of a pack ask of the bank: operations, arguments, identity levels, and the customer's yes."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from tellerline.bank.catalogue import KNOWN, OPERATIONS
from tellerline.domain.located import Path
from tellerline.domain.problem import PackProblem
from tellerline.flows import graph
from tellerline.flows.compute import FUNCTIONS, PROVIDED
from tellerline.flows.spec import Step
from tellerline.flows.subject import Rule, Subject, operation_of


def _operations_exist(subject: Subject) -> Iterator[PackProblem]:
    for index, step in subject.steps:
        for role, kind in (("lookup", "lookup"), ("prepare", "action"), ("do", "action")):
            name = getattr(step, role)
            if name is not None and (name not in KNOWN or KNOWN[name].kind != kind):
                known = ", ".join(sorted(o.name for o in KNOWN.values() if o.kind == kind))
                yield subject.problem(
                    ("steps", index, role), f"the bank has no {kind} {name!r}", f"use one of: {known}"
                )
        if step.compute is not None and step.compute not in FUNCTIONS.keys() | PROVIDED.keys():
            known = ", ".join(sorted(FUNCTIONS.keys() | PROVIDED.keys()))
            what = f"there is no calculation {step.compute!r}"
            yield subject.problem(("steps", index, "compute"), what, f"use one of: {known}")


def _arguments_fit(subject: Subject) -> Iterator[PackProblem]:
    for index, step in subject.steps:
        needed, possible = _parameters(step)
        if step.do is not None and not step.arguments:
            continue  # commits what `confirm` prepared
        given = step.arguments.keys()
        for name in sorted(needed - given):
            yield subject.problem(
                ("steps", index), f"{step.id!r} does not say {name!r}", f"add `{name}` under `with`"
            )
        for name in sorted(given - possible):
            remedy = f"use: {', '.join(sorted(possible)) or 'nothing'}"
            yield subject.problem(("steps", index, "with", name), f"{step.id!r} takes no {name!r}", remedy)


def _parameters(step: Step) -> tuple[frozenset[str], frozenset[str]]:
    """Return the arguments that `step` must have, and those it may have."""
    operation = operation_of(step)
    if operation is not None:
        needed = frozenset(operation.parameters)
        return needed, needed | frozenset(operation.optional)
    if step.compute in FUNCTIONS:
        parameters = inspect.signature(FUNCTIONS[step.compute]).parameters.values()
        needed = frozenset(p.name for p in parameters if p.default is p.empty)
        return needed, frozenset(p.name for p in parameters)
    if step.compute in PROVIDED:
        return frozenset(PROVIDED[step.compute]), frozenset(PROVIDED[step.compute])
    return frozenset(), frozenset(step.arguments)


def _results_are_kept(subject: Subject) -> Iterator[PackProblem]:
    seen: dict[str, str] = {}
    for index, step in subject.steps:
        at: Path = ("steps", index)
        if step.kind in ("lookup", "compute", "do") and not step.into:
            yield subject.problem(at, f"{step.id!r} keeps no result", "add `into:` with a name")
        elif step.into and (step.into in seen or step.into in subject.files.flow.slots):
            what = f"{step.into!r} already is {seen.get(step.into, 'a slot')}"
            yield subject.problem((*at, "into"), what, "give each result its own name")
        if step.into:
            seen[step.into] = f"the result of {step.id!r}"


def _levels_are_proven(subject: Subject) -> Iterator[PackProblem]:
    """An action above the customer's identity level cannot be reached."""
    for index, step in subject.steps:
        operation = operation_of(step)
        needed = operation.level.value if operation else 0
        if operation and needed and f"level:{needed}" not in subject.reached(step):
            what = f"{operation.name} needs identity level {needed}, which is not proven on every way to {step.id!r}"
            yield subject.problem(("steps", index), what, f"put `verify: {needed}` before it on every way")


def _actions_are_confirmed(subject: Subject) -> Iterator[PackProblem]:
    flow = subject.files.flow
    for index, step in subject.steps:
        at: Path = ("steps", index)
        if step.confirm is not None:
            commits = {other.id for other in flow.steps if other.do == step.prepare}
            if not step.prepare:
                yield subject.problem(
                    at, f"{step.id!r} reads nothing back", "name the action under `prepare`"
                )
            elif step.id not in graph.reaching(flow, commits):
                yield subject.problem(at, f"no `do: {step.prepare}` follows {step.id!r}", "add it")
        if step.do is not None:
            yield from _commit_is_allowed(subject, at, step)


def _commit_is_allowed(subject: Subject, at: Path, step: Step) -> Iterator[PackProblem]:
    operation = operation_of(step)
    if operation is None:
        return
    if step.arguments and not operation.protective:
        yield subject.problem(
            at, f"{operation.name} is done without a yes", "read it back with `confirm` first"
        )
    elif not step.arguments and f"confirmed:{step.do}" not in subject.reached(step):
        what = f"{operation.name} is not confirmed on every way to {step.id!r}"
        yield subject.problem(at, what, "put its `confirm` before it on every way")


def _money_asks_before_resuming(subject: Subject) -> Iterator[PackProblem]:
    flow = subject.files.flow
    moving = [step.do for step in flow.steps if step.do in OPERATIONS and OPERATIONS[step.do].money]
    if moving and flow.resume != "ask":
        what = f"{moving[0]} moves money, but the flow resumes by itself after an interruption"
        yield subject.problem(("flow",), what, "add `resume: ask`")


BANK_RULES: tuple[Rule, ...] = (
    _operations_exist,
    _arguments_fit,
    _results_are_kept,
    _levels_are_proven,
    _actions_are_confirmed,
    _money_asks_before_resuming,
)
