"""The repair patterns: correction, cancelling, skipping, explaining, answering in between, and not understanding."""

from __future__ import annotations

from tellerline.bank.catalogue import KNOWN
from tellerline.cases.case import Case
from tellerline.dialogue.casework import told_of
from tellerline.dialogue.draft import Draft
from tellerline.dialogue.progress import ask_what_to_change, hand_over, start
from tellerline.dialogue.tracker import Ended
from tellerline.domain import event as e
from tellerline.domain.command import CannotReason
from tellerline.domain.data import Record, Value
from tellerline.flows.frame import Frame
from tellerline.flows.run import problem_of
from tellerline.flows.spec import Flow, Step

OFFER = "offer"  # marks a question with one choice as an offer, which may simply be declined
GENERAL = "general"  # the situation, where no flow was asked for
CASES_FLOW = "case_status"  # looks up what the bank owes the customer from other conversations
TOLD_MAX = 3  # cases told at once
MISSES_MAX = 2  # turns not understood before a representative is brought in (H3)


def set_slot(draft: Draft, frame: Frame, name: str, value: Value) -> None:
    """Fill a slot if the value is acceptable; otherwise say why not and ask again."""
    flow = draft.release.flows[frame.flow]
    slot = flow.slots.get(name)
    if name == "clue":  # narrows what is offered; the question is asked again about the rest
        draft.emit(e.SlotSet(e.FrameId(frame.id), name, value))
        draft.ask_again = True
    if slot is None:
        return
    problem = problem_of(slot, value, name, draft.scope(frame))
    if problem:
        draft.emit(e.AttemptFailed(e.FrameId(frame.id), name, problem))
        draft.say(problem, frame, extra={name: value})
        draft.ask_again = True
        return
    draft.emit(e.SlotSet(e.FrameId(frame.id), name, value))


def correct(draft: Draft, name: str, value: Value) -> None:
    """Replace a value given before. What rested on it, and any confirmation, is void."""
    frame = _frame_with(draft, name)
    if frame is None:
        draft.say("already_done" if _done(draft) else "nothing_to_correct", book="patterns")
        return
    flow = draft.release.flows[frame.flow]
    problem = problem_of(flow.slots[name], value, name, draft.scope(frame))
    if problem:
        draft.say(problem, frame, extra={name: value})
        draft.ask_again = True
        return
    rests_on_it = frame.pending is not None
    if _rewind(draft, flow, frame, name):
        draft.emit(e.SlotSet(e.FrameId(frame.id), name, value))
        if rests_on_it:
            draft.say("corrected", book="patterns")


def reopen(draft: Draft, name: str) -> None:
    """Ask again for a value that was wrong."""
    frame = _frame_with(draft, name)
    if frame is not None:
        _rewind(draft, draft.release.flows[frame.flow], frame, name)


def _frame_with(draft: Draft, name: str) -> Frame | None:
    return next((f for f in reversed(draft.tracker.stack) if name in draft.release.flows[f.flow].slots), None)


def _done(draft: Draft) -> list[Frame | Ended]:
    """Return running and ended flows in which the bank did something, newest first."""
    tracker = draft.tracker
    flows: list[Frame | Ended] = [*reversed(tracker.stack), *reversed(tracker.ended)]
    return [flow for flow in flows if flow.committed]


def _rewind(draft: Draft, flow: Flow, frame: Frame, name: str) -> bool:
    """Put the frame back where `name` is asked and void what was derived after it."""
    frame_id = e.FrameId(frame.id)
    if frame.committed:
        draft.say("already_done", book="patterns")
        return False
    position = next((i for i, step in enumerate(flow.steps) if step.ask == name), None)
    if position is None:
        return False
    here = next((i for i, step in enumerate(flow.steps) if step.id == frame.step), 0)
    if position > here:  # its turn has not come: nothing rests on it yet
        draft.ask_again = True
        return True
    derived = [output for step in flow.steps[position:] if (output := _output(step)) in frame.values]
    if frame.pending is not None:
        draft.emit(e.ConfirmationVoided(frame_id, "corrected"))
    draft.emit(e.SlotCleared(frame_id, [name, *[d for d in derived if d], "terms"], "corrected"))
    draft.emit(e.StepEntered(frame_id, flow.steps[position].id))
    draft.ask_again = True
    return True


def _output(step: Step) -> str:
    return step.promise.into if step.promise else step.into


def denied(draft: Draft, frame: Frame) -> None:
    """The customer said no to what was read back: nothing is done; ask what is wrong."""
    flow = draft.release.flows[frame.flow]
    frame_id = e.FrameId(frame.id)
    target = flow.step(frame.step).on.get("denied")
    draft.emit(e.ConfirmationVoided(frame_id, "denied"))
    if target is not None:
        draft.emit(e.StepEntered(frame_id, target))
        return
    ask_what_to_change(draft, frame)


