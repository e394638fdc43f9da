"""What sentences do is read of sentences that were never shown, in both languages, the same every time."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tellerline.app import shared_encoder
from tellerline.quality.acts import ActReader, fit_acts, load_examples

UNSEEN = {
    "已经替您把那张卡锁住了": "done",
    "丢了手机又联系不上家人，您一定慌了": "acknowledge",
    "请问您的账户是哪家支行开的": "ask",
    "请您在网点柜台填写这张表格": "instruct",
    "这个要求我们满足不了": "refuse",
    "这是骗子常用的手法，请不要汇款": "warn",
    "是因为您的证件过期了": "cause",
    "请问还有别的需要帮忙吗": "more",
    "I have now cancelled that payment for you.": "done",
    "Being stranded abroad without a card must be frightening.": "acknowledge",
    "Which branch did you open the account at?": "ask",
    "Please fill in the form at the counter.": "instruct",
    "I'm afraid we are unable to do that.": "refuse",
    "This is a trick of fraudsters, please do not transfer anything.": "warn",
    "That's because your document has expired.": "cause",
    "Anything else I can do for you today?": "more",
}


@pytest.fixture(scope="module")
def reader() -> ActReader:
    encoder = shared_encoder()
    return ActReader(fit_acts(encoder), encoder)


def main(acts: Mapping[str, float]) -> str:
    return max(acts, key=lambda act: acts[act], default="")


def test_unseen_sentences_are_read(reader: ActReader) -> None:
    assert not set(UNSEEN) & set(load_examples())
    found = {text: main(acts) for text, acts in zip(UNSEEN, reader.read(list(UNSEEN)), strict=True)}
    wrong = {text: act for text, act in found.items() if act != UNSEEN[text]}
    assert len(wrong) <= 2, wrong


def test_a_sentence_is_read_alike_alone_and_among_others(reader: ActReader) -> None:
    together = reader.read(list(UNSEEN))
    assert [reader.read([text])[0] for text in UNSEEN] == together
    assert reader.read([]) == []
