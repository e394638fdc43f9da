"""Taking the steps. Apart from what opens a record, because Alembic takes long to import and is hardly ever needed."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine

from tellerline.domain.errors import Refused


def apply_steps(engine: Engine) -> None:
    """Take all steps that the record behind `engine` has not taken, in one transaction.

    Raises: Refused, code `record_newer`, when a newer version wrote it.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        raise Refused("record_newer", "a newer version of Tellerline wrote this record") from error
