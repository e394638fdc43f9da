"""A bank that dies by SIGKILL around a commit: `crashing.py JOURNAL before|after|many`. Run by test_journal."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from tellerline.bank.adapters.simulator import Journal
from tellerline.bank.adapters.simulator.journal import Entry
from tests.bank.world import DEBIT, PAYEE, World

MANY = 25


class DeadlyJournal(Journal):
    """Kills the process before or after an entry is written."""

    def __init__(self, path: Path, mode: str) -> None:
        super().__init__(path)
        self.mode = mode
        self.count = 0

    def append(self, entry: Entry) -> int:
        """Write the entry, unless the process dies first."""
        self.count += 1
        last = self.mode != "many" or self.count == MANY
        if last and self.mode == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        sequence = super().append(entry)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return sequence


async def main(path: Path, mode: str) -> None:
    """Commit transfers until the journal ends it."""
    world = World("wangfang")
    world.bank = world.start(DeadlyJournal(path, mode))
    if mode != "many":
        print("committing", flush=True)
    for number in range(1, MANY + 1):
        amount = 1_00 if mode == "many" else 100_00
        key = f"key-{number}"
        await world.do("transfer.send", key=key, account=DEBIT, payee=PAYEE, amount_minor=amount)
        print(key, flush=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
