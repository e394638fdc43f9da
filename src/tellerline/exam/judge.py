"""Comparing what was seen with what a case expects. Each check yields what is wrong; nothing is a matter of opinion."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from tellerline.dialogue.draft import BANK_ZONE
from tellerline.dialogue.release import Release
from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.data import Record, Value
from tellerline.exam.case import ANYTHING, CommandPattern, Expected
from tellerline.exam.scene import Scene, value_at
from tellerline.reply.copy import CopyBook, parse_copy

_QUESTION_MARKS = re.compile(r"[?？]+")
_NOT_IN_FIGURES = re.compile(r"[\s,，\u200b]")


class Finding(msgspec.Struct, frozen=True):
    """Something that was to be, and what was instead."""

    expected: str
    found: str


def judge(expected: Expected, scene: Scene, release: Release) -> list[Finding]:
    """Return everything about `scene` that is not as `expected`."""
    return [finding for check in _CHECKS for finding in check(expected, scene, release)]


def _show(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _missing(what: str, wanted: Sequence[str], found: Sequence[str]) -> Iterator[Finding]:
    lacking = [name for name in wanted if name not in found]
    if lacking:
        yield Finding(f"{what}: {', '.join(lacking)}", ", ".join(dict.fromkeys(found)) or "none")


def _present(what: str, unwanted: Sequence[str], found: Sequence[str]) -> Iterator[Finding]:
    there = [name for name in unwanted if name in found]
    if there:
        yield Finding(f"{what}: not {', '.join(there)}", ", ".join(there))


def _differs(what: str, wanted: Value, found: Value) -> Iterator[Finding]:
    if wanted is not None and wanted != found:
        yield Finding(f"{what}: {_show(wanted)}", _show(found))


# --- commands, flows, slots ------------------------------------------------------------------------------------------


def _commands(expected: Expected, scene: Scene, release: Release) -> Iterator[Finding]:
    found = [command for body in scene.bodies(e.CommandsDecided) for command in body.commands]
    shown = _show(found)
    position = 0
    for pattern in expected.commands:
        place = next((i for i in range(position, len(found)) if matches(pattern, found[i])), None)
        if place is None:
            yield Finding(f"command {_show(pattern)}", shown)
            return
        position = place + 1
    names = [type(command).__name__ for command in found]
    yield from _present("commands", expected.no_commands, names)


def matches(pattern: CommandPattern, command: c.Command) -> bool:
    """Tell whether a command is of the pattern's name and has at least the fields it gives."""
    name, fields = (pattern, {}) if isinstance(pattern, str) else next(iter(pattern.items()))
    return type(command).__name__ == name and includes(fields, msgspec.to_builtins(command))


def includes(wanted: Value, found: Value) -> bool:
    """Tell whether `found` has every field of `wanted` with an equal value, at any depth."""
    if wanted == ANYTHING:
        return found is not None
    if isinstance(wanted, dict) and isinstance(found, dict):
        return all(includes(value, found.get(name)) for name, value in wanted.items())
    return wanted == found


def _flows(expected: Expected, scene: Scene, release: Release) -> Iterator[Finding]:
    flow = expected.flow
    if flow is None:
        return
    tracker = scene.tracker
    running = tracker.top.flow if tracker.top is not None and not tracker.top.interrupted else None
    if flow.idle:
        yield from _differs("running flow", "none", running or "none")
    yield from _differs("running flow", flow.running, running)
    for name, outcome in flow.ended.items():
        yield from _differs(f"{name} ended", outcome, scene.outcomes.get(name, "not ended"))
    waiting = [frame.flow for frame in tracker.stack[:-1]] + [queued.flow for queued in tracker.queue]
    waiting += [frame.flow for frame in tracker.stack[-1:] if frame.interrupted or frame.flow != running]
    yield from _missing("waiting flows", flow.waiting, waiting)
    yield from _present("flows", flow.never, [body.flow for body in scene.all_bodies(e.FlowStarted)])


def _slots(expected: Expected, scene: Scene, release: Release) -> Iterator[Finding]:
    for path, wanted in expected.slots.items():
        found = scene.value(path)
        if not (found is None if wanted is None else includes(wanted, found)):
            yield Finding(f"slot {path}: {_show(wanted)}", _show(found))


def _question(expected: Expected, scene: Scene, release: Release) -> Iterator[Finding]:
    wanted = expected.question
    if wanted is None:
        return
    found = scene.tracker.question
    yield from _differs("question", wanted.what, found.what if found else "none")
    if found is None:
        return
    yield from _differs("question about", wanted.slot, found.slot)
    if len(found.options) < wanted.options_min:
        yield Finding(f"options: at least {wanted.options_min}", str(len(found.options)))
    if wanted.options_max is not None and len(found.options) > wanted.options_max:
        yield Finding(f"options: at most {wanted.options_max}", str(len(found.options)))


