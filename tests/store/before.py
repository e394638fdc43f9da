"""Taking a record back to what an earlier version made of it, to see it brought up to date."""

from __future__ import annotations

from pathlib import Path

from tellerline.store.database import open_writer
from tellerline.store.schema import METADATA

_STEPS: dict[str, list[str]] = {
    "0004": [f"DROP TABLE {name}" for name in METADATA.tables if name.startswith("quality_")],
    "0003": ["DROP TABLE memories", "DROP TABLE forgettings"],
    "0005": [
        "DROP TABLE timers",
        "DROP TABLE timer_leases",
        "DROP INDEX ix_cases_conversation",
        *(
            f"ALTER TABLE cases DROP COLUMN {name}"
            for name in ("stage", "alarmed", "extended", "escalated", "resolution")
        ),
    ],
    "0002": [
        *(f"DROP TABLE {name}" for name in METADATA.tables if name.startswith("desk_")),
        "ALTER TABLE handovers DROP COLUMN representative",
    ],
    "0001": [
        f"DROP TABLE {name}" for name in ("citations", "proposals", "proposal_documents", "proposal_steps")
    ],
}
"""What takes a record back to each revision from the one after it, the newest first."""


def take_back(path: Path, revision: str) -> None:
    """Take the record at `path` back to `revision`."""
    engine = open_writer(path)
    with engine.begin() as connection:
        for step, statements in _STEPS.items():
            for statement in statements:
                connection.exec_driver_sql(statement)
            if step == revision:
                break
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")
    engine.dispose()
