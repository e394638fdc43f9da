"""Cards: freeze, freeze on a report, replace, repay."""

from __future__ import annotations

import msgspec

from tellerline.bank.adapters.simulator.actions.plan import Effect, Mark, Plan
from tellerline.bank.adapters.simulator.billing import draw_bill
from tellerline.bank.adapters.simulator.core import Change
from tellerline.bank.adapters.simulator.people import card_label
from tellerline.bank.adapters.simulator.records import Card
from tellerline.bank.adapters.simulator.refusals import refuse
from tellerline.bank.adapters.simulator.request import Request
from tellerline.bank.adapters.simulator.rows import text_row
from tellerline.domain.data import Record
from tellerline.domain.language import Text

_REPAYMENT = Text("信用卡还款", "Credit card repayment")
_REPLACEMENT_FEE = Text("补卡工本费", "Card replacement fee")


def plan_freeze(request: Request) -> Plan:
    """Stop a card at once."""
    card = request.card()
    if card.status == "frozen":
        raise refuse("already_frozen", last_four=card.last_four)
    terms: Record = {"last_four": card.last_four, "label": text_row(card.label)}
    return Plan(terms, lambda mark: _freeze(card, mark))


def plan_freeze_reported(request: Request) -> Plan:
    """Stop the card with these last four digits of whoever has this phone number. It tells nothing else.

    A card that is frozen already is frozen again without a word, since its state is nobody else's business.
    """
    customer = request.core.find_customer_by_phone(request.text("phone") or "")
    cards = request.core.cards.of(customer.id) if customer else []
    last_four = request.text("last_four")
    card = next((card for card in cards if card.last_four == last_four and card.status != "replaced"), None)
    if card is None:
        raise refuse("no_match")
    return Plan({"last_four": card.last_four}, lambda mark: _freeze(card, mark))


def _freeze(card: Card, mark: Mark) -> Effect:
    frozen = msgspec.structs.replace(card, status="frozen", frozen_at=card.frozen_at or mark.at)
    result: Record = {"receipt": mark.receipt, "frozen_at": mark.when, "last_four": card.last_four}
    return Effect(result, [frozen])


def plan_replace(request: Request) -> Plan:
    """Order a new card: for the price of a lost one if it was frozen, else of a damaged one."""
    card = request.card()
    prices = (
        request.terms.card.lost_fee_minor if card.status == "frozen" else request.terms.card.damaged_fee_minor
    )
    fee = prices[card.kind]
    if card.kind == "debit":
        request.check_funds(request.core.books[card.account_id], fee)
    days = request.terms.card.delivery_business_days[card.kind]
    arrives_on = request.calendar.add_business_days(request.today, days).isoformat()
    terms: Record = {
        "last_four": card.last_four, "label": text_row(card.label), "fee_minor": fee, "currency": "CNY",
        "arrives_on": arrives_on,
    }  # fmt: skip
    taken = {other.last_four for other in request.core.cards.of(card.customer)}

    def carry_out(mark: Mark) -> Effect:
        last_four = _new_last_four(mark, taken)
        fresh = msgspec.structs.replace(
            card, id=mark.identify("card"), last_four=last_four, status="inactive", frozen_at=None,
            label=card_label(card.tier, last_four),
        )  # fmt: skip
        changes: list[Change] = [msgspec.structs.replace(card, status="replaced"), fresh]
        if fee:
            changes.append(mark.post(card.account_id, -fee, "fee", _REPLACEMENT_FEE, fresh.id))
        return Effect({"receipt": mark.receipt, "arrives_on": arrives_on}, changes)

    return Plan(terms, carry_out)


def _new_last_four(mark: Mark, taken: set[str]) -> str:
    start = int(mark.number("")[-4:])
    return next(found for step in range(10_000) if (found := f"{(start + step) % 10_000:04d}") not in taken)


def plan_repay(request: Request) -> Plan:
    """Pay a credit card from an account, up to all that is owed on it."""
    card, account, amount = request.credit_card(), request.paying_account(), request.amount()
    core = request.core
    owed = -core.books[card.account_id].balance_minor
    if owed <= 0:
        raise refuse("nothing_owed")
    if amount > owed:
        raise refuse("amount_too_large", maximum_minor=owed, currency="CNY")
    request.check_funds(core.books[account.id], amount)
    plans = [plan for plan in core.plans.of(card.customer) if plan.book == card.account_id]
    bill = draw_bill(core.books[card.account_id], card, request.today, request.terms.card, plans)
    remaining = max(0, bill.remaining_minor - amount)
    terms: Record = {
        "last_four": card.last_four, "amount_minor": amount, "currency": "CNY", "from_last_four": account.last_four,
        "remaining_minor": remaining,
    }  # fmt: skip

    def carry_out(mark: Mark) -> Effect:
        result: Record = {
            "receipt": mark.receipt, "at": mark.when, "remaining_minor": remaining, "amount_minor": amount,
        }  # fmt: skip
        changes: list[Change] = [
            mark.post(account.id, -amount, "repayment", _REPAYMENT),
            mark.post(card.account_id, amount, "repayment", _REPAYMENT, card.id),
        ]
        return Effect(result, changes)

    return Plan(terms, carry_out)
