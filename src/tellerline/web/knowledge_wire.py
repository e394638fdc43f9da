"""The forms of proposals on the wire."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, BaseModel, Field, JsonValue

from tellerline.web import wire

State = Literal["draft", "checked", "approved", "in_force", "superseded", "withdrawn", "rolled_back"]


class PhraseRequest(wire.Request):
    """A phrase to be learned."""

    language: Literal["zh", "en"]
    intent: str = Field(min_length=1, max_length=80)
    text: str = Field(min_length=1, max_length=200)
    heard: int = Field(1, ge=1, le=1_000_000, description="In how many conversations.")


class ProposalRequest(wire.Request):
    """What is proposed, and when it is to come into force."""

    title: str = Field(min_length=1, max_length=200)
    in_force_at: AwareDatetime | None = Field(None, description="As soon as it is approved, when left out.")
    phrases: list[PhraseRequest] = Field(default=[], max_length=200, description="Phrases to be learned.")


class ApprovalRequest(wire.Request):
    """What is approved: the digest of what the second person has read."""

    digest: str = Field(pattern=r"^[0-9a-f]{16}$")


class WithdrawalRequest(wire.Request):
    """Why it is withdrawn, or declined."""

    reason: str = Field(min_length=1, max_length=500)


class Finding(BaseModel):
    """Something that a check found; an error keeps a proposal from being approved."""

    code: str
    where: str
    what: str
    remedy: str
    severity: Literal["error", "warning", "note"]


class Proposal(BaseModel):
    """A proposal: its changes, what the check found, and where it stands."""

    id: str
    title: str
    maker: str
    created_at: AwareDatetime
    state: State
    in_force_at: AwareDatetime | None
    changes: list[dict[str, JsonValue]]
    findings: list[Finding]
    digest: str
    checker: str
    approved_at: AwareDatetime | None
    order: int
    activated_at: AwareDatetime | None
    release: str
    reason: str
    trouble: str


class Step(BaseModel):
    """What somebody did to a proposal; without a person, the service did it."""

    at: AwareDatetime
    person: str
    step: str
    digest: str


class FactDifference(BaseModel):
    """What a figure is from a day on, before and after."""

    fact: str
    label: wire.Name
    old: wire.Name | None
    new: wire.Name | None
    old_version: str | None
    valid_from: str
    valid_to: str | None


class FileDifference(BaseModel):
    """A file that is added, removed or changed, line by line."""

    file: str
    what: Literal["added", "removed", "changed"]
    lines: list[str]


class PhraseDifference(BaseModel):
    """Phrases that an intent gains or loses."""

    intent: str
    language: str
    added: list[str]
    removed: list[str]


class Difference(BaseModel):
    """What a proposal changes."""

    facts: list[FactDifference]
    articles: list[FileDifference]
    phrases: list[PhraseDifference]
    other: list[FileDifference]


class ProposalShown(BaseModel):
    """A proposal, what it changes against what is in force, and who did what to it."""

    proposal: Proposal
    difference: Difference | None
    steps: list[Step]


class Proposals(BaseModel):
    """Proposals, the newest first."""

    proposals: list[Proposal]


class TouchedAnswer(BaseModel):
    """An answer given on something that is changed."""

    conversation: str
    sequence: int
    at: AwareDatetime
    source: str
    version: str
    text: str


class TouchedAnswers(BaseModel):
    """Answers that a change touches, the newest first."""

    answers: list[TouchedAnswer]


class HeardPhrase(BaseModel):
    """A phrase that was first not understood, and what the conversation then was about."""

    text: str
    language: Literal["zh", "en"]
    intent: str
    flow: str
    conversations: list[str]


class HeardPhrases(BaseModel):
    """Phrases that conversations suggest, the most heard first."""

    phrases: list[HeardPhrase]
