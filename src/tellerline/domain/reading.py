"""What understanding makes of one message: a reading. It says what the words mean, not what is to be done."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from tellerline.domain.language import Language

EntityType = Literal[
    "money",  # value: int minor units; unit: ISO 4217 currency
    "number",  # value: decimal string
    "periods",  # value: int, a count of months or instalments ("12期", "24 months")
    "date",  # value: ISO date; until: ISO date of the last day when a period was meant
    "last_four",  # value: the four digits of a card or account
    "phone",  # value: E.164, kept only until redaction has a vault; never echoed whole
    "reference",  # value: a transaction, transfer or case number as typed
    "name",  # value: a person's name as typed (payee candidates)
    "relation",  # value: a payee named by what he is to the customer, as typed ("我妈", "my landlord")
    "product",  # value: product id of the pack (debit_card, credit_card, term_deposit, mortgage, …)
    "place",  # value: city or district as typed
    "merchant",  # value: a merchant's name as typed
    "ordinal",  # value: 1-based position; -1 the last ("第二个", "the first one", "the latter")
]

Trend = Literal["rising", "steady", "falling"]

Emotion = Literal["neutral", "anger", "anxiety", "confusion", "shame", "satisfaction"]


class Entity(msgspec.Struct, frozen=True):
    """A value found in the message, with where it stands.

    start, end: character offsets into `Reading.text` (the normalised text), end exclusive.
    score:      0..1, how sure the finder is.
    """

    type: EntityType
    value: str | int
    text: str
    start: int
    end: int
    unit: str | None = None
    until: str | None = None
    score: float = 1.0


class IntentScore(msgspec.Struct, frozen=True):
    """An intent and the calibrated probability that it is meant."""

    intent: str
    probability: float


class Segment(msgspec.Struct, frozen=True):
    """A clause of the message that asks for one thing; intents best first, `out_of_scope` among them."""

    start: int
    end: int
    intents: list[IntentScore]

    @property
    def top(self) -> IntentScore:
        """The best intent of this clause."""
        return self.intents[0]


class Affect(msgspec.Struct, frozen=True):
    """How the customer seems to feel. intensity and urgency are 0..1."""

    emotion: Emotion = "neutral"
    intensity: float = 0.0
    urgency: float = 0.0


class Mood(msgspec.Struct, frozen=True):
    """How heated a conversation is, over its turns.

    level:  0..1, a moving average of how strongly unpleasant feelings are shown.
    anchor: the level at which the trend was last seen to turn.
    """

    level: float = 0.0
    anchor: float = 0.0
    trend: Trend = "steady"


class Reading(msgspec.Struct, frozen=True):
    """The meaning of one customer turn.

    language:  the language to answer in, or None when it is neither Chinese nor English (`other` names it, ISO 639-1).
    text:      the normalised text: NFKC, simplified Chinese, redaction tokens kept; offsets refer to it.
    segments:  one per request, in the order said; never empty for a non-empty text.
    flags:     probability of each flag of the pack's registry (human_wanted, complaint, scam, self_harm, …).
    """

    language: Language | None
    text: str
    segments: list[Segment] = []
    entities: list[Entity] = []
    affect: Affect = Affect()
    flags: dict[str, float] = {}
    other: str | None = None
    mixed: bool = False
    traditional: bool = False


class Context(msgspec.Struct, frozen=True):
    """What understanding may know of the conversation: it changes how relative words are read, never what they mean."""

    language: Language
    today: date
    names: tuple[str, ...] = ()  # payees the customer has, for fuzzy and homophone matching
