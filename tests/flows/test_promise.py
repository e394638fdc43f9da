"""Claims in words: each is recognised in both languages, and true only after what makes it so."""

from __future__ import annotations

import pytest

from tellerline.bank.catalogue import COUNTER_OPERATIONS, OPERATIONS
from tellerline.domain.language import Language
from tellerline.flows.promise import CLAIMS, broken_promises, gates

SAID: list[tuple[str, Language, str]] = [
    ("尾号1234的卡已冻结。", "zh", "did:card.freeze"),
    ("卡已为您挂失。", "zh", "did:card.freeze_reported"),
    ("冻结成功。", "zh", "did:card.freeze"),
    ("The card is now frozen.", "en", "did:card.freeze"),
    ("Your card has been blocked.", "en", "did:card.freeze"),
    ("I've frozen the card.", "en", "did:card.freeze_reported"),
    ("已转出500元。", "zh", "did:transfer.send"),
    ("转账成功。", "zh", "did:transfer.send"),
    ("Sent: CNY 500.00 to Li.", "en", "did:transfer.send"),
    ("The money has been sent.", "en", "did:transfer.send"),
    ("撤回成功。", "zh", "did:transfer.cancel"),
    ("Taken back: CNY 500.00.", "en", "did:transfer.cancel"),
    ("还款成功。", "zh", "did:card.repay"),
    ("Paid: CNY 10.00.", "en", "did:card.repay"),
    ("支取成功。", "zh", "did:deposit.withdraw"),
    ("It was paid into your account.", "en", "did:deposit.withdraw"),
    ("调好了。", "zh", "did:limit.lower"),
    ("Your daily limit is now CNY 5.", "en", "did:limit.raise"),
    ("分期办好了。", "zh", "did:instalment.open"),
    ("Your plan is set up.", "en", "did:instalment.open"),
    ("新卡已申请。", "zh", "did:card.replace"),
    ("Your new card is ordered.", "en", "did:card.replace"),
    ("已登记，编号1。", "zh", "case"),
    ("已登记，编号1。", "zh", "did:dispute.open"),
    ("查询已发出。", "zh", "did:transfer.trace"),
    ("Registered: your number is 1.", "en", "did:fee.review"),
    ("付款停住了，卡已全部冻结。", "zh", "did:payments.stop"),
    ("卡已激活。", "zh", "did:card.activate"),
    ("The card has been activated.", "en", "did:card.activate"),
    ("信用卡已注销。", "zh", "did:card.cancel"),
    ("The card has been cancelled.", "en", "did:card.cancel"),
    ("赎回成功。", "zh", "did:holding.redeem"),
    ("变更好了。", "zh", "did:phone.change"),
    ("That is reset.", "en", "did:password.reset"),
    ("证明开好了。", "zh", "did:document.issue"),
    ("存单已停止支付。", "zh", "did:passbook.report_loss"),
    ("That device is signed out.", "en", "did:device.revoke"),
    ("约好了，编号1。", "zh", "did:cash.book"),
    ("Booked. The number is 1.", "en", "did:cash.book"),
]


@pytest.mark.parametrize(("text", "language", "certain"), SAID)
def test_a_claim_is_true_after_its_step_only(text: str, language: Language, certain: str) -> None:
    assert list(broken_promises(text, language, frozenset()))
    assert list(broken_promises(text, language, frozenset({certain}))) == []
    assert list(broken_promises(text, language, frozenset({"did:nothing.of_the_kind"})))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("卡还没有冻结。", "zh"),
        ("这笔钱没有转出。", "zh"),
        ("您选好，我就办冻结。", "zh"),
        ("如果已经登记，不用重复。", "zh"),
        ("The card is not frozen yet.", "en"),
        ("Nothing has been sent yet.", "en"),
        ("Once it has been sent, you will hear.", "en"),
        ("Shall I freeze the card?", "en"),
    ],
)
def test_questions_conditions_and_denials_are_no_claims(text: str, language: Language) -> None:
    assert list(broken_promises(text, language, frozenset())) == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("马上到账。", "zh"), ("肯定能批。", "zh"), ("一定退给您。", "zh"), ("保证追回。", "zh"), ("包您满意。", "zh"),
        ("It arrives at once.", "en"), ("It will definitely be refunded.", "en"), ("We will surely refund it.", "en"),
    ],
)  # fmt: skip
def test_some_promises_nothing_can_keep(text: str, language: Language) -> None:
    assert list(broken_promises(text, language, frozenset({"case", *(f"did:{name}" for name in OPERATIONS)})))


def test_a_field_of_a_result_stands_for_its_step() -> None:
    results = {"frozen": "did:card.freeze", "case": "case"}
    assert gates(frozenset({"frozen", "card"}), results) == {"did:card.freeze"}


def test_every_action_of_the_bank_has_its_claim() -> None:
    claimed = frozenset().union(*(claim.actions for claim in CLAIMS))
    every = OPERATIONS | COUNTER_OPERATIONS
    assert claimed == {operation.name for operation in every.values() if operation.kind == "action"}
