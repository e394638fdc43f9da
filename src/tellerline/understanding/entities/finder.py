"""All entities of a message: each finder in turn, the surer claiming the text before the vaguer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain, filterfalse

from tellerline.domain.language import Text
from tellerline.domain.reading import Context, Entity
from tellerline.understanding.entities.bare import is_bare, read_bare
from tellerline.understanding.entities.calendar import WorkingDays
from tellerline.understanding.entities.claims import Claims
from tellerline.understanding.entities.dates import find_dates
from tellerline.understanding.entities.last_four import find_last_four
from tellerline.understanding.entities.merchants import Merchants
from tellerline.understanding.entities.money import find_money, guess_amount
from tellerline.understanding.entities.names import find_names
from tellerline.understanding.entities.numeral import Number, find_numbers
from tellerline.understanding.entities.ordinals import find_lone_ordinal, find_ordinals
from tellerline.understanding.entities.periods import find_periods
from tellerline.understanding.entities.phone import find_phones
from tellerline.understanding.entities.places import Places
from tellerline.understanding.entities.products import find_products
from tellerline.understanding.entities.reference import find_references
from tellerline.understanding.entities.relations import find_relations
from tellerline.understanding.shadow import TOKEN

_SURE_NAME = 0.9
# "the last 4 digits" are no number 4, and an hour of the day is no number either.
_DIGITS = re.compile(
    r"\s?(?:digits?|位|[点时](?![0-9])|点[0-9]{1,2}分?|小时|分钟|(?:am|pm|o'clock|hours?|hrs?|minutes?|mins?)(?![a-z])|:[0-9]{2})",
    re.IGNORECASE,
)
_HOUR = re.compile(r"[0-9]:$")


class EntityFinder:
    """Finds entities with the places, merchants and working days of one bank."""

    def __init__(
        self,
        places: Iterable[Text] = (),
        working: WorkingDays | None = None,
        merchants: Iterable[Text] = (),
    ) -> None:
        self._places = Places(places)
        self._merchants = Merchants(merchants)
        self._working = working or WorkingDays()

    def find(self, text: str, context: Context) -> list[Entity]:
        """Return the entities of a normalised text, in order of their start, the surer of two in one place first."""
        claims = Claims(len(text))
        found = self._figures(text, context, claims)
        found += [*find_products(text), *self._places.find(text)]
        _claim(claims, found)
        names = [e for e in find_names(text, context.names) if e.score >= 1 or claims.is_free(e.start, e.end)]
        _claim(claims, names)
        relations = [e for e in find_relations(text) if claims.take(e.start, e.end)]
        merchants = [e for e in self._merchants.find(text) if claims.is_free(e.start, e.end)]
        found = _paid_to(text, found, [*names, *merchants])
        return sorted([*found, *names, *relations, *merchants], key=lambda e: (e.start, -e.score, e.end))

    def _figures(self, text: str, context: Context, claims: Claims) -> list[Entity]:
        """Return everything made of numbers; what one finder claims the next ones leave alone."""
        numbers = find_numbers(TOKEN.sub(lambda token: " " * len(token[0]), text))
        bare = len(numbers) == 1 and is_bare(text, numbers[0])
        money = filterfalse(_is_guess, find_money(text, numbers)) if bare else find_money(text, numbers)
        groups = (
            find_phones(text, numbers),
            find_references(text),
            find_last_four(text, numbers),
            find_lone_ordinal(text),
            find_dates(text, context.today, self._working, context.language),
            find_ordinals(text),
            find_periods(text, numbers),
            money,
        )
        found = [entity for entity in chain(*groups) if claims.take(entity.start, entity.end)]
        free = [number for number in numbers if claims.is_free(number.start, number.end)]
        return found + _unclaimed(text, free, bare=bare)


def _is_guess(entity: Entity) -> bool:
    return entity.score < 1


def _paid_to(text: str, found: list[Entity], others: list[Entity]) -> list[Entity]:
    """Return the only number beside a payee or a known merchant as an amount: 王伟500, "188 at Walmart"."""
    numbers = [entity for entity in found if entity.type == "number"]
    known = any(other.score >= _SURE_NAME for other in others)
    if not known or len(numbers) != 1 or any(entity.type in ("money", "last_four") for entity in found):
        return found
    amount = guess_amount(text, numbers[0])
    return found if amount is None else [entity for entity in found if entity is not numbers[0]] + [amount]


def _claim(claims: Claims, entities: list[Entity]) -> None:
    for entity in entities:
        claims.add(entity.start, entity.end)


def _unclaimed(text: str, numbers: list[Number], *, bare: bool) -> list[Entity]:
    """Return the numbers that no finder claimed; of one that is the whole message, everything it may be."""
    if bare:
        return [entity for number in numbers for entity in (*read_bare(text, number), _plain(text, number))]
    return [
        _plain(text, number)
        for number in numbers
        if not (
            number.weak
            or _DIGITS.match(text, number.end)
            or _HOUR.search(text, max(0, number.start - 2), number.start)
        )
    ]


def _plain(text: str, number: Number) -> Entity:
    """Return a number that is nothing more; as a decimal string without trailing zeros."""
    value = format(number.value.normalize(), "f")
    return Entity("number", value, text[number.start : number.end], number.start, number.end)
