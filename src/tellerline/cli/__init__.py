"""The command line: `tellerline serve | chat | exam | pack | replay | audit | db | doctor | demo`."""

from __future__ import annotations

import sys

from tellerline.cli.log import configure_log
from tellerline.cli.main import app
from tellerline.domain.errors import ServiceError

__all__ = ["main"]


def main() -> None:
    """Run a command; a failure the product knows is told in one line, without a traceback."""
    configure_log()
    try:
        app()
    except ServiceError as error:
        print(f"tellerline: {error.detail}", file=sys.stderr)
        raise SystemExit(2) from error
