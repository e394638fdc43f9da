"""How the core's records look from outside: the rows of the contract, field by field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from tellerline.bank.adapters.simulator.billing import Bill
from tellerline.bank.adapters.simulator.core import Book
from tellerline.bank.adapters.simulator.days import bank_day, bank_time, last_on, next_on
from tellerline.bank.adapters.simulator.people import ending
from tellerline.bank.adapters.simulator.records import (
    Account,
    Application,
    Beneficiary,
    Card,
    Customer,
    Deposit,
    Device,
    EarlyRepayment,
    Fee,
    Holding,
    Loan,
    Mandate,
    Payee,
    Posting,
    Restriction,
    Transfer,
)
from tellerline.bank.adapters.simulator.terms import Terms, WealthProduct
from tellerline.domain.data import Record
from tellerline.domain.finance.deposit import add_months
from tellerline.domain.language import Text
from tellerline.reply.format import BANK_ZONE

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SUMMARIES: dict[str, Record] = {
    "purchase": {"zh": "消费", "en": "Purchase"},
    "mandate": {"zh": "代扣", "en": "Auto-debit"},
    "salary": {"zh": "工资", "en": "Salary"},
    "pension": {"zh": "养老金", "en": "Pension"},
    "income": {"zh": "转入", "en": "Incoming payment"},
    "transfer_out": {"zh": "转账汇出", "en": "Transfer out"},
    "transfer_in": {"zh": "转账汇入", "en": "Transfer in"},
    "transfer_back": {"zh": "转账退回", "en": "Transfer returned"},
    "cash": {"zh": "取现", "en": "Cash withdrawal"},
    "repayment": {"zh": "信用卡还款", "en": "Credit card repayment"},
    "interest_paid": {"zh": "结息", "en": "Interest earned"},
    "interest_charged": {"zh": "透支利息", "en": "Interest charged"},
    "fee": {"zh": "费用", "en": "Fee"},
    "refund": {"zh": "退款", "en": "Refund"},
    "deposit_out": {"zh": "定期支取", "en": "Term deposit withdrawal"},
    "loan": {"zh": "贷款还款", "en": "Loan instalment"},
    "instalment": {"zh": "账单分期", "en": "Bill instalments"},
    "redemption": {"zh": "理财赎回", "en": "Wealth redemption"},
    "points": {"zh": "积分抵扣", "en": "Points redeemed"},
    "remittance": {"zh": "购汇汇出", "en": "Remittance abroad"},
}
_WITH_MERCHANT = frozenset({"purchase", "mandate", "refund"})
_TERMS = {
    3: Text("三个月", "3-month"),
    6: Text("六个月", "6-month"),
    12: Text("一年期", "1-year"),
    24: Text("二年期", "2-year"),
    36: Text("三年期", "3-year"),
    60: Text("五年期", "5-year"),
}


def text_row(text: Text) -> Record:
    """Return a text in both languages."""
    return {"zh": text.zh, "en": text.en}


def short_day(day: date) -> Text:
    """Return a day as a list shows it: 11月21日, 21 Nov."""
    return Text(f"{day.month}月{day.day}日", f"{day.day} {_MONTHS[day.month - 1]}")


def both(text: Text) -> str:
    """Return a name as one string that can be found by either language: 星巴克 Starbucks."""
    return text.zh if text.zh == text.en else f"{text.zh} {text.en}"


def customer_row(customer: Customer, terms: Terms, today: date) -> Record:
    """Return `customer.profile`."""
    return {
        "id": customer.id, "name": customer.name, "surname": text_row(customer.surname),
        "salutation": text_row(customer.salutation), "elder": customer.age(today) >= terms.identity.elder_age,
        "phone_masked": customer.phone_masked, "since_on": customer.since_on.isoformat(),
        "risk_level": customer.risk_level, "risk_valid": today <= risk_until(customer, terms),
        "risk_until_on": risk_until(customer, terms).isoformat(),
        "resident": customer.resident, "senior_investor": customer.age(today) >= terms.senior_investor_age,
    }  # fmt: skip


def risk_until(customer: Customer, terms: Terms) -> date:
    """Return the last day on which the customer's risk assessment holds."""
    return add_months(customer.risk_assessed_on, terms.assessment_months)


