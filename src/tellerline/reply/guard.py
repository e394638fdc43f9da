"""The guard: what no text to a customer may say, the assistant's and the representative's alike.

The rules are data of the pack (`rules/guard.yaml`). A pattern does not count after a negation in its own clause, nor where
it is quoted as what somebody else says. Numbers that belong to one customer alone are found by their check digits.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
from stdnum import luhn
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from tellerline.domain.language import LANGUAGES, Language, Text
from tellerline.domain.located import LocatedYaml
from tellerline.domain.problem import PackProblem

GUARD_FILE = "rules/guard.yaml"
_CLAUSE = re.compile(r"[，。；！？,.;!?\n：:]")
_DIGITS = re.compile(r"(?<![\dA-Za-z-])\d(?:[ -]?\d){10,18}[\dXx]?(?![\dA-Za-z])")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_QUOTES = re.compile(r"“[^”]*”|「[^」]*」|\"[^\"]*\"|'[^']*'(?![a-z])")


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of sentence that is held back. The examples are tried whenever the pack is checked.

    unless: words in the same clause that excuse it. inner: a negation inside what was matched excuses it too.
    """

    id: str
    title: Text
    zh: list[str]
    en: list[str]
    unless: dict[str, list[str]] = {}
    inner: bool = False
    blocks: list[str] = []
    passes: list[str] = []


class GuardForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`rules/guard.yaml`. `negations` and `quoted_by` take the sting out of what follows them."""

    rules: list[Rule]
    negations: dict[Language, str]
    quoted_by: dict[Language, str]
    warnings: list[Rule] = []


class _Compiled:
    """A set of rules as one expression a language."""

    def __init__(self, rules: list[Rule], form: GuardForm) -> None:
        self.rules = rules
        self._negated = {lang: re.compile(form.negations[lang], re.IGNORECASE) for lang in LANGUAGES}
        self._quoted_by = {lang: re.compile(form.quoted_by[lang], re.IGNORECASE) for lang in LANGUAGES}
        self._patterns = {
            "zh": re.compile("|".join(f"(?P<r{i}>{'|'.join(r.zh)})" for i, r in enumerate(rules)), re.IGNORECASE),
            "en": re.compile("|".join(f"(?P<r{i}>{'|'.join(r.en)})" for i, r in enumerate(rules)), re.IGNORECASE),
        }

    def first(self, text: str) -> str | None:
        """Return the id of the first rule `text` breaks in either language."""
        for language in LANGUAGES:
            for match in self._patterns[language].finditer(text):
                rule = self.rules[int(str(match.lastgroup)[1:])] if match.lastgroup else None
                if rule is not None and not self._excused(rule, text, match, language):
                    return rule.id
        return None

    def _excused(self, rule: Rule, text: str, match: re.Match[str], language: Language) -> bool:
        start = max((found.end() for found in _CLAUSE.finditer(text, 0, match.start())), default=0)
        end = next((found.start() for found in _CLAUSE.finditer(text, match.end())), len(text))
        before, clause = text[start : match.start()], text[start:end]
        if self._negated[language].search(before) or (rule.inner and self._negated[language].search(match[0])):
            return True
        if any(word.lower() in clause.lower() for word in rule.unless.get(language, [])):
            return True
        quoted = any(q.start() < match.start() < q.end() for q in _QUOTES.finditer(text))
        return bool(self._quoted_by[language].search(before)) or (
            quoted and bool(self._quoted_by[language].search(text[: match.start()]))
        )


class Guard:
    """Checks texts against the rules of a pack."""

    def __init__(self, form: GuardForm) -> None:
        self._blocks = _Compiled(form.rules, form)
        self._warns = _Compiled(form.warnings, form) if form.warnings else None

    def check(self, text: str, language: Language) -> str | None:
        """Return the id of the rule an outbound text breaks, None when it may be sent."""
        return _leak(text) or self._blocks.first(text)

    def warn(self, text: str, language: Language) -> str | None:
        """Return the id of the warning an outbound text earns, None when there is none."""
        return self._warns.first(text) if self._warns else None


def _leak(text: str) -> str | None:
    """Return the rule broken by a number that belongs to one customer alone."""
    for match in _DIGITS.finditer(text):
        digits = re.sub(r"[ -]", "", match[0])
        if len(digits) == 18 and _is_identity(digits):
            return "B1.identity"
        if digits.isdigit() and 13 <= len(digits) <= 19 and luhn.is_valid(digits):
            return "B1.card"
        if _MOBILE.fullmatch(digits):
            return "B1.phone"
    return None


def _is_identity(digits: str) -> bool:
    try:
        ric.validate(digits)
    except ValidationError:
        return False
    return True


def load_guard(pack: Path) -> Guard:
    """Read the guard of a pack that has been checked. Raises: AssertionError when it was not."""
    guard, problems = read_guard(pack)
    assert guard is not None, [problem.render() for problem in problems]
    return guard


def read_guard(pack: Path) -> tuple[Guard | None, list[PackProblem]]:
    """Read the guard of a pack, and let every rule prove itself on its own examples."""
    problems: list[PackProblem] = []
    source = LocatedYaml(GUARD_FILE, (pack / GUARD_FILE).read_text(encoding="utf-8"))
    raw = source.parse(problems)
    form = source.convert(raw, GuardForm, problems) if raw is not None else None
    if form is None:
        return None, problems
    problems += [
        source.problem(("rules", index), f"{rule.id}: {error}", "write it as a regular expression")
        for index, rule in enumerate([*form.rules, *form.warnings])
        for error in _not_patterns(rule)
    ]
    if problems:
        return None, problems
    guard = Guard(form)
    for index, rule in enumerate(form.rules):
        for text in rule.blocks:
            if guard.check(text, "zh") != rule.id:
                problems.append(source.problem(("rules", index), f"{rule.id} lets {text!r} pass", "widen its patterns"))
        for text in rule.passes:
            if guard.check(text, "zh") is not None:
                problems.append(source.problem(("rules", index), f"{rule.id} blocks {text!r}", "narrow its patterns"))
    return guard, problems


def _not_patterns(rule: Rule) -> list[str]:
    wrong: list[str] = []
    for pattern in (*rule.zh, *rule.en):
        try:
            re.compile(pattern)
        except re.error as error:
            wrong.append(f"{pattern!r}: {error}")
    return wrong
