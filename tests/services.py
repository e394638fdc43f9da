"""Where the services of the tests listen; a test that needs one is marked `services`."""

from __future__ import annotations

import os

POSTGRESQL = os.environ.get("TEST_POSTGRESQL_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/test")
