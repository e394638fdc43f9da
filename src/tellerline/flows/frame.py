"""A running instance of a flow."""

from __future__ import annotations

import msgspec

from tellerline.domain.data import Record


class Pending(msgspec.Struct):
    """An action the bank has prepared and the customer has not yet confirmed, or has."""

    step: str
    action: str
    arguments: Record
    terms: Record
    digest: str
    expires_at: str
    confirmed: bool = False


class Frame(msgspec.Struct):
    """Where a flow stands and what it knows.

    values:   slots, lookup results, computed values, terms and results of actions, by name.
    origins:  for each value that came from the bank or a calculation, `operation@sequence`.
    attempts: failed answers by slot or step.
    failure:  the way the last effect failed, until the step that failed has moved on.
    """

    id: str
    flow: str
    intent: str
    step: str
    values: Record = {}
    origins: dict[str, str] = {}
    attempts: dict[str, int] = {}
    pending: Pending | None = None
    committed: list[str] = []
    keys: dict[str, str] = {}  # step → idempotency key of a commit that was requested
    failure: str = ""
    failure_code: str = ""
    interrupted: bool = False
    started_turn: int = 0
