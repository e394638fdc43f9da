"""Cases in which the customer says something beside the open question: 5, 8, 9, 14, 15, 27, 28, 45, 46, 47, and 10, 17."""

from __future__ import annotations

from tellerline.domain import event as e
from tellerline.exam.case import Expected, HandoverExpected
from tellerline.exam.matrix.cases import needs
from tellerline.exam.matrix.cases.interruptions import back_to
from tellerline.exam.matrix.cell import Cell

LONG_CHARS = 9_000
SILENT_MINUTES = 4
PIN, CARD = "739164", "6222021001098550814"


async def chitchat(cell: Cell) -> None:
    """5. Small talk is answered, and the question stays."""
    await cell.reach(needs.is_closed(cell.shape))
    before = cell.question
    await cell.talk.say(cell.phrase("hello"))
    cell.check("ChitChat" in cell.talk.commands(), "small talk is taken as small talk")
    cell.same_question(before, after="small talk")
    await cell.to_the_end()


async def cannot_handle(cell: Cell) -> None:
    """8. What is not understood and what is not offered are told apart; the question stays."""
    await cell.reach(needs.asks(*needs.closed(cell.shape)))
    before = cell.question
    held = cell.value(before.slot)
    await cell.talk.say(cell.phrase("outside"))
    cell.check(cell.value(before.slot) == held, "what is outside the bank's business fills no slot")
    cell.same_question(before, after="something outside")
    await cell.talk.say(cell.phrase("nonsense"))
    cell.same_question(before, after="nonsense")
    noticed = cell.talk.scene.all_bodies(e.CannotHandleNoticed)
    cell.check(bool(noticed), "what could not be handled is noted with its reason")


async def unusable(cell: Cell) -> None:
    """9. An empty or an endless message changes nothing."""
    await cell.reach(needs.is_open)
    before = cell.question
    values = dict(cell.frame.values) if cell.frame else {}
    for text, reason in ((cell.phrase("empty"), "empty"), ("好的 ok " * (LONG_CHARS // 6), "too_long")):
        await cell.talk.say(text)
        reasons = [body.reason for body in cell.talk.scene.bodies(e.CannotHandleNoticed)]
        cell.check(
            reasons == [reason], f"the message is noted as {reason}", ", ".join(reasons) or cell.talk.where()
        )
        cell.same_question(before, after=f"a message that is {reason}")
    kept = cell.frame is not None and all(
        cell.frame.values.get(name) == value for name, value in values.items()
    )
    cell.check(kept, "what was said before is kept")


async def search(cell: Cell) -> None:
    """14. A question of knowledge is answered with its source, then the pending question is asked."""
    await cell.reach(needs.is_open)
    before = cell.question
    await cell.ask()
    kinds = {source.kind for source in cell.talk.scene.sources}
    cell.check(bool(kinds & {"fact", "article"}), "the answer names the fact or article it rests on")
    await back_to(cell, before)
    await cell.to_the_end()


async def repeat(cell: Cell) -> None:
    """15. It is said again, and nothing else happens."""
    await cell.reach(needs.is_open)
    before = cell.question
    await cell.talk.say(cell.phrase("repeat"))
    cell.check("RepeatLast" in cell.talk.commands(), "saying it again is what was asked")
    cell.same_question(before, after="saying it again")
    await cell.to_the_end()


async def wait(cell: Cell) -> None:
    """27. The customer may take a moment."""
    await cell.reach(needs.is_open)
    before = cell.question
    await cell.talk.say(cell.phrase("wait"))
    cell.check("Wait" in cell.talk.commands(), "a moment is what was asked for")
    cell.same_question(before, after="a moment")
    await cell.to_the_end()


async def explain(cell: Cell) -> None:
    """28. What is asked is explained, and why it is asked, each in the slot's own words."""
    await cell.reach(needs.asks())
    before = cell.question
    slot = cell.shape.slot(before.slot)
    for phrase, own in (("explain", slot.explain), ("why", slot.why)):
        if own:
            await cell.talk.say(cell.phrase(phrase))
            wanted = (f"{cell.flow.flow}/{own}", f"patterns/{own}")
            told = any(copy in wanted for copy in cell.copies())
            cell.check(told, f"{own} is said", ", ".join(cell.copies()) or cell.talk.where())
            cell.same_question(before, after=phrase)
    await cell.to_the_end()


async def distress(cell: Cell) -> None:
    """45. A crisis goes before everything: calm words, a person at once, and nothing is done meanwhile."""
    await cell.reach(needs.is_open)
    done = len(cell.talk.committed())
    cell.talk.allow_alarm()
    handover = HandoverExpected(reason="crisis")
    await cell.talk.say(cell.phrase("crisis"), expect=Expected(handover=handover, alarm=True))
    cell.check(
        "patterns/crisis" in cell.copies(), "the words for a crisis are said", ", ".join(cell.copies())
    )
    cell.check(len(cell.talk.committed()) == done, "nothing is done in the turn of a crisis")


async def secret(cell: Cell) -> None:
    """46. A password and a card number in the chat are kept nowhere, and the customer is warned."""
    await cell.reach(needs.is_open)
    cell.talk.secrets += [PIN, CARD]
    await cell.talk.say(cell.phrase("secret", pin=PIN, card=CARD))
    kinds = {kind for body in cell.talk.scene.bodies(e.MessageReceived) for kind in body.redacted}
    cell.check("card" in kinds and len(kinds) > 1, "both are replaced", ", ".join(sorted(kinds)) or "none")
    cell.check("patterns/secret_in_chat" in cell.copies(), "the customer is warned", ", ".join(cell.copies()))


async def complaint(cell: Cell) -> None:
    """47. A complaint inside any flow becomes a case with a number in the same conversation."""
    await cell.reach(needs.is_open)
    before = len(cell.talk.tracker.cases)
    await cell.talk.say(cell.phrase("complaint"))
    opened = [case for case in cell.talk.scene.all_bodies(e.CaseOpened) if "complaint" in case.case_kind]
    if not opened:
        await cell.go_on(2)
        opened = [case for case in cell.talk.scene.all_bodies(e.CaseOpened) if "complaint" in case.case_kind]
    cell.check(len(opened) == 1, "one complaint is registered", f"{len(opened)}, {before} cases before")


async def human(cell: Cell) -> None:
    """10. A representative is asked for and comes in the same turn, without persuasion."""
    await cell.reach(needs.is_open)
    await cell.talk.say(cell.phrase("human"), expect=Expected(handover=HandoverExpected(reason="asked")))
    cell.check(not cell.talk.scene.bodies(e.FlowStarted), "no other business is begun")


async def silence(cell: Cell) -> None:
    """17. Silence: asked once more, warned, closed; and nothing is done meanwhile."""
    await cell.reach(needs.is_open)
    done = len(cell.talk.committed())
    said = []
    for _ in range(3):
        await cell.talk.wait(SILENT_MINUTES)
        said += cell.copies()
    for copy in ("patterns/are_you_there", "patterns/will_close", "patterns/closing_after_silence"):
        cell.check(copy in said, f"{copy} is said", ", ".join(said) or "nothing was said")
    cell.check(cell.talk.tracker.closed, "the conversation is closed")
    cell.check(len(cell.talk.committed()) == done, "nothing is done in silence")
