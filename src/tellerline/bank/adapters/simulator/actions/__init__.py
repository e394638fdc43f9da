"""Every action of the catalogue as a plan: `prepare` reads its terms, `commit` plans again and carries it out."""

from __future__ import annotations

from collections.abc import Callable

from tellerline.bank.adapters.simulator.actions import card, deposit, instalment, review, transfer
from tellerline.bank.adapters.simulator.actions.plan import Plan
from tellerline.bank.adapters.simulator.request import Request

PLANS: dict[str, Callable[[Request], Plan]] = {
    "card.freeze": card.plan_freeze,
    "card.freeze_reported": card.plan_freeze_reported,
    "card.replace": card.plan_replace,
    "card.repay": card.plan_repay,
    "deposit.withdraw": deposit.plan_withdraw,
    "transfer.send": transfer.plan_send,
    "transfer.cancel": transfer.plan_cancel,
    "limit.lower": transfer.plan_lower,
    "limit.raise": transfer.plan_raise,
    "instalment.open": instalment.plan_open,
    "dispute.open": review.plan_dispute,
    "fee.review": review.plan_fee_review,
    "transfer.trace": review.plan_trace,
}
