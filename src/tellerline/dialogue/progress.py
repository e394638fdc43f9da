"""Running the flows of a turn: take the top frame's moves until the customer, the bank or nobody is waited for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from tellerline.bank.catalogue import KNOWN
from tellerline.cases.calendar import close_of_day
from tellerline.cases.number import case_number
from tellerline.dialogue.choices import is_pointed, match_records, named_in
from tellerline.dialogue.draft import (
    BANK_ZONE,
    CommitEffect,
    Draft,
    HandoverEffect,
    LookupEffect,
    PrepareEffect,
)
from tellerline.domain import event as e
from tellerline.domain.data import Record
from tellerline.domain.expression import evaluate
from tellerline.flows import run as moves
from tellerline.flows.frame import Frame
from tellerline.flows.spec import Due, Flow, Promise, Slot

MOVES_MAX = 200  # a flow that takes more moves than this in one turn is a loop
ATTEMPTS_MAX = 3  # failed answers to one question before a representative is offered
METHOD_OF_LEVEL = {1: "identify", 2: "otp", 3: "face"}
PRIORITY = {"crisis": 0, "scam": 1, "hardship": 3, "complaint": 3, "legal": 3}
EMERGENCY, VULNERABLE, ELDER, ORDINARY = 1, 2, 4, 5
"""How urgent a wait for a representative is, beside its reason; the smaller goes first."""


def run(draft: Draft) -> None:
    """Advance until an effect is needed, a question is open, or nothing is left to do.

    Raises: AssertionError when a flow does not come to rest.
    """
    question = draft.tracker.question
    if (
        draft.ask_again
        and question is not None
        and question.what == "change"
        and draft.tracker.top is not None
    ):
        ask_what_to_change(draft, draft.tracker.top)
    for _ in range(MOVES_MAX):
        if draft.effects or _waits(draft):
            return
        frame = draft.tracker.top
        if frame is None:
            if not _start_next(draft):
                return
        elif frame.interrupted:
            if draft.tracker.waiting is not None:
                return  # it goes on when the customer, or the representative, takes it up
            _take_up(draft, frame)
        else:
            flow = draft.release.flows[frame.flow]
            move = moves.advance(flow, frame, draft.scope(frame))
            _APPLY[type(move)](draft, flow, frame, move)
    raise AssertionError(f"{[frame.flow for frame in draft.tracker.stack]} do not come to rest")


def _waits(draft: Draft) -> bool:
    question = draft.tracker.question
    if question is None:
        return False
    if question.frame is None:
        return True
    return not draft.ask_again


def _start_next(draft: Draft) -> bool:
    if not draft.tracker.queue:
        return False
    queued = draft.tracker.queue[0]
    start(draft, queued.flow, queued.intent, queued.values)
    return True


def start(draft: Draft, flow_name: str, intent: str, values: Record) -> None:
    """Put a new frame of `flow_name` on the stack, interrupting what runs."""
    tracker = draft.tracker
    top = tracker.top
    if top is not None and not top.interrupted:
        interrupt(draft, top)
    frame_id = e.FrameId(f"f{tracker.frame_count + 1}")
    draft.emit(e.FlowStarted(frame_id, flow_name, intent, values))
    flow = draft.release.flows[flow_name]
    draft.emit(e.StepEntered(frame_id, flow.steps[0].id))


def interrupt(draft: Draft, frame: Frame) -> None:
    """Mark `frame` as interrupted; what was read back must be read back again."""
    if frame.pending is not None:
        draft.emit(e.ConfirmationVoided(e.FrameId(frame.id), "interrupted"))
    draft.emit(e.FlowInterrupted(e.FrameId(frame.id)))


def _take_up(draft: Draft, frame: Frame) -> None:
    flow = draft.release.flows[frame.flow]
    if flow.resume == "auto":
        draft.emit(e.FlowResumed(e.FrameId(frame.id)))
        draft.say("resuming", frame, book="patterns", extra={"flow_title": draft.flow_title(frame.flow)})
        return
    language = draft.tracker.language
    options = [
        e.Choice({"zh": "继续", "en": "Continue"}[language], "resume"),
        e.Choice({"zh": "不办了", "en": "Drop it"}[language], "cancel"),
    ]
    draft.emit(e.QuestionAsked(e.FrameId(frame.id), "resume", options=options))
    draft.say(
        "ask_resume",
        frame,
        book="patterns",
        extra={"flow_title": draft.flow_title(frame.flow)},
        choices=options,
    )


def ask_what_to_change(draft: Draft, frame: Frame) -> None:
    """Ask which value of what was read back is wrong; nothing has been done."""
    flow = draft.release.flows[frame.flow]
    frame_id = e.FrameId(frame.id)
    asked = [step.ask for step in flow.steps if step.ask and step.ask in frame.values]
    copies = draft.release.copies[flow.flow]
    language = draft.tracker.language
    options: list[e.Choice] = []
    for slot in asked:
        key = f"name_{slot}"
        rendered = copies.render(key, language, draft.scope(frame)) if copies.has(language, key) else None
        if rendered is not None:
            options.append(e.Choice(rendered.text, str(slot)))
    shown = [e.Choice(o.label, o.label) for o in options]
    shown.append(
        e.Choice({"zh": "不办了", "en": "Cancel"}[language], {"zh": "不办了", "en": "cancel"}[language])
    )
    draft.emit(e.QuestionAsked(frame_id, "change", options=options))
    draft.say("what_to_change", frame, book="patterns", choices=shown)


def _enter(draft: Draft, flow: Flow, frame: Frame, move: moves.Enter) -> None:
    draft.emit(e.StepEntered(e.FrameId(frame.id), move.step))


def _speak(draft: Draft, flow: Flow, frame: Frame, move: moves.Speak) -> None:
    draft.say(move.copy, frame)
    draft.emit(e.StepEntered(e.FrameId(frame.id), move.then))


def choice_label(record: Record, language: str) -> str:
    """Return what a button for `record` says."""
    label = record.get("label") or record.get("name") or record.get("id")
    return str(label[language] if isinstance(label, dict) else label)


def options_of(slot: Slot, records: list[Record], language: str) -> list[e.Choice]:
    """Return the buttons under a slot's question."""
    if records:
        labels = [choice_label(record, language) for record in records]
        return [e.Choice(label, label) for label in labels]
    words = {"zh": ("是", "否"), "en": ("Yes", "No")}[language]
    if slot.type == "yes_no":
        return [e.Choice(word, word) for word in words]
    return [e.Choice(o.label.zh if language == "zh" else o.label.en, str(o.value)) for o in slot.options]


