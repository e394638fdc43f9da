"""Checking the procedures of a pack before anybody meets them.

Every rule looks at one flow and reports problems with their line. What is certain at a step comes from `graph`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from tellerline.bank.contract import OPERATIONS, Operation
from tellerline.domain.located import Path
from tellerline.domain.problem import PackProblem
from tellerline.flows import graph
from tellerline.flows.compute import FUNCTIONS, PROVIDED, RETURNS
from tellerline.flows.expression import Fields, names_in, syntax_error, uses_of
from tellerline.flows.load import FlowFiles
from tellerline.flows.spec import FAILURES, Slot, Step

GLOBALS = frozenset({
    "level", "language", "today", "facts", "emotion", "channel", "bank", "intent", "clue", "flow_title",
})  # fmt: skip
CLUES = frozenset({
    "text", "last_four", "name", "ordinal", "merchant", "money", "date", "until", "product", "place",
})  # fmt: skip
CASE = frozenset({"number", "due_at", "kind"})
_ONLY_FOR = {"empty": ("ask",), "skipped": ("ask",), "denied": ("confirm",)}


@dataclass
class Subject:
    """A flow under the eyes of the linter."""

    files: FlowFiles

    @cached_property
    def certain(self) -> dict[str, graph.Certain]:
        """What is certain on entering each step that can be reached."""
        return graph.certainties(self.files.flow)

    @cached_property
    def forms(self) -> dict[str, Fields]:
        """Fields of the values whose form is known."""
        return _forms(self)

    @property
    def steps(self) -> Iterator[tuple[int, Step]]:
        """The steps with their positions."""
        return enumerate(self.files.flow.steps)

    def reached(self, step: Step) -> graph.Certain:
        """Return what is certain at `step`; everything when it cannot be reached, which is a problem of its own."""
        return self.certain.get(step.id, _Everything())

    def problem(self, at: Path, what: str, remedy: str) -> PackProblem:
        """Report the value at `at` of flow.yaml."""
        return self.files.yaml.problem(at, what, remedy)


class _Everything(frozenset[str]):
    """Certain of anything: what is never reached never goes wrong."""

    def __contains__(self, item: object) -> bool:
        return True


Rule = Callable[[Subject], Iterator[PackProblem]]


def lint_flow(files: FlowFiles) -> list[PackProblem]:
    """Return what is wrong with the steps and slots of one flow; its texts are the business of `copy_lint`."""
    subject = Subject(files)
    syntax = list(_expressions_can_be_read(subject))
    if syntax:
        return syntax  # every other rule looks into the expressions
    return [problem for rule in RULES for problem in rule(subject)]


# --- expressions


def expressions_of(subject: Subject) -> Iterator[tuple[Path, str]]:
    """Yield every expression of a flow with its place."""
    flow = subject.files.flow
    for name, slot in flow.slots.items():
        if slot.choices:
            yield ("slots", name, "choices"), slot.choices
        if slot.default:
            yield ("slots", name, "default"), slot.default
        for index, check in enumerate(slot.check):
            yield ("slots", name, "check", index, "bad"), check.bad
    for index, step in subject.steps:
        for argument, source in step.arguments.items():
            yield ("steps", index, "with", argument), source
        for position, way in enumerate(step.branch or []):
            if way.when:
                yield ("steps", index, "branch", position, "when"), way.when
        if step.promise is not None:
            for unit in ("minutes", "hours", "days", "business_days"):
                amount = getattr(step.promise.due, unit)
                if isinstance(amount, str):
                    yield ("steps", index, "promise", "due", unit), amount
    if flow.offer_when:
        yield ("offer_when",), flow.offer_when


def _expressions_can_be_read(subject: Subject) -> Iterator[PackProblem]:
    for at, source in expressions_of(subject):
        wrong = syntax_error(source, expression=True)
        if wrong:
            yield subject.problem(at, f"cannot be read: {wrong}", "write an expression, such as `amount > 0`")


def _names_are_known(subject: Subject) -> Iterator[PackProblem]:
    known = GLOBALS | known_values(subject)
    for at, source in expressions_of(subject):
        for name in sorted(names_in(source, expression=True) - known):
            yield subject.problem(at, f"nothing is called {name!r}", "name a slot, an `into` or a variable of the guide")
        for name, attribute in uses_of(source, subject.forms, expression=True).wrong:
            remedy = f"use one of: {', '.join(sorted(subject.forms[name]))}"
            yield subject.problem(at, f"{name} has no field {attribute!r}", remedy)


def known_values(subject: Subject) -> frozenset[str]:
    """Return the names of all values a flow can come to know."""
    flow = subject.files.flow
    into = {step.into for step in flow.steps if step.into}
    cases = {step.promise.into for step in flow.steps if step.promise is not None}
    return frozenset({*flow.slots, *into, *cases, "terms", "reference"})


def _forms(subject: Subject) -> dict[str, Fields]:
    flow = subject.files.flow
    forms: dict[str, Fields] = {"clue": CLUES}
    terms: set[str] = set()
    for step in flow.steps:
        operation = operation_of(step)
        if step.into and operation is not None:
            forms[step.into] = frozenset(operation.returns)
        elif step.compute in RETURNS:
            forms[step.into] = frozenset(RETURNS[step.compute])
        if step.promise is not None:
            forms[step.promise.into] = CASE
        if operation is not None and operation.kind == "action":
            terms |= set(operation.terms)
    forms["terms"] = frozenset(terms)
    lists = {step.into for step in flow.steps if (found := operation_of(step)) is not None and found.many}
    for name, slot in flow.slots.items():
        used = names_in(slot.choices, expression=True) if slot.choices else frozenset()
        rows = used & lists or used & forms.keys()
        if rows:
            forms[name] = frozenset().union(*(forms[source] for source in rows))
    return forms


def operation_of(step: Step) -> Operation | None:
    """Return the bank's operation that `step` uses, if it is in the catalogue."""
    return OPERATIONS.get(step.lookup or step.prepare or step.do or "")


