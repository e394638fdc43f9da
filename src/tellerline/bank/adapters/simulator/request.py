"""One call to the core: who asks, for what, when, and on which terms. Reads its arguments so that none is misread."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol

from tellerline.bank.adapters.simulator.core import Book, Core, OwnedT, Shelf
from tellerline.bank.adapters.simulator.days import bank_day, bank_time
from tellerline.bank.adapters.simulator.records import Account, Card, Customer
from tellerline.bank.adapters.simulator.refusals import refuse
from tellerline.bank.adapters.simulator.terms import Terms
from tellerline.bank.catalogue import Operation
from tellerline.domain.data import Record, Value
from tellerline.domain.party import Caller, CustomerId


class BusinessDays(Protocol):
    """Counts working days; `tellerline.cases.calendar.Calendar` does."""

    def add_business_days(self, on: date, count: int) -> date:
        """Return the `count`-th business day after `on`."""
        ...


class Request:
    """A call being served."""

    def __init__(
        self,
        core: Core,
        terms: Terms,
        calendar: BusinessDays,
        now: datetime,
        caller: Caller,
        arguments: Record,
    ) -> None:
        self.core = core
        self.terms = terms
        self.calendar = calendar
        self.now = now
        self.today = bank_day(now)
        self.caller = caller
        self.arguments = arguments

    def check_arguments(self, operation: Operation) -> None:
        """Raise: Refused, code `argument`, when one is missing or not known to `operation`."""
        known = {*operation.parameters, *operation.optional}
        wrong = [name for name in operation.parameters if self.arguments.get(name) is None]
        wrong += [name for name in self.arguments if name not in known]
        if wrong:
            raise refuse("argument", argument=wrong[0], operation=operation.name)

    # --- who

    @property
    def customer(self) -> Customer:
        """Who asks. Raises: Refused, code `unknown_customer`."""
        found = self.core.customers.get(self.caller.customer or CustomerId(""))
        if found is None:
            raise refuse("unknown_customer")
        return found

    # --- arguments

    def text(self, name: str) -> str | None:
        """Return a text argument, None when it was not given."""
        value = self.arguments.get(name)
        if value is not None and not isinstance(value, str):
            raise refuse("argument", argument=name)
        return value

    def whole(self, name: str) -> int | None:
        """Return a whole number (an amount in minor units, a count), None when it was not given."""
        value = self.arguments.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise refuse("argument", argument=name)
        return value

    def amount(self, name: str = "amount_minor") -> int:
        """Return an amount above nothing. Raises: Refused, code `amount_too_small`."""
        value = self.whole(name)
        if value is None or value <= 0:
            raise refuse("amount_too_small", minimum_minor=1)
        return value

    def day(self, name: str) -> date | None:
        """Return a date argument, None when it was not given."""
        text = self.text(name)
        if text is None:
            return None
        try:
            return date.fromisoformat(text[:10])
        except ValueError as error:
            raise refuse("argument", argument=name) from error

    # --- things of the customer's own

    def own(self, shelf: Shelf[OwnedT], name: str) -> OwnedT:
        """Return what the argument names by its id, or by a record that has one.

        Raises: Refused, code `not_found`, when there is none or it is another's.
        """
        found = shelf.find(self.customer.id, id_in(self.arguments.get(name)))
        if found is None:
            raise refuse("not_found", argument=name)
        return found

    def account(self) -> Account:
        """Return the account of the argument `account`, if it is open."""
        account = self.own(self.core.accounts, "account")
        if account.closed:
            raise refuse("account_closed", last_four=account.last_four)
        return account

    def card(self) -> Card:
        """Return the card of the argument `card`, if it was not replaced."""
        card = self.own(self.core.cards, "card")
        if card.status == "replaced":
            raise refuse("card_replaced")
        return card

    def credit_card(self) -> Card:
        """Return the credit card of the argument `card`."""
        card = self.card()
        if card.kind != "credit":
            raise refuse("not_credit_card")
        return card

    def paying_account(self) -> Account:
        """Return the yuan account of the argument `account`, if money may leave it."""
        account = self.account()
        if account.currency != "CNY":
            raise refuse("currency_mismatch", currency=account.currency)
        if any(found.account_id == account.id for found in self.core.restrictions.of(account.customer)):
            raise refuse("account_restricted", last_four=account.last_four)
        if self.customer.held_until is not None and self.now < self.customer.held_until:
            raise refuse("held", until=bank_time(self.customer.held_until))
        card = self.core.debit_card(account)
        if card is not None and card.status == "frozen":
            raise refuse("card_frozen", last_four=card.last_four)
        return account

    def check_funds(self, book: Book, amount_minor: int) -> None:
        """Raise: Refused, code `insufficient_funds`, when less is available."""
        if amount_minor > book.available_minor:
            raise refuse("insufficient_funds", available_minor=book.available_minor, currency="CNY")


def id_in(value: Value) -> str:
    """Return the id that a value is, or that its record carries; "" when there is none."""
    found = value.get("id") if isinstance(value, Mapping) else value
    return found if isinstance(found, str) else ""