def _ask_slot(draft: Draft, flow: Flow, frame: Frame, move: moves.AskSlot) -> None:
    slot = flow.slots[move.slot]
    if move.problem:  # it came with the request, before it could be checked
        value = frame.values[move.slot]
        draft.say(move.problem, frame)
        draft.emit(e.AttemptFailed(e.FrameId(frame.id), move.slot, move.problem))
        draft.emit(e.SlotCleared(e.FrameId(frame.id), [move.slot], "rejected"))
        if isinstance(value, dict) and "clue" in frame.values:
            draft.emit(e.SlotSet(e.FrameId(frame.id), "clue", {"text": ""}, "default"))
    if frame.attempts.get(move.slot, 0) >= ATTEMPTS_MAX:
        draft.say("too_many_attempts", frame, book="patterns")
        hand_over(draft, frame, "failures", "general")
        return
    records = _pointed_at(flow, frame, slot, move.records)
    if slot.choices and len(records) == 1:
        draft.emit(e.SlotSet(e.FrameId(frame.id), move.slot, records[0]))
        return
    options = options_of(slot, records, draft.tracker.language)
    draft.emit(e.QuestionAsked(e.FrameId(frame.id), "slot", move.slot, options))
    draft.say(slot.ask, frame, extra={"choices": list(records)}, choices=options)


def _pointed_at(flow: Flow, frame: Frame, slot: Slot, records: list[Record]) -> list[Record]:
    """Keep the choices that what the customer has already said points at.

    Mere words of a story are enough where nothing is done at once, as it is in an emergency.
    """
    clue = frame.values.get("clue")
    if not slot.choices or not isinstance(clue, dict):
        return records
    if is_pointed(clue):
        return match_records(records, clue, by_words=not flow.emergency) or records
    return records if flow.emergency else named_in(records, str(clue.get("text", ""))) or records


def _fill(draft: Draft, flow: Flow, frame: Frame, move: moves.FillSlot) -> None:
    source: Any = move.source
    draft.emit(e.SlotSet(e.FrameId(frame.id), move.slot, move.value, source))


