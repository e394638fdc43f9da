"""Crash drills in real processes: killed with -9 at a named point, started again, and nothing lost or doubled.

    python -m tests.simulation.drill [--runs N]     every point, at its first N occurrences

The bank is loaded once; each life of a counter is a process of its own, forked from here. The points are seams of the
drill's own making, round the record, the bank, its journal and the feeds; the product has none.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter as Count
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tellerline.bank.adapters.simulator import Journal
from tellerline.bank.adapters.simulator.journal import Entry
from tellerline.bank.contract import Outcome, Prepared
from tellerline.dialogue.engine import load_conversation
from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.party import Caller
from tellerline.exam.fresh import House
from tellerline.exam.run import START
from tellerline.settings import Settings
from tellerline.store.audit import verify
from tellerline.store.log import SqliteLog
from tellerline.testing.steady import KeptCases
from tests.harbour import PACK, RELEASES, ready_releases

CUSTOMER = "demo-wangfang"
POINTS = tuple(
    f"{place}.{side}"
    for place in ("intake", "turn", "promise", "commit", "bank", "outcome", "journal", "timer", "outbox")
    for side in ("before", "after")
)
LIVES_MAX = 6
LIFE_S = 60.0
RECONCILE_S = 1


class Trap:
    """Kills this process at the given occurrence of the given point. Armed once the conversation is open."""

    def __init__(self, point: str, occurrence: int) -> None:
        self.point = point
        self.left = occurrence
        self.armed = False

    def spring(self, point: str) -> None:
        if not self.armed or point != self.point:
            return
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def places_of(events: Sequence[e.Event]) -> set[str]:
    """Name what an append is about."""
    bodies = [event.body for event in events]
    found: set[str] = set()
    if all(isinstance(body, e.MessageReceived) for body in bodies):
        found.add("intake")
    if any(isinstance(body, e.SystemNoticed) and isinstance(body.command, c.Continue) for body in bodies):
        found.add("timer")
    if any(isinstance(body, e.TurnEnded) for body in bodies):
        found.add("turn")
    if any(isinstance(body, e.CaseOpened) for body in bodies):
        found.add("promise")
    if any(isinstance(body, e.CommitRequested) for body in bodies):
        found.add("commit")
    if any(isinstance(body, e.ActionCommitted | e.ActionFailed) for body in bodies):
        found.add("outcome")
    return found


class TrappedLog(SqliteLog):
    """The record, with a trap round each append."""

    def __init__(self, path: Path, trap: Trap) -> None:
        super().__init__(path)
        self.trap = trap
        self.cases = KeptCases(path, self.records)

    async def append(
        self, conversation: e.ConversationId, events: Sequence[e.Event], *, snapshot: bytes | None = None
    ) -> None:
        places = sorted(places_of(events))
        for place in places:
            self.trap.spring(f"{place}.before")
        await super().append(conversation, events, snapshot=snapshot)
        for place in places:
            self.trap.spring(f"{place}.after")


class TrappedJournal(Journal):
    """The bank's journal, with a trap round each entry."""

    def __init__(self, path: Path, trap: Trap) -> None:
        super().__init__(path)
        self.trap = trap

    def append(self, entry: Entry) -> int:
        self.trap.spring("journal.before")
        sequence = super().append(entry)
        self.trap.spring("journal.after")
        return sequence


class PassingClock:
    """The time since the drill began, from the morning the books stand at."""

    def __init__(self, began_s: float) -> None:
        self._began_s = began_s

    def now(self) -> datetime:
        return START + timedelta(milliseconds=round((time.monotonic() - self._began_s) * 1_000))


@dataclass
class Notebook:
    """What the customer remembers, on paper: the process they talk to may die."""

    folder: Path
    kept: dict[str, list[Any]] = field(
        default_factory=lambda: {"opened": [], "sent": [], "taken": [], "seen": []}
    )

    def note(self, kind: str, value: object) -> None:
        with (self.folder / "notes").open("a", encoding="utf-8") as notes:
            notes.write(json.dumps([kind, value]) + "\n")
        self.kept[kind].append(value)

    def read(self) -> Notebook:
        path = self.folder / "notes"
        for line in path.read_text("utf-8").splitlines() if path.exists() else []:
            kind, value = json.loads(line)
            self.kept[kind].append(value)
        return self


