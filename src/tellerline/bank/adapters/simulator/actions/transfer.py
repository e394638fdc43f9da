"""Transfers: send, cancel, and the limits they keep to."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from tellerline.bank.adapters.simulator.actions.plan import Effect, Mark, Plan
from tellerline.bank.adapters.simulator.core import Change, LimitSet
from tellerline.bank.adapters.simulator.days import bank_day, bank_time
from tellerline.bank.adapters.simulator.records import Payee, Transfer
from tellerline.bank.adapters.simulator.refusals import refuse
from tellerline.bank.adapters.simulator.request import Request
from tellerline.bank.adapters.simulator.rows import text_row
from tellerline.bank.adapters.simulator.terms import TransferTerms
from tellerline.domain.data import Record
from tellerline.domain.language import Text
from tellerline.domain.party import Level

_FEE = Text("转账手续费", "Transfer fee")


def arrival(mode: str, terms: TransferTerms) -> Text:
    """Return when a transfer arrives, in words. Raises: Refused, code `unknown_mode`."""
    match mode:
        case "real_time":
            minutes = terms.real_time_minutes
            return Text(f"实时到账，通常{minutes}分钟内", f"at once, normally within {minutes} minutes")
        case "ordinary":
            return Text(f"约{terms.ordinary_hours}小时内", f"within about {terms.ordinary_hours} hours")
        case "next_day":
            hours = terms.next_day_hours
            return Text(
                f"受理{hours}小时后，处理前可撤销", f"{hours} hours from now; until then it can be cancelled"
            )
    raise refuse("unknown_mode", mode=mode)


def arrival_hours(mode: str, terms: TransferTerms) -> int:
    """Return how many hours a transfer waits before it leaves; a real-time one does not."""
    return {"ordinary": terms.ordinary_hours, "next_day": terms.next_day_hours}.get(mode, 0)


def moved_minor(transfers: list[Transfer], now: datetime, *, whole_year: bool) -> int:
    """Return what transfers have moved today, or this year; what came back does not count."""
    today = bank_day(now)
    total = 0
    for transfer in transfers:
        day = bank_day(transfer.at)
        same = day.year == today.year if whole_year else day == today
        if same and transfer.status(now) not in ("cancelled", "returned"):
            total += transfer.amount_minor
    return total


def single_limit(daily_minor: int, terms: TransferTerms) -> int:
    """Return the most one transfer may move under a daily limit."""
    return min(daily_minor, max(terms.single_minor, terms.face_single_minor))


def check_limits(request: Request, amount_minor: int) -> None:
    """Raise: Refused when the transfer is over the customer's limits, or over those of the identity level."""
    terms, customer = request.terms.transfer, request.customer.id
    daily = request.core.daily_limits[customer]
    transfers = request.core.transfers.of(customer)
    today = moved_minor(transfers, request.now, whole_year=False)
    single = single_limit(daily, terms)
    if amount_minor > single:
        raise refuse("over_single_limit", limit_minor=single, currency="CNY")
    if today + amount_minor > daily:
        raise refuse("over_daily_limit", limit_minor=daily, left_minor=max(0, daily - today), currency="CNY")
    if moved_minor(transfers, request.now, whole_year=True) + amount_minor > terms.yearly_minor:
        raise refuse("over_yearly_limit", limit_minor=terms.yearly_minor, currency="CNY")
    if request.caller.level < Level.L3 and (
        amount_minor > terms.sms_single_minor or today + amount_minor > terms.sms_daily_minor
    ):
        raise refuse(
            "over_level_limit", limit_minor=terms.sms_single_minor, needed=Level.L3.value, currency="CNY"
        )


