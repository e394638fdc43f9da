"""Finding promises in what is said to a customer: who will do what, and by when. Whoever wrote it, the bank is held to it.

A promise is a clause in which somebody of the bank commits to an act of theirs that is still to come. Questions, offers,
conditions, requests, what has been done, what generally happens, what is denied and what others are quoted with are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import msgspec

from tellerline.cases.by_when import find_by_when, soon
from tellerline.cases.calendar import Calendar
from tellerline.domain.language import Language

WHAT_CHARS_MAX = 200


class FoundPromise(msgspec.Struct, frozen=True):
    """A promise. who: its actor as it was said, "" when it was left out. timed: whether a time was said."""

    who: str
    what: str
    due_at: datetime
    timed: bool


_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")
_EN_SENTENCE = re.compile(r"(?:[^.!?;\n]|\.(?=\S))+[.!?;]?")
_QUOTED = re.compile(r"“[^”]*”|「[^」]*」|\"[^\"]*\"")
_ASKED = re.compile(r"[?？]\s*$")
_REPORTED = {
    "zh": re.compile(
        r"(?:骗子|客户|您|他|她|对方)(?:常|总|刚才|之前)?(?:说(?!明|一声|清)|称|提到|反映说)|(?:同事|人)答应"
    ),
    "en": re.compile(
        r"\b(?:scammers?|callers?|you|he|she|they)\b[^.]{0,12}\b(?:say|says|said|told|claims?)\b",
        re.IGNORECASE,
    ),
}

# --- Chinese: clause by clause; an actor that is left out is the one of the clause before

_ZH_CLAUSE = re.compile(r"[^，,、：:。！？!?；;]+")
_ZH_ACTOR = re.compile(
    r"我们|我这边|我行|本行|我|同事|专员|专人|主管|经理|负责人|工作人员|客服|团队|值班|有人|由(?:我们|专人|专员)"
)
_ZH_CONDITION = re.compile(r"如果|假如|要是|如需|倘若|是否|需要的话|的话")
_ZH_NEGATED = re.compile(r"不(?!用再|必再|久|仅|只)|没(?!问题)|无法|未|别(?!的)|难以|谁也|无人")
_ZH_PAST = re.compile(r"已经?(?!上报)|已于|刚才|刚刚|昨天|上次|过了|回过(?!去)|[^了]了(?:您|$)")
_ZH_GENERAL = re.compile(r"一般|通常|为准|期限是|每[天周月日]|自动|可以|打算|希望")
_ZH_REQUEST = re.compile(
    r"^\s*(?:麻烦|烦请)?请(?!放心|他|她|同事|相关|专)|^您(?!的(?:投诉|异议|申请|争议|问题))"
)
_ZH_WAITS = re.compile(r"我?再(?:为|帮|给)您")
_ZH_TO_YOU = re.compile(
    r"(?:给|为|帮|替|跟|与|和|向|把)您|(?:联系|答复|回复|通知|告诉|告知|回访|致电|提醒|退给|寄给|发给|打给|补发给|对接|反馈)"
    r"(?:给)?您|回您|(?:打|寄|退|转)(?:到|回)您|回电|回话|致电给|短信通知"
)
_ZH_FOR_YOU = re.compile(r"(?:给|为|帮|替|跟|与|和|向)您(?!的)")
_ZH_ACT = re.compile(
    r"回(?:电|复|话|访|音|您|过去)|答复|联系|对接|致电|打给|打过去|打电话|通知|告诉|告知|转告|转达|同步|跟进|跟您|盯着|核实|核对|"
    r"查|反馈|寄|发|退|冲|赔|补|处理|解决|落实|完成|办|申请|预约|上门|提醒|催|确认|解释|说法|准信|结论|消息|给出|调整|更正|"
    r"恢复|撤销|开具|转给|听一遍|沟通|汇报|升级|安排|打到|上报"
)
_ZH_COMING = re.compile(
    r"会|将|马上|尽快|及时|稍后|晚些|晚点|回头|届时|到时|我们?来|我(?:这就|现在就)|明[天早晚]|后天|今天|今晚|下周|(?:周|星期)[一二三四五六日天]|小时|分钟|工作日|天[内后]|之前|前|"
    r"以后|后|再|一定|第一时间|负责|保证|承诺|主动|安排|这两天|来帮|去|当天|包在|就|完|由|亲自|之内|好了"
)
_ZH_OWN_ACT = re.compile(
    r"我(?:们)?(?:一定|马上|现在|这就|明天|下周|之后)?(?:会|将|就去|去(?!过)|让|请|叫)(?!怎么)|(?:我|本)行(?:会|将|承担|负责)"
)
_ZH_VOW = re.compile(
    r"包在(?:我|我们)身上|我(?:们)?(?:保证|承诺)|(?:我|我们)?(?:会|将)?(?:全程|持续)?跟进|帮您(?:跟进|盯)"
)


def _zh_promises(sentence: str) -> bool:
    actor = ""
    requested = False
    for match in _ZH_CLAUSE.finditer(sentence):
        clause = match[0].strip()
        found = _ZH_ACTOR.search(clause)
        actor = found[0] if found else actor
        waits = requested and _ZH_WAITS.search(clause)
        requested = requested or _ZH_REQUEST.search(clause) is not None
        if not waits and _zh_clause_promises(clause, actor):
            return True
    return False


def _zh_clause_promises(clause: str, actor: str) -> bool:
    if any(
        pattern.search(clause) for pattern in (_ZH_CONDITION, _ZH_NEGATED, _ZH_PAST, _ZH_GENERAL, _ZH_REQUEST)
    ):
        return False
    if _ZH_VOW.search(clause) or _ZH_OWN_ACT.search(clause):
        return True
    if not _ZH_COMING.search(clause):
        return False
    if _ZH_FOR_YOU.search(clause):
        return True  # whatever is done, it is done for the customer
    return _ZH_ACT.search(clause) is not None and bool(actor or _ZH_TO_YOU.search(clause))


# --- English: by the form of the sentence

_EN_BEGINS_QUESTION = re.compile(
    r"^\s*(?:would|shall|should|could|can|may|do|did|does|are|is|was)\b", re.IGNORECASE
)
_EN_CONDITION = re.compile(r"\b(?:if|unless|in case)\b", re.IGNORECASE)
_EN_DENIED = re.compile(
    r"\b(?:not|never|nobody|no one|cannot|unable|nothing)\b|n't\b(?! worry)", re.IGNORECASE
)
_EN_CONTACT = (
    r"(?:call|phone|ring|contact|write|reply|answer|email|text|send|get back|come back|be in touch|get in touch|update"
    r"|let you know|tell you|inform|report back|post|refund|credit|reverse|check|investigate|look|follow|chase|finish"
    r"|complete|confirm|arrange|correct|review|process|handle|resolve|visit|give you|touch(?:ing)? base|notify)"
)
_EN_PEOPLE = (
    r"(?:specialist|colleague|manager|team|advis[eo]r|someone|somebody|officer|department|branch|bank|expert|supervisor"
    r"|leader|engineers?)"
)
_EN_WILL = r"(?:'ll|\s+will|\s+shall|'m going to|'re going to|\s+am going to|\s+are going to|\s+is going to)"
_EN_WEAK = r"(?!\s+(?:need|have to|require|only|be (?:sorry|glad|happy|unable)))"
_EN_PROMISES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:I|we){_EN_WILL}\b{_EN_WEAK}\s+\w+",
        r"\b(?:I|we)\s+(?:promise|guarantee|undertake|intend to|plan to|can assure you)\b",
        r"\b(?:I'm|we're|I am|we are)\s+(?:arranging|having|getting|asking|sending|escalating|committed to)\b",
        r"\byou have my word\b|\bleave it with (?:me|us)\b|\bexpect (?:our|my|a) (?:reply|call|answer|response)\b",
        r"\blet me\b[^.]{0,40}\band (?:get|come|call|ring|phone) (?:back|you)\b",
        rf"\b{_EN_PEOPLE}\b[^.]{{0,25}}{_EN_WILL}\b\s+(?:be |\w+ )?{_EN_CONTACT}(?:ing)?\b",
        (
            r"\byou(?:'ll| will| can expect| should)\s+(?:have|get|hear|receive|be (?:called|contacted|told))\b[^.]{0,30}"
            r"\b(?:answer|reply|decision|call|back|from (?:us|me)|result|update|outcome|it|by)\b"
        ),
        r"\byou can expect\b[^.]{0,30}\bfrom us\b",
        # Whatever is done, it is done for the customer: "the branch director will answer you herself".
        (
            r"(?<!\byou)(?:'ll|\s(?:will|is going to|are going to))\b\s(?!(?:cost|take|charge|need|ask|be charged)\b)"
            r"[^.]{0,40}\byou\b(?!r| (?:have|need|want|can|are|were|withdraw|pay))"
        ),
        (
            r"\b(?:will|shall) be (?:posted|sent|mailed|refunded|answered|credited to you|looked into|corrected|reversed"
            r"|investigated|called|contacted)\b"
        ),
    )
)
_EN_ACTOR = re.compile(
    rf"\b(?:I|we|our [\w ]{{0,20}}?{_EN_PEOPLE}|my {_EN_PEOPLE}|an? {_EN_PEOPLE}|{_EN_PEOPLE})\b",
    re.IGNORECASE,
)
_EN_CLAUSE = re.compile(r"(?:[^,]|,(?=\d))+")


def _en_promises(sentence: str) -> bool:
    if _EN_BEGINS_QUESTION.search(sentence) or _EN_CONDITION.search(sentence):
        return False
    return any(
        not _EN_DENIED.search(match[0]) and any(pattern.search(match[0]) for pattern in _EN_PROMISES)
        for match in _EN_CLAUSE.finditer(sentence)
    )


# --- both


def find_promises(text: str, language: Language, now: datetime, calendar: Calendar) -> list[FoundPromise]:
    """Return the promises that `text` makes, one for each sentence that makes any, in order."""
    found: list[FoundPromise] = []
    for sentence in _sentences(text, language):
        bare = _QUOTED.sub("", sentence)
        if _ASKED.search(sentence) or _REPORTED[language].search(bare):
            continue
        promises = _zh_promises(bare) if language == "zh" else _en_promises(bare)
        if not promises:
            continue
        due_at = find_by_when(bare, language, now, calendar)
        actor = (_ZH_ACTOR if language == "zh" else _EN_ACTOR).search(bare)
        what = sentence.strip()[:WHAT_CHARS_MAX]
        found.append(
            FoundPromise(actor[0] if actor else "", what, due_at or soon(now, calendar), due_at is not None)
        )
    return found


def _sentences(text: str, language: Language) -> Iterator[str]:
    """Yield sentences with the mark that ends them."""
    for match in (_SENTENCE if language == "zh" else _EN_SENTENCE).finditer(text):
        if match[0].strip():
            yield match[0]