def _need_level(draft: Draft, flow: Flow, frame: Frame, move: moves.NeedLevel) -> None:
    if frame.attempts.get("verify", 0) >= ATTEMPTS_MAX:
        draft.say("verification_failed_finally", frame, book="patterns")
        hand_over(draft, frame, "failures", "general")
        return
    method = METHOD_OF_LEVEL[draft.tracker.level + 1]
    if draft.tracker.decayed:  # say why the same thing is asked for once more
        draft.say("verified_idle", frame, book="patterns")
    asked = draft.tracker.question
    again = asked is not None and asked.what == "verify" and asked.frame == frame.id
    draft.emit(e.VerificationRequested(e.FrameId(frame.id), move.level, method))
    draft.emit(e.QuestionAsked(e.FrameId(frame.id), "verify", level=move.level))
    key = "verify_again" if again else f"verify_{method}"
    draft.say(key, frame, widget=method, extra={"flow_title": draft.flow_title(frame.flow)})


def _look_up(draft: Draft, flow: Flow, frame: Frame, move: moves.Lookup) -> None:
    draft.effects.append(LookupEffect(frame.id, move.step, move.operation, move.arguments, move.into))


def _prepare(draft: Draft, flow: Flow, frame: Frame, move: moves.Prepare) -> None:
    if KNOWN[move.action].stops_in_scam and draft.tracker.suspected_scam:
        draft.say("money_on_hold", frame, book="patterns")
        draft.emit(e.FlowEnded(e.FrameId(frame.id), "failed"))
        return
    draft.effects.append(PrepareEffect(frame.id, move.step, move.action, move.arguments))


def _read_back(draft: Draft, flow: Flow, frame: Frame, move: moves.ReadBack) -> None:
    language = draft.tracker.language
    options = [
        e.Choice({"zh": "确认办理", "en": "Confirm"}[language], {"zh": "确认", "en": "confirm"}[language]),
        e.Choice(
            {"zh": "修改", "en": "Change something"}[language],
            {"zh": "需要修改", "en": "change it"}[language],
        ),
        e.Choice({"zh": "不办了", "en": "Cancel"}[language], {"zh": "不办了", "en": "cancel"}[language]),
    ]
    draft.emit(e.QuestionAsked(e.FrameId(frame.id), "confirm", options=options))
    draft.say(move.copy, frame, choices=options)


def _commit(draft: Draft, flow: Flow, frame: Frame, move: moves.Commit) -> None:
    pending = frame.pending
    if KNOWN[move.action].stops_in_scam and draft.tracker.suspected_scam:
        draft.say("money_on_hold", frame, book="patterns")
        draft.emit(e.FlowEnded(e.FrameId(frame.id), "failed"))
        return
    assert pending is not None, f"{flow.flow}/{move.step}: nothing was prepared"
    assert pending.confirmed or KNOWN[move.action].protective, f"{flow.flow}/{move.step}: not confirmed"
    assert pending.action == move.action, f"{flow.flow}/{move.step}: {pending.action} was prepared"
    key = moves.idempotency_key(draft.tracker.conversation, frame, move.step, pending.digest)
    recover = frame.keys.get(move.step) == key
    if not recover:
        draft.emit(e.CommitRequested(e.FrameId(frame.id), move.step, move.action, key, pending.digest))
    draft.effects.append(
        CommitEffect(
            frame.id,
            move.step,
            move.action,
            pending.arguments,
            pending.terms,
            pending.expires_at,
            pending.digest,
            key,
            move.into,
            recover,
        )
    )


def open_case(
    draft: Draft,
    frame: Frame | None,
    promise: Promise,
    summary: str,
    seed: str,
    *,
    due_at: datetime | None = None,
) -> e.CaseOpened:
    """Open a case in the record and return it. due_at: when it is due, if that was said already."""
    release, scope = draft.release, draft.scope(frame)
    number = str(evaluate(promise.number, scope)) if promise.number else ""
    if not number:
        number = case_number(f"{draft.tracker.conversation}/{seed}", draft.now.astimezone(BANK_ZONE).date())
    if due_at is None and promise.due.on:
        due_at = close_of_day(date.fromisoformat(str(evaluate(promise.due.on, scope))), BANK_ZONE)
    due_at = due_at or release.due_at(draft.now, promise.due, promise.kind)
    alarms = release.clock.alarms(release.cases.of(promise.kind), draft.now, due_at)
    frame_id = e.FrameId(frame.id) if frame else None
    body = e.CaseOpened(frame_id, number, promise.kind, promise.owner, due_at, summary, promise.into, alarms)
    draft.emit(body)
    return body


