"""Which of several things is meant: by its own words, by its bank's short name, by an amount in another currency."""

from __future__ import annotations

from tellerline.dialogue.choices import match_records, named_in
from tellerline.domain.data import Record


def payee(name: str, zh: str, en: str, last_four: str) -> Record:
    return {
        "id": last_four,
        "name": name,
        "bank": {"zh": zh, "en": en},
        "last_four": last_four,
        "label": {"zh": f"{name} {zh}（尾号{last_four}）", "en": f"{name}, {en} ending {last_four}"},
    }


PAYEES = [
    payee("王伟", "中国工商银行", "ICBC", "4417"),
    payee("王伟", "中国建设银行", "China Construction Bank", "9023"),
    payee("李静", "港湾银行", "Harbour Bank", "2210"),
]
FEES: list[Record] = [
    {"id": "1", "label": {"zh": "透支利息", "en": "Overdraft interest"}, "amount_minor": 1000},
    {"id": "2", "label": {"zh": "违约金", "en": "Late payment fee"}, "amount_minor": 2000},
    {
        "id": "3",
        "label": {"zh": "10月25日短信通知服务费", "en": "SMS notification fee (25 Oct)"},
        "amount_minor": 200,
    },
]
SPENT: list[Record] = [
    {
        "id": "a",
        "label": {"zh": "11月21日 ELECTROMART 3,438.45元"},
        "amount_minor": 343845,
        "currency": "CNY",
    },
    {"id": "b", "label": {"zh": "11月21日 ELECTROMART 7.08元"}, "amount_minor": 708, "currency": "CNY"},
    {"id": "c", "label": {"zh": "11月20日 铁路 502.60元"}, "amount_minor": 50260, "currency": "CNY"},
]


def ids(records: list[Record]) -> list[object]:
    return [record["id"] for record in records]


def test_a_bank_tells_two_of_one_name_apart() -> None:
    for text in ("建设银行那个", "建行的", "the CCB one", "China Construction"):
        assert ids(named_in(PAYEES, text)) == ["9023"]
    assert ids(match_records(PAYEES, {"text": "给建行的王伟转1000", "name": "王伟"})) == ["9023"]


def test_one_name_alone_stays_ambiguous() -> None:
    assert ids(match_records(PAYEES, {"text": "转1000给王伟", "name": "王伟"})) == ["4417", "9023"]


def test_a_thing_is_picked_out_of_a_story_by_its_own_words() -> None:
    assert ids(named_in(FEES, "凭啥扣我违约金,一条短信都没收到过")) == ["2"]
    assert ids(named_in(FEES, "why did you take a late fee off me")) == ["2"]
    assert named_in(FEES, "你们扣我钱了") == []


def test_an_amount_in_another_currency_narrows_and_never_decides_alone() -> None:
    clue: Record = {"text": "那笔486美元的", "money": 48600, "currency": "USD"}
    assert ids(match_records(SPENT, clue)) == ["a"]
