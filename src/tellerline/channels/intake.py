"""Taking one message: control characters out, secrets redacted, length checked, before anything else sees it."""

from __future__ import annotations

import re
from collections.abc import Callable

from tellerline.channels.vault import Vault
from tellerline.dialogue.tracker import Tracker
from tellerline.domain.event import ConversationId, MessageReceived
from tellerline.understanding.redact import Redaction

TEXT_MAX = 8_000  # characters; longer messages are kept in part and answered with a request to be brief
_MOBILE = re.compile(r"\s*(?:\+?86[\s-]?)?1[3-9]\d(?:[\s-]?\d{4}){2}\s*")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ufffe\uffff]|[\ud800-\udfff]")


class Intake:
    """Turns what a channel delivered into the event that is kept."""

    def __init__(self, redact: Callable[..., Redaction], vault: Vault) -> None:
        self._redact = redact
        self._vault = vault

    def take(self, tracker: Tracker, client_id: str, text: str) -> MessageReceived:
        """Return the message as it may be kept. Nothing typed is lost but secrets and control characters."""
        clean = _CONTROL.sub("", text)
        problem = "too_long" if len(clean) > TEXT_MAX else ""
        question = tracker.question
        expecting = question is not None and question.what == "verify"
        previous = (
            "" if _MOBILE.fullmatch(clean) else tracker.typed
        )  # the answer to "which number?", not more of a card
        redaction = self._redact(clean[:TEXT_MAX], expecting_code=expecting, previous=previous)
        self._vault.hold(ConversationId(tracker.conversation), redaction.held)
        if not redaction.text.strip():
            problem = "empty"
        return MessageReceived(client_id, redaction.text, list(redaction.kinds), problem=problem)  # type: ignore[arg-type]
