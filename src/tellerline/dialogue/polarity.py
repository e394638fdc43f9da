"""Yes or no by the way an answer begins: what a person hears before having understood the rest."""

from __future__ import annotations

import re

import msgspec

_LEAD = re.compile(
    r"^(?:[\s,.!…~、。-]|嗯+|啊|呃|额|哎呀?|唉|哦|噢|那|这个|那个|其实|反正|真的?"
    r"|(?:well|um+|uh+|er+|oh|so|look|hey|listen|honestly)\b)+",
    re.IGNORECASE,
)
# Not yes or no, although they begin like it: not having understood, not knowing, not being in a hurry, courtesy.
_NEITHER = re.compile(
    r"^(?:我|俺|咱)?(?:还是|都|也|真|实在|完全|一直|有点)?"
    r"(?:(?:没有?|不)(?:太|大|怎么|是很|能|见|看|听|搞|弄)*(?:懂|明白|清楚|知道|晓得|记得|理解|会|确定|好意思|急|着急|客气)"
    r"|别(?:急|催|挂|走)|没事|对了|对不起|好像|好的?吧?[?？]|不好意思"
    r"|有什么|有哪些|有没有|是不是|能不能|可不可以|行不行|要不要|要什么|要多)"
    r"|^(?:no (?:idea|clue|worries|problem|rush|hurry|waffle)|not (?:sure|with you|certain)"
    r"|(?:i )?(?:don'?t|do not|didn'?t|did not|can'?t|cannot) (?:really |quite )?"
    r"(?:understand|know|get (?:it|that|you)|follow|remember|see what)"
    r"|right,? (?:so|then|now)|fine print)",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^(?:(?:我|俺|我们|他们?|她|这|那)?(?:从来|从|还|都|也|并|真的?|根本|绝对|谁也|现在|暂时|先)?(?:不|没(?!错|问题|毛病)|否|别|甭|无(?:需|须))"
    r"|(?:no|nope|nah|never|none|nobody|nothing|negative|neither|don'?t|do not|not)\b"
    r"|(?:i|we|they|he|she|it|that)(?:'m| am|'s| is| was| have| has| had| did| do| will| would)?(?: not\b|n'?t\b| never\b)"
    r"|(?:i|we) (?:haven'?t|hasn'?t|hadn'?t|didn'?t|don'?t|won'?t|wouldn'?t|can'?t))",
    re.IGNORECASE,
)
_YES = re.compile(
    r"^(?:(?:我|都|全|就|当然|肯定|确实|的确|没错)*(?:是|对|好|行|可以|嗯|有|要|需要|愿意|同意|确认|没错|没问题|当然|成|办吧|必须)"
    r"|(?:yes|yeah|yep|yup|yea|ya|sure|ok|okay|okey|right|correct|exactly|indeed|of course|absolutely|definitely"
    r"|certainly|please do|go ahead|go on then|do it|fine|confirmed?"
    r"|(?:i|we|they) (?:did|do|have|am|will|would)\b(?! not|n't)|that'?s (?:right|correct|it|fine)))",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"[?？]|[吗呢](?=[\s!！。,，]|$)|什么|怎么|多少|哪|为何|为啥|几[点天个时]|\b(?:what|how|which|when|where|who|why)\b",
    re.IGNORECASE,
)
_TURNS = re.compile(
    r"不|没|但|等|改|别|换|先|\b(?:but|wait|hold|not|change|except|instead|first)\b|n't", re.IGNORECASE
)
_UNIT = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")
REST_MAX = (
    4  # characters or words that may follow without meaning something of their own: "对的没错", "yes please"
)


class Polarity(msgspec.Struct, frozen=True):
    """How an answer leans. `bare`: it says hardly anything beside."""

    yes: bool
    bare: bool


def asks_something(text: str) -> bool:
    """Tell whether `text` is rather a question than an answer."""
    return _ASKS.search(text) is not None


def polarity_of(text: str) -> Polarity | None:
    """Return how `text` begins, or None when it begins with neither yes nor no, or asks something."""
    said = _LEAD.sub("", text.strip())
    if not said or _NEITHER.match(said) or asks_something(said):
        return None
    for yes, pattern in ((False, _NO), (True, _YES)):
        match = pattern.match(said)
        if match:
            rest = said[match.end() :]
            return Polarity(yes, len(_UNIT.findall(rest)) <= REST_MAX and not _TURNS.search(rest))
    return None
