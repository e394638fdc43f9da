"""What a customer can have remembered of them, and hearing which of it they ask for.

The choices are all there is: a form of address made of the name the bank has on file, a language, a way to be told of news,
elder mode. What a customer says is only used to find the choice, and is not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pypinyin import lazy_pinyin

from tellerline.domain.data import Record
from tellerline.domain.remembered import Address, AddressForm, ElderMode, Preference, Reached, Speaks

_TITLES: dict[AddressForm, tuple[str, str, str]] = {
    # form: what follows the surname in Chinese, what precedes it in English, how customers say it
    "mr": ("先生", "Mr", r"先生|(?<![a-z])(?:mr|mister)(?![a-z])"),
    "ms": ("女士", "Ms", r"女士|小姐|(?<![a-z])(?:ms|mrs|miss)(?![a-z])"),
    "teacher": ("老师", "Teacher", r"老师|(?<![a-z])(?:teacher|professor)(?![a-z])"),
    "doctor": ("医生", "Dr", r"医生|大夫|博士|(?<![a-z])(?:dr|doctor)(?![a-z])"),
}
_FULL = re.compile(r"全名|名字全称|直呼其名|full name", re.IGNORECASE)
_GIVEN = re.compile(r"叫(?:我)?名字|不(?:要|用)?带姓|first name|given name", re.IGNORECASE)
_REACHED: dict[str, str] = {
    "sms": r"短信|(?<![a-z])(?:sms|text message|text me|by text|texts?)(?![a-z])",
    "phone": r"打电话|电话(?:通知|联系|告诉|找)|(?<![a-z])(?:phone me|call me on|by phone|phone call|ring me)(?![a-z])",
    "app": r"手机银行|(?<![a-z])app(?![a-z])|APP|推送",
    "branch": r"网点|柜台|(?<![a-z])branch(?![a-z])",
}
_ELDER = re.compile(
    r"长辈|老年|老人模式|大字|大号字|字体?大|elder|large (?:print|text|letters)|bigger (?:print|text|letters)",
    re.IGNORECASE,
)
_OFF = re.compile(
    r"关(?:闭|掉|了)?|取消|退出|不用|不要|turn off|switch off|stop|disable|no more", re.IGNORECASE
)
_CHINESE = re.compile(r"中文|普通话|汉语|chinese|mandarin", re.IGNORECASE)
_ENGLISH = re.compile(r"英文|英语|(?<![a-z])english", re.IGNORECASE)
_NOT = re.compile(
    r"(?:不是|别|不要|不|not|n't|instead of|rather than|no longer)\s*(?:再|叫我?|要|call me|a|by|in)?\s*$",
    re.IGNORECASE,
)
_OF_ANOTHER = re.compile(
    r"(?:我|俺|咱)?(?:妈|爸|母亲|父亲|爷爷|奶奶|外婆|外公|老公|老婆|丈夫|妻子|儿子|女儿|孩子|哥|姐|弟|妹|朋友|同事|邻居)"
    r"|(?<![a-z])(?:my|our) (?:mum|mom|mother|dad|father|wife|husband|son|daughter|brother|sister|friend|partner|boss)"
    r"(?![a-z])"
    r"|(?<![a-z])(?:his|her|their) ",
    re.IGNORECASE,
)


def wishes(text: str, profile: Record) -> list[Preference]:
    """Return what the customer asks to have remembered: one when it is plain, all there is to choose from when it is not.

    profile: the bank's record of the customer. What is said of somebody else is nobody's wish: [].
    """
    if _OF_ANOTHER.search(text):
        return []
    asked = list(dict.fromkeys(_asked(text, profile)))
    return asked if len(asked) == 1 else _all(profile)


def _asked(text: str, profile: Record) -> Iterator[Preference]:
    for form, (_, _, said) in _TITLES.items():
        if _says(said, text):
            yield address(form, profile)
    if _FULL.search(text):
        yield address("full", profile)
    elif _GIVEN.search(text) or _names_given(text, profile):
        yield address("given", profile)
    for way, said in _REACHED.items():
        if _says(said, text):
            yield Reached(way)  # type: ignore[arg-type]  # the keys are the ways
    if _ELDER.search(text):
        yield ElderMode(on=_OFF.search(text) is None)
    if _CHINESE.search(text):
        yield Speaks("zh")
    elif _ENGLISH.search(text):
        yield Speaks("en")


def _says(pattern: str, text: str) -> bool:
    """Whether it is said, and not only to say that it is not meant ("not Mr, Ms")."""
    found = re.finditer(pattern, text, re.IGNORECASE)
    return any(_NOT.search(text[: match.start()]) is None for match in found)


def _names_given(text: str, profile: Record) -> bool:
    given = address("given", profile)
    said = re.search(r"(?:叫我|称呼我|喊我|call me|address me as)\s*(\w+)", text, re.IGNORECASE)
    return said is not None and said[1].lower() in (given.zh.lower(), given.en.lower())


def address(form: AddressForm, profile: Record) -> Address:
    """Return a form of address, made of the name on file: 王老师 / Teacher Wang."""
    name, surname = str(profile.get("name", "")), profile.get("surname")
    zh, en = (str(surname["zh"]), str(surname["en"])) if isinstance(surname, dict) else (name, name)
    title = _TITLES.get(form)
    if title is not None:
        return Address(form, f"{zh}{title[0]}", f"{title[1]} {en}")
    if form == "full":
        return Address("full", name, name if name.isascii() else f"{_latin(name.removeprefix(zh))} {en}")
    if name.isascii():
        first = name.split(" ", maxsplit=1)[0]
        return Address("given", first, first)
    return Address("given", name.removeprefix(zh), _latin(name.removeprefix(zh)))


def _latin(han: str) -> str:
    return "".join(lazy_pinyin(han)).capitalize()


def _all(profile: Record) -> list[Preference]:
    forms: list[AddressForm] = ["ms", "mr", "teacher", "doctor", "given", "full"]
    ways = [Reached("app"), Reached("sms"), Reached("phone"), Reached("branch")]
    return [*(address(form, profile) for form in forms), *ways, ElderMode(), Speaks("zh"), Speaks("en")]
