"""Indicators of what the record says happened: steps, actions, promises, handovers, times."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tellerline.bank.catalogue import OPERATIONS
from tellerline.domain import event as e
from tellerline.quality.finding import Side
from tellerline.quality.opportunity import Opportunity, Tools, judge_event
from tellerline.quality.transcript import Said, Transcript

RECOVERY_S = 60.0
FIRST_REPLY_S: dict[Side, float] = {"assistant": 3.0, "representative": 30.0}
NEXT_REPLY_S: dict[Side, float] = {"assistant": 3.0, "representative": 60.0}
OVER_TYPING_S = 1.0
NOTE_CHARS_MIN = 8
HANDS_MAX = 2  # representatives in one conversation before it was bounced about


def failure_recovered(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """When a system fails, the customer hears within a minute how it goes on."""
    for one in transcript.events:
        body = one.body
        if isinstance(body, (e.LookupDone, e.ActionFailed)) and body.error:
            said = next((m for m in transcript.staff() if m.sequence > one.sequence), None)
            told = said is not None and (said.at - one.at).total_seconds() <= RECOVERY_S
            yield judge_event(transcript, one.sequence, passed=told, also=said.sequence if said else None)


def task_resumed(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """What was interrupted is taken up again or ended, not forgotten."""
    for one, body in transcript.of(e.FlowInterrupted):
        after = next(
            (
                later.sequence
                for later in transcript.during(one.sequence)
                if isinstance(later.body, (e.FlowResumed, e.FlowEnded)) and later.body.frame == body.frame
            ),
            None,
        )
        if after is not None or transcript.closed is not None:
            yield judge_event(transcript, one.sequence, passed=after is not None, also=after)


def requests_served(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """Every further request of a message has its turn."""
    for one, body in transcript.of(e.FlowQueued):
        begun = next(
            (
                later.sequence
                for later in transcript.during(one.sequence)
                if isinstance(later.body, e.FlowStarted) and later.body.flow == body.flow
            ),
            None,
        )
        if begun is not None or transcript.closed is not None:
            yield judge_event(transcript, one.sequence, passed=begun is not None, also=begun)


def confirmed_first(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """Nothing is done that the customer has not said yes to, save what only protects them."""
    agreed: dict[str, int] = {}
    for one in transcript.events:
        body = one.body
        if isinstance(body, e.ConfirmationGiven):
            agreed[body.digest] = one.sequence
        elif isinstance(body, e.ConfirmationVoided):
            agreed.clear()
        elif isinstance(body, e.CommitRequested):
            operation = OPERATIONS.get(body.action)
            if operation is None or not operation.protective:
                yield judge_event(
                    transcript, one.sequence, passed=body.digest in agreed, also=agreed.get(body.digest)
                )


def verified_first(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """Neither data nor action is reached below the identity level it needs."""
    level = transcript.opened.level
    for one in transcript.events:
        body = one.body
        if isinstance(body, e.LevelChanged):
            level = body.level
        name = body.operation if isinstance(body, e.LookupDone) and not body.error else ""
        name = body.action if isinstance(body, e.ActionCommitted) else name
        operation = OPERATIONS.get(name)
        if operation is not None and operation.level > 0:
            yield judge_event(transcript, one.sequence, passed=level >= operation.level)


def action_succeeded(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """What the bank was asked to do was done, at the first try and for certain."""
    outcomes: dict[str, tuple[int, bool]] = {}
    for one in transcript.events:
        body = one.body
        if isinstance(body, (e.ActionCommitted, e.ActionFailed)):
            outcomes[body.key] = (one.sequence, isinstance(body, e.ActionCommitted))
    for one, body in transcript.of(e.CommitRequested):
        if body.key in outcomes:
            sequence, done = outcomes[body.key]
            yield judge_event(transcript, one.sequence, passed=done, also=sequence)


def steps_completed(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """A procedure that was begun is carried through, unless the customer did not want it."""
    for one, body in transcript.of(e.FlowEnded):
        if body.outcome != "cancelled":
            yield judge_event(transcript, one.sequence, passed=body.outcome in ("completed", "handed_over"))


def fact_asked_once(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """Nobody asks for what the customer has told this conversation."""
    yield from _asked(transcript, lambda before, now: before == now)


def fact_remembered(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """Whoever takes over does not ask for what was told before."""
    yield from _asked(transcript, lambda before, now: before != now)


def handover_complete(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """Whoever hands over says what it is about and what was done."""
    for one in transcript.events:
        body = one.body
        if not isinstance(body, (e.HandoverRequested, e.TransferRequested)):
            continue
        words = body.summary if isinstance(body, e.HandoverRequested) else body.note
        found = judge_event(transcript, one.sequence, passed=len(words.strip()) >= NOTE_CHARS_MIN)
        yield found._replace(quote=words)


def not_bounced(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """The customer is not sent from one to the next."""
    hands = [body.representative for _, body in transcript.of(e.HandoverAccepted)]
    for one, _ in transcript.of(e.TransferRequested):
        yield judge_event(transcript, one.sequence, passed=len(set(hands)) <= HANDS_MAX)


def complaint_registered(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """Dissatisfaction in plain words becomes a case in the same conversation."""
    asked = next((one for one in transcript.customers() if _flag(one, "complaint") >= 0.5), None)
    if asked is None or not transcript.replies(asked):
        return
    cases = [one.sequence for one, _ in transcript.of(e.CaseOpened) if one.sequence > asked.sequence]
    yield judge_event(transcript, asked.sequence, passed=bool(cases), also=cases[0] if cases else None)


def promise_kept(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """A case is closed by its deadline. One that is open and not yet due says nothing."""
    closed = {body.number: one for one, body in transcript.of(e.CaseClosed)}
    now = transcript.events[-1].at
    for one, body in transcript.of(e.CaseOpened):
        ended = closed.get(body.number)
        if ended is not None:
            yield judge_event(transcript, one.sequence, passed=ended.at <= body.due_at, also=ended.sequence)
        elif body.due_at < now:
            yield judge_event(transcript, one.sequence, passed=False)


def first_reply(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """The first answer comes in 3 s from the assistant, in 30 s from a representative who has accepted."""
    for asked, said in _exchanges(transcript):
        if said.side == "assistant":
            took_s = (said.at - asked.at).total_seconds()
            yield _timed(said, asked.sequence, took_s, FIRST_REPLY_S["assistant"])
            break
    for one, body in transcript.of(e.HandoverAccepted):
        yield from _first(transcript, one, body.representative)


def next_reply(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """Later answers come in 3 s from the assistant, in a minute from a representative."""
    seen: set[tuple[Side, str]] = set()
    for asked, said in _exchanges(transcript):
        assert said.side is not None
        if (said.side, said.who) in seen:
            took_s = (said.at - asked.at).total_seconds()
            yield _timed(said, asked.sequence, took_s, NEXT_REPLY_S[said.side])
        seen.add((said.side, said.who))


def waited_out(transcript: Transcript, tools: Tools) -> Iterator[Opportunity]:
    """A representative does not answer into a customer's unfinished burst."""
    for asked, said in _exchanges(transcript):
        again = next((one for one in transcript.customers() if one.sequence > said.sequence), None)
        if said.side == "representative" and again is not None:
            passed = (again.at - said.at).total_seconds() > OVER_TYPING_S
            yield Opportunity(
                passed, "representative", said.who, [asked.sequence, said.sequence, again.sequence]
            )


