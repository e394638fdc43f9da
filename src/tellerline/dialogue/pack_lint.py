"""Checking a whole pack: its procedures, and what must fit together between flows, texts, facts and intents."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path

from tellerline.dialogue.case_lint import lint_cases
from tellerline.dialogue.release import Intent
from tellerline.dialogue.remembrance import BOOK
from tellerline.domain.language import LANGUAGES, Language
from tellerline.domain.located import LocatedYaml
from tellerline.domain.problem import PackProblem
from tellerline.flows.copy_lint import (
    CheckReply,
    copies_agree,
    lint_copy,
    texts_can_be_read,
    wordings_are_sound,
)
from tellerline.flows.expression import names_in, optional_names, plain, syntax_error, uses_of
from tellerline.flows.graph import NOTHING
from tellerline.flows.lint import lint_between, lint_flow
from tellerline.flows.load import CopyFile, FlowFiles, read_copy, read_flows
from tellerline.flows.promise import broken_promises
from tellerline.flows.subject import GLOBALS, Subject, expressions_of
from tellerline.knowledge.lint import lint_knowledge
from tellerline.knowledge.load import load_library
from tellerline.reply.guard import Guard, read_guard

INTENTS = "intents/intents.yaml"
_TITLE = ("flow_title",)

PATTERNS: dict[str, tuple[str, ...]] = {
    # opening, closing, quiet
    "welcome": (), "anything_else": (), "go_ahead": (), "finished": (), "offer_next": ("offer_title",), "offer_declined": (),
    "corrected": (),
    "restarted": (), "language_switched": (), "take_your_time": (), "again": ("text",), "acknowledge": (),
    "are_you_there": (), "will_close": (), "closing_after_silence": (),
    # what is remembered
    "recall_promise": ("on", "number", "due_at", "overdue"), "recall_unfinished": ("on", "flow_title"),
    "memory_noted": ("label",), "memory_forgotten": (),
    # interruptions and corrections
    "resuming": _TITLE, "ask_resume": _TITLE, "nothing_to_resume": (), "cancelled": _TITLE,
    "cancelled_after_done": _TITLE, "cancelled_after_undoable": _TITLE, "nothing_to_cancel": (), "already_done": (),
    "cannot_undo": (), "nothing_to_correct": (), "what_to_change": (), "terms_changed": (), "terms_expired": (),
    "say_in_other_words": (),
    # not understood, not possible
    "clarify": ("options",), "clarify_one": ("options",), "cannot_clarify": (), "cannot_unclear": (),
    "cannot_unsupported": (), "cannot_no_evidence": (), "cannot_not_permitted": (), "cannot_too_long": (),
    "cannot_empty": (), "cannot_language": (), "not_understood_twice": (), "too_many_attempts": (),
    "unsupported": ("intent_title",), "cannot_skip": (), "choice_not_found": ("value",), "not_offered": ("value",),
    "answer_yes_or_no": (), "for_another": (),
    # explanations, reasons, where things stand
    "explain_slot": (), "explain_confirm": (), "explain_verify": (), "explain_resume": (), "explain_clarify": (),
    "explain_change": (), "explain_more": (), "explain_general": (), "explain_again": ("kind",),
    "explain_with_person": (), "why_slot": (), "why_confirm": (),
    "why_verify": (), "why_resume": (), "why_clarify": (), "why_change": (), "why_more": (), "why_nothing": (),
    "case_advanced": ("case",), "case_extended": ("case", "reason"), "case_overdue": ("case",),
    "case_escalated": ("case",), "case_closed": ("case",), "case_decided": ("case",),
    "status_running": _TITLE, "status_case": ("case",), "status_ended": ("flow_title", "outcome"),
    "status_nothing": (),
    # identity
    "verify_identify": _TITLE, "verify_otp": _TITLE, "verify_face": _TITLE, "verified_identify": (),
    "verified_otp": (), "verified_face": (), "verification_failed": (), "verification_failed_finally": (),
    "verify_again": _TITLE, "verified_idle": (),
    "verification_declined": _TITLE, "other_customer": (), "secret_in_chat": (),
    # failures
    "failed_unavailable": ("flow_title", "looking"), "failed_refused": _TITLE, "failed_unknown": ("flow_title", "case"),
    "failed_empty": _TITLE, "failed_skipped": _TITLE, "failed_denied": _TITLE, "reconciled_done": ("result",),
    "reconciled_not_done": (), "reconcile_pending": (), "unavailable": (), "refused": (), "changed": (),
    "outcome_unknown": (), "internal_error": (), "not_understood": (), "held_back": (),
    # people and danger
    "handover": ("position", "staffed", "reason"), "still_waiting": (), "crisis": (),
    "scam_stops_money": _TITLE, "money_on_hold": (),
}  # fmt: skip
"""The general texts the dialogue says, with the fields it gives each besides the variables that every text may use."""

_SOMETIMES = {
    "handover": ("wait_minutes", "opens_at"),
    "still_waiting": ("position",),
    "welcome": ("address",),
    "recall_promise": ("flow_title",),
}
_FAILURE = "failed_"  # and the code of a refusal
_NOTICE = "notice_"  # and an intent: what has to be said whenever it comes up
_TRUE_THERE = frozenset(
    {"reconciled_done", "memory_noted", "memory_forgotten"}
)  # said of what has just been done

REMEMBERED: dict[str, tuple[str, ...]] = {
    "item_contact": ("flow_title", "outcome", "on"), "item_promise": ("number", "due_at", "open"),
    "item_address": ("name",), "item_language": ("chosen",), "item_channel": ("by",), "item_elder_mode": ("on",),
    "everything": (),
}  # fmt: skip
"""How each kind of thing remembered reads, with the fields it has."""


def lint_pack(folder: Path) -> list[PackProblem]:
    """Return everything that is wrong with the pack in `folder`, by file and line."""
    library, problems = load_library(folder)
    rules = read_guard(folder, problems)
    guard = Guard(rules) if rules is not None else None
    check_reply = guard.check if guard is not None else None
    facts = {fact.id for table in library.tables.values() for fact in table.rows}
    intents = _read_intents(folder, problems)
    files, unread = read_flows(folder)
    flows = {found.flow.flow: found for found in files}
    patterns = _read_phrases(folder, "patterns", problems)
    keys = frozenset().union(*(copy.texts.keys() for copy in patterns.values()))
    problems += unread
    for found in files:
        problems += lint_flow(found)
        problems += lint_copy(found, patterns=keys, check_reply=check_reply)
        problems += _facts_exist(found, facts)
    problems += lint_between(flows)
    problems += _patterns_are_sound(patterns, facts, check_reply)
    chitchat = _read_phrases(folder, "chitchat", problems)
    problems += _chitchat_is_complete(chitchat, intents, check_reply)
    remembered = _read_phrases(folder, BOOK, problems)
    problems += _remembered_is_complete(remembered, check_reply)
    if guard is not None:
        for copies in (patterns, chitchat, remembered, *(found.copies for found in files)):
            problems += _doubtful(copies, guard)
    if not unread:
        problems += _intents_fit(flows, intents)
        problems += lint_cases(folder, flows)
    return sorted(problems, key=lambda problem: (problem.file, problem.line, problem.what))


def lint_everything(folder: Path, on: date) -> list[PackProblem]:
    """Return what `lint_pack` finds, and what is wrong with the facts, articles and rules of knowledge on day `on`."""
    problems: list[PackProblem] = []
    rules = read_guard(folder, problems)
    flows = {found.flow.flow for found in read_flows(folder)[0]}
    check_reply = Guard(rules).check if rules is not None else None
    known = lint_knowledge(folder, on=on, flows=flows, check_reply=check_reply)
    found = dict.fromkeys([*lint_pack(folder), *known])
    return sorted(found, key=lambda problem: (problem.file, problem.line, problem.what))


def _read_intents(folder: Path, problems: list[PackProblem]) -> dict[str, Intent]:
    path = folder / INTENTS
    if not path.is_file():
        problems.append(PackProblem(INTENTS, 0, "there is no such file", "register what customers can want"))
        return {}
    source = LocatedYaml(INTENTS, path.read_text(encoding="utf-8"))
    raw = source.parse(problems)
    rows = raw.get("intents") if isinstance(raw, dict) else None
    return source.convert(rows, dict[str, Intent], problems, ("intents",)) or {}


def _doubtful(copies: Mapping[Language, CopyFile], guard: Guard) -> Iterator[PackProblem]:
    """Yield texts that may be said but could be better."""
    for language, copy in copies.items():
        for key, wordings in copy.texts.items():
            for index, wording in enumerate(wordings):
                for warning in guard.warn(plain(wording.text).replace("□", ""), language):
                    line = copy.yaml.line_of((key, index))
                    what = f"{key} earns the warning {warning}"
                    yield PackProblem(copy.yaml.file, line, what, "consider another wording", "warning")


def _read_phrases(folder: Path, scope: str, problems: list[PackProblem]) -> dict[Language, CopyFile]:
    return {
        language: read_copy(folder, folder / "phrases" / f"{scope}.{language}.yaml", problems)
        for language in LANGUAGES
    }


# --- facts


def _facts_exist(files: FlowFiles, facts: Collection[str]) -> Iterator[PackProblem]:
    for at, source in expressions_of(Subject(files)):
        if not syntax_error(source, expression=True):
            for fact in sorted(uses_of(source, {}, expression=True).facts - set(facts)):
                yield files.yaml.problem(at, f"there is no fact {fact}", "name a row of facts/, as table.row")
    for copy in files.copies.values():
        yield from _stated_facts_exist(copy, facts)


def _stated_facts_exist(copy: CopyFile, facts: Collection[str]) -> Iterator[PackProblem]:
    for key, wordings in copy.texts.items():
        for index, wording in enumerate(wordings):
            if syntax_error(wording.text, expression=False):
                continue
            for fact in sorted(uses_of(wording.text, {}).facts - set(facts)):
                what = f"{key} states the fact {fact}, which does not exist"
                yield copy.yaml.problem((key, index), what, "name a row of facts/, as facts.table.row")


# --- general texts


def _patterns_are_sound(
    patterns: Mapping[Language, CopyFile], facts: Collection[str], check_reply: CheckReply | None
) -> Iterator[PackProblem]:
    unreadable = [problem for copy in patterns.values() for problem in texts_can_be_read(copy)]
    yield from unreadable
    if unreadable:
        return
    yield from copies_agree(patterns["zh"], patterns["en"])
    for language, copy in patterns.items():
        for key in PATTERNS.keys() - copy.texts.keys():
            yield PackProblem(copy.yaml.file, 0, f"there is no text {key!r}", "write it")
        yield from _stated_facts_exist(copy, facts)
        yield from wordings_are_sound(copy, language, check_reply)
        for key in copy.texts:
            yield from _pattern_is_sound(copy, key, language)


def _pattern_is_sound(copy: CopyFile, key: str, language: Language) -> Iterator[PackProblem]:
    if key not in PATTERNS and not key.startswith((_FAILURE, _NOTICE)):
        yield copy.yaml.problem((key,), f"{key!r} is never said", "remove it, or correct its name")
        return
    given = frozenset(PATTERNS.get(key, _TITLE)) | GLOBALS - {"flow_title"}
    known = given | frozenset(_SOMETIMES.get(key, ()))
    wordings = copy.texts[key]
    for index, wording in enumerate(wordings):
        stated = names_in(wording.text) - optional_names(wording.text)
        asked = names_in(wording.when, expression=True) if wording.when else frozenset()
        wrong = (stated | asked) - known
        wrong |= stated - given if index == len(wordings) - 1 else frozenset()
        for name in sorted(wrong):
            yield copy.yaml.problem(
                (key, index), f"{key} is not told {name!r}", f"use: {', '.join(sorted(given))}"
            )
        for claim in broken_promises(wording.text, language, NOTHING):
            if key not in _TRUE_THERE:
                what = f"{key} says “{claim}”, which nothing makes certain"
                yield copy.yaml.problem((key, index), what, "say less")


def _chitchat_is_complete(
    chitchat: Mapping[Language, CopyFile], intents: Mapping[str, Intent], check_reply: CheckReply | None
) -> Iterator[PackProblem]:
    topics = {name for name, intent in intents.items() if intent.kind == "chitchat"}
    unreadable = [problem for copy in chitchat.values() for problem in texts_can_be_read(copy)]
    yield from unreadable
    if unreadable:
        return
    yield from copies_agree(chitchat["zh"], chitchat["en"])
    for language, copy in chitchat.items():
        yield from wordings_are_sound(copy, language, check_reply)
        for name in topics - copy.texts.keys():
            yield PackProblem(copy.yaml.file, 0, f"there is no answer to {name!r}", "write it")
        for key in copy.texts.keys() - topics:
            yield copy.yaml.problem(
                (key,), f"there is no chit-chat {key!r}", f"register it in {INTENTS}, or remove it"
            )


def _remembered_is_complete(
    remembered: Mapping[Language, CopyFile], check_reply: CheckReply | None
) -> Iterator[PackProblem]:
    unreadable = [problem for copy in remembered.values() for problem in texts_can_be_read(copy)]
    yield from unreadable
    if unreadable:
        return
    yield from copies_agree(remembered["zh"], remembered["en"])
    for language, copy in remembered.items():
        yield from wordings_are_sound(copy, language, check_reply)
        for key in REMEMBERED.keys() - copy.texts.keys():
            yield PackProblem(copy.yaml.file, 0, f"there is no text {key!r}", "write it")
        for key, wordings in copy.texts.items():
            if key not in REMEMBERED:
                yield copy.yaml.problem((key,), f"nothing of the kind {key!r} is remembered", "remove it")
                continue
            for index, wording in enumerate(wordings):
                asked = names_in(wording.when, expression=True) if wording.when else frozenset()
                for name in sorted((names_in(wording.text) | asked) - set(REMEMBERED[key])):
                    remedy = f"use: {', '.join(REMEMBERED[key])}"
                    yield copy.yaml.problem((key, index), f"{key} is not told {name!r}", remedy)


# --- intents


def _intents_fit(flows: Mapping[str, FlowFiles], intents: Mapping[str, Intent]) -> Iterator[PackProblem]:
    for name, files in flows.items():
        for index, listed in enumerate(files.flow.intents):
            registered = intents.get(listed)
            if registered is None:
                what, remedy = f"there is no intent {listed!r}", f"register it in {INTENTS}"
            elif registered.flow != name:
                what = f"intent {listed!r} starts {registered.flow!r} according to {INTENTS}"
                remedy = "say the same in both places"
            else:
                continue
            yield files.yaml.problem(("intents", index), what, remedy)
    for name, intent in intents.items():
        target = flows.get(intent.flow) if intent.flow else None
        if intent.flow is not None and (target is None or name not in target.flow.intents):
            what = f"intent {name!r} starts {intent.flow!r}, which does not list it"
            yield PackProblem(INTENTS, 0, what, "list it under the flow's `intents`, or write `flow: null`")
