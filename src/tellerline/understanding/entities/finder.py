"""All entities of a message: each finder in turn, the surer claiming the text before the vaguer."""

from __future__ import annotations

from collections.abc import Iterable

from tellerline.domain.language import Text
from tellerline.domain.reading import Context, Entity
from tellerline.understanding.entities.bare import is_bare, read_bare
from tellerline.understanding.entities.calendar import WorkingDays
from tellerline.understanding.entities.dates import find_dates
from tellerline.understanding.entities.last_four import find_last_four
from tellerline.understanding.entities.merchants import find_merchants
from tellerline.understanding.entities.money import find_money
from tellerline.understanding.entities.names import find_names
from tellerline.understanding.entities.numeral import Number, find_numbers
from tellerline.understanding.entities.ordinals import find_ordinals
from tellerline.understanding.entities.periods import find_periods
from tellerline.understanding.entities.phone import find_phones
from tellerline.understanding.entities.places import Places
from tellerline.understanding.entities.products import find_products
from tellerline.understanding.entities.reference import find_references
from tellerline.understanding.shadow import TOKEN


class EntityFinder:
    """Finds entities with the places and working days of one bank."""

    def __init__(self, places: Iterable[Text] = (), working: WorkingDays | None = None) -> None:
        self._places = Places(places)
        self._working = working or WorkingDays()

    def find(self, text: str, context: Context) -> list[Entity]:
        """Return the entities of a normalised text, in order of their start, the surer of two in one place first."""
        figures = self._figures(text, context)
        products = list(find_products(text))
        places = list(self._places.find(text))
        claimed = _Claimed([*figures, *products, *places])
        names = [
            entity
            for entity in find_names(text, context.names)
            if entity.score >= 1 or claimed.is_free(entity)
        ]
        merchants = [
            entity
            for entity in find_merchants(text)
            if _Claimed([*figures, *products, *names]).is_free(entity)
        ]
        found = [*figures, *products, *places, *names, *merchants]
        return sorted(found, key=lambda entity: (entity.start, -entity.score, entity.end))

    def _figures(self, text: str, context: Context) -> list[Entity]:
        """Return everything made of numbers; what one finder claims the next ones leave alone."""
        numbers = [number for number in find_numbers(text) if not _in_token(text, number)]
        claimed = _Claimed([])
        bare = len(numbers) == 1 and is_bare(text, numbers[0])
        for group in (
            find_phones(text),
            find_references(text),
            find_last_four(text, numbers),
            find_dates(text, context.today, self._working, context.language),
            find_ordinals(text),
            find_periods(text, numbers),
            (entity for entity in find_money(text, numbers) if not bare or entity.score >= 1),
        ):
            claimed.add_free(group)
        found = claimed.entities
        free = [number for number in numbers if claimed.is_free(number)]
        if bare and free:
            found = [*found, *read_bare(text, free[0])]
        return found + [_plain(text, number) for number in free if bare or not number.weak]


def _in_token(text: str, number: Number) -> bool:
    return "[" in text and any(token.start() <= number.start < token.end() for token in TOKEN.finditer(text))


def _plain(text: str, number: Number) -> Entity:
    """Return a number that is nothing more; as a decimal string without trailing zeros."""
    value = format(number.value.normalize(), "f")
    return Entity("number", value, text[number.start : number.end], number.start, number.end)


class _Claimed:
    """Spans of text that belong to an entity."""

    def __init__(self, entities: list[Entity]) -> None:
        self.entities = list(entities)

    def is_free(self, thing: Entity | Number) -> bool:
        """Whether nothing claimed overlaps with it."""
        return all(thing.end <= entity.start or thing.start >= entity.end for entity in self.entities)

    def add_free(self, found: Iterable[Entity]) -> None:
        """Claim what is still free."""
        for entity in list(found):
            if self.is_free(entity):
                self.entities.append(entity)