def cancel(draft: Draft, frame: Frame) -> None:
    """Stop a flow. What is already done is not said to be stopped; its reversal is offered instead."""
    extra: Record = {"flow_title": draft.flow_title(frame.flow)}
    undoable = [name for name in frame.committed if KNOWN[name].undo]
    outcome_key = "cancelled"
    if frame.committed:
        outcome_key = "cancelled_after_undoable" if undoable else "cancelled_after_done"
    draft.emit(e.FlowEnded(e.FrameId(frame.id), "completed" if frame.committed else "cancelled"))
    draft.say(outcome_key, book="patterns", extra=extra)


def skip(draft: Draft) -> None:
    """The customer will not, or cannot, answer."""
    question, frame = draft.tracker.question, draft.tracker.top
    if question is None or frame is None or question.what != "slot":
        why(draft)
        return
    flow = draft.release.flows[frame.flow]
    slot = flow.slots[question.slot]
    if slot.skippable:
        draft.emit(e.SlotSet(e.FrameId(frame.id), question.slot, None, "default"))
        return
    skipped = flow.step(frame.step).on.get("skipped")
    if skipped is not None:
        draft.emit(e.StepEntered(e.FrameId(frame.id), skipped))
        draft.ask_again = True
        return
    draft.emit(e.AttemptFailed(e.FrameId(frame.id), question.slot, "skipped"))
    draft.say(slot.why or "cannot_skip", frame)
    draft.ask_again = True


def undo(draft: Draft) -> None:
    """Take back the last thing done, where the bank can; otherwise say truthfully that it cannot."""
    done = next(iter(_done(draft)), None)
    if done is None:
        _undo_of_earlier(draft)
        return
    reverse = KNOWN[done.committed[-1]].undo
    flow = _flow_that_does(draft, {reverse} if reverse else set())
    if reverse is None or flow is None:
        draft.say("cannot_undo", book="patterns")
        return
    results = [value for value in done.values.values() if isinstance(value, dict)]
    reference = next((str(result["reference"]) for result in results if "reference" in result), "")
    start(draft, flow.flow, "undo", {"reference": reference} if reference else {})


def _flow_that_does(draft: Draft, actions: set[str]) -> Flow | None:
    """Return the flow that does one of `actions`, rather one made for undoing, without an intent of its own."""
    able = [flow for flow in draft.release.flows.values() if any(step.do in actions for step in flow.steps)]
    return min(able, key=lambda flow: len(flow.intents), default=None)


def _undo_of_earlier(draft: Draft) -> None:
    """Nothing was done in this conversation: drop what runs, else look for something done before that can be undone."""
    if draft.tracker.top is not None:
        cancel(draft, draft.tracker.top)
        return
    reverses = {operation.undo for operation in KNOWN.values() if operation.undo}
    flow = _flow_that_does(draft, reverses)
    if flow is not None:
        start(draft, flow.flow, "undo", {})
    else:
        draft.say("nothing_to_cancel", book="patterns")


def say_again(draft: Draft) -> None:
    """Repeat the last thing said; the open question is asked again by the flow itself."""
    said = [message for message in draft.tracker.said if message.author == "assistant"]
    if draft.tracker.question is not None and draft.tracker.question.frame is not None:
        draft.ask_again = True
    elif said and said[-1].language != draft.tracker.language:
        status(draft)  # what was said cannot be said again in the other language; where things stand can
    elif said:
        draft.say("again", book="patterns", extra={"text": said[-1].text}, choices=said[-1].choices)
    else:
        draft.say("go_ahead", book="patterns")


def explain(draft: Draft) -> None:
    """Say it differently: the slot's explanation, else the article behind the flow, else shorter words."""
    question, frame = draft.tracker.question, draft.tracker.top
    if question is not None and frame is not None:
        slot = draft.release.flows[frame.flow].slots.get(question.slot)
        about = f"explain {question.slot or question.what}"
        before = frame.attempts.get(about, 0)
        draft.emit(e.AttemptFailed(e.FrameId(frame.id), about, "explained"))
        if before == 0:
            draft.say(slot.explain if slot and slot.explain else f"explain_{question.what}", frame)
        elif before == 1:
            draft.say(
                "explain_again", frame, book="patterns", extra={"kind": slot.type if slot else question.what}
            )
        else:
            # The question stays open; saying it a fourth time the same way would help nobody.
            draft.say("explain_with_person", frame, book="patterns", choices=[_person(draft)])
            return
        draft.ask_again = True
        return
    if draft.tracker.said:
        draft.say("explain_general", book="patterns")
    else:
        draft.say("go_ahead", book="patterns")


