"""Numbers of transfers, transactions and cases, as typed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tellerline.domain.reading import Entity

_LABELLED = re.compile(
    r"(?:流水号?|交易号|参考号|凭证号?|订单号?|业务编?号|工单号?|案件?号|案件编号|投诉编?号|编号|单号|回执号?|受理号|合同号"
    r"|(?<![a-z])(?:reference|ref|case|ticket|receipt|order|transaction|transfer|trace|complaint|confirmation)"
    r"(?:\s(?:number|no|id|code))?)\.?"
    r"(?:\s|:|是|为|is|#|-){0,4}(?P<value>(?=[a-z\-]{0,12}[0-9])[a-z0-9](?:[a-z0-9\-]{2,30}[a-z0-9]))(?![a-z0-9])",
    re.IGNORECASE,
)
_LETTERED = re.compile(
    r"(?<![A-Za-z0-9])(?P<value>(?:[A-Z]{2,4}-?[0-9]{4,20}|[a-z]{2}-?[0-9]{8,20})(?:-[0-9]{2,8}){0,2})(?![A-Za-z0-9])"
)
_CURRENCY = re.compile(r"(?:RMB|CNY|USD|HKD|EUR|GBP|JPY)", re.IGNORECASE)
_DIGITS_MIN = 4  # "ticket A108" is a place in a queue
_NUMBERED = re.compile(r"号|number|no[ .]|(?<![a-z])id(?![a-z])|code", re.IGNORECASE)
_UNIT = re.compile(r"\s?(?:元|块|年|月|号|日|笔|yuan|rmb|dollars?)")


def find_references(text: str) -> Iterator[Entity]:
    """Yield references: after a word that announces one, or by their form (letters, then figures)."""
    end = 0
    for pattern in (_LABELLED, _LETTERED):
        for match in pattern.finditer(text):
            value = match["value"]
            if match.start("value") < end or _CURRENCY.match(value) or _UNIT.match(text, match.end()):
                continue
            if sum(map(str.isdigit, value)) < _DIGITS_MIN:
                continue
            if value.isdigit() and len(value) < (4 if _NUMBERED.search(match[0]) else 6):
                continue
            end = match.end("value")
            yield Entity("reference", value, value, match.start("value"), end)
