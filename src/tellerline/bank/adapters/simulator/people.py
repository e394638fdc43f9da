"""From a seed to records: a customer's accounts, cards, deposits, loans, holdings and payees, before any of them moved."""

from __future__ import annotations

import zlib
from datetime import date, datetime, timedelta
from decimal import Decimal

from tellerline.bank.adapters.simulator.days import last_on, next_on
from tellerline.bank.adapters.simulator.records import (
    Account,
    Application,
    Beneficiary,
    Card,
    Customer,
    Deposit,
    Device,
    Holding,
    Loan,
    Payee,
    Restriction,
)
from tellerline.bank.adapters.simulator.seed import (
    AccountSeed,
    ApplicationSeed,
    CreditSeed,
    CustomerSeed,
    DepositSeed,
    HoldingSeed,
    LoanSeed,
    Seed,
)
from tellerline.bank.adapters.simulator.terms import CardTerms, Terms, TermsBook
from tellerline.domain.finance.amount import half_up
from tellerline.domain.finance.deposit import add_months
from tellerline.domain.language import Text
from tellerline.domain.party import CustomerId

OWN_BANK = "harbour"
_SALUTATIONS = {"female": Text("女士", "Ms"), "male": Text("先生", "Mr")}
_TIERS = {
    "classic": Text("普卡", "Classic"),
    "gold": Text("金卡", "Gold"),
    "platinum": Text("白金卡", "Platinum"),
    "diamond": Text("钻石卡", "Diamond"),
}
LOANS = {
    "mortgage": Text("个人住房贷款", "Home loan"),
    "consumer": Text("个人消费贷款", "Consumer loan"),
    "car": Text("汽车贷款", "Car loan"),
    "business": Text("个人经营贷款", "Business-owner loan"),
}
_DEVICES = (
    Text("华为手机", "Huawei phone"),
    Text("苹果手机", "iPhone"),
    Text("小米手机", "Xiaomi phone"),
    Text("安卓平板", "Android tablet"),
)
DIGITS = 8
APPLICATION_PREFIXES = {"card": "CC", "loan": "LN"}
AUTOPAY = Text("信用卡自动还款", "Automatic credit card repayment")
_CURRENCIES = {"CNY": Text("", ""), "USD": Text("美元", "USD "), "HKD": Text("港元", "HKD ")}


def ending(name: Text, last_four: str) -> Text:
    """Return a name with its last four digits: 借记卡（尾号6688）, Debit card ending 6688."""
    return Text(f"{name.zh}（尾号{last_four}）", f"{name.en} ending {last_four}")


def customer_record(person: CustomerSeed, today: date) -> Customer:
    """Return who the customer is."""
    return Customer(
        CustomerId(person.id),
        person.name,
        person.surname,
        _SALUTATIONS[person.gender],
        person.language,
        person.born_on,
        person.phone,
        person.id_last_four,
        person.since_on,
        person.risk_level,
        today - timedelta(days=person.risk_assessed_days_ago),
        person.resident,
    )


def account_record(owner: CustomerId, seed: AccountSeed) -> Account:
    """Return an account."""
    currency = _CURRENCIES[seed.currency]
    name = (
        Text("借记卡账户", "Debit card account")
        if seed.kind == "current"
        else Text(f"{currency.zh}储蓄账户", f"{currency.en}Savings account")
    )
    return Account(
        f"acc-{owner}-{seed.last_four}",
        owner,
        seed.kind,
        seed.last_four,
        seed.currency,
        ending(name, seed.last_four),
    )


def debit_card(account: Account, seed: AccountSeed, frozen_at: datetime) -> Card:
    """Return the card of a current account; a frozen one has been so since `frozen_at`."""
    return Card(
        f"card-{account.customer}-{account.last_four}", account.customer, "debit", account.last_four,
        card_label("", account.last_four), seed.card_status,
        account_id=account.id,
        frozen_at=frozen_at if seed.card_status == "frozen" else None,
    )  # fmt: skip


def card_label(tier: str, last_four: str) -> Text:
    """Return what a card is called; a debit card has no tier."""
    return ending(tier_name(tier) if tier else Text("借记卡", "Debit card"), last_four)


def tier_name(tier: str) -> Text:
    """Return what credit cards of a tier are called."""
    level = _TIERS[tier]
    return Text(f"信用卡{level.zh}", f"{level.en} credit card")


def credit_card(owner: CustomerId, seed: CreditSeed, terms: CardTerms, today: date) -> Card:
    """Return a credit card."""
    card_id = f"card-{owner}-{seed.last_four}"
    day = seed.statement_day or statement_day_due_in(seed.due_in_days, terms, today)
    return Card(
        card_id, owner, "credit", seed.last_four, card_label(seed.tier, seed.last_four),
        "inactive" if seed.new else "active", account_id=card_id,
        credit_limit_minor=seed.limit * 100, statement_day=day, autopay=seed.pays == "autopay",
        tier=seed.tier, network=seed.network,
    )  # fmt: skip


def statement_day_due_in(days: int, terms: CardTerms, today: date) -> int:
    """Return the statement day whose present bill falls due nearest to `days` from `today`, and not before tomorrow."""

    def due_in(day: int) -> int:
        return (last_on(day, before=today) - today).days + terms.due_days

    upcoming = [day for day in terms.statement_days if due_in(day) >= 1]
    return min(upcoming, key=lambda day: abs(due_in(day) - days))


