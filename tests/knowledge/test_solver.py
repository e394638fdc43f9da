"""Questions that compare are worked out from the facts in force, and only those questions are."""

from __future__ import annotations

import re
from datetime import date

import msgspec
import pytest

from tellerline.domain.language import Language
from tellerline.knowledge.load import Library
from tellerline.knowledge.phrases import Wording
from tellerline.knowledge.solver.lint import lint_offers
from tellerline.knowledge.solver.offer import Offers
from tellerline.knowledge.solver.solver import Solution, Solver
from tellerline.knowledge.solver.sums import lint_sums, read_sums
from tellerline.knowledge.table import FactBook
from tests.harbour import PACK
from tests.knowledge.conftest import TODAY

AMOUNT = re.compile(
    r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?(?=元|美元)|(?<=CNY )[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?"
)
ASKED_WITH = "7,600元 10,000美元 3,000元"  # amounts of the questions below


def solve(solver: Solver, book: FactBook, language: Language, question: str) -> Solution | None:
    return solver.answer(question, language, language, book)


@pytest.mark.parametrize(
    ("language", "question", "winner"),
    [
        ("en", "best savings for 20k I may need in 6 months", "deposit_rates.term_6m"),
        ("zh", "两万块半年后要用，怎么存最划算", "deposit_rates.term_6m"),
        ("zh", "三年定期和大额存单哪个划算", "large_cd.rate_3y"),
        ("zh", "十万块，三年定期和大额存单哪个好", "deposit_rates.term_3y"),
        ("en", "large CD or fixed deposit for 150k, 2 years", "deposit_rates.term_2y"),
        ("zh", "国债和三年定期哪个利息高", "government_bonds.rate_3y"),
        ("zh", "8万随时可能要用，怎么存利息高一点", "deposit_rates.call_7d"),
        (
            "en",
            "I've got 8000 sitting idle, might need it any day, what's the best option",
            "deposit_rates.demand",
        ),
        ("en", "I have 5000 USD for a year, where do I get the most interest", "fx_deposit_rates.usd_1y"),
        ("zh", "每个月存2000，存三年哪种好", "deposit_rates.instalment_3y"),
        ("en", "which card has no annual fee and airport lounge", "credit_card_fees.annual_fee_platinum"),
        ("zh", "哪张信用卡既能免年费又有机场贵宾厅", "credit_card_fees.annual_fee_platinum"),
    ],
)
def test_winner(solver: Solver, book: FactBook, language: Language, question: str, winner: str) -> None:
    solution = solve(solver, book, language, question)
    assert solution is not None
    assert solution.winner == winner
    assert winner in {fact.id for fact in solution.facts}


def test_working_states_both_sums_and_their_difference(solver: Solver, book: FactBook) -> None:
    solution = solve(solver, book, "zh", "20万放三年，定期和大额存单哪个好")
    assert solution is not None
    for figure in ("200,000元 × 1.60% × 36/12 = 9,600元", "200,000元 × 1.45% × 36/12 = 8,700元", "少900元"):
        assert figure in solution.text
    assert solution.text.startswith("200,000元存3年，三年期大额存单")  # the conclusion comes first


def test_rates_are_those_of_the_day(solver: Solver, library: Library) -> None:
    later = FactBook(library.tables.values(), date(2027, 1, 5))
    solution = solve(solver, later, "en", "best savings for 20k for 1 year")
    assert solution is not None
    assert "1.05%" in solution.text
    assert "CNY 210" in solution.text


def test_an_amount_beyond_reckoning_has_no_answer(solver: Solver, book: FactBook) -> None:
    assert solve(solver, book, "en", "best savings for 99999999999999999999 for 1 year") is None


@pytest.mark.parametrize(
    ("language", "question"),
    [("en", "a card with travel insurance and no yearly fee"), ("zh", "有航意险又免年费的卡")],
)
def test_a_card_is_chosen_by_what_it_must_bring_without_a_word_of_choosing(
    solver: Solver, book: FactBook, language: Language, question: str
) -> None:
    solution = solve(solver, book, language, question)
    assert solution is not None
    assert ("Gold" if language == "en" else "金卡") in solution.text


@pytest.mark.parametrize(("level", "allowed"), [("C1", {"R1"}), ("C2", {"R1", "R2"}), ("", {"R1", "R2"})])
def test_no_product_above_the_risk_level(
    solver: Solver, book: FactBook, level: str, allowed: set[str]
) -> None:
    solution = solve(
        solver,
        book,
        "zh",
        f"我是{level}，5万块半年不用，买哪个理财好" if level else "5万块半年不用，买哪个理财好",
    )
    assert solution is not None
    ratings = {fact.render("zh") for fact in solution.facts if fact.id.endswith("_risk")}
    assert ratings <= allowed
    assert "理财非存款，产品有风险，投资须谨慎。" in solution.text
    assert solution.winner == ""


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("zh", "定期和活期有什么区别"),
        ("zh", "理财和定期哪个好"),
        ("zh", "哪个网点可以存美元1万"),
        ("zh", "我的20万定期提前取还是等到期划算"),
        ("zh", "白金卡和金卡的取现手续费哪个低"),
        ("zh", "贷款50万哪种划算"),
        ("en", "can I deposit 5000 dollars or more at an ATM"),
        ("en", "how much interest would I lose breaking a one-year deposit of 50,000"),
        ("en", "I'm down 12% on the fund you recommended"),
        ("en", "which documents do I need to open a savings account"),
    ],
)
def test_other_questions_are_left_to_the_articles(
    solver: Solver, book: FactBook, language: Language, question: str
) -> None:
    assert solve(solver, book, language, question) is None