def _asked(
    transcript: Transcript, judged: Callable[[tuple[Side, str], tuple[Side, str]], bool]
) -> Iterator[Opportunity]:
    """A slot asked for while it is known is asked again. A value that was corrected or rejected is not known."""
    known: dict[str, tuple[int, tuple[Side, str]]] = {}
    for one in transcript.events:
        body = one.body
        if isinstance(body, e.SlotSet) and body.source == "customer":
            known[body.slot] = (one.sequence, transcript.in_charge(one.sequence))
        elif isinstance(body, e.SlotCleared):
            for slot in body.slots:
                known.pop(slot, None)
        elif isinstance(body, e.FlowEnded):
            known.clear()
        elif isinstance(body, e.QuestionAsked) and body.what == "slot":
            serving = transcript.in_charge(one.sequence)
            before = known.get(body.slot)
            if before is None and any(judged(serving, told) for _, told in known.values()):
                yield judge_event(transcript, one.sequence, passed=True)
            elif before is not None and judged(before[1], serving):
                yield judge_event(transcript, one.sequence, passed=False, also=before[0])


def _first(transcript: Transcript, accepted: e.Event, who: str) -> Iterator[Opportunity]:
    for said in transcript.staff("representative"):
        if said.sequence > accepted.sequence and said.who == who:
            took_s = (said.at - accepted.at).total_seconds()
            yield _timed(said, accepted.sequence, took_s, FIRST_REPLY_S["representative"])
            return


def _exchanges(transcript: Transcript) -> Iterator[tuple[Said, Said]]:
    """Yield each last message of a customer and the first of the staff after it."""
    waiting: Said | None = None
    for one in transcript.messages:
        if one.author == "customer":
            waiting = one
        elif one.side is not None and waiting is not None:
            yield waiting, one
            waiting = None


def _timed(said: Said, asked: int, took_s: float, limit_s: float) -> Opportunity:
    assert said.side is not None
    return Opportunity(took_s <= limit_s, said.side, said.who, [asked, said.sequence], value=round(took_s, 3))


def _flag(said: Said, name: str) -> float:
    return said.reading.flags.get(name, 0.0) if said.reading is not None else 0.0
