"""The hash chains that make an alteration of the record show.

Each conversation is a chain of its own: an event's hash covers the one before it. Each append is then sealed by an
anchor, and the anchors form one chain over all conversations, so that a conversation that is missing as a whole, or
ends too early, shows as well. Whoever can write the file can recompute both; against that, the last anchor is noted
elsewhere from time to time (`audit.last_anchor`) and handed to the verification.
"""

from __future__ import annotations

import hashlib

import msgspec

HASH_BYTES = 32
ANCHOR_GENESIS = hashlib.sha256(b"tellerline anchors").digest()

_encode = msgspec.json.Encoder().encode


def digest(content: bytes) -> bytes:
    """Return the SHA-256 of `content`."""
    return hashlib.sha256(content).digest()


def genesis(conversation: str) -> bytes:
    """Return what the first event of `conversation` is linked to."""
    return digest(b"tellerline conversation " + conversation.encode())


def link(previous: bytes, conversation: str, sequence: int, at: str, kind: str, body: bytes) -> bytes:
    """Return the hash of an event that follows the one with hash `previous`.

    The body enters through its digest, so that a body which must be erased can be, and the chain still holds.
    """
    content = _encode([conversation, sequence, at, kind])
    return digest(previous + digest(body) + content)


def seal(
    previous: bytes, number: int, conversation: str, sequence: int, head: bytes, snapshot: bytes | None
) -> bytes:
    """Return the hash of an anchor that follows the one with hash `previous`."""
    return digest(
        previous + head + (snapshot or b"") + _encode([number, conversation, sequence, bool(snapshot)])
    )
