"""Cases about what the bank does: 33, 37, 38, 40."""

from __future__ import annotations

from tellerline.domain import event as e
from tellerline.exam.matrix.cases import needs
from tellerline.exam.matrix.cell import Cell
from tellerline.exam.stage import Impossible

WRONG_MAX = 3  # failed proofs before a representative is brought in
RECONCILED_MINUTES = 3


async def wrong_proofs(cell: Cell) -> None:
    """33. Three failed proofs: a representative, and nothing is reached."""
    await cell.reach(needs.at("verify"), known=True)
    level = cell.talk.tracker.level
    done = len(cell.talk.committed())
    for _ in range(WRONG_MAX):
        if cell.talk.tracker.waiting is None:
            await cell.talk.verify("wrong")
    cell.check(cell.talk.tracker.waiting is not None, f"a representative is brought in after {WRONG_MAX}")
    cell.check(cell.talk.tracker.level == level, "no level is reached")
    cell.check(len(cell.talk.committed()) == done, "nothing is done")


async def last_turn(cell: Cell) -> tuple[str, str]:
    """Lead to the turn before an action that a message brings about; return the action and the message.

    Raises: Impossible.
    """
    ways = [
        (route, spot)
        for route, spot in cell.atlas.ways(needs.at("done"))
        if isinstance(route.turns[route.spots[spot] - 1].say, str)
    ]
    if not ways:
        raise Impossible("a message brings an action about", "none was found")
    route, spot = cell.random.choice(ways)
    await cell.follow(route, route.spots[spot] - 1)
    return spot.about, str(route.turns[route.spots[spot] - 1].say)


async def sent_twice(cell: Cell) -> None:
    """37. The message that starts the action arrives twice, and is typed once more: done once."""
    action, text = await last_turn(cell)
    before = cell.effects(action)
    first = await cell.talk.deliver("once", text)
    second = await cell.talk.deliver("once", text)
    cell.check(
        second.duplicate and second.sequence == first.sequence, "the second delivery is the same message"
    )
    await cell.talk.deliver("again", text)
    await cell.talk.look()
    done = cell.effects(action) - before
    committed = len([body for body in cell.talk.scene.bodies(e.ActionCommitted) if body.action == action])
    cell.check(done == committed >= 1, f"{action} is done as often as it is recorded", f"{done}, {committed}")
    requested = [body.key for body in cell.talk.scene.bodies(e.CommitRequested) if body.action == action]
    cell.check(done == len(set(requested)), f"{action} is done once for each time it was agreed", str(done))
    await cell.go_on(2, says_yes=False)
    keys = cell.talk.committed()
    cell.check(len(keys) == len(set(keys)), "no key is used twice")


async def outcome_unknown(cell: Cell) -> None:
    """38. The bank does not answer: nothing is claimed, the outcome is found out, and the customer is told."""
    action, text = await last_turn(cell)
    before = cell.effects(action)
    happened = cell.random.random() < 0.5
    cell.app.bank.faults.set(action, "unknown_done" if happened else "unknown_not_done", times=1)
    await cell.talk.say(text)
    failed = [body for body in cell.talk.scene.bodies(e.ActionFailed) if body.action == action]
    unknown = [body for body in failed if body.error == "outcome_unknown"]
    cell.check(bool(unknown), "the outcome is recorded as unknown", cell.talk.where())
    claimed = [body for body in cell.talk.scene.bodies(e.ActionCommitted) if body.action == action]
    cell.check(not claimed, f"{action} is not said to be done")
    kinds = [case.case_kind for case in cell.talk.scene.all_bodies(e.CaseOpened)]
    cell.check("reconcile" in kinds, "a case is opened to find out", ", ".join(kinds))
    await cell.talk.wait(RECONCILED_MINUTES)
    told = {"patterns/reconciled_done", "patterns/reconciled_not_done"} & set(cell.copies())
    cell.check(bool(told), "the customer is told what became of it")
    cell.check(not cell.talk.tracker.unknown, "nothing is left unknown")
    done = cell.effects(action) - before
    cell.check(done == happened, f"{action} is done {int(happened)} times", str(done))
    wanted = "patterns/reconciled_done" if happened else "patterns/reconciled_not_done"
    cell.check(told == {wanted}, "what the customer is told is true", ", ".join(told))


async def terms_changed(cell: Cell) -> None:
    """40. What was read back no longer holds: it is read back anew, and done only after another yes."""
    await cell.reach(needs.at("confirm"), known=True)
    frame = cell.frame
    if frame is None or frame.pending is None:
        raise Impossible("something is read back", cell.talk.where())
    action = frame.pending.action
    before = cell.effects(action)
    cell.app.bank.faults.set(action, "terms_changed", times=1)
    await cell.talk.say(cell.phrase("confirm"))
    if cell.talk.question is not None and cell.question.what == "verify":
        await cell.talk.verify()  # the proof is asked for between the yes and the act
    voided = [body.reason for body in cell.talk.scene.all_bodies(e.ConfirmationVoided)]
    cell.check("changed" in voided, "the confirmation is void", ", ".join(voided) or cell.talk.where())
    cell.check(cell.effects(action) == before, f"{action} is not done on the old terms")
    asked = cell.talk.question
    cell.check(asked is not None and asked.what == "confirm", "it is read back once more")
    await cell.talk.say(cell.phrase("confirm"))
    cell.check(cell.effects(action) == before + 1, f"{action} is done once, after the second yes")
