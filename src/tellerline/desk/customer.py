"""What the bank tells of the customer of a conversation: as much as they have proven, and masked."""

from __future__ import annotations

from typing import Protocol, TypeVar

import msgspec

from tellerline.desk.room import DeskRoom
from tellerline.desk.thread import Thread
from tellerline.dialogue.effects import caller_of
from tellerline.domain.data import Record, Value
from tellerline.domain.errors import NotFound, Refused, ServiceError
from tellerline.domain.language import Text
from tellerline.domain.party import Caller

PRODUCTS = {
    "accounts": ("accounts.list", 1, ("kind", "label", "last_four", "status", "currency")),
    "cards": ("cards.list", 1, ("kind", "label", "last_four", "status")),
    "deposits": ("deposits.list", 1, ("label", "last_four", "matures_on", "currency")),
    "loans": ("loans.list", 1, ("label", "next_on", "status")),
    "holdings": ("holdings.list", 1, ("label", "risk")),
    "restrictions": ("restrictions.list", 1, ("label", "reason", "since_on")),
}
"""What is shown of each product: never a balance, which is the customer's to ask for."""
ResultT = TypeVar("ResultT")


class Lookups(Protocol):
    """The bank behind its level check."""

    async def lookup(self, operation: str, arguments: Record, *, caller: Caller) -> Value:
        """Return data. Raises: Refused; Unavailable."""
        ...


class Tokens(Protocol):
    """Numbers a customer typed, held in memory for the bank."""

    def reveal(self, conversation: str, arguments: Record) -> Record:
        """Replace tokens by what they stand for. Raises: Refused, code `token_forgotten`."""
        ...


class CustomerCard(msgspec.Struct, frozen=True):
    """The customer as a representative may see them."""

    known: bool
    level: int
    name: Text | None = None
    phone: str | None = None
    elder: bool = False
    since_on: str | None = None
    risk_level: str | None = None
    products: dict[str, list[Record]] = {}
    missing: list[str] = []


class Customers:
    """Reads on the customer's behalf, at the level the customer has proven."""

    def __init__(self, room: DeskRoom, bank: Lookups, tokens: Tokens) -> None:
        self._room = room
        self._bank = bank
        self._tokens = tokens
        self._asked: set[str] = set()

    async def card(self, thread: Thread) -> CustomerCard:
        """Return the customer's card. Raises: Unavailable while the bank does not answer."""
        tracker = thread.tracker
        if tracker.customer is None or tracker.level < 1:
            return CustomerCard(known=False, level=tracker.level)
        caller = caller_of(tracker)
        profile = await self._profile(caller)
        name = masked_name(profile)
        self._room.names[f"customer/{tracker.customer}"] = name
        products: dict[str, list[Record]] = {}
        missing: list[str] = []
        for kind, (operation, level, fields) in PRODUCTS.items():
            if tracker.level < level:
                continue
            try:
                rows = await self._bank.lookup(operation, {}, caller=caller)
            except ServiceError:  # one product that cannot be read now does not hide the others
                missing.append(kind)
                continue
            products[kind] = [
                {field: row.get(field) for field in fields if field in row}
                for row in (rows if isinstance(rows, list) else [])
                if isinstance(row, dict)
            ]
        return CustomerCard(
            known=True,
            level=tracker.level,
            name=name,
            phone=_text(profile.get("phone_masked")),
            elder=bool(profile.get("elder")),
            since_on=_text(profile.get("since_on")),
            risk_level=_text(profile.get("risk_level")),
            products=products,
            missing=missing,
        )

    async def learn_names(self) -> None:
        """Know what the customers of the waiting and the attended may be called, for the cards; each is asked for once."""
        room = self._room
        for thread in [room.threads[name] for name in (*room.floor.asks, *room.floor.held)]:
            tracker = thread.tracker
            key = f"customer/{tracker.customer}"
            if tracker.customer is None or tracker.level < 1 or key in room.names or key in self._asked:
                continue
            self._asked.add(key)
            try:
                room.names[key] = masked_name(await self._profile(caller_of(tracker)))
            except ServiceError:  # a card without a name serves as well; the customer's page asks again
                continue
            offered = thread.offer.representative if thread.offer is not None else ""
            room.touch(thread.owner, offered)

    async def reveal(self, thread: Thread, field: str) -> str:
        """Return a masked field as it is. Raises: NotFound, code `field`; Refused, code `token_forgotten`; Unavailable."""
        tracker = thread.tracker
        if field.startswith("["):
            value = self._tokens.reveal(tracker.conversation, {"value": field})["value"]
            if value == field:
                raise Refused("token_forgotten", "what this stands for was never kept")
            return str(value)
        if field == "name" and tracker.customer is not None and tracker.level >= 1:
            name = (await self._profile(caller_of(tracker))).get("name")
            if isinstance(name, dict):
                return f"{name.get('zh')} {name.get('en')}"
            return str(name)
        raise NotFound("field", "this customer has no such field")

    async def _profile(self, caller: Caller) -> Record:
        profile = await self._bank.lookup("customer.profile", {}, caller=caller)
        return profile if isinstance(profile, dict) else {}


def masked_name(profile: Record) -> Text:
    """Return surname and salutation: 李女士, Ms Li."""
    surname, salutation = profile.get("surname"), profile.get("salutation")
    if not (isinstance(surname, dict) and isinstance(salutation, dict)):
        return Text("客户", "Customer")
    return Text(
        f"{surname.get('zh', '')}{salutation.get('zh', '')}",
        f"{salutation.get('en', '')} {surname.get('en', '')}".strip(),
    )


def _text(value: Value) -> str | None:
    return None if value is None else str(value)
