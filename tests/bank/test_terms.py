"""The core reckons with the figures of the pack's facts, on the day they are in force."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tellerline.bank.adapters.simulator.terms import TermsBook, terms_from_facts
from tellerline.domain.errors import Invalid
from tests.bank.world import facts


def test_the_terms_are_those_in_force_on_the_day() -> None:
    before, after = facts().on(date(2026, 12, 31)), facts().on(date(2027, 1, 1))
    assert before.deposit.term_rates[12] == Decimal("1.10")
    assert after.deposit.term_rates[12] == Decimal("1.05")


def test_texts_with_numbers_become_numbers() -> None:
    assert facts().on(date(2026, 11, 23)).card.statement_days == (5, 10, 15, 20, 25)


def test_a_rate_of_a_day_before_the_facts_is_not_known() -> None:
    assert facts().rate("demand", date(2026, 5, 19)) == Decimal("0.10")
    assert facts().term_rate(36, date(2020, 1, 1)) is None


@pytest.mark.parametrize(("day", "rate"), [(date(2020, 1, 1), "0.10"), (date(2030, 1, 1), "0.05")])
def test_a_day_the_facts_do_not_reach_has_the_nearest_figures(day: date, rate: str) -> None:
    assert facts().on(day).deposit.demand_rate == Decimal(rate)


def test_a_missing_fact_is_named() -> None:
    rows = [row for row in facts().rows() if row.id != "transfer_limits.face_daily"]
    with pytest.raises(Invalid, match=r"transfer_limits\.face_daily"):
        TermsBook(rows).on(date(2026, 11, 23))


def test_terms_can_be_made_of_any_book_of_facts() -> None:
    day = date(2026, 11, 23)
    found = {row.id: row for row in facts().rows() if row.in_force(day)}
    assert terms_from_facts(found, day) == facts().on(day)
