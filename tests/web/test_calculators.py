"""The calculators over HTTP: the same figures as in the room they come from, and errors that name the field."""

from __future__ import annotations

from decimal import Decimal

import pytest
from starlette.testclient import TestClient

from tests.web.test_conversation import problem_of

QUESTIONS = {
    "term-deposit": (
        {"principal_minor": 1_000_000, "annual_rate": "2.43", "months": 6},
        {"interest_minor": 12_150, "working": ["10000.00 × 2.43% × 6 ÷ 12 = 121.50"]},
    ),
    "early-withdrawal": (
        {
            "amount_minor": 1_000_000, "annual_rate": "2.43", "demand_rate": "0.72", "start_on": "2003-03-01",
            "months": 6, "on": "2003-05-01",
        },
        {"interest_minor": 1_220, "contract_interest_minor": 12_150, "forgone_minor": 10_930},
    ),
    "loan": (
        {"principal_minor": 20_000_000, "annual_rate": "4", "months": 360},
        {"total_minor": 34_373_938},  # 343,739.01 without rounding each month to cents
    ),
    "early-repayment": (
        {
            "principal_minor": 120_000, "annual_rate": "12", "months": 12, "method": "level_principal",
            "paid_count": 6, "charge_rate": "1",
        },
        {"payoff_minor": 60_600, "charge_minor": 600},
    ),
    "instalment": (
        {"principal_minor": 1_200_000, "monthly_rate": "0.60", "periods": 12},
        {"interest_minor": 86_400, "total_minor": 1_286_400},
    ),
    "annual-cost": (
        {"received_minor": 500_000, "payments_minor": [23_000] * 24},
        {"nominal": "9.69", "effective": "10.13"},
    ),
    "minimum-payment": (
        {"owed_minor": 1_000_000, "daily_rate": "0.05", "minimum_share": "10"},
        {"months": 51, "first_interest_minor": 15_000},
    ),
    "exchange": (
        {"foreign_minor": 100_000, "bank_buys": "704.50", "bank_sells": "707.50", "side": "customer_buys"},
        {"cny_minor": 707_500, "spread_minor": 3_000},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_calculator_answers_with_its_working(client: TestClient, name: str) -> None:
    question, expected = QUESTIONS[name]
    answer = client.post(f"/api/v1/calculators/{name}", json=question)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert {key: found[key] for key in expected} == expected
    assert name == "annual-cost" or all(found["working"])


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_field_out_of_range_is_named(client: TestClient, name: str) -> None:
    question, _ = QUESTIONS[name]
    for field, value in question.items():
        if isinstance(value, str) and value[0].isdigit() and "-" not in value:
            wrong = client.post(f"/api/v1/calculators/{name}", json={**question, field: "NaN"})
            assert wrong.status_code == 422
            assert field in wrong.text
        if field.endswith("_minor"):
            wrong = client.post(f"/api/v1/calculators/{name}", json={**question, field: -1})
            assert wrong.status_code == 422
            assert field in wrong.text


def test_a_day_outside_the_term_is_told_with_the_days_that_would_do(client: TestClient) -> None:
    question, _ = QUESTIONS["early-withdrawal"]
    wrong = client.post("/api/v1/calculators/early-withdrawal", json={**question, "on": "2003-09-01"})
    assert "between 2003-03-01 and 2003-08-31" in str(problem_of(wrong, 422, "not_early")["detail"])


def test_rates_keep_every_digit(client: TestClient) -> None:
    question = {"principal_minor": 10**14, "annual_rate": "1.2345678", "months": 12}
    found = client.post("/api/v1/calculators/term-deposit", json=question).json()
    assert found["interest_minor"] == 10**14 * Decimal("0.012345678")
