"""The made-up customers are coherent: every balance, bill and fee follows from the lines of a book."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import accumulate

import msgspec
import pytest

from tellerline.bank.adapters.simulator.billing import PURCHASES, draw_bill, half_up
from tellerline.bank.adapters.simulator.core import Core
from tellerline.bank.adapters.simulator.days import bank_day
from tellerline.bank.adapters.simulator.generate import build_core
from tellerline.bank.adapters.simulator.seed import AccountSeed
from tellerline.domain.party import CustomerId
from tellerline.testing.clock import VirtualClock
from tests.bank.world import NUMBER, facts, few, seed

NOW = VirtualClock().now()
TODAY = bank_day(NOW)
WANG = CustomerId("wangfang")


@pytest.fixture(scope="module")
def core() -> Core:
    return build_core(seed(), facts(), now=NOW, number=NUMBER)


def test_there_are_enough_customers_of_every_kind(core: Core) -> None:
    people = core.customers.values()
    assert len(people) >= 30
    assert sum(person.language == "en" for person in people) >= 4
    elders = [p for p in people if p.age(TODAY) >= facts().on(TODAY).identity.elder_age]
    assert len(elders) >= 3
    assert {"mortgage", "consumer", "car", "business"} == {loan.kind for loan in core.loans}
    assert {"annual_fee", "late_fee", "interest", "sms_fee", "cross_border_fee"} <= {
        f.kind for f in core.fees
    }


def test_nobody_shares_a_telephone_or_a_card_number(core: Core) -> None:
    assert len({person.phone for person in core.customers.values()}) == len(core.customers)
    for customer in core.customers:
        last_fours = Counter(card.last_four for card in core.cards.of(customer))
        assert max(last_fours.values(), default=1) == 1


def test_every_account_ends_where_the_pack_says(core: Core) -> None:
    for person in seed().customers:
        for told in person.accounts:
            book = core.books[f"acc-{person.id}-{told.last_four}"]
            assert book.balance_minor == half_up(told.closing * 100)


def test_no_account_was_ever_overdrawn(core: Core) -> None:
    for account in core.accounts:
        book = core.books[account.id]
        lines = (posting.amount_minor for posting in book.postings if not posting.pending)
        assert min(accumulate(lines, initial=book.opening_minor)) >= 0, account.id
        assert book.available_minor >= 0


def test_no_credit_card_is_over_its_limit(core: Core) -> None:
    for card in core.cards:
        if card.kind == "credit":
            owed = accumulate(-posting.amount_minor for posting in core.books[card.account_id].postings)
            assert max(owed, default=0) <= card.credit_limit_minor, card.id


def test_nothing_happens_in_the_future_or_out_of_order(core: Core) -> None:
    for name, book in core.books.items():
        moments = [posting.at for posting in book.postings]
        assert moments == sorted(moments)
        assert not moments or moments[-1] <= NOW, name
        assert len({posting.id for posting in book.postings}) == len(moments)


def test_a_bill_is_what_was_owed_and_what_the_cycle_added(core: Core) -> None:
    terms = facts().on(TODAY).card
    for card in core.cards:
        if card.kind != "credit":
            continue
        book = core.books[card.account_id]
        bill = draw_bill(book, card, TODAY, terms)
        before = draw_bill(book, card, bill.statement_on, terms)
        cycle = [
            p for p in book.postings if before.statement_on < p.on <= bill.statement_on and not p.pending
        ]
        carried = -sum(p.amount_minor for p in book.postings if p.on <= before.statement_on and not p.pending)
        assert bill.balance_minor == max(0, carried - sum(p.amount_minor for p in cycle))
        assert bill.minimum_minor <= bill.balance_minor
        if card.autopay:
            charges = [p for p in cycle if p.kind != "repayment"]
            assert bill.balance_minor == -sum(p.amount_minor for p in charges)
            assert sum(p.kind in PURCHASES for p in charges) > 0


def test_a_repayment_leaves_the_account_and_reaches_the_card(core: Core) -> None:
    for customer in core.customers:
        account = core.current_account(customer)
        assert account is not None
        paid = sum(-p.amount_minor for p in core.books[account.id].postings if p.kind == "repayment")
        cards = {card.account_id for card in core.cards.of(customer) if card.kind == "credit"}
        reached = sum(
            p.amount_minor for name in cards for p in core.books[name].postings if p.kind == "repayment"
        )
        assert paid == reached, customer


def test_every_fee_is_a_line_of_its_book(core: Core) -> None:
    for fee in core.fees:
        posting = next(p for p in core.books[fee.book].postings if p.id == fee.posting_id)
        assert -posting.amount_minor == fee.amount_minor
        assert posting.on == fee.on
        assert fee.waivable or fee.notice_on_file


def test_every_transfer_left_its_account_and_a_returned_one_came_back(core: Core) -> None:
    for transfer in core.transfers:
        lines = [p for p in core.books[transfer.account_id].postings if p.party.zh == transfer.payee_name]
        assert any(p.at == transfer.at and -p.amount_minor == transfer.amount_minor for p in lines)
        back = [p for p in lines if p.kind == "transfer_back" and p.at == transfer.returned_at]
        assert len(back) == (transfer.returned_at is not None)


def test_a_deposit_has_the_rate_of_the_day_it_was_opened(core: Core) -> None:
    for deposit in core.deposits:
        rate = facts().term_rate(deposit.term_months, deposit.start_on)
        assert rate is None or Decimal(deposit.rate) == rate


def test_demand_interest_is_that_of_the_daily_balances(core: Core) -> None:
    for account in core.accounts.of(WANG):
        book = core.books[account.id]
        first, last = (p for p in book.postings if p.kind == "interest_paid" and p.on.month in (6, 9))
        days = (last.on - first.on).days
        lines = [p for p in book.postings if not p.pending]

        def closing(day_index: int, lines=lines, first=first, book=book) -> int:
            day = first.on + timedelta(days=day_index)
            return book.opening_minor + sum(p.amount_minor for p in lines if p.on <= day)

        rate = facts().rate("demand", last.on)
        assert rate is not None
        # The settlement day is the one before the credit; interest credited at night bears none that day.
        total = sum(closing(index) for index in range(days)) * rate / 100 / 360
        assert last.amount_minor == half_up(total)


def test_the_main_customer_has_all_that_a_demonstration_needs(core: Core) -> None:
    namesakes = [payee for payee in core.payees.of(WANG) if payee.name == "王伟"]
    assert len({payee.bank.zh for payee in namesakes}) == 2
    assert any(payee.name == "王玮" for payee in core.payees if payee.customer != WANG)
    card = next(card for card in core.cards.of(WANG) if card.kind == "credit")
    bill = draw_bill(core.books[card.account_id], card, TODAY, facts().on(TODAY).card)
    assert bill.remaining_minor == bill.balance_minor == 684_250
    assert 1 <= (bill.due_on - TODAY).days <= 10
    statuses = {transfer.status(NOW) for transfer in core.transfers.of(WANG)}
    assert statuses == {"posted", "pending", "held", "returned"}
    deposit = core.deposits.of(WANG)[0]
    assert (deposit.term_months, deposit.principal_minor) == (36, 10_000_000)


def test_chen_has_a_charge_from_abroad_that_she_did_not_make(core: Core) -> None:
    lines = core.books["card-chen-6177"].postings
    abroad = [p for p in lines if p.original.startswith("USD") and p.at > NOW - timedelta(days=3)]
    assert [p.original for p in abroad] == ["USD 1.00", "USD 486.00"]
    assert all(p.at.hour == 3 for p in abroad)


def test_somebody_is_overdue_and_was_not_told_of_the_fee(core: Core) -> None:
    card = next(card for card in core.cards.of(CustomerId("maxiao")) if card.kind == "credit")
    assert draw_bill(core.books[card.account_id], card, TODAY, facts().on(TODAY).card).overdue(TODAY)
    fee = next(fee for fee in core.fees.of(CustomerId("liuyang")) if fee.kind == "late_fee")
    assert not fee.notice_on_file
    assert fee.waivable


def test_the_same_seed_gives_the_same_books_and_another_gives_others() -> None:
    one, two = (build_core(few("wangfang"), facts(), now=NOW, number=7) for _ in range(2))
    other = build_core(few("wangfang"), facts(), now=NOW, number=8)
    name = "acc-wangfang-6688"
    assert one.books[name].postings == two.books[name].postings
    assert one.books[name].postings != other.books[name].postings


def test_one_customer_does_not_alter_another() -> None:
    alone = build_core(few("smith"), facts(), now=NOW, number=7)
    among = build_core(few("wangfang", "smith"), facts(), now=NOW, number=7)
    assert alone.books["acc-smith-7305"].postings == among.books["acc-smith-7305"].postings


def told(customer: str, **changes: object) -> Core:
    """Build one customer whose seed is changed."""
    person = few(customer).customers[0]
    changed = msgspec.structs.replace(seed(), customers=[msgspec.structs.replace(person, **changes)])
    return build_core(changed, facts(), now=NOW, number=NUMBER)


def test_a_bill_cannot_be_brought_below_what_was_spent() -> None:
    credit = msgspec.structs.replace(few("wangfang").customers[0].credit[0], statement=Decimal("1.00"))
    core = told("wangfang", credit=[credit])
    card = next(card for card in core.cards.of(WANG) if card.kind == "credit")
    bill = draw_bill(core.books[card.account_id], card, TODAY, facts().on(TODAY).card)
    assert 1_00 < bill.balance_minor < 6842_50


def test_next_to_nothing_earns_no_interest() -> None:
    accounts = few("luoting").customers[0].accounts
    tiny = AccountSeed("savings", "0001", Decimal("0.50"))
    core = told("luoting", accounts=[*accounts, tiny])
    assert core.books["acc-luoting-0001"].postings == []


def test_an_elder_pays_nothing_for_text_messages() -> None:
    core = told("lijun", sms=True)
    assert not [fee for fee in core.fees if fee.kind == "sms_fee"]


def test_early_in_the_morning_the_day_has_not_happened_yet() -> None:
    early = datetime(2026, 11, 19, 16, 30, tzinfo=UTC)  # half past midnight at the bank, on a day of mandates
    core = build_core(few("wangfang"), facts(), now=early, number=NUMBER)
    book = core.books["acc-wangfang-6688"]
    assert max(posting.at for posting in book.postings) <= early


def test_building_all_customers_is_quick() -> None:
    started = time.process_time()
    build_core(seed(), facts(), now=NOW, number=NUMBER)
    assert time.process_time() - started < 1.0  # about 0.2 s on an idle machine
