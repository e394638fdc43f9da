"""The forms of quality on the wire."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, BaseModel, Field

from tellerline.web import wire

Mark = Literal["pass", "fail", "na"]
State = Literal["drawn", "marked", "released", "acknowledged", "appealed", "decided"]
Side = Literal["assistant", "representative"]


class Indicator(BaseModel):
    """An indicator of the rubric. serious: its failure is an auto-fail once confirmed; suspended: it counts for nobody."""

    name: str
    ability: int
    version: int
    judge: Literal["rule", "speech", "event"]
    title: wire.Name
    serious: bool
    suspended: bool


class Rubric(BaseModel):
    """The rubric, the same for assistant and representatives."""

    version: str
    indicators: list[Indicator]


class Rate(BaseModel):
    """How many opportunities were met. rate is smoothed towards the team's; low and high are its 95 % interval."""

    passed: int
    count: int
    rate: float
    low: float
    high: float


class AbilityScore(BaseModel):
    """An ability; its band is given from eight opportunities on."""

    ability: int
    rate: Rate
    band: Literal["strong", "good", "fair", "weak"] | None
    indicators: dict[str, Rate]


class Scorecard(BaseModel):
    """A subject. overall: low and high of the weighted whole."""

    side: Side
    who: str
    abilities: list[AbilityScore]
    overall: tuple[float, float] | None


class Scorecards(BaseModel):
    """A card for the assistant and for each representative; they are never merged."""

    cards: list[Scorecard]


class Finding(BaseModel):
    """One opportunity and what became of it, with the events and words that show it."""

    indicator: str
    version: int
    passed: bool
    side: Side
    who: str
    sequences: list[int]
    quote: str
    confidence: float
    value: float | None


class Scored(BaseModel):
    """What the rubric found in a conversation."""

    conversation: str
    rubric: str
    opened_at: AwareDatetime
    closed_at: AwareDatetime
    language: str
    channel: str
    intent: str
    hostile: bool
    findings: list[Finding]


class AutoFail(BaseModel):
    """A serious failure; confirmed is null until a person has looked."""

    conversation: str
    finding: Finding
    confirmed: bool | None


class AutoFails(BaseModel):
    """Serious failures of the period."""

    auto_fails: list[AutoFail]


class VerdictRequest(wire.Request):
    """A person's word on an auto-fail: the event is the last of its finding."""

    indicator: str = Field(max_length=60)
    sequence: int = Field(ge=1)
    confirmed: bool
    note: str = Field("", max_length=500)


class Verdict(BaseModel):
    """A person's word on an auto-fail."""

    conversation: str
    indicator: str
    sequence: int
    person: str
    at: AwareDatetime
    confirmed: bool
    note: str


class SampleRequest(wire.Request):
    """A sample to draw: 40 % at random, 30 % doubtful, 20 % risky, 10 % of new representatives."""

    count: int = Field(ge=1, le=1_000)
    seed: int = Field(ge=0, le=2**31)
    since: AwareDatetime | None = Field(None, description="30 days, when left out.")
    newcomers: list[str] = Field(default=[], max_length=200, description="Accounts of new representatives.")


class Marking(BaseModel):
    """What one reviewer marked."""

    reviewer: str
    at: AwareDatetime
    marks: dict[str, Mark]


class Appeal(BaseModel):
    """An appeal; upheld is null until it is decided."""

    indicator: str
    reason: str
    at: AwareDatetime
    due_at: AwareDatetime
    by: str
    reviewer: str
    upheld: bool | None
    answer: str


class Review(BaseModel):
    """A review. Others' markings are left out for who may still mark it."""

    id: str
    conversation: str
    who: str
    stratum: Literal["random", "doubtful", "risk", "new"]
    seed: int
    drawn_at: AwareDatetime
    state: State
    markings: list[Marking]
    released_at: AwareDatetime | None
    appeal: Appeal | None
    note: str


class Reviews(BaseModel):
    """Reviews, the newest first."""

    reviews: list[Review]


class ReviewShown(BaseModel):
    """A review, and the machine's marks once they can no longer sway who asks."""

    review: Review
    machine: dict[str, Mark] | None


class MarksRequest(wire.Request):
    """Marks by indicator; those left out count as not applicable."""

    marks: dict[str, Mark] = Field(max_length=100)


class ReleaseRequest(wire.Request):
    """How differences between the two markings were settled."""

    note: str = Field("", max_length=500)


class AppealRequest(wire.Request):
    """What is wrong, and why."""

    indicator: str = Field(max_length=60)
    reason: str = Field(min_length=1, max_length=1_000)


class DecisionRequest(wire.Request):
    """The decision on an appeal, with reasons."""

    upheld: bool
    answer: str = Field(min_length=1, max_length=1_000)


class Agreement(BaseModel):
    """Two markings compared; κ is null where there was only one kind of mark."""

    count: int
    agreed: int
    kappa: float | None


class Agreements(BaseModel):
    """Agreement of double markings, by `indicator/language`."""

    agreement: dict[str, Agreement]


class Clip(BaseModel):
    """A passage: good and bad are the person's own, better is a colleague's."""

    kind: Literal["good", "bad", "better"]
    conversation: str
    sequences: list[int]
    quote: str


class Plan(BaseModel):
    """Two strengths, one priority, and clips for it."""

    who: str
    strengths: list[str]
    priority: str | None
    clips: list[Clip]


class Effect(BaseModel):
    """An indicator before and after a coaching: passed and count, intervals, and the probability of chance."""

    before: tuple[int, int]
    after: tuple[int, int]
    before_interval: tuple[float, float]
    after_interval: tuple[float, float]
    p: float
    helped: bool


class Stress(BaseModel):
    """One's own reply times, median seconds; null where there is too little to tell."""

    usual_s: float | None
    at_peak_s: float | None
    after_abuse_s: float | None
