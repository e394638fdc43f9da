"""The decision of a turn: `decide(tracker, commands) → events, words, effects`. Pure.

Commands are obeyed in order; then the flows run as far as they can. When an effect is needed the decision ends there; the
engine performs it, records the outcome and decides again with no commands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from tellerline.bank.catalogue import KNOWN
from tellerline.dialogue import repair
from tellerline.dialogue.casework import CASEWORK
from tellerline.dialogue.draft import Decision, Draft, RecallEffect, ReconcileEffect
from tellerline.dialogue.greeting import greet
from tellerline.dialogue.progress import hand_over, interrupt, run, start
from tellerline.dialogue.release import Release
from tellerline.dialogue.remembrance import describe
from tellerline.dialogue.tracker import Tracker
from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.data import Record
from tellerline.domain.expression import holds
from tellerline.domain.language import Language
from tellerline.domain.remembered import Preference
from tellerline.flows.frame import Frame
from tellerline.flows.spec import Flow
from tellerline.memory.door import EVERYTHING
from tellerline.memory.kind import may_be_told

IDLE_MAX = timedelta(
    minutes=5
)  # after this much silence a proven level decays to what the channel vouches for (A7)
MISSES_MAX = 2  # turns not understood before a representative is brought in (H3)
CLARIFICATIONS_MAX = 2
OFFER = repair.OFFER


def decide(
    tracker: Tracker,
    commands: Sequence[c.Command],
    release: Release,
    now: datetime,
    *,
    outcomes: Sequence[e.Body] = (),
    spoken: bool = True,
) -> Decision:
    """Decide the next part of a turn.

    commands: [] when the turn goes on after effects, whose `outcomes` have already been folded into `tracker`.
    spoken: something has been said in this turn already, or need not be.
    Raises: Invalid, code `copy_not_eligible`, for a pack that was not linted; AssertionError for a flow without end.
    """
    draft = Draft(tracker, release, now)
    for outcome in outcomes:
        _after_effect(draft, outcome)
    if any(command for command in commands if not isinstance(command, c.OpenConversation)):
        _acknowledge(draft, commands)
    for command in _ordered(commands, release):
        _OBEY[type(command)](draft, command)
    run(draft)
    if not draft.effects and not draft.tracker.closed:
        _close_turn(draft, tracker)
    if not (draft.effects or draft.utterances or spoken):
        repair.status(draft)  # whoever says something is answered, if only by where things stand
        run(draft)
    return draft.decision()


def decay_level(tracker: Tracker, now: datetime) -> e.LevelChanged | None:
    """Return the fall of the identity level after idling, if it is due."""
    if (
        tracker.level <= tracker.session_level
        or tracker.ended_at is None
        or now - tracker.ended_at <= IDLE_MAX
    ):
        return None
    return e.LevelChanged(tracker.session_level, "idle")


def _ordered(commands: Sequence[c.Command], release: Release) -> list[c.Command]:
    """Emergencies first, questions last before a new flow would bury them; otherwise the customer's own order."""

    def rank(command: c.Command) -> int:
        if isinstance(command, c.SwitchLanguage | c.ReportFraud | c.NoteSecret):
            return 0
        if isinstance(command, c.HumanHandoff):
            return 4 if command.reason != "crisis" else 0
        if isinstance(command, c.StartFlow):
            return 1 if release.flows[command.flow].emergency else 3
        return 3 if isinstance(command, c.InvokeRight) else 2

    return sorted(commands, key=rank)


def moves_money(flow: Flow) -> bool:
    """Tell whether a step of `flow` moves the customer's money, or opens the way for it to leave."""
    return any(step.do is not None and KNOWN[step.do].stops_in_scam for step in flow.steps)


# --- what each command does ------------------------------------------------------------------------------------------


def _start_flow(draft: Draft, command: c.StartFlow) -> None:
    tracker = draft.tracker
    flow = draft.release.flows[command.flow]
    if tracker.suspected_scam and moves_money(flow):
        draft.say("money_on_hold", book="patterns")
        return
    if command.slots.get("for_another") and flow.is_personal and not flow.for_others:
        repair.for_another(draft, command.slots)
        return
    if flow.once and repair.tell_open_case(draft, flow):
        return
    running = next((frame for frame in tracker.stack if frame.flow == command.flow), None)
    if running is not None:
        if running is tracker.top:
            for slot, value in command.slots.items():
                repair.set_slot(draft, running, slot, value)
            draft.ask_again = True
        else:
            _take_up(draft, running)
        return
    started_now = any(isinstance(body, e.FlowStarted) for body in draft.bodies)
    if command.intent == "already_scammed" and not tracker.suspected_scam:
        draft.emit(e.ScamSuspected())
    if started_now:
        draft.emit(e.FlowQueued(command.flow, command.intent, command.slots))
    else:
        start(draft, command.flow, command.intent, command.slots)


