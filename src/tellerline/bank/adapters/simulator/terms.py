"""The figures the simulated core reckons with. None is written here: all are facts of the pack, in force on a day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import yaml

from tellerline.domain.errors import Invalid
from tellerline.domain.fact import Fact
from tellerline.domain.language import Text

FACT_TABLES = (
    "account_rules", "cash", "credit_card_fees", "credit_card_rules", "debit_card_fees",
    "debit_card_service", "deposit_rates", "deposit_terms", "disputes", "ebanking_rules", "fx_rates",
    "fx_rules", "identity_rules", "instalment_rates", "loan_rules", "passbook", "points", "remittance_fees",
    "remittance_times", "statement_fees", "transfer_fees", "transfer_limits", "transfer_times", "wealth_products",
    "wealth_rules",
)  # fmt: skip
_TERM_KEYS = {3: "term_3m", 6: "term_6m", 12: "term_1y", 24: "term_2y", 36: "term_3y", 60: "term_5y"}
_CLASSES = {"ii": "class2", "iii": "class3"}
_YEARLY_FEES = ("manage", "sales", "custody")
_AGENCY, _PRIVATE = "代销", "私募"  # as the names of products must say
PERIODS = (3, 6, 12, 18, 24)
TIERS = ("classic", "gold", "platinum", "diamond")


class DepositTerms(msgspec.Struct, frozen=True):
    """Deposits. Rates are percent a year; `term_rates` by months."""

    demand_rate: Decimal
    term_rates: dict[int, Decimal]
    year_days: int
    partial_times_max: int
    remaining_min_minor: int


class TransferTerms(msgspec.Struct, frozen=True):
    """Transfers. `sms_…` bounds what an OTP (L2) may move, `face_…` what a face check (L3) may."""

    single_minor: int
    daily_minor: int
    yearly_minor: int
    sms_single_minor: int
    sms_daily_minor: int
    face_single_minor: int
    face_daily_minor: int
    daily_max_minor: int
    fee_minor: int
    real_time_minutes: int
    ordinary_hours: int
    next_day_hours: int
    hold_hours: int
    trace_business_days: int
    return_business_days: int


class CardTerms(msgspec.Struct, frozen=True):
    """Debit and credit cards. Rates are percent; `annual_fee_minor` and `waiver_purchases` by tier."""

    minimum_rate: Decimal
    due_days: int
    grace_days: int
    tolerance_minor: int
    statement_days: tuple[int, ...]
    daily_interest_rate: Decimal
    late_fee_rate: Decimal
    late_fee_min_minor: int
    late_fee_max_minor: int
    conversion_rate: Decimal
    cash_advance_rate: Decimal
    cash_advance_min_minor: int
    annual_fee_minor: dict[str, int]
    waiver_purchases: dict[str, int]
    lost_fee_minor: dict[str, int]
    damaged_fee_minor: dict[str, int]
    delivery_business_days: dict[str, int]
    sms_fee_minor: int
    sms_fee_elder_minor: int


class InstalmentTerms(msgspec.Struct, frozen=True):
    """Bill instalments. `monthly_rates` are percent of the amount split, `annual_rates` their yearly cost (IRR × 12)."""

    monthly_rates: dict[int, Decimal]
    annual_rates: dict[int, Decimal]
    minimum_minor: int
    share_max: Decimal


class ReviewTerms(msgspec.Struct, frozen=True):
    """How long a dispute or a query takes, and until when it may be raised."""

    dispute_days: int
    dispute_window_days: int
    fee_business_days: int
    fee_window_days: int


class ServiceTerms(msgspec.Struct, frozen=True):
    """Periods and amounts of the counter's other business. Rates are percent."""

    early_repay_min_minor: int
    early_repay_notice_days: int
    charge_rates: tuple[Decimal, Decimal]  # in the first and in the second year of a home loan; later none
    redeem_points_min: int
    points_unit: int
    points_unit_minor: int
    close_card_days: int
    limit_business_days: int
    repayment_business_days: int
    atm_business_days: int
    recall_business_days: int
    appeal_days: int
    written_loss_days: int
    stop_business_days: int
    code_valid_days: int
    history_years: int
    cash_threshold_minor: int
    cash_lead_business_days: int
    account_counts: dict[str, int]
    account_daily_minor: dict[str, int]
    account_yearly_minor: dict[str, int]


