"""Accounts: opened, closed, documents about them, auto-debits and wealth products that end, everything stopped."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import msgspec

from tellerline.bank.adapters.simulator.actions.plan import Effect, Mark, Plan
from tellerline.bank.adapters.simulator.core import Change
from tellerline.bank.adapters.simulator.people import ending
from tellerline.bank.adapters.simulator.records import Account
from tellerline.bank.adapters.simulator.refusals import refuse
from tellerline.bank.adapters.simulator.request import Request
from tellerline.bank.adapters.simulator.rows import deposit_label, text_row
from tellerline.domain.data import Record
from tellerline.domain.finance.deposit import add_months
from tellerline.domain.language import Text

_CLASSES = {"ii": Text("II类账户", "Class II account"), "iii": Text("III类账户", "Class III account")}
_DOCUMENTS = {
    "transactions": Text("交易流水", "Transaction statement"),
    "balance": Text("存款证明", "Deposit certificate"),
}
_REDEMPTION = Text("理财赎回", "Wealth redemption")
_YEAR_MONTHS = 12
_CLOSED_PRODUCTS = frozenset({"fixed180", "private", "insurance"})  # not open for redemption on just any day


def plan_open(request: Request) -> Plan:
    """Open an account of a limited class; the first class is opened at a branch."""
    kind, service = request.text("kind") or "", request.terms.service
    name = _CLASSES.get(kind)
    if name is None:
        raise refuse("unknown_kind", kinds=", ".join(_CLASSES))
    customer = request.customer.id
    mine = [account for account in request.core.accounts.of(customer) if not account.closed]
    if sum(account.label.zh.startswith(name.zh) for account in mine) >= service.account_counts[kind]:
        raise refuse("class_full", count=service.account_counts[kind])
    terms: Record = {
        "label": text_row(name), "daily_minor": service.account_daily_minor[kind],
        "yearly_minor": service.account_yearly_minor[kind], "currency": "CNY",
    }  # fmt: skip

    def carry_out(mark: Mark) -> Effect:
        last_four = mark.number("")[-4:]
        account = Account(
            mark.identify("acc"), customer, "savings", last_four, "CNY", ending(name, last_four)
        )
        return Effect({"receipt": mark.receipt, "last_four": last_four}, [account])

    return Plan(terms, carry_out)


def plan_close(request: Request) -> Plan:
    """Close an empty account; the debit card's is closed at a branch."""
    account = request.account()
    if account.kind == "current":
        raise refuse("main_account", last_four=account.last_four)
    book = request.core.books[account.id]
    if book.balance_minor or book.pending_minor:
        raise refuse("balance_left", amount_minor=book.balance_minor, currency=account.currency)
    debiting = [
        m for m in request.core.mandates.of(account.customer) if m.book == account.id and not m.cancelled
    ]
    if debiting:
        raise refuse("mandates_left", count=len(debiting))

    def carry_out(mark: Mark) -> Effect:
        closed = msgspec.structs.replace(account, closed=True)
        return Effect({"receipt": mark.receipt, "at": mark.when}, [closed])

    return Plan({"label": text_row(account.label), "last_four": account.last_four}, carry_out)


def plan_document(request: Request) -> Plan:
    """Issue a sealed statement of a period, or a certificate of today's balance, with a code to check it by."""
    account, service = request.account(), request.terms.service
    name = _DOCUMENTS.get(request.text("kind") or "")
    if name is None:
        raise refuse("unknown_kind", kinds=", ".join(_DOCUMENTS))
    until_on = request.day("until_on") or request.today
    since_on = request.day("since_on") or add_months(until_on, -_YEAR_MONTHS)
    oldest_on = add_months(request.today, -_YEAR_MONTHS * service.history_years)
    if not oldest_on <= since_on <= until_on <= request.today:
        raise refuse("period", oldest_on=oldest_on.isoformat(), latest_on=request.today.isoformat())
    terms: Record = {
        "label": text_row(name), "account_last_four": account.last_four, "since_on": since_on.isoformat(),
        "until_on": until_on.isoformat(), "amount_minor": request.core.books[account.id].balance_minor,
        "currency": account.currency, "fee_minor": 0,
    }  # fmt: skip
    valid_until_on = request.today + timedelta(days=service.code_valid_days)

    def carry_out(mark: Mark) -> Effect:
        code = hashlib.sha256(f"document/{mark.key}".encode()).hexdigest()[:12].upper()
        result: Record = {"receipt": mark.receipt, "code": code, "valid_until_on": valid_until_on.isoformat()}
        return Effect(result, [])

    return Plan(terms, carry_out)


