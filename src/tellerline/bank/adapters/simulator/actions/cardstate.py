"""A card's life: taken into use, unfrozen, cancelled; and its points."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from tellerline.bank.adapters.simulator.actions.plan import Effect, Mark, Plan
from tellerline.bank.adapters.simulator.billing import draw_bill
from tellerline.bank.adapters.simulator.core import PointsUsed
from tellerline.bank.adapters.simulator.records import Card
from tellerline.bank.adapters.simulator.refusals import refuse
from tellerline.bank.adapters.simulator.request import Request
from tellerline.bank.adapters.simulator.rows import text_row
from tellerline.domain.data import Record
from tellerline.domain.language import Text

_POINTS = Text("积分抵扣", "Points redeemed")


def plan_activate(request: Request) -> Plan:
    """Take a new card into use."""
    card = request.card()
    if card.status != "inactive":
        raise refuse("not_inactive", last_four=card.last_four)
    return _use(card)


def plan_unfreeze(request: Request) -> Plan:
    """Lift a freeze."""
    card = request.card()
    if card.status != "frozen":
        raise refuse("not_frozen", last_four=card.last_four)
    return _use(card)


def _use(card: Card) -> Plan:

    def carry_out(mark: Mark) -> Effect:
        active = msgspec.structs.replace(card, status="active", frozen_at=None)
        return Effect({"receipt": mark.receipt, "last_four": card.last_four}, [active])

    return Plan({"last_four": card.last_four, "label": text_row(card.label)}, carry_out)


def plan_cancel(request: Request) -> Plan:
    """Give up a credit card on which nothing is owed; it closes for good some weeks later."""
    card = request.credit_card()
    _check_settled(request, card)
    closes_on = (request.today + timedelta(days=request.terms.service.close_card_days)).isoformat()
    terms: Record = {
        "last_four": card.last_four, "label": text_row(card.label), "closes_on": closes_on,
        "points": request.core.points[card.customer],
    }  # fmt: skip

    def carry_out(mark: Mark) -> Effect:
        given_up = msgspec.structs.replace(card, status="replaced")
        return Effect({"receipt": mark.receipt, "closes_on": closes_on}, [given_up])

    return Plan(terms, carry_out)


def _check_settled(request: Request, card: Card) -> None:
    """Raise: Refused, code `owed` or `plans_open`."""
    book = request.core.books[card.account_id]
    owed = book.pending_minor - book.balance_minor
    if owed > 0:
        raise refuse("owed", amount_minor=owed, currency="CNY")
    plans = [plan for plan in request.core.plans.of(card.customer) if plan.book == card.account_id]
    bill = draw_bill(book, card, request.today, request.terms.card, plans)
    if plans and bill.split_minor:
        raise refuse("plans_open")


def plan_redeem(request: Request) -> Plan:
    """Turn points into money on a credit card, in whole units."""
    card, points, service = request.credit_card(), request.whole("points") or 0, request.terms.service
    points -= points % service.points_unit
    have = request.core.points[card.customer]
    if not service.redeem_points_min <= points <= have:
        raise refuse("points_too_few", minimum=service.redeem_points_min, points=have)
    value = points // service.points_unit * service.points_unit_minor
    terms: Record = {"last_four": card.last_four, "points": points, "value_minor": value, "currency": "CNY"}

    def carry_out(mark: Mark) -> Effect:
        credit = mark.post(card.account_id, value, "points", _POINTS, card.id)
        result: Record = {"receipt": mark.receipt, "points": points, "value_minor": value}
        return Effect(result, [credit, PointsUsed(card.customer, points)])

    return Plan(terms, carry_out)
