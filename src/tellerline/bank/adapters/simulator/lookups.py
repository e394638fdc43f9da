"""What may be read. Purely from memory."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from operator import attrgetter

from tellerline.bank.adapters.simulator import rows
from tellerline.bank.adapters.simulator.actions.remit import quota_used
from tellerline.bank.adapters.simulator.actions.transfer import moved_minor, single_limit
from tellerline.bank.adapters.simulator.billing import draw_bill
from tellerline.bank.adapters.simulator.core import Core
from tellerline.bank.adapters.simulator.days import day_end, midnight
from tellerline.bank.adapters.simulator.records import Card, Customer, Posting
from tellerline.bank.adapters.simulator.refusals import refuse
from tellerline.bank.adapters.simulator.request import Request
from tellerline.bank.adapters.simulator.terms import Terms
from tellerline.domain.data import Record, Value

TRANSACTIONS_DEFAULT = 20
TRANSACTIONS_MAX = 500
TRANSFERS_DAYS = 30
FEES_DAYS = 180
POINTS_YEARS = 3


def customer_profile(request: Request) -> Value:
    """Who the customer is."""
    return rows.customer_row(request.customer, request.terms, request.today)


def accounts_list(request: Request) -> Value:
    """Current accounts first, then savings."""
    kind = request.text("kind")
    found = sorted(request.core.accounts.of(request.customer.id), key=attrgetter("kind"))
    return [
        rows.account_row(account, request.core.books[account.id])
        for account in found
        if kind in (None, account.kind) and not account.closed
    ]


class _Source:
    """A book that transactions are listed from, with what a row needs to know of it."""

    def __init__(self, request: Request, account_id: str) -> None:
        account = request.core.accounts.get(account_id)
        cards = [card for card in request.core.cards.of(request.customer.id) if card.account_id == account_id]
        self.account_id = account_id
        self.currency = account.currency if account else "CNY"
        self.last_fours = {card.id: card.last_four for card in cards}
        self.last_four = account.last_four if account else cards[-1].last_four
        self.postings = request.core.books[account_id].postings

    def row(self, posting: Posting, disputed: frozenset[str]) -> Record:
        """Return a line as the contract shows it."""
        last_four = self.last_fours.get(posting.card_id, self.last_four)
        return rows.posting_row(
            posting, self.account_id, last_four, self.currency, disputed=posting.id in disputed
        )


def transactions_list(request: Request) -> Value:
    """Newest first, from one account or card or from all."""
    limit = request.whole("limit")
    limit = TRANSACTIONS_DEFAULT if limit is None else max(0, min(limit, TRANSACTIONS_MAX))
    card = request.own(request.core.cards, "card") if request.arguments.get("card") is not None else None
    fits = _filter(request, card)
    sources = [_Source(request, account_id) for account_id in _books(request, card)]
    streams = [_newest_first(request, source, fits) for source in sources]
    merged = heapq.merge(*streams, key=lambda pair: pair[0].at, reverse=True)
    disputed = request.core.under_review(request.customer.id)
    return [source.row(posting, disputed) for (posting, source), _ in zip(merged, range(limit), strict=False)]


def _books(request: Request, card: Card | None) -> list[str]:
    if request.arguments.get("account") is not None:
        return [request.own(request.core.accounts, "account").id]
    if card is not None:
        return [card.account_id]
    cards = [card for card in request.core.cards.of(request.customer.id) if card.kind == "credit"]
    return [
        account.id for account in request.core.accounts.of(request.customer.id)
    ] + list(dict.fromkeys(card.account_id for card in cards))  # fmt: skip


def _filter(request: Request, card: Card | None) -> Callable[[Posting], bool]:
    merchant, amount = request.text("merchant"), request.whole("amount_minor")
    direction = request.text("direction")
    wanted = merchant.lower() if merchant else ""
    card_id = card.id if card is not None and card.kind == "debit" else ""

    def fits(posting: Posting) -> bool:
        if amount is not None and abs(posting.amount_minor) != amount:
            return False
        if direction is not None and (posting.amount_minor > 0) != (direction == "in"):
            return False
        if card_id and posting.card_id != card_id:
            return False
        return not wanted or wanted in posting.party.zh.lower() or wanted in posting.party.en.lower()

    return fits


def _newest_first(
    request: Request, source: _Source, fits: Callable[[Posting], bool]
) -> Iterator[tuple[Posting, _Source]]:
    since, until = request.day("since_on"), request.day("until_on")
    postings, at = source.postings, attrgetter("at")
    first = bisect_left(postings, midnight(since), key=at) if since else 0
    last = bisect_left(postings, day_end(until), key=at) if until else len(postings)
    for index in range(last - 1, first - 1, -1):
        if fits(postings[index]):
            yield postings[index], source


def deposits_list(request: Request) -> Value:
    """Term deposits that still hold money, the next to mature first."""
    held = [deposit for deposit in request.core.deposits.of(request.customer.id) if not deposit.closed]
    return [
        rows.deposit_row(deposit, request.today) for deposit in sorted(held, key=attrgetter("maturity_on"))
    ]


def cards_list(request: Request) -> Value:
    """All cards, by kind and status if asked."""
    kind, status = request.text("kind"), request.text("status")
    return [
        rows.card_row(card)
        for card in request.core.cards.of(request.customer.id)
        if kind in (None, card.kind) and status in (None, card.status)
    ]


def card_statement(request: Request) -> Value:
    """The newest bill of a credit card."""
    card = request.own(request.core.cards, "card")
    if card.kind != "credit":
        raise refuse("not_credit_card")
    plans = [plan for plan in request.core.plans.of(card.customer) if plan.book == card.account_id]
    bill = draw_bill(request.core.books[card.account_id], card, request.today, request.terms.card, plans)
    return rows.bill_row(bill, card, request.terms, request.today)


def fees_list(request: Request) -> Value:
    """Fees and interest charged in the last months, newest first."""
    oldest = request.today - timedelta(days=FEES_DAYS)
    account = request.arguments.get("account")
    book = request.own(request.core.accounts, "account").id if account is not None else None
    found = [
        fee
        for fee in request.core.fees.of(request.customer.id)
        if fee.on >= oldest and book in (None, fee.book)
    ]
    return [*rows.fee_rows(sorted(found, key=attrgetter("on"), reverse=True))]


def payees_list(request: Request) -> Value:
    """The payees the customer has saved."""
    return [rows.payee_row(payee) for payee in request.core.payees.of(request.customer.id)]


def limits_get(request: Request) -> Value:
    """The transfer limits, and how much of today's is used."""
    customer, terms = request.customer.id, request.terms.transfer
    daily = request.core.daily_limits[customer]
    used = moved_minor(request.core.transfers.of(customer), request.now, whole_year=False)
    return {
        "single_minor": single_limit(daily, terms), "daily_minor": daily, "yearly_minor": terms.yearly_minor,
        "used_today_minor": used, "currency": "CNY", "daily_max_minor": terms.daily_max_minor,
    }  # fmt: skip


