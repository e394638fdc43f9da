"""The demonstration customers' telephones: messages from the bank, and face checks to approve or decline."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from tellerline.bank.adapters.simulator.core import Core
from tellerline.bank.adapters.simulator.days import bank_time
from tellerline.domain.data import Record
from tellerline.domain.errors import NotFound
from tellerline.domain.language import Language, Text
from tellerline.domain.party import CustomerId
from tellerline.reply.format import clock_time, day, money

MESSAGES_MAX = 50
FaceState = Literal["waiting", "approved", "declined"]


class PhoneMessage(msgspec.Struct, frozen=True):
    """A message as the phone shows it. `face` is the state of a face check, "" for an SMS."""

    id: str
    at: str
    kind: Literal["code", "notice", "face"]
    text: str
    face: FaceState | Literal[""] = ""


class DemoPhone:
    """Everybody's telephone. What it holds is gone when the process ends, codes included."""

    def __init__(self, core: Core, texts: Mapping[str, Text]) -> None:
        self._core = core
        self._texts = texts
        self._messages: dict[CustomerId, deque[PhoneMessage]] = {}
        self._count = 0

    def messages(self, customer: CustomerId) -> list[PhoneMessage]:
        """Return a customer's messages, newest first."""
        return [*reversed(self._messages.get(customer, ()))]

    def approve(self, message_id: str) -> None:
        """Say yes to a face check. Raises: NotFound when there is none of this id waiting."""
        self._answer(message_id, "approved")

    def decline(self, message_id: str) -> None:
        """Say no to a face check. Raises: NotFound when there is none of this id waiting."""
        self._answer(message_id, "declined")

    def _answer(self, message_id: str, state: FaceState) -> None:
        for inbox in self._messages.values():
            for position, message in enumerate(inbox):
                if message.id == message_id and message.face == "waiting":
                    inbox[position] = msgspec.structs.replace(message, face=state)
                    return
        raise NotFound("face_check", "there is no face check of this id waiting")

    def face_state(self, message_id: str) -> FaceState | None:
        """Return what became of a face check, None when the phone has forgotten it."""
        for inbox in self._messages.values():
            for message in inbox:
                if message.id == message_id and message.face:
                    return message.face
        return None

    def send(self, customer: CustomerId, key: str, fields: Mapping[str, object], at: datetime) -> None:
        """Send the bank's text `key`, in the customer's language; a key without a text sends nothing."""
        self._deliver(customer, "code" if key == "otp" else "notice", key, fields, at)

    def ask_face(self, customer: CustomerId, at: datetime) -> str:
        """Ask for a face check; return the id under which it is answered."""
        return self._deliver(customer, "face", "face", {}, at)

    def _deliver(
        self,
        customer: CustomerId,
        kind: Literal["code", "notice", "face"],
        key: str,
        fields: Mapping[str, object],
        at: datetime,
    ) -> str:
        text = self._texts.get(key)
        if text is None:
            return ""
        self._count += 1
        message_id = f"message-{self._count}"
        written = text.in_(self._core.customers[customer].language).format_map(fields)
        face: FaceState | Literal[""] = "waiting" if kind == "face" else ""
        inbox = self._messages.setdefault(customer, deque(maxlen=MESSAGES_MAX))
        inbox.append(PhoneMessage(message_id, bank_time(at), kind, written, face))
        return message_id


def notice_fields(record: Record, language: Language) -> dict[str, object]:
    """Return the values of a record as a text shows them: `amount_minor` becomes `amount`, dates are written out."""
    fields: dict[str, object] = {}
    for name, value in record.items():
        if name.endswith("_minor") and isinstance(value, int):
            fields[name.removesuffix("_minor")] = money(value, language, str(record.get("currency", "CNY")))
        elif name.endswith("_on") and isinstance(value, str):
            fields[name] = day(value, language)
        elif name.endswith("_at") and isinstance(value, str):
            fields[name] = clock_time(value, language)
        elif isinstance(value, dict):
            fields[name] = value.get(language, "")
        else:
            fields[name] = value
    return fields
