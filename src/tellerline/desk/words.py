"""What leaves the desk: a representative's words through the guard and the redaction, and the bank's own words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from tellerline.desk.pack import DeskPack
from tellerline.desk.thread import Thread
from tellerline.dialogue.draft import BANK_ZONE
from tellerline.dialogue.release import Release
from tellerline.domain import event as e
from tellerline.domain.citation import Source
from tellerline.domain.errors import Invalid
from tellerline.domain.language import Language, Text

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ufffe\uffff]|[\ud800-\udfff]")
_HAN = re.compile(r"[\u3400-\u9fff]")
Redact = Callable[[str], str]
"""Takes secrets and numbers out of a text and puts tokens in their place."""


class Words:
    """Writes messages. version: the release of the desk's pack, as evidence of what was approved."""

    def __init__(self, pack: DeskPack, redact: Redact) -> None:
        self._pack = pack
        self._redact = redact

    def clean(self, text: str) -> str:
        """Return words that stay in the house as they may be kept."""
        return self._redact(_CONTROL.sub("", text)).strip()

    def said(self, thread: Thread, release: Release, account: str, key: str, text: str) -> e.MessageSent:
        """Return a representative's message.

        Raises: Invalid, code `text` when there is none; code `held_back` with the rule it breaks.
        """
        plain = _CONTROL.sub("", text).strip()
        if not plain:
            raise Invalid("text", "there is nothing to send; write something", field="text")
        language = language_of(plain, thread.tracker.language)
        rule = release.check_reply(plain, language)
        if rule is not None:
            broken = [found for found in release.inspect_reply(plain, language) if found.severity == "block"]
            told = [{"rule": found.rule, "quote": found.quote} for found in broken] or [
                {"rule": rule, "quote": ""}
            ]
            raise Invalid("held_back", "this may not be said to a customer", field="text", rules=told)
        kept = self._redact(plain)
        return e.MessageSent("representative", kept, language, representative=account, client_id=key)

    def told(
        self, thread: Thread, key: str, *, shown: Text | None = None, case: str | None = None, **fields: str
    ) -> e.MessageSent:
        """Return an approved text of the desk, in the customer's language."""
        language = thread.tracker.language
        if shown is not None:
            fields["shown"] = shown.in_(language)
        text = self._pack.say(key, language, **fields)
        source = Source("copy", f"desk/{key}", thread.tracker.release[:12])
        return e.MessageSent("system", text, language, sources=[source], case=case)

    @staticmethod
    def moment(at: datetime, language: Language) -> str:
        """Return a moment as a customer reads it."""
        local = at.astimezone(BANK_ZONE)
        if language == "zh":
            return f"{local.month}月{local.day}日 {local:%H:%M}"
        return f"{local:%H:%M} on {local.day} {local:%B}"


def language_of(text: str, otherwise: Language) -> Language:
    """Return the language a text is written in: Chinese when it has a Chinese character, English when it has letters."""
    if _HAN.search(text):
        return "zh"
    return "en" if re.search(r"[A-Za-z]{2}", text) else otherwise
