"""Cases about how a flow begins: 7, 11, 21, 23, 31, 32, 34."""

from __future__ import annotations

from collections.abc import Mapping

from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.language import Language
from tellerline.exam.matrix.cell import Cell, NotHere
from tellerline.exam.matrix.scout import Route, has_begun
from tellerline.exam.matrix.shape import TYPED
from tellerline.exam.matrix.talk import Caller, Talk
from tellerline.exam.stage import Impossible

OPENER_CHARS_MAX = 90
AHEAD: Mapping[str, Mapping[Language, str]] = {
    "payee": {"zh": "给{}", "en": "to {}"},
    "phone": {"zh": "手机{}", "en": "phone {}"},
    "last_four": {"zh": "卡尾号{}", "en": "the card ending {}"},
}
"""How values that would not speak for themselves are named."""
SAME_NAME_MAX = 2
NAMES_MAX = 6  # short names of the business that are tried for one that has to be clarified


async def begin(cell: Cell, caller: Caller) -> Talk:
    """Begin a new conversation."""
    talk = Talk(cell.app, caller, cell.language, alarm=cell.shape.looks_for_scams)
    cell.talks.append(talk)
    await talk.open()
    return talk


def begun(cell: Cell) -> bool:
    """Tell whether the flow has begun in this conversation."""
    return has_begun(cell.talk, cell.shape)


def opener(cell: Cell) -> Route:
    """Return a route that begins with one short message. Raises: Impossible."""
    short = [
        route
        for route in cell.atlas.routes
        if len(route.opener) <= OPENER_CHARS_MAX
        and "\n" not in route.opener
        and min(route.spots.values()) == 1
    ]
    if not short:
        raise Impossible("a short message begins the flow", "none was found")
    return cell.random.choice(short)


async def clarified(cell: Cell) -> None:
    """7. A name of several businesses: at most three are offered, "neither" and "the second" work, then a person."""
    route = opener(cell)
    names = dict.fromkeys(word for intent in cell.flow.intents for word in _names(cell, intent))
    for name in list(names)[:NAMES_MAX]:
        talk = await begin(cell, route.caller)
        await talk.say(name)
        question = talk.question
        if question is not None and question.what == "clarify" and "Clarify" in talk.commands():
            break
        cell.talks.pop()
    else:
        raise NotHere(f"none of its names is ambiguous: {', '.join(list(names)[:NAMES_MAX])}")
    cell.check(len(question.options) <= 3, "at most three are offered", str(len(question.options)))
    shown = cell.talk.scene.messages[-1].choices
    await cell.talk.say(shown[-1].value)
    asked = cell.talk.question
    cell.check(not cell.said(e.FlowStarted), '"none of these" begins none of them')
    cell.check(asked is None or asked.what in ("more", "clarify"), '"none of these" is accepted')
    talk = await begin(cell, route.caller)
    await talk.say(name)
    options = talk.question.options if talk.question else []
    wanted = min(2, len(options))
    said = {"zh": ("第一个", "第二个"), "en": ("the first one", "the second one")}[cell.language][wanted - 1]
    await talk.say(said)
    flow = cell.house.release.flow_of(options[wanted - 1].value)
    started = [body.flow for body in talk.scene.bodies(e.FlowStarted)]
    reached = flow in started or cell.said(e.KnowledgeAnswered, e.HandoverRequested) or flow is None
    cell.check(reached, f"{said!r} begins {flow}")


def _names(cell: Cell, intent: str) -> list[str]:
    """Return short names of a business: its title, and the parts of it."""
    title = cell.house.release.intents[intent].title.in_(cell.language)
    if cell.language == "en":
        return [title, *[word for word in title.split() if len(word) > 3]]
    return [title, title[:2], title[-2:], title[2:4]]


async def session_start(cell: Cell) -> None:
    """11. Who comes signed in is greeted as such, and not asked again for what the session vouches for."""
    known = [route for route in cell.atlas.routes if route.caller.customer and min(route.spots.values()) == 1]
    route = cell.random.choice(known or cell.atlas.routes)
    talk = await begin(cell, Caller(route.caller.customer, 1))
    cell.check("patterns/welcome" in cell.copies(), "the assistant says what it is", ", ".join(cell.copies()))
    await talk.play(route.turns[0])
    await cell.go_on(4)
    again = [body.level for body in talk.scene.all_bodies(e.VerificationRequested) if body.level <= 1]
    cell.check(not again, "the level of the session is not asked for again")
    cell.check(begun(cell), "the flow begins")


async def told_ahead(cell: Cell) -> None:
    """21. Several values in the opening message: none of them is asked for again."""
    first, second, route = _pair(cell)
    said: list[str] = []
    customer = None
    for name in (first, second):
        await cell.follow(route, route.spots[next(spot for spot in route.spots if spot.about == name)])
        customer = cell.customer()
        words = customer.words(cell.talk.tracker, cell.question, cell.talk.now)
        if cell.shape.slot(name).type == "payee":  # a payee is called by name
            words = words.split(",")[0] if cell.language == "en" else words.rsplit(" ", 1)[0]
        said.append(AHEAD.get(cell.shape.slot(name).type, {}).get(cell.language, "{}").format(words))
    talk = await begin(cell, route.caller)
    mark = {"zh": "，", "en": ", "}[cell.language]
    await talk.say(mark.join([opener_of(route), *said]))
    asked: list[str] = []
    for _ in range(8):
        question = talk.question
        if question is None or cell.frame is None:
            break
        if not (question.slot in (first, second) and 0 < len(question.options) <= SAME_NAME_MAX):
            asked.append(question.slot)  # which of two of the same name is no new question
        if {first, second} <= cell.frame.values.keys():
            break
        await cell.go_on(1)
    cell.check(begun(cell), "the flow begins")
    again = [name for name in (first, second) if name in asked]
    cell.check(not again, f"{first} and {second} are not asked for again", ", ".join(asked))