# --- the bank --------------------------------------------------------------------------------------------------------


def _bank(expected: Expected, scene: Scene, release: Release) -> Iterator[Finding]:
    bank = expected.bank
    if bank is None:
        return
    done = [body.action for body in scene.all_bodies(e.ActionCommitted)]
    if bank.committed is not None:
        wanted, counted = Counter(bank.committed), Counter(done)
        if any(counted[name] != times for name, times in wanted.items()) or (not wanted and done):
            yield Finding(
                f"committed: {', '.join(bank.committed) or 'nothing'}", ", ".join(done) or "nothing"
            )
    asked = [body.action for body in scene.all_bodies(e.CommitRequested)]
    yield from _present("committed", bank.not_committed, [*done, *asked])
    prepared = [body.action for body in scene.all_bodies(e.ActionPrepared) if not body.error]
    yield from _missing("prepared", bank.prepared, prepared)
    lookups = [body.operation for body in scene.all_bodies(e.LookupDone) if not body.error]
    yield from _missing("looked up", bank.looked_up, lookups)
    yield from _present("looked up", bank.not_looked_up, lookups)
    yield from _missing(
        "outcome unknown", bank.unknown, [unknown.action for unknown in scene.tracker.unknown]
    )
    for path, value in bank.state.items():
        yield from _differs(f"books {path}", value, value_at(scene.books, path))


def _level(expected: Expected, scene: Scene, release: Release) -> Iterator[Finding]:
    yield from _differs("identity level", expected.level, scene.tracker.level)


# --- the reply -------------------------------------------------------------------------------------------------------


def _reply(expected: Expected, scene: Scene, release: Release) -> Iterator[Finding]:
    reply = expected.reply
    if reply is None:
        return
    messages = scene.messages
    if reply.flow is not None:
        yield from _missing("message of flow", [reply.flow], [str(message.flow) for message in messages])
    if reply.step is not None:
        yield from _missing("message of step", [reply.step], [str(message.step) for message in messages])
    yield from _evidence(expected, scene)
    if reply.language is not None:
        found = [message.language for message in messages if message.language != reply.language]
        yield from _differs("language of the reply", reply.language, found[0] if found else reply.language)
    choices = max((len(message.choices) for message in messages), default=0)
    if choices < (reply.choices_min or 0):
        yield Finding(f"buttons: at least {reply.choices_min}", str(choices))
    if reply.widget is not None:
        yield from _missing("secure widget", [reply.widget], [m.widget for m in messages if m.widget])
    if reply.max_chars is not None and len(scene.text) > reply.max_chars:
        yield Finding(f"length: at most {reply.max_chars} characters", str(len(scene.text)))
    marks = len(_QUESTION_MARKS.findall(scene.text))
    if reply.questions_max is not None and marks > reply.questions_max:
        yield Finding(f"questions: at most {reply.questions_max}", f"{marks}: {scene.text}")


def _freshness(expected: Expected, scene: Scene, release: Release) -> Iterator[Finding]:
    if expected.reply is None or not expected.reply.fresh:
        return
    said_now = [message.text for message in scene.messages]
    said_before = [body.text for body in scene.all_bodies(e.MessageSent)][: -len(said_now) or None]
    yield from _present("said before", said_before, said_now)


def _evidence(expected: Expected, scene: Scene) -> Iterator[Finding]:
    reply = expected.reply
    assert reply is not None
    ids = {kind: [s.id for s in scene.sources if s.kind == kind] for kind in ("copy", "fact", "article")}
    yield from _missing("approved text", reply.copy, ids["copy"])
    yield from _present("approved text", reply.no_copy, ids["copy"])
    yield from _missing("fact cited", reply.facts, ids["fact"])
    articles = [source.partition("#")[0] for source in ids["article"]]
    yield from _missing("article cited", reply.articles, articles)
    kinds = [str(source.kind) for source in scene.sources]
    yield from _missing("evidence of kind", reply.has_source, kinds)
    yield from _present("evidence of kind", reply.no_source, kinds)


def _acknowledgement(expected: Expected, scene: Scene, release: Release) -> Iterator[Finding]:
    """The situation is named by an approved text, in the first message, before any procedure."""
    wanted = expected.reply.acknowledges if expected.reply is not None else None
    if wanted is None:
        return
    noted = bool(scene.bodies(e.Acknowledged))
    first = scene.messages[0].sources[:1] if scene.messages else []
    said = any(source.kind == "copy" and source.id.endswith("/acknowledge") for source in first)
    if (noted and said) is not wanted:
        found = f"noted: {noted}, first said: {said} ({scene.text[:60]})"
        yield Finding("acknowledges the situation first" if wanted else "no second acknowledgement", found)