class Life:
    """One process's life: a counter on the record, and the customer who talks to it."""

    def __init__(self, house: House, folder: Path, trap: Trap, began_s: float) -> None:
        self.trap = trap
        clock = PassingClock(began_s)
        drawn = random.Random(os.getpid())
        self.log = TrappedLog(folder / "record.sqlite3", trap)
        self.bank = house.bank(clock, drawn, TrappedJournal(folder / "core.sqlite3", trap))
        self._trap_bank()
        self.app = house.make(clock, drawn, bank=self.bank, log=self.log)
        self.counter = self.app.counter
        self._trap_outbox()
        self.notes = Notebook(folder).read()
        self.name = e.ConversationId("")

    def _trap_bank(self) -> None:
        commit, trap = self.bank.commit, self.trap

        async def trapped(prepared: Prepared, *, key: str, caller: Caller) -> Outcome:
            trap.spring("bank.before")
            outcome = await commit(prepared, key=key, caller=caller)
            trap.spring("bank.after")
            return outcome

        self.bank.commit = trapped  # type: ignore[method-assign]  # a seam of the drill's

    def _trap_outbox(self) -> None:
        engine, trap = self.counter._engine, self.trap
        watcher = engine._watcher

        def trapped(conversation: e.ConversationId, events: Sequence[e.Event]) -> None:
            trap.spring("outbox.before")
            watcher(conversation, events)
            trap.spring("outbox.after")

        engine._watcher = trapped

    async def live(self) -> dict[str, Any]:
        await self.counter.recover()
        if self.notes.kept["opened"]:
            self.name = e.ConversationId(self.notes.kept["opened"][0])
        else:
            opened = await self.counter.open(channel="drill", language="zh", customer_token=CUSTOMER)
            self.name = opened.id
            self.notes.note("opened", opened.id)
            self.bank.faults.set("transfer.send", "unknown_done" if self.trap.point.startswith("timer") else "slow",
                                 times=1, delay_ms=0)  # fmt: skip
        self.trap.armed = True
        reader = asyncio.create_task(self._follow())
        for client_id, text in self.notes.kept["sent"]:
            if client_id not in self.notes.kept["taken"]:
                await self._deliver(client_id, text)  # nobody said that it was taken
        while (words := await self._next_words()) is not None:
            client_id = f"m{len(self.notes.kept['sent']) + 1}"
            self.notes.note("sent", [client_id, words])
            await self._deliver(client_id, words)
        await asyncio.sleep(0.3)
        reader.cancel()
        return await self._result()

    async def _deliver(self, client_id: str, text: str) -> None:
        await self.counter.receive(self.name, client_id=client_id, text=text)
        self.notes.note("taken", client_id)

    async def _follow(self) -> None:
        after = max(self.notes.kept["seen"], default=0)
        async for event in self.counter.feed(self.name, after=after):
            self.notes.note("seen", event.sequence)

    async def _next_words(self) -> str | None:
        """Return what the customer types next; None when all is done. Proves who they are where asked."""
        while True:
            await asyncio.sleep(0.05)
            if await self.log.unanswered() or await self.log.doubtful():
                continue
            tracker = (await load_conversation(self.log, self.name)).tracker
            question = tracker.question
            what = question.what if question else ""
            done = [body.action for body in await self._bodies(e.ActionCommitted)]
            complained = any(case.case_kind == "complaint" for case in await self._bodies(e.CaseOpened))
            if "transfer.send" in done and complained:
                return None
            if what == "verify":
                await self._verify()
            elif what == "confirm":
                return "确认"
            elif what == "slot" and question is not None:
                return {"payee": "第一个", "amount": "500元"}.get(
                    question.slot, "上周五在柜台排队两个小时没人理"
                )
            elif "transfer.send" not in done:
                return "我要转账给王伟500块"
            else:
                return "你们服务太差了，我要投诉，上周五在柜台排队两个小时没人理"

    async def _verify(self) -> None:
        challenge = await self.counter.start_verification(self.name, "otp")
        code = (await self.app.demo.phone(CUSTOMER))[0]["code"]
        await self.counter.check_verification(self.name, challenge.id, {"code": code})

    async def _bodies(self, kind: type[Any]) -> list[Any]:
        return [event.body for event in await self.log.read(self.name) if isinstance(event.body, kind)]

    async def _result(self) -> dict[str, Any]:
        effects = self.bank.snapshot()["effects"]
        assert isinstance(effects, list)
        public = [event.sequence for event in await self.counter.events(self.name, after=0)]
        cases = [case.case_kind for case in await self._bodies(e.CaseOpened)]
        closed = [case.resolution for case in await self._bodies(e.CaseClosed)]
        messages = [body.client_id for body in await self._bodies(e.MessageReceived)]
        return {
            "effects": Count(str(effect["action"]) for effect in effects if isinstance(effect, dict)),
            "committed": Count(body.action for body in await self._bodies(e.ActionCommitted)),
            "cases": cases, "closed": closed, "messages": messages, "public": public,
            "sent": [client_id for client_id, _ in self.notes.kept["sent"]], "seen": self.notes.kept["seen"],
            "unanswered": len(await self.log.unanswered()),
        }  # fmt: skip