def plan_cancel_mandate(request: Request) -> Plan:
    """End an auto-debit."""
    mandate = request.own(request.core.mandates, "mandate")
    if mandate.cancelled:
        raise refuse("not_found", argument="mandate")
    days = request.terms.service.stop_business_days
    stops_on = request.calendar.add_business_days(request.today, days).isoformat()
    terms: Record = {
        "label": text_row(mandate.label),
        "amount_minor": mandate.amount_minor,
        "currency": "CNY",
    }

    def carry_out(mark: Mark) -> Effect:
        ended = msgspec.structs.replace(mandate, cancelled=True)
        return Effect({"receipt": mark.receipt, "stops_on": stops_on}, [ended])

    return Plan(terms, carry_out)


def plan_redeem_holding(request: Request) -> Plan:
    """Sell a wealth product that is open; the money comes to the main account as the product's terms say."""
    holding = request.own(request.core.holdings, "holding")
    if holding.redeemed:
        raise refuse("not_found", argument="holding")
    if holding.product in _CLOSED_PRODUCTS or _is_held_too_short(
        holding.product, holding.bought_on, request.today
    ):
        raise refuse("not_open", redemption=text_row(holding.redemption))
    account = request.core.current_account(holding.customer)
    assert account is not None, "whoever holds a product has a main account"
    terms: Record = {
        "label": text_row(holding.label), "risk": holding.risk, "value_minor": holding.value_minor, "currency": "CNY",
        "redemption": text_row(holding.redemption),
    }  # fmt: skip

    def carry_out(mark: Mark) -> Effect:
        changes: list[Change] = [
            msgspec.structs.replace(holding, redeemed=True),
            mark.post(account.id, holding.value_minor, "redemption", _REDEMPTION),
        ]
        result: Record = {
            "receipt": mark.receipt, "reference": mark.number("RD"), "value_minor": holding.value_minor,
        }  # fmt: skip
        return Effect(result, changes)

    return Plan(terms, carry_out)


def _is_held_too_short(product: str, bought_on: date, today: date) -> bool:
    """Tell whether the shortest holding time of a product is not over."""
    months = {"hold90": 3, "hybrid": _YEAR_MONTHS}.get(product, 0)
    return today < add_months(bought_on, months)


def plan_stop_payments(request: Request) -> Plan:
    """Stop all that could take money away: freeze every card in use. Protects; lifting it needs a face check a card."""
    cards = [card for card in request.core.cards.of(request.customer.id) if card.status == "active"]

    def carry_out(mark: Mark) -> Effect:
        frozen: list[Change] = [
            msgspec.structs.replace(card, status="frozen", frozen_at=mark.at) for card in cards
        ]
        return Effect({"receipt": mark.receipt, "at": mark.when, "cards": len(cards)}, frozen)

    return Plan({"cards": len(cards)}, carry_out)


def plan_report_loss(request: Request) -> Plan:
    """Stop payment of a term deposit whose certificate is lost; it has to be put in writing within days."""
    deposit = request.own(request.core.deposits, "deposit")
    if deposit.closed:
        raise refuse("deposit_closed")
    written_by_on = (request.today + timedelta(days=request.terms.service.written_loss_days)).isoformat()
    terms: Record = {"label": text_row(deposit_label(deposit)), "last_four": deposit.last_four}
    return Plan(terms, lambda mark: Effect({"receipt": mark.receipt, "written_by_on": written_by_on}, []))
