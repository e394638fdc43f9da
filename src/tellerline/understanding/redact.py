"""Redaction at the edge: what must never be stored is replaced by a token before anything else sees the text."""

from __future__ import annotations

import re

import msgspec

from tellerline.understanding.sensitive.cards import find_cards, find_continued
from tellerline.understanding.sensitive.codes import find_codes, find_expiry, find_passwords
from tellerline.understanding.sensitive.contact import find_contacts
from tellerline.understanding.sensitive.digits import find_runs
from tellerline.understanding.sensitive.finding import Finding, Kind, choose_findings
from tellerline.understanding.sensitive.identity import find_identities
from tellerline.understanding.sensitive.keys import find_keys
from tellerline.understanding.shadow import shadow

PREVIOUS_CHARS = 64
# Of a card number of which the message before showed more than its first eight digits, not even the last four are kept.
_SHOWN_DIGITS_MAX = 8
_ENDS_IN_FRAGMENT = re.compile(r"\[card\]\s*$")
_TAIL_CHARS: dict[Kind, int] = {"card": 4, "account": 4, "phone": 4, "id": 4, "passport": 3}


class Redacted(msgspec.Struct, frozen=True):
    """One replaced value: its kind and where its token stands in the redacted text."""

    kind: Kind
    start: int
    end: int


class Redaction(msgspec.Struct, frozen=True):
    """A text that may be stored.

    kinds: what was replaced, in the order of first appearance.
    held:  token → telephone number in E.164. For the memory of this turn only; it must never be stored or logged.
    """

    text: str
    kinds: tuple[Kind, ...] = ()
    spans: tuple[Redacted, ...] = ()
    held: dict[str, str] = {}


def redact(text: str, *, expecting_code: bool = False, previous: str = "") -> Redaction:
    """Replace card numbers, codes, passwords, identity numbers, addresses and the like in `text` by tokens.

    A token keeps the last characters that are needed to tell which one was meant: `[card:1234]`, `[phone:1234]`,
    `[id:123X]`; of secrets nothing is kept: `[code]`, `[password]`, `[cvv]`.

    expecting_code: the counter has just asked for, or seen a mention of, a one-time code: six digits alone are one.
    previous:       the end of the customer's message before, so that a number typed in two messages is found. Only
                    the part in `text` can be replaced.
    """
    lead = previous[-PREVIOUS_CHARS:].rstrip("?!。？！.… ") + " " if previous else ""
    view = shadow(lead + text)
    found = [f for f in _find(view, expecting_code=expecting_code, lead=lead) if f.end > len(lead)]
    pieces: list[str] = []
    spans: list[Redacted] = []
    held: dict[str, str] = {}
    position = length = 0
    for finding in found:
        start = max(finding.start - len(lead), 0)
        shown = sum(map(str.isdigit, view[finding.start : len(lead)]))
        token = _token(finding, held, with_tail=finding.kind != "card" or shown <= _SHOWN_DIGITS_MAX)
        pieces += [text[position:start], token]
        length += start - position
        spans.append(Redacted(finding.kind, length, length + len(token)))
        length += len(token)
        position = finding.end - len(lead)
    pieces.append(text[position:])
    kinds = tuple(dict.fromkeys(span.kind for span in spans))
    return Redaction("".join(pieces), kinds, tuple(spans), held)


def _find(view: str, *, expecting_code: bool, lead: str) -> list[Finding]:
    """Return everything to be replaced, in order, without overlaps."""
    runs = find_runs(view)
    cards = list(find_cards(view, runs))
    if _ENDS_IN_FRAGMENT.search(lead):
        cards += find_continued(view, runs, len(lead))
    findings = [*find_keys(view), *find_contacts(view, runs), *find_identities(view, runs), *cards]
    findings += find_codes(view, runs, expecting_code=expecting_code)
    findings += find_passwords(view)
    findings += find_expiry(view, cards)
    return choose_findings(findings)


def _token(finding: Finding, held: dict[str, str], *, with_tail: bool) -> str:
    """Return the token of a finding; two telephones with the same end get different tokens."""
    tail = finding.value[-_TAIL_CHARS[finding.kind] :] if with_tail and finding.kind in _TAIL_CHARS else ""
    if not tail:
        return f"[{finding.kind}]"
    token, serial = f"[{finding.kind}:{tail}]", 1
    if finding.kind == "phone":
        while held.get(token, finding.value) != finding.value:
            serial += 1
            token = f"[phone:{tail}-{serial}]"
        held[token] = finding.value
    return token
