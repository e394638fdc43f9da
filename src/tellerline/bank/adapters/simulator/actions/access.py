"""How customers reach their bank: the registered number, passwords, devices."""

from __future__ import annotations

import re
from datetime import timedelta

import msgspec

from tellerline.bank.adapters.simulator.actions.plan import Effect, Mark, Plan
from tellerline.bank.adapters.simulator.days import bank_time
from tellerline.bank.adapters.simulator.refusals import refuse
from tellerline.bank.adapters.simulator.request import Request
from tellerline.bank.adapters.simulator.rows import text_row
from tellerline.domain.data import Record
from tellerline.domain.language import Text

HOLD_HOURS = 12  # during which no money leaves after the number was changed (rule F5)
_MOBILE = re.compile(r"1[3-9]\d{9}")
_PASSWORDS = {"login": Text("登录密码", "Login password"), "card": Text("卡片交易密码", "Card PIN")}


def plan_change_phone(request: Request) -> Plan:
    """Register another number; money stays for some hours, and both numbers are told."""
    customer = request.customer
    digits = re.sub(r"\D", "", request.text("phone") or "")[-11:]
    if not _MOBILE.fullmatch(digits):
        raise refuse("bad_number")
    if digits == customer.phone or request.core.find_customer_by_phone(digits) is not None:
        raise refuse("same_number")
    moved = msgspec.structs.replace(customer, phone=digits)
    terms: Record = {
        "from_masked": customer.phone_masked, "to_masked": moved.phone_masked, "hold_hours": HOLD_HOURS,
    }  # fmt: skip

    def carry_out(mark: Mark) -> Effect:
        until = mark.at + timedelta(hours=HOLD_HOURS)
        held = msgspec.structs.replace(moved, held_until=until)
        return Effect({"receipt": mark.receipt, "hold_until_at": bank_time(until)}, [held])

    return Plan(terms, carry_out)


def plan_reset_password(request: Request) -> Plan:
    """Void a password; the new one is set on the customer's own device, and is never seen here."""
    name = _PASSWORDS.get(request.text("kind") or "")
    if name is None:
        raise refuse("unknown_kind", kinds=", ".join(_PASSWORDS))
    if request.arguments.get("card") is not None:
        request.card()
    return Plan({"label": text_row(name)}, lambda mark: Effect({"receipt": mark.receipt}, []))


def plan_revoke_device(request: Request) -> Plan:
    """Sign a device out for good."""
    device = request.own(request.core.devices, "device")
    if device.current:
        raise refuse("current_device")
    if device.revoked:
        raise refuse("not_found", argument="device")
    terms: Record = {"label": text_row(device.label), "seen_on": device.seen_on.isoformat()}

    def carry_out(mark: Mark) -> Effect:
        return Effect({"receipt": mark.receipt}, [msgspec.structs.replace(device, revoked=True)])

    return Plan(terms, carry_out)
