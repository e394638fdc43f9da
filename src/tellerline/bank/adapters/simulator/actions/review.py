"""What the bank looks into: disputed card payments, fees, missing transfers."""

from __future__ import annotations

from datetime import date, timedelta

from tellerline.bank.adapters.simulator.actions.plan import Effect, Mark, Plan
from tellerline.bank.adapters.simulator.days import last_on, next_on
from tellerline.bank.adapters.simulator.records import Card, Fee, Posting, Review, ReviewKind
from tellerline.bank.adapters.simulator.refusals import refuse
from tellerline.bank.adapters.simulator.request import Request, id_in
from tellerline.bank.adapters.simulator.rows import text_row
from tellerline.domain.data import Record

DISPUTABLE = frozenset({"purchase", "mandate", "cash"})


def plan_dispute(request: Request) -> Plan:
    """Dispute payments made with one card."""
    card = request.own(request.core.cards, "card")
    named = request.arguments.get("transactions")
    wanted = dict.fromkeys(id_in(one) for one in named) if isinstance(named, list) else {}
    if not wanted:
        raise refuse("nothing_selected")
    book = request.core.books[card.account_id]
    lines = {posting.id: posting for posting in book.postings if posting.id in wanted}
    if len(lines) < len(wanted):
        raise refuse("not_found", argument="transactions")
    for posting in lines.values():
        _check_disputable(request, card, posting)
    terms: Record = {
        "count": len(lines), "amount_minor": -sum(posting.amount_minor for posting in lines.values()),
        "currency": "CNY", "last_four": card.last_four,
    }  # fmt: skip
    reply_by_on = request.today + timedelta(days=request.terms.review.dispute_days)
    return _plan(request, terms, "dispute", tuple(wanted), reply_by_on)


def _check_disputable(request: Request, card: Card, posting: Posting) -> None:
    if posting.kind not in DISPUTABLE or posting.card_id != card.id:
        raise refuse("not_disputable")
    if posting.id in request.core.under_review(card.customer):
        raise refuse("already_disputed")
    if (request.today - posting.on).days > request.terms.review.dispute_window_days:
        raise refuse("too_late", days=request.terms.review.dispute_window_days)


def plan_fee_review(request: Request) -> Plan:
    """Have a fee looked at again."""
    fee = request.own(request.core.fees, "fee")
    if fee.id in request.core.under_review(fee.customer):
        raise refuse("already_reviewed")
    window = request.terms.review.fee_window_days
    if (request.today - statement_of(request, fee)).days > window:
        raise refuse("too_late", days=window)
    terms: Record = {"label": text_row(fee.label), "amount_minor": fee.amount_minor, "currency": "CNY"}
    days = request.terms.review.fee_business_days
    return _plan(request, terms, "fee", (fee.id,), request.calendar.add_business_days(request.today, days))


def statement_of(request: Request, fee: Fee) -> date:
    """Return the statement day from which a fee may be queried: on a card, of the bill that carries it."""
    cards = request.core.cards.of(fee.customer)
    card = next((card for card in cards if card.account_id == fee.book and card.kind == "credit"), None)
    if card is None:
        return fee.on
    if fee.on == last_on(card.statement_day, before=fee.on + timedelta(days=1)):
        return fee.on
    return next_on(card.statement_day, fee.on)


def plan_trace(request: Request) -> Plan:
    """Ask the payee's bank where a transfer is."""
    transfer = request.own(request.core.transfers, "transfer")
    match transfer.status(request.now):
        case "cancelled":
            raise refuse("already_cancelled")
        case "returned":
            raise refuse("already_returned")
        case "held":
            raise refuse("not_traceable")
    if transfer.id in request.core.under_review(transfer.customer):
        raise refuse("already_traced")
    terms: Record = {
        "reference": transfer.reference, "amount_minor": transfer.amount_minor, "payee_name": transfer.payee_name,
        "currency": transfer.currency,
    }  # fmt: skip
    days = request.terms.transfer.trace_business_days
    return _plan(
        request, terms, "trace", (transfer.id,), request.calendar.add_business_days(request.today, days)
    )


_PREFIXES: dict[ReviewKind, str] = {"dispute": "DS", "fee": "FQ", "trace": "TC"}


def _plan(
    request: Request, terms: Record, kind: ReviewKind, subjects: tuple[str, ...], reply_by_on: date
) -> Plan:
    customer = request.customer.id

    def carry_out(mark: Mark) -> Effect:
        number = mark.number(_PREFIXES[kind])
        review = Review(number, customer, kind, subjects, mark.at, reply_by_on)
        result: Record = {"receipt": mark.receipt, "number": number, "reply_by_on": reply_by_on.isoformat()}
        return Effect(result, [review])

    return Plan(terms, carry_out)
