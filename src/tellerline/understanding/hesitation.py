"""What a speaker utters while looking for words, and what is said twice: it means nothing and hides what does."""

from __future__ import annotations

import re

_SOUNDS = re.compile(
    r"(?:嗯+|呃+|(?<![\u4e00-\u9fff])[唔额](?=[,.\s])|那个(?:那个)+|就是说|怎么说呢"
    r"|(?<![a-z])(?:u+m+|u+h+|e+r+m?|hm+"
    r"|(?<!do )(?<!did )(?<!if )(?<!as )(?<!would )(?<!should )(?<!that )you know"
    r"(?!\s(?:what|how|if|where|who|why|when|that|my|the))"
    r"|(?<!do )i mean)(?![a-z'?]))[,.\s]*",
    re.IGNORECASE,
)
# Numerals said twice are numbers (三三三三), not a stammer.
_NUMERAL = "一二三四五六七八九十零幺两百千万"
_TWICE_HAN = re.compile(
    rf"(?![{_NUMERAL}])([\u4e00-\u9fff](?![{_NUMERAL}])[\u4e00-\u9fff]{{1,3}})(?:[, ]{{0,2}}\1)+"
    r"|([我你他她是这就])[, ]{0,2}\2+(?=[\u4e00-\u9fff])"
)
_TWICE_LATIN = re.compile(
    r"(?<![a-z'])(?!(?:no|yes|very|please|bye|that|had|so|really|ha|help|sorry|thanks|zero|oh|one|two|three|four|five|six|seven"
    r"|eight|nine|ten|hundred|thousand)(?![a-z]))([a-z']{1,12})(?:,? \1(?![a-z'])){1,3}",
    re.IGNORECASE,
)
_SAYS_SOMETHING = re.compile(r"\w")
_LEFT_MIN = 4  # characters; of a shorter message the sound may be all the answer there is


def drop_hesitations(text: str) -> str:
    """Return a normalised text without fillers and stammered repetitions. An answer that is only a sound (嗯) stays."""
    plain = _SOUNDS.sub(_gap, text)
    plain = _TWICE_HAN.sub(lambda twice: twice[1] or twice[2], plain)
    plain = _TWICE_LATIN.sub(r"\1", plain).strip(" ,")
    return plain if len(_SAYS_SOMETHING.findall(plain)) >= _LEFT_MIN else text


def _gap(sound: re.Match[str]) -> str:
    """Return what is left in the place of a sound: a space between Latin words, nothing between characters."""
    text, start, end = sound.string, sound.start(), sound.end()
    around = text[max(0, start - 1) : start] + text[end : end + 1]
    return " " if around.isascii() and text[end - 1].isspace() and not around[:1].isspace() else ""
