"""Every rule of the linter, each shown on a flow with one fault. Without it, the flow is clean."""

# ruff: noqa: E501  a fault reads best on one line

from __future__ import annotations

from pathlib import Path

import pytest

from tellerline.flows.lint import lint_between, lint_flow
from tellerline.flows.load import read_flows
from tests.flows.conftest import EN, FLOW, ZH, Read, write_flow

HARBOUR = Path(__file__).parents[2] / "packs" / "harbour"

FAULTS = {
    "unreadable expression": ("amount <= 0", "amount <=", "cannot be read"),
    "unknown filter": ("bad: amount <= 0", 'bad: "amount | rounded"', "there is no filter rounded"),
    "unknown name": ("amount <= 0", "amout <= 0", "nothing is called 'amout'"),
    "unknown field of a row": ("payee.id", "payee.number", "payee has no field 'number'"),
    "unknown field in a filter": ("choices: payees", "choices: \"payees | selectattr('bic') | list\"", "no field 'bic'"),
    "unknown target": ("{empty: say_none}", "{empty: say_nothing}", "no step 'say_nothing'"),
    "unreachable step": (", on: {empty: say_none}", "", "'say_none' is never reached"),
    "no way out": ("{id: say_none, say: none_saved}", "{id: say_none, say: none_saved, next: say_none}", "no way from"),
    "a loop that asks nothing": (
        "{id: say_none, say: none_saved}",
        "{id: say_none, branch: [{when: amount, go: say_none}]}",
        "on a loop that asks nothing",
    ),
    "a step above what it needs": (
        "  - {id: accounts, lookup: accounts.list, into: accounts}\n  - {id: payee, ask: payee, on: {empty: say_none}}\n",
        (
            "  - {id: jump, branch: [{go: accounts}]}\n  - {id: payee, ask: payee, on: {empty: say_none}, next: amount}\n"
            "  - {id: accounts, lookup: accounts.list, into: accounts, next: payee}\n"
        ),
        "stands below it",
    ),
    "a slot that is never asked": ("{id: amount, ask: amount}", "{id: amount, say: done}", "'amount' is never asked"),
    "an unknown slot": ("{id: amount, ask: amount}", "{id: amount, ask: sum}", "there is no slot 'sum'"),
    "no explanation": ("explain: explain_payee, ", "", "has no `explain`"),
    "no reason": (", why: why_payee", "", "has no `why`"),
    "nothing to choose from": (", choices: payees", "", "needs something to choose from"),
    "two things to choose from": (
        "choices: payees}",
        "choices: payees, options: [{value: a, label: {zh: 甲, en: A}}]}",
        "both `choices` and `options`",
    ),
    "unknown lookup": ("lookup: payees.list", "lookup: payees.all", "no lookup 'payees.all'"),
    "an action looked up": ("lookup: payees.list", "lookup: transfer.send", "no lookup 'transfer.send'"),
    "unknown action": ("do: transfer.send", "do: transfer.make", "no action 'transfer.make'"),
    "unknown calculation": (
        "{id: amount, ask: amount}",
        "{id: amount, ask: amount}\n  - {id: sum, compute: total, into: sum}",
        "no calculation 'total'",
    ),
    "argument missing": (", amount_minor: amount}", "}", "does not say 'amount_minor'"),
    "argument unknown": ("amount_minor: amount}", "amount_minor: amount, memo: amount}", "takes no 'memo'"),
    "argument of a calculation missing": (
        "{id: amount, ask: amount}",
        "{id: amount, ask: amount}\n  - {id: sum, compute: sum_minor, into: sum}",
        "does not say 'rows'",
    ),
    "result not kept": ("do: transfer.send, into: sent", "do: transfer.send", "keeps no result"),
    "result kept twice": ("into: accounts", "into: payees", "already is the result of 'payees'"),
    "result over a slot": ("into: accounts", "into: amount", "already is a slot"),
    "level not proven": ("{id: code, verify: 2}", "{id: code, verify: 1}", "transfer.send needs identity level 2"),
    "level not proven on one way": (
        "{id: code, verify: 2}",
        "{id: big, branch: [{when: amount > 100, go: code}, {go: read_back}]}\n  - {id: code, verify: 2}",
        "transfer.send needs identity level 2",
    ),
    "nothing read back": ("    prepare: transfer.send\n", "", "reads nothing back"),
    "read back and never done": ("{id: send, do: transfer.send, into: sent}", "{id: send, say: done}", "no `do: transfer.send`"),
    "done without a yes": (
        "do: transfer.send, into: sent",
        'do: transfer.send, into: sent, with: {account: "accounts[0].id", payee: payee.id, amount_minor: amount}',
        "done without a yes",
    ),
    "not confirmed on one way": (
        "  - id: read_back\n",
        "  - {id: small, branch: [{when: amount < 100, go: send}]}\n  - id: read_back\n",
        "not confirmed on every way",
    ),
    "money resumes by itself": ("resume: ask", "resume: auto", "moves money"),
    "a failure that cannot be": ("{id: code, verify: 2}", "{id: code, verify: 2, on: {empty: say_none}}", "cannot fail as 'empty'"),
    "a code where nothing is refused": (
        "{id: amount, ask: amount}",
        "{id: amount, ask: amount, on: {insufficient_funds: say_none}}",
        "cannot fail as 'insufficient_funds'",
    ),
}  # fmt: skip


