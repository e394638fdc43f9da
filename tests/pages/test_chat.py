"""The chat page: what a customer says arrives, and what is answered is shown as a bank should show it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tellerline.domain import event as e
from tests.pages.bank import LiveBank
from tests.pages.visit import SAID, Visit, visit

pytestmark = pytest.mark.browser
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


@LANGUAGES
def test_a_message_is_sent_shown_and_answered(page: Page, bank: LiveBank, language: str) -> None:
    here = visit(page, bank, language)
    here.say({"zh": "你好", "en": "hello"}[language])
    expect(here.said.last).to_contain_text({"zh": "你好", "en": "hello"}[language])
    expect(here.replies.last).to_contain_text({"zh": "已收到您的消息", "en": "I have your message"}[language])
    expect(page.locator("#compose")).to_have_value("")
    expect(page.locator("#compose")).to_be_focused()


@LANGUAGES
def test_every_answer_says_that_it_comes_from_a_machine(page: Page, bank: LiveBank, language: str) -> None:
    here = visit(page, bank, language)
    here.say(SAID["rates"][language])
    expect(here.replies).to_have_count(2)
    label = {"zh": "AI 智能客服", "en": "AI assistant"}[language]
    for reply in here.replies.all():
        expect(reply.locator(".who")).to_have_text(label)


@LANGUAGES
def test_sources_open_to_title_and_date(page: Page, bank: LiveBank, language: str) -> None:
    here = visit(page, bank, language)
    here.say(SAID["rates"][language])
    sources = here.replies.last.locator(".sources")
    expect(sources.locator("summary")).to_contain_text("+1")
    sources.locator("summary").click()
    expect(sources.locator("li").first).to_contain_text("Deposit rates")
    expect(sources.locator("li").first).to_contain_text("2026-01-01")
    expect(here.replies.last.locator("table tr")).to_have_count(4)


@LANGUAGES
def test_choices_are_buttons_used_once(page: Page, bank: LiveBank, language: str) -> None:
    here = visit(page, bank, language)
    here.say(SAID["lost"][language])
    choices = page.locator(".choices .choice")
    expect(choices).to_have_count(2)
    label = choices.first.inner_text()
    choices.first.click()
    expect(here.said.last).to_contain_text(label)
    expect(choices.first).to_be_disabled()
    expect(choices.nth(1)).to_be_disabled()
    expect(choices.first).to_have_class(re.compile("choice-chosen"))
    card = page.locator(".card-case")
    expect(card).to_contain_text("D20261123-0007")
    expect(card.locator("time")).to_have_attribute("datetime", re.compile(r"^\d{4}-"))


def test_choices_end_when_something_else_is_said(page: Page, bank: LiveBank) -> None:
    here = visit(page, bank)
    here.say("卡丢了")
    expect(page.locator(".choices .choice").first).to_be_enabled()
    here.say("你好")
    expect(here.replies.last).to_contain_text("已收到")
    expect(page.locator(".choices .choice").first).to_be_disabled()


@LANGUAGES
def test_a_person_is_one_tap_away_and_the_wait_is_told(page: Page, bank: LiveBank, language: str) -> None:
    here = visit(page, bank, language)
    page.locator(".human").click()
    card = page.locator(".card-queue")
    expect(card).to_contain_text({"zh": "第 2 位", "en": "No. 2"}[language])
    expect(card).to_contain_text({"zh": "约 3 分钟", "en": "about 3 min"}[language])
    joined = e.MessageSent("representative", "您好，我是客服小林。", "zh")
    bank.do(lambda: bank.counter.say(here.conversation, joined))
    expect(here.replies.last.locator(".who")).to_have_text(
        {"zh": "人工客服", "en": "Representative"}[language]
    )
    expect(card).to_have_class(re.compile("card-done"))


def test_enter_sends_and_shift_enter_starts_a_line(page: Page, bank: LiveBank) -> None:
    here = visit(page, bank)
    page.locator("#compose").fill("第一行")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("second")
    expect(page.locator("#compose")).to_have_value("第一行\nsecond")
    page.keyboard.press("Enter")
    expect(here.said).to_have_count(1)
    expect(here.said.locator(".plain")).to_have_text("第一行\nsecond", use_inner_text=True)


def test_enter_belongs_to_the_input_method_while_it_composes(page: Page, bank: LiveBank) -> None:
    here = visit(page, bank)
    page.locator("#compose").focus()
    cdp = page.context.new_cdp_session(page)
    cdp.send("Input.imeSetComposition", {"text": "ni hao", "selectionStart": 6, "selectionEnd": 6})
    page.locator("#compose").evaluate(
        """box => box.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", isComposing: true, bubbles: true}))"""
    )
    page.locator("#compose").evaluate(
        """box => box.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", keyCode: 229, bubbles: true}))"""
    )
    cdp.send("Input.insertText", {"text": "你好"})
    expect(page.locator("#compose")).to_have_value("你好")
    expect(here.said).to_have_count(0)
    page.keyboard.press("Enter")
    expect(here.said).to_have_count(1)


