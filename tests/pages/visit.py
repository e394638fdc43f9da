"""A customer's visit to the page."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.pages.bank import LiveBank

SAID = {
    "rates": {"zh": "定期利率是多少", "en": "What are the deposit rates?"},
    "lost": {"zh": "我的卡丢了", "en": "I lost my card"},
    "identify": {"zh": "查余额", "en": "my balance"},
    "otp": {"zh": "我要转账", "en": "a transfer please"},
    "face": {"zh": "调高限额", "en": "raise my limit"},
}


@dataclass
class Visit:
    """What a customer sees and does."""

    page: Page

    @property
    def replies(self) -> Locator:
        return self.page.locator(".turn:not(.turn-customer)")

    @property
    def said(self) -> Locator:
        return self.page.locator(".turn-customer")

    @property
    def conversation(self) -> str:
        return str(self.page.evaluate("JSON.parse(sessionStorage['tellerline.session']).id"))

    def say(self, text: str) -> None:
        self.page.locator("#compose").fill(text)
        self.page.keyboard.press("Enter")


def visit(page: Page, bank: LiveBank, language: str | None = "zh", who: int = 0) -> Visit:
    """Open the page, choose a language if one is given, and sign in as one of the demonstration's customers."""
    page.goto(bank.url)
    if language is not None:
        page.locator(f".languages [lang={language}]").click()
    page.locator(".person").nth(who).click()
    here = Visit(page)
    expect(here.replies).to_have_count(1)
    return here
