"""The secure widget: what is typed there proves an identity and never enters the conversation."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.pages.bank import LiveBank
from tests.pages.visit import SAID, visit
from tests.web.counter import CODE

pytestmark = pytest.mark.browser
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])
PASSED = {"zh": "验证通过", "en": "Verified"}


@LANGUAGES
def test_a_code_is_read_on_the_phone_tapped_and_accepted(page: Page, bank: LiveBank, language: str) -> None:
    here = visit(page, bank, language)
    here.say(SAID["otp"][language])
    code = page.locator(".widget input[name=code]")
    expect(code).to_be_focused()
    expect(code).to_have_attribute("autocomplete", "one-time-code")
    expect(code).to_have_attribute("inputmode", "numeric")
    expect(page.locator(".widget")).to_contain_text("138****5678")
    page.locator(".phone-code").first.click()
    expect(code).to_have_value(CODE)
    page.locator(".widget button[type=submit]").click()
    expect(page.locator(".widget.card-done")).to_contain_text(PASSED[language])
    expect(here.replies.last).to_contain_text({"zh": "已为您办理", "en": "It is done"}[language])
    expect(page.locator(".log")).not_to_contain_text(CODE)
    assert CODE not in page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")


def test_a_code_may_be_pasted_with_spaces(page: Page, bank: LiveBank) -> None:
    here = visit(page, bank)
    here.say(SAID["otp"]["zh"])
    expect(page.locator(".widget input[name=code]")).to_be_focused()
    page.keyboard.insert_text("246 810")
    page.keyboard.press("Enter")
    expect(page.locator(".widget.card-done")).to_contain_text(PASSED["zh"])


@LANGUAGES
def test_a_wrong_code_says_how_many_tries_are_left(page: Page, bank: LiveBank, language: str) -> None:
    here = visit(page, bank, language)
    here.say(SAID["otp"][language])
    code = page.locator(".widget input[name=code]")
    code.fill("12")
    page.keyboard.press("Enter")
    status = page.locator(".widget-status")
    expect(status).to_contain_text({"zh": "6 位数字", "en": "6-digit"}[language])
    expect(code).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".phone-code")).to_have_count(1)
    code.fill("111111")
    page.keyboard.press("Enter")
    expect(status).to_contain_text({"zh": "还可尝试 4 次", "en": "4 tries left"}[language])
    code.fill(CODE)
    page.keyboard.press("Enter")
    expect(page.locator(".widget.card-done")).to_have_count(1)


@LANGUAGES
def test_a_visitor_says_who_they_are_and_is_then_sent_a_code(
    page: Page, bank: LiveBank, language: str
) -> None:
    here = visit(page, bank, language, who=2)
    here.say(SAID["identify"][language])
    expect(page.locator(".widget input[name=phone]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".widget-status")).to_contain_text(
        {"zh": "请输入手机号", "en": "Enter your mobile"}[language]
    )
    page.locator(".phone-owner .link-button").click()
    expect(page.locator(".widget input[name=id_last_four]")).to_have_value("2316")
    page.locator(".widget button[type=submit]").click()
    expect(page.locator(".widget input[name=code]")).to_be_visible()
    expect(page.locator(".widget.card-done")).to_have_count(1)


@pytest.mark.parametrize(("answer", "shown"), [(0, "验证通过"), (1, "手机上已拒绝本次核验")])
def test_a_face_check_is_answered_on_the_phone(page: Page, bank: LiveBank, answer: int, shown: str) -> None:
    here = visit(page, bank)
    here.say(SAID["face"]["zh"])
    expect(page.locator(".widget-waiting")).to_contain_text("等待手机确认")
    page.locator(".phone-answers button").nth(answer).click()
    expect(page.locator(".widget")).to_contain_text(shown)
    expect(page.locator(".phone-answers")).to_have_count(0)


def test_the_widget_keeps_its_text_and_its_code_over_a_change_of_language(page: Page, bank: LiveBank) -> None:
    here = visit(page, bank)
    here.say(SAID["otp"]["zh"])
    expect(page.locator(".phone-code")).to_have_count(1)
    page.locator(".languages [lang=en]").click()
    expect(page.locator(".widget")).to_contain_text("Enter your code")
    page.locator(".widget input[name=code]").fill(CODE)
    page.keyboard.press("Enter")
    expect(page.locator(".widget.card-done")).to_contain_text("Verified")
    expect(page.locator(".phone-code")).to_have_count(1)


def test_a_reload_does_not_send_a_second_code(page: Page, bank: LiveBank) -> None:
    here = visit(page, bank)
    here.say(SAID["otp"]["zh"])
    expect(page.locator(".phone-code")).to_have_count(1)
    page.reload()
    page.locator(".widget input[name=code]").fill(CODE)
    page.keyboard.press("Enter")
    expect(page.locator(".widget.card-done")).to_contain_text(PASSED["zh"])
    expect(page.locator(".phone-code")).to_have_count(1)
