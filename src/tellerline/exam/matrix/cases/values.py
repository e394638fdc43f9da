"""Cases about the values a flow asks for: 2, 12, 22, 24, 30, 48, 49."""

from __future__ import annotations

from collections.abc import Sequence

from tellerline.dialogue.progress import choice_label
from tellerline.domain import event as e
from tellerline.domain.data import Value
from tellerline.exam.matrix.cases import needs
from tellerline.exam.matrix.cases.beginnings import begin
from tellerline.exam.matrix.cell import Cell, NotHere
from tellerline.exam.matrix.customer import bank_day, say_date, say_value
from tellerline.exam.matrix.shape import TYPED
from tellerline.exam.matrix.talk import Caller
from tellerline.exam.matrix.words import LAST_WORKING_DAY, SPOKEN_MINOR
from tellerline.exam.stage import Impossible
from tellerline.flows.run import choices_of, problem_of

UNLIKELY: dict[str, tuple[Value, ...]] = {
    "money": (0, 1, 9_999_999_900, 50_000_000_00),
    "date": ("1999-01-01", "2031-06-01", "2026-11-29"),
    "number": (0, 99_999_999),
    "periods": (5, 99),
}
"""Values that a rule may well refuse, by type of slot."""


async def corrected(cell: Cell) -> None:
    """2. Another value for something said before: what was read back is void, and the new value holds."""
    names = [name for name in needs.changeable(cell.shape) if cell.shape.correctable(name)]
    spot, _ = await cell.answered(names)
    await correct(cell, spot.about, _other_value(cell, spot.about), "correct")
    await cell.to_the_end()


async def correct(cell: Cell, name: str, value: Value, phrase: str, old: Value = None) -> None:
    """Correct a value, and see that it holds and that nothing confirmed rests on the old one."""
    frame = cell.frame
    assert frame is not None, "the flow runs"
    pending = frame.pending
    slot = cell.shape.slot(name)
    done = len(cell.talk.committed())
    if isinstance(value, dict):
        await cell.talk.say(cell.phrase("last_four", last_four=str(value["last_four"])))
    elif phrase == "correct_from":
        old_words, new_words = (say_value(x, slot, cell.language) for x in (old, value))
        await cell.talk.say(cell.phrase(phrase, old=old_words, new=new_words))
    else:
        await cell.talk.say(cell.phrase(phrase, value=say_value(value, slot, cell.language)))
    found = cell.value(name)
    asked = cell.talk.question
    reopened = isinstance(value, dict) and asked is not None and asked.slot == name
    cell.check(same(value, found) or reopened, f"{name} is {value}", f"{found}; {cell.talk.where()}")
    now = cell.frame.pending if cell.frame else None
    if pending is not None and pending.arguments != (now.arguments if now else None):
        cell.check(cell.said(e.ConfirmationVoided), "what was read back is void")
    cell.check(len(cell.talk.committed()) == done, "a correction does nothing")


def same(value: Value, found: Value) -> bool:
    """Tell whether a value was kept; of a telephone number only a token with its last digits is."""
    return found == value or (isinstance(found, str) and found == f"[phone:{str(value)[-4:]}]")


def _other_value(cell: Cell, name: str) -> Value:
    """Return another value that the slot takes. Raises: NotHere when there is none."""
    frame = cell.frame
    assert frame is not None, "the flow runs"
    slot = cell.shape.slot(name)
    customer = cell.customer()
    scope = customer.scope(cell.talk.tracker, cell.flow.flow, cell.talk.now)
    old = frame.values[name]
    if slot.choices:
        records = choices_of(slot, scope)
        others = [record for record in records if record != old and record.get("last_four")]
        apart = [x for x in others if [r.get("last_four") for r in records].count(x["last_four"]) == 1]
        if not apart:
            raise NotHere(
                f"no customer has two things to choose {name} from that can be told apart by digits"
            )
        return apart[0]
    values = [value for value in customer.values(slot, name, scope) if not same(value, old)]
    if slot.options:
        raise NotHere(f"{name} is one of a few options, and is changed by its button")
    if not values:
        raise Impossible(f"another value for {name}", f"none but {old}")
    return cell.random.choice(values[:3])


async def corrected_often(cell: Cell) -> None:
    """24. The old value named too, and corrected twice running: the last one holds."""
    names = [name for name in cell.shape.slots("money", "date") if cell.shape.correctable(name)]
    spot, _ = await cell.answered(names)
    for phrase in ("correct_from", "correct"):
        frame = cell.frame
        if frame is None or cell.talk.question is None:
            break
        await correct(cell, spot.about, _other_value(cell, spot.about), phrase, frame.values[spot.about])
    await cell.talk.say(cell.phrase("cancel"))
    cell.check(cell.frame is None, "a correction may be followed by leaving")


