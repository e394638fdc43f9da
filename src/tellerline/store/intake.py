"""What every record demands of the events handed to it, before it looks at what it has stored."""

from __future__ import annotations

from collections.abc import Sequence

from tellerline.domain.errors import Conflict, Invalid
from tellerline.domain.event import ConversationId, ConversationOpened, Event


def check_events(events: Sequence[Event]) -> None:
    """Check that `events` can stand in a record one after the other.

    Raises: Invalid, code `events`: none given, a gap between them, a time without zone, or an opening that is not the
    first event of its conversation (or a first event that is no opening).
    """
    if not events:
        raise Invalid("events", "an append needs at least one event", field="events")
    for index, event in enumerate(events):
        if event.sequence != events[0].sequence + index:
            raise Invalid("events", "the sequences of one append have no gaps", field="sequence")
        if event.at.tzinfo is None:
            raise Invalid("events", "the time of an event is aware", field="at")
        if (event.sequence == 1) != isinstance(event.body, ConversationOpened):
            raise Invalid("events", "a conversation is opened once, by its first event", field="body")


def sequence_taken(conversation: ConversationId, stored: int, given: int) -> Conflict:
    """Return the refusal of events that do not follow the last stored one."""
    return Conflict(
        "sequence_taken",
        f"the record ends at {stored}, the events begin at {given}",
        conversation=conversation,
        sequence=stored,
    )


def duplicate_message(conversation: ConversationId, sequence: int) -> Conflict:
    """Return the refusal of a message that is in the record already, at `sequence`."""
    return Conflict(
        "duplicate_message",
        f"a message with this client_id was taken at {sequence}",
        conversation=conversation,
        sequence=sequence,
    )
