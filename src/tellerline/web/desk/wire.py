"""The forms of the desk's requests and answers. Unknown fields of a request are errors."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, Field, JsonValue

from tellerline.domain.language import Language
from tellerline.web.wire import ClientId, Name, Request, Source

SEQUENCE_MAX = 2**53 - 1
TEXT_MAX = 4_000
Role = Literal["representative", "supervisor", "editor", "compliance", "administrator"]
State = Literal["available", "busy", "wrap_up", "break", "training", "wellbeing", "away", "offline"]
Seen = Annotated[
    int, Field(ge=0, le=SEQUENCE_MAX, description="The last sequence of the conversation that was shown.")
]
Text = Annotated[str, Field(min_length=1, max_length=TEXT_MAX)]
Remark = Annotated[str, Field(max_length=500)]
AccountName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9._-]{1,31}$")]
Identifier = Annotated[str, Field(min_length=1, max_length=80)]


class Nothing(Request):
    """No more is needed."""


# --- signing in


class SignIn(Request):
    """Who signs in. `code`: of the second factor, where the account has one."""

    account: AccountName
    password: str = Field(min_length=1, max_length=256)
    code: str | None = Field(None, pattern=r"^[0-9]{6}$")


class ReadyAccount(BaseModel):
    """An account of the demonstration."""

    account: str
    shown: Name
    role: Role
    password: str


class OwnLogin(BaseModel):
    """The bank's own login."""

    url: str
    label: Name


class SignInOptions(BaseModel):
    """How one may sign in here."""

    password: bool
    oidc: OwnLogin | None
    accounts: list[ReadyAccount]


class Presence(BaseModel):
    """What a person is doing, and since when. `connected`: a page of theirs is open."""

    state: State
    reason: str
    since: AwareDatetime
    connected: bool


class Me(BaseModel):
    """Who is signed in, and what they may do."""

    account: str
    shown: Name
    role: Role
    permissions: list[str]
    csrf: str
    languages: list[Language]
    queues: list[str]
    licences: list[str]
    capacity: int
    skill: Literal["novice", "skilled", "expert"]
    presence: Presence
    preferences: dict[str, JsonValue]


class PresenceRequest(Request):
    """What I am doing from here on; `busy` needs a reason."""

    state: Literal["available", "busy", "break", "training", "wellbeing"]
    reason: str = Field("", max_length=80)


class PasswordRequest(Request):
    """Change one's own password."""

    old: str = Field(min_length=1, max_length=256)
    new: str = Field(min_length=1, max_length=256)


class SecondFactor(BaseModel):
    """What an authenticator app needs; told once."""

    secret: str
    uri: str


class FactorRequest(Request):
    """Put the second factor in force by its first code."""

    secret: str = Field(pattern=r"^[A-Z2-7]{32}$")
    code: str = Field(pattern=r"^[0-9]{6}$")


class NameRequest(Request):
    """A name in both languages."""

    zh: Annotated[str, Field(min_length=1, max_length=40)]
    en: Annotated[str, Field(min_length=1, max_length=40)]


class AccountRequest(Request):
    """A new account. Without a password, `subject` says who it is to the bank's own login: `issuer|sub`."""

    account: AccountName
    shown: NameRequest
    role: Role
    queues: list[Annotated[str, Field(max_length=40)]] = Field([], max_length=30)
    languages: list[Language] = Field([], max_length=2)
    licences: list[Annotated[str, Field(max_length=40)]] = Field([], max_length=30)
    capacity: int = Field(0, ge=0, le=20)
    password: str = Field("", max_length=256)
    subject: str = Field("", max_length=400)


class AccountChange(Request):
    """What to change of an account; whoever it is signs in again."""

    role: Role | None = None
    disabled: bool | None = None
    subject: Annotated[str, Field(max_length=400)] | None = None


class ResetRequest(Request):
    """A new password for somebody; their second factor and lock are taken away."""

    password: str = Field(min_length=1, max_length=256)


class Account(BaseModel):
    """An account as an administrator sees it."""

    account: str
    shown: Name
    role: Role
    queues: list[str]
    languages: list[Language]
    licences: list[str]
    capacity: int
    disabled: bool
    second_factor: bool
    own_login: bool


class Accounts(BaseModel):
    """The accounts."""

    accounts: list[Account]


