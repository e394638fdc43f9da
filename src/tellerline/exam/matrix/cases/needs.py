"""What a dialogue case needs of a flow, and the reason that is given where the flow's data does not offer it."""

from __future__ import annotations

from collections.abc import Callable

from tellerline.exam.matrix.cell import Needs
from tellerline.exam.matrix.scout import Spot
from tellerline.exam.matrix.shape import TYPED, Shape

OPEN = ("slot", "confirm", "verify")


def anything(shape: Shape) -> str:
    """Every flow has it."""
    return ""


def question(shape: Shape) -> str:
    """A question that can be open."""
    return "" if shape.waits else "the flow asks nothing: it is over in the turn in which it begins"


def plain(shape: Shape) -> str:
    """A question that is not answered by just any words."""
    if (
        not shape.waits
        or shape.confirmed
        or shape.level
        or any(shape.slot(x).type != "text" for x in shape.asks)
    ):
        return question(shape)
    return "whatever is said answers its questions: they ask for the customer's own words"


def closed(shape: Shape) -> list[str]:
    """Return the asked slots that not just any words fill."""
    return [name for name in shape.asks if shape.slot(name).type != "text"]


def closed_slot(shape: Shape) -> str:
    """A value that not just any words are."""
    return slot(shape) or (
        "" if closed(shape) else "it asks only for the customer's own words, and takes whatever is said"
    )


def slot(shape: Shape) -> str:
    """A value that is asked for."""
    return "" if shape.asks else "the flow asks for no value"


def slots_of(types: tuple[str, ...], what: str) -> Needs:
    """A value of one of some types."""
    return lambda shape: "" if shape.slots(*types) else f"the flow asks for no {what}"


def readback(shape: Shape) -> str:
    """Something that is read back and confirmed."""
    return "" if shape.confirmed else "the flow reads nothing back: it has no action to confirm"


def action(shape: Shape) -> str:
    """Something the bank does."""
    return "" if shape.actions else "the flow has the bank do nothing"


def bank(shape: Shape) -> str:
    """Something the bank is asked."""
    return "" if shape.actions or shape.lookups else "the flow asks nothing of the bank"


def identity(shape: Shape) -> str:
    """A proof of identity."""
    return "" if shape.level else "the flow asks for no proof of identity"


def proven(shape: Shape) -> str:
    """A proof stronger than the app session, followed by something it is needed for."""
    if shape.level < 2:
        return "the flow asks for no proof beyond the app session, which does not expire in it"
    return readback(shape)


def typed(shape: Shape) -> str:
    """A value that is typed or chosen, and asked for before the flow's last question."""
    later = [name for name in changeable(shape) if shape.correctable(name)]
    return "" if later else "no value that can be typed or chosen is followed by another question"


def changeable(shape: Shape) -> list[str]:
    """Return the slots whose value can be said in other words than one's own story."""
    return [name for name in shape.asks if shape.slot(name).type in TYPED or shape.slot(name).choices]


def several(shape: Shape) -> str:
    """Two values that can come with the request."""
    if shape.hears_of_scams:
        return "a report of a scam is acted on at once, before any value in it is read"
    return (
        ""
        if len(shape.told_ahead) > 1
        else "the flow asks for fewer than two values that can come with the request"
    )


def choice(shape: Shape) -> str:
    """A choice among several things."""
    return "" if shape.pickable else "the flow offers no choice of several things"


def listed(shape: Shape) -> str:
    """A choice among what the customer has at the bank."""
    return "" if shape.listed else "the flow chooses nothing from what the customer has at the bank"


def rule(shape: Shape) -> str:
    """A rule of a slot for what can be taken."""
    return "" if shape.checked else "no value of the flow has a rule that could refuse it"


def payee(shape: Shape) -> str:
    """A payee."""
    return "" if shape.slots("payee") else "the flow pays nobody: it has no payee"


def intent(shape: Shape) -> str:
    """Words of its own that begin it."""
    return "" if shape.flow.intents else "no words begin the flow: another flow or a repair does"


def is_open(spot: Spot) -> bool:
    """Tell whether a question is open there."""
    return spot.what in OPEN


def is_closed(shape: Shape) -> Callable[[Spot], bool]:
    """Tell whether a question is open there that not just any words answer."""
    return lambda spot: is_open(spot) and not (spot.what == "slot" and shape.slot(spot.about).type == "text")


def asks(*names: str) -> Callable[[Spot], bool]:
    """Tell whether one of the named slots is asked there; any, when none is named."""
    return lambda spot: spot.what == "slot" and (not names or spot.about in names)


def at(what: str) -> Callable[[Spot], bool]:
    """Tell whether the place is of one kind."""
    return lambda spot: spot.what == what
