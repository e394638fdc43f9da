"""The server killed with -9 in the middle of a commit, and started again: done once, and the customer told the truth."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harbour import Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path)
    made.start()
    yield made
    made.kill()


class Customer:
    """Wang Fang, on her way to send 500 to the first Wang Wei."""

    def __init__(self, server: Server) -> None:
        self.server = server
        wanted = {"channel": "test", "language": "zh", "customer_token": "demo-wangfang"}
        opened = server.call("POST", "/api/v1/conversations", wanted)
        self.path, self.token, self.count = f"/api/v1/conversations/{opened['id']}", opened["token"], 0

    def say(self, text: str) -> list[str]:
        self.count += 1
        body = {"client_id": f"m{self.count}", "text": text}
        answer = self.server.call("POST", f"{self.path}/messages?wait=turn", body, self.token)
        return [event["text"] for event in answer["events"] if event["kind"] == "message.sent"]

    def verify(self) -> None:
        path = f"{self.path}/verification"
        challenge = self.server.call("POST", path, {"method": "otp", "action": "start"}, self.token)
        code = self.server.call("GET", "/demo/phone/demo-wangfang")["entries"][0]["code"]
        answer = {"method": "otp", "challenge": challenge["challenge"], "answer": {"code": code}}
        assert self.server.call("POST", path, answer, self.token)["passed"]

    def replies(self) -> list[str]:
        events = self.server.call("GET", f"{self.path}/events", None, self.token)["events"]
        return [event["text"] for event in events if event["kind"] == "message.sent"]


def transfers(server: Server) -> list[Any]:
    effects = server.call("GET", "/demo/state?customer_token=demo-wangfang")["effects"]
    return [effect for effect in effects if effect["action"] == "transfer.send"]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("when", ["before_the_bank_acted", "after_the_bank_acted"])
def test_killed_in_a_commit_it_is_done_once_and_told(server: Server, when: str):
    customer = Customer(server)
    customer.say("我要转账给王伟500块")
    customer.say("第一个")
    customer.verify()
    assert "500.00元" in customer.replies()[-1]
    fault = {"operation": "transfer.send", "kind": "slow", "delay_ms": 8_000, "times": 1}
    if when == "before_the_bank_acted":
        server.call("PUT", "/demo/faults", {"faults": [fault]})
        threading.Thread(target=_confirm_into_the_void, args=(customer,), daemon=True).start()
        time.sleep(1.5)
        server.kill()
    else:
        server.call("PUT", "/demo/faults", {"faults": [{**fault, "kind": "unknown_done", "delay_ms": 0}]})
        said = customer.say("确认")
        assert not any("已转出" in text for text in said), "an unknown outcome is never said to be done"
        server.kill()
    server.start()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not _is_told(customer.replies()):
        time.sleep(0.5)
    assert _is_told(customer.replies()), customer.replies()[-3:]
    assert len(transfers(server)) == 1


def _confirm_into_the_void(customer: Customer) -> None:
    try:
        customer.say("确认")
    except OSError:
        return  # the server was killed before it could answer


def _is_told(replies: list[str]) -> bool:
    return any("已转出500.00元" in text or "办好了" in text for text in replies)