def test_the_box_grows_with_the_text_and_shrinks_again(page: Page, bank: LiveBank) -> None:
    visit(page, bank)
    box = page.locator("#compose")

    def height() -> float:
        return float(box.evaluate("box => box.clientHeight"))

    small = height()
    box.fill("\n".join("行" * 5 for _ in range(4)))
    assert height() > small * 2
    box.fill("\n".join("行" * 5 for _ in range(60)))
    assert height() < 200
    box.fill("")
    assert height() == small


def test_only_typing_on_after_a_message_holds_the_answer_back(page: Page, bank: LiveBank) -> None:
    here = visit(page, bank)
    thread = bank.counter.threads[here.conversation]
    bank.counter.delay_s = 1
    try:
        page.locator("#compose").press_sequentially("你好")
        page.keyboard.press("Enter")
        expect(page.locator(".typing")).to_have_count(1)
        assert thread.typed == 0
        page.locator("#compose").press_sequentially("还有")
        expect(here.replies).to_have_count(2)
        assert thread.typed > 0
    finally:
        bank.counter.delay_s = 0.05


def test_secrets_that_were_typed_are_shown_as_they_are_kept(page: Page, bank: LiveBank) -> None:
    here = visit(page, bank)
    here.say("卡号 4111 1111 1111 1111")
    expect(here.said.last).to_contain_text("[card ···1111]")
    expect(here.said.last).to_contain_text("敏感信息已隐去")
    expect(page.locator("body")).not_to_contain_text("4111 1111 1111 1111")


def test_words_of_the_bank_and_the_customer_are_never_markup(page: Page, bank: LiveBank) -> None:
    here = visit(page, bank)
    here.say("<img src=x onerror=alert(1)><b>fett</b>")
    expect(here.said.last).to_contain_text("<b>fett</b>")
    expect(here.replies).to_have_count(2)  # its own answer has come, so the next reply is the last
    reply = e.MessageSent("assistant", "**强** <script>alert(1)</script>\n- <i>项</i>", "zh")
    bank.do(lambda: bank.counter.say(here.conversation, reply))
    expect(here.replies.last).to_contain_text("<script>alert(1)</script>")
    expect(here.replies.last.locator("strong")).to_have_text("强")
    assert page.locator(".bubble").locator("img, script, i, b").count() == 0


@LANGUAGES
def test_a_closed_conversation_says_so_and_offers_a_new_one(
    page: Page, bank: LiveBank, language: str
) -> None:
    here = visit(page, bank, language)
    here.say({"zh": "再见", "en": "goodbye"}[language])
    expect(page.locator(".note")).to_contain_text({"zh": "对话已结束", "en": "has ended"}[language])
    expect(page.locator("#compose")).to_be_disabled()
    page.locator(".note button").click()
    expect(page.locator(".person")).to_have_count(3)


