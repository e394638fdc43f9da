"""Harbour Bank itself in the browser, on the real counter: what a customer comes for, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.harbour import Server
from tests.pages.visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])
LOST = {"zh": ("13800001024", "1024"), "en": ("13800007305", "7305")}  # Li Jun's card, and Emma Smith's
PHONE, ID_LAST_FOUR = "13800006021", "302X"  # Wang Fang's


@pytest.fixture(scope="module")
def harbour(pages: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("harbour"))
    server.start()
    yield server
    server.kill()


def enter(page: Page, server: Server, language: str, who: str) -> Visit:
    page.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    page.goto(f"http://127.0.0.1:{server.port}/")
    page.locator(f".languages [lang={language}]").click()
    page.locator(".person", has_text=who).first.click()
    here = Visit(page)
    expect(here.replies).to_have_count(1)
    return here


def prove_with_code(page: Page, server: Server) -> None:
    """Take the code from the customer's phone; the panel may still show the code of an earlier conversation."""
    page.wait_for_timeout(1_000)
    code = server.call("GET", "/demo/phone/demo-wangfang")["entries"][0]["code"]
    expect(page.locator(".phone-code").first).to_contain_text(code)
    page.locator(".phone-code").first.click()
    page.locator(".widget:not(.card-done) button[type=submit]").click()


def go_on(page: Page, label: str) -> None:
    """Go back to the interrupted business. An answer in passing brings its question back; a procedure asks first."""
    expect(page.locator(".choice:enabled").first).to_be_visible()
    asked = page.locator(".choice:enabled", has_text=label)
    if asked.count():
        asked.last.click()


@LANGUAGES
def test_a_visitors_lost_card_is_frozen_before_anything_else(page: Page, harbour: Server, language: str):
    zh = language == "zh"
    here = enter(page, harbour, language, "访客" if zh else "isitor")
    here.say("我的卡不见了！！" if zh else "my card is gone!! what do i do")
    expect(here.replies.last).to_contain_text("手机号" if zh else "mobile number")
    phone, last_four = LOST[language]
    here.say(phone)
    expect(here.replies.last).to_contain_text("后四位" if zh else "last four")
    here.say(last_four)
    expect(here.replies.last).to_contain_text("已冻结" if zh else "frozen")
    expect(here.replies.last).to_contain_text(re.compile(r"HB\d{6,}"))
    expect(page.locator(".log")).not_to_contain_text(phone)


@LANGUAGES
def test_a_visitor_sees_a_balance_after_the_secure_widget(page: Page, harbour: Server, language: str):
    zh = language == "zh"
    here = enter(page, harbour, language, "访客" if zh else "isitor")
    here.say("查一下余额" if zh else "what is my balance")
    page.locator(".widget input[name=phone]").fill(PHONE)
    page.locator(".widget input[name=id_last_four]").fill(ID_LAST_FOUR)
    page.locator(".widget button[type=submit]").click()
    expect(here.replies.last).to_contain_text("6688")
    expect(here.replies.last).to_contain_text(re.compile(r"\d{1,3},\d{3}\.\d\d"))


@LANGUAGES
def test_a_transfer_with_two_payees_a_correction_and_a_detour(page: Page, harbour: Server, language: str):
    zh = language == "zh"
    here = enter(page, harbour, language, "王芳" if zh else "Wang Fang")
    here.say("给王伟转500块" if zh else "transfer 500 to Wang Wei")
    expect(page.locator(".choices .choice")).to_have_count(2)
    page.locator(".choices .choice").first.click()
    expect(page.locator(".widget input[name=code]")).to_be_visible()
    prove_with_code(page, harbour)
    expect(here.replies.last).to_contain_text("500.00")
    here.say("不对，改成800" if zh else "no, make it 800")
    expect(here.replies.last).to_contain_text("800.00")
    here.say("存款保险最多赔多少" if zh else "how much of my money is covered by deposit insurance")
    expect(page.locator(".log")).to_contain_text("500,000")
    go_on(page, "继续" if zh else "Continue")
    expect(here.replies.last).to_contain_text("800.00")
    page.locator(".choice:enabled", has_text="确认办理" if zh else "Confirm").last.click()
    expect(here.replies.last).to_contain_text("已转出800.00元" if zh else "CNY 800.00")
    expect(here.replies.last).to_contain_text(re.compile(r"TR\d{6,}"))


@LANGUAGES
def test_a_question_is_answered_with_its_sources(page: Page, harbour: Server, language: str):
    zh = language == "zh"
    here = enter(page, harbour, language, "访客" if zh else "isitor")
    here.say("存款保险最多赔多少" if zh else "how much of my money is covered by deposit insurance")
    expect(here.replies.last).to_contain_text("500,000")
    assert here.page.locator(".turn:not(.turn-customer)").last.locator("[class*=source]").count()


@LANGUAGES
def test_a_complaint_gets_a_number_and_a_date(page: Page, harbour: Server, language: str):
    zh = language == "zh"
    here = enter(page, harbour, language, "王芳" if zh else "Wang Fang")
    here.say("我要投诉你们" if zh else "I want to make a complaint")
    expect(here.replies).to_have_count(2)
    here.say("柜台让我等了两个小时，没有人管" if zh else "I waited two hours at the counter and nobody cared")
    expect(page.locator(".card-case").last).to_contain_text(re.compile(r"HB\d{6}-\w{5}-\w{5}"))


@LANGUAGES
def test_a_person_is_queued_for_with_the_truth(page: Page, harbour: Server, language: str):
    zh = language == "zh"
    here = enter(page, harbour, language, "访客" if zh else "isitor")
    here.say("转人工" if zh else "let me talk to a human")
    expect(page.locator(".card-queue")).to_be_visible()
    expect(here.replies.last).to_contain_text(re.compile("不在线|offline|not online|queue"))


@LANGUAGES
def test_a_customer_sees_what_is_remembered_and_has_it_forgotten(page: Page, harbour: Server, language: str):
    zh = language == "zh"
    here = enter(page, harbour, language, "王芳" if zh else "Emma")
    here.say("以后请称呼我王老师" if zh else "please call me Dr Smith from now on")
    name = "王老师" if zh else "Dr Smith"
    expect(here.replies.last).to_contain_text(name)
    page.get_by_role("button", name="服务记忆" if zh else "What we remember", exact=True).click()
    items = page.locator(".memory-list li")
    entry = items.filter(has_text=name)
    expect(entry).to_have_count(1)
    entry.get_by_role("button").click()
    expect(entry).to_have_count(0)
    page.keyboard.press("Escape")
    expect(here.replies.last).to_contain_text("忘掉" if zh else "forgotten")
