"""What was seen in one step of a conversation: its part of the record, and where everything stood before and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TypeVar

from tellerline.dialogue.tracker import Ended, Tracker, fold
from tellerline.domain import event as e
from tellerline.domain.citation import Source
from tellerline.domain.data import Record, Value
from tellerline.domain.remembered import Remembered
from tellerline.flows.frame import Frame

B = TypeVar("B")


class Scene:
    """One step. `record` is the conversation from its beginning, `start` the sequence before the step's first event.

    books: the bank's own state of the customer after the step, or {} for a stranger. remembered: what the counter then
    remembers of the customer, the newest first.
    """

    def __init__(
        self,
        record: Sequence[e.Event],
        start: int,
        books: Record,
        remembered: Sequence[Remembered] = (),
    ) -> None:
        self.record = record
        self.events = [event for event in record if event.sequence > start]
        self.books = books
        self.remembered = remembered

    @cached_property
    def tracker(self) -> Tracker:
        """The conversation after the step, folded from the record."""
        tracker = Tracker()
        for event in self.record:
            fold(tracker, event)
        return tracker

    def bodies(self, kind: type[B]) -> list[B]:
        """Return the events of one kind in this step."""
        return [event.body for event in self.events if isinstance(event.body, kind)]

    def all_bodies(self, kind: type[B]) -> list[B]:
        """Return the events of one kind from the conversation's beginning on."""
        return [event.body for event in self.record if isinstance(event.body, kind)]

    @property
    def kinds(self) -> list[str]:
        """The kinds of this step's events, in order."""
        return [e.kind_of(event.body) for event in self.events]

    @property
    def messages(self) -> list[e.MessageSent]:
        """What the assistant, or the bank in its own name, said in this step."""
        return [body for body in self.bodies(e.MessageSent) if body.author != "representative"]

    @property
    def text(self) -> str:
        """All that the assistant said in this step."""
        return "\n\n".join(message.text for message in self.messages)

    @property
    def sources(self) -> list[Source]:
        """The evidence of all messages of this step."""
        return [source for message in self.messages for source in message.sources]

    @property
    def outcomes(self) -> dict[str, str]:
        """How each flow that ended in this conversation ended, the last time it did."""
        flows = {body.frame: body.flow for body in self.all_bodies(e.FlowStarted)}
        return {flows[body.frame]: body.outcome for body in self.all_bodies(e.FlowEnded)}

    def _holders(self) -> Iterator[Ended | Frame]:
        """Yield what holds the values of flows, the running one first, then the others, newest first."""
        yield from reversed(self.tracker.stack)
        yield from reversed(self.tracker.ended)

    def values(self) -> Record:
        """Return the values of every flow remembered, by flow: what `{{ … }}` may name."""
        found: Record = {}
        for holder in self._holders():
            found.setdefault(holder.flow, holder.values)
        return found

    def value(self, path: str) -> Value:
        """Return the value at `flow.slot.field…`; None where there is none."""
        return value_at(self.values(), path)


def value_at(root: Value, path: str) -> Value:
    """Return what stands at a dotted path of records and lists; None where there is nothing."""
    for step in path.split("."):
        if isinstance(root, dict):
            root = root.get(step)
        elif isinstance(root, list) and step.isdigit() and int(step) < len(root):
            root = root[int(step)]
        else:
            return None
    return root
