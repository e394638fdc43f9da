"""The copilot: a few cards beside the conversation, made of the record, the flows and what is in force.

A card's name holds the place of the record it was made for, so that a card dies when its thread moves on, and one that was
used or dismissed stays away. Nothing is ever sent by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from tellerline.desk.account import Skill
from tellerline.desk.pack import DeskPack
from tellerline.desk.thread import Thread
from tellerline.desk.view import title_of
from tellerline.dialogue.draft import BANK_ZONE
from tellerline.dialogue.interpret import interpret
from tellerline.dialogue.release import Release
from tellerline.domain import command as c
from tellerline.domain.citation import Source
from tellerline.domain.data import Record
from tellerline.domain.language import Language, Text
from tellerline.knowledge.answer import Answer

CARDS_MAX = 3
HEATED = 0.5  # mood level from which the copilot speaks of how the customer feels
RISEN = 0.15  # of the mood level over the last turns
MOOD_TURNS = 3
Kind = Literal["must", "answer", "do", "feel", "wrap"]


class Card(msgspec.Struct, frozen=True):
    """A card. insert: what may be put into the composer, in the conversation's language; why: for who is new to it."""

    id: str
    kind: Kind
    title: Text
    text: Text | str | None = None
    insert: str | None = None
    sources: Sequence[Source] = ()
    why: Text | None = None
    action: Record | None = None
    before: Record | None = None
    after: Record | None = None


class Check(msgspec.Struct, frozen=True):
    """What must be said or done. Ticked by the record; `sequence`: where, if it is known."""

    id: str
    title: Text
    done: bool
    required: bool = True


class Wrap(msgspec.Struct, frozen=True):
    """The wrap-up as it stands."""

    outcome: str
    area: str
    reason: str
    summary: Text


class Help(msgspec.Struct, frozen=True):
    """Everything the copilot has to say now."""

    cards: list[Card]
    checklist: list[Check]
    wrap: Wrap


def help_with(
    thread: Thread, release: Release, pack: DeskPack, *, skill: Skill, now: datetime, answer: Answer | None
) -> Help:
    """Return the cards, at most three and those most needed first, the checklist, and the wrap-up. Pure.

    answer: what knowledge says to the customer's last words, if anything.
    """
    checklist = checks_of(thread, release, now)
    cards = [
        *_must(thread, release, pack, checklist, now),
        *_answer(thread, answer),
        *_do(thread, release, now),
        *_feel(thread, pack),
    ]
    wanted = ("must", "do") if skill == "expert" else ("must", "answer", "do", "feel", "wrap")
    kept = [card for card in cards if card.kind in wanted and card.id not in thread.handled]
    if skill != "novice":
        kept = [msgspec.structs.replace(card, why=None) for card in kept]
    return Help(kept[:CARDS_MAX], checklist, wrap_of(thread, release, pack))


def _id(kind: str, *parts: object) -> str:
    seen = hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()[:12]
    return f"{kind}-{seen}"


# --- what must be said and done


def checks_of(thread: Thread, release: Release, now: datetime) -> list[Check]:
    """Return the checklist, ticked by what was said and done."""
    spoken = [word.text for word in thread.words if word.author != "customer"]
    checks: list[Check] = []
    if "crisis" in thread.flags:
        number = _fact(release, "service_contacts.mental_health", now)
        told = bool(number) and any(str(number) in text for text in spoken)
        checks.append(Check("hotline", Text("告知心理援助热线", "Give the helpline number"), told))
    if "scam" in thread.flags:
        warned = any(finding in text for text in spoken for finding in ("安全账户", "safe account"))
        checks.append(Check("scam_warning", Text("提醒防诈：不转账、不给验证码", "Warn of the scam"), warned))
    if "complaint" in thread.flags:
        registered = any(promise.kind == "complaint" for promise in thread.promises)
        checks.append(Check("complaint", Text("登记投诉", "Register the complaint"), registered))
    for promise in thread.promises:
        title = Text(f"告知编号{promise.number}", f"Tell the number {promise.number}")
        checks.append(
            Check(f"number-{promise.number}", title, any(promise.number in text for text in spoken))
        )
    frame = thread.tracker.top
    question = thread.tracker.question
    if frame is not None and question is not None and question.what == "verify":
        title = Text(f"核验身份（第{question.level}级）", f"Verify the customer (level {question.level})")
        checks.append(Check("verify", title, thread.tracker.level >= question.level))
    checks += [
        Check(f"said-{prompt.id}", Text("告知：" + prompt.short, "Tell: " + prompt.short), prompt.said)
        for prompt in thread.must_say
    ]
    unknown = any(action.state == "unknown" for action in thread.actions)
    if unknown:
        title = Text("结果未明，不得说已办成", "Outcome unknown: do not say it is done")
        checks.append(Check("unknown", title, done=False))
    checks.append(Check("wrap", Text("填写小结", "Write the wrap-up"), thread.wrapped is not None))
    return checks