class AuditNote(BaseModel):
    """Who of the staff did what."""

    number: int
    at: AwareDatetime
    account: str
    action: str
    conversation: str
    detail: dict[str, JsonValue]


class AuditNotes(BaseModel):
    """What was written down, in order."""

    notes: list[AuditNote]


# --- work and conversations


class Work(BaseModel):
    """My work, in the order that counts. The cards are described in the desk's protocol."""

    version: int
    at: AwareDatetime
    presence: Presence
    capacity: dict[str, int]
    queue: dict[str, Any]
    ringing: list[dict[str, Any]]
    active: list[dict[str, Any]]
    waiting: list[dict[str, Any]]
    promises: list[dict[str, Any]]
    snoozed: list[dict[str, Any]]
    watching: list[dict[str, Any]]


class Draft(BaseModel):
    """What I have not sent yet."""

    text: str
    form: str
    saved_at: AwareDatetime


class View(BaseModel):
    """A conversation; its parts are described in the desk's protocol."""

    conversation: str
    sequence: int
    status: dict[str, Any]
    people: dict[str, Any]
    talk: dict[str, Any]
    handover: dict[str, Any] | None
    guided: dict[str, Any] | None
    mood: dict[str, Any]
    cases: list[dict[str, Any]]
    files: list[dict[str, Any]]
    wrapped: dict[str, Any] | None
    draft: Draft | None


class Events(BaseModel):
    """Events in the order they happened. `more`: there are further ones."""

    events: list[dict[str, Any]]
    more: bool


class Customer(BaseModel):
    """The customer as the bank tells of them, masked."""

    known: bool
    level: int
    name: Name | None
    phone: str | None
    elder: bool
    since_on: str | None
    risk_level: str | None
    products: dict[str, list[dict[str, Any]]]
    missing: list[str]


class Written(BaseModel):
    """Where the act stands in the record."""

    sequence: int


# --- acts


class OfferRequest(Request):
    """Answer a ring."""

    offer: Identifier


class DeclineRequest(Request):
    """Let it ring at somebody else."""

    offer: Identifier
    reason: Remark = ""


class MessageRequest(Request):
    """Say something to the customer, once per `client_id`."""

    client_id: ClientId
    text: Text
    seen: Seen


class NoteRequest(Request):
    """Write what no customer sees."""

    client_id: ClientId
    text: Text
    form: Literal["note", "question", "answer", "whisper"] = "note"
    to: list[AccountName] = Field([], max_length=20)


class TakeoverRequest(Request):
    """Become the owner."""

    seen: Seen
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class TransferRequest(Request):
    """Let a person (`to`) or a `queue` have it."""

    to: AccountName | None = None
    queue: Annotated[str, Field(max_length=40)] | None = None
    warm: bool = False
    note: Remark = ""
    seen: Seen


class SeenRequest(Request):
    """What was seen, and a note to who follows."""

    seen: Seen
    note: Remark = ""


class SnoozeRequest(Request):
    """Take it up again later."""

    until: AwareDatetime
    reason: Remark = ""


class VerifyRequest(Request):
    """Open the secure widget at the customer's side."""

    level: int = Field(ge=1, le=3)


class RevealRequest(Request):
    """Show a masked field for 30 seconds: `name`, or a token as it stands in a message."""

    field: Annotated[str, Field(min_length=1, max_length=60)]
    reason: Annotated[str, Field(min_length=2, max_length=200)]


class Revealed(BaseModel):
    """The field as it is; hide it again at `until`."""

    field: str
    value: str
    until: AwareDatetime


class StartRequest(Request):
    """Begin a procedure as a form."""

    flow: Identifier
    values: dict[Identifier, Annotated[str, Field(max_length=TEXT_MAX)]] = Field({}, max_length=20)


class FillRequest(Request):
    """Answer what the procedure asks: an option's value, or what the customer said."""

    frame: Identifier
    slot: Identifier
    value: Annotated[str, Field(min_length=1, max_length=2_000)]


class ReopenRequest(Request):
    """Correct a value given before."""

    frame: Identifier
    slot: Identifier


class FrameRequest(Request):
    """Leave a procedure."""

    frame: Identifier


class PromiseRequest(Request):
    """Promise something with a clock."""

    client_id: ClientId
    kind: Literal["callback", "follow_up"]
    summary: Annotated[str, Field(min_length=1, max_length=500)]
    due_at: AwareDatetime