def _mentions(expected: Expected, scene: Scene, release: Release) -> Iterator[Finding]:
    reply = expected.reply
    if reply is None:
        return
    said = plain(scene.text)
    for template in reply.mentions:
        value = fill(template, scene, release)
        if value is None:
            yield Finding(f"mentions {template}", "nothing in this conversation has that value")
        elif plain(value) not in said:
            yield Finding(f"mentions {value}", scene.text)
    for template in reply.not_mentions:
        value = fill(template, scene, release)
        if value is not None and plain(value) in said:
            yield Finding(f"does not mention {value}", scene.text)


def plain(text: str) -> str:
    """Return a text without what may differ between two ways of writing one figure."""
    return _NOT_IN_FIGURES.sub("", unicodedata.normalize("NFKC", text)).casefold()


def fill(template: str, scene: Scene, release: Release) -> str | None:
    """Fill `{{ … }}` from the facts in force, the flows' values, the newest case and the bank's books."""
    tracker = scene.tracker
    today = scene.record[-1].at.astimezone(BANK_ZONE).date()
    scope: dict[str, Any] = {**scene.values(), "books": scene.books, "facts": release.knowledge.facts(today)}
    if tracker.cases:
        scope["case"] = msgspec.to_builtins(tracker.cases[-1])
    texts = parse_copy({"value": template})
    rendered = CopyBook("exam", {"zh": texts, "en": texts}).render("value", tracker.language, scope)
    return rendered.text if rendered is not None else None


# --- events, cases, queues -------------------------------------------------------------------------------------------


def _events(expected: Expected, scene: Scene, release: Release) -> Iterator[Finding]:
    yield from _missing("events", expected.events, scene.kinds)
    yield from _present("events", expected.no_events, scene.kinds)
    if expected.turns is not None:
        yield from _differs("answers", expected.turns, len(scene.bodies(e.TurnEnded)))
    yield from _differs("language", expected.language, scene.tracker.language)
    yield from _differs("closed", expected.closed, scene.tracker.closed)


def _case(expected: Expected, scene: Scene, release: Release) -> Iterator[Finding]:
    wanted = expected.case
    if wanted is None:
        return
    opened = [case for case in scene.bodies(e.CaseOpened) if case.case_kind == wanted.kind]
    if not opened:
        kinds = [case.case_kind for case in scene.bodies(e.CaseOpened)]
        yield Finding(f"case opened: {wanted.kind}", ", ".join(kinds) or "none")
        return
    case = opened[-1]
    yield from _differs("owner of the case", wanted.owner, case.owner)
    if wanted.due_on is not None:
        due_on = case.due_at.astimezone(BANK_ZONE).date()
        yield from _differs("case due on", wanted.due_on.isoformat(), due_on.isoformat())


def _handover(expected: Expected, scene: Scene, release: Release) -> Iterator[Finding]:
    wanted = expected.handover
    if wanted is None:
        return
    found = scene.bodies(e.HandoverRequested)
    if not found:
        yield Finding(f"handover: {wanted.reason}", "none")
        return
    yield from _differs("handover because", wanted.reason, found[-1].reason)
    yield from _differs("handover to queue", wanted.queue, found[-1].queue)


def _memory(expected: Expected, scene: Scene, release: Release) -> Iterator[Finding]:
    wanted = expected.memory
    if wanted is None:
        return
    kinds = sorted(item.kind for item in scene.remembered)
    if wanted.kinds is not None and sorted(wanted.kinds) != kinds:
        yield Finding(
            f"remembered: {', '.join(sorted(wanted.kinds)) or 'nothing'}", ", ".join(kinds) or "nothing"
        )
    yield from _present("remembered", wanted.not_kinds, kinds)
    for kind, fields in wanted.values.items():
        newest = (msgspec.to_builtins(item.value) for item in scene.remembered if item.kind == kind)
        found: Record = next(newest, {})
        for name, value in fields.items():
            yield from _differs(f"remembered {kind}: {name}", value, found.get(name))


_CHECKS: tuple[Callable[[Expected, Scene, Release], Iterator[Finding]], ...] = (
    _commands,
    _flows,
    _slots,
    _question,
    _bank,
    _level,
    _reply,
    _acknowledgement,
    _freshness,
    _mentions,
    _events,
    _case,
    _handover,
    _memory,
)