def _fact(release: Release, name: str, now: datetime) -> object:
    fact = release.knowledge.facts(now.astimezone(BANK_ZONE).date()).get(name)
    return fact.value if fact is not None else None


_INSERTS = {"scam_warning": "never_ask", "complaint": "complaint_registered"}


def _must(
    thread: Thread, release: Release, pack: DeskPack, checklist: list[Check], now: datetime
) -> list[Card]:
    """Return the most pressing thing that is not yet said or done."""
    language = thread.tracker.language
    for check in checklist:
        if check.done or not check.required or check.id in ("wrap", "unknown"):
            continue
        insert = _phrase(pack, _INSERTS.get(check.id, ""), language)
        if check.id == "hotline":
            number = _fact(release, "service_contacts.mental_health", now)
            insert = _HOTLINE.in_(language).format(number=number)
        due = next((prompt for prompt in thread.must_say if check.id == f"said-{prompt.id}"), None)
        insert = due.text if due is not None else insert
        why = Text(
            "这一项必须做到，完成后会自动打勾。", "This is required; it is ticked by itself once it is done."
        )
        return [Card(_id("must", check.id), "must", check.title, insert=insert, why=why)]
    return []


_HOTLINE = Text(
    "我很担心您现在的安全。请马上拨打心理援助热线{number}，有专业的人接听。",
    "I am worried about your safety. Please call the helpline {number} now; a trained person will answer.",
)


def _phrase(pack: DeskPack, name: str, language: Language) -> str | None:
    found = next((phrase for phrase in pack.phrases if phrase.id == name), None)
    return None if found is None else (found.zh if language == "zh" else found.en)


# --- an answer, the next step, how the customer feels


def _answer(thread: Thread, answer: Answer | None) -> list[Card]:
    if answer is None or thread.unanswered_since is None:
        return []
    title = Text("有依据的回答", "A grounded answer")
    why = Text(
        "引自现行有效的条文和数据，发出前请核对是否答到点上。",
        "Quoted from what is in force; check that it fits.",
    )
    card = _id("answer", thread.asked_last, answer.text)
    return [
        Card(card, "answer", title, text=answer.text, insert=answer.text, sources=answer.sources, why=why)
    ]


def _do(thread: Thread, release: Release, now: datetime) -> list[Card]:
    """Return what to do next: what the running procedure asks, or the procedure the customer seems to want."""
    tracker = thread.tracker
    frame, question = tracker.top, tracker.question
    if frame is not None:
        title = title_of(release, frame.flow) or Text(frame.flow, frame.flow)
        prompt = thread.prompt
        pending = frame.pending
        if pending is not None and question is not None and question.what == "confirm":
            note = Text("等客户本人确认", "Waiting for the customer's own confirmation")
            card = _id("do", "confirm", frame.id, pending.digest)
            before = {n.removeprefix("from_"): v for n, v in pending.terms.items() if n.startswith("from_")}
            after = {n.removeprefix("to_"): v for n, v in pending.terms.items() if not n.startswith("from_")}
            return [Card(card, "do", title, text=note, before=before, after=after)]
        if prompt is not None:
            why = Text(
                "流程走到这一步，需要向客户问这一项。", "The procedure needs this from the customer next."
            )
            return [
                Card(
                    _id("do", "ask", prompt.text), "do", title, text=prompt.text, insert=prompt.text, why=why
                )
            ]
        return []
    return _wanted(thread, release, now)


