"""The hashes are a format: a record written today must verify for as long as it is kept."""

from __future__ import annotations

import hashlib

import pytest

from tellerline.store import chain

LINK = ("c1", 2, "2026-11-23T01:30:00.250000Z", "turn.ended", b'{"kind":"turn.ended","turn":1}')


def sha256(*parts: bytes) -> bytes:
    """Return the hash of `parts` put together."""
    return hashlib.sha256(b"".join(parts)).digest()


def test_anybody_can_compute_the_hashes_from_what_is_stored() -> None:
    start = sha256(b"tellerline conversation c1")
    head = sha256(start, sha256(LINK[4]), b'["c1",2,"2026-11-23T01:30:00.250000Z","turn.ended"]')
    assert chain.genesis("c1") == start
    assert chain.link(start, *LINK) == head
    first = sha256(b"tellerline anchors")
    drawn = sha256(b"tracker")
    assert chain.seal(first, 1, "c1", 2, head, None) == sha256(first, head, b'[1,"c1",2,false]')
    assert chain.seal(first, 1, "c1", 2, head, drawn) == sha256(first, head, drawn, b'[1,"c1",2,true]')


@pytest.mark.parametrize("place", range(len(LINK)))
def test_a_link_covers_each_of_its_parts(place: int) -> None:
    start, changed = chain.genesis("c1"), list(LINK)
    part = changed[place]
    changed[place] = part + 1 if isinstance(part, int) else part[:-1]
    assert chain.link(start, *changed) != chain.link(start, *LINK)  # type: ignore[arg-type]
    assert chain.link(chain.genesis("c2"), *LINK) != chain.link(start, *LINK)


def test_a_seal_covers_each_of_its_parts() -> None:
    head, snapshot = chain.digest(b"head"), chain.digest(b"snapshot")
    seals = {
        chain.seal(chain.ANCHOR_GENESIS, 1, "c1", 2, head, snapshot),
        chain.seal(head, 1, "c1", 2, head, snapshot),
        chain.seal(chain.ANCHOR_GENESIS, 2, "c1", 2, head, snapshot),
        chain.seal(chain.ANCHOR_GENESIS, 1, "c2", 2, head, snapshot),
        chain.seal(chain.ANCHOR_GENESIS, 1, "c1", 3, head, snapshot),
        chain.seal(chain.ANCHOR_GENESIS, 1, "c1", 2, snapshot, snapshot),
        chain.seal(chain.ANCHOR_GENESIS, 1, "c1", 2, head, head),
        chain.seal(chain.ANCHOR_GENESIS, 1, "c1", 2, head, None),
    }
    assert len(seals) == 8