def _set_slot(draft: Draft, command: c.SetSlot) -> None:
    if draft.tracker.top is not None:
        question = draft.tracker.question
        repair.set_slot(draft, draft.tracker.top, command.slot, command.value)
        if (
            question is not None and question.slot != command.slot
        ):  # given ahead: what was asked is still open
            draft.ask_again = True


def _correct_slot(draft: Draft, command: c.CorrectSlot) -> None:
    repair.correct(draft, command.slot, command.value)


def _reopen_slot(draft: Draft, command: c.ReopenSlot) -> None:
    repair.reopen(draft, command.slot)


def _reject_value(draft: Draft, command: c.RejectValue) -> None:
    frame = draft.tracker.top
    if frame is None:
        return
    draft.emit(e.AttemptFailed(e.FrameId(frame.id), command.slot, command.reason))
    draft.say(command.reason, frame, extra={"value": command.value, command.slot: command.value})
    draft.ask_again = True


def _confirm(draft: Draft, command: c.Confirm) -> None:
    question = draft.tracker.question
    what = question.what if question else ""
    frame = draft.tracker.frame(question.frame) if question else None
    if what == "confirm" and frame is not None and frame.pending is not None:
        if frame.pending.expires_at and datetime.fromisoformat(frame.pending.expires_at) < draft.now:
            draft.emit(e.ConfirmationVoided(e.FrameId(frame.id), "expired"))
            draft.say("terms_expired", frame, book="patterns")
        else:
            draft.emit(e.ConfirmationGiven(e.FrameId(frame.id), frame.pending.digest))
    elif what == "resume" and frame is not None:
        draft.emit(e.FlowResumed(e.FrameId(frame.id)))
    elif what == "clarify" and question is not None and len(question.options) == 1:
        repair.choose(draft, question.options[0].value)
    elif what == "verify":
        draft.ask_again = True
    elif what in ("more", ""):
        draft.say("go_ahead", book="patterns")
    else:
        repair.not_understood(draft, "unclear")


def _deny(draft: Draft, command: c.Deny) -> None:
    question = draft.tracker.question
    what = question.what if question else ""
    frame = draft.tracker.frame(question.frame) if question else None
    if what == "confirm" and frame is not None:
        repair.denied(draft, frame)
    elif what in ("resume", "change") and frame is not None:
        repair.cancel(draft, frame)
    elif what == "verify" and frame is not None and frame.committed:
        repair.cancel(draft, frame)  # what is done already stays done
    elif what == "verify" and frame is not None:
        draft.say(
            "verification_declined",
            frame,
            book="patterns",
            extra={"flow_title": draft.flow_title(frame.flow)},
        )
        draft.emit(e.FlowEnded(e.FrameId(frame.id), "cancelled"))
    elif what == "clarify":
        offered = question is not None and question.slot == OFFER
        draft.emit(e.QuestionAsked(None, "more"))
        draft.say("offer_declined" if offered else "say_in_other_words", book="patterns")
    elif what == "more":
        _finished(draft, c.Finished())
    elif frame is None:
        draft.say("say_in_other_words", book="patterns")
    else:
        repair.not_understood(draft, "unclear")


def _choose(draft: Draft, command: c.Choose) -> None:
    repair.choose(draft, command.value)


def _cancel(draft: Draft, command: c.CancelFlow) -> None:
    frame = draft.tracker.top
    if frame is None:
        draft.say("nothing_to_cancel", book="patterns")
        return
    repair.cancel(draft, frame)


def _resume(draft: Draft, command: c.ResumeFlow) -> None:
    stack = draft.tracker.stack
    frame = next((f for f in reversed(stack) if command.flow in (None, f.flow)), None)
    if frame is None:
        draft.say("nothing_to_resume", book="patterns")
    elif frame.interrupted:
        _take_up(draft, frame)
    else:
        draft.ask_again = True


