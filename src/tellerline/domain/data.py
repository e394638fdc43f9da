"""Plain JSON values: what crosses the border to the bank, fills slots and is written into events.

Money is whole minor units (fen, cents) in fields named `…_minor`; dates are ISO strings in fields named `…_on`, moments
ISO strings with offset in `…_at`; rates are decimal strings. So a value compares and round-trips exactly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Value = str | int | float | bool | list["Value"] | dict[str, "Value"] | None
    Record = dict[str, Value]
else:  # the decoder of events takes no recursive types, and JSON holds nothing else anyway
    Value = Any
    Record = dict[str, Any]