# --- ways


def _targets_exist(subject: Subject) -> Iterator[PackProblem]:
    known = {step.id for step in subject.files.flow.steps}
    for index, step in subject.steps:
        for inside, target in graph.targets_of(step):
            if target not in known:
                at: Path = ("steps", index, *inside)
                yield subject.problem(at, f"there is no step {target!r}", "name the id of a step of this flow")


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
            yield subject.problem(at, f"no way from step {step.id!r} ends", "give it a way to `end` or `handover`")
        elif step.id in restless:
            yield subject.problem(at, f"step {step.id!r} is on a loop that asks nothing", "put an `ask` into the loop")


def _outputs_stand_above(subject: Subject) -> Iterator[PackProblem]:
    """A correction goes back to where the slot is asked and forgets what stands below it in the file."""
    for index, step in subject.steps:
        if step.ask is None:
            continue
        for later in subject.files.flow.steps[index + 1 :]:
            if later.into and f"value:{later.into}" in subject.certain.get(step.id, graph.NOTHING):
                what = f"{later.id!r}, which comes before {step.id!r}, stands below it"
                yield subject.problem(("steps", index, "id"), what, "write steps in the order in which they are taken")


# --- slots


def _slots_are_complete(subject: Subject) -> Iterator[PackProblem]:
    flow = subject.files.flow
    asked = {step.ask for step in flow.steps}
    for index, step in subject.steps:
        if step.ask is not None and step.ask not in flow.slots:
            yield subject.problem(("steps", index, "ask"), f"there is no slot {step.ask!r}", "declare it under `slots`")
    for name, slot in flow.slots.items():
        at: Path = ("slots", name)
        if name not in asked:
            yield subject.problem(at, f"slot {name!r} is never asked", "add an `ask` step, or remove the slot")
        for role in ("explain", "why"):
            if not getattr(slot, role):
                yield subject.problem(at, f"slot {name!r} has no `{role}`", f"add `{role}:` with a copy key")
        yield from _choices_make_sense(subject, at, slot)


