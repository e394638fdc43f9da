"""Documents become articles whose figures are facts; what contradicts a fact, or rests on none, is told."""

from __future__ import annotations

from datetime import date

import pytest

from tellerline.domain.proposal import ArticleChange, FactChange
from tellerline.knowledge.learning.mapping import Mapped, map_documents
from tellerline.knowledge.learning.read import read_document
from tellerline.knowledge.load import Library, load_library
from tests.harbour import PACK
from tests.knowledge.learning import papers

ON = date(2026, 12, 1)
ABOUT = """编号: early-notice
主题: 存款
产品: term_deposit
负责部门: retail-deposits
复审日期: 2027-06-30
"""


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(PACK)[0]


def mapped(library: Library, *documents: tuple[str, bytes]) -> Mapped:
    return map_documents([read_document(*document) for document in documents], library, ON)


def article(found: Mapped, language: str = "zh") -> ArticleChange:
    return next(c for c in found.changes if isinstance(c, ArticleChange) and c.language == language)


def test_one_document_holds_an_article_in_both_languages(library: Library) -> None:
    found = mapped(library, ("月月存.docx", papers.word(papers.monthly_savings)))
    assert found.findings == []
    assert found.new_products == ["harbour_monthly_savings"] * 2
    zh, en = article(found, "zh"), article(found, "en")
    assert zh.id == en.id == "harbour-monthly-savings"
    assert zh.heading["topic"] == "deposits"
    assert zh.heading["questions"] == [
        "月月存怎么开",
        "港湾月月存是什么产品",
        "每个月自动存钱的那个怎么弄",
        "月月存能随时停吗",
    ]
    assert zh.body.startswith("“港湾月月存”每月从您的借记卡")
    assert "## 怎么开通\n1. 登录手机银行，进入“存款”\n2. 选择" in zh.body
    assert "问法" not in zh.body


def test_a_figure_that_a_fact_says_names_the_fact(library: Library) -> None:
    found = mapped(library, ("a.md", f"{ABOUT}\n# 定期存款\n\n三年期整存整取的年利率是1.45%。\n".encode()))
    assert found.findings == []
    assert "{{ facts.deposit_rates.term_3y }}" in article(found).body


def test_a_figure_that_several_facts_say_is_asked_about(library: Library) -> None:
    found = mapped(library, ("a.md", f"{ABOUT}\n# 定期存款\n\n整存整取50元起存。\n".encode()))
    assert [finding.code for finding in found.findings] == ["figure"]
    assert (
        "it could be facts.deposit_terms.term_min, facts.deposit_terms.term_remaining_min"
        in found.findings[0].what
    )


def test_a_figure_that_differs_from_the_fact_is_a_contradiction(library: Library) -> None:
    found = mapped(library, ("a.md", f"{ABOUT}\n# 定期存款\n\n三年期整存整取的年利率是1.60%。\n".encode()))
    assert [finding.code for finding in found.findings] == ["contradiction"]
    assert "deposit_rates.term_3y is 1.45" in found.findings[0].what


def test_a_figure_that_no_fact_says_is_told(library: Library) -> None:
    found = mapped(library, ("a.md", f"{ABOUT}\n# 定期存款\n\n新客户另送积分，价值88.88元。\n".encode()))
    assert [finding.code for finding in found.findings] == ["figure"]
    assert found.findings[0].remedy.startswith("bring it as a row")


def test_an_article_may_rest_on_a_figure_of_the_same_proposal(library: Library) -> None:
    table = ("rates.xlsx", papers.workbook(papers.RATES_ZH, title="利率"))
    text = ("a.md", f"{ABOUT}\n# 定期存款\n\n三年期整存整取的年利率是1.35%。\n".encode())
    found = mapped(library, text, table)
    assert found.findings == []
    assert "{{ facts.deposit_rates.term_3y }}" in article(found).body
    assert any(isinstance(change, FactChange) for change in found.changes)


def test_an_article_as_the_pack_writes_it_is_taken_as_it_is(library: Library) -> None:
    path = PACK / "articles" / "zh" / "early-withdrawal-of-term-deposit.md"
    found = mapped(library, (path.name, path.read_bytes()))
    assert found.findings == []
    assert article(found).body.strip() == path.read_text("utf-8").split("---\n", 2)[2].strip()


def test_what_is_not_said_of_a_known_article_is_taken_over(library: Library) -> None:
    text = "编号: early-withdrawal-of-term-deposit\n\n# 定期没到期能取吗\n\n可以，随时都能取。\n"
    heading = article(mapped(library, ("a.md", text.encode()))).heading
    assert heading["topic"] == "deposits"
    assert heading["flow"] == "term_deposit_withdrawal"
    assert heading["title"] == "定期没到期能取吗"
    assert "valid_from" not in heading


@pytest.mark.parametrize(
    ("text", "code", "named"),
    [
        ("# 标题\n\n正文。\n", "missing", "id"),
        (ABOUT.replace("复审日期: 2027-06-30", "") + "\n# 标题\n\n正文。\n", "missing", "review_by"),
        (ABOUT.replace("2027-06-30", "明年六月") + "\n# 标题\n\n正文。\n", "day", "review_by"),
        ("正文，没有标题。\n", "structure", "neither an article nor a table"),
        ("---\nid: [\n---\n正文\n", "structure", "not YAML"),
        (ABOUT.replace("存款", "天气") + "\n# 标题\n\n正文。\n", "heading", "wrong"),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_named(library: Library, text: str, code: str, named: str) -> None:
    found = mapped(library, ("a.md", text.encode()))
    assert any(f.code == code and named in f.what for f in found.findings), [
        f.render() for f in found.findings
    ]
    assert all(finding.remedy for finding in found.findings)


def test_a_workbook_without_a_table_of_figures_is_told(library: Library) -> None:
    found = mapped(library, ("a.xlsx", papers.workbook([["nothing", "here"], ["x", "y"]])))
    assert [finding.code for finding in found.findings] == ["structure"]
