"""Everyday life on the accounts: income, rent, purchases, mandates, cash, transfers, and the balances they end at."""

from __future__ import annotations

import zlib
from bisect import bisect
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import accumulate, pairwise
from operator import attrgetter
from typing import NamedTuple

import msgspec

from tellerline.bank.adapters.simulator.actions.remit import price
from tellerline.bank.adapters.simulator.core import Book
from tellerline.bank.adapters.simulator.days import moment_on, monthly
from tellerline.bank.adapters.simulator.people import DIGITS
from tellerline.bank.adapters.simulator.records import (
    Account,
    Card,
    Mandate,
    Payee,
    Posting,
    PostingKind,
    Remittance,
    Transfer,
)
from tellerline.bank.adapters.simulator.seed import Life, Merchant, TransferSeed
from tellerline.bank.adapters.simulator.year import DAYS, Means, Year
from tellerline.domain.finance.amount import half_up
from tellerline.domain.language import Text

CUSHION_MINOR = 5_000
INTEREST_ROUNDS = 3
FREEZE_DAYS_AGO = 5
SMS_FEE_DAY = 25
SETTLEMENT_MONTHS = (3, 6, 9, 12)
SETTLEMENT_DAY = 20
ROUND_MINOR = 10_000  # monthly savings are whole hundreds
_GIFTS = (200, 300, 500, 800, 1000, 1500, 2000)
_CASH = (500, 800, 1000, 2000)
_ELSEWHERE = Text("转至本人他行账户", "To own account at another bank")
_SAVINGS = Text("转存储蓄", "Moved to savings")


def spend(year: Year) -> None:
    """Draw the purchases of the year, by card."""
    life = year.seed.lives[year.person.life]
    merchants, weights = _haunts(year, life)
    shares = [*accumulate(card.share for card in year.person.credit)]
    cards = [*(year.cards[card.last_four] for card in year.person.credit), year.main_card]
    scale, draw = float(year.person.scale), year.random.random
    frozen_from = DAYS - FREEZE_DAYS_AGO if year.main_card.status == "frozen" else DAYS
    for merchant in year.random.choices(merchants, weights, k=life.purchases_per_month * 12):
        day = int(draw() * DAYS)
        card = cards[bisect(shares, draw())]
        at = year.moment(day, 7 * 3600 + int(draw() * 15 * 3600))
        amount = _amount(merchant, draw(), scale)
        if card is not year.main_card or day < frozen_from:
            buy(year, merchant, card, at, amount)


def _haunts(year: Year, life: Life) -> tuple[list[Merchant], list[float]]:
    """Return where one spends who lives like this, and how likely each place is."""
    merchants = [m for m in year.seed.merchants.values() if m.category in life.weights]
    sizes = Counter(merchant.category for merchant in merchants)
    return merchants, [life.weights[m.category] / sizes[m.category] for m in merchants]


def _amount(merchant: Merchant, chance: float, scale: float) -> int:
    """Small purchases are likelier; prices end in whole jiao."""
    low, high = float(merchant.low), float(merchant.high)
    return max(10, int((low + (high - low) * chance * chance) * scale * 10) * 10)


def buy(
    year: Year, merchant: Merchant, card: Card, at: datetime, amount_minor: int, *, pending: bool = False
) -> None:
    """Draw one purchase; one in a foreign currency is converted, with a fee unless it went through UnionPay."""
    kind: PostingKind = "mandate" if merchant.channel == "mandate" else "purchase"
    local, original = amount_minor, ""
    if merchant.currency != "CNY":
        local = half_up(amount_minor * year.terms.exchange[merchant.currency].bank_sells / 100)
        original = f"{merchant.currency} {amount_minor / 100:,.2f}"
    means = Means(merchant.channel, card.id, pending, original)
    year.post(card.account_id, at, -local, kind, merchant.name, means)
    if original and card.kind == "credit" and card.network != "unionpay" and not pending:
        rate = year.terms.card.conversion_rate
        basis = Text(
            f"{original}，按非银联网络外币交易金额的{rate}%收取",
            f"{original}: {rate}% of a foreign currency payment outside the UnionPay network",
        )
        fee = half_up(local * rate / 100)
        year.charge("cross_border_fee", card, at, fee, basis)