def why(draft: Draft) -> None:
    """Say why the open question is asked."""
    question, frame = draft.tracker.question, draft.tracker.top
    if question is None or frame is None:
        draft.say("why_nothing", book="patterns")
        return
    slot = draft.release.flows[frame.flow].slots.get(question.slot)
    draft.say(slot.why if slot and slot.why else f"why_{question.what}", frame)
    draft.ask_again = True


def status(draft: Draft) -> None:
    """Tell truthfully where things stand: the running flow, the last result, the newest case, the queue."""
    tracker = draft.tracker
    if tracker.waiting is not None:
        draft.say("still_waiting", book="patterns", extra={"position": tracker.waiting.position})
        for case in tracker.open_cases[-TOLD_MAX:]:
            _tell_case(draft, case)
    elif tracker.top is not None:
        draft.say("status_running", book="patterns", extra={"flow_title": draft.flow_title(tracker.top.flow)})
        draft.ask_again = True
    elif tracker.unknown:
        draft.say("reconcile_pending", book="patterns")
    elif tracker.cases:
        for case in tracker.open_cases[-TOLD_MAX:] or tracker.cases[-1:]:
            _tell_case(draft, case)
    elif _tell_earlier_cases(draft):
        return
    elif tracker.ended:
        last = tracker.ended[-1]
        extra: Record = {"flow_title": draft.flow_title(last.flow), "outcome": last.outcome}
        draft.say("status_ended", book="patterns", extra=extra)
    else:
        draft.say("status_nothing", book="patterns")


def restart(draft: Draft) -> None:
    """Drop everything that has not been done and begin anew."""
    for frame in reversed(list(draft.tracker.stack)):
        draft.emit(e.FlowEnded(e.FrameId(frame.id), "cancelled"))
    draft.emit(e.QuestionAsked(None, "more"))
    draft.say("restarted", book="patterns")


def choose(draft: Draft, value: Value) -> None:
    """Act on a choice among what was offered."""
    question = draft.tracker.question
    if question is None:
        return
    if question.what == "clarify":
        intent = str(value)
        flow = draft.release.flow_of(intent)
        title = draft.release.intents[intent].title.in_(draft.tracker.language)
        if flow is not None and flow in draft.release.flows:
            start(draft, flow, intent, _given(draft.release.flows[flow], question.clue))
        else:
            unsupported(draft, intent, title)
    elif question.what == "change":
        reopen(draft, str(value))
    elif question.what == "resume":
        frame = draft.tracker.frame(question.frame)
        if frame is not None and value == "resume":
            draft.emit(e.FlowResumed(e.FrameId(frame.id)))
        elif frame is not None:
            cancel(draft, frame)


def _given(flow: Flow, clue: Record) -> Record:
    """Return what a flow takes over of the message that had to be clarified first."""
    if not clue:
        return {}
    told: Record = {
        name: clue[slot.type]
        for name, slot in flow.slots.items()
        if slot.type in ("money", "date") and slot.type in clue
    }
    if clue.get("for_another"):
        told["for_another"] = True
    return {**told, "clue": clue}


def answer(draft: Draft, question: str, about: str = "") -> bool:
    """Answer from knowledge in force, or say that there is no reliable source and keep the gap.

    about: the business the question concerns; what has to be said with it is said, and it is offered.
    """
    release, tracker = draft.release, draft.tracker
    found, score = release.knowledge.answer(question, language=tracker.language, on=draft.today)
    draft.ask_again = True
    if found is None:
        draft.emit(e.KnowledgeMissed(question, tracker.language, score))
        not_understood(draft, "no_evidence")
        return False
    draft.emit(e.KnowledgeAnswered(question, found.sources, found.score))
    draft.quote(found)
    if about:
        _give_notice(draft, about, found.text)
        _offer(draft, about)
    return True


def _offer(draft: Draft, intent: str) -> None:
    """Offer to begin a business, unless another is under way."""
    if draft.tracker.top is not None:
        return
    option = e.Choice(draft.release.intents[intent].title.in_(draft.tracker.language), intent)
    draft.emit(e.QuestionAsked(None, "clarify", OFFER, [option]))
    shown = [e.Choice(option.label, option.label)]
    draft.say("offer_next", book="patterns", extra={"offer_title": option.label}, choices=shown)


def _give_notice(draft: Draft, intent: str, said: str) -> None:
    """Say what has to be said whenever `intent` comes up, unless the answer has said it already."""
    key, language, patterns = f"notice_{intent}", draft.tracker.language, draft.release.copies["patterns"]
    notice = patterns.render(key, language, draft.scope(None)) if patterns.has(language, key) else None
    if notice is not None and notice.text not in said:
        draft.say(key, book="patterns")