def application_row(application: Application, terms: Terms) -> Record:
    """Return a row of `applications.list`."""
    missing, reason, decided = application.missing, application.reason, application.decided_on
    again_from = again_from_on(application, terms)
    return {
        "id": application.id, "kind": application.kind, "product": application.product,
        "label": text_row(application.label), "amount_minor": application.amount_minor, "currency": "CNY",
        "months": application.months, "status": application.status, "on": application.on.isoformat(),
        "reply_by_on": application.reply_by_on.isoformat(), "missing": text_row(missing) if missing else None,
        "reason": text_row(reason) if reason else None, "decided_on": decided.isoformat() if decided else None,
        "again_from_on": again_from.isoformat() if again_from else None,
    }  # fmt: skip


def again_from_on(application: Application, terms: Terms) -> date | None:
    """Return from when one may apply again after a declined card application; None where nothing stands against it."""
    if application.kind != "card" or application.status != "declined" or application.decided_on is None:
        return None
    return add_months(application.decided_on, terms.application.card_again_months)


def product_row(key: str, product: WealthProduct, bears: int) -> Record:
    """Return a row of `products.list`. `bears`: up to which risk products suit the customer."""
    low, high = product.benchmark or (None, None)
    return {
        "id": key, "label": text_row(product.name), "risk": product.risk, "issuer": text_row(product.issuer),
        "agency": product.agency, "suitable": int(product.risk[1:]) <= bears, "qualified": product.qualified,
        "min_minor": product.min_minor, "currency": "CNY", "term": text_row(product.term),
        "redemption": text_row(product.redemption), "benchmark_low": str(low) if low is not None else None,
        "benchmark_high": str(high) if high is not None else None,
        "yearly_fee": str(product.yearly_fee) if product.yearly_fee is not None else None,
    }  # fmt: skip


def beneficiary_row(beneficiary: Beneficiary) -> Record:
    """Return a row of `beneficiaries.list`."""
    last_four, currency = beneficiary.last_four, beneficiary.currency
    return {
        "id": beneficiary.id, "name": beneficiary.name, "bank": text_row(beneficiary.bank),
        "country": text_row(beneficiary.country), "bic": beneficiary.bic, "last_four": last_four,
        "currency": currency,
        "label": {
            "zh": f"{beneficiary.name} {beneficiary.bank.zh}（尾号{last_four}，{currency}）",
            "en": f"{beneficiary.name}, {beneficiary.bank.en} ending {last_four} ({currency})",
        },
    }  # fmt: skip


def account_row(account: Account, book: Book) -> Record:
    """Return a row of `accounts.list`."""
    return {
        "id": account.id, "kind": account.kind, "last_four": account.last_four, "label": text_row(account.label),
        "balance_minor": book.balance_minor, "available_minor": book.available_minor,
        "pending_minor": book.pending_minor, "currency": account.currency,
    }  # fmt: skip


def card_row(card: Card) -> Record:
    """Return a row of `cards.list`."""
    return {
        "id": card.id, "kind": card.kind, "last_four": card.last_four, "label": text_row(card.label),
        "status": card.status, "account_id": card.account_id, "credit_limit_minor": card.credit_limit_minor,
    }  # fmt: skip


def posting_row(
    posting: Posting, account_id: str, last_four: str, currency: str, *, disputed: bool
) -> Record:
    """Return a row of `transactions.list`."""
    at = posting.at.astimezone(BANK_ZONE)
    amount = abs(posting.amount_minor)
    party = posting.party
    figure = f"{amount / 100:,.2f}"
    yuan = f"{figure}元" if currency == "CNY" else f"{currency} {figure}"
    name = both(party)
    return {
        "id": posting.id, "account_id": account_id, "card_id": posting.card_id, "last_four": last_four,
        "on": at.date().isoformat(), "at": at.isoformat(timespec="seconds"), "amount_minor": amount,
        "currency": currency, "direction": "in" if posting.amount_minor > 0 else "out", "counterparty": name,
        "summary": _SUMMARIES[posting.kind].copy(),
        "status": "pending" if posting.pending else "disputed" if disputed else "posted",
        "merchant": name if posting.kind in _WITH_MERCHANT else "", "channel": posting.channel,
        "label": {
            "zh": f"{at.month}月{at.day}日 {party.zh} {yuan}",
            "en": f"{at.day} {_MONTHS[at.month - 1]} {party.en} {currency} {figure}",
        },
    }  # fmt: skip


