"""What is remembered of customers, written into the record's tables together with the events it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import msgspec
from sqlalchemy import ColumnElement, bindparam, delete, exists, func, insert, literal_column, or_, update
from sqlalchemy.dialects.sqlite import insert as insert_or

from tellerline.domain import event as e
from tellerline.domain.remembered import Remembered, key_of
from tellerline.memory.fold import Change, Claim, Forget, Note, Settle, changes_of
from tellerline.store.moment import write_moment
from tellerline.store.schema import forgettings, memories
from tellerline.store.statement import Statement, Values

ANY: ColumnElement[str] = literal_column("''")  # written into the statements, whose parameters all have names
_encode = msgspec.json.Encoder(order="deterministic").encode


def _note() -> Statement:
    statement = insert_or(memories)
    changed = {
        name: statement.excluded[name] for name in ("customer", "sequence", "at", "expires_at", "value")
    }
    key = [memories.c.conversation, memories.c.kind, memories.c.key]
    return Statement(statement.on_conflict_do_update(index_elements=key, set_=changed))


def _settle(path: str, value: ColumnElement[str]) -> Statement:
    here = (
        memories.c.conversation == bindparam("of_conversation"),
        memories.c.kind == bindparam("of_kind"),
        memories.c.key == bindparam("of_key"),
    )
    return Statement(
        update(memories)
        .where(*here)
        .values(value=func.json_set(memories.c.value, literal_column(path), value))
    )


def before_line() -> ColumnElement[bool]:
    """Whether a row of `memories` lies before a line that its customer drew."""
    line = forgettings.c
    return exists().where(
        line.customer == memories.c.customer,
        line.at >= memories.c.at,
        or_(line.kind == ANY, line.kind == memories.c.kind),
        or_(line.of_conversation == ANY, line.of_conversation == memories.c.conversation),
        or_(line.key == ANY, line.key == memories.c.key),
    )


_NOTE = _note()
_CAME_TO = _settle("'$.outcome'", bindparam("outcome"))
_KEPT = _settle("'$.is_open'", func.json(literal_column("'false'")))
_CLAIM = Statement(
    update(memories)
    .where(memories.c.conversation == bindparam("of_conversation"), memories.c.customer == ANY)
    .values(customer=bindparam("of_customer"))
)
_DRAW_LINE = Statement(insert(forgettings))
_CLEAR = Statement(delete(memories).where(memories.c.customer == bindparam("of_customer"), before_line()))


class Owner(Protocol):
    """Whose conversation it is, as far as is known, and where it is held."""

    id: e.ConversationId
    customer: str | None
    channel: str


def remember(row: Owner, event: e.Event) -> Iterator[tuple[Statement, Values]]:
    """Yield what the next event of a conversation changes in what is remembered."""
    for change in changes_of(row.id, event, row.channel):
        yield from _written(row, event, change)


def _written(row: Owner, event: e.Event, change: Change) -> Iterator[tuple[Statement, Values]]:
    match change:
        case Note(item=item):
            yield _NOTE, _row_of(item, row.customer or "")
        case Settle(kind=kind, key=key, outcome=outcome):
            here = {"of_conversation": row.id, "of_kind": kind, "of_key": key}
            yield (_CAME_TO, {**here, "outcome": outcome}) if outcome is not None else (_KEPT, here)
        case Claim(customer=customer):
            yield _CLAIM, {"of_conversation": row.id, "of_customer": customer}
        case Forget() if row.customer is not None:
            yield _DRAW_LINE, _line_of(row, event, change)
            yield _CLEAR, {"of_customer": row.customer}


def _row_of(item: Remembered, customer: str) -> Values:
    return {
        "conversation": item.conversation,
        "kind": item.kind,
        "key": key_of(item.value),
        "customer": customer,
        "sequence": item.sequence,
        "at": write_moment(item.at),
        "expires_at": write_moment(item.expires_at),
        "value": _encode(item.value).decode(),
    }


def _line_of(row: Owner, event: e.Event, line: Forget) -> Values:
    return {
        "conversation": row.id,
        "sequence": event.sequence,
        "at": write_moment(line.at),
        "customer": row.customer,
        "kind": line.kind,
        "of_conversation": line.conversation,
        "key": line.key,
    }
