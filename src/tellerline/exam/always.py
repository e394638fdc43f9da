"""What must be true of every step of every conversation, whatever it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import msgspec

from tellerline.bank.catalogue import KNOWN
from tellerline.dialogue.tracker import Tracker, fold
from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.command import CaseTimer
from tellerline.domain.data import Value
from tellerline.exam.case import Expected
from tellerline.exam.judge import Finding, plain
from tellerline.exam.scene import Scene

OPAQUE_FIELDS = frozenset({"key", "digest", "token_digest", "release", "version", "client_id"})
"""Fields of events that hold what the product made up itself."""

_CARD = re.compile(r"(?<![0-9A-Za-z.])[3-6][0-9](?:[ -]?[0-9]){11,17}(?![0-9A-Za-z])")
_IDENTITY = re.compile(
    r"(?<![0-9])[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-9]{5}[0-9Xx](?![0-9A-Za-z])"
)
_MOBILE = re.compile(r"(?<![0-9A-Za-z.-])1[3-9][0-9]{9}(?![0-9A-Za-z])")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
OWN_SCRIPT_MIN = 0.3  # share of a Chinese message that is in Chinese letters
OTHER_SCRIPT_MAX = 0.3  # share of an English one that is: names of payees and merchants


def check_always(
    scene: Scene, expected: Expected, *, answered: bool, secrets: Sequence[str]
) -> list[Finding]:
    """Return what is wrong with a step. `answered`: the step is one that the assistant has to answer."""
    broken = list(_sequence(scene))
    if broken:
        return broken  # nothing can be folded
    findings = [*_answered(scene, answered=answered), *_blocked(scene, expected), *_kept(scene, secrets)]
    findings += _alarms(scene, expected)
    findings += [finding for check in _CHECKS for finding in check(scene)]
    return findings


def _answered(scene: Scene, *, answered: bool) -> Iterator[Finding]:
    said = 0
    turns = 0
    own = False  # the bank went on with work of its own, which nobody waits for a word about
    for event in scene.events:
        if isinstance(event.body, e.SystemNoticed) and isinstance(event.body.command, CaseTimer):
            said += 1  # the clock of a case need not be heard by the customer
        if isinstance(event.body, e.MessageSent):
            said += 1
        elif isinstance(event.body, e.CommandsDecided):
            own = all(isinstance(command, c.Continue) for command in event.body.commands)
        elif isinstance(event.body, e.TurnEnded):
            turns += 1
            if not said and not own:
                yield Finding("at least one message in every turn", f"turn {event.body.turn} says nothing")
            said = 0
    if answered and not turns:
        yield Finding("the turn is answered", "no turn ended")


def _blocked(scene: Scene, expected: Expected) -> Iterator[Finding]:
    rules = [body.rule for body in scene.bodies(e.ReplyBlocked)]
    for rule in rules:
        if rule not in expected.blocked:
            yield Finding("no reply held back by the guard", f"rule {rule}")
    for rule in expected.blocked:
        if rule not in rules:
            yield Finding(f"a reply held back by rule {rule}", "none")


def _alarms(scene: Scene, expected: Expected) -> Iterator[Finding]:
    """A false alarm stops the customer's business: none is raised that the case does not call for."""
    scam = bool(scene.bodies(e.ScamSuspected))
    if scam and not (
        expected.alarm or "scam.suspected" in expected.events or "ReportFraud" in expected.commands
    ):
        yield Finding("no false scam alarm", "scam.suspected")
    crisis = any(body.reason == "crisis" for body in scene.bodies(e.HandoverRequested))
    wanted = expected.handover is not None and expected.handover.reason == "crisis"
    if crisis and not (expected.alarm or wanted):
        yield Finding("no false crisis alarm", "handover.requested because of crisis")


def _spoken(scene: Scene) -> Iterator[Finding]:
    for message in scene.messages:
        if not message.text.strip():
            yield Finding("no empty message", "an empty message")
        if not message.sources:
            yield Finding("every message has evidence", message.text)
        if not _is_written_in(message.language, message.text):
            yield Finding(f"the message is written in {message.language}", message.text)


def _is_written_in(language: str, text: str) -> bool:
    han, latin = len(_HAN.findall(text)), len(_LATIN.findall(text))
    if not han and not latin:
        return True
    share = han / (han + latin)
    return share >= OWN_SCRIPT_MIN if language == "zh" else share <= OTHER_SCRIPT_MAX


# --- what is kept ----------------------------------------------------------------------------------------------------


