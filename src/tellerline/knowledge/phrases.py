"""The pack's wording for figures, tables and branches, and what the law wants said together with an answer."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import msgspec
from babel.dates import format_date
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from tellerline.domain.language import LANGUAGES, Language
from tellerline.domain.located import LocatedYaml
from tellerline.domain.problem import PackProblem
from tellerline.knowledge.article import Topic

RULES_FILE = "rules/knowledge.yaml"
KEYS = frozenset({
    "fact", "fact_phone", "row", "cell", "cell_separator", "row_separator", "more", "cities",
    "list_separator", "reckoned", "branch", "hours_weekday", "hours_saturday", "hours_sunday", "hours_closed_saturday",
    "hours_closed_sunday", "hours_closed_weekend", "hours_separator", "access_yes", "access_no",
    "services", "day",
})  # fmt: skip
_ENVIRONMENT = SandboxedEnvironment(undefined=StrictUndefined)


class Added(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text put after answers from articles of some topics."""

    topics: list[Topic]
    text: str


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """phrases/knowledge.<lang>.yaml by language and key, and rules/knowledge.yaml."""

    texts: dict[Language, dict[str, str]]
    never_alone: dict[str, list[str]] = {}
    added: list[Added] = []

    def quotable(self, fact_id: str) -> bool:
        """Tell whether the fact may be quoted by itself."""
        table, _, row = fact_id.partition(".")
        return table not in self.never_alone or row in self.never_alone[table]


class _Rules(msgspec.Struct, forbid_unknown_fields=True):
    never_alone: dict[str, list[str]]
    added: list[Added]


def read_wording(pack: Path, problems: list[PackProblem]) -> Wording:
    """Read the wording of the pack in folder `pack`."""
    texts: dict[Language, dict[str, str]] = {}
    for language in LANGUAGES:
        source = LocatedYaml(*_read(pack, f"phrases/knowledge.{language}.yaml"))
        texts[language] = source.convert(source.parse(problems), dict[str, str], problems) or {}
        for key, text in texts[language].items():
            _check_template(source, key, text, problems)
        problems.extend(
            PackProblem(source.file, 0, f"no text {key!r}", "add it; the other language shows how")
            for key in sorted(KEYS - texts[language].keys())
        )
    source = LocatedYaml(*_read(pack, RULES_FILE))
    rules = source.convert(source.parse(problems), _Rules, problems) or _Rules({}, [])
    for index, added in enumerate(rules.added):
        for language in LANGUAGES:
            if added.text not in texts[language]:
                what = f"no text {added.text!r} in phrases/knowledge.{language}.yaml"
                problems.append(source.problem(("added", index, "text"), what, "add the text there"))
    return Wording(texts, rules.never_alone, rules.added)


def _read(pack: Path, file: str) -> tuple[str, str]:
    path = pack / file
    return file, path.read_text("utf-8") if path.exists() else ""


def _check_template(source: LocatedYaml, key: str, text: str, problems: list[PackProblem]) -> None:
    try:
        _ENVIRONMENT.from_string(text)
    except TemplateError as error:
        problems.append(source.problem((key,), f"{key}: {error}", "correct the {{ … }} in this text"))


class Phrases:
    """The wording, ready to be filled in."""

    def __init__(self, wording: Wording) -> None:
        self.wording = wording
        self._template = cache(self._compile)

    def _compile(self, key: str, language: Language) -> Template:
        return _ENVIRONMENT.from_string(self.wording.texts[language][key])

    def say(self, key: str, language: Language, **values: object) -> str:
        """Return the text `key` with its fields filled in."""
        return self._template(key, language).render(values)

    def join(self, parts: list[str], language: Language) -> str:
        """Write a list in a sentence."""
        return self.say("list_separator", language).join(parts)

    def day(self, on: date, language: Language) -> str:
        """Write a date."""
        month_name = format_date(on, "MMMM", locale="en")
        return self.say("day", language, year=on.year, month=on.month, day=on.day, month_name=month_name)

    def added_to(self, topic: str) -> list[str]:
        """Return the keys of the texts put after an answer from an article of `topic`."""
        return [added.text for added in self.wording.added if topic in added.topics]

    def added_to_any(self) -> list[str]:
        """Return the keys of all texts put after answers."""
        return [added.text for added in self.wording.added]