def transfers_list(request: Request) -> Value:
    """Outgoing transfers of the last weeks, newest first."""
    status, oldest = request.text("status"), request.now - timedelta(days=TRANSFERS_DAYS)
    found = [t for t in request.core.transfers.of(request.customer.id) if t.at >= oldest]
    found.sort(key=attrgetter("at"), reverse=True)
    listed = [rows.transfer_row(transfer, request.now) for transfer in found]
    return [row for row in listed if status in (None, row["status"])]


def autodebits_list(request: Request) -> Value:
    """Mandates, the next to debit first."""
    credit = {
        card.account_id: card
        for card in request.core.cards.of(request.customer.id)
        if card.kind == "credit" and card.status != "replaced"
    }
    listed = [
        rows.mandate_row(mandate, credit.get(mandate.book), request.terms, request.today)
        for mandate in request.core.mandates.of(request.customer.id)
        if not mandate.cancelled
    ]
    return [*sorted(listed, key=lambda row: str(row["next_on"]))]


def loans_list(request: Request) -> Value:
    """Loans that are still being repaid."""
    core = request.core
    return [
        rows.loan_row(
            loan, _last_four(core, loan.account_id), core.agreed_early(loan), request.terms, request.today
        )
        for loan in core.loans.of(request.customer.id)
        if loan.outstanding_minor
    ]


