"""The ability exam: conversations written as data, held with the real counter, and judged by structure.

case (form) ← load (pack) → run → stage (the customer's side, virtual time) → scene → judge, always → report
"""

from __future__ import annotations

from tellerline.exam.hall import run_exam
from tellerline.exam.report import ExamReport

__all__ = ["ExamReport", "run_exam"]
