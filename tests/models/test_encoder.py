"""The shipped sentence encoder, through the files that travel in the package."""

from __future__ import annotations

import hashlib
from itertools import permutations

import numpy as np
import pytest

from tellerline.models.adapters.encoder import load_encoder
from tellerline.models.adapters.encoder.runtime import FOLDER
from tellerline.models.contract import SentenceEncoder

PARAPHRASES = [
    ("我的信用卡丢了", "信用卡找不到了怎么办", "I lost my credit card"),
    ("查一下余额", "我卡里还有多少钱", "how much money is in my account"),
    ("定期提前取利息怎么算", "定期存款没到期能取吗", "can I withdraw my term deposit early"),
    ("转账一直没到账", "钱转出去了对方没收到", "the transfer has not arrived"),
]


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return load_encoder()


def test_the_files_are_those_of_the_checksums_and_small() -> None:
    for line in (FOLDER / "SHA256SUMS").read_text().splitlines():
        checksum, name = line.split()
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == checksum
    assert sum(path.stat().st_size for path in FOLDER.glob("*.onnx")) <= 30_000_000


def test_vectors_are_unit_float32_and_the_same_again(encoder: SentenceEncoder) -> None:
    texts = ["查余额", "check my balance", "我要 report 一笔 fraud"]
    vectors = encoder.encode(texts)
    assert vectors.dtype == np.float32
    assert vectors.shape == (3, encoder.dimension)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    again = load_encoder()
    np.testing.assert_array_equal(again.encode(texts), vectors)
    assert again.name == encoder.name


def test_company_does_not_change_a_vector() -> None:
    texts = ["ok", "我想把上个月那笔两万块的定期提前取出来，利息会损失多少", "", "card"]
    together = load_encoder().encode(texts)
    alone = np.concatenate([load_encoder().encode([text]) for text in texts])
    np.testing.assert_array_equal(together, alone)


@pytest.mark.parametrize(
    "text", ["", "   ", "😡😡😡", "\ud83d", "\x00", "ہیلو", "钱" * 50_000, "money " * 17_000, "x" * 100_000]
)
def test_any_text_has_a_vector(encoder: SentenceEncoder, text: str) -> None:
    (vector,) = encoder.encode([text])
    assert np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1, rel=1e-5)


def test_no_texts_give_no_vectors(encoder: SentenceEncoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_the_returned_vectors_are_the_callers_own(encoder: SentenceEncoder) -> None:
    first = encoder.encode(["查余额"])
    kept = first.copy()
    first[:] = 0
    np.testing.assert_array_equal(encoder.encode(["查余额"]), kept)


def test_the_end_of_a_long_story_counts(encoder: SentenceEncoder) -> None:
    story = "上周我去外地看孩子，路上遇到很多事情，天气也不好，" * 80
    card, loan, wanted = encoder.encode(
        [story + "帮我挂失信用卡", story + "我想提前还贷款", "帮我挂失信用卡"]
    )
    assert card @ wanted > loan @ wanted + 0.05


@pytest.mark.parametrize(("ours", "theirs"), list(permutations(range(len(PARAPHRASES)), 2)))
def test_a_paraphrase_in_either_language_is_nearer_than_another_wish(
    encoder: SentenceEncoder, ours: int, theirs: int
) -> None:
    mine, other = encoder.encode(PARAPHRASES[ours]), encoder.encode(PARAPHRASES[theirs])
    own = ((mine @ mine.T).sum(axis=1) - 1) / (len(mine) - 1)
    assert own.mean() > (mine @ other.T).mean() + 0.05


def test_traditional_characters_do_not_matter(encoder: SentenceEncoder) -> None:
    simplified, traditional = encoder.encode(["网银转账失败怎么办", "網銀轉賬失敗怎麼辦"])
    np.testing.assert_array_equal(simplified, traditional)


@pytest.mark.parametrize(
    ("clean", "typed", "other"),
    [
        ("我的信用卡丢了怎么办", "我滴信用咔丢了咋办", "我想申请一张信用卡"),
        ("查一下余额", "check一下balance", "查一下网点"),
        ("我要投诉你们客服", "窝要投素你们客服", "我要查账单"),
    ],
)
def test_a_badly_typed_message_stays_near_the_clean_one(
    encoder: SentenceEncoder, clean: str, typed: str, other: str
) -> None:
    wanted, spoilt, different = encoder.encode([clean, typed, other])
    assert wanted @ spoilt > wanted @ different


def test_case_and_full_width_do_not_matter(encoder: SentenceEncoder) -> None:
    plain, shouted, wide = encoder.encode(["i lost my card", "I LOST MY CARD", "ｉ ｌｏｓｔ ｍｙ ｃａｒｄ"])
    np.testing.assert_array_equal(plain, shouted)
    np.testing.assert_array_equal(plain, wide)
