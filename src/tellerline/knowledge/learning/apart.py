"""Reading a document in a process of its own, with limits on time and memory: it may be broken, or made to break others.

The process gets the document on its standard input and no environment, opens nothing, and writes what it read.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import msgspec

from tellerline.domain.errors import Invalid
from tellerline.knowledge.learning.document import Document
from tellerline.knowledge.learning.safety import check_document, refuse

TIME_MAX_S = 30
MEMORY_BYTES_MAX = 2 * 2**30
_SOURCE = Path(__file__).resolve().parents[3]


class _Answer(msgspec.Struct):
    """What the process writes: a document, or why there is none."""

    document: Document | None = None
    what: str = ""
    data: dict[str, str] = {}


def read_apart(name: str, data: bytes) -> Document:
    """Return the blocks of a document, read in a process of its own. Raises: Invalid, code `document`."""
    check_document(name, data)
    start = f"import sys; sys.path.insert(0, {str(_SOURCE)!r}); from {__name__} import answer; answer()"
    command = [sys.executable, "-I", "-c", start]
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter and text
            command,
            input=name.encode() + b"\0" + data,
            capture_output=True,
            env={},
            timeout=TIME_MAX_S,
            check=True,
        )
        found = msgspec.msgpack.decode(done.stdout, type=_Answer)
    except (subprocess.SubprocessError, msgspec.MsgspecError) as error:
        what = "reading it took too long or too much memory"
        raise refuse(name, what, "bring a simpler document, or its text as Markdown") from error
    if found.document is None:
        raise Invalid("document", found.what, **found.data)
    return found.document


def answer() -> None:
    """Read the document on the standard input and write an answer. Runs in the process of its own."""
    from tellerline.knowledge.learning.read import read_document  # noqa: PLC0415  the readers are needed only there

    resource.setrlimit(resource.RLIMIT_CPU, (TIME_MAX_S, TIME_MAX_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    name, _, data = sys.stdin.buffer.read().partition(b"\0")
    try:
        found = _Answer(read_document(name.decode(), data))
    except Invalid as refusal:
        found = _Answer(None, refusal.detail, {key: str(value) for key, value in refusal.data.items()})
    sys.stdout.buffer.write(msgspec.msgpack.encode(found))