def unsupported(draft: Draft, intent: str, question: str) -> None:
    """Understood, but there is no flow for it: what the articles say, and a representative for the rest."""
    release, tracker = draft.release, draft.tracker
    title = release.intents[intent].title.in_(tracker.language)
    # In the customer's words first: the business it was taken for is a guess, and may draw another article.
    found, _ = release.knowledge.answer(question, language=tracker.language, on=draft.today)
    if found is None:
        found, _ = release.knowledge.answer(f"{title} {question}", language=tracker.language, on=draft.today)
    if found is not None:
        draft.emit(e.KnowledgeAnswered(question, found.sources, found.score))
        draft.quote(found)
    _give_notice(draft, intent, found.text if found is not None else "")
    option = e.Choice(release.intents["talk_to_human"].title.in_(tracker.language), "talk_to_human")
    if tracker.top is None:
        draft.emit(e.QuestionAsked(None, "clarify", OFFER, [option]))
    draft.say(
        "unsupported",
        book="patterns",
        extra={"intent_title": title},
        choices=[e.Choice(option.label, option.label)],
    )
    draft.ask_again = True


def _person(draft: Draft) -> e.Choice:
    """Return the button that asks for a representative."""
    title = draft.release.intents["talk_to_human"].title.in_(draft.tracker.language)
    return e.Choice(title, title)


def for_another(draft: Draft, told: Record) -> None:
    """What belongs to somebody else is not touched; a freeze, how things work, and a representative are offered (A5)."""
    release, language = draft.release, draft.tracker.language
    names = [
        flow.intents[0]
        for flow in release.flows.values()
        if flow.for_others and flow.emergency and flow.is_personal
    ]
    options = [
        e.Choice(release.intents[name].title.in_(language), name) for name in [*names[:1], "talk_to_human"]
    ]
    if draft.tracker.top is None:
        said = told.get("clue")
        clue: Record = said if isinstance(said, dict) else {}
        clue = {**clue, "for_another": True}  # whatever is chosen now is for the other person too
        draft.emit(e.QuestionAsked(None, "clarify", options=options, clue=clue))
    draft.say(
        "for_another", book="patterns", choices=[e.Choice(option.label, option.label) for option in options]
    )
    draft.ask_again = True


def tell_open_case(draft: Draft, flow: Flow) -> bool:
    """Tell how the case of a flow stands that this conversation has opened; False when it has opened none."""
    kinds = {step.promise.kind for step in flow.steps if step.promise}
    case = next((case for case in reversed(draft.tracker.open_cases) if case.case_kind in kinds), None)
    if case is None:
        return False
    _tell_case(draft, case)
    draft.ask_again = True
    return True


def _tell_case(draft: Draft, case: Case) -> None:
    draft.say("status_case", book="patterns", extra={"case": told_of(draft, case)}, case=case.number)


def _tell_earlier_cases(draft: Draft) -> bool:
    """Nothing was promised in this conversation: look for what was in others; False when the pack has no flow for it."""
    flow = draft.release.flows.get(CASES_FLOW)
    if flow is None:
        return False
    start(draft, CASES_FLOW, "status", {})
    return True


def not_understood(draft: Draft, reason: CannotReason) -> None:
    """Say why nothing could be done with the message; after two in a row bring in a representative."""
    frame = draft.tracker.top
    about = draft.tracker.question.slot if draft.tracker.question else ""
    draft.emit(e.CannotHandleNoticed(reason))
    if draft.tracker.waiting is not None and frame is None:
        draft.say("still_waiting", book="patterns", extra={"position": draft.tracker.waiting.position})
        return
    draft.emit(e.AttemptFailed(e.FrameId(frame.id) if frame else None, about or "turn", reason))
    if frame is None and draft.tracker.misses >= MISSES_MAX:
        draft.say("not_understood_twice", book="patterns")
        hand_over(draft, None, "failures", "general")
        return
    choices = [] if reason in ("empty", "too_long", "language") or frame is not None else [_person(draft)]
    draft.say(_why_not(draft, reason), book="patterns", choices=choices)
    draft.ask_again = True


def _why_not(draft: Draft, reason: CannotReason) -> str:
    """Return the text that says why a message led to nothing; shorter where a question is open and is asked again."""
    asked, frame = draft.tracker.question, draft.tracker.top
    if reason != "unclear" or asked is None or frame is None:
        return f"cannot_{reason}"
    slot = draft.release.flows[frame.flow].slots.get(asked.slot)
    if asked.what == "slot" and asked.options and slot is not None:
        return "answer_yes_or_no" if slot.type == "yes_no" else "not_offered"
    return "not_understood"
