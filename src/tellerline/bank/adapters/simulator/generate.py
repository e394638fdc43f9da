"""The whole core from a seed: the same seed, number and moment always give the same books."""

from __future__ import annotations

from datetime import datetime, timedelta

from tellerline.bank.adapters.simulator import cardlife, history, people
from tellerline.bank.adapters.simulator.core import Core
from tellerline.bank.adapters.simulator.records import Account, Card, Mandate
from tellerline.bank.adapters.simulator.seed import Seed
from tellerline.bank.adapters.simulator.terms import TermsBook
from tellerline.bank.adapters.simulator.year import Year
from tellerline.domain.finance.amount import half_up

PENDING_SHARE = 0.5  # of customers with something authorised and not yet posted
PENDING_MAX_MINOR = 6_000


def build_core(seed: Seed, facts: TermsBook, *, now: datetime, number: int) -> Core:
    """Make up a year up to `now` for every customer of the seed. `number` is the seed of chance."""
    core = Core()
    for person in seed.customers:
        year = Year(person, seed, facts, now, number)
        _open(core, year)
        _live(core, year)
    return core


def _open(core: Core, year: Year) -> None:
    """Put the customer's accounts, cards and contracts on the shelves."""
    person, owner = year.person, year.customer.id
    core.customers[owner] = year.customer
    core.daily_limits[owner] = person.daily_limit * 100 or year.terms.transfer.daily_minor
    for account_seed in person.accounts:
        account = people.account_record(owner, account_seed)
        core.accounts.put(account)
        year.accounts[account.last_four] = account
        if account.kind == "current":
            card = people.debit_card(
                account, account_seed, year.now - timedelta(days=history.FREEZE_DAYS_AGO)
            )
            _put_card(core, year, card)
    for credit in person.credit:
        _put_card(core, year, people.credit_card(owner, credit, year.terms.card, year.today))
    _open_contracts(core, year)
    for device in people.device_records(owner, year.today):
        core.devices.put(device)
    for payee in people.payee_records(owner, person, year.seed):
        core.payees.put(payee)
        year.payees[payee.last_four] = payee
    for beneficiary in people.beneficiary_records(owner, person):
        core.beneficiaries.put(beneficiary)
        year.beneficiaries[beneficiary.last_four] = beneficiary


def _open_contracts(core: Core, year: Year) -> None:
    """Put what the customer has agreed or asked for on the shelves."""
    person, owner = year.person, year.customer.id
    for deposit in person.deposits:
        core.deposits.put(people.deposit_record(owner, deposit, year.main.id, year.facts, year.today))
    for loan in person.loans:
        core.loans.put(people.loan_record(owner, loan, year.main, year.today))
    for holding in person.holdings:
        core.holdings.put(people.holding_record(owner, holding, year.terms, year.today))
    for restriction in people.restriction_records(owner, person, year.seed, year.today):
        core.restrictions.put(restriction)
    for application in people.application_records(owner, person, year.seed, year.today):
        core.applications.put(application)


def _put_card(core: Core, year: Year, card: Card) -> None:
    core.cards.put(card)
    year.cards[card.last_four] = card


def _live(core: Core, year: Year) -> None:
    """Draw the year, and close the books."""
    history.spend(year)
    history.buy_as_told(year)
    for mandate in history.pay_mandates(year):
        core.mandates.put(mandate)
    core.books.update(cardlife.live_cards(year))
    for card in year.cards.values():
        if card.autopay:
            core.mandates.put(_autopay(year, card))
    history.earn(year)
    history.send(year)
    history.remit(year)
    history.draw_cash(year)
    history.pay_sms(year)
    loans = core.loans.of(year.customer.id)
    history.repay_loans(year, [(loan.next_due_on.day, loan.instalment_minor, loan.label) for loan in loans])
    _leave_pending(year)
    closings = {seed.last_four: half_up(seed.closing * 100) for seed in year.person.accounts}
    savings = _savings(year)
    history.set_aside(year, savings, closings[savings.last_four] if savings else 0)
    for last_four, account in year.accounts.items():
        core.books[account.id] = history.settle(year, account, closings[last_four])
    for transfer in year.transfers:
        core.transfers.put(transfer)
    for remittance in year.remittances:
        core.remittances.put(remittance)
    for fee in year.fees:
        core.fees.put(fee)
    core.points[year.customer.id] = _points(core, year)


def _points(core: Core, year: Year) -> int:
    """Return a point for each whole yuan spent with credit cards in the year."""
    cards = [card for card in year.cards.values() if card.kind == "credit"]
    return sum(
        -line.amount_minor // 100
        for card in cards
        for line in core.books[card.account_id].postings
        if line.kind == "purchase" and not line.pending
    )


def _savings(year: Year) -> Account | None:
    return next((a for a in year.accounts.values() if a.kind == "savings" and a.currency == "CNY"), None)


def _autopay(year: Year, card: Card) -> Mandate:
    """Return the mandate by which a credit card's bill is paid from the main account."""
    label = people.ending(people.AUTOPAY, card.last_four)
    paid = [line for line in year.lines.get(card.account_id, []) if line.kind == "repayment"]
    amount = paid[-1].amount_minor if paid else 0
    return Mandate(
        f"mandate-{card.id}", year.customer.id, label, year.main.id, amount, card.statement_day, repays=True
    )


def _leave_pending(year: Year) -> None:
    """Leave something small authorised and not yet posted on some debit cards."""
    chance = year.random.random()
    card = year.main_card
    if (
        chance >= PENDING_SHARE
        or card.status != "active"
        or any(told.pending for told in year.person.purchases)
    ):
        return
    merchant = year.seed.merchants["meituan"]
    amount = 1_800 + int(chance / PENDING_SHARE * (PENDING_MAX_MINOR - 1_800)) // 10 * 10
    at = year.now - timedelta(hours=1 + int(chance * 20))
    history.buy(year, merchant, card, at, amount, pending=True)
