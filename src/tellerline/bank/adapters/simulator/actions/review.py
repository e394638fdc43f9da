"""What the bank looks into or prepares: disputed payments, fees, missing money, limits, restrictions, cash."""

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
    return _in_business_days(request, terms, "fee", (fee.id,), request.terms.review.fee_business_days)


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
    if _is_under(request, "trace", transfer.id):
        raise refuse("already_traced")
    terms: Record = {
        "reference": transfer.reference, "amount_minor": transfer.amount_minor, "payee_name": transfer.payee_name,
        "currency": transfer.currency,
    }  # fmt: skip
    return _in_business_days(
        request, terms, "trace", (transfer.id,), request.terms.transfer.trace_business_days
    )


def plan_recall(request: Request) -> Plan:
    """Ask the payee's bank to ask the payee for the money back."""
    transfer = request.own(request.core.transfers, "transfer")
    if transfer.cancellable(request.now):
        raise refuse("not_arrived")
    if transfer.status(request.now) != "posted":
        raise refuse("already_returned")
    if _is_under(request, "recall", transfer.id):
        raise refuse("already_recalled")
    terms: Record = {
        "reference": transfer.reference, "amount_minor": transfer.amount_minor, "payee_name": transfer.payee_name,
        "currency": transfer.currency,
    }  # fmt: skip
    return _in_business_days(
        request, terms, "recall", (transfer.id,), request.terms.service.recall_business_days
    )


def plan_atm_dispute(request: Request) -> Plan:
    """Reconcile a cash machine's journal with what the customer tells."""
    on, place = _past_day(request), request.text("place") or ""
    terms: Record = {
        "amount_minor": request.amount(), "currency": "CNY", "on": on.isoformat(), "place": place,
    }  # fmt: skip
    subject = f"atm/{request.customer.id}/{on}/{place}"
    return _in_business_days(request, terms, "atm", (subject,), request.terms.service.atm_business_days)


def plan_repayment_trace(request: Request) -> Plan:
    """Look for a repayment that has not reached a credit card."""
    card, on = request.credit_card(), _past_day(request)
    amount = request.amount()
    terms: Record = {
        "last_four": card.last_four, "amount_minor": amount, "currency": "CNY", "on": on.isoformat(),
    }  # fmt: skip
    subject = f"repayment/{card.id}/{on}/{amount}"
    return _in_business_days(
        request, terms, "repayment", (subject,), request.terms.service.repayment_business_days
    )


def plan_limit_request(request: Request) -> Plan:
    """Ask for a higher credit limit; nothing is promised."""
    card, amount = request.credit_card(), request.amount()
    if amount <= card.credit_limit_minor:
        raise refuse("not_higher")
    terms: Record = {
        "last_four": card.last_four, "from_minor": card.credit_limit_minor, "amount_minor": amount, "currency": "CNY",
    }  # fmt: skip
    return _in_business_days(
        request, terms, "limit", (f"limit/{card.id}",), request.terms.service.limit_business_days
    )


def plan_appeal(request: Request) -> Plan:
    """Have a person look again at why an account is restricted."""
    restriction = request.own(request.core.restrictions, "restriction")
    if _is_under(request, "appeal", restriction.id):
        raise refuse("already_appealed")
    account = request.core.accounts.get(restriction.account_id)
    assert account is not None, "a restriction belongs to an account"
    terms: Record = {"label": text_row(restriction.label), "account_last_four": account.last_four}
    reply_by_on = request.today + timedelta(days=request.terms.service.appeal_days)
    return _plan(request, terms, "appeal", (restriction.id,), reply_by_on)


def plan_application_review(request: Request) -> Plan:
    """Have a person look again at an application that was declined."""
    application = request.own(request.core.applications, "application")
    if application.status != "declined" or application.decided_on is None:
        raise refuse("not_declined")
    if _is_under(request, "application", application.id):
        raise refuse("already_reviewed")
    terms: Record = {
        "label": text_row(application.label), "decided_on": application.decided_on.isoformat(),
    }  # fmt: skip
    asked = request.terms.application
    days = asked.card_review_business_days if application.kind == "card" else asked.loan_review_business_days
    return _in_business_days(request, terms, "application", (application.id,), days)


def plan_cash(request: Request) -> Plan:
    """Have a branch keep cash ready on a day."""
    amount, on, branch = request.amount(), request.day("on"), request.text("branch") or ""
    service = request.terms.service
    if amount < service.cash_threshold_minor:
        raise refuse("amount_too_small", minimum_minor=service.cash_threshold_minor, currency="CNY")
    earliest_on = request.calendar.add_business_days(request.today, service.cash_lead_business_days)
    if on is None or on < earliest_on:
        raise refuse("too_soon", earliest_on=earliest_on.isoformat())
    terms: Record = {"amount_minor": amount, "currency": "CNY", "branch": branch, "on": on.isoformat()}
    customer = request.customer.id

    def carry_out(mark: Mark) -> Effect:
        number = mark.number(_PREFIXES["cash"])
        review = Review(number, customer, "cash", (f"cash/{branch}/{on}",), mark.at, on)
        return Effect({"receipt": mark.receipt, "number": number, "on": on.isoformat()}, [review])

    return Plan(terms, carry_out)


def _past_day(request: Request) -> date:
    on = request.day("on")
    if on is None or on > request.today:
        raise refuse("period", latest_on=request.today.isoformat())
    return on


def _is_under(request: Request, kind: ReviewKind, subject: str) -> bool:
    return any(
        review.kind == kind and subject in review.subjects
        for review in request.core.reviews.of(request.customer.id)
    )


_PREFIXES: dict[ReviewKind, str] = {
    "dispute": "DS", "fee": "FQ", "trace": "TC", "recall": "RC", "atm": "AT", "repayment": "RP", "appeal": "AP",
    "limit": "CL", "cash": "CA", "application": "RV",
}  # fmt: skip


def _in_business_days(
    request: Request, terms: Record, kind: ReviewKind, subjects: tuple[str, ...], days: int
) -> Plan:
    return _plan(request, terms, kind, subjects, request.calendar.add_business_days(request.today, days))


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
