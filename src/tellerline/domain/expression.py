"""Jinja2 expressions of a pack, evaluated in a sandbox; an undefined name makes a condition false, never an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import ChainableUndefined, TemplateError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from tellerline.domain.errors import Invalid

_ENVIRONMENT = SandboxedEnvironment(undefined=ChainableUndefined)


@lru_cache(maxsize=4096)
def _compiled(source: str) -> Callable[[Mapping[str, Any]], Any]:
    return _ENVIRONMENT.compile_expression(source)


def evaluate(source: str, scope: Mapping[str, Any]) -> Any:  # noqa: ANN401  an expression may yield any value
    """Return the value of `source` over `scope`; undefined yields None."""
    return _compiled(source)(scope)


def holds(source: str, scope: Mapping[str, Any]) -> bool:
    """Tell whether the condition holds; comparing with something undefined does not."""
    try:
        return bool(evaluate(source, scope))
    except (TypeError, UndefinedError):
        return False


def check_syntax(source: str) -> None:
    """Raise: Invalid, code `expression`, when `source` is not an expression."""
    try:
        _compiled(source)
    except TemplateError as error:
        raise Invalid("expression", f"{source!r} is not an expression: {error}", expression=source) from error