def test_offers_rest_on_facts(offers: Offers, library: Library, wording: Wording) -> None:
    assert list(lint_offers(offers, library, wording, TODAY)) == []
    wrong = msgspec.structs.replace(offers, insured="deposit_insurance.nothing")
    assert [
        "no fact deposit_insurance.nothing" in p.what for p in lint_offers(wrong, library, wording, TODAY)
    ] == [True]


@pytest.mark.parametrize(
    ("language", "question", "winner", "figures"),
    [
        ("zh", "六千块分6期，每期利息多少，一共多少", "instalment", ["39元", "234元", "13.25%"]),
        ("zh", "分12期和24期哪个划算", "instalment_compare", ["13.03%", "12.84%", "720元", "1,392元"]),
        (
            "en",
            "12 or 24 instalments, which costs less for 10,000",
            "instalment_compare",
            ["CNY 720", "CNY 1,392"],
        ),
        (
            "en",
            "fee for sending 100k to another bank at the counter",
            "counter_transfer",
            ["CNY 30", "0.03%"],
        ),
        ("zh", "在柜台转三十万到他行手续费多少", "counter_transfer", ["50元"]),  # the cap
        ("zh", "汇1万美元到国外手续费多少", "remittance", ["115.38元", "80元"]),
        ("zh", "100美元能换多少人民币", "sell_currency", ["698.80元", "704.50元"]),
        ("en", "how much does it cost to buy 1000 us dollars", "buy_currency", ["CNY 7,075"]),
        ("zh", "信用卡取现3000，20天后还一共多少费用", "cash_advance", ["60元"]),
        ("zh", "这个月在他行ATM取了五次，手续费多少", "other_bank_atm", ["4元"]),
        ("zh", "我存了80万，银行倒闭能赔多少", "insured", ["300,000元", "500,000元"]),
    ],
)
def test_sum(
    solver: Solver, book: FactBook, language: Language, question: str, winner: str, figures: list[str]
) -> None:
    solution = solve(solver, book, language, question)
    assert solution is not None
    assert solution.winner == winner
    for figure in figures:
        assert figure in solution.text
    assert solution.facts


def test_sums_rest_on_facts(library: Library) -> None:
    sums = read_sums(PACK, [])
    assert list(lint_sums(sums, library, TODAY)) == []
    broken = msgspec.structs.replace(sums[0], facts={"fees": "instalment_rates.nothing"}, let={"sum": "1 +"})
    assert len(list(lint_sums([broken], library, TODAY))) == 2


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("zh", "账单七千六分12期，每个月大概多少"),
        ("en", "12 or 24 instalments, which costs less for 10,000"),
        ("zh", "汇1万美元到国外手续费多少"),
        ("zh", "信用卡取现3000，20天后还一共多少费用"),
        ("zh", "十万块存三年怎么存利息高"),
        ("en", "best savings for 20k I may need in 6 months"),
    ],
)
def test_every_amount_said_is_stated_by_a_fact_or_cited_as_worked_out(
    solver: Solver, book: FactBook, language: Language, question: str
) -> None:
    solution = solve(solver, book, language, question)
    assert solution is not None
    cited = " ".join([*(fact.render(language) for fact in solution.facts), *solution.reckoned, ASKED_WITH])
    amounts = set(AMOUNT.findall(solution.text))
    assert amounts
    assert amounts <= set(AMOUNT.findall(cited))
