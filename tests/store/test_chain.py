"""The hashes are a format: a record written today must verify for as long as it is kept."""

from __future__ import annotations

import pytest

from tellerline.store import chain

LINK = ("c1", 2, "2026-11-23T01:30:00.250000Z", "turn.ended", b'{"kind":"turn.ended","turn":1}')


def test_the_hashes_have_not_changed() -> None:
    start = chain.genesis("c1")
    head = chain.link(start, *LINK)
    assert start.hex() == "0"
    assert head.hex() == "0"
    assert chain.seal(chain.ANCHOR_GENESIS, 1, "c1", 2, head, None).hex() == "0"


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
