"""Taking a record back to what an earlier version made of it, to see it brought up to date."""

from __future__ import annotations

from pathlib import Path

from tellerline.store.database import open_writer

_STEPS = {
    "0002": [
        "DROP TABLE timers",
        "DROP TABLE timer_leases",
        "DROP INDEX ix_cases_conversation",
        *(
            f"ALTER TABLE cases DROP COLUMN {name}"
            for name in ("stage", "alarmed", "extended", "escalated", "resolution")
        ),
    ],
    "0001": [
        f"DROP TABLE {name}" for name in ("citations", "proposals", "proposal_documents", "proposal_steps")
    ],
}


def take_back(path: Path, revision: str) -> None:
    """Take the record at `path` back to `revision`."""
    engine = open_writer(path)
    with engine.begin() as connection:
        for step, statements in _STEPS.items():
            if step >= revision:
                for statement in statements:
                    connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")
    engine.dispose()
