"""What must be true of a whole run, across its conversations, the bank's books and the file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from tellerline.bank.catalogue import OPERATIONS
from tellerline.domain import event as e
from tellerline.domain.data import Record
from tellerline.exam.judge import Finding
from tellerline.store.audit import verify

_CASE_NUMBER = re.compile(r"(?<![0-9A-Z])HB[0-9]{6}-[0-9A-Z]{5}-[0-9A-Z]{5}(?![0-9A-Z])")


class Kept(msgspec.Struct, frozen=True):
    """A conversation as it was kept, and what its customer knows of it: client ids that were acknowledged."""

    name: str
    record: Sequence[e.Event]
    acknowledged: Sequence[str]


def check_run(
    conversations: Sequence[Kept],
    effects: Sequence[Mapping[str, object]],
    unanswered: Sequence[str],
    path: Path,
) -> list[tuple[str, Finding]]:
    """Return what is wrong with a finished run, each with its conversation ("" for the run)."""
    found = [("", finding) for finding in _chain(path)]
    found += [(name, Finding("every message is answered", "a turn is open")) for name in unanswered]
    found += [("", finding) for finding in _effects(conversations, effects)]
    for kept in conversations:
        for check in (_messages, _claims, _promises, _unknown):
            found += [(kept.name, finding) for finding in check(kept)]
    return found


def _chain(path: Path) -> Iterator[Finding]:
    for finding in verify(path):
        yield Finding("the hash chains hold", str(finding))


def _bodies(kept: Kept, kind: type[e.Body]) -> list[e.Body]:
    return [event.body for event in kept.record if isinstance(event.body, kind)]


def _effects(conversations: Sequence[Kept], effects: Sequence[Mapping[str, object]]) -> Iterator[Finding]:
    """One effect for each commit that was recorded, and the other way round."""
    done = Counter(str(effect["key"]) for effect in effects)
    recorded: Counter[str] = Counter()
    requested: Counter[str] = Counter()
    for kept in conversations:
        for event in kept.record:
            if (
                isinstance(event.body, e.ActionCommitted) and event.body.action in OPERATIONS
            ):  # not the counter's own
                recorded[event.body.key] += 1
            elif isinstance(event.body, e.CommitRequested):
                requested[event.body.key] += 1
    for key in sorted(done | recorded):
        if done[key] != 1 or recorded[key] != 1:
            yield Finding(
                "one effect, recorded once", f"{done[key]} effects, {recorded[key]} in the record: {key}"
            )
        if not requested[key]:
            yield Finding("an effect is written down before it is asked for", key)


def _messages(kept: Kept) -> Iterator[Finding]:
    taken = Counter(
        body.client_id for body in _bodies(kept, e.MessageReceived) if isinstance(body, e.MessageReceived)
    )
    for client_id in kept.acknowledged:
        if taken[client_id] != 1:
            yield Finding("a message that was taken is kept once", f"{client_id}: {taken[client_id]}")
    for client_id, times in taken.items():
        if times > 1:
            yield Finding("no message is kept twice", f"{client_id}: {times}")


def _claims(kept: Kept) -> Iterator[Finding]:
    """A message may rest only on what the bank had said by then."""
    known: set[str] = set()
    for event in kept.record:
        match event.body:
            case e.LookupDone(operation=operation, error=""):
                known.add(operation)
            case e.ActionPrepared(action=action, error=""):
                known.add(action)
            case e.ActionCommitted(action=action):
                known.add(action)
            case e.MessageSent(sources=sources):
                for source in sources:
                    if source.kind == "bank" and source.id in OPERATIONS and source.id not in known:
                        yield Finding(
                            "a message rests on what the bank has said", f"{source.id} by then unasked"
                        )
            case _:
                pass


def _promises(kept: Kept) -> Iterator[Finding]:
    opened: set[str] = set()
    for event in kept.record:
        if isinstance(event.body, e.CaseOpened):
            opened.add(event.body.number)
        elif isinstance(event.body, e.MessageSent):
            told = set(_CASE_NUMBER.findall(event.body.text)) | (
                {event.body.case} if event.body.case else set()
            )
            for number in sorted(told - opened):
                yield Finding("a case that is told of is open", number)


def _unknown(kept: Kept) -> Iterator[Finding]:
    """Once the bank can tell, nothing is left unknown."""
    open_keys: set[str] = set()
    for event in kept.record:
        if isinstance(event.body, e.ActionFailed) and event.body.error == "outcome_unknown":
            open_keys.add(event.body.key)
        elif isinstance(event.body, e.ActionCommitted | e.ActionFailed):
            open_keys.discard(event.body.key)
    for key in sorted(open_keys):
        yield Finding("what became of an action is found out", key)


def effects_of(snapshot: Record) -> list[Mapping[str, object]]:
    """Return the effects in a snapshot of the bank."""
    found = snapshot["effects"]
    assert isinstance(found, list)
    return [effect for effect in found if isinstance(effect, dict)]
