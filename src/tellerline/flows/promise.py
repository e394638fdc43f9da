"""The promise linter: nothing may be said to be done before it is done, on any path, nor promised if no step keeps it.

A text asserts an effect when it matches a claim below. It may be said only where a step that makes it true has been
taken on every path, or when it states a field of that step's result and so cannot be said without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tellerline.domain.language import Language
from tellerline.flows.expression import plain
from tellerline.flows.graph import Certain

_REVIEWS = frozenset({
    "dispute.open", "fee.review", "transfer.trace", "transfer.recall", "atm.dispute", "repayment.trace",
    "restriction.appeal", "card.request_limit", "card.apply", "loan.apply", "application.review",
})  # fmt: skip


@dataclass(frozen=True)
class Claim:
    """A kind of assertion. `actions` make it true; so does an open case where `case` says so."""

    name: str
    zh: re.Pattern[str]
    en: re.Pattern[str]
    actions: frozenset[str] = frozenset()
    case: bool = False

    def in_(self, language: Language) -> re.Pattern[str]:
        """Return how the claim reads in `language`."""
        return self.zh if language == "zh" else self.en

    def is_true(self, certain: Certain) -> bool:
        """Tell whether what is certain makes the claim true."""
        done = {item.removeprefix("did:") for item in certain if item.startswith("did:")}
        return bool(done & self.actions) or (self.case and "case" in certain)


def _claim(name: str, zh: str, en: str, *actions: str, case: bool = False) -> Claim:
    return Claim(name, re.compile(zh), re.compile(en, re.IGNORECASE), frozenset(actions), case)


CLAIMS = (
    _claim(
        "freeze", r"已经?(为您|帮您)?(全部|临时)?(冻结|挂失)|(冻结|挂失)成功",
        r"\b(is|are|has been|have been) now frozen|\b(has|have) been (frozen|blocked)|\bI('ve| have) (frozen|blocked)",
        "card.freeze", "card.freeze_reported", "payments.stop",
    ),
    _claim(
        "transfer", r"已经?(为您|帮您)?(转出|汇出)|(转账|汇款)成功|款项已(经)?(转|汇)",
        r"(^|\n)sent:|\b(has|have) been (sent|transferred)|\bI('ve| have) (sent|transferred)",
        "transfer.send", "fx.remit",
    ),
    _claim(
        "take back", r"(撤回|撤销)成功|已经?(为您|帮您)?(撤回|撤销)",
        r"(^|\n)taken back:|\b(has|have) been (taken back|recalled)|\bI('ve| have) (taken|recalled)",
        "transfer.cancel",
    ),
    _claim(
        "repayment", r"还款成功|已经?(为您|帮您)还",
        r"(^|\n)paid:|\bI('ve| have) paid|\b(has|have) been repaid",
        "card.repay",
    ),
    _claim(
        "withdrawal", r"支取成功|已经?(为您|帮您)?支取",
        r"\bwas paid into|\b(has|have) been withdrawn|\bI('ve| have) withdrawn",
        "deposit.withdraw",
    ),
    _claim(
        "limit", r"调好了|限额(已经?|现在)(是|调|为)|已经?(为您|帮您)?调(高|低|整)",
        r"\blimit is now|\blimit (has been|was) (changed|raised|lowered)|\bI('ve| have) (raised|lowered)",
        "limit.raise", "limit.lower",
    ),
    _claim(
        "instalment", r"分期(办好了|成功|已经?(办|生效))|已经?(为您|帮您)(办理)?分期",
        r"\bplan is set up|\b(has|have) been split|\bI('ve| have) set up",
        "instalment.open",
    ),
    _claim(
        "replacement", r"新卡已经?(申请|寄出|办好)|补卡成功",
        r"\bcard is ordered|\bcard has been ordered|\bI('ve| have) ordered",
        "card.replace",
    ),
    _claim(
        "registration", r"已经?(为您|帮您)?(登记|受理|提交|立案)|(查询|申请)已经?(发出|提交)",
        r"(^|\n)registered:|\b(has|have|is) (been )?registered\b|\benquiry (is on its way|has been sent)"
        r"|\bI('ve| have) (registered|submitted)",
        *_REVIEWS, case=True,
    ),
    _claim(
        "use", r"已经?(为您|帮您)?(激活|解除)|(激活|解除)成功",
        r"\b(is|has been) (now )?(activated|unfrozen)|\bI('ve| have) (activated|unfrozen|unlocked)",
        "card.activate", "card.unfreeze",
    ),
    _claim(
        "end", r"已经?(为您|帮您)?(注销|解约|销户)|(注销|解约|销户)(成功|好了)",
        r"\b(has|have) been (cancelled|closed)|\bI('ve| have) (cancelled|closed)\b",
        "card.cancel", "mandate.cancel", "account.close", "transfer.cancel",
    ),
    _claim(
        "redemption", r"(兑换|赎回)(好了|成功|申请提交好了)|已经?(为您|帮您)?(兑换|赎回)",
        r"\b(has|have) been redeemed|\bI('ve| have) redeemed",
        "points.redeem", "holding.redeem",
    ),
    _claim(
        "change", r"(变更|重置)(好了|成功)|已经?(为您|帮您)?(变更|重置)",
        r"\b(has|have) been (changed|reset)|\bthat is reset|\bI('ve| have) (changed|reset)",
        "phone.change", "password.reset", "loan.change_account",
    ),
    _claim(
        "issue", r"(开好了|开立成功)|已经?(为您|帮您)?(开具|开立)",
        r"\b(has|have) been (issued|opened)|\bI('ve| have) (issued|opened)|\bis open now",
        "document.issue", "account.open",
    ),
    _claim(
        "memory", r"已经?(为您|帮您)?(忘掉|忘记|记住|记下)|(忘掉|记住|记下)(了|好了)",
        r"\bI('ve| have) (forgotten|noted)|\bI('ll| will) remember|\b(has|have) been (forgotten|remembered)",
        "memory.note", "memory.forget",
    ),
    _claim(
        "stop", r"已经?(为您|帮您)?(停止支付|停付|退出登录|移除)|移除好了",
        r"\bpayment of .{0,40} is stopped|\bis signed out\.|\bI('ve| have) removed",
        "passbook.report_loss", "device.revoke",
    ),
    _claim("booking", r"(?<!解)约好了|预约成功|已经?(为您|帮您)?预约", r"(^|\n)booked\b|\bI('ve| have) booked", "cash.book",
        "loan.repay_early",
    ),
    _claim(
        "done", r"已经?(为您|帮您)(办理|办好|处理好|开通|取消|退款|退还|更正|删除)",
        r"\bI('ve| have) (refunded|corrected|deleted)\b",
    ),
)  # fmt: skip

_NEVER = {
    "zh": re.compile(
        r"(马上|立即|立刻|即时)到账|肯定(能)?(批|通过|退|追回)|一定(会|能)?(批|退|追回|到账)"
        r"|保证(退|批|通过|追回|到账)|包您"
    ),
    "en": re.compile(
        r"\barrives? (at once|immediately|right away)|\bdefinitely (be )?(approved|refunded)|\bwe will surely"
        r"|\bguaranteed to|\byou will get (it|your money) back",
        re.IGNORECASE,
    ),
}
_NOT = re.compile(
    r"(没有|还没|尚未|未|不是|不|如果|是否)[^，。；：]{0,6}$"
    r"|\b(not|never|if|whether|nothing|once)\b[^.;:]{0,24}$",
    re.IGNORECASE,
)


def broken_promises(text: str, language: Language, certain: Certain) -> Iterator[str]:
    """Yield what `text` asserts or promises that is not certain where it is said."""
    said = plain(text)
    for claim in CLAIMS:
        for match in claim.in_(language).finditer(said):
            if not _NOT.search(said[: match.start()]) and not claim.is_true(certain):
                yield match[0].strip()
    for match in _NEVER[language].finditer(said):
        yield match[0].strip()


def gates(roots: frozenset[str], results: dict[str, str]) -> Certain:
    """Return what a text makes certain by stating it: a field of an action's result exists only once it was done.

    results: what each value is the result of: `did:card.freeze`, `case`.
    """
    return frozenset(results[root] for root in roots if root in results)