class IdentityTerms(msgspec.Struct, frozen=True):
    """One-time codes and locks."""

    code_minutes: int
    resend_minutes: int
    failures_max: int
    codes_per_day_max: int
    lock_hours: int
    elder_age: int


class ApplicationTerms(msgspec.Struct, frozen=True):
    """Applying for credit cards and loans. Ages are whole years, both ends included."""

    card_business_days: int
    card_review_business_days: int
    card_again_months: int
    card_age: tuple[int, int]
    loan_business_days: int
    loan_review_business_days: int
    loan_age: tuple[int, int]
    loan_max_minor: int
    loan_months_max: int


class ExchangeRate(msgspec.Struct, frozen=True):
    """Yuan for 100 units of a currency, as the bank buys it and as it sells it."""

    bank_buys: Decimal
    bank_sells: Decimal


class RemitTerms(msgspec.Struct, frozen=True):
    """Sending money abroad. `fee_rate` is percent of the amount; times of day are "07:00"."""

    quota_minor: int
    opens: str
    closes: str
    fee_rate: Decimal
    fee_min_minor: int
    fee_max_minor: int
    cable_minor: int
    business_days: tuple[int, int]


class WealthProduct(msgspec.Struct, frozen=True):
    """A product on the shelf, or what a holding is a holding of. Percentages are a year's.

    benchmark: low and high, where the leaflet states one. agency: issued by another institution, sold here.
    qualified: only for qualified investors.
    """

    name: Text
    issuer: Text
    risk: str
    redemption: Text
    term: Text
    min_minor: int
    benchmark: tuple[Decimal, Decimal] | None
    yearly_fee: Decimal | None
    agency: bool
    qualified: bool


class Terms(msgspec.Struct, frozen=True):
    """All figures in force on one day. `exchange` by currency; `assessment_months`: how long a risk assessment holds."""

    on: date
    deposit: DepositTerms
    transfer: TransferTerms
    card: CardTerms
    instalment: InstalmentTerms
    review: ReviewTerms
    service: ServiceTerms
    identity: IdentityTerms
    application: ApplicationTerms
    remit: RemitTerms
    exchange: dict[str, ExchangeRate]
    wealth: dict[str, WealthProduct]
    assessment_months: int
    senior_investor_age: int


class TermsBook:
    """Dated facts, from which the terms of any day are read."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self._facts: dict[str, list[Fact]] = {}
        for fact in facts:
            self._facts.setdefault(fact.id, []).append(fact)
        self._days: dict[date, Terms] = {}

    def rows(self) -> list[Fact]:
        """Return all facts, in force or not."""
        return [fact for facts in self._facts.values() for fact in facts]

    def on(self, day: date) -> Terms:
        """Return the terms in force on `day`.

        Raises: Invalid, code `fact_missing`, when a needed fact is not there at all.
        """
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = terms_from_facts(self._in_force(day), day)
        return found

    def rate(self, key: str, day: date) -> Decimal | None:
        """Return the deposit rate `key` that was in force on `day`, or None when no fact goes back so far."""
        rows = self._facts.get(f"deposit_rates.{key}", [])
        return next((row.decimal for row in rows if row.in_force(day)), None)

    def term_rate(self, months: int, day: date) -> Decimal | None:
        """Return the rate of a term deposit opened on `day`, if a fact goes back so far."""
        return self.rate(_TERM_KEYS[months], day)

    def _in_force(self, day: date) -> dict[str, Fact]:
        """Return the row of each fact that holds on `day`; a day the facts do not reach gets the nearest row.

        A core bank always has a figure to reckon with. What customers are told of it is not taken from here.
        """
        return {name: _nearest(rows, day) for name, rows in self._facts.items()}


def _nearest(rows: Sequence[Fact], day: date) -> Fact:
    held = next((row for row in rows if row.in_force(day)), None)
    begun = [row for row in rows if row.valid_from <= day]
    return (
        held
        or max(begun, key=lambda row: row.valid_from, default=None)
        or min(rows, key=lambda row: row.valid_from)
    )


class _Figures:
    """Reads single figures by name, so that a missing one is named."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self._facts = facts

    def fact(self, name: str) -> Fact:
        found = self._facts.get(name)
        if found is None:
            raise Invalid("fact_missing", f"no fact {name} is in force", fact=name)
        return found

    def has(self, name: str) -> bool:
        return name in self._facts

    def rate(self, name: str) -> Decimal:
        return self.fact(name).decimal

    def minor(self, name: str) -> int:
        return self.fact(name).minor

    def count(self, name: str) -> int:
        return self.fact(name).number

    def text(self, name: str) -> Text:
        value = self.fact(name).value
        return value if isinstance(value, Text) else Text(value, value)

    def days(self, name: str) -> tuple[int, ...]:
        """The numbers of a text such as 每月5日、10日."""
        return tuple(int(found) for found in re.findall(r"\d+", self.text(name).zh))

    def prefixes(self, table: str, suffix: str) -> Iterator[str]:
        start = f"{table}."
        for name in self._facts:
            if name.startswith(start) and name.endswith(suffix):
                yield name.removeprefix(start).removesuffix(suffix)