def _take_up(draft: Draft, frame: Frame) -> None:
    """Put an interrupted flow on top; what ran until now is interrupted in its turn."""
    top = draft.tracker.top
    if top is not None and top is not frame and not top.interrupted:
        interrupt(draft, top)
    draft.emit(e.FlowResumed(e.FrameId(frame.id)))


def _switch(draft: Draft, command: c.SwitchLanguage) -> None:
    if command.language != draft.tracker.language:
        draft.emit(e.LanguageSwitched(command.language))
    if command.asked:
        draft.say("language_switched", book="patterns")
        draft.ask_again = True


def _knowledge(draft: Draft, command: c.AskKnowledge) -> None:
    repair.answer(draft, command.question, command.about)


def _unsupported(draft: Draft, command: c.Unsupported) -> None:
    repair.unsupported(draft, command.intent, command.question)


def _chitchat(draft: Draft, command: c.ChitChat) -> None:
    draft.say(command.topic, book="chitchat")
    draft.ask_again = True


def _human(draft: Draft, command: c.HumanHandoff) -> None:
    if command.reason == "crisis":
        draft.say("crisis", book="patterns")
    hand_over(draft, None, command.reason, "crisis" if command.reason == "crisis" else "general")


def _right(draft: Draft, command: c.InvokeRight) -> None:
    flow = {"complaint": "complaint", "legal": "complaint", "privacy": "privacy_request"}.get(command.right)
    if flow is not None and flow in draft.release.flows:
        told = {"story": command.text} if "story" in draft.release.flows[flow].slots and command.text else {}
        slots: Record = {**_told(command.text), **told}
        _start_flow(
            draft,
            c.StartFlow(flow, command.right, {**slots, "legal": True} if command.right == "legal" else slots),
        )
    else:
        hand_over(draft, None, "legal", "general")


def _told(text: str) -> Record:
    """Return what a flow takes over of a story already told."""
    return {"clue": {"text": text}} if text else {}


def _fraud(draft: Draft, command: c.ReportFraud) -> None:
    if not draft.tracker.suspected_scam:
        draft.emit(e.ScamSuspected())
    for frame in list(draft.tracker.stack):
        if moves_money(draft.release.flows[frame.flow]):
            draft.emit(e.FlowEnded(e.FrameId(frame.id), "cancelled"))
            draft.say("scam_stops_money", book="patterns", extra={"flow_title": draft.flow_title(frame.flow)})
    if draft.tracker.owner:  # a representative is there already
        return
    intent = "already_scammed" if command.lost else "scam_check"
    flow = draft.release.flow_of(intent) or "scam_check"
    slots: Record = (
        {**_told(command.text), "for_another": True} if command.for_another else _told(command.text)
    )
    _start_flow(draft, c.StartFlow(flow, intent, slots))


def _finished(draft: Draft, command: c.Finished) -> None:
    frame = draft.tracker.top
    if frame is not None:
        repair.cancel(draft, frame)
        return
    draft.emit(e.QuestionAsked(None, "more"))
    draft.say("finished", book="patterns")


def _cannot(draft: Draft, command: c.CannotHandle) -> None:
    repair.not_understood(draft, command.reason)


def _clarify(draft: Draft, command: c.Clarify) -> None:
    if draft.tracker.clarifications >= CLARIFICATIONS_MAX:
        draft.say("cannot_clarify", book="patterns")
        hand_over(draft, None, "failures", "general")
        return
    language: Language = draft.tracker.language
    options = [
        e.Choice(draft.release.intents[name].title.in_(language), name) for name in command.intents[:3]
    ]
    shown = [e.Choice(option.label, option.label) for option in options]
    shown.append(
        e.Choice(
            {"zh": "都不是", "en": "None of these"}[language],
            {"zh": "都不是", "en": "none of these"}[language],
        )
    )
    draft.emit(e.QuestionAsked(None, "clarify", options=options, clue=command.clue))
    draft.say("clarify" if len(options) > 1 else "clarify_one", book="patterns", choices=shown,
              extra={"options": [option.label for option in options]})  # fmt: skip


def _open(draft: Draft, command: c.OpenConversation) -> None:
    if draft.tracker.customer is not None and may_be_told(draft.tracker.level):
        draft.effects.append(RecallEffect(draft.now))
    else:
        greet(draft)


