"""The composition root: the only place where rooms are put together."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

import structlog
from fastapi import FastAPI

from tellerline.bank.adapters.simulator import Simulator
from tellerline.bank.contract import GuardedBank
from tellerline.channels.counter import Counter, Pace
from tellerline.channels.feed import Hub
from tellerline.channels.intake import Intake
from tellerline.channels.vault import Vault
from tellerline.desk.queue import StoreDesk
from tellerline.dialogue.effects import LiveEffects
from tellerline.dialogue.engine import Engine
from tellerline.dialogue.pack import Progress, build_release, pack_version
from tellerline.dialogue.ports import EventLog
from tellerline.dialogue.release import Release
from tellerline.domain.clock import Clock, SystemClock
from tellerline.domain.data import Record
from tellerline.settings import Settings
from tellerline.store.log import SqliteLog
from tellerline.understanding.redact import redact
from tellerline.web.application import build_application
from tellerline.web.rate import RateGate, Rates
from tellerline.web.site import Site

SWEEP_S = 10  # how often silent customers are looked for
log_line = structlog.get_logger("tellerline.app")


@dataclass
class App:
    """A counter that is put together and not yet open."""

    settings: Settings
    clock: Clock
    log: EventLog
    release: Release
    bank: Simulator
    counter: Counter

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[App]:
        """Finish what a crash left undone, and keep an eye on silent customers while open."""
        recovered = await self.counter.recover()
        if recovered:
            log_line.info("recovered", turns=recovered)
        sweep = asyncio.create_task(self._sweep())
        try:
            yield self
        finally:
            sweep.cancel()
            await self.counter.close()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            await self.counter.notice_silence()


def load_release(settings: Settings, *, say: Progress = lambda _: None) -> Release:
    """Return the pack's release, building what is not yet built.

    Raises: PackRefused when the pack has errors.
    """
    folder = settings.data / "releases" / pack_version(settings.pack)
    return build_release(settings.pack, folder, say=say)
