"""Applying for a credit card or a loan. Nothing is decided here: an application is taken, and a person decides."""

from __future__ import annotations

import msgspec

from tellerline.bank.adapters.simulator.actions.plan import Effect, Mark, Plan
from tellerline.bank.adapters.simulator.people import APPLICATION_PREFIXES, LOANS, tier_name
from tellerline.bank.adapters.simulator.records import Application
from tellerline.bank.adapters.simulator.refusals import refuse
from tellerline.bank.adapters.simulator.request import Request
from tellerline.bank.adapters.simulator.rows import again_from_on, text_row
from tellerline.bank.adapters.simulator.terms import TIERS
from tellerline.domain.data import Record
from tellerline.domain.language import Text

_OPEN = ("in_review", "documents_missing")
# What a consumer loan may be used for. Homes, investments and other debts are not among them.
LOAN_PURPOSES = {
    "home": Text("装修", "renovation"),
    "goods": Text("家电家具等大件", "household goods"),
    "education": Text("教育培训", "education"),
    "medical": Text("看病", "medical care"),
    "travel": Text("旅游婚庆", "travel or a wedding"),
}
_ONLINE = "consumer"  # home, car and business loans need papers that are seen at a branch


def plan_card(request: Request) -> Plan:
    """Apply for a credit card of a tier; its annual fee is read back."""
    tier, income = request.text("tier") or "", request.amount("income_minor")
    if tier not in TIERS:
        raise refuse("unknown_kind", kinds=", ".join(TIERS))
    _check_age(request, request.terms.application.card_age)
    _check_earlier(request, "card")
    label = tier_name(tier)
    terms: Record = {
        "label": text_row(label), "fee_minor": request.terms.card.annual_fee_minor[tier], "income_minor": income,
        "currency": "CNY",
    }  # fmt: skip
    made = Application(
        "", request.customer.id, "card", tier, label, 0, 0, "in_review", request.today, request.today
    )
    return _plan(request, terms, made, request.terms.application.card_business_days)


def plan_loan(request: Request) -> Plan:
    """Apply for a consumer loan; the rate is set with the decision, and so it is not part of the terms."""
    kind, purpose = request.text("kind") or "", LOAN_PURPOSES.get(request.text("purpose") or "")
    if kind != _ONLINE:
        raise refuse("unknown_kind", kinds=_ONLINE)
    if purpose is None:
        raise refuse("unknown_kind", kinds=", ".join(LOAN_PURPOSES))
    amount, months, asked = request.amount(), request.whole("months") or 0, request.terms.application
    if amount > asked.loan_max_minor:
        raise refuse("amount_too_large", maximum_minor=asked.loan_max_minor, currency="CNY")
    if not 0 < months <= asked.loan_months_max:
        raise refuse("periods_not_offered", maximum=asked.loan_months_max)
    _check_age(request, asked.loan_age)
    _check_earlier(request, "loan")
    label = LOANS[kind]
    terms: Record = {
        "label": text_row(label), "amount_minor": amount, "months": months, "purpose": text_row(purpose), "currency": "CNY",
    }  # fmt: skip
    made = Application(
        "",
        request.customer.id,
        "loan",
        kind,
        label,
        amount,
        months,
        "in_review",
        request.today,
        request.today,
    )
    return _plan(request, terms, made, asked.loan_business_days)


def _check_age(request: Request, ages: tuple[int, int]) -> None:
    youngest, oldest = ages
    if not youngest <= request.customer.age(request.today) <= oldest:
        raise refuse("age_out_of_range", youngest=youngest, oldest=oldest)


def _check_earlier(request: Request, kind: str) -> None:
    """Raise: Refused while an earlier application is open, or too soon after one was declined."""
    for application in request.core.applications.of(request.customer.id):
        if application.kind != kind:
            continue
        if application.status in _OPEN:
            raise refuse("already_applied", number=application.id)
        again_from = again_from_on(application, request.terms)
        if again_from is not None and request.today < again_from:
            raise refuse("applied_too_soon", from_on=again_from.isoformat())


def _plan(request: Request, terms: Record, application: Application, business_days: int) -> Plan:
    reply_by_on = request.calendar.add_business_days(request.today, business_days)

    def carry_out(mark: Mark) -> Effect:
        number = mark.number(APPLICATION_PREFIXES[application.kind])
        made = msgspec.structs.replace(application, id=number, reply_by_on=reply_by_on)
        result: Record = {"receipt": mark.receipt, "number": number, "reply_by_on": reply_by_on.isoformat()}
        return Effect(result, [made])

    return Plan(terms, carry_out)