def _note(draft: Draft, command: c.NoteMemory) -> None:
    if _is_known(draft):
        draft.emit(e.MemoryNoted(command.value))
        label = describe(draft.release, command.value, draft.now).in_(draft.tracker.language)
        draft.say("memory_noted", book="patterns", extra={"label": label})


def _forget(draft: Draft, command: c.ForgetMemory) -> None:
    if _is_known(draft):
        draft.emit(e.MemoryForgotten(command.item))
        draft.say("memory_forgotten", book="patterns")


def _is_known(draft: Draft) -> bool:
    """Whether the customer is known well enough to change what is remembered; the proof may have expired meanwhile."""
    if draft.tracker.customer is not None and may_be_told(draft.tracker.level):
        return True
    draft.say("cannot_not_permitted", book="patterns")
    return False


def _verified(draft: Draft, command: c.Verified) -> None:
    tracker = draft.tracker
    if tracker.customer is not None and tracker.customer != command.customer:
        draft.say("other_customer", book="patterns")
        return
    draft.emit(e.LevelChanged(command.level, command.method, command.customer))
    draft.say(f"verified_{command.method}", book="patterns")
    draft.ask_again = tracker.question is not None


def _verification_failed(draft: Draft, command: c.VerificationFailed) -> None:
    frame = draft.tracker.top
    if frame is None:
        draft.say("verification_failed", book="patterns")
        return
    draft.emit(e.AttemptFailed(e.FrameId(frame.id), "verify", command.reason))
    if command.final:
        draft.say("verification_failed_finally", frame, book="patterns")
        hand_over(draft, frame, "failures", "general")
    else:
        draft.say("verification_failed", frame, book="patterns")
        draft.ask_again = True


def _silence(draft: Draft, command: c.Silence) -> None:
    if command.count >= 3:
        draft.say("closing_after_silence", book="patterns")
        draft.emit(e.ConversationClosed("silence"))
    elif command.count == 2:
        draft.say("will_close", book="patterns")
    else:
        draft.say("are_you_there", book="patterns")
        draft.ask_again = True


def _continue(draft: Draft, command: c.Continue) -> None:
    for unknown in draft.tracker.unknown:
        draft.effects.append(ReconcileEffect(unknown.frame, unknown.step, unknown.action, unknown.key))


_OBEY: dict[type, Callable[[Draft, Any], None]] = {
    c.StartFlow: _start_flow, c.SetSlot: _set_slot, c.CorrectSlot: _correct_slot, c.ReopenSlot: _reopen_slot,
    c.RejectValue: _reject_value, c.Confirm: _confirm, c.Deny: _deny, c.Choose: _choose, c.CancelFlow: _cancel,
    c.ResumeFlow: _resume, c.SkipQuestion: lambda draft, _: repair.skip(draft),
    c.UndoLast: lambda draft, _: repair.undo(draft), c.RepeatLast: lambda draft, _: repair.say_again(draft),
    c.Explain: lambda draft, _: repair.explain(draft), c.AskWhy: lambda draft, _: repair.why(draft),
    c.AskStatus: lambda draft, _: repair.status(draft),
    c.Wait: lambda draft, _: draft.say("take_your_time", book="patterns"),
    c.Restart: lambda draft, _: repair.restart(draft), c.SwitchLanguage: _switch, c.Clarify: _clarify,
    c.AskKnowledge: _knowledge, c.Unsupported: _unsupported, c.ChitChat: _chitchat, c.HumanHandoff: _human,
    c.InvokeRight: _right, c.ReportFraud: _fraud, c.Finished: _finished, c.CannotHandle: _cannot,
    c.OpenConversation: _open, c.Verified: _verified, c.VerificationFailed: _verification_failed,
    c.NoteSecret: lambda draft, _: draft.say("secret_in_chat", book="patterns"),
    c.Silence: _silence, c.Continue: _continue, c.NoteMemory: _note, c.ForgetMemory: _forget, **CASEWORK,
}  # fmt: skip


# --- around the commands ---------------------------------------------------------------------------------------------


