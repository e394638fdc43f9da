"""Cases in which something comes between: 1, 18, 20, 35, 36, 41, 42, 43, 44."""

from __future__ import annotations

from random import Random

from tellerline.bank.catalogue import OPERATIONS
from tellerline.dialogue.tracker import Question
from tellerline.domain import event as e
from tellerline.exam.case import Expected
from tellerline.exam.clock import LoopClock
from tellerline.exam.matrix.cases import needs
from tellerline.exam.matrix.cell import Cell
from tellerline.exam.matrix.customer import method_after, say_value
from tellerline.exam.matrix.shape import TYPED
from tellerline.exam.stage import Impossible

SLOW_MS = 5_000


async def interrupted(cell: Cell) -> None:
    """1. The interrupted flow goes on, by itself or when asked; one that moves money never by itself."""
    await cell.reach(needs.is_closed(cell.shape))
    before = cell.question
    done = len(cell.talk.committed())
    await cell.other_business()
    answered = cell.said(e.FlowStarted, e.KnowledgeAnswered)
    cell.check(answered, "the other business is answered")
    cell.check(len(cell.talk.committed()) == done, "nothing is done by an interruption")
    await back_to(cell, before)
    await cell.to_the_end()


async def back_to(cell: Cell, before: Question) -> None:
    """See the interrupted flow taken up where it was; by asking first, where the flow says so."""
    asked = cell.talk.question
    if cell.said(e.FlowInterrupted) and cell.flow.resume == "ask":
        cell.check(asked is not None and asked.what == "resume", "it is asked whether to go on")
        await cell.talk.say(cell.phrase("go_on"))
    cell.same_question(before, after="the interruption")


async def no_chase(cell: Cell) -> None:
    """35. The interruption is answered first; the old question does not come before it."""
    await cell.reach(needs.asks())
    before = cell.question
    own = f"{cell.flow.flow}/{cell.shape.slot(before.slot).ask}"
    await cell.other_business()
    order = [source.id for source in cell.talk.scene.sources]
    others = [
        index for index, name in enumerate(order) if not name.startswith(("patterns/", f"{cell.flow.flow}/"))
    ]
    cell.check(bool(others), "the other business is answered", ", ".join(order))
    early = own in order and bool(others) and order.index(own) < others[0]
    cell.check(not early, "the old question is not asked before the answer", ", ".join(order))


async def nested(cell: Cell) -> None:
    """36. After one interruption upon another the right question comes back, in the same instance of the flow."""
    await cell.reach(needs.is_open)
    before = cell.question
    await cell.ask()
    await back_to(cell, before)
    await cell.other_business()
    await back_to(cell, before)
    frames = [frame.id for frame in cell.talk.tracker.stack if frame.flow == cell.flow.flow]
    cell.check(len(frames) == 1, "there is one instance of the flow", ", ".join(frames))


async def new_release(cell: Cell) -> None:
    """18. A new release comes into force: this conversation ends on the one it began with."""
    await cell.reach(needs.is_open)
    before = cell.question
    old = cell.house.release.version
    with cell.house.succeeded():
        await cell.talk.say(cell.phrase("wait"))
        cell.same_question(before, after="a new release")
        await cell.to_the_end()
        cell.check(cell.talk.tracker.release == old, "the conversation stays on its release")
    used = {
        source.version for message in cell.talk.sent() for source in message.sources if source.kind == "copy"
    }
    cell.check(used == {old[:12]}, "every text is of that release", ", ".join(sorted(used)))


async def slow_bank(cell: Cell) -> None:
    """20. Messages that come while the bank is at work are answered after it, in order, and nothing is lost or doubled."""
    await cell.reach(lambda spot: spot.what in ("done", "slot", "confirm", "over"), before=True)
    route = next(route for route in cell.atlas.routes if _is_way(cell, route.turns))
    turn = route.turns[cell.talk.turn]
    for operation in (*cell.shape.lookups, *cell.shape.actions):
        cell.app.bank.faults.set(operation, "slow", delay_ms=SLOW_MS)
    if turn.say is None:
        await cell.talk.play(turn)
        cell.app.bank.faults.clear()
        return
    texts = [turn.say] if isinstance(turn.say, str) else turn.say
    received = [await cell.talk.deliver(f"slow{place}", text) for place, text in enumerate(texts)]
    await cell.pause(1)
    received.append(await cell.talk.deliver("meanwhile", cell.phrase("wait")))
    await cell.talk.look()
    cell.app.bank.faults.clear()
    taken = [event.sequence for event in cell.talk.scene.record if isinstance(event.body, e.MessageReceived)]
    cell.check([x.sequence for x in received] == taken[-len(received) :], "every message is kept, in order")
    cell.check(cell.talk.tracker.answered >= received[-1].sequence, "every message is answered")
    keys = cell.talk.committed()
    cell.check(len(keys) == len(set(keys)), "nothing is done twice")


