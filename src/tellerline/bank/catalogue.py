"""What flows can ask, nearly all of it of the bank: every operation with its level, arguments and fields of its answer."""

from __future__ import annotations

from typing import Literal

import msgspec

from tellerline.domain.party import Level

Kind = Literal["lookup", "action"]


class Operation(msgspec.Struct, frozen=True):
    """One thing the bank can be asked.

    level:      lowest identity level at which data or effect may be reached.
    parameters: names of required arguments; `optional` of the others.
    returns:    field names a lookup row or an action's result carries (templates are linted against them).
    terms:      field names of what `prepare` reads back.
    protective: an action that only protects the customer (a freeze), or that is taken back as easily as it is asked for;
                may be committed without reading back.
    money:      moves the customer's money; stopped while a scam is suspected.
    opens:      opens the way for money to leave (a higher limit, an unfrozen card, cash kept ready); stopped as well.
    undo:       the action that reverses this one, if there is one.
    """

    name: str
    kind: Kind
    level: Level
    parameters: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    returns: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    many: bool = False
    protective: bool = False
    money: bool = False
    opens: bool = False
    undo: str | None = None

    @property
    def stops_in_scam(self) -> bool:
        """Whether it must not happen while somebody else seems to be leading the customer."""
        return self.money or self.opens


def _lookup(
    name: str, level: int, returns: str, *, needs: str = "", may: str = "", many: bool = True
) -> Operation:
    return Operation(
        name,
        "lookup",
        Level(level),
        tuple(needs.split()),
        tuple(may.split()),
        tuple(returns.split()),
        many=many,
    )


def _action(
    name: str,
    level: int,
    needs: str,
    terms: str,
    returns: str,
    *,
    may: str = "",
    marks: str = "",
    undo: str | None = None,
) -> Operation:
    return Operation(
        name, "action", Level(level), tuple(needs.split()), tuple(may.split()), tuple(returns.split()),
        tuple(terms.split()), protective="protective" in marks, money="money" in marks, opens="opens" in marks, undo=undo,
    )  # fmt: skip


