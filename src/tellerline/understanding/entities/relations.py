"""People named by what they are to the customer: 我妈, 房东, "my landlord". Which payee that is, only the customer knows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tellerline.domain.reading import Entity

_HAN = re.compile(
    r"(?:我的?|咱)?(?:妈妈|爸爸|老妈|老爸|爸妈|父母|母亲|父亲|奶奶|爷爷|外婆|外公|姥姥|姥爷|老婆|老公|妻子|丈夫|媳妇|爱人|老伴|儿子|女儿"
    r"|闺女|孩子|哥哥|弟弟|姐姐|妹妹|房东|老板|室友|同事|朋友|男朋友|女朋友|舅舅|叔叔|阿姨|姑姑|婆婆|公公|岳父|岳母|丈母娘)"
    r"|我(?:妈|爸|哥|弟|姐|妹|儿|爷|奶)(?![一-鿿]?(?:的生日|生日))"
)
_LATIN = re.compile(
    r"(?<![a-z])(?:my\s(?:own\s)?)?(?:mum|mom|mother|dad|father|parents|wife|husband|son|daughter|brother|sister|landlord|landlady|boss"
    r"|flatmate|roommate|friend|girlfriend|boyfriend|partner|grandma|grandpa|grandmother|grandfather|aunt|uncle|mother-in-law"
    r"|father-in-law)(?![a-z'’])",
    re.IGNORECASE,
)
_PAID_HAN = re.compile(r"(?:给|向|跟|到|付|还|转|汇|打)\s?$")
_PAID_LATIN = re.compile(r"(?<![a-z])(?:to|pay|send|give|transfer|wire|owe|lend|for)\s$", re.IGNORECASE)
_LEFT_CHARS = 10


def find_relations(text: str) -> Iterator[Entity]:
    """Yield the words, as typed, where a payee is named: after 给, "to", "pay"…"""
    for pattern, paid in ((_HAN, _PAID_HAN), (_LATIN, _PAID_LATIN)):
        for match in pattern.finditer(text):
            if paid.search(text, max(0, match.start() - _LEFT_CHARS), match.start()):
                yield Entity("relation", match[0], match[0], *match.span(), score=0.8)
