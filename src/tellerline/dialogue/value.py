"""What the values in a message are worth to the slots of a flow."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tellerline.domain.data import Record, Value
from tellerline.domain.reading import Entity, Reading
from tellerline.flows.spec import Flow, Slot

ENTITY_OF_SLOT: dict[str, tuple[str, ...]] = {
    "money": ("money", "number"),
    "number": ("number", "periods"),
    "periods": ("periods", "number"),
    "date": ("date",),
    "phone": ("phone",),
    "last_four": ("last_four",),
    "reference": ("reference",),
}
_NEGATED = re.compile(
    r"(不是|而不是|别转|别|不要|不用|从|\bnot|instead of|rather than|isn't)(\s+the)?\s*$", re.IGNORECASE
)


def value_of(entity: Entity, slot: Slot) -> Value:
    """Return what a slot of this type takes from the entity; a bare number is an amount in whole currency units."""
    if slot.type == "money" and entity.type == "number":
        return int(float(entity.value) * 100)
    if slot.type in ("periods", "number") and entity.type in ("number", "periods"):
        return int(float(entity.value))
    return entity.value


def slots_from(flow: Flow, entities: Sequence[Entity]) -> Record:
    """Take the slots of a flow that the message already answers. Choices wait until the bank has been asked."""
    slots: Record = {}
    for name, slot in flow.slots.items():
        wanted = ENTITY_OF_SLOT.get(slot.type, ())
        typed = wanted[:1] if slot.type == "money" else wanted
        entity = next((x for kind in typed for x in entities if x.type == kind), None)
        if entity is not None and not (slot.type in ("periods", "number") and entity.type == "number"):
            slots[name] = value_of(entity, slot)
    return slots


def meant(entities: Sequence[Entity], reading: Reading) -> Entity | None:
    """Return the first value that is not negated ("不是500，是800": 800)."""
    return next(iter(without_negated(entities, reading)), None)


def without_negated(entities: Sequence[Entity], reading: Reading) -> list[Entity]:
    """Return the values that are not said to be wrong ("不是第一个，是第二个": the second)."""
    return [
        entity
        for entity in entities
        if not _NEGATED.search(reading.text[max(0, entity.start - 16) : entity.start])
    ]