def _wanted(thread: Thread, release: Release, now: datetime) -> list[Card]:
    """Return the procedure that the customer's last words ask for, with what they told filled in."""
    if thread.reading is None:
        return []
    alone = thread.tracker.copy()
    alone.owner = ""
    for command in interpret(thread.reading, alone, release, now):
        if not isinstance(command, c.StartFlow) or command.flow not in release.flows:
            continue
        flow = release.flows[command.flow]
        if any(step.handover is not None for step in flow.steps[:1]):
            continue
        values: Record = {
            n: v for n, v in command.slots.items() if n in flow.slots and isinstance(v, str | int)
        }
        action: Record = {"flow": flow.flow, "values": {name: str(value) for name, value in values.items()}}
        title = Text(f"办理“{flow.title.zh}”", f"Start: {flow.title.en}")
        why = Text("客户的话里提到了这项业务。", "The customer's words ask for this.")
        return [Card(_id("do", thread.asked_last, flow.flow), "do", title, action=action, why=why)]
    return []


_FEELINGS: dict[str, tuple[Text, str]] = {
    "anger": (
        Text(
            "客户越来越生气：先认下让客户生气的事，再说下一步和时间。",
            "The customer is getting angrier: name what went wrong, then say what happens next and when.",
        ),
        "sorry_trouble",
    ),
    "anxiety": (
        Text(
            "客户很着急：先说资金现在是否安全，再说正在做什么。",
            "The customer is anxious: say first whether the money is safe, then what you are doing.",
        ),
        "understand_worry",
    ),
    "confusion": (
        Text(
            "客户没有听明白：换短句，一次只说一步。",
            "The customer is lost: short sentences, one step at a time.",
        ),
        "say_again",
    ),
    "shame": (
        Text(
            "客户难以启齿：不追问原因，只说能怎么办。",
            "The customer is ashamed: do not ask why, say what can be done.",
        ),
        "understand_worry",
    ),
}


def _feel(thread: Thread, pack: DeskPack) -> list[Card]:
    """Return one concrete sentence when the customer's feelings have changed."""
    mood, emotion = thread.tracker.mood, thread.tracker.emotion
    levels = [mark.level for mark in thread.moods[-MOOD_TURNS:]]
    risen = levels[-1] - levels[0] if len(levels) > 1 else 0.0
    known = _FEELINGS.get(emotion)
    if known is None or not (mood.trend == "rising" or risen >= RISEN or mood.level >= HEATED):
        return []
    text, phrase = known
    title = Text("客户的情绪", "How the customer feels")
    card = _id("feel", emotion, thread.moods[-1].sequence if thread.moods else 0)
    return [Card(card, "feel", title, text=text, insert=_phrase(pack, phrase, thread.tracker.language))]


# --- the wrap-up


def wrap_of(thread: Thread, release: Release, pack: DeskPack) -> Wrap:
    """Build the wrap-up from what happened: what it was about, what was done, what was promised."""
    flows = [flow for flow in thread.flows.values() if flow in release.flows]
    intent = release.intents.get(thread.intent)
    flow = flows[-1] if flows else intent.flow if intent is not None and intent.flow else ""
    area, reason = pack.reason_of(flow)
    done = [action for action in thread.actions if action.state == "done"]
    failed = [action for action in thread.actions if action.state in ("refused", "unavailable", "unknown")]
    open_ones = [promise for promise in thread.promises if promise.state == "open"]
    outcome = "promised" if open_ones else "solved" if done or not failed else "unsolved"
    about = title_of(release, flow) or (intent.title if intent is not None else Text("咨询", "an inquiry"))
    zh, en = [f"客户事项：{about.zh}。"], [f"About: {about.en}."]
    for action in done:
        title = title_of(release, action.flow) or Text(action.action, action.action)
        zh.append(f"已办：{title.zh}。")
        en.append(f"Done: {title.en}.")
    for action in failed:
        title = title_of(release, action.flow) or Text(action.action, action.action)
        zh.append(f"未成：{title.zh}（{action.code or action.state}）。")
        en.append(f"Not done: {title.en} ({action.code or action.state}).")
    for promise in open_ones:
        local = promise.due_at.astimezone(BANK_ZONE)
        zh.append(f"承诺：{promise.number}，{local:%m-%d %H:%M}前。")
        en.append(f"Promised: {promise.number} by {local:%d %B %H:%M}.")
    if thread.tracker.closed and thread.last is not None and thread.last.author == "customer":
        outcome = "abandoned"
    return Wrap(outcome, area, reason, Text("".join(zh), " ".join(en)))
