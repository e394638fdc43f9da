"""The rubric: every indicator with its ability and version. Assistant and representatives are measured by the same one.

A change of what an indicator finds gets a new version, and what was scored by another one is scored again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Literal, NamedTuple

from tellerline.domain.language import Language, Text
from tellerline.quality.finding import Finding
from tellerline.quality.indicators import record, speech, truth, wording
from tellerline.quality.opportunity import Find, Tools
from tellerline.quality.transcript import Transcript

Judge = Literal["rule", "speech", "event"]


class Indicator(NamedTuple):
    """One thing that is measured.

    judge:   rule (on the wording), speech (what sentences do, learned), event (what the record says).
    serious: a failure is an auto-fail, once a person has confirmed it.
    """

    name: str
    ability: int
    version: int
    judge: Judge
    title: Text
    find: Find
    serious: bool = False


def _one(
    find: Find, ability: int, judge: Judge, zh: str, en: str, *, version: int = 1, serious: bool = False
) -> Indicator:
    return Indicator(find.__name__, ability, version, judge, Text(zh, en), find, serious)


INDICATORS: tuple[Indicator, ...] = (
    _one(speech.conclusion_first, 1, "speech", "先说结论", "Says the conclusion first"),
    _one(wording.plain_words, 1, "rule", "用语通俗、句子不长", "Plain words, short sentences"),
    _one(wording.one_request, 1, "rule", "一条消息只问一件事", "One question a message"),
    _one(speech.greeted, 2, "speech", "开场问候", "Greets"),
    _one(speech.asked_for_more, 2, "speech", "结束前询问其他需要", "Asks whether anything is left"),
    _one(speech.next_step_offered, 2, "speech", "办完主动提供下一步", "Offers the next step unasked"),
    _one(speech.heard_at_once, 3, "rule", "客户不必重复同一句话", "The customer need not repeat themselves"),
    _one(speech.told_once, 3, "rule", "不问客户已经说过的信息", "Does not ask for what was told"),
    _one(record.fact_asked_once, 3, "event", "办理中不重复索要信息", "A form asks for nothing twice"),
    _one(record.waited_out, 3, "event", "等客户说完再回复", "Lets the customer finish"),
    _one(speech.alternative_offered, 4, "speech", "办不了时给出其他办法", "A no comes with another way"),
    _one(record.failure_recovered, 5, "event", "系统故障一分钟内有交代", "Goes on within a minute when a system fails"),
    _one(record.task_resumed, 5, "event", "被打断的事有着落", "Takes up what was interrupted"),
    _one(truth.claim_supported, 6, "rule", "利率、费率有依据", "Rates rest on facts"),
    _one(record.steps_completed, 7, "event", "流程办到底", "Carries procedures through"),
    _one(record.confirmed_first, 7, "event", "先确认后办理", "Acts only on a yes", serious=True),
    _one(record.action_succeeded, 8, "event", "操作一次成功", "Actions succeed at once"),
    _one(record.fact_remembered, 9, "event", "接手后不重复询问", "Takes over without asking again"),
    _one(wording.steady_tone, 10, "speech", "面对激烈言辞语气平稳", "Stays even under hostility"),
    _one(wording.no_blame, 10, "speech", "不指责、不讥讽", "Neither blames nor sneers"),
    _one(record.handover_complete, 11, "event", "转接说明完整", "Hands over with everything"),
    _one(record.not_bounced, 11, "event", "不来回转接", "Does not bounce the customer about"),
    _one(record.requests_served, 13, "event", "一条消息的多个请求都办", "Serves every request of a message"),
    _one(wording.language_matched, 14, "rule", "用客户的语言回复", "Answers in the customer's language"),
    _one(truth.summary_true, 15, "rule", "小结与对话一致", "The summary is true to the conversation"),
    _one(truth.sum_right, 16, "rule", "利息算得对", "Interest is computed rightly"),
    _one(record.complaint_registered, 17, "event", "投诉当场登记", "Registers complaints"),
    _one(wording.no_false_claim, 17, "rule", "不承诺收益或结果", "Promises no return and no outcome", serious=True),
    _one(wording.no_forbidden_words, 17, "rule", "无违规营销和表述", "Says nothing the rules forbid"),
    _one(wording.way_left_open, 17, "rule", "不拒绝投诉和人工", "Refuses neither complaint nor human", serious=True),
    _one(speech.scam_warned, 18, "speech", "识别骗局并提醒", "Warns of a scam"),
    _one(wording.polite_address, 19, "rule", "敬称“您”", "Addresses politely (Chinese)"),
    _one(wording.unhurried, 19, "speech", "不催促", "Hurries nobody"),
    _one(speech.promise_dated, 20, "speech", "承诺有期限", "Promises say by when"),
    _one(record.promise_kept, 20, "event", "承诺按时兑现", "Keeps promises in time"),
    _one(record.verified_first, 21, "event", "先核身后办理", "Verifies before data and action", serious=True),
    _one(truth.status_true, 21, "speech", "说办好的确已办好", "What is said to be done is done", serious=True),
    _one(wording.no_secret_asked, 21, "rule", "不索要密码和验证码", "Asks for no secret", serious=True),
    _one(wording.no_number_shown, 21, "rule", "不写出完整号码", "Writes out no full number"),
    _one(record.first_reply, 23, "event", "首次回复及时", "First reply in time", version=2),
    _one(record.next_reply, 23, "event", "后续回复及时", "Later replies in time"),
    _one(speech.cause_named, 24, "speech", "问原因时说清原因", "Names the cause when asked why"),
    _one(speech.question_asked_once, 24, "speech", "不重复同一个问题", "Asks no question twice"),
    _one(speech.acknowledged, 25, "speech", "回应客户的处境", "Acknowledges the customer's situation"),
    _one(speech.acknowledged_once, 25, "speech", "共情不套话", "Does not repeat its sympathy"),
)  # fmt: skip
BY_NAME = {one.name: one for one in INDICATORS}
ADVISES_ONLY: dict[Language, frozenset[str]] = {
    "zh": frozenset({"unhurried"}),
    "en": frozenset({"unhurried", "no_secret_asked", "next_step_offered"}),
}
"""What agrees too little with people in a language (bench/quality/quality.md): shown with evidence, counted for nobody."""

WEIGHTS: dict[str, tuple[float, tuple[int, ...]]] = {
    "compliance": (30, (17, 21, 20)),
    "resolution": (25, (4, 6, 7, 16, 24)),
    "conversation": (20, (1, 2, 3, 9, 14, 15, 25)),
    "relationship": (10, (10, 18, 19, 5)),
    "efficiency": (10, (8, 13, 23)),
    "growth": (5, (11, 12)),
}
"""Groups of abilities and their weight in the whole. Ability 22 belongs to none: it ranks nobody."""
ASSISTANT_ABILITIES = frozenset({*range(1, 11), *range(14, 22), 23, 24, 25, 13})
STRESS = 22


def _version() -> str:
    named = ";".join(f"{one.name}={one.version}" for one in INDICATORS)
    return hashlib.sha256(named.encode()).hexdigest()[:12]


RUBRIC = _version()
"""Version of the rubric: the versions of all its indicators."""


def find_all(transcript: Transcript, tools: Tools) -> Iterator[Finding]:
    """Yield what every indicator finds in a conversation."""
    for indicator in INDICATORS:
        for one in indicator.find(transcript, tools):
            yield Finding(indicator.name, indicator.version, *one)
