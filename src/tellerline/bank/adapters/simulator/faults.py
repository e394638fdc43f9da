"""Switches that make the simulated bank behave as banks do on bad days."""

from __future__ import annotations

import asyncio
from typing import Literal, get_args

import msgspec

from tellerline.bank.catalogue import OPERATIONS
from tellerline.domain.data import Record
from tellerline.domain.errors import Invalid, Unavailable

FaultKind = Literal[
    "slow",
    "unavailable",
    "unknown_done",
    "unknown_not_done",
    "duplicate_ack",
    "status_unavailable",
    "terms_changed",
]
FAULTS: tuple[str, ...] = get_args(FaultKind)
EVERY = "*"
SLOW_MS_MAX = 60_000


class Fault(msgspec.Struct):
    """One switch that is on.

    slow:               every call takes `delay_ms` longer.
    unavailable:        lookups, prepares and commits fail; nothing happens.
    unknown_done:       a commit happens, and its answer is lost. unknown_not_done: the request was lost.
    duplicate_ack:      the network delivers a commit twice.
    status_unavailable: what became of a commit cannot be told.
    terms_changed:      a commit finds that what was prepared no longer holds.

    times: how often it still strikes; None for as long as it is on.
    """

    operation: str
    kind: FaultKind
    times: int | None = None
    delay_ms: int = 0


class Faults:
    """The switches, by operation and kind. `*` is every operation."""

    def __init__(self) -> None:
        self._on: dict[tuple[str, str], Fault] = {}

    def set(self, operation: str, fault: str, times: int | None = None, *, delay_ms: int = 0) -> None:
        """Switch a fault on.

        Raises: Invalid, code `fault`, naming what is wrong.
        """
        if operation != EVERY and operation not in OPERATIONS:
            raise Invalid(
                "fault", f"there is no operation {operation!r}; '*' is every one", field="operation"
            )
        if fault not in FAULTS:
            raise Invalid("fault", f"there is no fault {fault!r}; known: {', '.join(FAULTS)}", field="fault")
        if not 0 <= delay_ms <= SLOW_MS_MAX or (times is not None and times < 1):
            raise Invalid("fault", f"delay_ms is 0 to {SLOW_MS_MAX}, times at least 1", field="times")
        kind = msgspec.convert(fault, FaultKind)
        self._on[operation, fault] = Fault(operation, kind, times, delay_ms)

    def clear(self, operation: str | None = None) -> None:
        """Switch off the faults of one operation, or all."""
        self._on = {key: fault for key, fault in self._on.items() if operation not in (None, fault.operation)}

    def active(self) -> list[Record]:
        """Return the switches that are on."""
        return [msgspec.to_builtins(fault) for fault in self._on.values()]

    def strikes(self, operation: str, kind: FaultKind) -> Fault | None:
        """Return the fault if it strikes this call, and count it."""
        fault = self._on.get((operation, kind)) or self._on.get((EVERY, kind))
        if fault is not None and fault.times is not None:
            fault.times -= 1
            if fault.times == 0:
                del self._on[fault.operation, kind]
        return fault

    async def delay(self, operation: str) -> None:
        """Wait as long as `slow` says."""
        fault = self.strikes(operation, "slow")
        if fault is not None:
            await asyncio.sleep(fault.delay_ms / 1000)

    def check_available(self, operation: str) -> None:
        """Raise: Unavailable, when the fault of that name strikes."""
        if self.strikes(operation, "unavailable"):
            raise Unavailable("core_unavailable", f"{operation} cannot be reached now", operation=operation)