def _open_case(draft: Draft, flow: Flow, frame: Frame, move: moves.OpenCase) -> None:
    promise = flow.step(move.step).promise
    assert promise is not None
    book = draft.release.copies[flow.flow]
    summary = book.render(promise.summary, draft.tracker.language, draft.scope(frame))
    open_case(draft, frame, promise, summary.text if summary else flow.flow, f"{frame.id}/{move.step}")
    draft.emit(e.StepEntered(e.FrameId(frame.id), move.then))


def hand_over(draft: Draft, frame: Frame | None, reason: str, queue: str) -> None:
    """Queue for a representative, leaving `frame` if given. Where one speaks already, nobody is queued for."""
    if frame is not None:
        draft.emit(e.FlowEnded(e.FrameId(frame.id), "handed_over"))
    if draft.tracker.owner:
        return
    if draft.tracker.waiting is None:
        draft.effects.append(HandoverEffect(reason, queue, priority_of(draft, reason)))
    else:
        draft.say("still_waiting", book="patterns", extra={"position": draft.tracker.waiting.position})


def priority_of(draft: Draft, reason: str) -> int:
    """Return how urgent a wait for a representative is: by its reason, by what is under way, and by who waits."""
    tracker, release = draft.tracker, draft.release
    found = [PRIORITY.get(reason, ORDINARY)]
    if any(release.flows[frame.flow].emergency for frame in tracker.stack):
        found.append(EMERGENCY)
    if tracker.vulnerable >= release.thresholds["vulnerability"]:
        found.append(VULNERABLE)
    profiles = (
        values.get("profile")
        for values in (*(f.values for f in tracker.stack), *(f.values for f in tracker.ended))
    )
    if any(isinstance(profile, dict) and profile.get("elder") for profile in profiles):
        found.append(ELDER)
    return min(found)


def _hand_over(draft: Draft, flow: Flow, frame: Frame, move: moves.HandOver) -> None:
    if move.reason == "scam" and not draft.tracker.suspected_scam:
        draft.emit(e.ScamSuspected())
    hand_over(draft, frame, move.reason, move.queue)


def _failed(draft: Draft, flow: Flow, frame: Frame, move: moves.Failed) -> None:
    if move.failure == "conflict":
        _read_again(draft, flow, frame)
        return
    looking = flow.step(frame.step).lookup is not None
    extra: Record = {"flow_title": draft.flow_title(frame.flow), "code": move.code, "looking": looking}
    if move.failure == "unknown":
        promise = Promise(kind="reconcile", owner="operations", due=RECONCILE_DUE, summary="", into="case")
        case = open_case(draft, frame, promise, draft.flow_title(frame.flow), f"{frame.id}/unknown")
        extra["case"] = {"number": case.number, "due_at": case.due_at.isoformat()}
    book = draft.release.copies["patterns"]
    key = f"failed_{move.code}"
    if move.failure != "refused" or not book.has(draft.tracker.language, key):
        key = f"failed_{move.failure}"
    draft.say(key, frame, book="patterns", extra=extra)
    draft.emit(e.FlowEnded(e.FrameId(frame.id), "failed"))


def _read_again(draft: Draft, flow: Flow, frame: Frame) -> None:
    """The terms changed between quote and confirmation: prepare and read back again."""
    acting = flow.step(frame.step)
    read = flow.step(frame.pending.step) if frame.pending else acting  # where it was prepared
    draft.emit(e.ConfirmationVoided(e.FrameId(frame.id), "changed"))
    draft.emit(e.StepEntered(e.FrameId(frame.id), read.id))
    if read is not acting:  # a protective action has nothing to read back: it is prepared again and done
        draft.say("terms_changed", frame, book="patterns")


def _end(draft: Draft, flow: Flow, frame: Frame, move: moves.End) -> None:
    draft.emit(e.FlowEnded(e.FrameId(frame.id), move.outcome))


RECONCILE_DUE = Due(business_days=1)
_APPLY: dict[type, Callable[[Draft, Flow, Frame, Any], None]] = {
    moves.Enter: _enter,
    moves.Speak: _speak,
    moves.AskSlot: _ask_slot,
    moves.FillSlot: _fill,
    moves.NeedLevel: _need_level,
    moves.Lookup: _look_up,
    moves.Prepare: _prepare,
    moves.ReadBack: _read_back,
    moves.Commit: _commit,
    moves.OpenCase: _open_case,
    moves.HandOver: _hand_over,
    moves.Failed: _failed,
    moves.End: _end,
}