# Texts {zh, en} are: label, surname, salutation, summary, bank, payee_bank, basis, reason, arrives, issuer, redemption,
# documents, missing, country, term, and `purpose` among terms. All other texts are plain, and the same in every language.
# All lists are newest or most relevant first.
_CATALOGUE = (
    _lookup(
        "customer.profile", 1,
        "id name surname salutation elder phone_masked since_on risk_level risk_valid risk_until_on senior_investor"
        " resident",
        many=False,
    ),
    _lookup(
        "accounts.list", 1, "id kind last_four label balance_minor available_minor pending_minor currency",
        may="kind",  # current | savings
    ),
    _lookup(
        "transactions.list", 1,
        "id account_id card_id last_four on at amount_minor currency direction counterparty summary status merchant"
        " channel label",
        may="account card since_on until_on limit merchant amount_minor direction",
    ),
    _lookup(
        "deposits.list", 1,
        "id last_four label principal_minor currency rate term_months start_on maturity_on status",
    ),
    _lookup("cards.list", 1, "id kind last_four label status account_id credit_limit_minor", may="kind status"),
    _lookup(
        "card.statement", 1,
        "card_id last_four label statement_on due_on balance_minor minimum_minor paid_minor remaining_minor"
        " remaining_minimum_minor autopay currency instalment_eligible_minor grace_until_on overdue",
        needs="card", many=False,
    ),
    _lookup(
        "fees.list", 1,
        "id kind label amount_minor currency on account_last_four basis notice_on_file waivable reason",
        may="account",  # kind: annual_fee late_fee interest cash_advance_fee sms_fee cross_border_fee
    ),
    _lookup("payees.list", 1, "id name bank last_four label"),
    _lookup(
        "limits.get", 1, "single_minor daily_minor yearly_minor used_today_minor currency daily_max_minor", many=False
    ),
    _lookup(
        "transfers.list", 1,
        "id reference payee_name payee_bank payee_last_four amount_minor currency at on status expected_on reason"
        " cancellable label",
        may="status",  # pending posted returned held cancelled
    ),
    _lookup("autodebits.list", 1, "id label card_id account_id amount_minor next_on"),
    _lookup(
        "loans.list", 1,
        "id kind last_four label principal_minor outstanding_minor rate instalment_minor currency next_due_on start_on"
        " end_on account_last_four early_from_on early_on early_minor",  # early_…: from when, and what is agreed already
    ),
    _lookup(
        "holdings.list", 1,
        "id product label risk issuer cost_minor value_minor result_minor currency valued_on bought_on redemption",
    ),
    _lookup("points.get", 1, "points expiring_points expiring_on", many=False),
    _lookup("devices.list", 1, "id label seen_on current"),
    _lookup("restrictions.list", 1, "id account_last_four label reason documents since_on"),
    _lookup(
        "applications.list", 1,
        "id kind product label amount_minor currency months status on reply_by_on missing reason decided_on again_from_on",
        may="kind",  # kind: card loan; status: in_review documents_missing approved declined
    ),
    _lookup(
        "products.list", 1,
        "id label risk issuer agency suitable qualified min_minor currency term redemption benchmark_low benchmark_high"
        " yearly_fee",  # percent; benchmark and fee None where the leaflet has none
    ),
    _lookup("beneficiaries.list", 1, "id name bank country bic last_four currency label"),
    _lookup("fx.quota", 1, "quota_minor used_minor left_minor currency", many=False),
    _action("card.freeze", 1, "card", "last_four label", "receipt frozen_at last_four", marks="protective"),
    _action("card.freeze_reported", 0, "phone last_four", "last_four", "receipt frozen_at last_four", marks="protective"),
    _action("card.replace", 3, "card", "last_four label fee_minor currency arrives_on", "receipt arrives_on"),
    _action(
        "deposit.withdraw", 2, "deposit amount_minor",
        "label principal_minor amount_minor remaining_minor currency early demand_rate contract_rate"
        " interest_minor forgone_minor payout_minor to_last_four maturity_on",
        "receipt payout_minor to_last_four at", marks="money",
    ),
    _action(
        "transfer.send", 2, "account payee amount_minor",  # mode: real_time ordinary next_day
        "payee_name payee_bank payee_last_four amount_minor fee_minor currency from_last_four arrives",
        "receipt reference at status cancellable_until amount_minor payee_name",
        may="note mode", marks="money", undo="transfer.cancel",
    ),
    _action("transfer.cancel", 1, "reference", "reference amount_minor payee_name currency", "receipt at"),
    _action(
        "card.repay", 2, "card account amount_minor",
        "last_four amount_minor currency from_last_four remaining_minor", "receipt at remaining_minor amount_minor",
        marks="money",
    ),
    _action(
        "fx.remit", 2, "account beneficiary amount_minor purpose",  # purpose: study travel medical family services
        "payee_name payee_bank country bic payee_last_four amount_minor currency rate cny_minor spread_minor fee_minor"
        " cable_minor total_minor quota_minor quota_left_minor purpose from_last_four arrives",
        "receipt reference at amount_minor currency total_minor payee_name quota_left_minor", marks="money",
    ),
    _action(
        "card.apply", 2, "tier income_minor",  # tier: classic gold platinum diamond
        "label fee_minor income_minor currency", "receipt number reply_by_on",
    ),
    _action(
        "loan.apply", 2, "kind amount_minor months purpose",  # kind: consumer; purpose: home goods education medical travel
        "label amount_minor months purpose currency", "receipt number reply_by_on",
    ),
    _action("application.review", 1, "application", "label decided_on", "receipt number reply_by_on"),
    _action("limit.lower", 1, "daily_minor", "from_minor daily_minor currency", "receipt daily_minor from_at"),
    _action(
        "limit.raise", 3, "daily_minor", "from_minor daily_minor currency", "receipt daily_minor from_at", marks="opens"
    ),
    _action(
        "instalment.open", 2, "card amount_minor periods",
        "last_four amount_minor periods monthly_minor first_minor total_interest_minor total_minor annual_rate"
        " currency first_on",
        "receipt amount_minor periods monthly_minor first_on",
    ),
    _action("dispute.open", 1, "card transactions", "count amount_minor currency last_four", "receipt number reply_by_on"),
    _action("fee.review", 1, "fee", "label amount_minor currency", "receipt number reply_by_on"),
    _action("card.activate", 2, "card", "last_four label", "receipt last_four"),
    _action("card.unfreeze", 3, "card", "last_four label", "receipt last_four", marks="opens"),
    _action(
        "card.request_limit", 2, "card amount_minor", "last_four from_minor amount_minor currency",
        "receipt number reply_by_on",
    ),
    _action("card.cancel", 2, "card", "last_four label closes_on points", "receipt closes_on"),
    _action("points.redeem", 2, "card points", "last_four points value_minor currency", "receipt points value_minor"),
    _action(
        "loan.repay_early", 2, "loan account amount_minor on",  # agreed now, debited on the day
        "label amount_minor interest_minor charge_minor total_minor remaining_minor currency from_last_four on",
        "receipt on total_minor remaining_minor", marks="money",
    ),
    _action(
        "loan.change_account", 2, "loan account", "label from_last_four to_last_four from_on", "receipt to_last_four from_on"
    ),
    _action(
        "holding.redeem", 2, "holding", "label risk value_minor currency redemption", "receipt reference value_minor",
        marks="opens",
    ),
    _action("mandate.cancel", 2, "mandate", "label amount_minor currency", "receipt stops_on"),
    _action(
        "document.issue", 2, "kind account",  # kind: transactions balance
        "label account_last_four since_on until_on amount_minor currency fee_minor", "receipt code valid_until_on",
        may="since_on until_on",
    ),
    _action(
        "cash.book", 1, "amount_minor branch on", "amount_minor currency branch on", "receipt number on", marks="opens"
    ),
    _action("phone.change", 3, "phone", "from_masked to_masked hold_hours", "receipt hold_until_at"),
    _action("password.reset", 3, "kind", "label", "receipt", may="card"),  # kind: login card
    _action("device.revoke", 2, "device", "label seen_on", "receipt", marks="protective"),
    _action("account.open", 3, "kind", "label daily_minor yearly_minor currency", "receipt last_four"),  # kind: ii iii
    _action("account.close", 3, "account", "label last_four", "receipt at"),
    _action("payments.stop", 1, "reason", "cards", "receipt at cards", marks="protective"),
    _action("passbook.report_loss", 1, "deposit", "label last_four", "receipt written_by_on", marks="protective"),
    _action("atm.dispute", 1, "amount_minor on place", "amount_minor currency on place", "receipt number reply_by_on"),
    _action(
        "repayment.trace", 1, "card amount_minor on", "last_four amount_minor currency on", "receipt number reply_by_on"
    ),
    _action("restriction.appeal", 1, "restriction", "label account_last_four", "receipt number reply_by_on"),
    _action("transfer.recall", 1, "transfer", "reference amount_minor payee_name currency", "receipt number reply_by_on"),
    _action("transfer.trace", 1, "transfer", "reference amount_minor payee_name currency", "receipt number reply_by_on"),
)  # fmt: skip

OPERATIONS: dict[str, Operation] = {operation.name: operation for operation in _CATALOGUE}

OWN_LOOKUPS: dict[str, Operation] = {
    "cases.list": _lookup(
        "cases.list", 1, "number kind title summary owner stage opened_at due_at overdue open", may="kind"
    ),
}
"""What flows look up in the counter's own record, as if it were the bank: no adapter of a bank has to know of it. Texts
{zh, en} are title and owner."""

_KEPT_HERE = (
    # What the counter remembers of the customer. `value`, `item` and `label` are those of `memory.list` and the wishes.
    _lookup("memory.list", 1, "id kind label purpose ground since_on until_on", may="everything"),
    _action("memory.note", 1, "value", "label", "label", marks="protective"),
    _action("memory.forget", 1, "item", "label count", "label count"),
)

COUNTER_OPERATIONS: dict[str, Operation] = {operation.name: operation for operation in _KEPT_HERE}
"""What the counter answers itself, prepared, read back and committed as at the bank."""

KNOWN: dict[str, Operation] = {**OPERATIONS, **OWN_LOOKUPS, **COUNTER_OPERATIONS}
"""All that a flow may ask for."""
