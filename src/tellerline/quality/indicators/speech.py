"""Indicators of what the staff's sentences do, where the customer gave occasion for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from rapidfuzz import fuzz

from tellerline.domain import event as e
from tellerline.domain.reading import Reading
from tellerline.quality.opportunity import Opportunity, Tools, judge
from tellerline.quality.transcript import Said, Sentence, Transcript

MOVED = 0.35
PRESSED = 0.55
FLAGGED = 0.5
SAME = 88  # of 100: how alike two sentences are that say the same
REPEAT_CHARS_MIN = 6
CLOSING_MESSAGES = 2
_STIRRED = frozenset({"anger", "anxiety", "shame"})
_WHY = re.compile(
    r"为什么|为啥|为何|凭什么|怎么会|怎么回事|咋回事|\bwhy\b|\bhow come\b|\bwhat happened\b", re.IGNORECASE
)
_ASKS = re.compile(r"[？?]|吗|多少|几[天号个点]|怎么|能不能|可不可以|什么时候")
_ASKED_FOR = {
    "last_four": re.compile(r"尾号|后四位|后4位|last (?:four|4)", re.IGNORECASE),
    "money": re.compile(r"金额|多少钱|转了多少|\bamount\b|\bhow much\b", re.IGNORECASE),
    "date": re.compile(
        r"哪一?天|日期|什么时候|何时|几号|\bdate\b|\bwhen\b|\bwhat day\b|\bwhich day\b", re.IGNORECASE
    ),
}
_OUTGOING = ("offer", "instruct", "promise", "hold", "done", "intend")


def conclusion_first(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """A question is answered before its background is told."""
    for asked in transcript.customers():
        answer = transcript.reply(asked)
        if not _ASKS.search(asked.text) or not answer or len(answer[0].sentences) < 2:
            continue
        background, conclusion = _place(answer[0], "background"), _place(answer[0], "state", "done", "refuse")
        if background is None and conclusion is None:
            continue
        late = background is not None and (conclusion is None or background < conclusion)
        place = background if late else conclusion
        assert place is not None
        yield judge(answer[0], passed=not late, words=answer[0].sentences[place], after=asked)


def greeted(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """Whoever begins to serve greets: the assistant at the opening, each representative on taking over."""
    for side in ("assistant", "representative"):
        seen: set[str] = set()
        for said in transcript.staff():
            if said.side == side and said.who not in seen:
                seen.add(said.who)
                yield judge(said, passed=said.act("greet") is not None, words=said.sentences[0])


def asked_for_more(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """Before a finished conversation is closed, the customer is asked whether anything is left."""
    closed = transcript.closed
    spoken = list(transcript.staff())
    if closed is None or not isinstance(closed.body, e.ConversationClosed) or closed.body.reason == "silence":
        return
    if len(spoken) < CLOSING_MESSAGES:
        return
    asking = [one for one, body in transcript.of(e.QuestionAsked) if body.what == "more"]
    for said in spoken[-CLOSING_MESSAGES:]:
        if said.act("more"):
            yield judge(said, passed=True, words=said.act("more"))
            return
    yield judge(spoken[-1], passed=bool(asking) and spoken[-1].side == "assistant")


def next_step_offered(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """When something is done, the next useful step is offered unasked."""
    done = [one for one in transcript.staff() if any(part.main == "done" for part in one.sentences)]
    if not done:
        return
    first = done[0]
    following = [first, *transcript.replies(first, 2)]
    offering = next((one for one in following if one.act("offer") is not None), None)
    yield judge(
        offering or first, passed=offering is not None, words=(offering or first).act("offer", "done")
    )


def heard_at_once(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """The customer need not say the same thing again after an answer."""
    customers = list(transcript.customers())
    for before, after in pairwise(customers):
        answer = [one for one in transcript.reply(before) if one.sequence < after.sequence]
        if answer and len(before.text) >= REPEAT_CHARS_MIN:
            passed = not _alike(before.text, after.text)
            yield judge(answer[-1], passed=passed, words=None, after=before)


def alternative_offered(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """A no comes with something that can be done instead, in the same message or the next."""
    for said in transcript.staff():
        refusing = said.chiefly("refuse")
        dead_end = "dead_end" in tools.broken(said.text, said.language)
        if refusing is None and not dead_end:
            continue
        following = [one for one in transcript.replies(said, 1) if one.side == said.side]
        other_ways = [one for one in said.sentences if one is not refusing]
        helped = any(act in one.acts for one in other_ways for act in _OUTGOING)
        helped = helped or any(one.act(*_OUTGOING) is not None for one in following)
        helped = helped or any(
            isinstance(one.body, e.HandoverRequested) for one in transcript.during(said.sequence)
        )
        yield judge(said, passed=helped, words=refusing)


def cause_named(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """Who asks why is told the cause, at once or after it was looked up."""
    for asked in transcript.customers():
        if not _WHY.search(asked.text):
            continue
        replies = transcript.replies(asked, 3)
        if replies:
            naming = next((one for one in replies if one.act("cause", "admit") is not None), None)
            words = naming.act("cause", "admit") if naming else None
            yield judge(naming or replies[0], passed=naming is not None, words=words, after=asked)


def scam_warned(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """Signs of a scam are answered within two messages: with a warning, or by stopping what has begun."""
    asked = next((one for one in transcript.customers() if _flag(one.reading, "scam") >= FLAGGED), None)
    if asked is None or not (replies := transcript.replies(asked, 2)):
        return
    warning = next((one for one in replies if one.act("warn", "intend", "done") is not None), None)
    yield judge(
        warning or replies[0],
        passed=warning is not None,
        words=warning.act("warn", "intend", "done") if warning else None,
        after=asked,
    )


def acknowledged(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """The first time a customer is upset, pressed or in distress, the answer speaks to that."""
    moved = next((one for one in transcript.customers() if _is_moved(one)), None)
    if moved is None or not (answer := transcript.reply(moved)):
        return
    speaking = next((one for one in answer[:2] if one.chiefly("acknowledge", "admit") is not None), None)
    words = speaking.chiefly("acknowledge", "admit") if speaking else None
    yield judge(speaking or answer[0], passed=speaking is not None, words=words, after=moved)


def acknowledged_once(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """What was said in sympathy is not said again in the same words."""
    said_before: list[Sentence] = []
    for said in transcript.staff():
        sentence = said.act("acknowledge", "apologise")
        if sentence is None:
            continue
        if said_before:
            same = any(_alike(sentence.text, one.text) for one in said_before)
            yield judge(said, passed=not same, words=sentence)
        said_before.append(sentence)


def promise_dated(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """A promise says by when, or is a case with a deadline."""
    opened = {body.number for _, body in transcript.of(e.CaseOpened)}
    for said in transcript.staff():
        for words, timed in tools.promised(said.text, said.language, said.at):
            if not _is_at_once(said, words):
                yield judge(said, passed=timed or said.case in opened, words=words)


def question_asked_once(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """A question that was answered is not asked again in the same words."""
    asked: list[Sentence] = []
    for said in transcript.staff():
        for sentence in said.sentences:
            if "ask" in sentence.acts and "more" not in sentence.acts:
                same = any(_alike(sentence.text, one.text) for one in asked)
                if asked:
                    yield judge(said, passed=not same, words=sentence)
                asked.append(sentence)


def _place(said: Said, *acts: str) -> int | None:
    return next((n for n, one in enumerate(said.sentences) if any(act in one.acts for act in acts)), None)


def _is_moved(said: Said) -> bool:
    affect = said.reading.affect if said.reading is not None else None
    if affect is None:
        return False
    stirred = affect.emotion in _STIRRED and affect.intensity >= MOVED
    return stirred or affect.urgency >= PRESSED or _flag(said.reading, "vulnerability") >= FLAGGED


def _flag(reading: Reading | None, name: str) -> float:
    return reading.flags.get(name, 0.0) if reading is not None else 0.0


def _alike(one: str, other: str) -> bool:
    return (
        fuzz.token_sort_ratio(one.lower(), other.lower()) >= SAME
        or fuzz.ratio(one.lower(), other.lower()) >= SAME
    )


def told_once(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """A representative does not ask for a card, an amount or a day that the customer has written before."""
    for said in transcript.staff("representative"):
        for sentence in said.sentences:
            kind = next((kind for kind, form in _ASKED_FOR.items() if form.search(sentence.text)), None)
            if kind is None or sentence.main != "ask":
                continue
            told = next((one for one in transcript.customers() if _tells(one, kind)), None)
            if told is None or told.sequence > said.sequence:
                yield judge(said, passed=True, words=sentence)
            else:
                yield judge(said, passed=False, words=sentence, after=told)


def _is_at_once(said: Said, words: str) -> bool:
    """Tell whether a promise is only of what is being done this moment: "I'll check, one moment"."""
    return any(
        one.main in ("intend", "hold") for one in said.sentences if words in one.text or one.text in words
    )


def _tells(said: Said, kind: str) -> bool:
    return said.reading is not None and any(one.type == kind for one in said.reading.entities)
