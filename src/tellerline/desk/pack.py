"""The bank's own part of the desk: queues, words at comings and goings, reasons, canned replies and, in a demo, staff."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from typing import TypeVar

import msgspec
import yaml

from tellerline.desk.account import Skill
from tellerline.desk.permission import Role
from tellerline.desk.ports import Phrase
from tellerline.domain.errors import Invalid
from tellerline.domain.language import LANGUAGES, Language, Text

FOLDER = "desk"
WORDS: Mapping[str, frozenset[str]] = {
    "accepted": frozenset({"shown"}),
    "accepted_transfer": frozenset({"shown"}),
    "taken_over": frozenset({"shown"}),
    "joined": frozenset({"shown"}),
    "left": frozenset({"shown"}),
    "given_back": frozenset(),
    "transferring": frozenset(),
    "waiting_again": frozenset(),
    "callback": frozenset({"number", "due"}),
    "verify": frozenset(),
    "promised": frozenset({"number", "due"}),
    "closed": frozenset(),
}
"""What a customer is told, and the fields each text must state."""
FormT = TypeVar("FormT")


class _Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base: unknown keys are errors."""


class Queue(_Form, frozen=True):
    """A queue. reply_s: within how long a waiting customer is to be answered; licence: needed to serve it."""

    title: Text
    reply_s: int
    licence: str = ""


class Reason(_Form, frozen=True):
    """The second level of what a conversation was about; `flows` suggest it."""

    id: str
    title: Text
    flows: list[str] = []


class Area(_Form, frozen=True):
    """The first level."""

    id: str
    title: Text
    reasons: list[Reason]


class DemoAccount(_Form, frozen=True):
    """A ready account of the demonstration."""

    account: str
    shown: Text
    role: Role
    password: str
    queues: list[str]
    capacity: int
    skill: Skill = "skilled"
    languages: list[Language] = msgspec.field(default_factory=lambda: list(LANGUAGES))
    licences: list[str] = []


class DeskPack(msgspec.Struct, frozen=True):
    """See the module's head."""

    queues: dict[str, Queue]
    words: dict[str, Text]
    areas: list[Area]
    phrases: list[Phrase]
    staff: list[DemoAccount]
    rules: dict[str, Text] = {}

    def rule_title(self, rule: str) -> Text:
        """Return what a representative is told of a broken rule."""
        return self.rules.get(rule) or Text(
            f"不符合对客用语规则（{rule}）", f"Against the rules of speech ({rule})"
        )

    def say(self, key: str, language: Language, **fields: str) -> str:
        """Return what a customer is told under `key`."""
        return self.words[key].in_(language).format(**fields)

    def queue(self, name: str) -> Queue:
        """Return a queue; one the pack does not describe is served like the general one."""
        return self.queues.get(name) or self.queues["general"]

    def reason_of(self, flow: str) -> tuple[str, str]:
        """Return area and reason that a procedure suggests."""
        for area in self.areas:
            for reason in area.reasons:
                if flow in reason.flows:
                    return area.id, reason.id
        return self.areas[-1].id, self.areas[-1].reasons[-1].id

    def has_reason(self, area: str, reason: str) -> bool:
        """Tell whether there is such a reason."""
        return any(a.id == area and any(r.id == reason for r in a.reasons) for a in self.areas)


def load_desk_pack(pack: Path) -> DeskPack:
    """Read the desk's part of the pack in folder `pack`.

    Raises: Invalid, code `desk_pack`, naming the file and what to do.
    """
    folder = pack / FOLDER
    found = DeskPack(
        _read(folder / "queues.yaml", dict[str, Queue]),
        _read(folder / "words.yaml", dict[str, Text]),
        _read(folder / "reasons.yaml", list[Area]),
        _read(pack / "phrases" / "canned.yaml", list[Phrase]),
        _read(folder / "staff.yaml", list[DemoAccount]) if (folder / "staff.yaml").exists() else [],
        _read(folder / "rules.yaml", dict[str, Text]),
    )
    _check(found)
    return found


def _read(path: Path, form: type[FormT]) -> FormT:
    try:
        return msgspec.convert(yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader), form)
    except (OSError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise Invalid("desk_pack", f"{path.name}: {error}; correct it", field=path.name) from error


def _check(found: DeskPack) -> None:
    if "general" not in found.queues:
        raise Invalid("desk_pack", "queues.yaml: there is no queue `general`; add it", field="general")
    if not found.areas or any(not area.reasons for area in found.areas):
        raise Invalid("desk_pack", "reasons.yaml: every area needs a reason; add one", field="reasons")
    for key, fields in WORDS.items():
        text = found.words.get(key)
        if text is None:
            raise Invalid("desk_pack", f"words.yaml: there is no text {key!r}; write it", field=key)
        for words in (text.zh, text.en):
            stated = {name for _, name, _, _ in Formatter().parse(words) if name is not None}
            if stated != fields:
                wanted = ", ".join(sorted(fields)) or "none"
                raise Invalid("desk_pack", f"words.yaml: {key!r} states the fields: {wanted}", field=key)
    known = found.queues.keys()
    for person in found.staff:
        if unknown := set(person.queues) - known:
            detail = f"staff.yaml: {person.account} serves {sorted(unknown)}, which are no queues"
            raise Invalid("desk_pack", detail, field=person.account)