class KeepRequest(Request):
    """A promise is kept."""

    number: Identifier
    resolution: Annotated[str, Field(min_length=1, max_length=500)]


class CardRequest(Request):
    """What became of a card of the copilot. `edited`: how much of its text was changed, 0 to 1."""

    card: Identifier
    card_kind: Literal["stop", "must", "answer", "do", "feel", "wrap", "next"]
    outcome: Literal["inserted", "edited", "dismissed"]
    reason: Remark = ""
    edited: float = Field(0.0, ge=0, le=1)


class WrapRequest(Request):
    """What it was about and how it ended. `drafted`: the summary that was proposed."""

    outcome: Literal["solved", "promised", "unsolved", "wrong_place", "abandoned"]
    area: Identifier
    reason: Identifier
    summary: Annotated[str, Field(min_length=1, max_length=2_000)]
    drafted: Annotated[str, Field(max_length=2_000)] = ""
    took_s: float = Field(0.0, ge=0, le=86_400)


class DraftRequest(Request):
    """What is being written; an empty text drops it."""

    text: Annotated[str, Field(max_length=TEXT_MAX)]
    form: Literal["reply", "note", "question"] = "reply"


class Saved(BaseModel):
    """When it was kept; null when it was dropped."""

    saved_at: AwareDatetime | None


class CheckRequest(Request):
    """A draft as it is typed."""

    text: Annotated[str, Field(max_length=TEXT_MAX)]


class Stop(BaseModel):
    """A rule that a draft breaks, with the words that break it."""

    rule: str
    severity: Literal["block", "warn"]
    quote: str
    title: Name


class Checked(BaseModel):
    """What the guard says of a draft."""

    stops: list[Stop]


class HelpCard(BaseModel):
    """A card of the copilot. `insert` may be put into the composer; nothing is sent by itself."""

    id: str
    kind: Literal["must", "answer", "do", "feel", "wrap"]
    title: Name
    text: Name | str | None
    insert: str | None
    sources: list[Source]
    why: Name | None
    action: dict[str, Any] | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class CheckItem(BaseModel):
    """What must be said or done, ticked by the record."""

    id: str
    title: Name
    done: bool
    required: bool


class WrapDraft(BaseModel):
    """The wrap-up as it stands."""

    outcome: str
    area: str
    reason: str
    summary: Name


class Help(BaseModel):
    """Everything the copilot has to say now: at most three cards, in the order to be shown."""

    cards: list[HelpCard]
    checklist: list[CheckItem]
    wrap: WrapDraft


# --- papers


class Attached(BaseModel):
    """An attachment that was taken, and where it stands in the record."""

    attachment: str
    name: str
    media_type: str
    size_bytes: int
    sequence: int


class Brought(BaseModel):
    """How many rows were taken."""

    count: int


# --- lists


class Phrase(BaseModel):
    """A canned reply in the language asked for."""

    id: str
    title: str
    text: str
    language: Language
    tags: list[str]


class Phrases(BaseModel):
    """Canned replies, the best fitting first."""

    replies: list[Phrase]


class Procedure(BaseModel):
    """A procedure that can be started."""

    flow: str
    title: Name
    level: int


class Procedures(BaseModel):
    """The procedures of the release in force."""

    flows: list[Procedure]


class Person(BaseModel):
    """Somebody of the staff."""

    account: str
    shown: Name
    role: Role
    presence: Presence | None
    load: int
    capacity: int
    queues: list[str]
    languages: list[Language]


class People(BaseModel):
    """The staff."""

    people: list[Person]


class Queue(BaseModel):
    """A queue as it is now."""

    queue: str
    title: Name
    depth: int
    staffed: bool
    waiting_since: AwareDatetime | None


class Queues(BaseModel):
    """The queues."""

    queues: list[Queue]


class Reason(BaseModel):
    """The second level of what a conversation was about."""

    id: str
    title: Name


class Area(BaseModel):
    """The first level."""

    id: str
    title: Name
    reasons: list[Reason]


class Reasons(BaseModel):
    """What a wrap-up may say."""

    areas: list[Area]


class Answer(BaseModel):
    """A grounded answer with its sources, or none: nothing rather than something without evidence."""

    answer: dict[str, Any] | None
