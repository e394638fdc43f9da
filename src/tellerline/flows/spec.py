"""The form of `flow.yaml`: slots to fill and steps to take.

A step has an `id` and exactly one kind:

  ask      fill a slot, asking the customer unless it is known
  say      send an approved text                       disclose  the same, but required by a rule and never left out
  verify   reach an identity level through the secure widget
  lookup   read from the bank                          compute   an exact calculation
  confirm  prepare an action, read it back, get a yes  do        commit the prepared action, once
  promise  open a case with an owner and a clock       branch    choose the next step
  handover queue for a representative                  end       leave the flow

Expressions (`if`, `with`, `default`) are Jinja2 expressions over slots, results, `level`, `language`, `today`, `facts`.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from tellerline.domain.language import Text

SlotType = Literal[
    "money",
    "number",
    "periods",
    "date",
    "text",
    "choice",
    "payee",
    "phone",
    "last_four",
    "reference",
    "yes_no",
]
Outcome = Literal["completed", "cancelled", "failed", "handed_over"]
STEP_KINDS = (
    "ask", "say", "disclose", "verify", "lookup", "compute", "confirm", "do", "promise", "branch", "handover", "end",
)  # fmt: skip
FAILURES = ("refused", "unavailable", "unknown", "conflict", "denied", "empty", "skipped")


class _Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base: unknown keys in a pack file are errors."""


class Option(_Spec, frozen=True):
    """A fixed choice of a slot."""

    value: str | int
    label: Text
    words: list[str] = []  # other ways to say it, any language


class Check(_Spec, frozen=True):
    """A condition under which a value is not acceptable, and the copy key that says so."""

    bad: str
    say: str


class Slot(_Spec, frozen=True):
    """A value the flow needs.

    ask:      copy key of the question; explain: copy key for "what is that?"; why: copy key for "why do you ask?".
    choices:  expression of a list of records to choose from; each has `id` and `label`.
    options:  fixed choices instead.
    whole:    of an amount, an expression of what "all of it" means.
    affirmed, denied: of a yes or no, other words that answer it ("在我身上", "I have it with me").
    """

    type: SlotType
    ask: str
    explain: str = ""
    why: str = ""
    choices: str = ""
    options: list[Option] = []
    check: list[Check] = []
    default: str = ""
    skippable: bool = False
    whole: str = ""
    affirmed: list[str] = []
    denied: list[str] = []


class Due(_Spec, frozen=True):
    """A deadline: an amount of time, written as a number or as an expression (often a fact).

    on: in place of an amount, the day that the bank gave, as an expression.
    """

    minutes: int | str = 0
    hours: int | str = 0
    days: int | str = 0
    business_days: int | str = 0
    on: str = ""


class Promise(_Spec, frozen=True):
    """A case to open.

    summary: copy key. number: the number under which the bank registered it, as an expression: the customer is to hear
    one number only. Without one the case draws its own.
    """

    kind: str
    owner: str
    due: Due
    summary: str
    into: str = "case"
    number: str = ""


class Handover(_Spec, frozen=True):
    """A place to queue for."""

    reason: Literal["asked", "crisis", "scam", "complaint", "failures", "hardship", "legal", "policy"]
    queue: str


class Branch(_Spec, frozen=True):
    """One way on: the first whose condition holds. Without `when` it always holds."""

    go: str
    when: str = ""


class Step(_Spec, frozen=True):
    """One step; see the module's head. `next` defaults to the following step, or the end of the flow."""

    id: str
    ask: str | None = None
    say: str | None = None
    disclose: str | None = None
    verify: int | None = None
    lookup: str | None = None
    compute: str | None = None
    confirm: str | None = None
    do: str | None = None
    promise: Promise | None = None
    branch: list[Branch] | None = None
    handover: Handover | None = None
    end: Outcome | None = None
    prepare: str | None = None
    arguments: dict[str, str] = msgspec.field(default={}, name="with")
    into: str = ""
    next: str = ""
    on: dict[str, str] = {}

    @property
    def kind(self) -> str:
        """The one kind this step is of; `load` has checked that there is exactly one."""
        return next(kind for kind in STEP_KINDS if getattr(self, kind) is not None)


class NotApplicable(_Spec, frozen=True):
    """A dialogue case (1–49) that cannot occur in this flow, and why."""

    case: int
    reason: str


class Flow(_Spec, frozen=True):
    """A procedure.

    request:   its numbers in the pack's list of requests; intents: what starts it.
    emergency: answered at once, before anything else in the message, and never queued.
    resume:    how to take it up after an interruption: by itself, or only after asking (anything that moves money).
    sensitive: no offer of anything else while it runs (complaint, fraud, bereavement, hardship).
    for_others: may be begun for somebody else; otherwise a flow that needs an identity is for the customer's own alone.
    enquiry:   what is asked about it in general is answered from the articles, and the flow offered afterwards.
    once:      while a case of this flow is open in the conversation, asking again is asking how it stands.
    offer:     the flow offered as the relevant next step when this one completes, if `offer_when` holds.
    """

    flow: str
    title: Text
    intents: list[str]
    steps: list[Step]
    request: list[int] = []
    slots: dict[str, Slot] = {}
    emergency: bool = False
    resume: Literal["auto", "ask"] = "auto"
    sensitive: bool = False
    for_others: bool = False
    enquiry: bool = False
    once: bool = False
    offer: str = ""
    offer_when: str = ""
    not_applicable: list[NotApplicable] = []

    @property
    def is_personal(self) -> bool:
        """Whether the flow shows or changes what belongs to a customer, so that it needs to know who that is."""
        return any(step.verify for step in self.steps)

    def step(self, step_id: str) -> Step:
        """Return the step `step_id`."""
        return next(step for step in self.steps if step.id == step_id)

    def after(self, step: Step) -> str:
        """Return the id of the step that follows `step`, or "" at the end."""
        if step.next:
            return step.next
        position = next(index for index, other in enumerate(self.steps) if other.id == step.id) + 1
        return self.steps[position].id if position < len(self.steps) else ""
