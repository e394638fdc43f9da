"""Approved texts with gated fields.

A text names the values it states. When one of them is not known (no step produced it), the text is not eligible, and the
next variant is tried; so a number of a dispute can only be said once there is a dispute.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from jinja2 import StrictUndefined, Template, UndefinedError, meta, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from tellerline.domain.errors import Invalid
from tellerline.domain.expression import holds
from tellerline.domain.fact import Fact
from tellerline.domain.language import Language, Text
from tellerline.reply.format import clock_time, day, money


class Variant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One wording, and when it fits."""

    text: str
    when: str = ""


class Rendered(msgspec.Struct, frozen=True):
    """A text ready to be sent. `roots` are the names of the values it used, `facts` the facts."""

    text: str
    roots: frozenset[str]
    facts: list[Fact]


@pass_context
def _money(context: Context, minor: int, currency: str = "CNY") -> str:
    return money(minor, context["language"], currency)


@pass_context
def _day(context: Context, value: str) -> str:
    return day(value, context["language"])


@pass_context
def _time(context: Context, value: str) -> str:
    return clock_time(value, context["language"])


@pass_context
def _label(context: Context, value: Mapping[str, str]) -> str:
    return value[context["language"]]


def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(money=_money, day=_day, time=_time, label=_label)
    return environment


ENVIRONMENT = _environment()


class _Facts:
    """Gives templates `facts.table.row` as rendered text, and remembers which were used."""

    def __init__(self, book: Any, language: Language, used: list[Fact], path: str = "") -> None:  # noqa: ANN401
        self._book, self._language, self._used, self._path = book, language, used, path

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        path = f"{self._path}.{name}" if self._path else name
        if not self._path:
            return _Facts(self._book, self._language, self._used, path)
        fact = self._book.get(path)
        if fact is None:
            raise UndefinedError(f"no fact {path} in force")
        self._used.append(fact)
        return fact.render(self._language)


class CopyBook:
    """The texts of one scope (a flow, or the patterns) in every language."""

    def __init__(self, scope: str, texts: Mapping[Language, Mapping[str, list[Variant]]]) -> None:
        self.scope = scope
        self._texts = texts
        self._compiled: dict[tuple[Language, str], list[tuple[str, Template, frozenset[str]]]] = {}

    def keys(self, language: Language) -> set[str]:
        """Return the keys that have a text in `language`."""
        return set(self._texts[language])

    def variants(self, language: Language, key: str) -> list[Variant]:
        """Return the wordings under `key`; [] when there are none."""
        return self._texts[language].get(key, [])

    def has(self, language: Language, key: str) -> bool:
        """Tell whether there is a text under `key`."""
        return key in self._texts[language]

    def render(self, key: str, language: Language, scope: Mapping[str, Any]) -> Rendered | None:
        """Write the first eligible variant, or None when none is.

        Raises: Invalid, code `copy`, when there is no such text at all.
        """
        for when, template, roots in self._templates(language, key):
            if when and not holds(when, scope):
                continue
            used: list[Fact] = []
            values = {**scope, "facts": _Facts(scope.get("facts", {}), language, used), "language": language}
            try:
                text = template.render(values).strip()
            except (UndefinedError, KeyError, TypeError):
                continue  # a field of this variant is not known: not eligible
            return Rendered(text, roots, used)
        return None

    def _templates(self, language: Language, key: str) -> list[tuple[str, Template, frozenset[str]]]:
        found = self._compiled.get((language, key))
        if found is None:
            variants = self.variants(language, key)
            if not variants:
                raise Invalid(
                    "copy", f"{self.scope} has no text {key!r} in {language}", key=key, language=language
                )
            found = [(v.when, ENVIRONMENT.from_string(v.text), fields_of(v.text)) for v in variants]
            self._compiled[language, key] = found
        return found


def fields_of(text: str) -> frozenset[str]:
    """Return the names of the values a template states."""
    return frozenset(meta.find_undeclared_variables(ENVIRONMENT.parse(text)))


def parse_copy(raw: Mapping[str, Any]) -> dict[str, list[Variant]]:
    """Turn the content of a copy file into variants: a value is a text, or a list of {when, text}.

    Raises: msgspec.ValidationError naming the key.
    """
    parsed: dict[str, list[Variant]] = {}
    for key, value in raw.items():
        parsed[key] = [Variant(value)] if isinstance(value, str) else msgspec.convert(value, list[Variant])
    return parsed


def text_of(value: Text | Mapping[str, str], language: Language) -> str:
    """Return a bilingual value in `language`, whether typed or from the bank as a record."""
    return value.in_(language) if isinstance(value, Text) else value[language]
