"""The demonstration's door to the simulated core: its customers, their phones, its faults and its books."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import yaml

from tellerline.bank.adapters.simulator import PhoneMessage, Simulator
from tellerline.bank.adapters.simulator.identity import TOKEN_PREFIX
from tellerline.domain.data import Record
from tellerline.domain.errors import Conflict, Invalid, NotFound
from tellerline.domain.language import Text
from tellerline.domain.party import CustomerId

_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
_FACE = {"waiting": "pending", "approved": "approved", "declined": "declined"}


class Visitor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A customer one may sign in as."""

    id: CustomerId
    name: Text
    story: Text


class _Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    customers: list[Visitor]


class FaultForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fault to switch on; see `simulator.faults.Fault`."""

    operation: str
    kind: str
    times: int | None = None
    delay_ms: int = 0


class DemoDoor:
    """What the demonstration's pages may see and touch. Never part of a real installation."""

    def __init__(self, bank: Simulator, visitors: list[Visitor]) -> None:
        self._bank = bank
        self._visitors = visitors

    @classmethod
    def open(cls, bank: Simulator, pack: Path) -> DemoDoor:
        """Read whom one may sign in as from the pack."""
        raw = yaml.load((pack / "core" / "demo.yaml").read_bytes(), Loader=yaml.CSafeLoader)
        return cls(bank, msgspec.convert(raw, _Form).customers)

    def _customer(self, token: str) -> CustomerId:
        name = CustomerId(token.removeprefix(TOKEN_PREFIX))
        if not token.startswith(TOKEN_PREFIX) or name not in self._bank.core.customers:
            raise NotFound("customer", "there is no demonstration customer of this token")
        return name

    async def customers(self) -> list[Record]:
        """List whom a visitor may sign in as."""
        rows: list[Record] = []
        for visitor in self._visitors:
            customer = self._bank.core.customers[visitor.id]
            rows.append(
                {
                    "token": f"{TOKEN_PREFIX}{visitor.id}",
                    "name": msgspec.to_builtins(visitor.name),
                    "story": msgspec.to_builtins(visitor.story),
                    "phone": customer.phone,
                    "id_last_four": customer.id_last_four,
                    "elder": visitor.id == "lijun",
                }
            )
        return rows

    async def phone(self, customer_token: str) -> list[Record]:
        """List what arrived on a customer's phone, newest first. Raises: NotFound."""
        return [_entry(message) for message in self._bank.phone.messages(self._customer(customer_token))]

    async def answer_face(self, customer_token: str, check: str, *, approve: bool) -> None:
        """Answer a face check. Raises: NotFound; Conflict when it is answered already."""
        inbox = self._bank.phone.messages(self._customer(customer_token))
        message = next((message for message in inbox if message.id == check and message.face), None)
        if message is None:
            raise NotFound("face_check", "there is no such face check on this phone")
        if message.face != "waiting":
            raise Conflict("face_check", "this face check has been answered")
        (self._bank.phone.approve if approve else self._bank.phone.decline)(check)

    async def faults(self) -> Record:
        """Tell which faults the bank plays."""
        return {"faults": [*self._bank.faults.active()]}

    async def set_faults(self, faults: Record) -> Record:
        """Play exactly the faults listed under `faults`. Raises: Invalid naming the field."""
        try:
            wanted = msgspec.convert(faults.get("faults", []), list[FaultForm])
        except msgspec.ValidationError as error:
            raise Invalid("fault", str(error), field="faults") from error
        self._bank.faults.clear()
        for fault in wanted:
            self._bank.faults.set(fault.operation, fault.kind, fault.times, delay_ms=fault.delay_ms)
        return await self.faults()

    async def state(self, customer_token: str) -> Record:
        """Show a customer's books as the bank holds them. Raises: NotFound."""
        customer = self._customer(customer_token)
        snapshot = self._bank.snapshot()
        customers, effects = snapshot["customers"], snapshot["effects"]
        assert isinstance(customers, list)
        assert isinstance(effects, list)
        return {
            "customer": next(row for row in customers if isinstance(row, dict) and row["id"] == customer),
            "effects": [row for row in effects if isinstance(row, dict) and row["customer"] == customer],
        }


def _entry(message: PhoneMessage) -> Record:
    code = _CODE.search(message.text) if message.kind == "code" else None
    return {
        "id": message.id,
        "at": message.at,
        "kind": "face" if message.face else "sms",
        "text": {"zh": message.text, "en": message.text},
        "code": code[0] if code else None,
        "state": _FACE.get(message.face),
    }
