"""What goes over the wire is what the description says, and no more."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from pydantic import TypeAdapter

from tellerline.domain import event as e
from tellerline.domain.citation import Source
from tellerline.domain.language import Text
from tellerline.web import wire
from tellerline.web.view import encode_event, encode_events

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
FORM = TypeAdapter[wire.PublicEvent](wire.PublicEvent)
SOURCE = Source("fact", "deposit_rates.term_1y", "2026-01-01", "Deposit rates", "2026-01-01")
BODIES: list[e.Body] = [
    e.ConversationOpened("web", "zh", "r1", "digest", "u1", 1),
    e.MessageReceived("m1", "hello", ["card"], problem="too_long"),
    e.MessageReceived("m1", "hello"),
    e.MessageSent("assistant", "Hi", "en", [e.Choice("Yes", "yes")], [SOURCE], "f", "s", "C1", "otp"),
    e.MessageSent("representative", "Hi", "en"),
    e.VerificationRequested(e.FrameId("f1"), 2, "otp"),
    e.LevelChanged(2, "otp", "u1"),
    e.CaseOpened(None, "D1", "dispute", "disputes", AT, "secret remark"),
    e.HandoverRequested("scam", "fraud", 1, 1, False, None, "2026-11-24T08:00:00+08:00", "secret remark"),
    e.HandoverRequested("asked", "general", 1, 3, True, 0),
    e.HandoverAccepted("u1", Text("小林", "Lin"), before="owner"),
    e.HandoverReturned("u1", "assistant", "owner", note="secret remark"),
    e.RepresentativeJoined("u1", Text("小林", "Lin")),
    e.RepresentativeLeft("u1", Text("小林", "Lin")),
    e.AttachmentAdded("representative", "a1", "letter.pdf", "application/pdf", 10, "digest", "u1"),
    e.LanguageSwitched("en"),
    e.TurnEnded(1),
    e.ConversationClosed("silence"),
    e.CaseAdvanced("D1", "working", "secret remark", "secret remark"),
    e.CaseExtended("D1", AT, "secret remark", "secret remark", [AT, AT, AT]),
    e.CaseClosed("D1", "upheld", "secret remark", "secret remark"),
]


@pytest.mark.parametrize("body", BODIES, ids=e.kind_of)
def test_it_has_the_form_that_is_described(body: e.Body) -> None:
    text = encode_event(e.Event(7, AT, body))
    parsed = FORM.validate_json(text)
    assert parsed.sequence == 7
    assert msgspec.json.decode(text).keys() <= type(parsed).model_fields.keys()


@pytest.mark.parametrize("body", BODIES, ids=e.kind_of)
def test_what_is_not_the_customers_to_know_stays_here(body: e.Body) -> None:
    text = encode_event(e.Event(7, AT, body))
    for secret in ("digest", "u1", "secret remark", "scam", "owner", "frame"):
        assert secret not in text


def test_every_public_kind_is_covered() -> None:
    assert {e.kind_of(body) for body in BODIES} == e.PUBLIC_KINDS


def test_a_wait_of_no_minutes_is_told() -> None:
    assert '"wait_minutes":0' in encode_event(e.Event(1, AT, BODIES[9]))


def test_events_are_wrapped() -> None:
    assert msgspec.json.decode(encode_events([e.Event(1, AT, BODIES[16])])) == {
        "events": [{"sequence": 1, "at": "2026-11-23T08:00:00Z", "kind": "turn.ended", "turn": 1}]
    }
