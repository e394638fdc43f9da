"""The forms that requests and answers have on the wire. Unknown fields of a request are errors."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    JsonValue,
    Tag,
    field_validator,
)
from pydantic_core import PydanticCustomError

from tellerline.domain.language import Language

ClientId = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9._:-]{1,64}$", description="Chosen by the caller; a UUID will do.")
]
ConversationToken = Annotated[
    str, Field(description="The customer's key to this conversation only; told only here.")
]
_HALF_PAIR = re.compile(r"[\ud800-\udfff]")


class Request(BaseModel):
    """The form of every request: unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*")
    @classmethod
    def _check_characters(cls, value: object) -> object:
        """JSON can carry half a surrogate pair, which is no character and cannot be stored."""
        if isinstance(value, str) and _HALF_PAIR.search(value):
            raise PydanticCustomError("string_unicode", "Input should hold whole characters only")
        return value


class OpenRequest(Request):
    """Who opens a conversation, and where."""

    channel: str = Field(
        "web", pattern=r"^[a-z][a-z0-9_-]{0,31}$", description="Where the customer is: web, app, …"
    )
    language: Language | None = Field(
        None, description="The customer's language; told from the words when left out."
    )
    customer_token: str | None = Field(
        None, min_length=1, max_length=4096, description="The app session's token, for identity level 1."
    )


class Opened(BaseModel):
    """A new conversation."""

    id: str
    token: ConversationToken


class MessageRequest(Request):
    """What the customer says."""

    client_id: ClientId
    text: str = Field(
        description="Secrets are taken out before it is kept. Over 8,000 characters it is answered unread."
    )


class Taken(BaseModel):
    """The message is in the record under this sequence; the answer comes as events."""

    sequence: int


class StartVerification(Request):
    """Begin to prove an identity level; codes and face checks go to the customer's device."""

    action: Literal["start"]
    method: Literal["identify", "otp", "face"]


class IdentifyAnswer(Request):
    """Two items that only the customer and the bank know together."""

    phone: str = Field(min_length=5, max_length=20, pattern=r"^[0-9+ -]+$")
    id_last_four: str = Field(
        pattern=r"^[0-9]{3}[0-9Xx]$", description="The last four characters of the identity card."
    )


class CodeAnswer(Request):
    """The one-time code from the customer's device."""

    code: str = Field(pattern=r"^[0-9]{4,8}$")


class DeviceAnswer(Request):
    """Nothing: the customer's device answers; ask again while the reason is `pending`."""


class CheckIdentify(Request):
    """Answer an `identify` challenge."""

    action: Literal["check"] = "check"
    method: Literal["identify"]
    challenge: str = Field(min_length=1, max_length=200)
    answer: IdentifyAnswer


class CheckCode(Request):
    """Answer an `otp` challenge."""

    action: Literal["check"] = "check"
    method: Literal["otp"]
    challenge: str = Field(min_length=1, max_length=200)
    answer: CodeAnswer


class CheckFace(Request):
    """Ask whether a `face` challenge was answered."""

    action: Literal["check"] = "check"
    method: Literal["face"]
    challenge: str = Field(min_length=1, max_length=200)
    answer: DeviceAnswer = DeviceAnswer()


def _verification_tag(value: object) -> str:
    """Tell which form of verification request a value means to be."""

    def field(name: str) -> object:
        return value.get(name) if isinstance(value, dict) else getattr(value, name, None)

    if field("action") == "start":
        return "start"
    method = field("method")
    return method if method in ("identify", "otp", "face") else "start"


VerificationRequest = Annotated[
    Annotated[StartVerification, Tag("start")]
    | Annotated[CheckIdentify, Tag("identify")]
    | Annotated[CheckCode, Tag("otp")]
    | Annotated[CheckFace, Tag("face")],
    Discriminator(_verification_tag),
]


class VerificationStarted(BaseModel):
    """A challenge. `hint` says where a code went, masked."""

    challenge: str
    method: Literal["identify", "otp", "face"]
    level: int
    hint: str
    tries_left: int


class VerificationChecked(BaseModel):
    """What became of the answer. `reason`: pending, wrong, expired, declined, locked …; empty when it passed."""

    passed: bool
    level: int
    reason: str
    tries_left: int


class Choice(BaseModel):
    """A button under a message; pressing it sends `value` as the customer's text."""

    label: str
    value: str


class Source(BaseModel):
    """One piece of evidence. `on`: the day since which it has been in force."""

    kind: Literal["copy", "fact", "article", "bank", "case", "queue", "sum", "memory"]
    id: str
    version: str
    title: str = ""
    on: str = ""


class Name(BaseModel):
    """A name in every language."""

    zh: str
    en: str


class _Event(BaseModel):
    sequence: int
    at: AwareDatetime


class ConversationOpened(_Event):
    """The conversation began."""

    kind: Literal["conversation.opened"]
    channel: str
    language: Language
    level: int