def live_once(house: House, folder: Path, trap: Trap, began_s: float) -> None:
    """Be one life, in a process of its own; write what it came to and leave at once."""

    async def life() -> dict[str, Any]:
        return await asyncio.wait_for(Life(house, folder, trap, began_s).live(), LIFE_S)

    try:
        result = asyncio.run(life())
        (folder / "result").write_text(json.dumps(result), "utf-8")
        os._exit(0)
    except BaseException as error:  # boundary: a forked life must not go on as its parent
        (folder / "error").write_text(f"{type(error).__name__}: {error}", "utf-8")
        os._exit(1)


def drill(house: House, point: str, occurrence: int) -> list[str]:
    """Kill a counter at a point, start it again until the customer is done, and say what is wrong."""
    with tempfile.TemporaryDirectory() as name:
        folder, began_s, deaths = Path(name), time.monotonic(), 0
        for _ in range(LIVES_MAX):
            trap = Trap(point if not deaths else "", occurrence)
            child = os.fork()
            if child == 0:
                live_once(house, folder, trap, began_s)
            _, status = os.waitpid(child, 0)
            if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
                deaths += 1
            elif os.WEXITSTATUS(status):
                return [(folder / "error").read_text("utf-8")]
            else:
                break
        result = json.loads((folder / "result").read_text("utf-8"))
        wrong = [] if deaths else ["the point was never reached"]
        wrong += [str(finding) for finding in verify(folder / "record.sqlite3")]
        return wrong + check_result(result)


def check_result(result: dict[str, Any]) -> list[str]:
    """Say what was lost or doubled."""
    wanted = {
        "one transfer at the bank": result["effects"] == {"transfer.send": 1},
        "one transfer in the record": result["committed"] == {"transfer.send": 1},
        "one complaint": result["cases"].count("complaint") == 1,
        "every doubt settled": result["cases"].count("reconcile") == len(result["closed"]),
        "every message once": result["messages"] == result["sent"],
        "every reply seen once, in order": result["seen"] == result["public"],
        "nothing unanswered": result["unanswered"] == 0,
    }
    return [
        f"not: {what} ({json.dumps(result, ensure_ascii=False)})"
        for what, holds in wanted.items()
        if not holds
    ]


def main() -> int:
    """Run the drills and print a line for each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--point", action="append", choices=POINTS)
    chosen = parser.parse_args()
    ready_releases()
    failed = 0
    with tempfile.TemporaryDirectory() as data:
        (Path(data) / "releases").symlink_to(RELEASES, target_is_directory=True)
        house = House.open(
            Settings(pack=PACK, data=Path(data), quiet_ms=20, reconcile_s=RECONCILE_S, silence_s=0)
        )
        for point in chosen.point or POINTS:
            for occurrence in range(1, chosen.runs + 1):
                wrong = drill(house, point, occurrence)
                reached = wrong != ["the point was never reached"] or occurrence == 1
                failed += bool(wrong) and reached
                state = "FAILED" if wrong and reached else "held" if reached else "not reached"
                print(
                    f"{state:12}{point} #{occurrence} {'; '.join(wrong) if reached else ''}".rstrip(),
                    flush=True,
                )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
