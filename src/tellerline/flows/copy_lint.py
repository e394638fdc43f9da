"""Checking what is said in a flow: every text is there in every language, and can be said where the flow says it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from tellerline.domain.language import LANGUAGES, Language
from tellerline.domain.problem import PackProblem
from tellerline.flows.expression import Uses, names_in, optional_names, plain, syntax_error, uses_of
from tellerline.flows.graph import NOTHING, Certain
from tellerline.flows.load import CopyFile, FlowFiles, Wording
from tellerline.flows.promise import broken_promises, gates
from tellerline.flows.spec import Slot, Step
from tellerline.flows.subject import GLOBALS, Subject, known_values

CheckReply = Callable[[str, Language], "str | None"]
"""Returns the phrase rule that a text breaks, if any."""

_FIGURE = re.compile(
    r"\d[\d,.]*\s*(%|％|元|万元|天|日内|小时|分钟|个?工作日|个月|年"
    r"|(yuan|CNY|days?|hours?|minutes?|business days?|years?)\b)"
)
_EXAMPLES = ("explain_",)  # an explanation may give an example


@dataclass(frozen=True)
class Use:
    """A place where a text is said: what is certain there, and names that are known only for it."""

    key: str
    certain: Certain
    extra: frozenset[str] = frozenset()


def lint_copy(
    files: FlowFiles, *, patterns: Collection[str] = (), check_reply: CheckReply | None = None
) -> list[PackProblem]:
    """Return what is wrong with the texts of one flow.

    patterns: keys of the general texts, which a flow may replace by its own.
    """
    subject = Subject(files)
    unreadable = [problem for language in LANGUAGES for problem in texts_can_be_read(files.copies[language])]
    if unreadable or not all(copy.readable for copy in files.copies.values()):
        return unreadable
    uses = list(_uses(subject)) + list(_replacements(subject, patterns))
    problems = [*_languages_agree(files), *_nothing_is_unused(files, uses, patterns)]
    problems += _keys_exist(subject, uses, patterns)
    for language in LANGUAGES:
        copy = files.copies[language]
        problems += wordings_are_sound(copy, language, check_reply)
        problems += _texts_can_be_said(subject, copy, language, uses)
    return list(dict.fromkeys(problems))


def texts_can_be_read(copy: CopyFile) -> Iterator[PackProblem]:
    """Yield texts and conditions that are no templates and no expressions; no other rule can look at them."""
    for key, index, wording in _wordings(copy):
        for source, expression in ((wording.text, False), (wording.when, True)):
            wrong = syntax_error(source, expression=expression) if source else ""
            if wrong:
                yield copy.yaml.problem((key, index), f"{key} cannot be read: {wrong}", "correct it")


def _wordings(copy: CopyFile) -> Iterator[tuple[str, int, Wording]]:
    for key, wordings in copy.texts.items():
        for index, wording in enumerate(wordings):
            yield key, index, wording


# --- where each text is said


def _uses(subject: Subject) -> Iterator[Use]:
    for _, step in subject.steps:
        certain = subject.reached(step)
        for key in (step.say, step.disclose):
            if key is not None:
                yield Use(key, certain)
        if step.confirm is not None:
            yield Use(step.confirm, certain | {"value:terms"})
        if step.promise is not None:
            yield Use(step.promise.summary, certain)
        slot = subject.files.flow.slots.get(step.ask or "")
        if slot is not None:
            yield from _slot_uses(step, slot, certain)


def _slot_uses(step: Step, slot: Slot, certain: Certain) -> Iterator[Use]:
    yield Use(slot.ask, certain, frozenset({"choices"}))
    for key in (slot.explain, slot.why):
        if key:
            yield Use(key, certain)
    for check in slot.check:
        yield Use(check.say, certain, frozenset({str(step.ask)}))


def _replacements(subject: Subject, patterns: Collection[str]) -> Iterator[Use]:
    """Texts that the dialogue looks for by name: nothing is certain where they are said but what their place implies."""
    flow = subject.files.flow
    confirming = [subject.reached(step) | {"value:terms"} for step in flow.steps if step.confirm is not None]
    at_readback = frozenset.intersection(*confirming) if confirming else NOTHING
    for name in flow.slots:
        yield Use(f"name_{name}", NOTHING)
    yield Use("acknowledge", NOTHING)
    for key in patterns:
        certain = at_readback if key in ("explain_confirm", "why_confirm") else NOTHING
        yield Use(key, certain, frozenset({"value", "code", "case"}))


def _keys_exist(subject: Subject, uses: list[Use], patterns: Collection[str]) -> Iterator[PackProblem]:
    files = subject.files
    for language in LANGUAGES:
        copy = files.copies[language]
        for key in dict.fromkeys(use.key for use in _uses(subject)):
            if key not in copy.texts and key not in patterns:
                what = f"{files.flow.flow} says {key!r}, which has no text"
                yield PackProblem(copy.yaml.file, 0, what, "write it")
        for name in _changeable(subject):
            if f"name_{name}" not in copy.texts:
                what = f"slot {name!r} can be changed at the read-back, but has no name there"
                yield PackProblem(copy.yaml.file, 0, what, f"write name_{name}, a short noun")


def _changeable(subject: Subject) -> list[str]:
    flow = subject.files.flow
    if not any(step.confirm for step in flow.steps):
        return []
    before = subject.certain
    readbacks = [before.get(step.id, NOTHING) for step in flow.steps if step.confirm is not None]
    return [
        name
        for name, slot in flow.slots.items()
        if slot.type != "yes_no" and any(f"value:{name}" in certain for certain in readbacks)
    ]


def _nothing_is_unused(files: FlowFiles, uses: list[Use], patterns: Collection[str]) -> Iterator[PackProblem]:
    used = {use.key for use in uses}
    for language in LANGUAGES:
        copy = files.copies[language]
        for key in copy.texts.keys() - used:
            yield copy.yaml.problem((key,), f"{key!r} is never said", "use it in flow.yaml, or remove it")


# --- one text


def _texts_can_be_said(
    subject: Subject, copy: CopyFile, language: Language, uses: list[Use]
) -> Iterator[PackProblem]:
    results = _results(subject)
    known = known_values(subject)
    for use in uses:
        wordings = copy.texts.get(use.key, [])
        sayable = {item.removeprefix("value:") for item in use.certain if item.startswith("value:")}
        for index, wording in enumerate(wordings):
            at = (use.key, index)
            roots = names_in(wording.text)
            for name in sorted((roots | _names_of(wording.when)) - known - GLOBALS - use.extra):
                yield copy.yaml.problem(
                    at, f"{use.key}: nothing is called {name!r}", "name a value of this flow"
                )
            for name, field in _fields(wording, subject).wrong:
                remedy = f"use one of: {', '.join(sorted(subject.forms[name]))}"
                yield copy.yaml.problem(at, f"{use.key}: {name} has no field {field!r}", remedy)
            certain = use.certain | gates(roots - optional_names(wording.text), results)
            for claim in broken_promises(wording.text, language, certain):
                what = f"{use.key} says “{claim}”, which is not certain on every way to where it is said"
                yield copy.yaml.problem(at, what, "say it after the step that makes it true, or say less")
            missing = roots - optional_names(wording.text) - sayable - GLOBALS - use.extra
            if index == len(wordings) - 1 and missing:
                what = f"{use.key} states {', '.join(sorted(missing))}, which may not be known there"
                yield copy.yaml.problem(
                    at, what, "add a wording without it, or lead there only when it is known"
                )


def _names_of(when: str) -> frozenset[str]:
    return names_in(when, expression=True) if when else frozenset()


def _fields(wording: Wording, subject: Subject) -> Uses:
    uses = uses_of(wording.text, subject.forms)
    if wording.when:
        uses.wrong += uses_of(wording.when, subject.forms, expression=True).wrong
    return uses


def _results(subject: Subject) -> dict[str, str]:
    flow = subject.files.flow
    results = {step.into: f"did:{step.do}" for step in flow.steps if step.do is not None and step.into}
    return results | {step.promise.into: "case" for step in flow.steps if step.promise is not None}


def wordings_are_sound(
    copy: CopyFile, language: Language, check_reply: CheckReply | None
) -> Iterator[PackProblem]:
    """Yield what is wrong with texts wherever they are said: no last resort, a figure typed in, a phrase rule broken."""
    for key, wordings in copy.texts.items():
        if wordings[-1].when:
            yield copy.yaml.problem(
                (key,), f"{key} may have nothing to say", "end with a wording without `when`"
            )
        for index, wording in enumerate(wordings):
            if not wording.when and index < len(wordings) - 1:
                yield copy.yaml.problem(
                    (key, index + 1), f"{key}: this wording is never used", "put the one without `when` last"
                )
            said = plain(wording.text)
            figure = _FIGURE.search(said)
            if figure and not key.startswith(_EXAMPLES):
                what = f"{key} states the figure “{figure[0]}” itself"
                yield copy.yaml.problem((key, index), what, "name the fact: {{ facts.<table>.<row> }}")
            broken = check_reply(said.replace("□", ""), language) if check_reply is not None else None
            if broken:
                yield copy.yaml.problem(
                    (key, index), f"{key} breaks the phrase rule {broken}", "say it another way"
                )


def _languages_agree(files: FlowFiles) -> Iterator[PackProblem]:
    yield from copies_agree(files.copies["zh"], files.copies["en"])


def copies_agree(one: CopyFile, other: CopyFile) -> Iterator[PackProblem]:
    """Yield texts that exist in one language only, and those that state other fields or facts in one than in the other."""
    for copy, without in ((one, other), (other, one)):
        for key in copy.texts.keys() - without.texts.keys():
            yield copy.yaml.problem(
                (key,), f"{key!r} is missing in {without.yaml.file}", "write it there too"
            )
    for key in sorted(one.texts.keys() & other.texts.keys()):
        stated, also = _stated(one.texts[key]), _stated(other.texts[key])
        if stated != also:
            only = ", ".join(sorted(stated ^ also))
            what = f"{key} does not state the same in {one.yaml.file}: {only}"
            yield other.yaml.problem((key,), what, "state the same fields and facts in both languages")


def _stated(wordings: list[Wording]) -> frozenset[str]:
    stated: set[str] = set()
    for wording in wordings:
        uses = uses_of(wording.text, {})
        stated |= uses.facts | uses.paths | names_in(wording.text)
    return frozenset(stated)
