"""The forms that memory has on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Discriminator, RootModel

from tellerline.domain.language import Language
from tellerline.domain.remembered import AddressForm, Kind, ReachedBy
from tellerline.web.wire import Name, Request


class Remembered(BaseModel):
    """One thing remembered. `ground`: needed for what the customer came for, or asked for by the customer.

    conversation, sequence: the event it comes from. until: after it, it is forgotten.
    """

    id: str
    kind: Kind
    label: Name
    purpose: str
    ground: Literal["service", "asked"]
    since: AwareDatetime
    until: AwareDatetime
    conversation: str
    sequence: int
    value: str


class Memory(BaseModel):
    """What is remembered, the newest first."""

    items: list[Remembered]


class AddressPreference(Request):
    """How to be addressed; the name is the one on file."""

    kind: Literal["address"]
    chosen: AddressForm


class LanguagePreference(Request):
    """The language to be served in."""

    kind: Literal["language"]
    chosen: Language


class ChannelPreference(Request):
    """How to be told of news."""

    kind: Literal["channel"]
    chosen: ReachedBy


class ElderPreference(Request):
    """Elder mode."""

    kind: Literal["elder_mode"]
    chosen: Literal["on", "off"]


class PreferenceRequest(
    RootModel[
        Annotated[
            AddressPreference | LanguagePreference | ChannelPreference | ElderPreference, Discriminator("kind")
        ]
    ]
):
    """A preference, of one of the kinds there are."""