def buy_as_told(year: Year) -> None:
    """Draw the purchases that the seed asks for."""
    for told in year.person.purchases:
        at = moment_on(year.today - timedelta(days=told.days_ago), told.time)
        card = year.cards[told.book]
        buy(
            year,
            year.seed.merchants[told.merchant],
            card,
            at,
            half_up(told.amount * 100),
            pending=told.pending,
        )


def pay_mandates(year: Year) -> list[Mandate]:
    """Draw the auto-debits of the year; return the mandates behind them."""
    mandates = []
    for number, told in enumerate(year.person.mandates, start=1):
        merchant = year.seed.merchants[told.merchant]
        book = year.book_of(told.book)
        card = year.cards[told.book]
        amount = 0
        for day in monthly(told.day, year.start.date(), year.today):
            amount = _amount(merchant, year.random.random(), 1.0)
            buy(year, merchant, card, moment_on(day, "06:20"), amount)
        mandate_id = f"mandate-{year.customer.id}-{number}"
        mandates.append(Mandate(mandate_id, year.customer.id, merchant.name, book, amount, told.day))
    return mandates


def earn(year: Year) -> None:
    """Draw the monthly income."""
    income = year.person.income
    for day in monthly(income.day, year.start.date(), year.today):
        spread = {"pension": 0.0, "salary": 0.02, "income": 0.12}[income.kind]
        factor = 1 + (year.random.random() - 0.5) * spread
        amount = int(float(income.amount) * factor * 10) * 10
        year.post(year.main.id, moment_on(day, "09:30"), amount, income.kind, income.party, Means("bank"))


def repay_loans(year: Year, instalments: Iterable[tuple[int, int, Text]]) -> None:
    """Draw the monthly loan instalments: (day of the month, amount, label)."""
    for on, amount, label in instalments:
        for day in monthly(on, year.start.date(), year.today):
            year.post(year.main.id, moment_on(day, "20:30"), -amount, "loan", label, Means("auto"))


def send(year: Year) -> None:
    """Draw the transfers: rent, friends and family, and those the seed asks for."""
    rent = year.person.rent
    if rent is not None:
        for day in monthly(rent.day, year.start.date(), year.today - timedelta(days=1)):
            transfer(year, year.payees[rent.payee], half_up(rent.amount * 100), moment_on(day, "10:05"))
    _send_gifts(
        year, [payee for payee in year.payees.values() if rent is None or payee.last_four != rent.payee]
    )
    for told in year.person.transfers:
        transfer_as_told(year, told)


def _send_gifts(year: Year, others: list[Payee]) -> None:
    affordable = [gift for gift in _GIFTS if gift * 8 <= year.person.income.amount] or [100]
    for month in range(12 if others else 0):
        at = year.moment(month * 30 + year.random.randrange(20), 11 * 3600 + year.random.randrange(9 * 3600))
        transfer(year, year.random.choice(others), year.random.choice(affordable) * 100, at)


def transfer(year: Year, payee: Payee, amount_minor: int, at: datetime) -> Transfer:
    """Draw an outgoing transfer that went through at once."""
    arrives = at + timedelta(minutes=year.terms.transfer.real_time_minutes)
    number = len(year.transfers) + 1
    reference = f"TR{at:%y%m%d}{year.random.randrange(10**6):06d}"
    made = Transfer(
        f"transfer-{year.customer.id}-{number}", reference, year.customer.id, year.main.id, payee.name, payee.bank,
        payee.last_four, amount_minor, "CNY", at, arrives,
    )  # fmt: skip
    year.transfers.append(made)
    year.post(year.main.id, at, -amount_minor, "transfer_out", Text(payee.name, payee.name), Means("app"))
    return made


