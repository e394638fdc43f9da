"""A bank to look at: the built pages over a scripted counter, served on a local port."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine, Mapping
from contextlib import closing
from datetime import UTC, datetime
from typing import TypeVar

import uvicorn

from tellerline.domain.clock import SystemClock
from tellerline.domain.data import Record
from tellerline.domain.language import Text
from tellerline.web.application import build_application
from tellerline.web.rate import RateGate
from tellerline.web.site import Site
from tests.pages.script import greet, play
from tests.web.counter import Checked, ScriptedCounter
from tests.web.demo_bank import PaperBank

Result = TypeVar("Result")


class PhoningCounter(ScriptedCounter):
    """Sends codes and face checks to the customer's phone."""

    bank: PaperBank
    owner = "demo-li"

    async def start_verification(self, conversation: str, method: str):  # type: ignore[no-untyped-def,override]
        kind = {"otp": "sms", "face": "face"}.get(method)
        if kind is not None:
            self.bank.ring(self.owner, kind, datetime.now(UTC).isoformat())  # noqa: TID251 - shown only
        return await super().start_verification(conversation, method)  # type: ignore[arg-type]

    async def check_verification(self, conversation: str, challenge: str, answer: Record) -> Checked:  # type: ignore[override]
        states = [entry.get("state") for entry in self.bank.entries[self.owner] if entry["kind"] == "face"]
        self.face = str(states[0]) if states else "pending"
        return await super().check_verification(conversation, challenge, answer)  # type: ignore[arg-type]


class LiveBank:
    """The server in its own thread; it can be stopped and started again on the same port."""

    def __init__(self) -> None:
        self.bank = PaperBank()
        self.counter = PhoningCounter(SystemClock(), play, greet=greet, delay_s=0.05)
        self.counter.bank = self.bank
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Open the doors."""
        gate = RateGate(None, SystemClock())
        site = Site(self.counter, Text("港湾银行", "Harbour Bank"), "1.0", gate, _ready, demo=self.bank)
        config = uvicorn.Config(
            build_application(site), port=self.port, log_level="critical", timeout_graceful_shutdown=1
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        while not self.server.started:
            self.thread.join(0.02)

    def _serve(self) -> None:
        with asyncio.Runner() as runner:
            self.loop = runner.get_loop()
            runner.run(self.server.serve())

    def stop(self) -> None:
        """Shut the doors; the record stays."""
        self.server.should_exit = True
        self.thread.join(10)
        for thread in self.counter.threads.values():
            thread.changed = asyncio.Condition()
            thread.turn_lock = asyncio.Lock()

    def do(self, work: Callable[[], Coroutine[object, object, Result]]) -> Result:
        """Do something on the server's side."""
        return asyncio.run_coroutine_threadsafe(work(), self.loop).result(5)


async def _ready() -> Mapping[str, bool]:
    return {"store": True}
