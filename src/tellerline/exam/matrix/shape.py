"""What a flow's data offers, and so which dialogue cases can occur in it at all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tellerline.bank.catalogue import OPERATIONS
from tellerline.flows.graph import edges_of
from tellerline.flows.spec import Flow, Slot, Step

TYPED = ("money", "date", "number", "phone", "last_four", "periods")
"""Types of slots whose value is typed rather than chosen or told in one's own words."""


@dataclass(frozen=True)
class Shape:
    """A flow, looked at as the cases need it. Everything follows from `flow.yaml` and the catalogue of operations."""

    flow: Flow

    @cached_property
    def asks(self) -> list[str]:
        """Slots the flow has steps to ask for."""
        return list(dict.fromkeys(str(step.ask) for step in self.flow.steps if step.ask))

    @cached_property
    def actions(self) -> list[str]:
        """What the flow has the bank do; what the counter keeps itself is not among it."""
        return [
            name
            for name in dict.fromkeys(step.do for step in self.flow.steps if step.do)
            if name in OPERATIONS
        ]

    @cached_property
    def confirmed(self) -> list[str]:
        """What the flow reads back before it is done."""
        read = dict.fromkeys(str(step.prepare) for step in self.flow.steps if step.confirm)
        return [name for name in read if name in OPERATIONS]

    @cached_property
    def lookups(self) -> list[str]:
        """What the flow looks up."""
        looked_up = dict.fromkeys(step.lookup for step in self.flow.steps if step.lookup)
        return [name for name in looked_up if name in OPERATIONS]

    @cached_property
    def level(self) -> int:
        """The highest identity level the flow asks for."""
        return max((step.verify or 0 for step in self.flow.steps), default=0)

    @property
    def waits(self) -> bool:
        """Whether the customer is asked anything."""
        return bool(self.asks or self.confirmed or self.level)

    @property
    def moves_money(self) -> bool:
        """Whether an action moves the customer's money."""
        return any(OPERATIONS[action].money for action in self.actions)

    @property
    def looks_for_scams(self) -> bool:
        """Whether the flow is about harm, so that an alarm in it is no false one."""
        return self.hears_of_scams or self.flow.emergency

    @property
    def hears_of_scams(self) -> bool:
        """Whether a report of a scam begins the flow, which is acted on before anything else in the message."""
        return any(step.handover and step.handover.reason == "scam" for step in self.flow.steps)

    def slots(self, *types: str) -> list[str]:
        """Return the asked slots of some types."""
        return [name for name in self.asks if self.flow.slots[name].type in types]

    def slot(self, name: str) -> Slot:
        """Return a slot."""
        return self.flow.slots[name]

    @cached_property
    def listed(self) -> list[str]:
        """Asked slots that are chosen from what the bank lists."""
        return [name for name in self.asks if self.flow.slots[name].choices]

    @cached_property
    def pickable(self) -> list[str]:
        """Asked slots that are chosen from several things."""
        return [
            name
            for name in self.asks
            if self.flow.slots[name].choices or len(self.flow.slots[name].options) > 1
        ]

    @cached_property
    def told_ahead(self) -> list[str]:
        """Asked slots whose values can come with the request."""
        return [name for name in self.asks if self.flow.slots[name].type in (*TYPED, "payee")]

    @cached_property
    def checked(self) -> list[str]:
        """Asked slots with a rule of their own for what can be taken."""
        return [name for name in self.asks if self.flow.slots[name].check]

    def correctable(self, name: str) -> bool:
        """Whether something is asked or read back after the slot, so that its value can still be corrected."""
        step = next(step for step in self.flow.steps if step.ask == name)
        return self._waits_after(step)

    def _waits_after(self, step: Step) -> bool:
        ways: dict[str, set[str]] = {}
        for edge in edges_of(self.flow):
            ways.setdefault(edge.source, set()).add(edge.target)
        seen: set[str] = set()
        work = list(ways.get(step.id, ()))
        while work:
            here = work.pop()
            if not here or here in seen:
                continue
            seen.add(here)
            if self.flow.step(here).kind in ("ask", "verify", "confirm"):
                return True
            work += ways.get(here, ())
        return False
