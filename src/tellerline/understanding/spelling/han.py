"""Chinese words mistyped: another character of the same sound, or the sound itself in Latin letters."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import product

import rjieba

from tellerline.understanding.sound import blurred, readings, sound_of
from tellerline.understanding.spelling.vocabulary import english_words

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_HAN_CHAR = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"(?<![A-Za-z0-9@/._-])[a-z]{2,24}(?:'[a-z]{1,6})?(?![A-Za-z0-9@/_-]|\.[A-Za-z])")
_LATIN_RUN = re.compile(r"[a-z]{1,24}(?: [a-z]{1,24})+")
_WORD_MAX = 4
_READINGS_MAX = 4
# Characters that words of a bank read in a way that is not the commonest; rare readings of others would only mislead.
_READ_TWICE = frozenset("行还重长调率乐都数降便")
# Characters too common to be a slip for another, and characters that begin a name.
_COMMON = frozenset(
    "的了是我你他她您不在有和就也都要去来上下到给把被从对很没这那个吗呢吧啊说看想能会可以再还又最里后前天年月日号元块"
    "一二三四五六七八九十百千万两几多少大小人钱用做让请问叫跟或啲嘅咗唔喺冇嚟睇佢哋噉咁嗰乜嘢"
)
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁郑谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董袁余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷龙黎史陶贺毛郝顾龚邵万钱严武莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜"
)
# What is said around the words that matter, when a whole message is typed in pinyin.
_SINGLES = {
    "wo": "我", "ni": "你", "nin": "您", "de": "的", "le": "了", "yao": "要", "cha": "查", "ka": "卡", "ma": "吗",
    "bu": "不", "mei": "没", "you": "有", "neng": "能", "zai": "在", "shi": "是", "na": "那", "zhe": "这",
    "qian": "钱", "zhuan": "转",
    "gei": "给", "diu": "丢", "bang": "帮", "ge": "个", "zen": "怎", "me": "么", "hai": "还", "xiang": "想", "ba": "吧",
    "ne": "呢", "wen": "问", "dao": "到", "qu": "取", "cun": "存", "kan": "看", "kai": "开",
}  # fmt: skip
_WORD_COUNT_MIN = 5
_BEFORE_NAMES = frozenset("给转向汇叫是跟和")


class HanSpeller:
    """Corrects Chinese words. counts: words of the pack with how often they are said."""

    def __init__(self, counts: dict[str, int]) -> None:
        self._counts = counts
        self._by_sound: dict[tuple[str, ...], list[str]] = {}
        self._by_pinyin: dict[str, str] = {}
        self._singles = dict(_SINGLES)
        for word in sorted(counts, key=lambda word: (-counts[word], word)):
            if len(word) == 1 and counts[word] >= _WORD_COUNT_MIN:
                self._singles.setdefault(readings(word)[0], word)
            elif len(word) >= 2:
                for sounds in _sounds(word):
                    self._by_sound.setdefault(_key(sounds), []).append(word)
                    self._by_pinyin.setdefault("".join(sounds), word)

    def correct(self, text: str, names: Collection[str] = ()) -> str:
        """Return `text` with mistyped words put right. What sounds like one of `names` stays."""
        kept = frozenset(sound_of(name) for name in names)
        if _LATIN.search(text):
            text = self._from_pinyin(text, kept)
        return self._of_same_sound(text, kept) if _HAN.search(text) else text

    def _of_same_sound(self, text: str, kept: frozenset[str]) -> str:
        """Replace characters that make no word by the word of the same sound."""
        edges, solid = _segmented(text)
        place = 0
        pieces: list[str] = []
        while place < len(text):
            found = self._replacement(text, place, edges, solid, kept) if place in edges else None
            pieces.append(found or text[place])
            place += len(found) if found else 1
        return "".join(pieces)

    def _replacement(
        self, text: str, start: int, edges: set[int], solid: set[int], kept: frozenset[str]
    ) -> str | None:
        for size in range(_WORD_MAX, 1, -1):
            said = text[start : start + size]
            if start + size not in edges or not _HAN.fullmatch(said) or said in self._counts:
                continue
            if all(place in solid for place in range(start, start + size)):
                continue
            if sound_of(said) in kept:
                return None
            key = _key(tuple(readings(char)[0] for char in said))
            for word in self._by_sound.get(key, ()):
                if self._is_slip(said, word, text[start + size : start + size + 1]):
                    return word
        return None

    def _is_slip(self, said: str, word: str, after: str) -> bool:
        """Whether `word` was meant: no character common by itself is a slip, and no surname before what may be a name."""
        wrong = [place for place in range(len(said)) if said[place] != word[place]]
        if any(said[place] in _COMMON or said[place] in self._counts for place in wrong):
            return False
        if len(said) - 1 in wrong and said[-1] in _SURNAMES and _HAN.match(after) and after not in _COMMON:
            return False
        if len(wrong) == len(said) and (len(said) == 2 or self._counts[word] < _WORD_COUNT_MIN):
            return self._counts[word] >= 4 * _WORD_COUNT_MIN
        return self._counts[word] >= _WORD_COUNT_MIN

    def _from_pinyin(self, text: str, kept: frozenset[str]) -> str:
        """Replace pinyin by the words it writes: beside Chinese characters, or where the whole message is pinyin."""
        if _HAN_CHAR.search(text):
            return _LATIN.sub(
                lambda match: self._half_word(match) or self._word_of(match[0], kept) or match[0], text
            )
        if not _LATIN_RUN.fullmatch(text.strip(" ?!.")):
            return text
        words = text.strip(" ?!.").split()
        foreign = [word for word in words if word not in english_words()]
        if 2 * len(foreign) < len(words):
            return text
        return self._spelled_out("".join(words), kept) or text

    def _half_word(self, match: re.Match[str]) -> str | None:
        """Return what completes a word begun or ended in characters: 信用ka, yu额."""
        text, sound = match.string, match[0]
        for size in (2, 1, 3):
            before, after = (
                text[max(0, match.start() - size) : match.start()],
                text[match.end() : match.end() + size],
            )
            if _HAN.fullmatch(before):
                word = self._by_pinyin.get(sound_of(before) + sound, "")
                if word.startswith(before):
                    return word[len(before) :]
            if _HAN.fullmatch(after):
                word = self._by_pinyin.get(sound + sound_of(after), "")
                if word.endswith(after):
                    return word[: -len(after)]
        between = text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
        return self._between(sound, between) if _HAN.fullmatch(between) and len(between) == 2 else None

    def _between(self, sound: str, around: str) -> str | None:
        """Return the one or two characters that pinyin between two characters writes; none where a name may stand."""
        if sound in _SINGLES:
            return _SINGLES[sound]
        if sound in english_words() or around[0] in _BEFORE_NAMES:
            return None
        pairs = (
            self._singles[sound[:cut]] + self._singles[sound[cut:]]
            for cut in range(1, len(sound))
            if sound[:cut] in self._singles and sound[cut:] in self._singles
        )
        return self._singles.get(sound) or next(pairs, None)

    def _word_of(self, typed: str, kept: frozenset[str]) -> str | None:
        typed = typed.replace("'", "")
        word = self._by_pinyin.get(typed)
        if word is not None and typed not in kept:
            is_english = typed in english_words()
            return word if not is_english or self._counts[word] >= 4 * _WORD_COUNT_MIN else None
        return None if typed in english_words() else self._spelled_out(typed, kept)

    def _spelled_out(self, typed: str, kept: frozenset[str]) -> str | None:
        """Return what a run of pinyin writes: words of the pack, with the commonest single characters between."""
        if typed in kept:
            return None
        best: list[tuple[int, str] | None] = [None] * (len(typed) + 1)
        best[0] = (0, "")
        for end in range(1, len(typed) + 1):
            for start in range(max(0, end - 24), end):
                before = best[start]
                if before is None:
                    continue
                for cost, word in self._written(typed[start:end]):
                    total = (before[0] + cost, before[1] + word)
                    if best[end] is None or total[0] < best[end][0]:  # type: ignore[index]
                        best[end] = total
        made = best[-1]
        return made[1] if made is not None and len(made[1]) >= 2 and made[0] < 3 * len(made[1]) else None

    def _written(self, sound: str) -> Iterator[tuple[int, str]]:
        word = self._by_pinyin.get(sound)
        if word is not None:
            yield 2, word
        if sound in _SINGLES:
            yield 3, _SINGLES[sound]


def _key(sounds: tuple[str, ...]) -> tuple[str, ...]:
    """Return how a word is looked up: of two characters exactly, of more without the differences many do not make."""
    return sounds if len(sounds) == 2 else tuple(map(blurred, sounds))


def _sounds(word: str) -> list[tuple[str, ...]]:
    """Return the ways a word may sound, the commonest first."""
    return list(product(*(readings(char)[: 2 if char in _READ_TWICE else 1] for char in word)))[
        :_READINGS_MAX
    ]


def _segmented(text: str) -> tuple[set[int], set[int]]:
    """Return where words begin or end, and which characters belong to words of several characters."""
    edges: set[int] = {0}
    solid: set[int] = set()
    place = 0
    for word in rjieba.cut(text, False):
        if len(word) > 1:
            solid.update(range(place, place + len(word)))
        place += len(word)
        edges.add(place)
    return edges, solid
