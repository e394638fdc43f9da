"""Indicators of how something is worded: each message of the staff by itself, or beside the one it answers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from tellerline.quality.finding import Side
from tellerline.quality.opportunity import Opportunity, Tools, judge
from tellerline.quality.transcript import Said, Transcript
from tellerline.understanding.language import detect_language

SUBSTANTIAL_CHARS = 6
HOSTILE_INTENSITY = 0.65
STEADY_MESSAGES = 3
SENTENCE_CHARS_MAX = {"zh": 75, "en": 210}
_QUESTION = re.compile(r"[？?]|[吗呢](?=[。，]|$)")
_FAMILIAR = re.compile(r"你(?!们|好)")
_POLITE = re.compile(r"您")

CLAIMS = frozenset(
    {"guaranteed_return", "no_risk", "like_a_deposit", "expected_return_as_fact", "promised_outcome"}
)
SELLING = frozenset(
    {"pressure_to_buy", "interest_free_claim", "liability", "tipping_off", "unsafe_instruction"}
)
LEAKED = frozenset({"card_number", "identity_number", "mobile_number"})
UNKIND = frozenset({"rude", "rhetorical"})
SHUT_OUT = frozenset({"complaint_refused", "human_refused", "rude"})


def plain_words(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """No word that only the bank's own people know, and no sentence longer than can be read at once."""
    for said in _substantial(transcript):
        tiring = next((s for s in said.sentences if len(s.text) > SENTENCE_CHARS_MAX[said.language]), None)
        passed = "jargon" not in tools.broken(said.text, said.language) and tiring is None
        yield judge(said, passed=passed, words=tiring)


def one_request(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """A message asks for one thing."""
    for said in transcript.staff():
        asking = [one for one in said.sentences if _QUESTION.search(one.text) or one.main == "ask"]
        asking = [one for one in asking if "more" not in one.acts]
        if asking:
            yield judge(said, passed=len(asking) == 1, words=asking[-1])


def polite_address(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """In Chinese the customer is 您. English has no such form, so there it does not apply."""
    for said in transcript.staff():
        familiar = _FAMILIAR.search(said.text)
        if said.language == "zh" and (familiar or _POLITE.search(said.text)):
            sentence = next((one for one in said.sentences if _FAMILIAR.search(one.text)), None)
            yield judge(said, passed=familiar is None, words=sentence)


def language_matched(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """The staff writes in the language the customer last wrote in."""
    for said in _substantial(transcript):
        asked, spoken = transcript.before(said), detect_language(said.text)
        if asked is None or asked.reading is None or asked.reading.language is None or spoken.mixed:
            continue
        if spoken.language is not None:
            yield judge(said, passed=spoken.language == asked.reading.language, after=asked)


def steady_tone(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """After hostility the next three messages neither blame nor sneer."""
    judged: set[int] = set()
    for heated in (one for one in transcript.customers() if is_hostile(one)):
        for said in transcript.replies(heated, STEADY_MESSAGES):
            if said.sequence not in judged:
                judged.add(said.sequence)
                blaming = said.chiefly("blame")
                unkind = _breaks(tools, said, UNKIND) or blaming is not None
                yield judge(said, passed=not unkind, words=blaming, after=heated)


def no_blame(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """Nothing is said to be the customer's fault, and nothing is said with scorn."""
    for said in _substantial(transcript):
        blaming = said.chiefly("blame")
        unkind = _breaks(tools, said, UNKIND) or blaming is not None
        yield judge(said, passed=not unkind, words=blaming)


def unhurried(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """Nobody is hurried."""
    for said in _substantial(transcript):
        hurrying = said.chiefly("hurry")
        yield judge(said, passed=hurrying is None, words=hurrying)


def no_false_claim(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """Neither a return nor an outcome is promised that the bank cannot know."""
    yield from _against(transcript, tools, CLAIMS)


def no_forbidden_words(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """No pressure to buy, no "free" with a fee, no verdict on liability, no hint of a report, no unsafe instruction."""
    yield from _against(transcript, tools, SELLING)


def no_secret_asked(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """Nobody asks for a password, a code or a security number in the chat."""
    yield from _against(transcript, tools, frozenset({"asks_for_secret"}))


def no_number_shown(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """No card, identity or mobile number is written out."""
    yield from _against(transcript, tools, LEAKED)


def way_left_open(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """Neither a complaint nor a human is refused."""
    for asked in transcript.customers():
        flags = asked.reading.flags if asked.reading is not None else {}
        if max(flags.get("complaint", 0.0), flags.get("human_wanted", 0.0)) < 0.5:
            continue
        for said in transcript.replies(asked, 2):
            yield judge(said, passed=not _breaks(tools, said, SHUT_OUT), after=asked)


def is_hostile(said: Said) -> bool:
    """Tell whether the customer attacks or is very angry."""
    if said.reading is None:
        return False
    angry = said.reading.affect.emotion == "anger" and said.reading.affect.intensity >= HOSTILE_INTENSITY
    return angry or said.reading.flags.get("abuse", 0.0) >= 0.5


def _substantial(transcript: Transcript, side: Side | None = None) -> Iterator[Said]:
    return (one for one in transcript.staff(side) if len(one.text) >= SUBSTANTIAL_CHARS)


def _breaks(tools: Tools, said: Said, rules: Collection[str]) -> bool:
    return any(rule in rules for rule in tools.broken(said.text, said.language))


def _against(transcript: Transcript, tools: Tools, rules: Collection[str]) -> Iterator[Opportunity]:
    for said in _substantial(transcript):
        yield judge(said, passed=not _breaks(tools, said, rules))