class MessageReceived(_Event):
    """The customer's message as it is kept. `redacted` names the kinds of secrets taken out."""

    kind: Literal["message.received"]
    author: Literal["customer"]
    client_id: str
    text: str
    redacted: list[str]
    problem: Literal["empty", "too_long"] | None = None


class MessageSent(_Event):
    """A reply. Empty fields are left out, except `sources`."""

    kind: Literal["message.sent"]
    author: Literal["assistant", "representative", "system"]
    text: str
    language: Language
    choices: list[Choice] | None = None
    sources: list[Source]
    flow: str | None = None
    step: str | None = None
    case: str | None = None
    widget: Literal["identify", "otp", "face"] | None = None


class VerificationRequested(_Event):
    """The secure widget is to open."""

    kind: Literal["verification.requested"]
    level: int
    method: str


class LevelChanged(_Event):
    """The identity level moved."""

    kind: Literal["level.changed"]
    level: int
    method: str


class CaseOpened(_Event):
    """A promise with a number and a deadline."""

    kind: Literal["case.opened"]
    number: str
    case_kind: str
    due_at: AwareDatetime


class CaseAdvanced(_Event):
    """Work on a case went on; `waiting` is for something the customer has to bring."""

    kind: Literal["case.advanced"]
    number: str
    stage: Literal["received", "working", "waiting", "closed"]


class CaseExtended(_Event):
    """A case has got more time; a message says why."""

    kind: Literal["case.extended"]
    number: str
    due_at: AwareDatetime


class CaseClosed(_Event):
    """A case is decided; a message tells the outcome."""

    kind: Literal["case.closed"]
    number: str
    resolution: str


class HandoverRequested(_Event):
    """The conversation waits for a representative; the place is as truthful as it can be told."""

    kind: Literal["handover.requested"]
    queue: str
    position: int
    staffed: bool
    wait_minutes: int | None = None
    opens_at: str | None = None


class HandoverAccepted(_Event):
    """A representative speaks from here on; `shown` is the name at the counter."""

    kind: Literal["handover.accepted"]
    shown: Name


class HandoverReturned(_Event):
    """The representative let go: to the assistant, back to the queue, or to call back."""

    kind: Literal["handover.returned"]
    to: Literal["assistant", "queue", "callback"]


class RepresentativeJoined(_Event):
    """A second person of the bank speaks too."""

    kind: Literal["representative.joined"]
    shown: Name


class RepresentativeLeft(_Event):
    """The second person has left."""

    kind: Literal["representative.left"]
    shown: Name


class AttachmentAdded(_Event):
    """A file came with the conversation."""

    kind: Literal["attachment.added"]
    author: Literal["customer", "representative"]
    attachment: str
    name: str
    media_type: str
    size_bytes: int


class LanguageSwitched(_Event):
    """The assistant speaks another language from here on."""

    kind: Literal["language.switched"]
    language: Language


class TurnEnded(_Event):
    """The turn is answered."""

    kind: Literal["turn.ended"]
    turn: int


class ConversationClosed(_Event):
    """No more messages are taken."""

    kind: Literal["conversation.closed"]
    reason: Literal["finished", "silence", "staff"]


PublicEvent = Annotated[
    ConversationOpened
    | MessageReceived
    | MessageSent
    | VerificationRequested
    | LevelChanged
    | CaseOpened
    | CaseAdvanced
    | CaseExtended
    | CaseClosed
    | HandoverRequested
    | HandoverAccepted
    | HandoverReturned
    | RepresentativeJoined
    | RepresentativeLeft
    | AttachmentAdded
    | LanguageSwitched
    | TurnEnded
    | ConversationClosed,
    Field(discriminator="kind"),
]


class Events(BaseModel):
    """Events in the order they happened."""

    events: list[PublicEvent]


class TurnTrace(BaseModel):
    """Why a turn went as it did: from what was said to what was answered, and the evidence between."""

    turn: int
    messages: list[dict[str, JsonValue]]
    interpreter: str
    reading: dict[str, JsonValue] | None
    commands: list[dict[str, JsonValue]]
    steps: list[dict[str, JsonValue]]
    replies: list[dict[str, JsonValue]]
    evidence: list[Source]
    guard: list[dict[str, JsonValue]]


class Trace(BaseModel):
    """The turns asked for, in order."""

    turns: list[TurnTrace]


class About(BaseModel):
    """What a page needs to know of this counter. `memory`: customers are remembered, and can see and change what is."""

    bank: Name
    version: str
    demo: bool
    memory: bool
    languages: list[Language]


class Health(BaseModel):
    """The process lives."""

    status: Literal["ok"]


class Readiness(BaseModel):
    """Whether each part is ready."""

    ready: bool
    parts: dict[str, bool]


class FieldProblem(BaseModel):
    """One field that is wrong."""

    field: str
    detail: str
    remedy: str


class Problem(BaseModel):
    """Problem details (RFC 9457). Programs may switch on `code`."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    retryable: bool
    data: dict[str, JsonValue] | None = None
    errors: list[FieldProblem] | None = None
