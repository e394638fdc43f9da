"""Names of people: the payees a customer has, however spelled, and names said where a person is named.

给王伟转, "send to Wang Wei".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import rjieba
from rapidfuzz import fuzz, process

from tellerline.domain.reading import Entity
from tellerline.understanding.entities.claims import Claims
from tellerline.understanding.sound import blurred, readings, sound_of

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁郑谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金"
    "石戴贾韦夏邱方侯邹熊孟秦白江阎闫薛尹段雷龙黎史陶贺毛郝顾龚邵万覃武钱严莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟申"
    "欧殷詹关焦左柳祁耿滕甘华包阮裴柯单辛管霍植岑"
)
_COMPOUND = "欧阳|上官|司马|诸葛|司徒|东方|夏侯|皇甫|尉迟|公孙|慕容|令狐|长孙|宇文"
_TITLES = "总|姐|哥|老师|师傅|阿姨|叔叔|先生|女士|小姐|太太"
_HAN_NAME = (
    rf"(?:(?:{_COMPOUND})[\u4e00-\u9fff]{{1,2}}|[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}|[小老阿][\u4e00-\u9fff]"
    rf"|[{_SURNAMES}](?:{_TITLES}))"
)
_TO_HAN = re.compile(
    r"(?:转账给|转给|汇给|打给|付给|还给|寄给|借给|付款给|汇款给|给(?:那个|叫)?|向|跟|收款人(?:是|写)?|收款方是?|户名是?|名字是?|叫做?|转到|汇到|打到|是给"
    r"|换成|改成|改给|不是)\s?"
    rf"(?P<name>{_HAN_NAME})"
)
_FROM_HAN = re.compile(
    rf"(?:(?<![\u4e00-\u9fff])|(?<=[从用给到向跟找是转]))(?P<name>{_HAN_NAME})(?:的(?:账户|账号|卡|那个)|那里|那边|收款|转\d|转[一二三四五六七八九两])"
)
_AND_HAN = re.compile(rf"(?:给|向)\s?{_HAN_NAME}(?:和|、|与|跟)(?P<name>{_HAN_NAME})")
# Characters after which a name has ended although a name could hold them.
_ENDS = frozenset("转汇打付存取发过还的了吧呢那这个钱账款借查送把吗要元块在和跟给来去就都也不好各共先再")
_NUMERALS = frozenset("一二三四五六七八九十百千万两半")
_NO_NAMES = """
老婆 老公 老妈 老爸 老板 老家 老师 老人 老伴 老弟 老姐 老妹 小孩 小妹 小弟 小姨 小叔 小姑 小区 小号 小时 小额 小卡
阿姨 阿妈 阿爸 阿公 阿婆 高级 方便 安全 金额 余额 周末 周五 马上 任何 应该 全部 何时 程序 成功 平台 申请 明天 时间
万元 方式 方案 于是 文件 石油 白金 黄金 包括 关于 单位 管理 向上 施工 易方达 华为 江苏 江西 安徽 万科 金卡 白卡
谢谢 孙子 白痴 周一 周二 周三 周四 周六 周日 周天 高端 申卡 钱扣 周年 周期 马路 白天 金融 金色 石头 温馨 雷同 龙头
钱包 文本 单笔 任意 关闭 申报 章程 左右 向他 康复 顾客 严重 史上
"""
_OTHER_WORDS = frozenset(_NO_NAMES.split())
_TO_LATIN = re.compile(
    r"(?:(?:transfer(?:red)?|sen[dt]|pay|paid|wired?|remit|give|gave|owed?|move)(?:\s[^\s,.!?]{1,12}){0,6}?(?:\sto)?"
    r"|payee is|name is|called|not|payee|it's)\s(?P<name>[A-Z][a-z]+(?:[\s\-](?:[A-Z]'|Mc)?[A-Z][a-z]+){0,2})(?![a-z])"
)
# "to liu yang": a surname in pinyin and a given name, in small letters, where a payee is named and then the name has ended.
_PINYIN_SURNAMES = (
    "wang|zhang|liu|chen|yang|zhao|huang|zhou|wu|xu|sun|zhu|guo|lin|gao|luo|zheng|liang|xie|feng|deng|zeng|peng|cai|xiao|jiang"
    "|dong|yuan|cheng|shen|lu|tang|li|ma|hu|fu|ye|du|su|wei|ding|ren|jia|xia|qin|meng|bai|jin|qian|tan"
)
_TO_PINYIN = re.compile(
    rf"(?<![a-z])(?:to|pay|paid|sen[dt]|give|transfer|payee is)\s(?P<name>(?:{_PINYIN_SURNAMES})\s"
    r"(?!(?:up|to|in|on|at|me|the|him|her|it|us|them|out|off|of|as|is)(?![a-z]))[a-z]{2,8})"
    r"(?=$|[,.!?]|\s(?:[0-9]|please|pls|now|today|tomorrow|from|and|¥|\$|the|right))"
)
_LATIN_STOP = re.compile(
    r"(?:My|The|A|An|This|That|Your|Our|His|Her|Their|Me|Him|Them|It|I|You|We|Mum|Mom|Dad|Mother|Father|Wife|Husband|Son|Daughter"
    r"|Landlord|English|Chinese|Mandarin|Bank|Harbour|China|Beijing|Shanghai|Shenzhen|Guangzhou|Hong|Spain|America|London|Monday"
    r"|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|May|June|July|August|September|October"
    r"|November|December|Christmas|Please|Help|Credit|Debit|Card|Account|Savings|Current|Alipay|Wechat|Paypal|Apple|Yes|No|Talk"
    r"|Speak|Germany|Japan|India|France|Italy|Spain|Canada|Australia|Singapore|Malaysia|Vietnam|Thailand|Korea|Russia|Europe"
    r"|UK|US|USA|Kenya|Someone|Somebody|Human|Person|Agent|How|What|When|Why|Where|Which|Who|Transfer|Send|Pay|Visa|Swift|App)(?![a-z])"
)
_HAN_ALONE = re.compile(
    rf"(?:是|就是|给|转给|叫|我叫|我是|嗯|对)?\s?(?P<name>{_HAN_NAME})(?:吧|啊|呀|的|谢谢)?[。.!,]?"
)
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_LATIN_WORD = re.compile(r"[A-Za-z'\-]+")
_LATIN_WORDS = re.compile(r"[A-Za-z][A-Za-z'\-]*(?:\s[A-Za-z][A-Za-z'\-]*){0,3}")
_FUZZY_MIN = 87.0
_FUZZY_LETTERS_MIN = 6
_LETTERS_MIN = 4
_SCAN_CHARS_MAX = 300
_FULL_HAN_NAME = 3
_BANK = "行"  # 王伟建行卡: what stands before it is the bank's, not the name's
_GOES_ON = frozenset("行卡费单款额")
_SCORE_KNOWN, _SCORE_SOUND, _SCORE_GIVEN, _SCORE_SAID, _SCORE_ALONE = 1.0, 0.9, 0.85, 0.7, 0.6


def find_names(text: str, known: tuple[str, ...] = ()) -> Iterator[Entity]:
    """Yield names as typed. What is, sounds or nearly reads like one of `known` is surer than a name only said."""
    claims = Claims(len(text))
    for entity in [*_known(text, known), *_sounding(text, known), *_alone(text), *_said(text)]:
        if claims.take(entity.start, entity.end):
            yield entity


def _entity(text: str, start: int, end: int, score: float) -> Entity:
    return Entity("name", text[start:end], text[start:end], start, end, score=score)


def _known(text: str, known: tuple[str, ...]) -> Iterator[Entity]:
    """Yield known names that stand in the text letter by letter."""
    lowered = text.lower()
    for name in sorted(known, key=len, reverse=True):
        start = lowered.find(name.lower())
        end = start + len(name)
        if start >= 0 and (
            not name.isascii() or not (lowered[start - 1 : start] + lowered[end : end + 1]).strip(" ,.!?'")
        ):
            yield _entity(text, start, end, _SCORE_KNOWN)


def _sounding(text: str, known: tuple[str, ...]) -> Iterator[Entity]:
    """Yield what sounds like a known name (汪伟 for 王伟, "wang wei"), or is nearly spelled like one."""
    if not known or len(text) > _SCAN_CHARS_MAX:
        return
    sounds = [sound_of(name) for name in known]
    han = {_blurred_sound(name) for name in known}
    # A given name alone (晓梅 for 李晓梅) is as good where a payee is named.
    given = {_blurred_sound(name[1:]) for name in known if len(name) == _FULL_HAN_NAME and not name.isascii()}
    firsts = {sound[0] for sound in han | given}
    for start, end in _han_candidates(text):
        if blurred(readings(text[start])[0]) not in firsts:
            continue
        said = _blurred_sound(text[start:end])
        if said in han:
            yield _entity(text, start, end, _SCORE_SOUND)
        elif said in given and not {text[start:end]} & _OTHER_WORDS and text[end : end + 1] not in _GOES_ON:
            yield _entity(text, start, end, _SCORE_GIVEN)
    for match in _LATIN_WORDS.finditer(text):
        yield from _latin_sounding(text, match, sounds)


def _blurred_sound(name: str) -> tuple[str, ...]:
    return tuple(blurred(readings(char)[0]) for char in name)


def _latin_sounding(text: str, match: re.Match[str], sounds: list[str]) -> Iterator[Entity]:
    """Yield the run of one to three words that sounds or reads most like a known name, in either order of the words."""
    words = [
        (match.start() + word.start(), match.start() + word.end()) for word in _LATIN_WORD.finditer(match[0])
    ]
    best: tuple[float, int, int] | None = None
    for first in range(len(words)):
        for last in range(first, min(first + 3, len(words))):
            said = [text[start:end].lower() for start, end in words[first : last + 1]]
            likeness = max(_likeness("".join(said), sounds), _likeness("".join([*said[1:], said[0]]), sounds))
            if likeness and (best is None or likeness > best[0]):
                best = (likeness, words[first][0], words[last][1])
    if best is not None:
        yield _entity(text, best[1], best[2], _SCORE_SOUND)


def _likeness(said: str, sounds: list[str]) -> float:
    """Return 0–100: how nearly the letters agree with the likest name; short names must agree in every letter."""
    if len(said) < _LETTERS_MIN:
        return 0.0
    if said in sounds:
        return 100.0
    found = process.extractOne(said, sounds, scorer=fuzz.ratio, score_cutoff=_FUZZY_MIN)
    return found[1] if found is not None and len(found[0]) >= _FUZZY_LETTERS_MIN else 0.0


def _han_candidates(text: str) -> Iterator[tuple[int, int]]:
    """Yield spans of two to four characters that stand where a name may stand."""
    for match in re.finditer(r"(?:给|转|汇|向|跟|到|是|叫|人|方|成|^|\s|,)(?=[\u4e00-\u9fff]{2})", text):
        for size in (4, 3, 2):
            if _HAN.fullmatch(text, match.end(), match.end() + size):
                yield match.end(), match.end() + size


def _alone(text: str) -> Iterator[Entity]:
    """Yield the name that is the whole message."""
    match = _HAN_ALONE.fullmatch(text)
    if match and any(tag == "nr" and word in match["name"] for word, tag in rjieba.tag(match["name"])):
        yield from _trimmed(text, *match.span("name"), _SCORE_ALONE)


def _said(text: str) -> Iterator[Entity]:
    """Yield names that only their place in the sentence makes names."""
    for pattern in (_TO_HAN, _FROM_HAN):
        for match in pattern.finditer(text):
            yield from _trimmed(text, *match.span("name"), _SCORE_SAID)
    for match in _AND_HAN.finditer(text):
        yield from _trimmed(text, *match.span("name"), _SCORE_SAID)
    for match in _TO_PINYIN.finditer(text):
        yield _entity(text, *match.span("name"), _SCORE_SAID)
    for match in _TO_LATIN.finditer(text):
        if not _LATIN_STOP.match(match["name"]):
            yield _entity(text, *match.span("name"), _SCORE_SAID)


def _trimmed(text: str, start: int, end: int, score: float) -> Iterator[Entity]:
    """Yield the name without the characters that belong to the sentence; nothing when it is another word."""
    while end - start > 2 and (
        text[end - 1] in _ENDS or text[end - 1] in _NUMERALS or text[end : end + 1] == _BANK
    ):
        end -= 1
    if text[end - 1] not in _ENDS and not {text[start:end], text[start : start + 2]} & _OTHER_WORDS:
        yield _entity(text, start, end, score)