def plan_send(request: Request) -> Plan:
    """Send yuan to a payee. Without a `mode`, it arrives at once within the bank and the next day elsewhere."""
    account, payee, amount = (
        request.paying_account(),
        request.own(request.core.payees, "payee"),
        request.amount(),
    )
    terms = request.terms.transfer
    mode = request.text("mode") or ("real_time" if payee.own_bank else "next_day")
    arrives = arrival(mode, terms)
    check_limits(request, amount)
    request.check_funds(request.core.books[account.id], amount + terms.fee_minor)
    read_back: Record = {
        "payee_name": payee.name, "payee_bank": text_row(payee.bank), "payee_last_four": payee.last_four,
        "amount_minor": amount, "fee_minor": terms.fee_minor, "currency": "CNY",
        "from_last_four": account.last_four, "arrives": text_row(arrives),
    }  # fmt: skip

    def carry_out(mark: Mark) -> Effect:
        made = _transfer(mark, payee, account.id, amount, arrival_hours(mode, terms))
        party = Text(payee.name, payee.name)
        changes: list[Change] = [made, mark.post(account.id, -amount, "transfer_out", party)]
        if terms.fee_minor:
            changes.append(mark.post(account.id, -terms.fee_minor, "fee", _FEE))
        until = bank_time(made.arrives_at) if made.cancellable(mark.at) else None
        result: Record = {
            "receipt": mark.receipt, "reference": made.reference, "at": mark.when, "status": made.status(mark.at),
            "cancellable_until": until, "amount_minor": amount, "payee_name": payee.name,
        }  # fmt: skip
        return Effect(result, changes)

    return Plan(read_back, carry_out)


def _transfer(mark: Mark, payee: Payee, account_id: str, amount_minor: int, hours: int) -> Transfer:
    return Transfer(
        mark.identify("transfer"), mark.number("TR"), payee.customer, account_id, payee.name, payee.bank,
        payee.last_four, amount_minor, "CNY", mark.at, mark.at + timedelta(hours=hours),
    )  # fmt: skip


def plan_cancel(request: Request) -> Plan:
    """Withdraw a transfer that has not left; the money goes back where it came from."""
    reference = request.text("reference")
    own = request.core.transfers.of(request.customer.id)
    transfer = next((transfer for transfer in own if transfer.reference == reference), None)
    if transfer is None:
        raise refuse("not_found", argument="reference")
    if transfer.cancelled_at is not None:
        raise refuse("already_cancelled")
    if not transfer.cancellable(request.now):
        raise refuse("not_cancellable", status=transfer.status(request.now))
    terms: Record = {
        "reference": transfer.reference, "amount_minor": transfer.amount_minor, "payee_name": transfer.payee_name,
        "currency": transfer.currency,
    }  # fmt: skip

    def carry_out(mark: Mark) -> Effect:
        party = Text(transfer.payee_name, transfer.payee_name)
        changes: list[Change] = [
            msgspec.structs.replace(transfer, cancelled_at=mark.at),
            mark.post(transfer.account_id, transfer.amount_minor, "transfer_back", party),
        ]
        return Effect({"receipt": mark.receipt, "at": mark.when}, changes)

    return Plan(terms, carry_out)


def plan_lower(request: Request) -> Plan:
    """Lower the daily limit, at once."""
    daily, present = request.whole("daily_minor") or 0, request.core.daily_limits[request.customer.id]
    if daily < 0:
        raise refuse("amount_too_small", minimum_minor=0)
    if daily >= present:
        raise refuse("not_lower", limit_minor=present, currency="CNY")
    return _plan_limit(request, present, daily)


def plan_raise(request: Request) -> Plan:
    """Raise the daily limit, at once, up to the highest that can be set."""
    daily, present = request.whole("daily_minor") or 0, request.core.daily_limits[request.customer.id]
    highest = request.terms.transfer.daily_max_minor
    if daily <= present:
        raise refuse("not_higher", limit_minor=present, currency="CNY")
    if daily > highest:
        raise refuse("over_maximum", maximum_minor=highest, currency="CNY")
    return _plan_limit(request, present, daily)


def _plan_limit(request: Request, present_minor: int, daily_minor: int) -> Plan:
    customer = request.customer.id

    def carry_out(mark: Mark) -> Effect:
        result: Record = {"receipt": mark.receipt, "daily_minor": daily_minor, "from_at": mark.when}
        return Effect(result, [LimitSet(customer, daily_minor)])

    terms: Record = {"from_minor": present_minor, "daily_minor": daily_minor, "currency": "CNY"}
    return Plan(terms, carry_out)