def deposit_label(deposit: Deposit) -> Text:
    """Return what a term deposit is called."""
    term = _TERMS[deposit.term_months]
    return ending(Text(f"{term.zh}整存整取", f"{term.en} term deposit"), deposit.last_four)


def deposit_row(deposit: Deposit, today: date) -> Record:
    """Return a row of `deposits.list`; status is active or matured."""
    return {
        "id": deposit.id, "last_four": deposit.last_four, "label": text_row(deposit_label(deposit)),
        "principal_minor": deposit.principal_minor, "currency": deposit.currency, "rate": deposit.rate,
        "term_months": deposit.term_months, "start_on": deposit.start_on.isoformat(),
        "maturity_on": deposit.maturity_on.isoformat(),
        "status": "active" if today < deposit.maturity_on else "matured",
    }  # fmt: skip


def bill_row(bill: Bill, card: Card, terms: Terms, today: date) -> Record:
    """Return `card.statement`."""
    return {
        "card_id": card.id, "last_four": card.last_four, "label": text_row(card.label),
        "statement_on": bill.statement_on.isoformat(), "due_on": bill.due_on.isoformat(),
        "balance_minor": bill.balance_minor, "minimum_minor": bill.minimum_minor, "paid_minor": bill.paid_minor,
        "remaining_minor": bill.remaining_minor, "remaining_minimum_minor": bill.remaining_minimum_minor,
        "autopay": card.autopay, "currency": "CNY",
        "instalment_eligible_minor": bill.eligible_minor(terms.instalment, today),
        "grace_until_on": bill.grace_until_on.isoformat(), "overdue": bill.overdue(today),
    }  # fmt: skip


def fee_rows(fees: Sequence[Fee]) -> list[Record]:
    """Return the rows of `fees.list`. Fees of one kind are told apart by their day, and on one day by their amount."""
    kinds = Counter(fee.kind for fee in fees)
    days = Counter((fee.kind, fee.on) for fee in fees)
    return [_fee_row(fee, kinds[fee.kind] > 1, days[fee.kind, fee.on] > 1) for fee in fees]


def _fee_row(fee: Fee, with_day: bool, with_amount: bool) -> Record:
    day, figure = short_day(fee.on), f"{fee.amount_minor / 100:,.2f}"
    zh = (day.zh if with_day else "") + fee.label.zh + (f"{figure}元" if with_amount else "")
    signs = [sign for sign, shown in ((day.en, with_day), (f"CNY {figure}", with_amount)) if shown]
    en = f"{fee.label.en} ({', '.join(signs)})" if signs else fee.label.en
    return {
        "id": fee.id, "kind": fee.kind, "label": {"zh": zh, "en": en}, "amount_minor": fee.amount_minor,
        "currency": "CNY", "on": fee.on.isoformat(), "account_last_four": fee.last_four,
        "basis": text_row(fee.basis), "notice_on_file": fee.notice_on_file, "waivable": fee.waivable,
        "reason": text_row(fee.reason),
    }  # fmt: skip


def payee_row(payee: Payee) -> Record:
    """Return a row of `payees.list`."""
    return {
        "id": payee.id, "name": payee.name, "bank": text_row(payee.bank), "last_four": payee.last_four,
        "label": {
            "zh": f"{payee.name} {payee.bank.zh}（尾号{payee.last_four}）",
            "en": f"{payee.name}, {payee.bank.en} ending {payee.last_four}",
        },
    }  # fmt: skip


