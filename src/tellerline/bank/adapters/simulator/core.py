"""The books of the simulated core in memory, and the changes that may be made to them.

Nothing else alters a book: a committed action is a list of changes, applied when it happens and again, in the same order,
when the journal is read after a restart.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Generic, Protocol, TypeAlias, TypeVar

import msgspec

from tellerline.bank.adapters.simulator.records import (
    Account,
    Application,
    Beneficiary,
    Card,
    Customer,
    Deposit,
    Device,
    EarlyRepayment,
    Fee,
    Holding,
    InstalmentPlan,
    Loan,
    Mandate,
    Payee,
    Posting,
    Remittance,
    Restriction,
    Review,
    Transfer,
)
from tellerline.domain.party import CustomerId

PHONE_DIGITS = 11


class Posted(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="record", tag=True):
    """A line is added to a book."""

    book: str
    posting: Posting


class LimitSet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="record", tag=True):
    """A customer's daily transfer limit becomes `daily_minor`."""

    customer: CustomerId
    daily_minor: int


class PointsUsed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="record", tag=True):
    """A customer has that many points fewer."""

    customer: CustomerId
    points: int


_Kept: TypeAlias = (
    Card | Deposit | Loan | Holding | Mandate | Device | Transfer | InstalmentPlan | Review | Application | Remittance
    | EarlyRepayment
)  # fmt: skip
Change: TypeAlias = Posted | LimitSet | PointsUsed | Customer | Account | _Kept


_SHELVES: dict[type[_Kept], str] = {
    Card: "cards", Deposit: "deposits", Loan: "loans", Holding: "holdings", Mandate: "mandates", Device: "devices",
    Transfer: "transfers", InstalmentPlan: "plans", Review: "reviews", Application: "applications",
    Remittance: "remittances", EarlyRepayment: "early_repayments",
}  # fmt: skip


