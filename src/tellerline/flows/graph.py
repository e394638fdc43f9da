"""What is certain at each step of a flow: what has happened on every path that leads to it.

Certainties are short strings: `level:2` (identity proven), `value:card` (known), `did:card.freeze` (committed),
`confirmed:transfer.send` (the customer said yes), `case` (a case is open).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import nodes

from tellerline.flows.expression import parse_expression, root_of
from tellerline.flows.spec import Flow, Step

END = ""  # where a flow leaves
LEVEL_MAX = 3
Certain = frozenset[str]
NOTHING: Certain = frozenset()
WAITING = ("ask", "verify", "confirm")
"""Kinds of steps at which the customer has the word; a loop without one of them never comes to rest."""


@dataclass(frozen=True)
class Edge:
    """A way from one step to another, and what going it makes certain."""

    source: str
    target: str
    gained: Certain = NOTHING


def edges_of(flow: Flow) -> list[Edge]:
    """Return every way between the steps of `flow`; ways to steps that do not exist are left out."""
    known = {step.id for step in flow.steps} | {END}
    return [edge for step in flow.steps for edge in _ways(flow, step) if edge.target in known]


def targets_of(step: Step) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the steps that `step` names, each with its place inside the step."""
    if step.next:
        yield ("next",), step.next
    for failure, target in step.on.items():
        yield ("on", failure), target
    for index, way in enumerate(step.branch or []):
        yield ("branch", index, "go"), way.go


def _ways(flow: Flow, step: Step) -> Iterator[Edge]:
    if step.kind in ("end", "handover"):
        yield Edge(step.id, END)
        return
    if step.branch is not None:
        yield from _branches(flow, step)
        return
    yield Edge(step.id, flow.after(step), _gained(flow, step))
    for failure, target in step.on.items():
        yield Edge(step.id, target, frozenset({"value:terms"}) if failure == "denied" else NOTHING)


def _branches(flow: Flow, step: Step) -> Iterator[Edge]:
    passed: Certain = NOTHING
    for way in step.branch or []:
        if not way.when:
            yield Edge(step.id, way.go, passed)
            return
        condition = parse_expression(way.when)
        yield Edge(step.id, way.go, passed | implied(condition))
        passed |= implied(condition, holds=False)
    yield Edge(step.id, flow.after(step), passed)


def _gained(flow: Flow, step: Step) -> Certain:
    """Return what is certain once `step` has succeeded."""
    gained: set[str] = {f"value:{step.into}"} if step.into else set()
    if step.ask is not None and step.ask in flow.slots and not flow.slots[step.ask].skippable:
        gained.add(f"value:{step.ask}")
    if step.verify is not None:
        gained |= _levels(step.verify)
    if step.confirm is not None:
        gained |= {f"confirmed:{step.prepare}", "value:terms"}
    if step.do is not None:
        gained |= {f"did:{step.do}", *(["value:terms"] if step.arguments else [])}
    if step.promise is not None:
        gained |= {"case", f"value:{step.promise.into}"}
    return frozenset(gained)


def _levels(level: int) -> Certain:
    return frozenset(f"level:{reached}" for reached in range(1, min(level, LEVEL_MAX) + 1))


def certainties(flow: Flow) -> dict[str, Certain]:
    """Return what is certain on entering each step that can be reached, and at END."""
    edges = edges_of(flow)
    leaving: dict[str, list[Edge]] = {}
    for edge in edges:
        leaving.setdefault(edge.source, []).append(edge)
    found: dict[str, Certain] = {flow.steps[0].id: NOTHING}
    work = [flow.steps[0].id]
    while work:
        step = work.pop()
        for edge in leaving.get(step, []):
            arriving = found[step] | edge.gained
            before = found.get(edge.target)
            now = arriving if before is None else before & arriving
            if now != before:
                found[edge.target] = now
                work.append(edge.target)
    return found


def reaching(flow: Flow, targets: set[str]) -> set[str]:
    """Return the steps from which one of `targets` can be reached, themselves included."""
    found = set(targets)
    edges = edges_of(flow)
    while True:
        more = {edge.source for edge in edges if edge.target in found} - found
        if not more:
            return found
        found |= more


def restless(flow: Flow) -> set[str]:
    """Return steps on a loop in which the customer is never asked anything."""
    edges: dict[str, set[str]] = {}
    for edge in edges_of(flow):
        if edge.target != END and flow.step(edge.source).kind not in WAITING:
            edges.setdefault(edge.source, set()).add(edge.target)

    def comes_back(start: str) -> bool:
        seen: set[str] = set()
        work = list(edges.get(start, ()))
        while work:
            step = work.pop()
            if step == start:
                return True
            if step not in seen:
                seen.add(step)
                work += edges.get(step, ())
        return False

    return {step for step in edges if comes_back(step)}


# --- what a condition makes certain


def implied(condition: nodes.Expr, *, holds: bool = True) -> Certain:
    """Return what is certain when `condition` holds, or when it does not."""
    match condition:
        case nodes.Not():
            return implied(condition.node, holds=not holds)
        case nodes.And() if holds:
            return implied(condition.left) | implied(condition.right)
        case nodes.Or() if not holds:
            return implied(condition.left, holds=False) | implied(condition.right, holds=False)
        case nodes.Compare():
            return _implied_by_comparison(condition, holds)
        case nodes.Test(name="defined") if holds:
            return _value(condition.node)
        case nodes.Name() | nodes.Getattr() if holds:
            return _value(condition)
    return NOTHING


_AT_LEAST = {("gteq", True): 0, ("eq", True): 0, ("gt", True): 1, ("lt", False): 0, ("lteq", False): 1}


def _implied_by_comparison(condition: nodes.Compare, holds: bool) -> Certain:
    operand = condition.ops[0]
    if (
        len(condition.ops) == 1
        and isinstance(operand.expr, nodes.Const)
        and root_of(condition.expr) == "level"
    ):
        above = _AT_LEAST.get((operand.op, holds))
        return NOTHING if above is None else _levels(int(operand.expr.value) + above)
    positive = operand.op not in ("ne", "notin")
    return _value(condition.expr) if holds and positive else NOTHING


def _value(expression: nodes.Node) -> Certain:
    """Something true, or equal to something, is known."""
    root = root_of(expression)
    return frozenset({f"value:{root}"}) if root else NOTHING
