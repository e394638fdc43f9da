"""What is said: in both languages, with fields that are known, and nothing before it is true."""

# ruff: noqa: E501  a fault reads best on one line

from __future__ import annotations

from pathlib import Path

import pytest

from tellerline.flows.copy_lint import lint_copy
from tellerline.flows.load import read_flows
from tests.flows.conftest import EN, FLOW, ZH, Read, write_flow

HARBOUR = Path(__file__).parents[2] / "packs" / "harbour"

FAULTS = {
    "a text that cannot be read": ("zh", "ask_payee: 转给谁？", 'ask_payee: "{{ payee"', "cannot be read"),
    "a key without text": ("flow", "say: done", "say: finished", "says 'finished', which has no text"),
    "a text nobody says": ("zh", "none_saved:", "spare: 多余\nnone_saved:", "'spare' is never said"),
    "a text in one language": ("en", "none_saved:", "spare: more\nnone_saved:", "'spare' is missing in flows/pay/copy.zh.yaml"),
    "no last resort": ("zh", "ask_amount: 转多少？", "ask_amount: [{when: amount, text: 转多少？}]", "may have nothing to say"),
    "a wording never used": (
        "zh",
        "ask_amount: 转多少？",
        "ask_amount: [{text: 转多少？}, {when: amount, text: 多少？}, {text: 几元？}]",
        "this wording is never used",
    ),
    "other fields in the other language": ("en", "to {{ terms.payee_name }}?", "now?", "does not state the same"),
    "an unknown name": ("zh", "转多少？", "转{{ sum }}吗？", "nothing is called 'sum'"),
    "an unknown field": ("zh", "{{ sent.reference }}", "{{ sent.number }}", "sent has no field 'number'"),
    "a field not yet known": ("zh", "转给谁？", "转给{{ sent.reference }}吗？", "may not be known there"),
    "a figure typed in": ("zh", "金额要大于零。", "金额要大于10元。", "states the figure “10元”"),
    "a figure typed in, in English": ("en", "more than zero", "more than 10 yuan", "states the figure “10 yuan”"),
    "a slot without a name at the read-back": ("zh", "name_amount: 金额\n", "", "has no name there"),
    "done before it is done": ("zh", "转多少？", "已转出，转多少？", "says “已转出”"),
    "done in English before it is done": ("en", "How much?", "It has been sent. How much?", "says “has been sent”"),
    "done on the wrong way": ("zh", "您还没有存过收款人。", "您的款项已转出。", "says “款项已转”"),
    "a promise nobody keeps": ("zh", "转多少？", "马上到账，转多少？", "says “马上到账”"),
    "a promise in English": ("en", "How much?", "It will definitely be approved. How much?", "says “definitely be approved”"),
}  # fmt: skip


def test_a_sound_flow_has_no_problem(read: Read) -> None:
    assert lint_copy(read()) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(read: Read, fault: str) -> None:
    file, old, new, expected = FAULTS[fault]
    problems = lint_copy(read(old, new, file))
    assert any(expected in problem.what for problem in problems), [problem.render() for problem in problems]
    assert all(problem.remedy for problem in problems)


def test_a_denial_or_a_condition_is_no_claim(read: Read) -> None:
    assert lint_copy(read("转多少？", "还没有转，没有已转出的款项，转多少？", "zh")) == []


def test_a_text_that_states_the_result_cannot_be_said_without_it(tmp_path: Path) -> None:
    zh = ZH.replace(
        "none_saved: 您",
        "none_saved:\n  - 已转出，流水号{{ sent.reference }}。\n".replace("- 已", "- text: 已")
        + "  - text: 您",
    )
    zh = zh.replace(
        "text: 已转出，流水号{{ sent.reference }}。",
        "{when: sent, text: '已转出，流水号{{ sent.reference }}。'}",
    )
    en = EN.replace(
        "none_saved: You", "none_saved:\n  - {when: sent, text: 'Sent: {{ sent.reference }}.'}\n  - text: You"
    )
    files, _ = read_flows(write_flow(tmp_path, FLOW, zh, en))
    assert [problem.render() for problem in lint_copy(files[0])] == []


def test_an_optional_field_may_be_asked_about(read: Read) -> None:
    files = read(
        "您还没有存过收款人。",
        "'{% if amount is defined %}{{ amount | money }}{% endif %}没有收款人。'",
        "zh",
    )
    assert {problem.what for problem in lint_copy(files)} == {
        "none_saved does not state the same in flows/pay/copy.zh.yaml: amount"
    }


def test_a_general_text_may_be_replaced(read: Read) -> None:
    files = read(
        "none_saved:", "explain_confirm: 还没有转{{ terms.amount_minor | money }}。\nnone_saved:", "zh"
    )
    problems = [problem.what for problem in lint_copy(files, patterns={"explain_confirm"})]
    assert problems == ["'explain_confirm' is missing in flows/pay/copy.en.yaml"]


def test_every_text_goes_through_the_phrase_rules(read: Read) -> None:
    def check(text: str, language: str) -> str | None:
        return "SECRET" if "密码" in text else None

    problems = lint_copy(read("转多少？", "密码是多少？", "zh"), check_reply=check)
    assert [problem.what for problem in problems] == ["ask_amount breaks the phrase rule SECRET"]


def test_unreadable_copy_is_left_to_the_reader(tmp_path: Path) -> None:
    files, problems = read_flows(write_flow(tmp_path, zh="a: [b"))
    assert len(problems) == 1
    assert lint_copy(files[0]) == []
