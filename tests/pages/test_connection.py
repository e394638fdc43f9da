"""A line that breaks loses nothing: what was said is sent once, and what was answered is shown once, in order."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tellerline.domain import event as e
from tests.pages.bank import LiveBank
from tests.pages.visit import visit

pytestmark = pytest.mark.browser


def _kept(bank: LiveBank, conversation: str) -> list[str]:
    events = bank.counter.threads[conversation].events
    return [event.body.text for event in events if isinstance(event.body, e.MessageReceived)]


def test_messages_written_while_the_counter_is_away_arrive_once_and_in_order(
    page: Page, frail_bank: LiveBank
) -> None:
    bank = frail_bank
    here = visit(page, bank)
    here.say("第一")
    expect(here.replies).to_have_count(2)
    bank.stop()
    expect(page.locator(".banner")).to_contain_text("网络已断开")
    here.say("第二")
    here.say("第三")
    expect(page.locator(".turn-waiting .fate")).to_contain_text("待网络恢复后发送")
    bank.start()
    bank.do(lambda: bank.counter.say(here.conversation, e.MessageSent("representative", "我在。", "zh")))
    expect(here.replies).to_have_count(5, timeout=25_000)
    expect(page.locator(".turn-waiting, .turn-sending")).to_have_count(0)
    assert _kept(bank, here.conversation) == ["第一", "第二", "第三"]
    assert [text.strip() for text in here.said.locator(".plain").all_inner_texts()] == [
        "第一",
        "第二",
        "第三",
    ]
    expect(page.locator(".banner-lost")).to_have_count(0)


def test_a_message_whose_receipt_was_lost_is_not_said_twice(page: Page, bank: LiveBank) -> None:
    here = visit(page, bank)
    lost: list[str] = []

    def lose_first_receipt(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().text())
        route.abort()

    page.route("**/messages", lose_first_receipt)
    here.say("只说一次")
    expect(here.replies).to_have_count(2)
    page.wait_for_timeout(1_500)
    assert lost
    assert _kept(bank, here.conversation) == ["只说一次"]
    expect(here.said).to_have_count(1)


def test_unsent_messages_and_the_draft_survive_a_reload(page: Page, bank: LiveBank) -> None:
    here = visit(page, bank)
    page.route("**/messages", lambda route: route.abort())
    here.say("重载前")
    expect(page.locator(".turn-waiting")).to_have_count(1)
    page.locator("#compose").fill("写到一半")
    page.unroute("**/messages")
    page.reload()
    expect(here.said).to_have_count(1)
    expect(here.replies).to_have_count(2)
    expect(page.locator("#compose")).to_have_value("写到一半")
    assert _kept(bank, here.conversation) == ["重载前"]


@pytest.mark.parametrize(
    ("status", "code", "told", "waits"),
    [
        (413, "body_too_large", "内容过长", False),
        (409, "conversation_closed", "对话已结束", False),
        (429, "too_many_requests", "稍后自动重发", True),
        (503, "unavailable", "稍后自动重发", True),
    ],
)
def test_a_refused_message_says_why_and_is_not_lost(
    page: Page, bank: LiveBank, status: int, code: str, told: str, waits: bool
) -> None:
    here = visit(page, bank)
    body = f'{{"code": "{code}", "detail": "x", "status": {status}}}'
    page.route("**/messages", lambda route: route.fulfill(status=status, body=body))
    here.say("请帮我")
    expect(here.said.locator(".fate")).to_contain_text(told)
    expect(here.said).to_contain_text("请帮我")
    page.unroute("**/messages")
    if not waits:
        here.said.locator(".fate-actions button").last.click()
        expect(here.said).to_have_count(0)
        return
    expect(here.replies).to_have_count(2)
    assert _kept(bank, here.conversation) == ["请帮我"]


def test_a_conversation_that_is_gone_says_so(page: Page, frail_bank: LiveBank) -> None:
    here = visit(page, frail_bank)
    del frail_bank.counter.threads[here.conversation]
    page.reload()
    expect(page.locator(".failure")).to_contain_text("此对话已不存在")
    page.locator(".failure button").click()
    expect(page.locator(".person")).to_have_count(3)


def test_a_counter_that_is_away_is_told_and_tried_again(page: Page, frail_bank: LiveBank) -> None:
    page.route("**/api/v1/about", lambda route: route.abort())
    page.goto(frail_bank.url)
    expect(page.locator(".failure")).to_contain_text("暂时无法接入")
    page.unroute("**/api/v1/about")
    page.locator(".failure button").click()
    expect(page.locator(".person")).to_have_count(3)


def test_a_long_wait_is_explained(page: Page, bank: LiveBank) -> None:
    page.clock.install()
    here = visit(page, bank)
    bank.counter.delay_s = 60
    try:
        here.say("很久")
        expect(page.locator(".typing")).to_have_count(1)
        page.clock.run_for(9_000)
        expect(page.locator(".typing")).to_contain_text("正在为您核实")
        page.clock.run_for(20_000)
        expect(page.locator(".typing")).to_contain_text("不会丢失")
    finally:
        bank.counter.delay_s = 0.05
