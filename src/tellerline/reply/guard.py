"""What no message to a customer may say, whoever wrote it: the assistant's texts and a representative's alike.

The rules are the pack's (rules/guard.yaml). A match is harmless when one of its shields holds: a denial before it
("不保本"), what others say, quoted as a warning, a secret typed where it belongs. Numbers that should never be
written out (card, identity and mobile numbers) are found by form and check digit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec
import opencc
from stdnum import luhn
from stdnum.cn import ric

from tellerline.domain.language import LANGUAGES, Language
from tellerline.domain.located import LocatedYaml
from tellerline.domain.problem import PackProblem

FILE = "rules/guard.yaml"
QUESTIONS_MAX = 3  # in one message
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[a-z]{2}")
_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF5B))} | {
    0xFF05: 0x25, 0x2018: 0x27, 0x2019: 0x27, 0x3000: 0x20,
}  # fmt: skip
_CHINESE_MARK = re.compile(r"(?<=[\u3400-\u9fff”』」）])\s*([,;!?:])")
_MARKS = {",": "，", ";": "；", "!": "！", "?": "？", ":": "："}
_SENTENCE_END = re.compile(r"[。！？\n]|[.!?](?=\s|$|[”\"])")
_CLAUSE_END = re.compile(r"[。！？；!?;\n]|\.(?=\s|$)")
_QUOTED = re.compile(r"[“\"『「‘]([^“”\"『』「」‘’]{1,80})[”\"』」’]")
_QUESTION = re.compile(r"[？?]")

_CARD = re.compile(r"(?<![\d.])(?:\d[ -]?){15,18}\d(?![\d.]?\d)")
_IDENTITY = re.compile(r"(?<![\da-z])\d{17}[\dx](?![\da-z])")
_MOBILE = re.compile(r"(?<![\d-])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\d-])")
_UNIONPAY = "62"
_CARD_STARTS = frozenset("3456")
LEAKS = {"card_number": "B1", "identity_number": "B1", "mobile_number": "B1"}

Severity = Literal["block", "warn"]


class Finding(msgspec.Struct, frozen=True):
    """A rule that a text breaks. quote: the words, as the rules read them; "" for a number, which is not repeated."""

    rule: str
    severity: Severity
    quote: str


class _Context(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What around a match makes it harmless, in one language; see rules/guard.yaml."""

    before: str | None = None
    inside: str | None = None
    after: str | None = None
    anywhere: str | None = None
    quoted: str | None = None


class _Patterns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zh: list[str]
    en: list[str]


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule as written. `rule`: the house rule behind it."""

    id: str
    rule: str
    severity: Severity
    match: _Patterns
    unless: list[str]
    blocks: list[str]
    passes: list[str]


class GuardRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """rules/guard.yaml as written."""

    shields: dict[str, dict[Language, _Context]]
    rules: list[Rule]


class _Shield(NamedTuple):
    before: re.Pattern[str] | None
    inside: re.Pattern[str] | None
    after: re.Pattern[str] | None
    anywhere: re.Pattern[str] | None
    quoted: re.Pattern[str] | None

    def holds(self, text: str, start: int, end: int) -> bool:
        """Tell whether the match `text[start:end]` is harmless."""
        clause = _last_end(_CLAUSE_END, text, start)
        first, last = _last_end(_SENTENCE_END, text, start), _next_end(_SENTENCE_END, text, end)
        sentence = text[first:last]
        around = (
            (self.before, text[clause:start]),
            (self.inside, text[start:end]),
            (self.after, text[end:last]),
            (self.anywhere, sentence),
        )
        if any(form is not None and form.search(part) for form, part in around):
            return True
        return self.quoted is not None and self._is_quoted(sentence, start - first, end - first)

    def _is_quoted(self, sentence: str, start: int, end: int) -> bool:
        inside = any(quote.start() < start and end < quote.end() for quote in _QUOTED.finditer(sentence))
        return inside and self.quoted is not None and self.quoted.search(sentence) is not None


class _Ready(NamedTuple):
    """A rule in one language, compiled."""

    id: str
    pattern: re.Pattern[str]
    shields: list[_Shield]

    def quote(self, text: str) -> str | None:
        """Return the words of the folded text that break the rule; None when none do."""
        start = 0
        while (found := self.pattern.search(text, start)) is not None:
            if not any(shield.holds(text, found.start(), found.end()) for shield in self.shields):
                return found[0]
            start = found.start() + 1
        return None


class _Language(NamedTuple):
    """The rules of one severity in one language. `any_of` finds whether any of them is worth a closer look."""

    any_of: re.Pattern[str] | None
    rules: list[_Ready]

    def broken(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield the ids of the rules that the folded text breaks, each with the words that break it."""
        if self.any_of is not None and self.any_of.search(text):
            for rule in self.rules:
                quote = rule.quote(text)
                if quote is not None:
                    yield rule.id, quote


