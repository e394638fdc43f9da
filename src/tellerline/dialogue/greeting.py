"""Greeting a customer: by the name they asked for, and with what was left open, as far as they are known."""

from __future__ import annotations

from tellerline.dialogue.composition import day_of
from tellerline.dialogue.draft import Draft
from tellerline.dialogue.repair import OFFER
from tellerline.domain import event as e
from tellerline.domain.data import Record
from tellerline.domain.language import Language
from tellerline.domain.remembered import Address, Contact, ElderMode, Promised, Remembered
from tellerline.memory.kind import may_be_told
from tellerline.reply.format import recent_day


def greet(draft: Draft) -> None:
    """Say hello, by name and with what is left open, as far as the customer is known."""
    tracker = draft.tracker
    items = tracker.recalled if may_be_told(tracker.level) else []
    values = {item.kind: item for item in items}
    elder = values.get("elder_mode")
    choices = (
        _person_first(tracker.language) if elder is not None and elder.value == ElderMode(on=True) else []
    )
    draft.say(
        "welcome", book="patterns", extra=_name(values.get("address"), tracker.language), choices=choices
    )
    promise, contact = values.get("promise"), values.get("contact")
    if promise is not None:
        _bring_up(draft, promise, contact)
    elif contact is not None:
        _offer_again(draft, contact)


def _name(item: Remembered | None, language: Language) -> Record:
    return (
        {"address": getattr(item.value, language)}
        if item is not None and isinstance(item.value, Address)
        else {}
    )


def _person_first(language: Language) -> list[e.Choice]:
    label = {"zh": "转人工", "en": "Talk to a person"}[language]
    return [e.Choice(label, {"zh": "转人工", "en": "human"}[language])]


def _bring_up(draft: Draft, promise: Remembered, contact: Remembered | None) -> None:
    value = promise.value
    assert isinstance(value, Promised)
    extra: Record = {
        "on": recent_day(day_of(promise.at), draft.today, draft.tracker.language),
        "number": value.number,
        "due_at": value.due_at.isoformat(),
        "overdue": value.due_at < draft.now,
    }
    title = _title(draft, contact)
    draft.say("recall_promise", book="patterns", extra={**extra, **({"flow_title": title} if title else {})})


def _offer_again(draft: Draft, contact: Remembered) -> None:
    """Offer to go on with what was not finished; it is begun anew, so nothing is done unseen."""
    value = contact.value
    assert isinstance(value, Contact)
    flow = draft.release.flows.get(value.flow)
    title = _title(draft, contact)
    if flow is None or not title or not flow.is_personal or not flow.intents:
        return
    on = recent_day(day_of(contact.at), draft.today, draft.tracker.language)
    draft.emit(e.QuestionAsked(None, "clarify", OFFER, [e.Choice(title, flow.intents[0])]))
    draft.say("recall_unfinished", book="patterns", extra={"on": on, "flow_title": title},
              choices=[e.Choice(title, title)])  # fmt: skip


def _title(draft: Draft, contact: Remembered | None) -> str:
    """Return what the contact was about; "" where a greeting does not name it: a complaint, a loss, hardship."""
    if contact is None or not isinstance(contact.value, Contact):
        return ""
    flow = draft.release.flows.get(contact.value.flow)
    return "" if flow is None or flow.sensitive else flow.title.in_(draft.tracker.language)
