"""A flow under the eyes of the linter: its files, what is certain at its steps, and the form of its values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from tellerline.bank.catalogue import KNOWN, Operation
from tellerline.domain.located import Path
from tellerline.domain.problem import PackProblem
from tellerline.flows import graph
from tellerline.flows.compute import RETURNS, SELECTS
from tellerline.flows.expression import Fields, names_in
from tellerline.flows.load import FlowFiles
from tellerline.flows.spec import Step

GLOBALS = frozenset({
    "level", "language", "today", "facts", "emotion", "channel", "bank", "intent", "clue", "flow_title",
    "vulnerable", "for_another", "legal",
})  # fmt: skip
CLUES = frozenset({
    "text", "last_four", "name", "ordinal", "merchant", "money", "date", "until", "product", "place", "currency",
})  # fmt: skip
CASE = frozenset({"number", "due_at", "kind"})


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


def expressions_of(subject: Subject) -> Iterator[tuple[Path, str]]:
    """Yield every expression of a flow with its place."""
    yield from _of_slots(subject)
    for index, step in subject.steps:
        for inside, source in _of_step(step):
            yield ("steps", index, *inside), source
    if subject.files.flow.offer_when:
        yield ("offer_when",), subject.files.flow.offer_when


def _of_slots(subject: Subject) -> Iterator[tuple[Path, str]]:
    for name, slot in subject.files.flow.slots.items():
        if slot.choices:
            yield ("slots", name, "choices"), slot.choices
        if slot.whole:
            yield ("slots", name, "whole"), slot.whole
        if slot.default:
            yield ("slots", name, "default"), slot.default
        for index, check in enumerate(slot.check):
            yield ("slots", name, "check", index, "bad"), check.bad


def _of_step(step: Step) -> Iterator[tuple[Path, str]]:
    for argument, source in step.arguments.items():
        yield ("with", argument), source
    for position, way in enumerate(step.branch or []):
        if way.when:
            yield ("branch", position, "when"), way.when
    if step.promise is not None:
        for unit in ("minutes", "hours", "days", "business_days", "on"):
            amount = getattr(step.promise.due, unit)
            if isinstance(amount, str) and amount:
                yield ("promise", "due", unit), amount
        if step.promise.number:
            yield ("promise", "number"), step.promise.number


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
        elif step.compute in SELECTS and step.arguments.get("rows") in forms:
            forms[step.into] = forms[step.arguments["rows"]]
        if step.promise is not None:
            forms[step.promise.into] = CASE
        if operation is not None and operation.kind == "action":
            terms |= set(operation.terms)
    forms["terms"] = frozenset(terms)
    lists = {step.into for step in flow.steps if (found := operation_of(step)) is not None and found.many}
    lists |= {step.into for step in flow.steps if step.compute in SELECTS}
    for name, slot in flow.slots.items():
        used = names_in(slot.choices, expression=True) if slot.choices else frozenset()
        rows = used & lists or used & forms.keys()
        if rows:
            forms[name] = frozenset().union(*(forms[source] for source in rows))
    return forms


def operation_of(step: Step) -> Operation | None:
    """Return the bank's operation that `step` uses, if it is in the catalogue."""
    return KNOWN.get(step.lookup or step.prepare or step.do or "")
