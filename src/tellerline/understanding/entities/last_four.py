"""The last four digits of a card or an account: 尾号6688, "ending in 6688", 6688那张卡, and what redaction left."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tellerline.domain.reading import Entity
from tellerline.understanding.entities.numeral import Number
from tellerline.understanding.shadow import TOKEN

_BEFORE = re.compile(
    r"(?:尾号|尾数|末尾|结尾|[后末]四?位(?:数字?|号码?)?|最后四位(?:数字?)?|卡号?|账号|账户|户头|[*xX•]{2,12}"
    r"|ending(?:\s(?:in|with|on))?|ends?(?:\s(?:in|with))?|ended|last (?:four|4)(?: digits)?|final (?:four|4)(?: digits)?"
    r"|(?:card|account|acct|acc|a/c)(?:\s(?:number|no\.?))?)"
    r"(?:\s|:|是|为|的|is|are|of|#|-){0,3}$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\s?(?:的?那?一?张?的?(?:银行|信用|借记|储蓄|工资)?卡|的?那?一?张(?!\S)|那个?账户|的?账户|结尾|的?尾号"
    r"|\s(?:debit |credit |bank )?(?:card|account)(?![a-z])|\s(?:is|was) (?:lost|gone|stolen|missing))",
    re.IGNORECASE,
)
_OUT_OF = re.compile(r"(?:从|用|由|from|using|use|with)\s?(?:my\s)?$", re.IGNORECASE)
_MOVES_ON = re.compile(r"\s?(?:这|那|转|付|还|扣|到|里|to(?![a-z])|$)")

_UNITS = ("元", "块", "年", "%")
_DIGITS = 4
_LEFT_CHARS = 24


def find_last_four(text: str, numbers: list[Number]) -> Iterator[Entity]:
    """Yield last four digits that words or a redaction token make certain; a bare number is left to `bare`."""
    for token in TOKEN.finditer(text):
        tail = token["tail"] or ""
        if token["kind"] in ("card", "account") and len(tail) == _DIGITS:
            yield Entity("last_four", tail, token[0], token.start(), token.end())
    for number in numbers:
        if len(number.digits) == _DIGITS and text[number.end : number.end + 1] not in _UNITS:
            score = _certainty(text, number)
            if score:
                said = text[number.start : number.end]
                yield Entity("last_four", number.digits, said, number.start, number.end, score=score)


def _certainty(text: str, number: Number) -> float:
    """Return how surely the words around four digits make them the end of a card or account number; 0 not at all."""
    before = text[max(0, number.start - _LEFT_CHARS) : number.start]
    if _BEFORE.search(before) or _AFTER.match(text, number.end):
        return 1.0
    return 0.8 if _OUT_OF.search(before) and _MOVES_ON.match(text, number.end) else 0.0