def _is_way(cell: Cell, turns: tuple[object, ...]) -> bool:
    """Tell whether the conversation so far is the beginning of a route, and the route goes on."""
    return len(turns) > cell.talk.turn and cell.played == turns[: cell.talk.turn]


async def other_channel(cell: Cell) -> None:
    """41. The conversation is taken up at another counter: it stands where it stood."""
    await cell.reach(needs.is_open)
    before = cell.question
    clock = LoopClock(cell.talk.now)
    random = Random(cell.random.random())  # noqa: S311  a second counter's codes
    second = cell.house.make(clock, random, bank=cell.app.bank, log=cell.app.log)
    cell.talk.stage.move(second)
    try:
        await cell.talk.say(cell.phrase("repeat"))
        cell.same_question(before, after="the change of channel")
        await cell.to_the_end()
    finally:
        await second.counter.close()


async def other_language(cell: Cell) -> None:
    """42. The answer comes in the other language: it is taken, and the conversation goes on in that language."""
    usable = [name for name in cell.shape.asks if cell.shape.slot(name).type in (*TYPED, "yes_no")]
    await cell.reach(needs.asks(*(usable or cell.shape.pickable)))
    before = cell.question
    slot = cell.shape.slot(before.slot)
    other = "en" if cell.language == "zh" else "zh"
    polite = {"en": "It's {}, please", "zh": "是{}，谢谢"}[other]
    if slot.type == "yes_no":
        answer = {"en": "Yes", "zh": "是的"}[other]
        polite = {"en": "{}, please", "zh": "{}，谢谢"}[other]
    elif before.options:
        answer = {"en": "the first one", "zh": "第一个"}[other]
    else:
        customer = cell.customer()
        values = customer.values(
            slot, before.slot, customer.scope(cell.talk.tracker, cell.flow.flow, cell.talk.now)
        )
        if not values:
            raise Impossible(f"a value for {before.slot} can be given", cell.talk.where())
        answer = say_value(values[0], slot, "en" if other == "en" else "zh")
    await cell.talk.say(polite.format(answer))
    cell.check(cell.talk.tracker.language == other, f"the conversation goes on in {other}")
    filled = cell.value(before.slot) is not None or cell.frame is None
    cell.check(filled, f"{before.slot} is filled by {answer!r}")


async def returned(cell: Cell) -> None:
    """43. A representative was asked for; what the customer says next still answers the question that was open."""
    await cell.reach(needs.asks())
    before = cell.question
    await cell.talk.say(cell.phrase("human"))
    cell.check(cell.talk.tracker.waiting is not None, "a representative is waited for")
    turn = cell.customer().answer(cell.talk.tracker, cell.talk.now)
    cell.check(cell.frame is not None and turn is not None, "the flow stands where it stood")
    if turn is not None and cell.frame is not None:
        await cell.talk.play(turn)
        moved = cell.talk.question is None or cell.question.slot != before.slot
        cell.check(moved or cell.value(before.slot) is not None, "the answer is taken at the same step")


async def coached(cell: Cell) -> None:
    """44. A third party dictates: from here on no money leaves, whatever the customer confirms."""
    await cell.reach(needs.is_open)
    moved = len(cell.money_moved())
    cell.talk.allow_alarm()
    await cell.talk.say(cell.phrase("scam"), expect=Expected(alarm=True))
    known = cell.talk.tracker.suspected_scam or cell.shape.looks_for_scams
    cell.check(known, "the scam is suspected")
    if cell.shape.moves_money:
        cell.check(cell.frame is None, "the flow that moves money is stopped")
    await cell.go_on(6)
    cell.check(len(cell.money_moved()) == moved, "no money moves afterwards", ", ".join(cell.money_moved()))


async def idle(cell: Cell) -> None:
    """39. After five idle minutes the proof is asked for again before anything that needs it."""
    await cell.reach(lambda spot: spot.what == "confirm" and needs_proof(spot.about), known=True)
    done = len(cell.talk.committed())
    proven = cell.talk.tracker.level
    await cell.talk.wait(6)
    await cell.talk.say(cell.phrase("confirm"))
    cell.check(cell.talk.tracker.level < proven, "the level falls", str(cell.talk.tracker.level))
    cell.check(len(cell.talk.committed()) == done, "nothing is done at a level that has expired")
    asked = cell.talk.question
    cell.check(
        asked is not None and asked.what == "verify", f"{method_after(cell.talk.tracker.level)} is asked for"
    )


def needs_proof(action: str) -> bool:
    """Tell whether an action needs more than the app session."""
    return action in OPERATIONS and OPERATIONS[action].level >= 2
