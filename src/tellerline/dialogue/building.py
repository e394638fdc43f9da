"""Building a release in a process of its own, so that no customer's turn waits for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec

from tellerline.dialogue.pack import PackRefused
from tellerline.domain.errors import Unavailable
from tellerline.domain.problem import PackProblem

TIME_MAX_S = 3_600
NICE = 10  # below whoever serves


class _Built(msgspec.Struct):
    """What `tellerline pack build --json` prints."""

    release: str
    problems: list[PackProblem]


def build_apart(pack: Path, releases: Path, like: Path) -> str:
    """Build `pack` as a variation of `like` under `releases`, as `pack.build` does.

    Raises: PackRefused; Unavailable, code `build`, when the process did not come to an end of its own.
    """
    command = [sys.executable, "-m", "tellerline", "pack", "build", str(pack.absolute()), "--json"]
    command += ["--releases", str(releases.absolute()), "--like", str(like.absolute())]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:  # noqa: S603  our own command
        os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
        try:
            output, _ = process.communicate(timeout=TIME_MAX_S)
            built = msgspec.json.decode(output, type=_Built)
        except (subprocess.TimeoutExpired, msgspec.MsgspecError) as error:
            process.kill()
            raise Unavailable("build", f"the release could not be built: {error}") from error
    if not built.release:
        raise PackRefused(built.problems)
    return built.release