def test_a_sound_flow_has_no_problem(read: Read) -> None:
    assert lint_flow(read()) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(read: Read, fault: str) -> None:
    old, new, expected = FAULTS[fault]
    problems = lint_flow(read(old, new))
    assert any(expected in problem.what for problem in problems), [problem.render() for problem in problems]
    assert all(problem.line > 1 and problem.remedy for problem in problems)


@pytest.mark.parametrize(
    "guard",
    [
        "level >= 2",
        "level > 1",
        "level == 2",
        "not level < 2",
        "level >= 2 and amount",
        "not (level < 2 or amount)",
    ],
)
def test_a_branch_on_the_level_proves_it(read: Read, guard: str) -> None:
    files = read(
        "{id: code, verify: 2}",
        f'{{id: known, branch: [{{when: "{guard}", go: read_back}}]}}\n  - {{id: code, verify: 2}}',
    )
    assert lint_flow(files) == []


@pytest.mark.parametrize("guard", ["level >= 1", "level < 2", "amount or level >= 2", "level >= amount"])
def test_a_branch_on_something_else_proves_nothing(read: Read, guard: str) -> None:
    files = read(
        "{id: code, verify: 2}",
        f'{{id: known, branch: [{{when: "{guard}", go: read_back}}]}}\n  - {{id: code, verify: 2}}',
    )
    assert any("needs identity level 2" in problem.what for problem in lint_flow(files))


def test_what_is_left_after_a_branch_is_known_too(read: Read) -> None:
    files = read("{id: code, verify: 2}", "{id: low, branch: [{when: level < 2, go: say_none}]}")
    assert lint_flow(files) == []


def test_an_offer_names_a_flow_that_can_be_started(tmp_path: Path) -> None:
    write_flow(tmp_path, FLOW.replace("resume: ask", "resume: ask\noffer: loans"))
    write_flow(
        tmp_path,
        FLOW.replace("flow: pay", "flow: again").replace("resume: ask", "resume: ask\noffer: quiet"),
        ZH,
        EN,
        "again",
    )
    write_flow(
        tmp_path, FLOW.replace("flow: pay", "flow: quiet").replace("[make_transfer]", "[]"), ZH, EN, "quiet"
    )
    files, _ = read_flows(tmp_path)
    found = [problem.what for problem in lint_between({one.flow.flow: one for one in files})]
    assert found == [
        "'quiet' has no intent",
        "there is no flow 'loans'",
        "intent 'make_transfer' already starts 'again'",
    ]


def test_harbour_bank_has_no_problem() -> None:
    files, problems = read_flows(HARBOUR)
    problems += [problem for one in files for problem in lint_flow(one)]
    problems += lint_between({one.flow.flow: one for one in files})
    assert [problem.render() for problem in problems] == []
