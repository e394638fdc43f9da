"""Rules for every test: a category, no network, and no silent skip."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

TESTS = Path(__file__).parent
ROOMS = TESTS.parent / "src" / "tellerline"
KINDS = frozenset(
    {"architecture", "bench", "contract", "docs", "pages", "property", "robustness", "simulation", "tools"}
)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
SERVICE_PORTS = {"postgresql": 5432, "redis": 6379, "nats": 4222}
NO_SKIP = os.environ.get("TELLERLINE_NO_SKIP") == "1"

# The gate must not flicker: it draws the same examples each time. --hypothesis-profile=search draws new ones.
settings.register_profile("gate", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("search", deadline=None, max_examples=1_000, print_blob=True)
settings.load_profile("gate")


class NetworkUsed(RuntimeError):
    """A test reached beyond this machine."""


def is_local(host: str | bytes | None) -> bool:
    """Say whether a host given by name or number is this machine."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return True
    try:
        number = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return number.is_loopback or number.is_unspecified


def _refuse_network(event: str, args: tuple[Any, ...]) -> None:
    host: str | bytes | None
    if event == "socket.getaddrinfo":
        host = args[0]
    elif event in ("socket.connect", "socket.sendto") and args[0].family in (socket.AF_INET, socket.AF_INET6):
        host = args[1][0]
    else:
        return
    if not is_local(host):
        raise NetworkUsed(f"{event} {host!r}: tests do not leave this machine")


def pytest_configure() -> None:
    """Shut the network for the whole run."""
    sys.addaudithook(_refuse_network)


def pytest_collect_file(file_path: Path) -> None:
    """Refuse a test module whose folder does not say what it tests."""
    if not (file_path.name.startswith("test_") and file_path.suffix == ".py" and TESTS in file_path.parents):
        return
    category = file_path.relative_to(TESTS).parts[0]
    is_room = (ROOMS / category).is_dir() or (ROOMS / f"{category}.py").is_file()
    if not (is_room or category in KINDS):
        known = ", ".join(sorted(KINDS))
        raise pytest.UsageError(f"{file_path}: put it in tests/<room>/ or in one of {known}")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run async tests on asyncio, as the product does."""
    return "asyncio"


def find_chromium() -> Path | None:
    """Find the Chromium that TELLERLINE_CHROMIUM names, or the system's."""
    names = (os.environ.get("TELLERLINE_CHROMIUM", ""), *CHROMIUM_NAMES)
    found = next(filter(None, map(shutil.which, names)), None)
    return Path(found) if found else None


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Give the installed Chromium, for Playwright's `executable_path`; the test is marked `browser`."""
    found = find_chromium()
    assert found, "mark this test with @pytest.mark.browser"
    return found


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what this machine cannot run, and say why."""
    if item.get_closest_marker("browser") and find_chromium() is None:
        pytest.skip("no Chromium is installed")
    for marker in item.iter_markers("services"):
        for name in marker.args:
            if not _answers(SERVICE_PORTS[name]):
                pytest.skip(f"{name} does not answer on 127.0.0.1:{SERVICE_PORTS[name]}")


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Under TELLERLINE_NO_SKIP=1 a skipped test has failed."""
    report = yield
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"skipped, and skips are failures here: {_reason(report)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Under TELLERLINE_NO_SKIP=1 a skipped module has failed."""
    report = yield
    if NO_SKIP and report.skipped:
        report.outcome, report.longrepr = "failed", f"skipped, and skips are failures here: {_reason(report)}"
    return report


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    return str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what did not run."""
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped:
        return
    terminalreporter.section(f"NOT RUN: {len(skipped)} skipped", sep="!", yellow=True, bold=True)
    for report in skipped:
        terminalreporter.line(f"{report.nodeid}: {_reason(report)}", yellow=True)
