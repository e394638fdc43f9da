"""What is read at a glance, as a fold of the events: one function per kind of event that moves it.

The same functions maintain the tables when events are appended, rebuild them, and tell an audit what they should hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    BindParameter,
    Connection,
    Table,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal_column,
    null,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as insert_or

from tellerline.cases.case import SHARES, clock_of
from tellerline.domain import event as e
from tellerline.domain.language import Language
from tellerline.store.moment import write_moment
from tellerline.store.remember import remember
from tellerline.store.schema import cases, citations, conversations, gaps, handovers, messages, timers
from tellerline.store.statement import Statement, Values


class ConversationRow(msgspec.Struct):
    """A conversation at a glance.

    received, answered: sequence of the last message or notice, and up to which turns have been answered.
    taking: up to which the last turn that began takes messages.
    """

    id: e.ConversationId
    opened_at: datetime
    last_at: datetime
    release: str
    channel: str
    language: Language
    customer: str | None
    token_digest: str
    last_sequence: int
    received: int
    taking: int
    answered: int
    closed: bool
    head_hash: bytes


PRIORITY_LAST = 9
"""Of a conversation that nobody asked a representative for."""
CITED = ("fact", "article")
"""Kinds of sources whose use is kept: those that can change while the answer stays."""


class Change(NamedTuple):
    """A statement to run with these values."""

    statement: Statement
    values: Values


def open_row(conversation: e.ConversationId, event: e.Event, body: e.ConversationOpened) -> ConversationRow:
    """Return the row of a conversation that has just been opened, before its first event is counted."""
    return ConversationRow(
        id=conversation,
        opened_at=event.at,
        last_at=event.at,
        release=body.release,
        channel=body.channel,
        language=body.language,
        customer=body.customer,
        token_digest=body.token_digest,
        last_sequence=0,
        received=0,
        taking=0,
        answered=0,
        closed=False,
        head_hash=b"",
    )


def project(row: ConversationRow, event: e.Event, head_hash: bytes) -> list[Change]:
    """Bring `row` up to date with the next event; return what else changes."""
    row.last_sequence, row.last_at, row.head_hash = event.sequence, event.at, head_hash
    handler = _PROJECTIONS.get(type(event.body))
    changed = None if handler is None else handler(row, event, event.body)
    own = [changed] if isinstance(changed, Change) else changed or []
    return [*own, *(Change(*each) for each in remember(row, event))]


def read_rows(connection: Connection, names: Iterable[e.ConversationId]) -> list[ConversationRow]:
    """Return the rows of those conversations that exist."""
    found = _READ_ROWS.fetch(connection, {"names": msgspec.json.encode(list(names)).decode()})
    fields = ConversationRow.__struct_fields__
    return [
        msgspec.convert(dict(zip(fields, row, strict=True)), ConversationRow, strict=False) for row in found
    ]


def write_rows(connection: Connection, rows: Iterable[ConversationRow]) -> None:
    """Write the rows of conversations, new ones and changed ones."""
    _PUT_ROW.run(connection, (_row_values(row) for row in rows))


def write_changes(connection: Connection, changes: Iterable[Change]) -> None:
    """Execute `changes` in order, neighbours of the same statement together."""
    for statement, group in groupby(changes, key=attrgetter("statement")):
        statement.run(connection, (change.values for change in group))


def _row_values(row: ConversationRow) -> Values:
    values = msgspec.structs.asdict(row)
    values["opened_at"] = write_moment(row.opened_at)
    values["last_at"] = write_moment(row.last_at)
    return values


def _read_rows() -> Statement:
    """The names travel as one JSON array, so that the statement is the same for any number of them."""
    names = func.json_each(bindparam("names")).table_valued("value")
    columns = (conversations.c[name] for name in ConversationRow.__struct_fields__)
    return Statement(select(*columns).where(conversations.c.id.in_(select(names.c.value))))


def _put_row() -> Statement:
    statement = insert_or(conversations)
    fixed = {"id", "opened_at", "release", "channel", "token_digest"}
    moving = (name for name in ConversationRow.__struct_fields__ if name not in fixed)
    changed = {name: statement.excluded[name] for name in moving}
    return Statement(statement.on_conflict_do_update(index_elements=[conversations.c.id], set_=changed))


def _put(table: Table, *, keeps: str = "") -> Statement:
    """Write a row over the one with the same key, if there is one, whose column `keeps` stays as it was."""
    statement = insert_or(table)
    moving = (column.name for column in table.c if not column.primary_key and column.name != keeps)
    changed = {name: statement.excluded[name] for name in moving}
    return Statement(statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=changed))


def _change_case(*names: str) -> Statement:
    """Change some columns of a case; each parameter is `to_` and the name of its column."""
    here = cases.c.number == bindparam("of_number"), cases.c.conversation == bindparam("of_conversation")
    return Statement(update(cases).where(*here).values({name: bindparam(f"to_{name}") for name in names}))


def _cite() -> Statement:
    """One row for each source of a message; the sources travel as one JSON array."""
    source = func.json_each(bindparam("sources")).table_valued("value")
    fields = (
        func.json_extract(source.c.value, literal_column(f"'$.{name}'")) for name in ("kind", "id", "version")
    )
    rows = select(bindparam("of_conversation"), bindparam("of_sequence"), *fields, bindparam("of_at"))
    names = ["conversation", "sequence", "kind", "source", "version", "at"]
    return Statement(insert(citations).prefix_with("OR IGNORE").from_select(names, rows))


def _queue_or_stay() -> Statement:
    """Whoever asks again for the queue they wait in keeps their place in time."""
    statement = insert_or(handovers)
    new = statement.excluded
    stays = and_(handovers.c.state == literal_column("'waiting'"), handovers.c.queue == new.queue)
    return Statement(
        statement.on_conflict_do_update(
            index_elements=[handovers.c.conversation],
            set_={
                "queue": new.queue,
                "priority": new.priority,
                "requested_at": case((stays, handovers.c.requested_at), else_=new.requested_at),
                "state": new.state,
                "representative": null(),
            },
        )
    )


def _attend() -> Statement:
    """Who is taken over without having asked for a person gets a row of their own."""
    statement = insert_or(handovers)
    changed = {name: statement.excluded[name] for name in ("state", "representative")}
    return Statement(statement.on_conflict_do_update(index_elements=[handovers.c.conversation], set_=changed))


def _return() -> Statement:
    """Whoever goes back to a queue keeps the time of asking."""
    queue: BindParameter[str] = bindparam("to_queue")
    here = handovers.c.conversation == bindparam("of_conversation")
    stays = queue == literal_column("''")
    changed = {
        "state": bindparam("to_state"),
        "representative": null(),
        "queue": case((stays, handovers.c.queue), else_=queue),
    }
    return Statement(update(handovers).where(here).values(**changed))


_READ_ROWS = _read_rows()
_PUT_ROW = _put_row()
_TAKE_MESSAGE = Statement(insert(messages))
_ADD_GAP = Statement(insert(gaps))
_CITE = _cite()
_OPEN_CASE = _put(cases, keeps="opened_at")
_ADVANCE_CASE = _change_case("stage")
_EXTEND_CASE = _change_case("due_at", "alarmed", "extended")
_ALARM_CASE = _change_case("alarmed")
_ESCALATE_CASE = _change_case("owner", "escalated")
_CLOSE_CASE = _change_case("state", "stage", "resolution")
_SET_TIMER = _put(timers)
_STOP_TIMERS = Statement(
    delete(timers).where(
        timers.c.conversation == bindparam("of_conversation"),
        timers.c.number == bindparam("of_number"),
        timers.c.share <= bindparam("through"),
    )
)
_QUEUE = _queue_or_stay()
_ATTEND = _attend()
_RETURN = _return()
_LEAVE_QUEUE = Statement(
    update(handovers)
    .where(
        handovers.c.conversation == bindparam("of_conversation"),
        handovers.c.state != literal_column("'left'"),
    )
    .values(state=bindparam("to_state"), representative=null())
)


def _received(row: ConversationRow, event: e.Event, body: e.MessageReceived) -> Change:
    row.received = event.sequence
    return Change(
        _TAKE_MESSAGE,
        {"conversation": row.id, "client_id": body.client_id, "sequence": event.sequence},
    )


def _noticed(row: ConversationRow, event: e.Event, body: e.SystemNoticed) -> None:
    row.received = event.sequence


def _turn_started(row: ConversationRow, event: e.Event, body: e.TurnStarted) -> None:
    row.taking = body.through


def _turn_ended(row: ConversationRow, event: e.Event, body: e.TurnEnded) -> None:
    row.answered = row.taking


def _language(row: ConversationRow, event: e.Event, body: e.LanguageSwitched) -> None:
    row.language = body.language


def _level(row: ConversationRow, event: e.Event, body: e.LevelChanged) -> None:
    if body.customer is not None:
        row.customer = body.customer


def _case_opened(row: ConversationRow, event: e.Event, body: e.CaseOpened) -> list[Change]:
    values: Values = {
        "number": body.number,
        "conversation": row.id,
        "kind": body.case_kind,
        "owner": body.owner,
        "summary": body.summary,
        "opened_at": write_moment(event.at),
        "due_at": write_moment(body.due_at),
        "state": "open",
        "stage": "received",
        "alarmed": 0,
        "extended": False,
        "escalated": False,
        "resolution": "",
    }
    return [Change(_OPEN_CASE, values), *_set_timers(row, body)]


def _set_timers(row: ConversationRow, body: e.CaseOpened | e.CaseExtended) -> list[Change]:
    case_due_at = write_moment(body.due_at)
    return [
        Change(
            _SET_TIMER,
            {
                "conversation": row.id,
                "number": body.number,
                "share": share,
                "due_at": write_moment(at),
                "case_due_at": case_due_at,
            },
        )
        for share, at in clock_of(body.alarms, body.due_at)
    ]


def _stop_timers(row: ConversationRow, number: str, through: int = SHARES[-1]) -> Change:
    return Change(_STOP_TIMERS, {"of_conversation": row.id, "of_number": number, "through": through})


def _on_case(statement: Statement, row: ConversationRow, number: str, **to: str | int) -> Change:
    values = {f"to_{name}": value for name, value in to.items()}
    return Change(statement, {"of_number": number, "of_conversation": row.id, **values})


def _case_advanced(row: ConversationRow, event: e.Event, body: e.CaseAdvanced) -> Change:
    return _on_case(_ADVANCE_CASE, row, body.number, stage=body.stage)


def _case_extended(row: ConversationRow, event: e.Event, body: e.CaseExtended) -> list[Change]:
    due_at = write_moment(body.due_at)
    changed = _on_case(_EXTEND_CASE, row, body.number, due_at=due_at, alarmed=0, extended=True)
    return [changed, _stop_timers(row, body.number), *_set_timers(row, body)]


def _case_alarmed(row: ConversationRow, event: e.Event, body: e.CaseAlarmed) -> list[Change]:
    changed = _on_case(_ALARM_CASE, row, body.number, alarmed=body.share)
    return [changed, _stop_timers(row, body.number, body.share)]


def _case_escalated(row: ConversationRow, event: e.Event, body: e.CaseEscalated) -> Change:
    return _on_case(_ESCALATE_CASE, row, body.number, owner=body.owner, escalated=True)


def _case_closed(row: ConversationRow, event: e.Event, body: e.CaseClosed) -> list[Change]:
    resolution = body.resolution
    changed = _on_case(_CLOSE_CASE, row, body.number, state="closed", stage="closed", resolution=resolution)
    return [changed, _stop_timers(row, body.number)]


def _missed(row: ConversationRow, event: e.Event, body: e.KnowledgeMissed) -> Change:
    return Change(
        _ADD_GAP,
        {
            "conversation": row.id,
            "sequence": event.sequence,
            "at": write_moment(event.at),
            "question": body.question,
            "language": body.language,
            "score": body.score,
        },
    )


def _sent(row: ConversationRow, event: e.Event, body: e.MessageSent) -> Change | None:
    cited = [source for source in body.sources if source.kind in CITED]
    if not cited:
        return None
    return Change(
        _CITE,
        {
            "of_conversation": row.id,
            "of_sequence": event.sequence,
            "of_at": write_moment(event.at),
            "sources": msgspec.json.encode(cited).decode(),
        },
    )


def _handover(row: ConversationRow, event: e.Event, body: e.HandoverRequested) -> Change:
    return Change(
        _QUEUE,
        {
            "conversation": row.id,
            "queue": body.queue,
            "priority": body.priority,
            "requested_at": write_moment(event.at),
            "state": "waiting",
            "representative": None,
        },
    )


def _accepted(row: ConversationRow, event: e.Event, body: e.HandoverAccepted) -> Change:
    return Change(
        _ATTEND,
        {
            "conversation": row.id,
            "queue": "",
            "priority": PRIORITY_LAST,
            "requested_at": write_moment(event.at),
            "state": "attended",
            "representative": body.representative,
        },
    )


def _returned(row: ConversationRow, event: e.Event, body: e.HandoverReturned) -> Change:
    to_state = "waiting" if body.to == "queue" else "left"
    return Change(_RETURN, {"of_conversation": row.id, "to_state": to_state, "to_queue": body.queue})


def _closed(row: ConversationRow, event: e.Event, body: e.ConversationClosed) -> Change:
    row.closed = True
    return Change(_LEAVE_QUEUE, {"of_conversation": row.id, "to_state": "left"})


_PROJECTIONS: dict[type, Callable[[ConversationRow, e.Event, Any], Change | list[Change] | None]] = {
    e.MessageReceived: _received,
    e.SystemNoticed: _noticed,
    e.TurnStarted: _turn_started,
    e.TurnEnded: _turn_ended,
    e.LanguageSwitched: _language,
    e.LevelChanged: _level,
    e.CaseOpened: _case_opened,
    e.CaseAdvanced: _case_advanced,
    e.CaseExtended: _case_extended,
    e.CaseAlarmed: _case_alarmed,
    e.CaseEscalated: _case_escalated,
    e.CaseClosed: _case_closed,
    e.KnowledgeMissed: _missed,
    e.MessageSent: _sent,
    e.HandoverRequested: _handover,
    e.HandoverAccepted: _accepted,
    e.HandoverReturned: _returned,
    e.ConversationClosed: _closed,
}
