"""The OpenAPI document is true: whatever a caller makes up, the answer is one it describes."""

from __future__ import annotations

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance
from starlette.testclient import TestClient

from tellerline.domain.clock import SystemClock
from tests.web.conftest import build, echo, open_talk
from tests.web.counter import ScriptedCounter
from tests.web.demo_bank import PaperBank

APP = build(ScriptedCounter(SystemClock(), echo), bank=PaperBank())
SCHEMA = schemathesis.openapi.from_asgi("/api/v1/openapi.json", APP)
TALK = open_talk(TestClient(APP))


def test_every_call_is_described() -> None:
    document = APP.openapi()
    paths = document["paths"]
    assert isinstance(paths, dict)
    for methods in paths.values():
        for call in methods.values():  # type: ignore[union-attr]
            assert call["description"]  # type: ignore[index,call-overload]
    assert "HTTPValidationError" not in str(document)


@given(case=SCHEMA.as_strategy())
@settings(max_examples=80, suppress_health_check=list(HealthCheck))
def test_whatever_a_caller_makes_up_is_answered_as_described(case: schemathesis.Case) -> None:
    if "id" in case.path_parameters and (case.body is None or len(str(case.body)) % 2):
        case.path_parameters["id"] = TALK.id
        case.headers["Authorization"] = f"Bearer {TALK.token}"
    # A wrong token is answered with 404, so that nobody learns which conversations there are.
    case.call_and_validate(excluded_checks=[ignored_auth, positive_data_acceptance])
