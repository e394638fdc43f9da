"""Building a release in a process of its own, so that no customer's turn waits for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec

from tellerline.dialogue import pack as packs
from tellerline.domain.errors import Unavailable
from tellerline.domain.problem import PackProblem

TIME_MAX_S = 3_600
NICE = 10  # below whoever serves
_SOURCE = Path(__file__).resolve().parents[2]


class _Job(msgspec.Struct):
    """What is to be built."""

    pack: str
    releases: str
    like: str


class _Built(msgspec.Struct):
    """The release, or why there is none."""

    version: str = ""
    problems: list[PackProblem] = []


def build_apart(pack: Path, releases: Path, like: Path) -> str:
    """Build `pack` as a variation of `like` under `releases`, as `pack.build` does.

    Raises: PackRefused; Unavailable, code `build`, when the process was ended from outside.
    """
    start = f"import sys; sys.path.insert(0, {str(_SOURCE)!r}); from {__name__} import answer; answer()"
    job = msgspec.json.encode(_Job(str(pack.absolute()), str(releases.absolute()), str(like.absolute())))
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter and text
            [sys.executable, "-I", "-c", start],
            input=job,
            stdout=subprocess.PIPE,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            timeout=TIME_MAX_S,
            check=True,
        )
        built = msgspec.json.decode(done.stdout.splitlines()[-1], type=_Built)
    except (subprocess.SubprocessError, msgspec.MsgspecError, IndexError) as error:
        raise Unavailable("build", f"the release could not be built: {error}") from error
    if not built.version:
        raise packs.PackRefused(built.problems)
    return built.version


def answer() -> None:
    """Build what the standard input says and tell the outcome. Runs in the process of its own."""
    os.nice(NICE)
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=_Job)
    try:
        built = _Built(packs.build(Path(job.pack), Path(job.releases), like=Path(job.like)))
    except packs.PackRefused as refused:
        built = _Built(problems=refused.problems)
    sys.stdout.buffer.write(msgspec.json.encode(built))
