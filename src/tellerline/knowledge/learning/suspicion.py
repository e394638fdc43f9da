"""What has no place in a bank's knowledge: text hidden from the reader, orders to the machine, links that lead elsewhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from tellerline.domain.proposal import Finding
from tellerline.knowledge.article import REFERENCE
from tellerline.knowledge.learning.document import Document, words_of

_SHOWN_CHARS = 60
_INVISIBLE = re.compile(
    r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_LINK = re.compile(
    r"\b(?:https?|ftp|file)://|\bjavascript\s*:|\bdata:\w+/\w|\bmailto:\S|<[^<>\s]*[:/][^<>\s]*>|\bwww\.[a-z0-9-]+\.",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(r"\{\{|\}\}|\{%|%\}|\{#")
_MARKUP = re.compile(r"<\s*/?\s*(?:script|iframe|img|svg|object|embed|style|link|meta|form)\b", re.IGNORECASE)

# An order to whoever reads it as a machine: what instructions are set aside, what it is to be, or whom to keep it from.
# An article speaks to customers about the bank, and has no reason to say any of this.
_ORDERS = re.compile(
    r"(?:ignore|disregard|forget|override|bypass)\b.{0,30}"
    r"\b(?:instruction|prompt|rule|guideline|direction|polic(?:y|ies)|above|previous)"
    r"|\b(?:system|developer|hidden|initial)\s+(?:prompt|message|instruction)s?\b"
    r"|<\|\w+\|>|\[/?inst\]|^\s*system\s*[:：]"
    r"|\b(?:you are|act as|pretend to be|behave as)\s+(?:now\s+)?(?:an?\s+)?"
    r"(?:ai|assistant|chatbot|language model|llm|dan|different)\b"
    r"|\b(?:as|dear|attention)\s+(?:an?\s+)?(?:ai|language model|llm|chatbot|assistant)\b"
    r"|\b(?:do not|don't|never)\s+(?:tell|inform|mention|reveal|show)\b.{0,20}"
    r"\b(?:the\s+)?(?:customer|user|client|reviewer|checker)"
    r"|\b(?:always|must)\s+(?:answer|reply|respond|say)\b.{0,20}\bregardless\b"
    r"|(?:忽略|无视|忘记|忘掉|不要理会|绕过|覆盖).{0,12}(?:指令|指示|提示词?|规则|设定|要求|上文|以上|之前|前面)"
    r"|系统提示词?|提示词注入|(?:你|您)(?:现在|从现在起)(?:是|扮演)"
    r"|作为(?:一个|一名)?(?:AI|人工智能|语言模型|大模型|聊天机器人|智能助手)"
    r"|(?:请)?(?:扮演|假装(?:成|是)).{0,8}(?:AI|助手|模型|机器人|客服)"
    r"|(?:不要|别|勿|禁止)(?:告诉|告知|透露给?|让).{0,6}(?:客户|用户|审核人?|复核人?)"
    r"|(?:无论|不管)(?:客户|用户).{0,10}(?:都|一律)(?:回答|回复|说)",
    re.IGNORECASE | re.MULTILINE,
)  # fmt: skip


def find_suspicions(document: Document) -> Iterator[Finding]:
    """Yield what a document must not hold, each with its place."""
    for hidden in document.hidden:
        where = f"{document.name}, {hidden.place}"
        yield Finding("hidden", where, f"{hidden.how}: {_short(hidden.text)!r}", "remove it, or show it")
    for place, text in words_of(document):
        where = f"{document.name}, {place}"
        for code, what, remedy in _wrong_with(text):
            yield Finding(code, where, what, remedy)


def _wrong_with(text: str) -> Iterator[tuple[str, str, str]]:
    if found := _INVISIBLE.search(text):
        name = unicodedata.name(found[0], f"U+{ord(found[0]):04X}")
        yield "hidden", f"the invisible character {name}", "type the text anew"
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    if found := _ORDERS.search(plain):
        yield (
            "instruction",
            f"an order to the machine: {_short(found[0])!r}",
            "remove it; articles speak to customers",
        )
    if found := _LINK.search(plain):
        yield (
            "link",
            f"a link: {_short(plain[found.start() :])!r}",
            "say where it is found in the bank's app or branch",
        )
    if _TEMPLATE.search(REFERENCE.sub("", plain)):
        yield (
            "template",
            "curly brackets that are no fact",
            "write {{ facts.<table>.<row> }} or leave them out",
        )
    if found := _MARKUP.search(plain):
        yield "markup", f"markup that could act: {_short(found[0])!r}", "write plain text"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARS else f"{text[:_SHOWN_CHARS]}…"
