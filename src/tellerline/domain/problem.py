"""What is wrong with a bank pack: every lint reports in these words, so its reader knows where to look and what to do."""

from __future__ import annotations

from typing import Literal

import msgspec

Severity = Literal["error", "warning"]


class PackProblem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to put right.

    file:     path inside the pack; line: counted from 1, 0 for the file as a whole.
    what:     what is wrong; remedy: what to do about it, as an imperative.
    severity: an error keeps the pack from being built, a warning does not.
    """

    file: str
    line: int
    what: str
    remedy: str
    severity: Severity = "error"

    def render(self) -> str:
        """Write the problem on one line, as compilers do."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.severity}: {self.what}; {self.remedy}"


def errors_in(problems: list[PackProblem]) -> list[PackProblem]:
    """Return the problems that keep the pack from being built."""
    return [problem for problem in problems if problem.severity == "error"]
