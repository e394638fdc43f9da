"""Failures on the wire: problem details (RFC 9457), one for every error, and never more than the caller may know.

ServiceError (domain)
├ Unauthenticated  401  no key was shown
├ TooLarge         413  the request is bigger than any this interface takes
├ NotJson          415  the body is not declared as JSON
├ Malformed        400  the body is not JSON in UTF-8
├ TooSlow          408  the body did not arrive in time
└ TooMany          429  slow down; `Retry-After` says until when
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import ClassVar

import msgspec
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tellerline.domain.errors import ServiceError, Unavailable
from tellerline.web.headers import SECURE_HEADERS

MEDIA_TYPE = "application/problem+json"
FIELD_NAME_MAX = 80  # characters of a field's name that are echoed
_REMEDIES = {
    "missing": "Send this field.",
    "extra_forbidden": "Leave this field out.",
    "string_type": "Send a string.",
    "string_unicode": "Send text of whole characters; this one holds half a surrogate pair.",
    "string_too_short": "Send more characters.",
    "string_too_long": "Send fewer characters.",
    "string_pattern_mismatch": "Use only the characters that the interface's description allows.",
    "int_parsing": "Send a whole number.",
    "int_type": "Send a whole number.",
    "bool_type": "Send true or false.",
    "greater_than_equal": "Send a larger number.",
    "less_than_equal": "Send a smaller number.",
    "literal_error": "Send one of the values named.",
    "model_attributes_type": "Send a JSON object.",
    "dict_type": "Send a JSON object.",
}


class Unauthenticated(ServiceError):
    """No key was shown where one is needed."""

    status: ClassVar[int] = 401


class TooLarge(ServiceError):
    """The request is bigger than any this interface takes."""

    status: ClassVar[int] = 413


class NotJson(ServiceError):
    """The body is not declared as JSON."""

    status: ClassVar[int] = 415


class Malformed(ServiceError):
    """The body is not JSON in UTF-8."""

    status: ClassVar[int] = 400


class TooSlow(ServiceError):
    """The body did not arrive in time."""

    status: ClassVar[int] = 408
    retryable: ClassVar[bool] = True


class TooMany(Unavailable):
    """The caller asks too often. `data` holds retry_after_s."""

    status: ClassVar[int] = 429


class FieldProblem(msgspec.Struct, frozen=True):
    """One field that is wrong, how, and what to do about it."""

    field: str
    detail: str
    remedy: str


def render_problem(
    status: int,
    code: str,
    detail: str,
    *,
    retryable: bool = False,
    data: Mapping[str, object] | None = None,
    fields: Sequence[FieldProblem] = (),
) -> Response:
    """Render a failure as problem details."""
    body: dict[str, object] = {
        "type": f"urn:tellerline:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "retryable": retryable,
    }
    if data:
        body["data"] = data
    if fields:
        body["errors"] = fields
    return Response(msgspec.json.encode(body), status, media_type=MEDIA_TYPE)


def problem_response(error: ServiceError) -> Response:
    """Render an error the product knows."""
    response = render_problem(
        error.status, error.code, error.detail, retryable=error.retryable, data=error.data
    )
    if "retry_after_s" in error.data:
        response.headers["Retry-After"] = str(error.data["retry_after_s"])
    if error.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


async def on_service_error(_: Request, error: Exception) -> Response:
    """Answer an error the product knows."""
    assert isinstance(error, ServiceError)
    return problem_response(error)


async def on_validation_error(_: Request, error: Exception) -> Response:
    """Answer input of the wrong form: each field with its remedy. The values themselves are never echoed."""
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    if any(item["type"] == "json_invalid" for item in found):
        return problem_response(Malformed("malformed_json", "The body is not a JSON document."))
    fields = [_field_problem(item) for item in found]
    named = ", ".join(dict.fromkeys(field.field for field in fields))
    return render_problem(422, "invalid_input", f"Not of the right form: {named}.", fields=fields)


def _field_problem(item: Mapping[str, object]) -> FieldProblem:
    where = item["loc"]
    assert isinstance(where, Sequence)
    names = [str(part) for part in where[1:]] or [str(where[0])]
    kind = str(item["type"])
    remedy = _REMEDIES.get(kind, "Send what the interface's description asks for.")
    return FieldProblem(".".join(names)[:FIELD_NAME_MAX], f"{item['msg']}.", remedy)


async def on_http_error(_: Request, error: Exception) -> Response:
    """Answer what the framework refuses: no such path or method, a body that cannot be read."""
    assert isinstance(error, HTTPException)
    cause = error.__cause__
    if isinstance(cause, UnicodeDecodeError):
        return problem_response(Malformed("not_utf8", "The body is not UTF-8."))
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return problem_response(Malformed("malformed_json", "The body is not a JSON document."))
    status = HTTPStatus(error.status_code)
    response = render_problem(status, status.name.lower(), status.description or status.phrase)
    response.headers.update(error.headers or {})
    return response


async def on_bug(_: Request, error: Exception) -> Response:
    """Answer a bug: that it happened, and nothing about it. The trace goes to the log only."""
    response = render_problem(500, "internal_error", "Something went wrong on our side.")
    response.headers.update(SECURE_HEADERS)
    return response
