"""Ways a message goes wrong on its way: the same request, typed or heard worse. Every change is drawn from a seed."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path

import opencc

from tellerline.understanding.sound import readings, sound_of

Change = Callable[[str, random.Random], str]
PACK = Path(__file__).parents[2] / "packs" / "harbour"
_HAN = re.compile(r"[\u4e00-\u9fff]")
_TOKEN = re.compile(r"\[[a-z]+(?::[0-9A-Za-z-]+)?\]")
_WORD = re.compile(r"[A-Za-z]{4,}")
_NEAR = {
    "q": "wa", "w": "qe", "e": "wr", "r": "et", "t": "ry", "y": "tu", "u": "yi", "i": "uo", "o": "ip", "p": "o",
    "a": "qs", "s": "ad", "d": "sf", "f": "dg", "g": "fh", "h": "gj", "j": "hk", "k": "jl", "l": "k", "z": "x",
    "x": "zc", "c": "xv", "v": "cb", "b": "vn", "n": "bm", "m": "n",
}  # fmt: skip
_DIGITS_ZH = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
_DIGITS_EN = {
    "0": "zero", "1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight",
    "9": "nine",
}  # fmt: skip
_MIXED = {
    "转账": "transfer", "余额": "balance", "账单": "statement", "信用卡": "credit card", "贷款": "loan", "密码": "password",
    "利率": "rate", "手续费": "fee", "投诉": "complain", "额度": "limit", "分期": "instalment", "网点": "branch",
    "冻结": "freeze", "取消": "cancel", "还款": "repay", "定期": "fixed deposit", "积分": "points", "人工": "agent",
}  # fmt: skip
_TEXTED = {
    "you": "u", "your": "ur", "please": "pls", "are": "r", "because": "cuz", "thanks": "thx", "tomorrow": "tmrw",
    "and": "n", "what": "wat", "have": "hav", "with": "w", "about": "abt", "to": "2", "for": "4", "why": "y",
    "account": "acct", "transfer": "trf", "number": "no", "payment": "pymt", "message": "msg", "before": "b4",
}  # fmt: skip
_STORY_ZH = (
    "昨天我出门买菜，天气挺冷的，路上遇到老邻居聊了好一会儿。孩子最近上学也忙，家里的事情一大堆。",
    "我们小区门口新开了一家面馆，味道还行，就是人多。我排队等了半天，旁边的人一直在打电话。",
    "回来以后我又收拾了屋子，洗了衣服，晚上看了会儿电视，不知不觉就很晚了。",
    "说起来我年纪也大了，眼睛不太好使，手机上的字总看不清，打字也慢，您别见怪。",
)
_STORY_EN = (
    "Yesterday I went out for some bread and met an old neighbour, we talked for ages about the weather. ",
    "The kids have been busy at school and the house is a mess as usual. ",
    "There is a new noodle place round the corner, decent food but always packed with people. ",
    "I came home, did the washing, watched a bit of television and before I knew it the evening was gone. ",
    "I am not that young any more and my eyes are poor, so bear with my typing. ",
)
STORY_CHARS = 2_000


@cache
def _alike() -> dict[str, list[str]]:
    """Return characters that customers meet in the pack, by how they sound."""
    chars: set[str] = set()
    for path in (PACK / "articles" / "zh").rglob("*.md"):
        chars |= set(_HAN.findall(path.read_text(encoding="utf-8")))
    by_sound: dict[str, list[str]] = defaultdict(list)
    for char in sorted(chars):
        by_sound[readings(char)[0]].append(char)
    return by_sound


def homophones(text: str, rng: random.Random) -> str:
    """An input method's wrong choice: one character in eight, at least one, becomes another of the same sound."""
    places = [place for place, char in enumerate(text) if _HAN.match(char)]
    chars = list(text)
    for place in rng.sample(places, k=min(len(places), max(1, len(places) // 8))):
        others = [char for char in _alike().get(readings(chars[place])[0], []) if char != chars[place]]
        if others:
            chars[place] = rng.choice(others)
    return "".join(chars)


def pinyin(text: str, rng: random.Random) -> str:
    """Two characters left in pinyin."""
    places = [m.start() for m in re.finditer(r"(?=[\u4e00-\u9fff]{2})", text)]
    if not places:
        return text
    place = rng.choice(places)
    return text[:place] + sound_of(text[place : place + 2]) + text[place + 2 :]


def typos_zh(text: str, rng: random.Random) -> str:
    """A character dropped, doubled or swapped with the next."""
    places = [place for place in range(len(text) - 1) if _HAN.match(text[place])]
    if len(places) < 3:
        return text
    place = rng.choice(places)
    pair = text[place : place + 2]
    made = rng.choice([pair[1], pair[0] + pair, pair[::-1]])
    return text[:place] + made + text[place + 2 :]


def typos_en(text: str, rng: random.Random) -> str:
    """One word in five, at least one, of four letters and more: a letter dropped, doubled, swapped or its neighbour's."""
    words = list(_WORD.finditer(text))
    chosen = rng.sample(words, k=min(len(words), max(1, len(words) // 5)))
    for word in sorted(chosen, key=lambda match: -match.start()):
        place = word.start() + rng.randrange(1, len(word[0]) - 1)
        near = _NEAR.get(text[place].lower(), "e")
        made = rng.choice(
            [
                text[place + 1],
                text[place] * 2 + text[place + 1],
                text[place : place + 2][::-1],
                rng.choice(near) + text[place + 1],
            ]
        )
        text = text[:place] + made + text[place + 2 :]
    return text


@cache
def _to_traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


def traditional(text: str, _: random.Random) -> str:
    """Characters as written in Hong Kong and Taiwan."""
    return _to_traditional().convert(text)


def mixed(text: str, _: random.Random) -> str:
    """Words of the bank in the other language."""
    if _HAN.search(text):
        for han, latin in _MIXED.items():
            text = text.replace(han, f" {latin} ")
        return " ".join(text.split())
    for han, latin in _MIXED.items():
        text = re.sub(rf"\b{latin}\b", han, text, flags=re.IGNORECASE)
    return text


def texted(text: str, _: random.Random) -> str:
    """Short forms of text messages."""
    return re.sub(r"[A-Za-z]+", lambda m: _TEXTED.get(m[0].lower(), m[0]), text)


def run_on(text: str, _: random.Random) -> str:
    """No punctuation at all, Chinese without spaces, English without capitals."""
    plain = re.sub(
        r"[，。！？、；,!?;…~～]|(?<![0-9])\.|\.(?![0-9])", " " if not _HAN.search(text) else "", text
    )
    return " ".join(plain.split()).lower()


def heard(text: str, rng: random.Random) -> str:
    """As a speech recogniser writes it: no punctuation, fillers, a word said twice, digits as words."""
    text = run_on(text, rng)
    if _HAN.search(text):
        text = re.sub(
            r"(?<![0-9.])[0-9]{4}(?![0-9.万千元块])", lambda m: "".join(_DIGITS_ZH[d] for d in m[0]), text
        )
        places = [m.start() for m in re.finditer(r"(?=[\u4e00-\u9fff]{4})", text)] or [0]
        place = rng.choice(places)
        text = text[:place] + rng.choice(["嗯", "那个", "就是说", "呃", "这个"]) + text[place:]
        return rng.choice(["喂你好", "嗯", "那个那个", "哎"]) + text
    words = text.split()
    words = [
        " ".join(_DIGITS_EN[d] for d in word) if re.fullmatch(r"[0-9]{4}", word) else word for word in words
    ]
    place = rng.randrange(len(words))
    words[place:place] = [words[place]] if words[place].isalpha() else []
    for filler in rng.sample(["um", "uh", "you know", "like", "er"], 2):
        words.insert(rng.randrange(len(words) + 1), filler)
    return " ".join(words)


def emoji(text: str, rng: random.Random) -> str:
    """Emoji at the end and between words."""
    signs = ["😭", "🙏", "😡", "🤔", "👍", "💳", "‼️"]
    if " " in text:
        head, _, tail = text.partition(" ")
        text = f"{head} {rng.choice(signs)} {tail}"
    return text + "".join(rng.choices(signs, k=2))


def invisible(text: str, rng: random.Random) -> str:
    """Zero-width and control characters between the others."""
    signs = ["\u200b", "\u200d", "\ufeff", "\u00ad", "\x07", "\u2060"]
    return "".join(char + (rng.choice(signs) if rng.random() < 0.25 else "") for char in text)


def full_width(text: str, _: random.Random) -> str:
    """Letters, digits and marks at full width."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else ("\u3000" if c == " " else c) for c in text)


def shouted(text: str, _: random.Random) -> str:
    """Capitals and too many marks."""
    return text.upper() + "!!!!!!"


def spaced(text: str, _: random.Random) -> str:
    """A space after every character (Chinese), none between two words (English)."""
    if _HAN.search(text):
        return " ".join(text)
    head, _, tail = text.partition(" ")
    return head + tail


def story(text: str, rng: random.Random) -> str:
    """Two thousand characters of story, with the request at its end."""
    lines = _STORY_ZH if _HAN.search(text) else _STORY_EN
    told = ""
    while len(told) + len(text) < STORY_CHARS:
        told += rng.choice(lines)
    return told + text


CHANGES: dict[str, dict[str, Change]] = {
    "zh": {
        "homophones": homophones, "pinyin": pinyin, "typos": typos_zh, "traditional": traditional, "mixed": mixed,
        "run-on": run_on, "heard": heard, "emoji": emoji, "invisible": invisible, "full width": full_width,
        "spaced": spaced, "story": story,
    },
    "en": {
        "typos": typos_en, "texted": texted, "mixed": mixed, "run-on": run_on, "heard": heard, "emoji": emoji,
        "invisible": invisible, "full width": full_width, "shouted": shouted, "two words joined": spaced, "story": story,
    },
}  # fmt: skip