class Guard:
    """Checks messages against the rules of a pack."""

    def __init__(self, rules: GuardRules) -> None:
        self._ready = {
            (severity, language): _prepare(rules, severity, language)
            for severity in ("block", "warn")
            for language in LANGUAGES
        }

    def check(self, text: str, language: Language) -> str | None:
        """Return the id of a rule that `text`, about to be sent, breaks; None when it may go. `language` decides first."""
        folded = _fold(text)
        leak = find_leak(folded)
        return leak or next((rule for rule, _ in self._broken("block", folded, language)), None)

    def warn(self, text: str, language: Language) -> list[str]:
        """Return the ids of what the writer should look at again."""
        folded = _fold(text)
        found = [rule for rule, _ in self._broken("warn", folded, language)]
        if len(_QUESTION.findall(folded)) > QUESTIONS_MAX:
            found.append("many_questions")
        return found

    def inspect(self, text: str, language: Language) -> list[Finding]:
        """Return everything to be said of a draft, each rule with the words that break it; what blocks comes first."""
        folded = _fold(text)
        leak = find_leak(folded)
        findings = [] if leak is None else [Finding(leak, "block", "")]
        for severity in ("block", "warn"):
            findings += [
                Finding(rule, severity, quote) for rule, quote in self._broken(severity, folded, language)
            ]
        if len(_QUESTION.findall(folded)) > QUESTIONS_MAX:
            findings.append(Finding("many_questions", "warn", ""))
        return findings

    def _broken(self, severity: Severity, folded: str, language: Language) -> Iterator[tuple[str, str]]:
        written: dict[Language, re.Pattern[str]] = {"zh": _HAN, "en": _LATIN}
        for one in sorted(LANGUAGES, key=lambda one: one != language):
            if written[one].search(folded):
                yield from self._ready[severity, one].broken(folded)


def _prepare(rules: GuardRules, severity: Severity, language: Language) -> _Language:
    ready = []
    for rule in rules.rules:
        patterns: list[str] = getattr(rule.match, language)
        if rule.severity == severity and patterns:
            shields = [
                _shield(rules.shields[name][language])
                for name in rule.unless
                if language in rules.shields[name]
            ]
            ready.append(_Ready(rule.id, re.compile("|".join(patterns)), shields))
    any_of = re.compile("|".join(rule.pattern.pattern for rule in ready)) if ready else None
    return _Language(any_of, ready)


def _shield(context: _Context) -> _Shield:
    forms = (context.before, context.inside, context.after, context.anywhere, context.quoted)
    return _Shield(*(re.compile(form) if form is not None else None for form in forms))


def _last_end(form: re.Pattern[str], text: str, before: int) -> int:
    """Return where the last match of `form` before the position ends, 0 when there is none."""
    end = 0
    for found in form.finditer(text, 0, before):
        end = found.end()
    return end


def _next_end(form: re.Pattern[str], text: str, after: int) -> int:
    """Return where the next match of `form` from the position on begins, or the end of the text."""
    found = form.search(text, after)
    return found.start() if found else len(text)


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _fold(text: str) -> str:
    """Return `text` as the rules are written: lower case, half-width letters, simplified, Chinese marks in Chinese."""
    plain = text.translate(_WIDTH).lower()
    if _HAN.search(plain):
        plain = _CHINESE_MARK.sub(lambda found: _MARKS[found[1]], _converter().convert(plain))
    return plain


def find_leak(text: str) -> str | None:
    """Return which kind of number the text writes out in full: card_number, identity_number or mobile_number."""
    if any(ric.is_valid(found[0].upper()) for found in _IDENTITY.finditer(text)):
        return "identity_number"
    if any(_is_card(re.sub(r"[ -]", "", found[0])) for found in _CARD.finditer(text)):
        return "card_number"
    return "mobile_number" if _MOBILE.search(text) else None


def _is_card(digits: str) -> bool:
    """Tell whether digits are a card number. Some UnionPay numbers fail the check digit."""
    return digits.startswith(_UNIONPAY) or (digits[0] in _CARD_STARTS and bool(luhn.is_valid(digits)))


def read_guard(pack: Path, problems: list[PackProblem]) -> GuardRules | None:
    """Read the rules of the pack in folder `pack` and try every rule on its own examples."""
    path = pack / FILE
    if not path.exists():
        problems.append(PackProblem(FILE, 0, "no rules for outbound messages", "write the file"))
        return None
    source = LocatedYaml(FILE, path.read_text("utf-8"))
    rules = source.convert(source.parse(problems), GuardRules, problems)
    if rules is None:
        return None
    before = len(problems)
    for index, rule in enumerate(rules.rules):
        _check_forms(source, rules, ("rules", index), rule, problems)
    if len(problems) > before:
        return None
    guard = Guard(rules)
    for index, rule in enumerate(rules.rules):
        _check_examples(source, guard, ("rules", index), rule, problems)
    return rules


def _check_forms(
    source: LocatedYaml, rules: GuardRules, at: tuple[str | int, ...], rule: Rule, problems: list[PackProblem]
) -> None:
    for language in LANGUAGES:
        patterns: list[str] = getattr(rule.match, language)
        for number, pattern in enumerate(patterns):
            try:
                re.compile(pattern)
            except re.error as error:
                where = (*at, "match", language, number)
                problems.append(
                    source.problem(where, f"no regular expression: {error}", "correct the pattern")
                )
    for number, name in enumerate(rule.unless):
        if name not in rules.shields:
            problems.append(
                source.problem((*at, "unless", number), f"no shield {name!r}", "name one of `shields`")
            )


def _check_examples(
    source: LocatedYaml, guard: Guard, at: tuple[str | int, ...], rule: Rule, problems: list[PackProblem]
) -> None:
    for number, text in enumerate(rule.blocks):
        if rule.id not in _found(guard, rule, text):
            what = f"{rule.id} lets {text!r} through"
            problems.append(
                source.problem((*at, "blocks", number), what, "widen a pattern or narrow a shield")
            )
    for number, text in enumerate(rule.passes):
        if found := _found(guard, rule, text):
            what = f"{', '.join(found)} holds back {text!r}"
            problems.append(
                source.problem((*at, "passes", number), what, "narrow a pattern or widen a shield")
            )


def _found(guard: Guard, rule: Rule, text: str) -> Sequence[str]:
    """Return the rules of the same severity that an example breaks."""
    language: Language = "zh" if _HAN.search(text) else "en"
    return [found for found, _ in guard._broken(rule.severity, _fold(text), language)]