def remit(year: Year) -> None:
    """Draw the money sent abroad that the seed asks for, at the rate of the day the core is built."""
    for place, told in enumerate(year.person.remittances, 1):
        beneficiary = year.beneficiaries[told.to]
        at = moment_on(year.today - timedelta(days=told.days_ago), "11:10")
        cost = price(year.terms, told.amount * 100, beneficiary.currency)
        total = cost.cny_minor + cost.fee_minor + year.terms.remit.cable_minor
        number = f"{year.customer.id}-{place}"
        year.remittances.append(
            Remittance(
                f"remittance-{number}", f"FR{at:%y%m%d}{zlib.crc32(number.encode()) % 10**DIGITS:0{DIGITS}d}",
                year.customer.id, year.main.id, beneficiary.id, told.amount * 100,
                beneficiary.currency, cost.quota_minor, total, told.purpose, at,
            )
        )  # fmt: skip
        party = Text(beneficiary.name, beneficiary.name)
        year.post(year.main.id, at, -total, "remittance", party, Means("app"))


def transfer_as_told(year: Year, told: TransferSeed) -> None:
    """Draw a transfer in the state the seed asks for."""
    at = year.now - timedelta(hours=told.hours_ago)
    if told.days_ago:
        at = moment_on(year.today - timedelta(days=told.days_ago), "14:26")
    made = transfer(year, year.payees[told.payee], half_up(told.amount * 100), at)
    reason = year.seed.reasons.get(told.reason)
    if told.status == "pending":
        arrives = at + timedelta(hours=year.terms.transfer.next_day_hours)
        made = msgspec.structs.replace(made, arrives_at=arrives)
    elif told.status == "held":
        until = at + timedelta(hours=year.terms.transfer.hold_hours)
        made = msgspec.structs.replace(made, arrives_at=until, hold_until=until, reason=reason)
    elif told.status == "returned":
        back = at + timedelta(hours=22)
        made = msgspec.structs.replace(made, returned_at=back, reason=reason)
        name = Text(made.payee_name, made.payee_name)
        year.post(year.main.id, back, made.amount_minor, "transfer_back", name, Means("bank"))
    year.transfers[-1] = made


def draw_cash(year: Year) -> None:
    """Draw withdrawals at machines and money from friends."""
    every = 45 if year.person.life in ("student", "expat") else 28
    affordable = [cash for cash in _CASH if cash * 6 <= year.person.income.amount] or [100]
    atm = Text("港湾银行ATM", "Harbour Bank ATM")
    for day in range(year.random.randrange(every), DAYS - FREEZE_DAYS_AGO, every):
        at = year.moment(day, 17 * 3600 + year.random.randrange(2 * 3600))
        amount = year.random.choice(affordable) * 100
        year.post(year.main.id, at, -amount, "cash", atm, Means("atm", year.main_card.id))
    wallet = Text("微信零钱提现", "WeChat Pay withdrawal")
    for day in range(year.random.randrange(70), DAYS, 70):
        amount = year.random.randrange(80, 600) * 100
        year.post(year.main.id, year.moment(day, 20 * 3600), amount, "transfer_in", wallet, Means("online"))


def pay_sms(year: Year) -> None:
    """Draw the monthly fee for SMS notifications; it is free from the elder age on."""
    if not year.person.sms:
        return
    terms, main = year.terms, year.main
    elder = year.customer.age(year.today) >= terms.identity.elder_age
    fee = terms.card.sms_fee_elder_minor if elder else terms.card.sms_fee_minor
    basis = Text(f"短信通知服务，每月{fee / 100:.2f}元", f"SMS notifications, CNY {fee / 100:.2f} a month")
    for day in monthly(SMS_FEE_DAY, year.start.date(), year.today):
        year.charge("sms_fee", main, moment_on(day, "02:10"), fee, basis)


def settle(year: Year, account: Account, closing_minor: int) -> Book:
    """Return the account's book: it ends at `closing_minor`, never went below zero, and earned its interest."""
    lines = year.lines.setdefault(account.id, [])
    _keep_above_zero(year, account, closing_minor)
    if account.currency == "CNY":
        _pay_interest(year, account, closing_minor)
    return Book(closing_minor - sum(line.amount_minor for line in lines if not line.pending), lines)