class _Owned(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def customer(self) -> CustomerId: ...


OwnedT = TypeVar("OwnedT", bound=_Owned)


class Shelf(Generic[OwnedT]):
    """Records of one kind, by id and by customer."""

    def __init__(self, records: Iterable[OwnedT] = ()) -> None:
        self._by_id: dict[str, OwnedT] = {}
        self._ids: dict[CustomerId, list[str]] = {}
        for record in records:
            self.put(record)

    def put(self, record: OwnedT) -> None:
        """Add a record, or replace the one with its id."""
        if record.id not in self._by_id:
            self._ids.setdefault(record.customer, []).append(record.id)
        self._by_id[record.id] = record

    def get(self, record_id: str) -> OwnedT | None:
        """Return the record `record_id`, whoever owns it."""
        return self._by_id.get(record_id)

    def of(self, customer: CustomerId) -> list[OwnedT]:
        """Return a customer's records, in the order they came."""
        return [self._by_id[record_id] for record_id in self._ids.get(customer, ())]

    def find(self, customer: CustomerId, record_id: str) -> OwnedT | None:
        """Return the record `record_id` if it is the customer's."""
        record = self._by_id.get(record_id)
        return record if record is not None and record.customer == customer else None

    def copy(self) -> Shelf[OwnedT]:
        """Return a shelf with the same records."""
        return Shelf(self)

    def __iter__(self) -> Iterator[OwnedT]:
        return iter(self._by_id.values())


class Book:
    """The lines of one account or credit card. `balance_minor` is always the opening plus all posted lines."""

    def __init__(self, opening_minor: int, postings: Iterable[Posting] = ()) -> None:
        self.opening_minor = opening_minor
        self.postings = sorted(postings, key=attrgetter("at"))
        self.balance_minor = opening_minor + sum(p.amount_minor for p in self.postings if not p.pending)
        self.pending_minor = -sum(p.amount_minor for p in self.postings if p.pending)

    def copy(self) -> Book:
        """Return a book with the same lines."""
        fresh = Book(self.opening_minor)
        fresh.postings = [*self.postings]
        fresh.balance_minor, fresh.pending_minor = self.balance_minor, self.pending_minor
        return fresh

    @property
    def available_minor(self) -> int:
        """What may be spent: the balance less what is authorised and not yet posted."""
        return self.balance_minor - self.pending_minor

    def add(self, posting: Posting) -> None:
        """Add a posted line, in the order of time."""
        assert not posting.pending, "what is pending is there from the start"
        insort(self.postings, posting, key=attrgetter("at"))
        self.balance_minor += posting.amount_minor


class Core:
    """All that the bank knows. Lookups read it; only `apply` changes it."""

    def __init__(self) -> None:
        self.customers: dict[CustomerId, Customer] = {}
        self.accounts: Shelf[Account] = Shelf()
        self.cards: Shelf[Card] = Shelf()
        self.deposits: Shelf[Deposit] = Shelf()
        self.loans: Shelf[Loan] = Shelf()
        self.holdings: Shelf[Holding] = Shelf()
        self.fees: Shelf[Fee] = Shelf()
        self.payees: Shelf[Payee] = Shelf()
        self.mandates: Shelf[Mandate] = Shelf()
        self.transfers: Shelf[Transfer] = Shelf()
        self.plans: Shelf[InstalmentPlan] = Shelf()
        self.reviews: Shelf[Review] = Shelf()
        self.books: dict[str, Book] = {}
        self.devices: Shelf[Device] = Shelf()
        self.restrictions: Shelf[Restriction] = Shelf()
        self.applications: Shelf[Application] = Shelf()
        self.beneficiaries: Shelf[Beneficiary] = Shelf()
        self.remittances: Shelf[Remittance] = Shelf()
        self.early_repayments: Shelf[EarlyRepayment] = Shelf()
        self.daily_limits: dict[CustomerId, int] = {}
        self.points: dict[CustomerId, int] = {}

    def copy(self) -> Core:
        """Return books of their own: what changes in the one does not change in the other."""
        fresh = Core()
        for name, value in vars(self).items():
            setattr(fresh, name, value.copy())
        fresh.books = {name: book.copy() for name, book in self.books.items()}
        return fresh

    def apply(self, changes: Iterable[Change]) -> None:
        """Make the changes of one committed action."""
        for change in changes:
            match change:
                case Posted():
                    self.books[change.book].add(change.posting)
                case LimitSet():
                    self.daily_limits[change.customer] = change.daily_minor
                case PointsUsed():
                    self.points[change.customer] -= change.points
                case Customer():
                    self.customers[change.id] = change
                case Account():
                    self.accounts.put(change)
                    self.books.setdefault(change.id, Book(0))
                case _:
                    getattr(self, _SHELVES[type(change)]).put(change)

    def debit_card(self, account: Account) -> Card | None:
        """Return the card in use on an account, whatever its state, newest first."""
        linked = [card for card in self.cards.of(account.customer) if card.account_id == account.id]
        return next((card for card in reversed(linked) if card.status != "replaced"), None)

    def current_account(self, customer: CustomerId) -> Account | None:
        """Return the customer's main account."""
        return next((account for account in self.accounts.of(customer) if account.kind == "current"), None)

    def find_customer_by_phone(self, phone: str) -> Customer | None:
        """Return whose registered number `phone` is; spaces, dashes and the country code do not matter."""
        digits = "".join(character for character in phone if character.isdigit())[-PHONE_DIGITS:]
        return next((customer for customer in self.customers.values() if customer.phone == digits), None)

    def agreed_early(self, loan: Loan) -> EarlyRepayment | None:
        """Return the early repayment of a loan that is agreed and not made yet."""
        agreed = self.early_repayments.of(loan.customer)
        return next((one for one in agreed if one.loan == loan.id and one.state == "agreed"), None)

    def under_review(self, customer: CustomerId) -> frozenset[str]:
        """Return the ids of all that is being looked into for a customer."""
        return frozenset(subject for review in self.reviews.of(customer) for subject in review.subjects)
