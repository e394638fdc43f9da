"""Evidence: what a sentence to the customer rests on."""

from __future__ import annotations

from typing import Literal

import msgspec

SourceKind = Literal["copy", "fact", "article", "bank", "case", "queue", "sum", "memory"]


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One piece of evidence.

    kind:    copy (approved text), fact, article, bank (a result of the core system), case, queue,
             sum (worked out from the facts cited beside it), memory (what is remembered of the customer).
    id:      `flow/key`, `deposit_rates.term_1y`, `early-withdrawal#howto`, an operation's name, a case number, a sum's name.
    version: content hash of the release for copy, first day in force for facts and articles, the day reckoned on for
             sums, event sequence for results.
    title:   what the page shows; on: date in force shown with it, ISO.
    """

    kind: SourceKind
    id: str
    version: str
    title: str = ""
    on: str = ""