def terms_from_facts(facts: Mapping[str, Fact], on: date) -> Terms:
    """Collect the terms from the facts in force on day `on`, by fact id.

    Raises: Invalid, code `fact_missing`.
    """
    figures = _Figures(facts)
    return Terms(
        on, _deposit(figures), _transfer(figures), _card(figures), _instalment(figures), _review(figures),
        _service(figures), _identity(figures), _application(figures), _remit(figures), _exchange(figures),
        _wealth(figures), figures.count("wealth_rules.assessment_valid"), figures.days("wealth_rules.elder_age")[0],
    )  # fmt: skip


def _deposit(figures: _Figures) -> DepositTerms:
    return DepositTerms(
        demand_rate=figures.rate("deposit_rates.demand"),
        term_rates={months: figures.rate(f"deposit_rates.{key}") for months, key in _TERM_KEYS.items()},
        year_days=figures.count("deposit_terms.day_count"),
        partial_times_max=figures.count("deposit_terms.term_partial_times"),
        remaining_min_minor=figures.minor("deposit_terms.term_remaining_min"),
    )


def _transfer(figures: _Figures) -> TransferTerms:
    return TransferTerms(
        single_minor=figures.minor("transfer_limits.default_single"),
        daily_minor=figures.minor("transfer_limits.default_daily"),
        yearly_minor=figures.minor("transfer_limits.default_yearly"),
        sms_single_minor=figures.minor("transfer_limits.sms_single"),
        sms_daily_minor=figures.minor("transfer_limits.sms_daily"),
        face_single_minor=figures.minor("transfer_limits.face_single"),
        face_daily_minor=figures.minor("transfer_limits.face_daily"),
        daily_max_minor=figures.minor("transfer_limits.max_daily"),
        fee_minor=figures.minor("transfer_fees.app"),
        real_time_minutes=figures.count("transfer_times.real_time"),
        ordinary_hours=figures.count("transfer_times.ordinary"),
        next_day_hours=figures.count("transfer_times.next_day"),
        hold_hours=figures.count("transfer_limits.suspicious_hold"),
        trace_business_days=figures.count("transfer_times.missing_trace_max"),
        return_business_days=figures.count("transfer_times.failed_return"),
    )


def _card(figures: _Figures) -> CardTerms:
    waivers = {tier: f"credit_card_fees.waiver_{tier}" for tier in TIERS if tier != "diamond"}
    return CardTerms(
        minimum_rate=figures.rate("credit_card_rules.minimum_payment_rate"),
        due_days=figures.count("credit_card_rules.due_after_statement"),
        grace_days=figures.count("credit_card_rules.grace_days"),
        tolerance_minor=figures.minor("credit_card_rules.tolerance"),
        statement_days=figures.days("credit_card_rules.statement_days"),
        daily_interest_rate=figures.rate("credit_card_fees.daily_interest"),
        late_fee_rate=figures.rate("credit_card_fees.late_fee_rate"),
        late_fee_min_minor=figures.minor("credit_card_fees.late_fee_min"),
        late_fee_max_minor=figures.minor("credit_card_fees.late_fee_max"),
        conversion_rate=figures.rate("credit_card_fees.foreign_conversion_rate"),
        cash_advance_rate=figures.rate("credit_card_fees.cash_advance_rate"),
        cash_advance_min_minor=figures.minor("credit_card_fees.cash_advance_min"),
        annual_fee_minor={tier: figures.minor(f"credit_card_fees.annual_fee_{tier}") for tier in TIERS},
        waiver_purchases={tier: figures.count(name) for tier, name in waivers.items()},
        lost_fee_minor=_by_kind(figures, "{}_fees.replacement_lost"),
        damaged_fee_minor=_by_kind(figures, "{}_fees.replacement_damaged"),
        delivery_business_days={
            "debit": figures.count("debit_card_service.replacement_delivery"),
            "credit": figures.count("credit_card_rules.card_delivery"),
        },
        sms_fee_minor=figures.minor("ebanking_rules.sms_fee"),
        sms_fee_elder_minor=figures.minor("ebanking_rules.sms_fee_elder"),
    )


