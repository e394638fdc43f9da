"""A small flow without fault, and how to write it to disk with one thing changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tellerline.flows.load import FlowFiles, read_flows

FLOW = """
flow: pay
title: {zh: 付款, en: Payment}
intents: [make_transfer]
resume: ask
slots:
  payee: {type: payee, ask: ask_payee, explain: explain_payee, why: why_payee, choices: payees}
  amount:
    type: money
    ask: ask_amount
    explain: explain_amount
    why: why_amount
    check:
      - {bad: amount <= 0, say: amount_too_low}
steps:
  - {id: identify, verify: 1}
  - {id: payees, lookup: payees.list, into: payees}
  - {id: accounts, lookup: accounts.list, into: accounts}
  - {id: payee, ask: payee, on: {empty: say_none}}
  - {id: amount, ask: amount}
  - {id: code, verify: 2}
  - id: read_back
    confirm: read_back
    prepare: transfer.send
    with: {account: "accounts[0].id", payee: payee.id, amount_minor: amount}
  - {id: send, do: transfer.send, into: sent}
  - {id: say_done, say: done}
  - {id: finish, end: completed}
  - {id: say_none, say: none_saved}
"""

ZH = """
ask_payee: 转给谁？
explain_payee: 请选一位收款人。
why_payee: 由您决定转给谁。
name_payee: 收款人
ask_amount: 转多少？
explain_amount: 比如500元。
why_amount: 金额由您决定。
name_amount: 金额
amount_too_low: 金额要大于零。
read_back: 转{{ terms.amount_minor | money }}给{{ terms.payee_name }}，确认吗？
done: 已转出，流水号{{ sent.reference }}。
none_saved: 您还没有存过收款人。
"""

EN = """
ask_payee: Who to?
explain_payee: Please choose a payee.
why_payee: It is for you to say.
name_payee: Payee
ask_amount: How much?
explain_amount: For instance 500 yuan.
why_amount: The amount is yours to decide.
name_amount: Amount
amount_too_low: The amount has to be more than zero.
read_back: Send {{ terms.amount_minor | money }} to {{ terms.payee_name }}?
done: "Sent: the reference is {{ sent.reference }}."
none_saved: You have no saved payees.
"""

Read = Callable[..., FlowFiles]


def write_flow(folder: Path, flow: str = FLOW, zh: str = ZH, en: str = EN, name: str = "pay") -> Path:
    """Write a pack that holds one flow; return its folder."""
    path = folder / "flows" / name
    path.mkdir(parents=True, exist_ok=True)
    (path / "flow.yaml").write_text(flow, encoding="utf-8")
    (path / "copy.zh.yaml").write_text(zh, encoding="utf-8")
    (path / "copy.en.yaml").write_text(en, encoding="utf-8")
    return folder


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read the flow, with `old` replaced by `new` in the file named: flow, zh, en or both (languages)."""

    def read_changed(old: str = "", new: str = "", file: str = "flow") -> FlowFiles:
        def changed(text: str, *names: str) -> str:
            if file not in names or not old:
                return text
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
            return text.replace(old, new)

        write_flow(tmp_path, changed(FLOW, "flow"), changed(ZH, "zh"), changed(EN, "en"))
        files, problems = read_flows(tmp_path)
        assert problems == []
        return files[0]

    return read_changed