def deposit_record(
    owner: CustomerId, seed: DepositSeed, pays_to: str, facts: TermsBook, today: date
) -> Deposit:
    """Return a term deposit, at the rate that was in force when it was opened."""
    start_on = today - timedelta(days=seed.days_ago)
    rate = facts.term_rate(seed.term_months, start_on) or Decimal(seed.rate)
    return Deposit(
        f"dep-{owner}-{seed.last_four}", owner, seed.last_four, seed.principal * 100, "CNY", str(rate),
        seed.term_months, start_on, add_months(start_on, seed.term_months), pays_to, seed.partial_count,
    )  # fmt: skip


def loan_record(owner: CustomerId, seed: LoanSeed, account: Account, today: date) -> Loan:
    """Return a loan with its level monthly instalment."""
    start_on = add_months(today, -seed.months_ago).replace(day=min(seed.day, 28))
    return Loan(
        f"loan-{owner}-{seed.last_four}", owner, seed.kind, seed.last_four,
        ending(LOANS[seed.kind], seed.last_four), seed.principal * 100, seed.outstanding * 100, seed.rate, start_on,
        add_months(start_on, seed.term_months),
        level_instalment(seed.principal * 100, Decimal(seed.rate), seed.term_months),
        next_on(seed.day, today), account.id,
    )  # fmt: skip


def level_instalment(principal_minor: int, rate: Decimal, months: int) -> int:
    """Return the level monthly instalment of a loan at `rate` percent a year."""
    monthly = rate / 1200
    return half_up(principal_minor * monthly / (1 - (1 + monthly) ** -months))


def holding_record(owner: CustomerId, seed: HoldingSeed, terms: Terms, today: date) -> Holding:
    """Return a holding of a wealth product."""
    product = terms.wealth[seed.product]
    return Holding(
        f"hold-{owner}-{seed.product}", owner, seed.product, product.name, product.risk, product.issuer,
        seed.cost * 100, half_up(seed.value * 100), today - timedelta(days=1), today - timedelta(days=seed.days_ago),
        product.redemption,
    )  # fmt: skip


def restriction_records(
    owner: CustomerId, person: CustomerSeed, seed: Seed, today: date
) -> list[Restriction]:
    """Return why money may not leave some of the customer's accounts."""
    return [
        Restriction(
            f"restriction-{owner}-{told.book}", owner, f"acc-{owner}-{told.book}", seed.restrictions[told.reason].label,
            seed.restrictions[told.reason].reason, seed.restrictions[told.reason].documents,
            today - timedelta(days=told.days_ago),
        )
        for told in person.restricted
    ]  # fmt: skip


def application_records(
    owner: CustomerId, person: CustomerSeed, seed: Seed, today: date
) -> list[Application]:
    """Return what the customer has applied for."""
    return [_application(owner, told, place, seed, today) for place, told in enumerate(person.applications)]


def _application(
    owner: CustomerId, told: ApplicationSeed, place: int, seed: Seed, today: date
) -> Application:
    on = today - timedelta(days=told.days_ago)
    digits = zlib.crc32(f"{owner}/{place}".encode()) % 10**DIGITS
    answered_on = on + timedelta(days=told.answer_days)
    return Application(
        f"{APPLICATION_PREFIXES[told.kind]}{on:%y%m%d}{digits:0{DIGITS}d}", owner, told.kind, told.product,
        tier_name(told.product) if told.kind == "card" else LOANS[told.product], told.amount * 100, told.months,
        told.status, on, answered_on,
        missing=seed.outcomes[told.outcome] if told.status == "documents_missing" else None,
        reason=seed.outcomes[told.outcome] if told.status == "declined" else None,
        decided_on=answered_on if told.status in ("approved", "declined") else None,
    )  # fmt: skip


def beneficiary_records(owner: CustomerId, person: CustomerSeed) -> list[Beneficiary]:
    """Return whom the customer has saved to send money abroad to."""
    return [
        Beneficiary(
            f"beneficiary-{owner}-{one.account[-4:]}", owner, one.name, one.bank, one.country, one.bic, one.account,
            one.currency, one.screened,
        )
        for one in person.beneficiaries
    ]  # fmt: skip


def device_records(owner: CustomerId, today: date) -> list[Device]:
    """Return the customer's telephone, and one they used before; which ones follows from who they are."""
    first = zlib.crc32(owner.encode()) % len(_DEVICES)
    now, before = _DEVICES[first], _DEVICES[(first + 1) % len(_DEVICES)]
    return [
        Device(f"device-{owner}-1", owner, now, today, current=True),
        Device(f"device-{owner}-2", owner, before, today - timedelta(days=40 + first * 30), current=False),
    ]


def payee_records(owner: CustomerId, person: CustomerSeed, seed: Seed) -> list[Payee]:
    """Return the people and companies the customer has paid before."""
    return [
        Payee(
            f"payee-{owner}-{payee.last_four}", owner, payee.name, seed.banks[payee.bank], payee.last_four,
            payee.bank == OWN_BANK,
        )
        for payee in person.payees
    ]  # fmt: skip