def _by_kind(figures: _Figures, pattern: str) -> dict[str, int]:
    return {kind: figures.minor(pattern.format(f"{kind}_card")) for kind in ("debit", "credit")}


def _instalment(figures: _Figures) -> InstalmentTerms:
    return InstalmentTerms(
        monthly_rates={n: figures.rate(f"instalment_rates.monthly_rate_{n}") for n in PERIODS},
        annual_rates={n: figures.rate(f"instalment_rates.annual_rate_{n}") for n in PERIODS},
        minimum_minor=figures.minor("instalment_rates.minimum_amount"),
        share_max=figures.rate("instalment_rates.maximum_share"),
    )


def _review(figures: _Figures) -> ReviewTerms:
    return ReviewTerms(
        dispute_days=figures.count("disputes.unauthorised_result"),
        dispute_window_days=figures.count("disputes.chargeback_window"),
        fee_business_days=figures.count("credit_card_rules.fee_query_result"),
        fee_window_days=figures.count("credit_card_rules.fee_query_window"),
    )


def _service(figures: _Figures) -> ServiceTerms:
    return ServiceTerms(
        early_repay_min_minor=figures.minor("loan_rules.early_repay_min"),
        early_repay_notice_days=figures.count("loan_rules.early_repay_notice"),
        charge_rates=(
            figures.rate("loan_rules.prepay_charge_year1"),
            figures.rate("loan_rules.prepay_charge_year2"),
        ),
        redeem_points_min=figures.count("points.redeem_minimum"),
        points_unit=figures.count("points.cash_unit_points"),
        points_unit_minor=figures.minor("points.cash_unit_value"),
        close_card_days=figures.count("credit_card_rules.close_account_days"),
        limit_business_days=figures.count("credit_card_rules.limit_result"),
        repayment_business_days=figures.count("credit_card_rules.repayment_trace"),
        atm_business_days=figures.count("debit_card_service.atm_dispute_result"),
        recall_business_days=figures.count("transfer_times.wrong_payee_update"),
        appeal_days=figures.count("account_rules.restriction_appeal_reply"),
        written_loss_days=figures.count("passbook.oral_validity"),
        stop_business_days=figures.count("transfer_times.auto_debit_stop"),
        code_valid_days=figures.count("statement_fees.code_validity"),
        history_years=figures.count("statement_fees.e_statement_history"),
        cash_threshold_minor=figures.minor("cash.booking_threshold"),
        cash_lead_business_days=figures.count("cash.booking_lead"),
        account_counts={key: figures.count(f"account_rules.{name}_count") for key, name in _CLASSES.items()},
        account_daily_minor={
            key: figures.minor(f"account_rules.{name}_daily") for key, name in _CLASSES.items()
        },
        account_yearly_minor={
            key: figures.minor(f"account_rules.{name}_yearly") for key, name in _CLASSES.items()
        },
    )


def _identity(figures: _Figures) -> IdentityTerms:
    return IdentityTerms(
        code_minutes=figures.count("identity_rules.otp_valid"),
        resend_minutes=figures.count("identity_rules.otp_resend"),
        failures_max=figures.count("identity_rules.otp_failures"),
        codes_per_day_max=figures.count("identity_rules.otp_daily"),
        lock_hours=figures.count("identity_rules.otp_lock"),
        elder_age=figures.count("identity_rules.elder_age"),
    )


