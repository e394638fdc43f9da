"""A conversation at the desk: read it, and act in it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from tellerline.desk.permission import check_permission, may_see
from tellerline.desk.ports import Draft
from tellerline.desk.view import event_view, view_of
from tellerline.domain.errors import NotFound, Refused
from tellerline.domain.event import ConversationId
from tellerline.web.conversation import KEY_PATTERN, After
from tellerline.web.desk import wire
from tellerline.web.desk.access import PREFIX, Desk, Signed
from tellerline.web.conversation import answer
from tellerline.web.desk.session import READ, WRITE

EVENTS_MAX = 500
conversation_routes = APIRouter(prefix=f"{PREFIX}/conversations/{{id}}", tags=["desk"])


async def _name(name: Annotated[str, Path(alias="id", max_length=128, description="Its id.")]) -> ConversationId:
    if not KEY_PATTERN.fullmatch(name):
        raise NotFound("conversation", "There is no such conversation among yours.")
    return ConversationId(name)


Conversation = Annotated[ConversationId, Depends(_name)]


def written(sequence: int) -> Response:
    """Tell where an act stands in the record."""
    return answer({"sequence": sequence})


# --- reading


@conversation_routes.get("", response_model=wire.View, responses=READ)
async def show_conversation(desk: Desk, session: Signed, conversation: Conversation) -> Response:
    """Show a conversation with its handover card, its running procedure and my draft."""
    who = session.account
    thread = await desk.ground.access(who, conversation)
    view = view_of(thread, desk.room.release_of(thread), desk.pack)
    draft = desk.room.book.draft(conversation, who.account)
    return answer({"conversation": conversation, "sequence": thread.sequence, **view, "draft": draft})


@conversation_routes.get("/events", response_model=wire.Events, responses=READ)
async def list_events(
    desk: Desk,
    session: Signed,
    conversation: Conversation,
    after: After = 0,
    limit: Annotated[int, Query(ge=1, le=EVENTS_MAX, description="At most so many.")] = EVENTS_MAX,
) -> Response:
    """List everything that happened, as staff may see it."""
    await desk.ground.access(session.account, conversation)
    events = await desk.room.conversations.all_events(conversation, after=after)
    shown = [event_view(event, session.account.role) for event in events[:limit]]
    return answer({"events": [view for view in shown if view is not None], "more": len(events) > limit})


@conversation_routes.get("/customer", response_model=wire.Customer, responses=READ)
async def show_customer(desk: Desk, session: Signed, conversation: Conversation) -> Response:
    """Show what the bank tells of the customer, masked, as far as they have proven who they are."""
    if not may_see(session.account.role, "customer"):
        raise Refused("not_permitted", "Customers are not for your role.", permission="field.customer")
    thread = await desk.ground.access(session.account, conversation)
    return answer(await desk.customers.card(thread))


@conversation_routes.get("/copilot", response_model=wire.Help, responses=READ)
async def show_help(desk: Desk, session: Signed, conversation: Conversation) -> Response:
    """Show what the copilot has to say now."""
    check_permission(session.account.role, "conversation.note")
    thread = await desk.ground.access(session.account, conversation)
    return answer(await desk.helping.help(thread, session.account))


@conversation_routes.post("/check", response_model=wire.Checked, responses=WRITE)
async def check_draft(
    desk: Desk, session: Signed, conversation: Conversation, wanted: wire.CheckRequest
) -> Response:
    """Check words as they are typed, by the same rules as they will be checked when sent; nothing is kept."""
    check_permission(session.account.role, "conversation.note")
    thread = await desk.ground.access(session.account, conversation)
    return answer({"stops": desk.helping.check(thread, wanted.text)})


# --- having it


@conversation_routes.post("/accept", response_model=wire.Written, responses=WRITE)
async def accept(
    desk: Desk, session: Signed, conversation: Conversation, wanted: wire.OfferRequest
) -> Response:
    """Answer a ring."""
    return written(await desk.taking.accept(session.account, conversation, wanted.offer))


@conversation_routes.post("/decline", response_model=wire.Written, responses=WRITE)
async def decline(
    desk: Desk, session: Signed, conversation: Conversation, wanted: wire.DeclineRequest
) -> Response:
    """Let it ring at the next one; who waits keeps their place."""
    return written(await desk.taking.decline(session.account, conversation, wanted.offer, wanted.reason))


@conversation_routes.post("/takeover", response_model=wire.Written, responses=WRITE)
async def take_over(
    desk: Desk, session: Signed, conversation: Conversation, wanted: wire.TakeoverRequest
) -> Response:
    """Become the owner; the customer, and who had it, are told."""
    return written(await desk.taking.take_over(session.account, conversation, wanted.seen, wanted.reason))


@conversation_routes.post("/transfer", response_model=wire.Written, responses=WRITE)
async def transfer(
    desk: Desk, session: Signed, conversation: Conversation, wanted: wire.TransferRequest
) -> Response:
    """Let a person or a queue have it, warm or cold."""
    sequence = await desk.taking.transfer(
        session.account,
        conversation,
        to=wanted.to or "",
        queue=wanted.queue or "",
        warm=wanted.warm,
        note=wanted.note,
        seen=wanted.seen,
    )
    return written(sequence)


@conversation_routes.post("/give-back", response_model=wire.Written, responses=WRITE)
async def give_back(
    desk: Desk, session: Signed, conversation: Conversation, wanted: wire.SeenRequest
) -> Response:
    """Let the assistant go on at the same step."""
    return written(await desk.taking.give_back(session.account, conversation, wanted.seen, wanted.note))


@conversation_routes.post("/close", response_model=wire.Written, responses=WRITE)
async def close(
    desk: Desk, session: Signed, conversation: Conversation, wanted: wire.SeenRequest
) -> Response:
    """End a conversation that is wrapped up."""
    return written(await desk.taking.close(session.account, conversation, wanted.seen))


# --- words


@conversation_routes.post("/messages", response_model=wire.Written, responses=WRITE)
async def send_message(
    desk: Desk, session: Signed, conversation: Conversation, message: wire.MessageRequest
) -> Response:
    """Say something to the customer, once per `client_id`."""
    sequence = await desk.speaking.send(
        session.account, conversation, client_id=message.client_id, text=message.text, seen=message.seen
    )
    return written(sequence)


@conversation_routes.post("/notes", response_model=wire.Written, responses=WRITE)
async def write_note(
    desk: Desk, session: Signed, conversation: Conversation, note: wire.NoteRequest
) -> Response:
    """Write what no customer sees: a note, a question to a colleague, its answer, a whisper."""
    sequence = await desk.speaking.note(
        session.account,
        conversation,
        client_id=note.client_id,
        text=note.text,
        form=note.form,
        to=note.to,
    )
    return written(sequence)


@conversation_routes.post("/watch", response_model=wire.Written, responses=WRITE)
async def watch(desk: Desk, session: Signed, conversation: Conversation, _: wire.Nothing) -> Response:
    """Read along."""
    return written(await desk.speaking.watch(session.account, conversation, on=True))


@conversation_routes.post("/unwatch", response_model=wire.Written, responses=WRITE)
async def unwatch(desk: Desk, session: Signed, conversation: Conversation, _: wire.Nothing) -> Response:
    """Read along no longer."""
    return written(await desk.speaking.watch(session.account, conversation, on=False))


@conversation_routes.post("/join", response_model=wire.Written, responses=WRITE)
async def join(desk: Desk, session: Signed, conversation: Conversation, _: wire.Nothing) -> Response:
    """Speak along; the customer is told."""
    return written(await desk.speaking.join(session.account, conversation, on=True))


@conversation_routes.post("/leave", response_model=wire.Written, responses=WRITE)
async def leave(desk: Desk, session: Signed, conversation: Conversation, _: wire.Nothing) -> Response:
    """Speak along no longer."""
    return written(await desk.speaking.join(session.account, conversation, on=False))


@conversation_routes.put("/draft", response_model=wire.Saved, responses=WRITE)
async def keep_draft(
    desk: Desk, session: Signed, conversation: Conversation, wanted: wire.DraftRequest
) -> Response:
    """Keep what is being written; an empty text drops it."""
    check_permission(session.account.role, "conversation.note")
    await desk.ground.access(session.account, conversation)
    now = desk.room.clock.now()
    draft = Draft(wanted.text, wanted.form, now) if wanted.text else None
    desk.room.book.keep_draft(conversation, session.account.account, draft)
    return answer({"saved_at": now if draft is not None else None})


# --- time


@conversation_routes.post("/snooze", response_model=wire.Written, responses=WRITE)
async def snooze(
    desk: Desk, session: Signed, conversation: Conversation, wanted: wire.SnoozeRequest
) -> Response:
    """Take it up again later, or when the customer writes."""
    return written(await desk.duties.snooze(session.account, conversation, wanted.until, wanted.reason))


@conversation_routes.post("/wake", response_model=wire.Written, responses=WRITE)
async def wake(desk: Desk, session: Signed, conversation: Conversation, _: wire.Nothing) -> Response:
    """Take a snoozed one up now."""
    return written(await desk.duties.wake(session.account, conversation))


@conversation_routes.post("/promise", response_model=wire.Written, responses=WRITE)
async def promise(
    desk: Desk, session: Signed, conversation: Conversation, wanted: wire.PromiseRequest
) -> Response:
    """Promise something with a clock; the customer is told its number."""
    sequence = await desk.duties.promise(
        session.account,
        conversation,
        client_id=wanted.client_id,
        kind=wanted.kind,
        summary=wanted.summary,
        due_at=wanted.due_at,
    )
    return written(sequence)


@conversation_routes.post("/promise/keep", response_model=wire.Written, responses=WRITE)
async def keep_promise(
    desk: Desk, session: Signed, conversation: Conversation, wanted: wire.KeepRequest
) -> Response:
    """Note that a promise is kept."""
    return written(
        await desk.duties.keep(session.account, conversation, wanted.number, wanted.resolution)
    )


# --- procedures, proof, wrap-up


@conversation_routes.post("/guided/start", response_model=wire.Written, responses=WRITE)
async def start_procedure(
    desk: Desk, session: Signed, conversation: Conversation, wanted: wire.StartRequest
) -> Response:
    """Begin a procedure as a form."""
    return written(
        await desk.guiding.start(session.account, conversation, wanted.flow, dict(wanted.values))
    )


@conversation_routes.post("/guided/fill", response_model=wire.Written, responses=WRITE)
async def fill_slot(
    desk: Desk, session: Signed, conversation: Conversation, wanted: wire.FillRequest
) -> Response:
    """Answer what the procedure asks."""
    sequence = await desk.guiding.fill(
        session.account, conversation, wanted.frame, wanted.slot, wanted.value
    )
    return written(sequence)


@conversation_routes.post("/guided/reopen", response_model=wire.Written, responses=WRITE)
async def reopen_slot(
    desk: Desk, session: Signed, conversation: Conversation, wanted: wire.ReopenRequest
) -> Response:
    """Correct a value given before."""
    return written(await desk.guiding.reopen(session.account, conversation, wanted.frame, wanted.slot))


@conversation_routes.post("/guided/cancel", response_model=wire.Written, responses=WRITE)
async def cancel_procedure(
    desk: Desk, session: Signed, conversation: Conversation, wanted: wire.FrameRequest
) -> Response:
    """Leave the procedure."""
    return written(await desk.guiding.cancel(session.account, conversation, wanted.frame))


@conversation_routes.post("/verify", response_model=wire.Written, responses=WRITE)
async def verify(
    desk: Desk, session: Signed, conversation: Conversation, wanted: wire.VerifyRequest
) -> Response:
    """Open the secure widget at the customer's side; what is typed there nobody here sees."""
    return written(await desk.guiding.verify(session.account, conversation, wanted.level))


@conversation_routes.post("/reveal", response_model=wire.Revealed, responses=WRITE)
async def reveal(
    desk: Desk, session: Signed, conversation: Conversation, wanted: wire.RevealRequest
) -> Response:
    """Show a masked field for 30 seconds; it is written down."""
    return answer(
        await desk.guiding.reveal(session.account, conversation, wanted.field, wanted.reason)
    )


@conversation_routes.post("/copilot", response_model=wire.Written, responses=WRITE)
async def handle_card(
    desk: Desk, session: Signed, conversation: Conversation, wanted: wire.CardRequest
) -> Response:
    """Note what became of a card of the copilot."""
    return written(
        await desk.guiding.handle_card(session.account, conversation, **wanted.model_dump())
    )


@conversation_routes.post("/wrap", response_model=wire.Written, responses=WRITE)
async def wrap_up(
    desk: Desk, session: Signed, conversation: Conversation, wanted: wire.WrapRequest
) -> Response:
    """Write what it was about and how it ended."""
    return written(await desk.guiding.wrap(session.account, conversation, **wanted.model_dump()))
