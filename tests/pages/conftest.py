"""A browser on the built pages."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.pages.bank import LiveBank
from tests.pages.visit import Visit, visit
from tools import build_web

ROOT = Path(__file__).parents[2]
ARGS = ["--no-sandbox", "--disable-gpu"]


@pytest.fixture(scope="session")
def pages() -> Path:
    """Build the pages, if they have changed."""
    try:
        build_web.build(ROOT)
    except build_web.BuildFailed as failure:
        pytest.skip(str(failure))
    return ROOT / "src" / "tellerline" / "web" / "dist"


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Generator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def open_bank(pages: Path) -> Generator[LiveBank]:
    bank = LiveBank()
    yield bank
    bank.stop()


@pytest.fixture
def bank(open_bank: LiveBank) -> LiveBank:
    """A bank that many tests visit; its phones are empty at the start of each."""
    for entries in open_bank.bank.entries.values():
        entries.clear()
    return open_bank


@pytest.fixture
def frail_bank(pages: Path) -> Generator[LiveBank]:
    """A bank that a test may shut and open again."""
    bank = LiveBank()
    yield bank
    bank.stop()


@pytest.fixture
def context(browser: Browser) -> Generator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="zh-CN", permissions=["clipboard-write"]
    )
    context.set_default_timeout(float(os.environ.get("TELLERLINE_BROWSER_TIMEOUT_MS", "8000")))
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Generator[Page]:
    """A page that may not fail silently."""
    failures: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on(
        "console",
        lambda message: failures.append(message.text) if "Content Security" in message.text else None,
    )
    yield page
    assert failures == []


@pytest.fixture
def browser_visits(browser: Browser, bank: LiveBank) -> Generator[tuple[Visit, Visit]]:
    """Two customers in two browsers."""
    contexts = [browser.new_context(locale="zh-CN") for _ in range(2)]
    first, second = (visit(context.new_page(), bank) for context in contexts)
    yield first, second
    for context in contexts:
        context.close()
