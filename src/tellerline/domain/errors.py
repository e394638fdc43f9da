"""Every failure the product knows, as one tree.

ServiceError
├ Invalid          the caller's input is wrong; the field and the remedy are named
├ Refused          a rule or the bank said no; final
├ NotFound         no such thing, or not yours to see (the two are not told apart)
├ Conflict         the state moved since it was read; read again
├ Unavailable      nothing happened; retrying is safe
└ OutcomeUnknown   it may have happened; reconcile, never retry blindly

Anything else is a bug and crashes the turn, which then is retried from the record.
"""

from __future__ import annotations

from typing import ClassVar


class ServiceError(Exception):
    """A failure with a stable code, data for programs and an HTTP status.

    code:      stable, dotted, lower case; programs may switch on it.
    detail:    one English sentence for developers; never contains customer data.
    data:      named values for programs, JSON-representable.
    """

    status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False
    copy_key: ClassVar[str] = "internal_error"  # the approved text the customer sees

    def __init__(self, code: str, detail: str, **data: object) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.data = data


class Invalid(ServiceError):
    """The caller's input is wrong. `data` names the field."""

    status = 422
    copy_key = "not_understood"


class Refused(ServiceError):
    """A rule or the bank said no. Repeating the call changes nothing."""

    status = 403
    copy_key = "refused"


class NotFound(ServiceError):
    """No such thing, or the caller may not know of it."""

    status = 404
    copy_key = "refused"


class Conflict(ServiceError):
    """The state moved since the caller read it."""

    status = 409
    retryable = True
    copy_key = "changed"


class Unavailable(ServiceError):
    """A part is out of reach and nothing happened."""

    status = 503
    retryable = True
    copy_key = "unavailable"


class OutcomeUnknown(ServiceError):
    """An effect may or may not have happened. Only its status may be asked for, with the same key."""

    status = 504
    copy_key = "outcome_unknown"