def test_the_language_changes_without_a_reload(page: Page, bank: LiveBank) -> None:
    here = visit(page, bank)
    here.say("你好")
    page.locator("#compose").fill("写到一半")
    page.evaluate("window.stays = true")
    page.locator(".languages [lang=en]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".human")).to_have_text("Talk to a person")
    expect(page.locator("#compose")).to_have_value("写到一半")
    expect(here.said).to_have_count(1)
    expect(here.replies.last.locator(".bubble")).to_have_attribute("lang", "zh-CN")
    assert page.evaluate("window.stays") is True
    assert page.title() == "Harbour Bank · Customer service"


def test_before_anything_is_said_the_greeting_follows_the_language(page: Page, bank: LiveBank) -> None:
    here = visit(page, bank)
    page.locator(".languages [lang=en]").click()
    expect(here.replies).to_have_count(1)
    expect(here.replies.first).to_contain_text("Hello, I am Harbour Bank's AI assistant")


def test_the_page_follows_a_customer_who_switches(page: Page, bank: LiveBank) -> None:
    here = visit(page, bank, language=None)
    said = e.MessageSent("assistant", "Of course.", "en")
    bank.do(lambda: bank.counter.say(here.conversation, e.LanguageSwitched("en"), said))
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_new_conversation_is_asked_for_before_the_old_one_goes(page: Page, bank: LiveBank) -> None:
    here = visit(page, bank)
    here.say("你好")
    page.locator(".new-talk").click()
    page.locator(".ask button").last.click()
    expect(here.said).to_have_count(1)
    page.locator(".new-talk").click()
    page.locator(".ask button").first.click()
    expect(page.locator(".person")).to_have_count(3)


@pytest.mark.parametrize("width", [390, 1440])
def test_the_composer_stands_at_the_foot_of_the_page(page: Page, bank: LiveBank, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    visit(page, bank)
    box = page.locator("#compose").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] > 820


def test_topics_to_begin_with_go_once_something_is_said(page: Page, bank: LiveBank) -> None:
    here = visit(page, bank)
    page.locator(".starters button").first.click()
    expect(here.said).to_have_count(1)
    expect(page.locator(".starters")).to_have_count(0)


def test_the_why_of_each_turn_is_told(page: Page, bank: LiveBank) -> None:
    here = visit(page, bank)
    here.say("定期利率")
    expect(here.replies).to_have_count(2)
    page.locator("#tab-why").click()
    newest = page.locator(".why-turn").first
    expect(newest).to_contain_text("定期利率")
    expect(newest).to_contain_text("deposit_rates.term_1y @ 2026-01-01")
    expect(newest.locator(".is-right")).to_contain_text("通过")
    expect(page.locator(".why-turn")).to_have_count(2)


def test_an_elder_gets_large_text_from_the_start_and_may_change_it(page: Page, bank: LiveBank) -> None:
    visit(page, bank, who=1)
    expect(page.locator("html")).to_have_attribute("data-size", "large")
    page.locator("[popovertarget=settings]").click()
    page.locator("input[value=standard]").check()
    expect(page.locator("html")).to_have_attribute("data-size", "standard")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_light_and_dark_are_the_customers_choice_and_kept(
    context: BrowserContext, page: Page, bank: LiveBank, theme: str
) -> None:
    visit(page, bank)
    page.locator("[popovertarget=settings]").click()
    page.locator(f"input[value={theme}]").check()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    shade = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", shade)[:3])) < 200) == (theme == "dark")
    assert context.pages == [page]


def test_two_visitors_are_never_mixed(browser_visits: tuple[Visit, Visit]) -> None:
    first, second = browser_visits
    first.say("我是第一位")
    second.say("我是第二位")
    expect(first.said).to_have_count(1)
    expect(second.said).to_have_count(1)
    expect(first.page.locator("body")).not_to_contain_text("我是第二位")
    expect(second.page.locator("body")).not_to_contain_text("我是第一位")
