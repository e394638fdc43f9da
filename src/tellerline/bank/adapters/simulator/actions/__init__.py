"""Every action of the catalogue as a plan: `prepare` reads its terms, `commit` plans again and carries it out."""

from __future__ import annotations

from collections.abc import Callable

from tellerline.bank.adapters.simulator.actions import (
    access,
    account,
    application,
    card,
    cardstate,
    deposit,
    instalment,
    loan,
    remit,
    review,
    transfer,
)
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
    "fx.remit": remit.plan_remit,
    "card.apply": application.plan_card,
    "loan.apply": application.plan_loan,
    "application.review": review.plan_application_review,
    "limit.lower": transfer.plan_lower,
    "limit.raise": transfer.plan_raise,
    "instalment.open": instalment.plan_open,
    "dispute.open": review.plan_dispute,
    "fee.review": review.plan_fee_review,
    "transfer.trace": review.plan_trace,
    "transfer.recall": review.plan_recall,
    "atm.dispute": review.plan_atm_dispute,
    "repayment.trace": review.plan_repayment_trace,
    "restriction.appeal": review.plan_appeal,
    "cash.book": review.plan_cash,
    "card.request_limit": review.plan_limit_request,
    "card.activate": cardstate.plan_activate,
    "card.unfreeze": cardstate.plan_unfreeze,
    "card.cancel": cardstate.plan_cancel,
    "points.redeem": cardstate.plan_redeem,
    "loan.repay_early": loan.plan_repay_early,
    "loan.change_account": loan.plan_change_account,
    "holding.redeem": account.plan_redeem_holding,
    "mandate.cancel": account.plan_cancel_mandate,
    "document.issue": account.plan_document,
    "account.open": account.plan_open,
    "account.close": account.plan_close,
    "payments.stop": account.plan_stop_payments,
    "passbook.report_loss": account.plan_report_loss,
    "phone.change": access.plan_change_phone,
    "password.reset": access.plan_reset_password,
    "device.revoke": access.plan_revoke_device,
}
