"""Checking the procedures of a pack before anybody meets them.

Every rule looks at one flow and reports problems with their line. What is certain at a step comes from `graph`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tellerline.domain.located import Path
from tellerline.domain.problem import PackProblem
from tellerline.flows import graph
from tellerline.flows.bank_lint import BANK_RULES
from tellerline.flows.expression import names_in, syntax_error, uses_of
from tellerline.flows.load import FlowFiles
from tellerline.flows.spec import FAILURES, Slot
from tellerline.flows.subject import GLOBALS, Rule, Subject, expressions_of, known_values

_ONLY_FOR = {"empty": ("ask",), "skipped": ("ask",), "denied": ("confirm",)}


def lint_flow(files: FlowFiles) -> list[PackProblem]:
    """Return what is wrong with the steps and slots of one flow; its texts are the business of `copy_lint`."""
    subject = Subject(files)
    syntax = list(_expressions_can_be_read(subject))
    if syntax:
        return syntax  # every other rule looks into the expressions
    return [problem for rule in RULES for problem in rule(subject)]


def _expressions_can_be_read(subject: Subject) -> Iterator[PackProblem]:
    for at, source in expressions_of(subject):
        wrong = syntax_error(source, expression=True)
        if wrong:
            yield subject.problem(at, f"cannot be read: {wrong}", "write an expression, such as `amount > 0`")


def _names_are_known(subject: Subject) -> Iterator[PackProblem]:
    known = GLOBALS | known_values(subject)
    for at, source in expressions_of(subject):
        for name in sorted(names_in(source, expression=True) - known):
            yield subject.problem(
                at, f"nothing is called {name!r}", "name a slot, an `into` or a variable of the guide"
            )
        for name, attribute in uses_of(source, subject.forms, expression=True).wrong:
            remedy = f"use one of: {', '.join(sorted(subject.forms[name]))}"
            yield subject.problem(at, f"{name} has no field {attribute!r}", remedy)


# --- ways


def _targets_exist(subject: Subject) -> Iterator[PackProblem]:
    known = {step.id for step in subject.files.flow.steps}
    for index, step in subject.steps:
        for inside, target in graph.targets_of(step):
            if target not in known:
                at: Path = ("steps", index, *inside)
                yield subject.problem(
                    at, f"there is no step {target!r}", "name the id of a step of this flow"
                )


def _steps_are_reached(subject: Subject) -> Iterator[PackProblem]:
    for index, step in subject.steps:
        if step.id not in subject.certain:
            remedy = "lead a `next`, `on` or `branch` to it, or remove it"
            yield subject.problem(("steps", index, "id"), f"step {step.id!r} is never reached", remedy)


def _paths_end(subject: Subject) -> Iterator[PackProblem]:
    ending = graph.reaching(subject.files.flow, {graph.END})
    restless = graph.restless(subject.files.flow)
    for index, step in subject.steps:
        at: Path = ("steps", index, "id")
        if step.id not in ending:
            yield subject.problem(
                at, f"no way from step {step.id!r} ends", "give it a way to `end` or `handover`"
            )
        elif step.id in restless:
            yield subject.problem(
                at, f"step {step.id!r} is on a loop that asks nothing", "put an `ask` into the loop"
            )


def _outputs_stand_above(subject: Subject) -> Iterator[PackProblem]:
    """A correction goes back to where the slot is asked and forgets what stands below it in the file."""
    for index, step in subject.steps:
        if step.ask is None:
            continue
        for later in subject.files.flow.steps[index + 1 :]:
            if later.into and f"value:{later.into}" in subject.certain.get(step.id, graph.NOTHING):
                what = f"{later.id!r}, which comes before {step.id!r}, stands below it"
                yield subject.problem(
                    ("steps", index, "id"), what, "write steps in the order in which they are taken"
                )


# --- slots


def _slots_are_complete(subject: Subject) -> Iterator[PackProblem]:
    flow = subject.files.flow
    asked = {step.ask for step in flow.steps}
    for index, step in subject.steps:
        if step.ask is not None and step.ask not in flow.slots:
            yield subject.problem(
                ("steps", index, "ask"), f"there is no slot {step.ask!r}", "declare it under `slots`"
            )
    for name, slot in flow.slots.items():
        at: Path = ("slots", name)
        if name not in asked:
            yield subject.problem(
                at, f"slot {name!r} is never asked", "add an `ask` step, or remove the slot"
            )
        for role in ("explain", "why"):
            if not getattr(slot, role):
                yield subject.problem(at, f"slot {name!r} has no `{role}`", f"add `{role}:` with a copy key")
        yield from _choices_make_sense(subject, at, slot)


def _choices_make_sense(subject: Subject, at: Path, slot: Slot) -> Iterator[PackProblem]:
    if slot.choices and slot.options:
        yield subject.problem(at, "has both `choices` and `options`", "keep one of them")
    if slot.type in ("choice", "payee") and not (slot.choices or slot.options):
        yield subject.problem(
            at, f"a {slot.type} needs something to choose from", "add `choices` or `options`"
        )


def _failures_can_happen(subject: Subject) -> Iterator[PackProblem]:
    for index, step in subject.steps:
        for failure in step.on:
            allowed = _ONLY_FOR.get(failure, ("lookup", "confirm", "do") if failure in FAILURES else None)
            kinds = allowed or ("lookup", "confirm", "do")
            if step.kind not in kinds:
                what = f"a step that is `{step.kind}` cannot fail as {failure!r}"
                yield subject.problem(
                    ("steps", index, "on", failure), what, f"only {' and '.join(kinds)} can"
                )


RULES: tuple[Rule, ...] = (
    _names_are_known, _targets_exist, _steps_are_reached, _paths_end, _outputs_stand_above, _slots_are_complete,
    _failures_can_happen, *BANK_RULES,
)  # fmt: skip


def lint_between(flows: Mapping[str, FlowFiles]) -> list[PackProblem]:
    """Return what is wrong between flows: an offer of a flow that does not exist, an intent claimed twice."""
    problems: list[PackProblem] = []
    owner: dict[str, str] = {}
    for name, files in flows.items():
        flow = files.flow
        if flow.offer and flow.offer not in flows:
            problems.append(
                files.yaml.problem(("offer",), f"there is no flow {flow.offer!r}", "offer one that exists")
            )
        elif flow.offer and not flows[flow.offer].flow.intents:
            problems.append(
                files.yaml.problem(("offer",), f"{flow.offer!r} has no intent", "offer one that has")
            )
        for index, intent in enumerate(flow.intents):
            if intent in owner:
                what = f"intent {intent!r} already starts {owner[intent]!r}"
                problems.append(files.yaml.problem(("intents", index), what, "let one flow answer it"))
            owner[intent] = name
    return problems