def _application(figures: _Figures) -> ApplicationTerms:
    return ApplicationTerms(
        card_business_days=figures.count("credit_card_rules.application_result"),
        card_review_business_days=figures.count("credit_card_rules.decision_review"),
        card_again_months=figures.count("credit_card_rules.reapply_interval"),
        card_age=(
            figures.count("credit_card_rules.application_age_min"),
            figures.count("credit_card_rules.application_age_max"),
        ),
        loan_business_days=figures.count("loan_rules.consumer_decision_branch"),
        loan_review_business_days=figures.count("loan_rules.review_reply"),
        loan_age=(
            figures.days("loan_rules.consumer_age_min")[0],
            figures.days("loan_rules.consumer_age_max")[0],
        ),
        loan_max_minor=figures.minor("loan_rules.consumer_max_app"),
        loan_months_max=figures.count("loan_rules.consumer_term_max") * 12,
    )


def _remit(figures: _Figures) -> RemitTerms:
    return RemitTerms(
        quota_minor=figures.minor("fx_rules.annual_purchase_quota"),
        opens=figures.text("fx_rules.app_open").en,
        closes=figures.text("fx_rules.app_close").en,
        fee_rate=figures.rate("remittance_fees.out_app_rate"),
        fee_min_minor=figures.minor("remittance_fees.out_app_min"),
        fee_max_minor=figures.minor("remittance_fees.out_app_max"),
        cable_minor=figures.minor("remittance_fees.cable"),
        business_days=(figures.count("remittance_times.out_min"), figures.count("remittance_times.out_max")),
    )


def _exchange(figures: _Figures) -> dict[str, ExchangeRate]:
    return {
        code.upper(): ExchangeRate(
            figures.rate(f"fx_rates.{code}_buy"), figures.rate(f"fx_rates.{code}_sell")
        )
        for code in figures.prefixes("fx_rates", "_sell")
    }


def _wealth(figures: _Figures) -> dict[str, WealthProduct]:
    return {key: _product(figures, key) for key in figures.prefixes("wealth_products", "_name")}


def _product(figures: _Figures, key: str) -> WealthProduct:
    start = f"wealth_products.{key}"
    issuer = figures.text(f"{start}_issuer")
    fees = [figures.rate(name) for part in _YEARLY_FEES if figures.has(name := f"{start}_{part}_fee")]
    low = f"{start}_benchmark_low"
    return WealthProduct(
        name=figures.text(f"{start}_name"),
        issuer=issuer,
        risk=figures.text(f"{start}_risk").en,
        redemption=figures.text(f"{start}_redemption"),
        term=figures.text(f"{start}_term"),
        min_minor=figures.minor(f"{start}_min"),
        benchmark=(figures.rate(low), figures.rate(f"{start}_benchmark_high")) if figures.has(low) else None,
        yearly_fee=sum(fees, Decimal()) if fees else None,
        agency=_AGENCY in figures.text(f"{start}_name").zh,
        qualified=_PRIVATE in figures.text(f"{start}_name").zh,
    )


class _Row(msgspec.Struct, frozen=True):
    key: str
    label: Text
    unit: str
    value: str | Text
    valid_from: date
    valid_to: date | None = None
    currency: str = "CNY"


class _Table(msgspec.Struct, frozen=True):
    id: str
    title: Text
    source: Text
    rows: list[_Row]
    audience: str = "public"


def load_terms(pack: Path) -> TermsBook:
    """Read the fact tables this simulator needs from a pack.

    Raises: msgspec.ValidationError naming the field.
    """
    facts: list[Fact] = []
    for name in FACT_TABLES:
        raw = yaml.load((pack / "facts" / f"{name}.yaml").read_bytes(), Loader=yaml.CSafeLoader)
        table = msgspec.convert(raw, _Table)
        facts += [_fact(table, row) for row in table.rows]
    return TermsBook(facts)


def _fact(table: _Table, row: _Row) -> Fact:
    raw = {
        "id": f"{table.id}.{row.key}", "label": row.label, "unit": row.unit, "value": row.value,
        "valid_from": row.valid_from, "valid_to": row.valid_to, "title": table.title, "source": table.source,
        "currency": row.currency, "audience": table.audience,
    }  # fmt: skip
    return msgspec.convert(raw, Fact)
