"""What may be remembered of strangers is bounded."""

from __future__ import annotations

from tellerline.bank.adapters.simulator.recent import ENTRIES_MAX, Recent


def test_the_oldest_entry_is_forgotten_first() -> None:
    recent: Recent[int] = Recent()
    for number in range(ENTRIES_MAX):
        recent[str(number)] = number
    recent["0"] = 0  # set again: no longer the oldest
    recent["new"] = -1
    assert len(recent) == ENTRIES_MAX
    assert "1" not in recent
    assert {"0", "2", "new"} <= recent.keys()
