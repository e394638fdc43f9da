"""Somebody of the staff at the desk's pages."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Browser, Locator, Page, expect

from tests.harbour import Server

SHOWN = {
    "lin.yue": {"zh": "林悦", "en": "Lin Yue"},
    "zhou.kai": {"zh": "周凯", "en": "Zhou Kai"},
    "emma.clarke": {"zh": "艾玛", "en": "Emma Clarke"},
    "chen.rui": {"zh": "陈锐", "en": "Chen Rui"},
}
PASSWORDS = {
    "lin.yue": "harbour-lin",
    "zhou.kai": "harbour-zhou",
    "emma.clarke": "harbour-emma",
    "chen.rui": "harbour-chen",
}
AVAILABLE = {"zh": "可接待", "en": "Available"}
TIMEOUT_MS = 20_000


@dataclass
class Colleague:
    """A representative's page."""

    page: Page
    account: str
    language: str

    @property
    def log(self) -> Locator:
        return self.page.locator(".log")

    @property
    def bubbles(self) -> Locator:
        return self.page.locator(".log .bubble")

    @property
    def compose(self) -> Locator:
        return self.page.locator("#compose")

    @property
    def ring(self) -> Locator:
        return self.page.locator(".ring")

    def be_available(self) -> None:
        """Take customers, unless that is so already."""
        expect(self.page.locator(".lamp-live")).to_be_visible()
        if self.page.locator("button.presence-available").count() == 0:
            self.page.locator("button.presence").click()
            self.page.get_by_role("menuitem", name=AVAILABLE[self.language]).click()
        expect(self.page.locator("button.presence-available")).to_be_visible()

    def accept(self) -> None:
        """Answer what rings, with the keyboard."""
        expect(self.ring).to_have_count(1)
        self.page.keyboard.press("Alt+a")
        expect(self.compose).to_be_visible()
        expect(self.page.locator(".state-attended")).to_be_visible()

    def settle(self) -> None:
        """Wait until everything shown counts as read."""
        self.page.wait_for_function(
            """() => { const log = document.querySelector('.log');
            return log && log.dataset.seen === log.dataset.sequence; }"""
        )

    def say(self, text: str) -> None:
        """Send a reply, or whatever is being written."""
        self.settle()
        self.compose.fill(text)
        self.compose.press("Control+Enter")
        expect(self.compose).to_have_value("")

    def end(self, summary: str) -> None:
        """Wrap up and close, with the keyboard."""
        self.settle()
        self.page.keyboard.press("Alt+e")
        expect(self.page.locator(".sheet select").first).to_be_visible()
        self.page.locator(".sheet select").first.select_option("service")
        self.page.locator(".sheet textarea").fill(summary)
        self.page.keyboard.press("Control+Enter")
        expect(self.page.locator(".closed-line")).to_be_visible()


def new_page(browser: Browser, language: str, *, width: int = 1440, height: int = 900) -> Page:
    """Open a browser of somebody's own."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale={"zh": "zh-CN", "en": "en-GB"}[language]
    )
    context.set_default_timeout(TIMEOUT_MS)
    expect.set_options(timeout=TIMEOUT_MS)
    return context.new_page()


def enter(
    browser: Browser, server: Server, account: str, language: str, *, width: int = 1440, height: int = 900
) -> Colleague:
    """Sign in by one of the demonstration's buttons."""
    page = new_page(browser, language, width=width, height=height)
    page.goto(f"http://127.0.0.1:{server.port}/desk")
    page.locator(".ready-account", has_text=SHOWN[account][language]).click()
    expect(page.locator(".top")).to_be_visible()
    return Colleague(page, account, language)
