"""Which language a text is in: by script first, then, for Latin letters that are not English, by a statistical model."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from functools import cache

import lingua
import msgspec

from tellerline.domain.language import Language


class Detected(msgspec.Struct, frozen=True):
    """The language to answer in. Neither `language` nor `other`: the text does not tell, the conversation goes on as it was.

    language: Chinese or English; of a mixed sentence, the language of its frame.
    other:    ISO 639-1 code of another language.
    mixed:    words of both languages, names and abbreviations not counted.
    """

    language: Language | None = None
    other: str | None = None
    mixed: bool = False


_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ]+(?:'[A-Za-z]+)?")
_TOKEN = re.compile(r"\[[a-z]+(?::[0-9A-Za-z]{3,4})?(?:-\d{1,3})?\]|https?://\S{1,200}|\S{1,64}@\S{1,64}")
_SCRIPTS: dict[str, re.Pattern[str]] = {
    "ja": re.compile(r"[\u3040-\u30ff\u31f0-\u31ff]"),
    "ko": re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
    "hi": re.compile(r"[\u0900-\u097f]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
    "el": re.compile(r"[\u0370-\u03ff]"),
    "bn": re.compile(r"[\u0980-\u09ff]"),
    "ta": re.compile(r"[\u0b80-\u0bff]"),
    "km": re.compile(r"[\u1780-\u17ff]"),
    "my": re.compile(r"[\u1000-\u109f]"),
}
_SCRIPT_SHARE_MIN = 0.3

# Frame words: they carry the grammar of a sentence and are hardly ever borrowed.
_HAN_FRAME = re.compile(r"[的了吗我你您他她是在不把给要怎么请帮想能可有没就还被跟和对为哪这那吧呢啊]")
_FRAME_WORDS = """
a an the i me my mine you your we our us he she it its they them this that these those is am are was were be been do does
did don't doesn't didn't can can't cannot could couldn't will won't would should may might must has have had haven't to of
in on at for from with by about into and or but if not no so what when where who why how which there here please i'm i've
i'd i'll it's what's that's isn't wasn't let want need
"""
_COMMON_WORDS = """
account balance bank card credit debit transfer money pay payment loan mortgage deposit interest rate fee limit statement
bill branch hours open close lost stolen freeze block help hello hey thanks thank sorry good morning afternoon evening
human agent person speak talk representative operator complaint refund charge charged wrong number phone password code
transaction transactions check show tell send yes yeah yep sure correct right stop cancel again sir madam today yesterday
tomorrow week month year great nice fine wait moment minute second first last other one two three five hundred thousand
dollars pls plz thx scam fraud insurance fund wealth app login chinese english next repeat skip undo back continue go
nothing else done all just never mind none neither both maybe actually points rewards salary cash atm machine missing
apply urgent now asap
"""
# Words that people of either language use, and that therefore decide nothing.
_NEUTRAL_WORDS = """
ok okay okk oki k yes no y n hi bye thx app atm pos pin vip visa wifi sms wechat alipay paypal apple mastercard swift iban
cvv id qq email otp usd cny rmb hkd eur gbp jpy unionpay huawei iphone android pc web ios ip url nfc qr kyc esim u x hr pdf
"""
_ENGLISH_FRAME = frozenset(_FRAME_WORDS.split())
_ENGLISH_COMMON = frozenset(_COMMON_WORDS.split())
_NEUTRAL = frozenset(_NEUTRAL_WORDS.split())
_OTHER_GREETINGS = {
    "hola": "es", "gracias": "es", "bonjour": "fr", "merci": "fr", "hallo": "de", "danke": "de", "ciao": "it",
    "grazie": "it", "obrigado": "pt", "obrigada": "pt", "olá": "pt", "halo": "id", "xin": "vi", "salut": "fr",
}  # fmt: skip
_LATIN = (
    lingua.Language.ENGLISH, lingua.Language.FRENCH, lingua.Language.GERMAN, lingua.Language.SPANISH,
    lingua.Language.ITALIAN, lingua.Language.PORTUGUESE, lingua.Language.INDONESIAN, lingua.Language.VIETNAMESE,
    lingua.Language.TAGALOG, lingua.Language.DUTCH,
)  # fmt: skip
_ENGLISH_SHARE_MIN = 0.25
_GREETING_WORDS_MAX = 2
_OTHER_CONFIDENCE_MIN = 0.6
_SAMPLE_CHARS = 600
_HAN_PER_WORD = 1.6
_FRAME_WEIGHT = 2.0


@cache
def _latin_detector() -> lingua.LanguageDetector:
    """Return the model for Latin script, made when first needed. Its small version takes 20 MB and 0.2 s, the full one ten
    times both, and the small one tells apart what matters here.
    """
    return lingua.LanguageDetectorBuilder.from_languages(*_LATIN).with_low_accuracy_mode().build()


def detect_language(
    text: str, *, names: Iterable[str] = (), vocabulary: Container[str] = frozenset()
) -> Detected:
    """Return the language of `text`.

    names: of people; they belong to no language. vocabulary: words known to be English, beside the commonest.
    """
    sample = _TOKEN.sub(" ", text[:_SAMPLE_CHARS] + "\n" + text[_SAMPLE_CHARS:][-_SAMPLE_CHARS:])
    for name in names:
        sample = sample.replace(name, " ")
    han = len(_HAN.findall(sample))
    words = [word.lower() for word in _WORD.findall(sample)]
    foreign = _foreign_script(sample, han, len(words))
    if foreign is not None:
        return Detected(other=foreign)
    telling = [word for word in words if word not in _NEUTRAL]
    if not han:
        return _latin(telling, vocabulary)
    chinese = han / _HAN_PER_WORD + _FRAME_WEIGHT * len(_HAN_FRAME.findall(sample))
    english = len(telling) + _FRAME_WEIGHT * sum(word in _ENGLISH_FRAME for word in telling)
    language: Language = "zh" if chinese >= english else "en"
    return Detected(language, mixed=bool(telling))


def _foreign_script(sample: str, han: int, words: int) -> str | None:
    """Return the language whose own script makes up a good part of the sample."""
    counts = {code: len(pattern.findall(sample)) for code, pattern in _SCRIPTS.items()}
    code = max(counts, key=lambda key: counts[key])
    count = counts[code]
    if count < 2 or count < _SCRIPT_SHARE_MIN * (count + han + words):
        return None
    return code


def _latin(words: list[str], vocabulary: Container[str]) -> Detected:
    """Tell English from other languages in Latin letters."""
    known = sum(_is_english(word, vocabulary) for word in words)
    greeting = next((_OTHER_GREETINGS[word] for word in words[:2] if word in _OTHER_GREETINGS), None)
    if greeting and not known and len(words) <= _GREETING_WORDS_MAX:
        return Detected(other=greeting)
    if words and known >= _ENGLISH_SHARE_MIN * len(words):
        return Detected("en")
    return _other_latin(words) if len(words) > 1 else Detected()


def _is_english(word: str, vocabulary: Container[str]) -> bool:
    return word in _ENGLISH_FRAME or word in _ENGLISH_COMMON or word in vocabulary


def _other_latin(words: list[str]) -> Detected:
    """Ask the statistical model, and believe it only when it is sure that the language is another."""
    best = _latin_detector().compute_language_confidence_values(" ".join(words))[0]
    code = best.language.iso_code_639_1.name.lower()
    if code == "en":
        return Detected("en")
    return Detected(other=code) if best.value >= _OTHER_CONFIDENCE_MIN else Detected()
