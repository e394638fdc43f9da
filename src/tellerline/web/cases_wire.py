"""The forms of cases on the wire."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, BaseModel, Field, JsonValue

from tellerline.web import wire

Stage = Literal["received", "working", "waiting", "closed"]
State = Literal["open", "closed"]


class OwnCase(BaseModel):
    """A case as its customer may see it. `overdue`: it is open, and its day has passed."""

    number: str
    kind: str
    title: wire.Name
    summary: str
    owner: wire.Name
    stage: Stage
    opened_at: AwareDatetime
    due_at: AwareDatetime
    overdue: bool


class OwnCases(BaseModel):
    """A customer's cases, open ones first. `complete`: all of theirs, not only those of this conversation."""

    cases: list[OwnCase]
    complete: bool


class Receipt(BaseModel):
    """The receipt of a case. `digest` is the SHA-256 of the rest, so that an altered copy is told from it."""

    number: str
    title: wire.Name
    summary: str
    owner: wire.Name
    opened_at: AwareDatetime
    due_at: AwareDatetime
    stage: Stage
    bank: wire.Name
    digest: str


class Case(BaseModel):
    """A case as the staff see it. `alarmed`: the last share of its time, in per cent, that its owner was told of."""

    number: str
    conversation: str
    customer: str | None
    kind: str
    owner: str
    summary: str
    opened_at: AwareDatetime
    due_at: AwareDatetime
    state: State
    stage: Stage
    alarmed: int
    extended: bool
    escalated: bool
    resolution: str


class Cases(BaseModel):
    """Cases, open ones first, then the earliest due."""

    cases: list[Case]


class CaseShown(BaseModel):
    """A case with the events that tell it, in order."""

    case: Case
    events: list[dict[str, JsonValue]]


class AdvanceRequest(wire.Request):
    """The case is being worked on, or waits for the customer. The note is for the staff."""

    stage: Literal["working", "waiting"]
    note: str = Field("", max_length=500)


class ExtendRequest(wire.Request):
    """Until when a case needs, and why; the customer is told the reason in these words."""

    due_at: AwareDatetime
    reason: str = Field(min_length=1, max_length=300)
    approver_token: str | None = Field(
        None, max_length=4096, description="A second person's staff token, beyond the ordinary days."
    )


class CloseRequest(wire.Request):
    """How a case was decided, and the answer the customer is told."""

    decision: Literal["kept", "upheld", "partly_upheld", "rejected", "withdrawn"]
    answer: str = Field(min_length=1, max_length=2_000)