def _kept(scene: Scene, secrets: Sequence[str]) -> Iterator[Finding]:
    """Find what may be kept in no event: full card numbers, identity numbers, telephones, and what this case typed."""
    forbidden = [(secret, plain(secret)) for secret in secrets]
    for event in scene.events:
        kind = e.kind_of(event.body)
        for text in texts_of(msgspec.to_builtins(event.body)):
            for what in sorted(sensitive_in(text)):
                yield Finding(f"no {what} in the record", f"in {kind}")
            for secret, bare in forbidden:
                if bare in plain(text):
                    yield Finding(f"{_masked(secret)} is kept nowhere", f"in {kind}")


def texts_of(value: Value) -> Iterator[str]:
    """Yield every text of an event but those the product made up itself."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts_of(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in OPAQUE_FIELDS:
                yield from texts_of(item)


def sensitive_in(text: str) -> set[str]:
    """Return the kinds of numbers in `text` that must not be kept; found by other means than the redaction's own."""
    found: set[str] = set()
    if any(_is_luhn(re.sub(r"\D", "", match[0])) for match in _CARD.finditer(text)):
        found.add("card number")
    if any(_is_identity(match[0].upper()) for match in _IDENTITY.finditer(text)):
        found.add("identity number")
    if _MOBILE.search(text):
        found.add("telephone number")
    return found


def _is_luhn(digits: str) -> bool:
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(number // 10 + number % 10 for number in doubled)) % 10 == 0


def _is_identity(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17]


def _masked(secret: str) -> str:
    return f"{secret[:1]}{'*' * (len(secret) - 1)}"


# --- along the record ------------------------------------------------------------------------------------------------


def _sequence(scene: Scene) -> Iterator[Finding]:
    for place, event in enumerate(scene.record, start=1):
        if event.sequence != place:
            yield Finding(f"event {place} of the record", f"event {event.sequence}")
            return


class _Walk:
    """The record of a conversation, walked from its beginning, with the tracker as it stood before each event."""

    def __init__(self, scene: Scene) -> None:
        self.first = scene.events[0].sequence if scene.events else len(scene.record) + 1
        self.record = scene.record

    def __iter__(self) -> Iterator[tuple[Tracker, e.Body, bool]]:
        tracker = Tracker()
        for event in self.record:
            yield tracker, event.body, event.sequence >= self.first
            fold(tracker, event)


def _language(scene: Scene) -> Iterator[Finding]:
    for tracker, body, new in _Walk(scene):
        if new and isinstance(body, e.MessageSent) and body.language != tracker.language:
            yield Finding(f"a reply in {tracker.language}", f"{body.language}: {body.text}")


def _level(scene: Scene) -> Iterator[Finding]:
    """Nothing is looked up, done or told that needs a higher identity level than was proven by then."""
    for tracker, body, new in _Walk(scene):
        if not new:
            continue
        for name in _touched(body):
            operation = KNOWN.get(name)
            if operation is not None and operation.level > tracker.level:
                what = f"{name} at level {operation.level.value}"
                yield Finding(what, f"{e.kind_of(body)} at level {tracker.level}")


def _touched(body: e.Body) -> list[str]:
    if isinstance(body, e.LookupDone):
        return [] if body.error else [body.operation]
    if isinstance(body, e.ActionPrepared):
        return [] if body.error else [body.action]
    if isinstance(body, e.ActionCommitted):
        return [body.action]
    if isinstance(body, e.MessageSent):
        return [source.id for source in body.sources if source.kind == "bank"]
    return []


def _confirmed(scene: Scene) -> Iterator[Finding]:
    """Nothing is done that was not read back and confirmed as it stands, but what only protects the customer."""
    confirmed: set[tuple[str, str]] = set()
    for _, body, new in _Walk(scene):
        if isinstance(body, e.ConfirmationGiven):
            confirmed.add((body.frame, body.digest))
        elif isinstance(body, e.ConfirmationVoided):
            confirmed = {pair for pair in confirmed if pair[0] != body.frame}
        elif isinstance(body, e.CommitRequested) and new:
            protective = body.action in KNOWN and KNOWN[body.action].protective
            if not protective and (body.frame, body.digest) not in confirmed:
                yield Finding(f"{body.action} is confirmed before it is done", "no confirmation")


def _once(scene: Scene) -> Iterator[Finding]:
    """One key is one effect."""
    keys = [body.key for body in scene.all_bodies(e.ActionCommitted)]
    for key in {key for key in keys if keys.count(key) > 1}:
        yield Finding("every action is committed once", f"{keys.count(key)} times under one key")


_CHECKS: tuple[Callable[[Scene], Iterator[Finding]], ...] = (
    _spoken,
    _language,
    _level,
    _confirmed,
    _once,
)
