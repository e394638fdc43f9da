"""Cases in which the customer leaves a question or a flow: 3, 4, 13, 19, 25, 26, 29, and how a flow ends: 6, 16."""

from __future__ import annotations

from tellerline.domain import event as e
from tellerline.exam.matrix.cases import needs
from tellerline.exam.matrix.cell import Cell
from tellerline.flows.spec import Slot

REFUSALS = 4  # answers that cannot be used: a representative is offered by then


async def cancel(cell: Cell) -> None:
    """3. Only this flow is stopped, and what is done already is not said to be stopped."""
    await cell.reach(needs.is_open)
    done = len(cell.talk.committed())
    committed = bool(cell.frame and cell.frame.committed)
    await cell.talk.say(cell.phrase("cancel"))
    cell.check(cell.frame is None, "the flow is left")
    outcome = cell.talk.scene.outcomes.get(cell.flow.flow)
    wanted = "completed" if committed else "cancelled"
    cell.check(outcome == wanted, f"the flow is {wanted}", outcome or cell.talk.where())
    said = "patterns/cancelled"
    honest = not (committed and said in cell.copies())
    cell.check(honest, "what the bank has done is not said to be cancelled")
    cell.check(len(cell.talk.committed()) == done, "nothing more is done")


async def skip(cell: Cell) -> None:
    """4. A question that is not answered is left out where it can be, else it is said why it is asked."""
    await cell.reach(needs.asks())
    before = cell.question
    slot: Slot = cell.shape.slot(before.slot)
    step = next(step for step in cell.flow.steps if step.ask == before.slot)
    await cell.talk.say(cell.phrase("skip"))
    cell.check("SkipQuestion" in cell.talk.commands(), "the question is skipped")
    if slot.skippable or "skipped" in step.on:
        moved = cell.frame is None or cell.talk.question is None or cell.question.slot != before.slot
        cell.check(moved, "the flow goes on without the answer")
    else:
        cell.same_question(before, after="skipping")
        told = any(copy.endswith((f"/{slot.why}", "/cannot_skip")) for copy in cell.copies())
        cell.check(told, "it is said why the question matters", ", ".join(cell.copies()))


async def capped(cell: Cell) -> None:
    """13. Asked, refused, asked again, but not for ever: then a representative."""
    await cell.reach(needs.asks(*needs.closed(cell.shape)))
    before = cell.question
    for _ in range(REFUSALS):
        await cell.talk.say(cell.phrase("nonsense"))
        asked = cell.talk.question
        if asked is None or (asked.frame, asked.slot) != (before.frame, before.slot):
            break
    given = cell.value(before.slot) if cell.frame else None
    cell.check(given is None, "nonsense fills no slot", str(given))
    over = cell.said(e.HandoverRequested)
    cell.check(over, f"a representative is brought in within {REFUSALS} unusable answers")


async def restart(cell: Cell) -> None:
    """19. Everything that is not done is dropped."""
    await cell.reach(needs.is_closed(cell.shape))
    done = len(cell.talk.committed())
    await cell.talk.say(cell.phrase("restart"))
    cell.check(not cell.talk.tracker.stack and not cell.talk.tracker.queue, "nothing is left running")
    cell.check("patterns/restarted" in cell.copies(), "the new beginning is said", ", ".join(cell.copies()))
    cell.check(len(cell.talk.committed()) == done, "nothing is done")


async def cancel_and_start(cell: Cell) -> None:
    """25. Stopped, and something else begun, in one message."""
    await cell.reach(needs.is_closed(cell.shape))
    other = "other_third" if cell.flow.flow == "branch_hours" else "other_second"
    await cell.talk.say(cell.phrase("cancel_and", what=cell.phrase(other)))
    cell.check(cell.frame is None, "the flow is left")
    kinds = {source.kind for source in cell.talk.scene.sources}
    begun = [body.flow for body in cell.talk.scene.bodies(e.FlowStarted)]
    cell.check(bool(begun or kinds & {"fact", "article"}), "the other business is answered")


async def mind_changed(cell: Cell) -> None:
    """26. What is read back makes the customer think again: nothing is done."""
    await cell.reach(needs.at("confirm"))
    action = cell.frame.pending.action if cell.frame and cell.frame.pending else ""
    done = cell.effects(action)
    await cell.talk.say(cell.phrase("rather_not"))
    pending = cell.frame.pending if cell.frame else None
    cell.check(pending is None or pending.action != action, "what was read back is void")
    cell.check(cell.effects(action) == done, f"{action} is not done")


async def leave(cell: Cell) -> None:
    """29. Refuses, then leaves: no chase."""
    await cell.reach(needs.is_closed(cell.shape))
    done = len(cell.talk.committed())
    queued = {request.flow for request in cell.talk.tracker.queue}  # asked for besides, and served still
    await cell.talk.say(cell.phrase("refuse"))
    cell.check(not cell.talk.tracker.closed and bool(cell.talk.scene.text), "the refusal is answered")
    await cell.talk.say(cell.phrase("goodbye"))
    asked, top = cell.talk.question, cell.talk.tracker.top
    ended = asked is None or asked.what == "more" or (top is not None and top.flow in queued)
    cell.check(ended, "who leaves is asked nothing more")
    cell.check(len(cell.talk.committed()) == done, "nothing is done")


async def completed(cell: Cell) -> None:
    """6. The end is said once; after "no, thanks" nothing more is offered."""
    await cell.reach(needs.at("over"), known=True)
    ended = cell.talk.scene.outcomes.get(cell.flow.flow)
    offers = sum(copy in ("patterns/anything_else", "patterns/offer_next") for copy in cell.copies())
    cell.check(offers <= 1, "at most one thing is offered at the end", ", ".join(cell.copies()))
    cell.check(ended is not None or cell.said(e.HandoverRequested), "the flow has an outcome")
    await cell.talk.say(cell.phrase("thanks"))
    asked = cell.talk.question
    cell.check(asked is None or asked.what == "more", "nothing more is asked")
    cell.check(not cell.said(e.FlowStarted, e.CaseOpened), "nothing is begun by a thank-you")


async def satisfaction(cell: Cell) -> None:
    """16. Praise is answered kindly, and is no business."""
    await cell.reach(needs.at("over"), known=True)
    await cell.talk.say(cell.phrase("praise"))
    cell.check(not cell.said(e.FlowStarted, e.CaseOpened), "praise begins nothing")
    cell.check(not cell.said(e.CannotHandleNoticed), "praise is understood")
