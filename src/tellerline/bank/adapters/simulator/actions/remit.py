"""Money sent abroad: currency bought within the yearly quota and sent to a saved beneficiary, in one go."""

from __future__ import annotations

from typing import NamedTuple

from stdnum import bic, iban

from tellerline.bank.adapters.simulator.actions.plan import Effect, Mark, Plan
from tellerline.bank.adapters.simulator.actions.transfer import check_limits
from tellerline.bank.adapters.simulator.core import Change
from tellerline.bank.adapters.simulator.days import bank_day, moment_on
from tellerline.bank.adapters.simulator.records import Beneficiary, Remittance
from tellerline.bank.adapters.simulator.refusals import refuse
from tellerline.bank.adapters.simulator.request import Request
from tellerline.bank.adapters.simulator.rows import text_row
from tellerline.bank.adapters.simulator.terms import ExchangeRate, RemitTerms, Terms
from tellerline.domain.data import Record
from tellerline.domain.finance.exchange import exchange, quota_share, remittance_fee
from tellerline.domain.language import Text

# What currency may be bought for within the quota. Investment, property and insurance abroad are not among them.
PURPOSES = {
    "study": Text("境外就学", "study abroad"),
    "travel": Text("境外旅游和探亲", "travel or family visits abroad"),
    "medical": Text("境外就医", "medical treatment abroad"),
    "family": Text("赡家款", "family support"),
    "services": Text("境外服务费用", "services bought abroad"),
}
QUOTA_CURRENCY = "USD"
_FEE = Text("跨境汇款手续费和电报费", "Remittance fee and SWIFT charge")


def quota_used(request: Request) -> int:
    """Return what this year's remittances have taken of the customer's quota, in US dollars."""
    made = request.core.remittances.of(request.customer.id)
    return sum(one.quota_minor for one in made if bank_day(one.at).year == request.today.year)


def plan_remit(request: Request) -> Plan:
    """Buy currency with yuan and send it abroad."""
    account, amount = request.paying_account(), request.amount()
    beneficiary = request.own(request.core.beneficiaries, "beneficiary")
    purpose = PURPOSES.get(request.text("purpose") or "")
    if purpose is None:
        raise refuse("unknown_kind", kinds=", ".join(PURPOSES))
    terms, rate = request.terms.remit, _rate(request.terms, beneficiary.currency)
    _check_open(request, terms)
    _check_beneficiary(beneficiary)
    if not request.customer.resident:
        raise refuse("no_quota")
    cost = price(request.terms, amount, beneficiary.currency)
    left = terms.quota_minor - quota_used(request) - cost.quota_minor
    if left < 0:
        raise refuse("over_quota", left_minor=left + cost.quota_minor, currency=QUOTA_CURRENCY)
    total = cost.cny_minor + cost.fee_minor + terms.cable_minor
    check_limits(request, total)
    request.check_funds(request.core.books[account.id], total)
    read_back: Record = {
        "payee_name": beneficiary.name, "payee_bank": text_row(beneficiary.bank),
        "country": text_row(beneficiary.country), "bic": beneficiary.bic, "payee_last_four": beneficiary.last_four,
        "amount_minor": amount, "currency": beneficiary.currency, "rate": str(rate.bank_sells),
        "cny_minor": cost.cny_minor, "spread_minor": cost.spread_minor, "fee_minor": cost.fee_minor,
        "cable_minor": terms.cable_minor, "total_minor": total, "quota_minor": cost.quota_minor, "quota_left_minor": left,
        "purpose": text_row(purpose), "from_last_four": account.last_four, "arrives": text_row(_arrives(terms)),
    }  # fmt: skip
    code = request.text("purpose") or ""

    def carry_out(mark: Mark) -> Effect:
        made = Remittance(
            mark.identify("remittance"), mark.number("FR"), beneficiary.customer, account.id, beneficiary.id, amount,
            beneficiary.currency, cost.quota_minor, total, code, mark.at,
        )  # fmt: skip
        payee = Text(beneficiary.name, beneficiary.name)
        changes: list[Change] = [
            made,
            mark.post(account.id, -cost.cny_minor, "remittance", payee),
            mark.post(account.id, -(cost.fee_minor + terms.cable_minor), "fee", _FEE),
        ]
        result: Record = {
            "receipt": mark.receipt, "reference": made.reference, "at": mark.when, "amount_minor": amount,
            "currency": beneficiary.currency, "total_minor": total, "payee_name": beneficiary.name,
            "quota_left_minor": left,
        }  # fmt: skip
        return Effect(result, changes)

    return Plan(read_back, carry_out)


class Price(NamedTuple):
    """What sending an amount comes to: yuan for the currency, what the bank earns on it, fee, and share of the quota."""

    cny_minor: int
    spread_minor: int
    fee_minor: int
    quota_minor: int


def price(terms: Terms, amount_minor: int, currency: str) -> Price:
    """Return what an amount sent abroad costs. Raises: Refused, code `currency_not_sold`."""
    rate, remit = _rate(terms, currency), terms.remit
    bought = exchange(
        amount_minor, bank_buys=rate.bank_buys, bank_sells=rate.bank_sells, side="customer_buys"
    )
    fee = remittance_fee(
        bought.cny_minor, rate=remit.fee_rate, least_minor=remit.fee_min_minor, most_minor=remit.fee_max_minor
    )
    sells_quota = terms.exchange[QUOTA_CURRENCY].bank_sells
    quota = quota_share(amount_minor, sells=rate.bank_sells, sells_quota=sells_quota)
    return Price(bought.cny_minor, bought.spread_minor, fee, quota)


def _rate(terms: Terms, currency: str) -> ExchangeRate:
    rate = terms.exchange.get(currency)
    if rate is None:
        raise refuse("currency_not_sold", currency=currency)
    return rate


def _check_open(request: Request, terms: RemitTerms) -> None:
    opens, closes = moment_on(request.today, terms.opens), moment_on(request.today, terms.closes)
    if not opens <= request.now < closes:
        raise refuse("fx_closed", opens=terms.opens, closes=terms.closes)


def _check_beneficiary(beneficiary: Beneficiary) -> None:
    """Raise: Refused when the payment would come back, or needs a person first. Why the latter, nobody is told (rule B8)."""
    account = beneficiary.account
    if not bic.is_valid(beneficiary.bic) or (account[:2].isalpha() and not iban.is_valid(account)):
        raise refuse("bad_beneficiary")
    if not beneficiary.screened:
        raise refuse("screening")


def _arrives(terms: RemitTerms) -> Text:
    least, most = terms.business_days
    return Text(f"一般{least}至{most}个工作日", f"usually {least} to {most} business days")