def holdings_list(request: Request) -> Value:
    """Wealth products held."""
    held = request.core.holdings.of(request.customer.id)
    return [rows.holding_row(holding) for holding in held if not holding.redeemed]


def points_get(request: Request) -> Value:
    """Credit card points; the oldest third of them ends with the year."""
    points = request.core.points[request.customer.id]
    last_on = request.today.replace(month=12, day=31)
    return {"points": points, "expiring_points": points // POINTS_YEARS, "expiring_on": last_on.isoformat()}


def applications_list(request: Request) -> Value:
    """Applications for cards and loans, the newest first."""
    kind = request.text("kind")
    found = [one for one in request.core.applications.of(request.customer.id) if kind in (None, one.kind)]
    found.sort(key=attrgetter("on", "id"), reverse=True)
    return [rows.application_row(application, request.terms) for application in found]


def products_list(request: Request) -> Value:
    """Wealth products on the shelf, the least risky first. What suits the customer is marked; nothing is recommended."""
    bears = investor_level(request.customer, request.terms, request.today)
    shelf = sorted(request.terms.wealth.items(), key=lambda item: item[1].risk)
    return [rows.product_row(key, product, bears) for key, product in shelf]


def investor_level(customer: Customer, terms: Terms, today: date) -> int:
    """Return up to which risk (1 to 5) products suit a customer; 0 without an assessment that still holds (rule C2)."""
    return int(customer.risk_level[1:]) if today <= rows.risk_until(customer, terms) else 0


def beneficiaries_list(request: Request) -> Value:
    """Whom the customer has saved to send money abroad to."""
    return [rows.beneficiary_row(one) for one in request.core.beneficiaries.of(request.customer.id)]


def fx_quota(request: Request) -> Value:
    """How much of this year's quota for buying currency is left."""
    quota, used = request.terms.remit.quota_minor, quota_used(request)
    return {
        "quota_minor": quota, "used_minor": used, "left_minor": max(0, quota - used), "currency": "USD",
    }  # fmt: skip


def devices_list(request: Request) -> Value:
    """Devices signed in on, the one in use first."""
    known = [device for device in request.core.devices.of(request.customer.id) if not device.revoked]
    return [rows.device_row(device) for device in sorted(known, key=lambda device: not device.current)]


def restrictions_list(request: Request) -> Value:
    """Why money may not leave an account. What must not be told of an investigation is not here (rule B8)."""
    core = request.core
    return [
        rows.restriction_row(found, _last_four(core, found.account_id))
        for found in core.restrictions.of(request.customer.id)
    ]


def _last_four(core: Core, account_id: str) -> str:
    account = core.accounts.get(account_id)
    assert account is not None, "a loan and a restriction belong to an account"
    return account.last_four


LOOKUPS: dict[str, Callable[[Request], Value]] = {
    "customer.profile": customer_profile,
    "accounts.list": accounts_list,
    "transactions.list": transactions_list,
    "deposits.list": deposits_list,
    "cards.list": cards_list,
    "card.statement": card_statement,
    "fees.list": fees_list,
    "payees.list": payees_list,
    "limits.get": limits_get,
    "transfers.list": transfers_list,
    "autodebits.list": autodebits_list,
    "loans.list": loans_list,
    "holdings.list": holdings_list,
    "points.get": points_get,
    "applications.list": applications_list,
    "products.list": products_list,
    "beneficiaries.list": beneficiaries_list,
    "fx.quota": fx_quota,
    "devices.list": devices_list,
    "restrictions.list": restrictions_list,
}
