"""One way of writing for everything that follows: NFKC, simplified characters, single spaces, no invisible characters."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import msgspec
import opencc

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]"
)
_LINES = re.compile(r"[ \t]*(?:[\n\v\f\r\x85\u2028\u2029][ \t\n\v\f\r\x85\u2028\u2029]*)")
_BLANKS = re.compile(r"[^\S\n]+")
_REPEATED = re.compile(r"([^\d\s])\1{3,}")
# Characters typed one by one, 转 五 百 给 王 伟: three or more single ones in a row are written without the spaces.
_SPACED_OUT = re.compile(r"(?<!\S)\S(?: \S){2,}(?!\S)")
_HAN = re.compile(r"[\u3400-\u9fff]")

# OpenCC's t2s maps characters only, and its tw2sp also rewrites words that need no rewriting (查詢 → 查找): so the words
# of Taiwan and Hong Kong that a bank meets are given here. 帐 is a common misspelling of 账.
_WORDS = {
    "软体": "软件", "登入": "登录", "登出": "退出登录", "资讯": "信息", "简讯": "短信", "提款机": "取款机",
    "柜员机": "取款机", "行动电话": "手机", "网路": "网络", "提款卡": "借记卡", "过数": "转账",
    "户口": "账户", "月结单": "账单", "帐号": "账号", "帐户": "账户", "帐单": "账单", "帐目": "账目", "转帐": "转账",
    "到帐": "到账", "入帐": "入账", "对帐": "对账", "帐": "账",
}  # fmt: skip
_WORD = re.compile("|".join(sorted(_WORDS, key=len, reverse=True)))


class Normal(msgspec.Struct, frozen=True):
    """A normalised text, and whether it was written in traditional characters."""

    text: str
    traditional: bool = False


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def normalise(text: str) -> Normal:
    """Return `text` in the one way of writing. Redaction tokens and line breaks survive; a line break is one newline.

    Runs of more than three equal characters other than digits are cut to three: "!!!!!!" still shouts, at bounded cost.
    """
    plain = _SURROGATE.sub("\ufffd", text)
    plain = unicodedata.normalize("NFKC", plain)
    plain = _LINES.sub("\n", _INVISIBLE.sub("", plain))
    plain = _REPEATED.sub(r"\1\1\1", _BLANKS.sub(" ", plain)).strip()
    if not _HAN.search(plain):
        return Normal(plain)
    plain = _SPACED_OUT.sub(_joined, plain)
    simplified = _converter().convert(plain)
    return Normal(_WORD.sub(lambda word: _WORDS[word[0]], simplified), traditional=simplified != plain)


def _joined(run: re.Match[str]) -> str:
    """Return a run of single characters without spaces; figures alone (1 2 3) may be a list and stay."""
    return run[0].replace(" ", "") if _HAN.search(run[0]) else run[0]
