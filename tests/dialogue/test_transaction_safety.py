"""From what is read back to what is done: the same thing, once, and only while it holds."""

from __future__ import annotations

from datetime import timedelta

from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.errors import OutcomeUnknown
from tests.dialogue.test_decide import read_back
from tests.dialogue.toy import NOW, Talk, entity, reading


def bodies(talk: Talk, kind: type) -> list[e.Body]:
    return [event.body for event in talk.log.events if isinstance(event.body, kind)]


async def test_what_is_done_is_what_was_read_back_by_its_digest() -> None:
    talk = Talk()
    await read_back(talk)
    await talk.say(reading("affirm", text="是的"))
    (prepared,) = bodies(talk, e.ActionPrepared)
    (confirmed,) = bodies(talk, e.ConfirmationGiven)
    (asked,) = bodies(talk, e.CommitRequested)
    assert isinstance(prepared, e.ActionPrepared)
    assert isinstance(confirmed, e.ConfirmationGiven)
    assert isinstance(asked, e.CommitRequested)
    assert prepared.digest == confirmed.digest == asked.digest
    assert talk.bank.commits == 1


async def test_a_correction_after_the_read_back_is_covered_by_another_digest() -> None:
    talk = Talk()
    await read_back(talk)
    await talk.say(
        reading(
            "correct", text="不是500，是300", entities=(entity("money", 50000), entity("money", 30000, 6))
        )
    )
    await talk.say(reading("affirm", text="是的"))
    digests = [body.digest for body in bodies(talk, e.ActionPrepared) if isinstance(body, e.ActionPrepared)]
    asked = [body.digest for body in bodies(talk, e.CommitRequested) if isinstance(body, e.CommitRequested)]
    assert len(set(digests)) == len(digests) == 2
    assert asked == digests[-1:]


async def test_terms_that_have_expired_are_read_back_again_before_anything_is_done() -> None:
    talk = Talk()
    await read_back(talk)
    talk.clock.time = NOW + timedelta(minutes=11)
    said = await talk.say(reading("affirm", text="是的"))
    assert talk.bank.commits == 0
    assert "<terms_expired>" in said[0]
    assert [
        body.reason for body in bodies(talk, e.ConfirmationVoided) if isinstance(body, e.ConfirmationVoided)
    ][-1:] == ["expired"]


async def test_each_action_in_doubt_has_a_case_and_closes_its_own() -> None:
    talk = Talk()
    for _ in range(2):
        await read_back(talk)
        talk.bank.fail_after = OutcomeUnknown("timeout", "no answer")
        await talk.say(reading("affirm", text="是的"))
    first, second = talk.tracker.open_cases
    assert (first.case_kind, first.owner, first.summary) == ("reconcile", "operations", "转账")
    assert len(talk.tracker.unknown) == 2
    done = dict(talk.bank.done)
    talk.bank.done.clear()  # the first was not done, the second was
    talk.bank.done[[*done][1]] = done[[*done][1]]
    await talk.notice(c.Continue())
    closed = {
        body.number: body.resolution for body in bodies(talk, e.CaseClosed) if isinstance(body, e.CaseClosed)
    }
    assert closed == {first.number: "reconciled_not_done", second.number: "reconciled_done"}
    assert talk.tracker.open_cases == []
    assert talk.tracker.unknown == []
