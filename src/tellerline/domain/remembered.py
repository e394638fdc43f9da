"""One thing remembered about a customer: of a closed set of kinds, with where it comes from and when it ends."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias, get_args

import msgspec

Kind = Literal["contact", "promise", "address", "language", "channel", "elder_mode"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""There are no others, so nothing else can be remembered: no health, religion, mood or guessed trait has a place here."""

Outcome = Literal["open", "completed", "cancelled", "failed", "handed_over"]
AddressForm = Literal["mr", "ms", "teacher", "doctor", "given", "full"]
ReachedBy = Literal["app", "sms", "phone", "branch"]


class _Value(msgspec.Struct, frozen=True, tag_field="kind", forbid_unknown_fields=True):
    """Base of what is remembered. None holds words that a customer typed."""


class Contact(_Value, frozen=True, tag="contact"):
    """The customer came about `flow`; "open" while it was not finished. `frame` tells several of one conversation apart."""

    frame: str
    flow: str
    channel: str
    outcome: Outcome = "open"


class Promised(_Value, frozen=True, tag="promise"):
    """A case was opened in the course of the contact `frame`."""

    number: str
    case: str
    due_at: datetime
    frame: str | None = None
    is_open: bool = True


class Address(_Value, frozen=True, tag="address"):
    """How the customer wants to be addressed: a form of the registered name, which the counter fills in itself."""

    form: AddressForm
    zh: str
    en: str


class Speaks(_Value, frozen=True, tag="language"):
    """The language the customer asked to be served in."""

    language: Literal["zh", "en"]


class Reached(_Value, frozen=True, tag="channel"):
    """How the customer wants to be told of news."""

    by: ReachedBy


class ElderMode(_Value, frozen=True, tag="elder_mode"):
    """Large letters, slower steps and a person within one tap."""

    on: bool = True


Remembrance: TypeAlias = Contact | Promised | Address | Speaks | Reached | ElderMode
Preference: TypeAlias = Address | Speaks | Reached | ElderMode


class Remembered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something remembered. `conversation` and `sequence` name the event it comes from; after `expires_at` it is gone."""

    value: Remembrance
    conversation: str
    sequence: int
    at: datetime
    expires_at: datetime

    @property
    def kind(self) -> Kind:
        """Return which of the kinds it is of."""
        return kind_of(self.value)

    @property
    def id(self) -> str:
        """Return the name by which its customer can have it deleted: a preference goes by its kind."""
        if isinstance(self.value, Preference):
            return self.kind
        return f"{self.kind}.{self.conversation}.{key_of(self.value)}"


def kind_of(value: Remembrance) -> Kind:
    """Return which of the kinds a value is of."""
    found: Kind = value.__struct_config__.tag  # type: ignore[assignment]  # every tag is one of the kinds
    return found


def key_of(value: Remembrance) -> str:
    """Return what tells values of one kind and conversation apart."""
    match value:
        case Contact(frame=frame):
            return frame
        case Promised(number=number):
            return number
    return ""