async def refused_value(cell: Cell) -> None:
    """12. A value that cannot be taken is refused at once, with the reason, and asked for again."""
    spot = await cell.reach(needs.asks(*cell.shape.checked))
    before = cell.question
    slot = cell.shape.slot(spot.about)
    scope = cell.customer().scope(cell.talk.tracker, cell.flow.flow, cell.talk.now)
    bad = [(value, problem_of(slot, value, spot.about, scope)) for value in UNLIKELY.get(slot.type, ())]
    refused = [(value, problem) for value, problem in bad if problem]
    if not refused:
        raise NotHere(f"the rules of {spot.about} refuse none of the values tried")
    value, problem = cell.random.choice(refused)
    await cell.talk.say(say_value(value, slot, cell.language))
    cell.same_question(before, after=f"{say_value(value, slot, cell.language)}")
    told = any(copy.endswith(f"/{problem}") for copy in cell.copies())
    cell.check(told, f"{problem} is said", ", ".join(cell.copies()))
    await cell.to_the_end()


async def answer_and_question(cell: Cell) -> None:
    """22. The answer and a question in one message: both are heard."""
    usable = [
        name
        for name in cell.shape.asks
        if cell.shape.slot(name).type in (*TYPED, "yes_no", "choice", "payee")
    ]
    await cell.reach(needs.asks(*usable))
    before = cell.question
    customer = cell.customer()
    words = customer.words(cell.talk.tracker, before, cell.talk.now)
    if not words:
        raise Impossible(f"an answer about {before.slot}", "none")
    await cell.talk.say(cell.phrase("and_also", first=words, second=cell.phrase("question")))
    kinds = {source.kind for source in cell.talk.scene.sources}
    cell.check(bool(kinds & {"fact", "article"}), "the question is answered")
    filled = cell.value(before.slot) is not None
    cell.check(filled, f"{before.slot} is filled by {words!r}")


async def second_one(cell: Cell) -> None:
    """30. "Not the first, the second": the second of what was offered."""
    names = [name for name in cell.shape.pickable if cell.shape.slot(name).type != "yes_no"]
    ways = cell.atlas.ways(needs.asks(*names))
    cell.random.shuffle(ways)
    for route, spot in ways[:8]:
        await cell.follow(route, route.spots[spot])
        if cell.talk.question is not None and len(cell.talk.question.options) > 1:
            break
        cell.talks.pop()
    else:
        raise Impossible("a choice of two things", "no customer was offered one")
    before = cell.question
    option = before.options[1]
    await cell.talk.say(cell.phrase("second"))
    found = cell.value(before.slot)
    label = choice_label(found, cell.language) if isinstance(found, dict) else str(found)
    cell.check(
        label in (option.label, option.value),
        f"{before.slot} is {option.label}",
        f"{label}; {cell.talk.where()}",
    )


async def two_of_a_name(cell: Cell) -> None:
    """48. Two payees of one name: it is asked which, and none is guessed."""
    talk = await begin(cell, Caller("demo-wangfang", 2))
    await talk.say(cell.phrase("ambiguous_payee", amount="500"))
    question = talk.question
    asked = question is not None and question.slot in cell.shape.slots("payee")
    cell.check(asked, "it is asked which payee is meant")
    cell.check(question is not None and len(question.options) == 2, "both are offered, and nobody else")
    await talk.say({"zh": "第二个", "en": "the second one"}[cell.language])
    payee = cell.value(cell.shape.slots("payee")[0])
    label = choice_label(payee, cell.language) if isinstance(payee, dict) else ""
    cell.check(question is not None and label == question.options[1].label, "the second is taken", label)
    await cell.to_the_end()


async def written_ways(cell: Cell) -> None:
    """49. One amount or day, written in several ways: the same value each time."""
    names = [*cell.shape.slots("money"), *cell.shape.slots("date")]
    spot = await cell.reach(needs.asks(*names))
    name, turns = spot.about, cell.talk.turn
    route = next(route for route in cell.atlas.routes if route.turns[:turns] == cell.played)
    forms = _forms(cell, name)
    for form, value in forms:
        await cell.follow(route, turns)
        await cell.talk.say(form)
        found = cell.value(name)
        cell.check(found == value, f"{form!r} is {value}", f"{found}; {cell.talk.where()}")


def _forms(cell: Cell, name: str) -> Sequence[tuple[str, Value]]:
    """Return ways to write values that the slot takes. Raises: Impossible."""
    slot = cell.shape.slot(name)
    customer = cell.customer()
    scope = customer.scope(cell.talk.tracker, cell.flow.flow, cell.talk.now)
    if slot.type == "money":
        spoken = SPOKEN_MINOR[cell.language]
        values = [value for value in customer.values(slot, name, scope) if value in spoken]
        if not values:
            raise Impossible(f"an amount that {name} takes", "none")
        value = cell.random.choice(values)
        assert isinstance(value, int)
        return [(form, value) for form in spoken[value]]
    days = customer.values(slot, name, scope)
    if not days:
        raise Impossible(f"a day that {name} takes", "none")
    day = str(cell.random.choice(days))
    _year, month, number = day.split("-")
    forms: list[tuple[str, Value]] = [(say_date(day, cell.language), day), (day, day)]
    if cell.language == "zh":
        forms.append((f"{int(month)}月{int(number)}号", day))
    last = cell.house.last_working_day(bank_day(cell.talk.now))
    if not problem_of(slot, last, name, scope):
        forms.append((LAST_WORKING_DAY[cell.language], last))
    return forms
