"""The demonstration bank, compiled once for all tests that need the real thing."""

from __future__ import annotations

import fcntl
from pathlib import Path

from tellerline.dialogue import pack

ROOT = Path(__file__).parents[1]
PACK = ROOT / "packs" / "harbour"
RELEASES = ROOT / "data" / "releases"


def ready_releases() -> Path:
    """Return the folder of compiled releases, Harbour Bank's current one among them; the first caller compiles it."""
    RELEASES.mkdir(parents=True, exist_ok=True)
    with (RELEASES / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        pack.build(PACK, RELEASES)
    return RELEASES


def link_releases(data: Path) -> None:
    """Let a server on the data folder `data` find what is compiled."""
    data.mkdir(parents=True, exist_ok=True)
    (data / "releases").symlink_to(ready_releases(), target_is_directory=True)
