"""Two customers who have what the demonstration's customers lack, so that every question of every flow can come up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from tellerline.bank.adapters.simulator.core import Book, Core
from tellerline.bank.adapters.simulator.records import Device, Restriction
from tellerline.domain.language import Text
from tellerline.domain.party import CustomerId

MODEL = CustomerId("wangfang")
PLENTY, HELD = CustomerId("plenty"), CustomerId("held")
SHELVES = (
    "accounts", "cards", "deposits", "loans", "holdings", "fees", "payees", "mandates", "transfers", "devices",
)  # fmt: skip
LINKS = ("account_id", "book", "pays_to", "posting_id")


def add_plenty(core: Core) -> None:
    """Let two people be customers, each with all that one demonstration customer has, and more.

    plenty: two cards not yet in use, two frozen, a credit card without a bill, a second loan, an empty account, another
    device. held: restrictions on two accounts.
    """
    _settle(core, PLENTY, "13800008801")
    _settle(core, HELD, "13800008802")
    cards, loans = core.cards.of(PLENTY), core.loans.of(PLENTY)
    credit = next(card for card in cards if card.kind == "credit")
    debit = next(card for card in cards if card.kind == "debit")
    core.books["plenty-clean"] = Book(0)
    clean = {"account_id": "plenty-clean", "autopay": False}
    core.apply(
        [
            _like(credit, "plenty-credit", "7781", **clean),
            _like(debit, "plenty-new", "7782", status="inactive"),
            _like(debit, "plenty-newer", "7787", status="inactive"),
            _like(debit, "plenty-frozen", "7783", status="frozen"),
            _like(debit, "plenty-colder", "7788", status="frozen"),
            Device(
                "plenty-tablet", PLENTY, Text("未知平板", "Unknown tablet"), date(2026, 11, 20), current=False
            ),
        ]
    )
    savings = next(account for account in core.accounts.of(PLENTY) if account.kind == "savings")
    core.apply([_like(savings, "plenty-empty", "7784")])
    loan = loans[0] if loans else next(iter(core.loans))
    account = next(account for account in core.accounts.of(PLENTY) if account.kind == "current")
    core.apply(
        [
            _like(loan, f"plenty-loan-{last_four}", last_four, customer=PLENTY, account_id=account.id)
            for last_four in ("7785", "7786")
        ]
    )
    model = core.transfers.of(MODEL)[0]
    at = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    for number, payee in ((1, "王伟"), (2, "李静")):
        core.transfers.put(
            msgspec.structs.replace(
                model, id=f"plenty-transfer-{number}", reference=f"TR2611230000000{number}", customer=PLENTY,
                account_id=account.id, payee_name=payee, amount_minor=number * 1_000_00, at=at,
                arrives_at=at + timedelta(hours=24), hold_until=None, returned_at=None, cancelled_at=None, reason=None,
            )
        )  # fmt: skip
    _restrict(core)


def _restrict(core: Core) -> None:
    model = next(iter(core.restrictions), None)
    found = model or Restriction(
        "", HELD, "", Text("暂停非柜面业务", "Online payments paused"),
        Text("证件已过期", "The identity document has expired"), Text("有效身份证件", "A valid identity document"),
        date(2026, 11, 2),
    )  # fmt: skip
    other = Text("限额管控", "Limits lowered")
    for account, label in zip(core.accounts.of(HELD), (found.label, other), strict=False):
        core.restrictions.put(
            msgspec.structs.replace(
                found, id=f"held-{account.id}", customer=HELD, account_id=account.id, label=label
            )
        )


def _settle(core: Core, name: CustomerId, phone: str) -> None:
    """Give a new customer copies of all that the model customer has, linked among themselves."""
    model = core.customers[MODEL]
    core.customers[name] = msgspec.structs.replace(model, id=name, phone=phone)
    core.daily_limits[name] = core.daily_limits[MODEL]
    core.points[name] = core.points[MODEL]
    own: dict[str, str] = {}
    for shelf in SHELVES:
        for record in getattr(core, shelf).of(MODEL):
            own[record.id] = f"{name}-{record.id}"
    for book in {card.account_id for card in core.cards.of(MODEL)} | {a.id for a in core.accounts.of(MODEL)}:
        own.setdefault(book, f"{name}-{book}")
        core.books[own[book]] = core.books[book].copy()
    for shelf in SHELVES:
        for record in core_records(core, shelf):
            links = {
                link: own.get(getattr(record, link), getattr(record, link))
                for link in LINKS
                if hasattr(record, link)
            }
            getattr(core, shelf).put(
                msgspec.structs.replace(record, id=own[record.id], customer=name, **links)
            )


def core_records(core: Core, shelf: str) -> list[Any]:  # Any: records of every kind
    """Return the model customer's records on a shelf."""
    return list(getattr(core, shelf).of(MODEL))


def _like(record: Any, name: str, last_four: str, **changes: Any) -> Any:  # noqa: ANN401  a record of any kind
    label = Text(f"{record.label.zh[:-5]}{last_four}）", f"{record.label.en[:-4]}{last_four}")
    return msgspec.structs.replace(record, id=name, last_four=last_four, label=label, **changes)
