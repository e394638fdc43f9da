"""What the scripted bank says on the page: short scenes that show every part of the page, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.citation import Source
from tellerline.domain.language import Language, Text

COPY = Source("copy", "patterns/greeting", "9f2c41ab77d0")
RATES = [
    Source("fact", "deposit_rates.term_1y", "2026-01-01", "存款利率 · Deposit rates", "2026-01-01"),
    Source("fact", "deposit_rates.term_3y", "2026-01-01", "存款利率 · Deposit rates", "2026-01-01"),
    Source("article", "early-withdrawal#loss", "2026-01-01", "提前支取 · Early withdrawal", "2026-01-01"),
]
FROZEN = [Source("copy", "lost_card/frozen", "9f2c41ab77d0"), Source("bank", "card.freeze", "41")]
WORDS = {
    "greet": Text(
        "您好，我是港湾银行的AI智能客服。对话将被记录，您可随时说“转人工”。\n\n请问有什么可以帮您？",
        "Hello, I am Harbour Bank's AI assistant. This chat is recorded; say “human” any time.\n\n"
        "How can I help you?",
    ),
    "rates": Text(
        "一年期定期存款年利率 **1.10%**，三年期 **1.55%**。\n\n"
        "| 期限 | 年利率 |\n|-|-|\n| 三个月 | 0.80% |\n| 一年 | 1.10% |\n| 三年 | 1.55% |\n\n"
        "## 提前支取\n- 支取部分按活期利率计息\n- 其余部分利率不变",
        "A one-year term deposit pays **1.10%** a year, three years **1.55%**.\n\n"
        "| Term | Rate a year |\n|-|-|\n| 3 months | 0.80% |\n| 1 year | 1.10% |\n| 3 years | 1.55% |\n\n"
        "## Early withdrawal\n- What you take out earns the demand rate\n- The rest keeps its rate",
    ),
    "lost": Text(
        "先别着急，我马上帮您冻结。请问是哪一张卡？",
        "Don't worry, I will freeze it at once. Which card is it?",
    ),
    "debit": Text("借记卡（尾号 6688）", "Debit card ending 6688"),
    "gold": Text("信用卡金卡（尾号 2046）", "Gold credit card ending 2046"),
    "frozen": Text(
        "已冻结尾号 6688 的借记卡，时间 14:32。这笔可疑交易我也为您登记了，专人会核查。",
        "Your debit card ending 6688 is frozen as of 14:32. I have also registered the suspicious payment; "
        "a colleague will look into it.",
    ),
    "identify": Text("办理前需要先核对您的身份。", "Before that, I need to check who you are."),
    "otp": Text(
        "请在安全验证框中输入发到您手机的验证码。工作人员不会索要验证码。",
        "Please enter the code sent to your phone in the secure box. Our staff never ask for it.",
    ),
    "face": Text("调高限额需要人脸核验。", "Raising your limit needs a face check."),
    "done": Text("验证通过，已为您办理。", "Thank you, you are verified. It is done."),
    "human": Text(
        "正在为您转接人工客服，预计约3分钟，前述内容已同步。",
        "I am connecting you to a person, about 3 minutes. They will see everything so far.",
    ),
    "echo": Text("已收到您的消息。还有其他可以帮您的吗？", "I have your message. Is there anything else?"),
    "bye": Text("感谢您的来电，再见。", "Thank you, goodbye."),
}


def _say(key: str, language: Language, sources: Sequence[Source] = (COPY,), **more: object) -> e.MessageSent:
    return e.MessageSent("assistant", WORDS[key].in_(language), language, sources=list(sources), **more)  # type: ignore[arg-type]


def _need(method: str, level: int, language: Language) -> list[e.Body]:
    asked = e.VerificationRequested(e.FrameId("f1"), level, method)
    return [asked, _say(method, language, widget=method)]


def _rates(language: Language) -> list[e.Body]:
    return [_say("rates", language, RATES)]


def _lost(language: Language) -> list[e.Body]:
    choices = [e.Choice(WORDS[key].in_(language), key) for key in ("debit", "gold")]
    return [_say("lost", language, choices=choices, flow="lost_card", step="which")]


def _frozen(language: Language) -> list[e.Body]:
    due = datetime.now(UTC) + timedelta(days=5)  # noqa: TID251 - shown, never compared
    return [
        e.CaseOpened(None, "D20261123-0007", "dispute", "disputes", due, "check the payment"),
        _say("frozen", language, FROZEN, case="D20261123-0007", flow="lost_card", step="tell"),
    ]


def _human(language: Language) -> list[e.Body]:
    source = Source("queue", "general", "77")
    return [
        e.HandoverRequested("asked", "general", 2, 2, True, 3),
        _say("human", language, [source]),
    ]


SCENES: dict[str, Callable[[Language], list[e.Body]]] = {
    "rates": _rates,
    "lost": _lost,
    "debit": _frozen,
    "gold": _frozen,
    "human": _human,
    "identify": lambda language: _need("identify", 1, language),
    "otp": lambda language: _need("otp", 2, language),
    "face": lambda language: _need("face", 3, language),
    "bye": lambda language: [_say("bye", language), e.ConversationClosed("finished")],
    "verified identify": lambda language: _need("otp", 2, language),
    "verified otp": lambda language: [_say("done", language)],
    "verified face": lambda language: [_say("done", language)],
}
TRIGGERS = {
    "rates": ("利率", "rate"),
    "lost": ("丢", "lost"),
    "human": ("人工", "person"),
    "identify": ("余额", "balance"),
    "otp": ("转账", "transfer"),
    "face": ("限额", "limit"),
    "bye": ("再见", "goodbye"),
}


def greet(_: str, language: Language) -> list[e.Body]:
    """Greet as a bank must."""
    return [e.CommandsDecided("system", [c.OpenConversation()]), _say("greet", language)]


def play(text: str, language: Language) -> list[e.Body]:
    """Play the scene that the text asks for, else acknowledge it."""
    if text in SCENES:
        return SCENES[text](language)
    for scene, triggers in TRIGGERS.items():
        if any(trigger in text.lower() for trigger in triggers):
            return SCENES[scene](language)
    return [_say("echo", language)]
