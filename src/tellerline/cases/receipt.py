"""What a customer holds in their hand about a case, in both languages, with a digest that tells an altered copy."""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec

from tellerline.cases.book import CaseRow
from tellerline.cases.rules import CaseRules
from tellerline.domain.language import Text


class Receipt(msgspec.Struct, frozen=True):
    """The receipt of a case. digest: SHA-256 over everything else in canonical JSON, hex."""

    number: str
    title: Text
    summary: str
    owner: Text
    opened_at: datetime
    due_at: datetime
    stage: str
    bank: Text
    digest: str = ""


def make_receipt(row: CaseRow, rules: CaseRules, bank: Text) -> Receipt:
    """Return the receipt of a case as it stands."""
    bare = Receipt(
        row.number,
        rules.of(row.kind).title,
        row.summary,
        rules.owner(row.owner),
        row.opened_at,
        row.due_at,
        row.stage,
        bank,
    )
    body = msgspec.json.encode(bare, order="deterministic")
    return msgspec.structs.replace(bare, digest=hashlib.sha256(body).hexdigest())