def opener_of(route: Route) -> str:
    """Return the opening words without their full stop."""
    return route.opener.split("\n")[0].rstrip("。.!！?？")


def _pair(cell: Cell) -> tuple[str, str, Route]:
    """Return two slots that one conversation asks for and that may come with the request."""
    able = [name for name in cell.shape.told_ahead if cell.shape.slot(name).type in (*TYPED, "payee")]
    found = []
    for route in cell.atlas.routes:
        asked = [spot.about for spot in route.spots if spot.what == "slot" and spot.about in able]
        if len(asked) > 1 and len(route.opener) <= OPENER_CHARS_MAX:
            found += [
                (a, b, route) for i, a in enumerate(asked) for b in asked[i + 1 :] if _apart(cell, a, b)
            ]
    if not found:
        raise NotHere("no customer is asked for two different kinds of values that can come with the request")
    found.sort(
        key=lambda pair: len(pair[2].opener)
    )  # the barest request says nothing that the values contradict
    return cell.random.choice([pair for pair in found if pair[2].opener == found[0][2].opener])


def _apart(cell: Cell, first: str, second: str) -> bool:
    """Tell whether two slots cannot be mistaken for each other: of different types, one at most chosen from a list."""
    one, other = cell.shape.slot(first), cell.shape.slot(second)
    return one.type != other.type and not (one.choices and other.choices)


async def two_at_once(cell: Cell) -> None:
    """23. Two requests in one message: both are served, the emergency first, none is forgotten."""
    route = opener(cell)
    talk = await begin(cell, route.caller)
    other = "other_third" if cell.flow.flow == "branch_hours" else "other_second"
    await talk.say(cell.phrase("and_also", first=opener_of(route), second=cell.phrase(other)))
    cell.check(begun(cell), "the flow begins")
    decided = [x for body in talk.scene.all_bodies(e.CommandsDecided) for x in body.commands]
    wanted = [x for x in decided if isinstance(x, c.StartFlow) and x.flow != cell.flow.flow]
    asked = [x for x in decided if isinstance(x, c.AskKnowledge)]
    alarmed = any(isinstance(x, c.ReportFraud) for x in decided)  # goes before everything else in the message
    cell.check(alarmed or bool(wanted or asked), "the second request is heard", talk.where())
    if cell.flow.emergency:
        started = [body.flow for body in talk.scene.all_bodies(e.FlowStarted)]
        cell.check(started[:1] == [cell.flow.flow], "the emergency goes first", ", ".join(started))


async def bare_name(cell: Cell) -> None:
    """31. Only the name of the business: it is begun, or asked about, and no other is."""
    route = opener(cell)
    talk = await begin(cell, route.caller)
    intent = cell.house.release.intents[cell.flow.intents[0]]
    await talk.say(intent.title.in_(cell.language))
    started = {body.flow for body in talk.scene.bodies(e.FlowStarted)}
    offered = {option.value for option in talk.question.options} if talk.question else set()
    heard = begun(cell) or bool(offered & set(cell.flow.intents)) or cell.said(e.KnowledgeAnswered)
    cell.check(heard, "the business is begun, offered or explained")
    cell.check(started <= {cell.flow.flow}, "no other business is begun", ", ".join(sorted(started)))


async def not_eligible(cell: Cell) -> None:
    """32. A customer who has nothing of the kind is told so; nothing is asked that leads nowhere, and nothing is done."""
    route = opener(cell)
    newcomer = cell.house.newcomer(cell.app.bank)
    talk = await begin(cell, Caller(newcomer, 1))
    await talk.play(route.turns[0])
    cell.check(begun(cell), "the flow begins")
    await cell.go_on()
    over = cell.frame is None or talk.tracker.waiting is not None
    cell.check(over, "the flow comes to its end for who has nothing of the kind")
    cell.check(not cell.money_moved(), "no money is moved")


async def long_opening(cell: Cell) -> None:
    """34. The request stands at the head of a long story."""
    route = opener(cell)
    talk = await begin(cell, route.caller)
    mark = {"zh": "", "en": " "}[cell.language]
    stop = {"zh": "。", "en": "."}[cell.language]
    await talk.say(mark.join([opener_of(route) + stop, cell.phrase("story")]))
    question = talk.question
    offered = {option.value for option in question.options} if question else set()
    only_tells = not (cell.shape.actions or cell.shape.lookups)  # an article that answers it serves as well
    heard = begun(cell) or bool(offered & set(cell.flow.intents))
    heard = heard or (only_tells and cell.said(e.KnowledgeAnswered))
    cell.check(heard, "the request is found in the story")
    cell.check(not cell.said(e.CannotHandleNoticed), "a long message is not too long")
