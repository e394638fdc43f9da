"""The laws of a simulation: a run that breaks one is found out, and one that keeps them is not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tellerline.domain import event as e
from tellerline.domain.citation import Source
from tellerline.exam.simulation.law import Kept, check_run
from tellerline.exam.simulation.world import make_template

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
FRAME = e.FrameId("f1")
TAKEN = e.MessageReceived("m1", "确认")
ASKED = e.CommitRequested(FRAME, "send", "transfer.send", "k1", "d")
DONE = e.ActionCommitted(FRAME, "send", "transfer.send", "k1", "transfer", {})
DOUBT = e.ActionFailed(FRAME, "send", "transfer.send", "k1", "outcome_unknown")
SAID = e.MessageSent("assistant", "已转出", "zh", sources=[Source("bank", "transfer.send", "3")])
EFFECT = {"key": "k1", "action": "transfer.send"}


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return make_template(tmp_path)


def broken(
    record: Path, bodies: Sequence[e.Body], effects: int = 1, *, acknowledged: Sequence[str] = ("m1",)
) -> list[str]:
    events = [e.Event(place, AT, body) for place, body in enumerate(bodies, start=1)]
    found = check_run([Kept("c1", events, acknowledged)], [EFFECT] * effects, [], record)
    return [finding.expected for _, finding in found]


def test_a_run_that_keeps_the_laws_is_let_pass(record: Path) -> None:
    assert broken(record, [TAKEN, ASKED, DONE, SAID]) == []
    assert broken(record, [TAKEN, ASKED, DOUBT, DONE, SAID]) == []


@pytest.mark.parametrize(
    ("bodies", "effects", "law"),
    [
        ([TAKEN, ASKED, DONE], 2, "one effect, recorded once"),
        ([TAKEN, ASKED, DONE], 0, "one effect, recorded once"),
        ([TAKEN, ASKED], 1, "one effect, recorded once"),
        ([TAKEN, DONE], 1, "an effect is written down before it is asked for"),
        ([TAKEN, TAKEN, ASKED, DONE], 1, "no message is kept twice"),
        ([ASKED, DONE], 1, "a message that was taken is kept once"),
        ([TAKEN, SAID, ASKED, DONE], 1, "a message rests on what the bank has said"),
        ([TAKEN, ASKED, DOUBT], 0, "what became of an action is found out"),
    ],
    ids=["twice", "claimed", "forgotten", "unasked", "doubled", "lost", "unsupported", "unknown"],
)
def test_a_run_that_breaks_a_law_is_found_out(
    record: Path, bodies: Sequence[e.Body], effects: int, law: str
) -> None:
    assert law in broken(record, bodies, effects)


def test_a_case_that_was_never_opened_is_found_out(record: Path) -> None:
    promise = e.MessageSent("assistant", "编号HB261123-QDUYA-DB58X", "zh")
    assert "a case that is told of is open" in broken(record, [TAKEN, promise], 0)
