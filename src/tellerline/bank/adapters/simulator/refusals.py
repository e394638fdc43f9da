"""Every way the simulated bank says no, by stable code."""

from __future__ import annotations

from tellerline.domain.errors import Refused

REFUSALS: dict[str, str] = {
    # whose, which
    "unknown_customer": "nobody has been identified, or the bank does not know them",
    "not_found": "no such thing, or not the customer's own; the two are not told apart",
    "argument": "an argument is missing, unknown, or of the wrong kind",
    # cards
    "already_frozen": "the card is frozen already",
    "card_frozen": "the card of this account is frozen",
    "card_replaced": "the card was replaced and cannot be used any more",
    "no_match": "phone and last four digits do not belong together; nothing more is said",
    "too_many_tries": "too many wrong reports in one conversation",
    "not_credit_card": "only a credit card has a statement, repayments and instalments",
    "not_frozen": "the card is not frozen",
    "not_inactive": "the card is in use already",
    "owed": "something is owed on the card",
    "plans_open": "instalments of this card are still to be paid",
    "points_too_few": "fewer points than that, or fewer than can be redeemed",
    # accounts
    "account_closed": "the account was closed",
    "account_restricted": "money may not leave this account at present",
    "held": "no money leaves for some hours after a sensitive change",
    "balance_left": "money is left on the account",
    "mandates_left": "auto-debits still take from the account",
    "class_full": "as many accounts of this class as one may have",
    "main_account": "the account of the debit card is closed at a branch",
    # amounts
    "amount_too_small": "the amount is zero, negative or below the minimum",
    "amount_too_large": "the amount is more than there is to withdraw, to repay or to split",
    "insufficient_funds": "the account has less available than needed",
    "currency_mismatch": "the account is in another currency",
    # transfers
    "over_single_limit": "more than one transfer may move",
    "over_daily_limit": "more than may still be moved today",
    "over_yearly_limit": "more than may still be moved this year",
    "over_level_limit": "more than this identity level may move; a higher one may",
    "unknown_mode": "transfers are real_time, ordinary or next_day",
    "not_cancellable": "the transfer has arrived or was returned",
    "already_cancelled": "the transfer was cancelled before",
    "already_returned": "the transfer came back before",
    "already_traced": "the transfer is being traced already",
    "not_traceable": "the transfer has not left yet",
    # limits
    "not_lower": "the new limit is not below the present one",
    "not_higher": "the new limit is not above the present one",
    "over_maximum": "the new limit is above the highest that can be set",
    # deposits
    "deposit_closed": "the deposit was paid out",
    "partial_used": "the early part withdrawals of this deposit are used up",
    "remaining_too_small": "what stays would be below the minimum",
    # credit
    "nothing_owed": "nothing is owed on this card",
    "not_eligible": "nothing on this bill can be split, or its due date has passed",
    "periods_not_offered": "instalments are not offered over so many months",
    # loans and holdings
    "below_minimum": "less than may be repaid early at once",
    "already_agreed": "an early repayment of this loan is agreed already; on says for when",
    "same_account": "the loan is repaid from this account already",
    "not_open": "the product cannot be redeemed now",
    # applications
    "age_out_of_range": "too young or too old to apply",
    "already_applied": "an application of this kind is open",
    "applied_too_soon": "an application was declined a short while ago; from_on says when one may apply again",
    "not_declined": "only an application that was declined is reviewed",
    # money sent abroad
    "fx_closed": "currency is not exchanged at this hour; from and to say when it is",
    "bad_beneficiary": "the SWIFT code or the IBAN of the beneficiary is wrong",
    "screening": "a person has to look before anything may be sent to this beneficiary",
    "no_quota": "the customer has no yearly quota, and shows papers at a branch for every purchase",
    "over_quota": "more than is left of the yearly quota; left_minor says how much that is, in US dollars",
    "currency_not_sold": "the bank quotes no rate for this currency",
    # documents, cash, access
    "unknown_kind": "no document, account, password, product or purpose of this kind",
    "period": "the period is empty, in the future or too long ago",
    "too_soon": "it has to be asked for earlier; earliest_on says for when it can be",
    "same_number": "the number is registered already",
    "bad_number": "not a mobile number",
    "current_device": "the device in use cannot be removed from itself",
    # reviews
    "already_recalled": "the payee's bank has been asked already",
    "already_appealed": "an appeal about this restriction is open",
    "not_arrived": "the transfer has not arrived; it can still be taken back",
    "nothing_selected": "no transaction was named",
    "not_disputable": "a line that is not a payment made with this card",
    "already_disputed": "a dispute about this transaction is open",
    "already_reviewed": "the fee is under review already",
    "too_late": "the time in which it may be raised is over",
    # identity
    "unknown_token": "the app session is unknown or has ended",
    "unknown_method": "the methods are identify, otp and face",
    "wrong_order": "a lower level has to be proven first",
    "wrong": "the answer is wrong; tries_left says how often one may try again",
    "expired": "the challenge is over; start again",
    "pending": "the device has not answered yet",
    "declined": "the customer declined on the device",
    "locked": "too many wrong answers; until says when it ends",
    "too_many_codes": "no more codes today",
}


def refuse(code: str, **data: object) -> Refused:
    """Return the refusal `code`, to be raised. `data` may be shown to the customer whose request it was."""
    return Refused(code, REFUSALS[code], **data)