def _choices_make_sense(subject: Subject, at: Path, slot: Slot) -> Iterator[PackProblem]:
    if slot.choices and slot.options:
        yield subject.problem(at, "has both `choices` and `options`", "keep one of them")
    if slot.type in ("choice", "payee") and not (slot.choices or slot.options):
        yield subject.problem(at, f"a {slot.type} needs something to choose from", "add `choices` or `options`")


# --- the bank


def _operations_exist(subject: Subject) -> Iterator[PackProblem]:
    for index, step in subject.steps:
        for role, kind in (("lookup", "lookup"), ("prepare", "action"), ("do", "action")):
            name = getattr(step, role)
            if name is not None and (name not in OPERATIONS or OPERATIONS[name].kind != kind):
                known = ", ".join(sorted(o.name for o in OPERATIONS.values() if o.kind == kind))
                yield subject.problem(("steps", index, role), f"the bank has no {kind} {name!r}", f"use one of: {known}")
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
            yield subject.problem(("steps", index), f"{step.id!r} does not say {name!r}", f"add `{name}` under `with`")
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
                yield subject.problem(at, f"{step.id!r} reads nothing back", "name the action under `prepare`")
            elif step.id not in graph.reaching(flow, commits):
                yield subject.problem(at, f"no `do: {step.prepare}` follows {step.id!r}", "add it")
        if step.do is not None:
            yield from _commit_is_allowed(subject, at, step)


def _commit_is_allowed(subject: Subject, at: Path, step: Step) -> Iterator[PackProblem]:
    operation = operation_of(step)
    if operation is None:
        return
    if step.arguments and not operation.protective:
        yield subject.problem(at, f"{operation.name} is done without a yes", "read it back with `confirm` first")
    elif not step.arguments and f"confirmed:{step.do}" not in subject.reached(step):
        what = f"{operation.name} is not confirmed on every way to {step.id!r}"
        yield subject.problem(at, what, "put its `confirm` before it on every way")


def _money_asks_before_resuming(subject: Subject) -> Iterator[PackProblem]:
    flow = subject.files.flow
    moving = [step.do for step in flow.steps if step.do in OPERATIONS and OPERATIONS[step.do].money]
    if moving and flow.resume != "ask":
        what = f"{moving[0]} moves money, but the flow resumes by itself after an interruption"
        yield subject.problem(("flow",), what, "add `resume: ask`")


def _failures_can_happen(subject: Subject) -> Iterator[PackProblem]:
    for index, step in subject.steps:
        for failure in step.on:
            allowed = _ONLY_FOR.get(failure, ("lookup", "confirm", "do") if failure in FAILURES else None)
            kinds = allowed or ("lookup", "confirm", "do")
            if step.kind not in kinds:
                what = f"a step that is `{step.kind}` cannot fail as {failure!r}"
                yield subject.problem(("steps", index, "on", failure), what, f"only {' and '.join(kinds)} can")


RULES: tuple[Rule, ...] = (
    _names_are_known, _targets_exist, _steps_are_reached, _paths_end, _outputs_stand_above, _slots_are_complete,
    _operations_exist, _arguments_fit, _results_are_kept, _levels_are_proven, _actions_are_confirmed,
    _money_asks_before_resuming, _failures_can_happen,
)  # fmt: skip


def lint_between(flows: Mapping[str, FlowFiles]) -> list[PackProblem]:
    """Return what is wrong between flows: an offer of a flow that does not exist, an intent claimed twice."""
    problems: list[PackProblem] = []
    owner: dict[str, str] = {}
    for name, files in flows.items():
        flow = files.flow
        if flow.offer and flow.offer not in flows:
            problems.append(files.yaml.problem(("offer",), f"there is no flow {flow.offer!r}", "offer one that exists"))
        elif flow.offer and not flows[flow.offer].flow.intents:
            problems.append(files.yaml.problem(("offer",), f"{flow.offer!r} has no intent", "offer one that has"))
        for index, intent in enumerate(flow.intents):
            if intent in owner:
                what = f"intent {intent!r} already starts {owner[intent]!r}"
                problems.append(files.yaml.problem(("intents", index), what, "let one flow answer it"))
            owner[intent] = name
    return problems
