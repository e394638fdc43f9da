"""Kinds of product, by what customers call them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tellerline.domain.reading import Entity

# product | Chinese words | patterns of English ones, separated by semicolons
_NAMES = """
credit_card | 信用卡 贷记卡 | credit[ -]?cards?; visa cards?; mastercard; amex
debit_card | 借记卡 储蓄卡 工资卡 一类卡 二类卡 | debit[ -]?cards?; savings cards?; atm cards?
term_deposit | 定期存款 定期存单 定期 定存 大额存单 存单 整存整取
             | term deposits?; fixed deposits?; time deposits?; certificates? of deposit; fd
demand_deposit | 活期存款 活期账户 活期 储蓄账户
               | demand deposits?; current accounts?; savings? accounts?; checking accounts?; current deposit
passbook | 存折 折子 | pass ?books?; bank ?books?
mortgage | 住房贷款 住房按揭 房贷 按揭 公积金贷款 | mortgages?; home loans?; housing loans?
personal_loan | 个人贷款 消费贷款 消费贷 信用贷款 信用贷 个人信贷 车贷 经营贷
              | personal loans?; consumer loans?; car loans?; unsecured loans?
wealth_product | 理财产品 理财 结构性存款 净值型产品
               | wealth products?; wealth management products?; structured deposits?; wmp
fund | 基金定投 基金 货币基金 定投 | mutual funds?; money market funds?; funds?; index funds?
foreign_currency | 外币 外汇 购汇 结汇 | foreign currency; foreign exchange; forex; fx
insurance | 保险产品 保险 保单 | insurance polic(?:y|ies); insurance
"""
# A word that makes another thing of the name before it, or after it.
_NOT_INSURANCE = re.compile(r"存款保险|deposit insurance|保险箱|保险柜", re.IGNORECASE)


def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return a pattern for the Chinese names and one for the English; the group that matched is the product."""
    chinese, english = [], []
    for line in _NAMES.strip().replace("\n ", " ").splitlines():
        product, han, latin = (part.strip() for part in line.split("|", 2))
        chinese.append(f"(?P<{product}>{'|'.join(han.split())})")
        english.append(f"(?P<{product}>{'|'.join(word.strip() for word in latin.split(';'))})")
    return (
        re.compile("|".join(chinese)),
        re.compile(rf"(?<![a-z])(?:{'|'.join(english)})(?![a-z])", re.IGNORECASE),
    )


_PRODUCTS = _patterns()


def find_products(text: str) -> Iterator[Entity]:
    """Yield products by their id in the pack."""
    others = [match.span() for match in _NOT_INSURANCE.finditer(text)]
    for pattern in _PRODUCTS:
        for match in pattern.finditer(text):
            if not any(start <= match.start() < end for start, end in others):
                yield Entity("product", match.lastgroup or "", match[0], match.start(), match.end())
