"""Hearing that a customer speaks for somebody else: what belongs to another is neither shown nor moved (A1, A5)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tellerline.domain.reading import Entity

_KIN = (
    r"(?:爸爸?|妈妈?|父亲|母亲|父母|爹|娘|爷爷|奶奶|外公|外婆|姥姥|姥爷|老公|丈夫|老婆|妻子|媳妇|爱人|老伴|对象|男朋友|女朋友|男友|女友"
    r"|儿子|女儿|闺女|孩子|哥哥?|姐姐?|弟弟?|妹妹?|叔叔?|婶婶?|姑姑?|舅舅?|姨妈?|岳父|岳母|公公|婆婆|朋友|同事|亲戚|家人|家里老人|邻居"
    r"|室友|老板|领导)"
)
_THINGS = (
    r"(?:卡|账户|账号|户头|存款|存折|存单|余额|手机银行|密码|账单|贷款|定期|理财|征信|额度|流水|钱包|包)"
)
_GAP = r"[^,，。!！?？;；我你给转时推说让叫]"
_TOWARDS = r"(?<![给到往向])(?<!转入)(?<!打进)"  # who only receives money is no owner spoken for
_CHINESE = re.compile(
    rf"{_TOWARDS}(?:我家?|俺家?|咱家?|家里){_KIN}(?:叫)?{_GAP}{{0,3}}?(?:的|名下|那[张个笔]?|有[张个]|她|他)?"
    rf"{_GAP}{{0,4}}{_THINGS}"
    rf"|(?:替|帮|代|代替)(?:我家?|俺|咱)?(?:{_KIN}|别人|人家|她|他)[^,，。!！?？转还汇付充]{{0,6}}"
    r"(?:查|看|问|办|取|挂|改|开|销|申请|冻|操作|弄)"
    rf"|给(?:我家?|俺|咱)?{_KIN}[^,，。!！?？]{{0,4}}(?:查|挂失|办|开户|销户|改密码|冻结)"
)
_KIN_EN = (
    r"(?:mum|mom|mother|dad|father|parents?|husband|wife|partner|spouse|son|daughter|kid|child|brother|sister"
    r"|gran(?:dma|dmother|ny)?|nan|grandpa|grandad|grandfather|uncle|aunt|auntie|cousin|friend|mate|boyfriend|girlfriend"
    r"|fianc[eé]e?|boss|colleague|flatmate|neighbour|neighbor|(?:mother|father|brother|sister)-in-law)"
)
_THINGS_EN = (
    r"(?:accounts?|cards?|balance|statements?|loan|mortgage|savings|deposit|password|pin|bill|money|wallet"
    r"|purse|passbook|app)"
)
_OWN = rf"(?:\w+\s+){{0,2}}{_THINGS_EN}\b"
_MY_KIN = rf"\b(?:my|our)\s+(?:\w+\s+)?{_KIN_EN}"
_ENGLISH = re.compile(
    rf"(?<!to )(?<!into )(?<!onto )(?<!pay )(?<!in ){_MY_KIN}(?:'s|s'|’s)\s+{_OWN}"
    rf"|(?<!to )(?<!paid )(?<!sent )(?<!for ){_MY_KIN}\b.{{0,90}}"
    rf"(?<!to )(?<!into )(?<!onto )\b(?:his|her|their)\s+{_OWN}"
    r"|\bon behalf of\b|\b(?:calling|asking|checking|acting|writing)\s+for\s+(?:my|a|an)\b"
    rf"|\b(?:look up|check|see|tell me)\b.{{0,40}}{_MY_KIN}(?:'s|s'|’s)\b",
    re.IGNORECASE,
)
_OWNED = re.compile(
    rf"\s*(?:的|名下)[^,，。!！?？我]{{0,4}}{_THINGS}|(?:'s|’s)\s+{_OWN}",
    re.IGNORECASE,
)
_BEFORE_PAYEE = re.compile(
    r"(?:给|到|往|向|进|我是|我叫|本人|转|汇|打|\b(?:to|into|pay|i am|i'm|i’m|name is)\s)\s*$",
    re.IGNORECASE,
)


def speaks_for_another(text: str, entities: Iterable[Entity] = ()) -> bool:
    """Tell whether a message asks about, or for, what belongs to somebody else.

    A person who is only to receive money does not count ("给我妈转500", "pay my wife").
    """
    if _CHINESE.search(text) or _ENGLISH.search(text):
        return True
    return any(_is_owner(text, entity) for entity in entities if entity.type == "name")


def _is_owner(text: str, person: Entity) -> bool:
    owns = _OWNED.match(text, person.end) is not None
    return owns and not _BEFORE_PAYEE.search(text[: person.start])