def transfer_row(transfer: Transfer, now: datetime) -> Record:
    """Return a row of `transfers.list`."""
    status = transfer.status(now)
    day, figure = short_day(bank_day(transfer.at)), f"{transfer.amount_minor / 100:,.2f}"
    ended = transfer.cancelled_at or (transfer.returned_at if status == "returned" else None)
    shows_reason = transfer.reason is not None and status in ("returned", "held")
    return {
        "id": transfer.id, "reference": transfer.reference, "payee_name": transfer.payee_name,
        "payee_bank": text_row(transfer.payee_bank), "payee_last_four": transfer.payee_last_four,
        "amount_minor": transfer.amount_minor, "currency": transfer.currency, "at": bank_time(transfer.at),
        "on": bank_day(transfer.at).isoformat(), "status": status,
        "expected_on": bank_day(ended or transfer.arrives_at).isoformat(),
        "reason": text_row(transfer.reason) if transfer.reason is not None and shows_reason else None,
        "cancellable": transfer.cancellable(now),
        "label": {
            "zh": f"{day.zh} 转给{transfer.payee_name}（尾号{transfer.payee_last_four}）{figure}元",
            "en": f"{day.en} to {transfer.payee_name} ending {transfer.payee_last_four}, CNY {figure}",
        },
    }  # fmt: skip


def mandate_row(mandate: Mandate, card: Card | None, terms: Terms, today: date) -> Record:
    """Return a row of `autodebits.list`. `card` is the credit card that pays, if one does."""
    return {
        "id": mandate.id, "label": text_row(mandate.label), "card_id": card.id if card else "",
        "account_id": mandate.book, "amount_minor": mandate.amount_minor,
        "next_on": next_mandate_on(mandate, terms, today).isoformat(),
    }  # fmt: skip


def loan_row(
    loan: Loan, account_last_four: str, agreed: EarlyRepayment | None, terms: Terms, today: date
) -> Record:
    """Return a row of `loans.list`. `agreed`: the early repayment that is agreed for it."""
    return {
        "id": loan.id, "kind": loan.kind, "last_four": loan.last_four, "label": text_row(loan.label),
        "principal_minor": loan.principal_minor, "outstanding_minor": loan.outstanding_minor, "rate": loan.rate,
        "instalment_minor": loan.instalment_minor, "currency": "CNY", "next_due_on": loan.next_due_on.isoformat(),
        "start_on": loan.start_on.isoformat(), "end_on": loan.end_on.isoformat(),
        "account_last_four": account_last_four, "early_from_on": early_from(terms, today).isoformat(),
        "early_on": agreed.on.isoformat() if agreed else None, "early_minor": agreed.amount_minor if agreed else 0,
    }  # fmt: skip


def early_from(terms: Terms, today: date) -> date:
    """Return the first day on which what is asked for today may be repaid early."""
    return today + timedelta(days=terms.service.early_repay_notice_days)


def holding_row(holding: Holding) -> Record:
    """Return a row of `holdings.list`; the result is value less cost, so a loss is negative."""
    return {
        "id": holding.id, "product": holding.product, "label": text_row(holding.label), "risk": holding.risk,
        "issuer": text_row(holding.issuer), "cost_minor": holding.cost_minor, "value_minor": holding.value_minor,
        "result_minor": holding.value_minor - holding.cost_minor, "currency": "CNY",
        "valued_on": holding.valued_on.isoformat(), "bought_on": holding.bought_on.isoformat(),
        "redemption": text_row(holding.redemption),
    }  # fmt: skip


def device_row(device: Device) -> Record:
    """Return a row of `devices.list`."""
    return {
        "id": device.id, "label": text_row(device.label), "seen_on": device.seen_on.isoformat(),
        "current": device.current,
    }  # fmt: skip


def restriction_row(restriction: Restriction, account_last_four: str) -> Record:
    """Return a row of `restrictions.list`."""
    return {
        "id": restriction.id, "account_last_four": account_last_four, "label": text_row(restriction.label),
        "reason": text_row(restriction.reason), "documents": text_row(restriction.documents),
        "since_on": restriction.since_on.isoformat(),
    }  # fmt: skip


def next_mandate_on(mandate: Mandate, terms: Terms, today: date) -> date:
    """Return the next day a mandate debits; the automatic repayment of a card, on its due date."""
    if not mandate.repays:
        return next_on(mandate.day, today)
    statement_on = last_on(mandate.day, before=today)
    due_on = statement_on + timedelta(days=terms.card.due_days)
    return (
        due_on if due_on > today else next_on(mandate.day, statement_on) + timedelta(days=terms.card.due_days)
    )