def _acknowledge(draft: Draft, commands: Sequence[c.Command]) -> None:
    """Name the customer's situation once, before any procedure: the flow's own words, else the pattern's."""
    tracker = draft.tracker
    limits = draft.release.thresholds
    felt = tracker.intensity >= limits["felt"] and tracker.emotion in ("anger", "anxiety", "shame")
    asks = any(isinstance(command, c.StartFlow | c.Unsupported | c.AskKnowledge) for command in commands)
    if not felt and not (asks and tracker.vulnerable >= limits["vulnerability"]):
        return
    started = next((command.flow for command in commands if isinstance(command, c.StartFlow)), None)
    top = tracker.top.flow if tracker.top else None
    situation = started or top or repair.GENERAL
    if situation in tracker.acknowledged or (started is None and tracker.acknowledged):
        return
    draft.emit(e.Acknowledged(situation))
    own = draft.release.copies.get(started or repair.GENERAL)  # a flow's own words say what it is about to do
    language = tracker.language
    if own is not None and own.has(language, "acknowledge"):
        if own.render("acknowledge", language, draft.scope(None)) is not None:
            draft.say("acknowledge", book=started or repair.GENERAL)
        return
    if draft.release.copies["patterns"].render("acknowledge", language, draft.scope(None)) is not None:
        draft.say("acknowledge", book="patterns")


def _after_effect(draft: Draft, outcome: e.Body) -> None:
    """Move the frame on when its effect succeeded, or speak when nobody else will."""
    frame = None
    if isinstance(outcome, e.LookupDone | e.ActionCommitted):
        frame = draft.tracker.frame(outcome.frame)
        if frame is not None and not frame.failure:
            flow = draft.release.flows[frame.flow]
            draft.emit(e.StepEntered(outcome.frame, flow.after(flow.step(frame.step))))
    if isinstance(outcome, e.MemoryRecalled):
        greet(draft)
    if isinstance(outcome, e.ActionCommitted):
        _remember(draft, outcome)
    if isinstance(outcome, e.HandoverRequested):
        extra = {
            "position": outcome.position,
            "staffed": outcome.staffed,
            "wait_minutes": outcome.wait_minutes,
            "opens_at": outcome.opens_at,
            "reason": outcome.reason,
        }
        draft.say("handover", book="patterns", extra={k: v for k, v in extra.items() if v not in (None, "")})
    elif isinstance(outcome, e.ActionCommitted) and frame is None:
        _reconciled(draft, outcome.frame, "reconciled_done", {"result": outcome.result})
    elif (
        isinstance(outcome, e.ActionFailed)
        and outcome.error == "refused"
        and draft.tracker.frame(outcome.frame) is None
    ):
        _reconciled(draft, outcome.frame, "reconciled_not_done", {})


def _remember(draft: Draft, outcome: e.ActionCommitted) -> None:
    """What a flow asked of the memory is done by being written into the record."""
    if outcome.action == "memory.note":
        draft.emit(e.MemoryNoted(msgspec.convert(outcome.result["value"], Preference)))
    elif outcome.action == "memory.forget":
        item = str(outcome.result["item"])
        draft.emit(e.MemoryForgotten(None if item == EVERYTHING else item))


def _reconciled(draft: Draft, frame: str, key: str, extra: Record) -> None:
    """It is known now what became of an action: say so, and close the case that waited for it."""
    waiting = (case for case in draft.tracker.open_cases if case.case_kind == "reconcile")
    case = next((case for case in waiting if case.frame == frame), None)
    if case is not None:
        draft.emit(e.CaseClosed(case.number, key))
    draft.say(key, book="patterns", extra=extra)


def _close_turn(draft: Draft, before: Tracker) -> None:
    """When everything asked for is done, offer the one relevant next step, or ask whether anything is left."""
    tracker = draft.tracker
    if tracker.stack or tracker.question is not None or tracker.waiting is not None or tracker.owner:
        return
    ended = next((body for body in reversed(draft.bodies) if isinstance(body, e.FlowEnded)), None)
    if ended is None or ended.outcome != "completed" or not tracker.ended:
        return
    flow = draft.release.flows[tracker.ended[-1].flow]
    values = {**draft.scope(None), **tracker.ended[-1].values}
    offered = flow.offer in draft.release.flows and (not flow.offer_when or holds(flow.offer_when, values))
    if offered and not flow.sensitive:
        target = draft.release.flows[flow.offer]
        option = e.Choice(target.title.in_(tracker.language), target.intents[0])
        draft.emit(e.QuestionAsked(None, "clarify", OFFER, [option]))
        draft.say("offer_next", book="patterns", extra={"offer_title": option.label},
                  choices=[e.Choice(option.label, option.label)])  # fmt: skip
        return
    draft.emit(e.QuestionAsked(None, "more"))
    draft.say("anything_else", book="patterns")