def set_aside(year: Year, savings: Account | None, closing_minor: int) -> None:
    """Draw what is left over every month into savings as far as they hold it, the rest to another bank."""
    lines = year.lines.setdefault(year.main.id, [])
    surplus = sum(line.amount_minor for line in lines if not line.pending) // 12
    surplus -= surplus % ROUND_MINOR
    if surplus <= 0:
        return
    kept = min(surplus, closing_minor // 18 // ROUND_MINOR * ROUND_MINOR) if savings is not None else 0
    for month in range(12):
        at = year.moment(month * 30 + 27, 21 * 3600)
        if savings is not None and kept:
            year.post(year.main.id, at, -kept, "transfer_out", _SAVINGS, Means("app"))
            year.post(savings.id, at, kept, "transfer_in", _SAVINGS, Means("app"))
        if surplus > kept:
            year.post(year.main.id, at, kept - surplus, "transfer_out", _ELSEWHERE, Means("app"))


def _keep_above_zero(year: Year, account: Account, closing_minor: int) -> None:
    """Where the year would dip too low, begin with more, and let the surplus leave once the dip is over."""
    lines = sorted((line for line in year.lines[account.id] if not line.pending), key=attrgetter("at"))
    running = list(accumulate(line.amount_minor for line in lines))
    opening = closing_minor - (running[-1] if running else 0)
    low = [index for index, so_far in enumerate(running) if opening + so_far < CUSHION_MINOR]
    if not low or closing_minor < CUSHION_MINOR:
        return
    missing = CUSHION_MINOR - opening - min(running[index] for index in low)
    at = lines[low[-1] + 1].at + timedelta(minutes=7)
    year.post(account.id, at, -missing, "transfer_out", _ELSEWHERE, Means("app"))


class _Quarter(NamedTuple):
    """A settlement period: its last day, its length, and the sum of end-of-day balances had it begun from nothing."""

    last: date
    days: int
    amount_days: int


def _pay_interest(year: Year, account: Account, closing_minor: int) -> None:
    """Draw the quarterly interest: each day's closing balance at the rate of the settlement day."""
    lines = year.lines[account.id]
    quarters = _quarters(year, lines)
    lines_minor = sum(line.amount_minor for line in lines if not line.pending)
    earned: list[int] = []
    for _ in range(INTEREST_ROUNDS):  # the opening depends on the interest, and the interest on the opening
        earned = _earned(year, closing_minor - lines_minor - sum(earned), quarters)
    label = Text("结息", "Interest")
    for quarter, amount in zip(quarters, earned, strict=True):
        if amount > 0:
            at = moment_on(quarter.last + timedelta(days=1), "01:00")
            year.post(account.id, at, amount, "interest_paid", label, Means("bank"))


def _earned(year: Year, opening_minor: int, quarters: list[_Quarter]) -> list[int]:
    earned: list[int] = []
    for quarter in quarters:
        amount_days = quarter.amount_days + (opening_minor + sum(earned)) * quarter.days
        rate = year.facts.rate("demand", quarter.last) or year.terms.deposit.demand_rate
        earned.append(max(0, half_up(amount_days * rate / 100 / year.terms.deposit.year_days)))
    return earned


def _quarters(year: Year, lines: list[Posting]) -> list[_Quarter]:
    ordered = sorted((line for line in lines if not line.pending), key=attrgetter("at"))
    found: list[_Quarter] = []
    balance, position = 0, 0
    for first, last in pairwise(_settlement_days(year)):
        amount_days, since = 0, first + timedelta(days=1)
        while position < len(ordered) and ordered[position].on <= last:
            line = ordered[position]
            amount_days += balance * (line.on - since).days if line.on > since else 0
            since = max(since, line.on)
            balance += line.amount_minor
            position += 1
        amount_days += balance * ((last - since).days + 1)
        found.append(_Quarter(last, (last - first).days, amount_days))
    return found


def _settlement_days(year: Year) -> list[date]:
    """Return the settlement days of the year, and the one before them."""
    days = monthly(SETTLEMENT_DAY, year.start.date() - timedelta(days=100), year.today - timedelta(days=2))
    settled = [day for day in days if day.month in SETTLEMENT_MONTHS]
    return [day for day, following in pairwise([*settled, year.today]) if following >= year.start.date()]
