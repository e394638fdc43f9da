"""Whether this machine has what Tellerline needs."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys

import msgspec

from tellerline.dialogue.pack import content_hash
from tellerline.settings import Settings
from tellerline.web.site import DIST

PYTHON_MIN = (3, 11)
SQLITE_MIN = (3, 35, 0)
FREE_MIN_MB = 200


class Check(msgspec.Struct, frozen=True):
    """One thing looked at. `needed`: without it the counter does not serve."""

    check: str
    passed: bool
    found: str
    needed: bool = True


def examine(settings: Settings) -> list[Check]:
    """Look at the machine, the pack and the data folder. Changes nothing."""
    folder = settings.data if settings.data.exists() else settings.data.resolve().parent
    free_mb = shutil.disk_usage(folder).free // 2**20
    has_pack = (settings.pack / "pack.yaml").is_file()
    version = content_hash(settings.pack) if has_pack else ""
    built = has_pack and (settings.data / "releases" / version).is_dir()
    python = ".".join(map(str, sys.version_info[:3]))
    return [
        Check("Python 3.11 or newer", sys.version_info >= PYTHON_MIN, python),
        Check("SQLite 3.35 or newer", sqlite3.sqlite_version_info >= SQLITE_MIN, sqlite3.sqlite_version),
        Check("data folder can be written", os.access(folder, os.W_OK), str(folder)),
        Check(f"{FREE_MIN_MB} MiB free for the record", free_mb >= FREE_MIN_MB, f"{free_mb} MiB"),
        Check("bank pack", has_pack, str(settings.pack)),
        Check("pack is built", built, version if built else "`tellerline pack build` makes it", needed=False),
        Check("pages are built", (DIST / "index.html").is_file(), str(DIST), needed=False),
    ]
