"""The desk in the browser, on the real counter: representatives and a customer at once, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.harbour import Server
from tests.pages.staff import PASSWORDS, Colleague, enter, new_page
from tests.pages.test_access import check_axe
from tests.pages.visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])
ASK = """async ({method, body}) => {
  const path = "/api/v1/desk/session";
  const me = await (await fetch(path)).json();
  const headers = {"X-CSRF-Token": me.csrf, "Content-Type": "application/json"};
  const answer = await fetch(path + "/factor", {method, headers, body: body && JSON.stringify(body)});
  if (!answer.ok) throw new Error(await answer.text());
  return answer.status === 204 ? null : answer.json();
}"""
HUMAN = {"zh": "转人工", "en": "let me talk to a human"}


@pytest.fixture(scope="module")
def harbour(pages: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("desk"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def people(browser: Browser) -> Iterator[Browser]:
    """A browser whose people all go home after the test."""
    yield browser
    for context in browser.contexts:
        context.close()


def customer(browser: Browser, server: Server, language: str) -> Visit:
    """A visitor on the bank's page."""
    page = new_page(browser, language)
    page.goto(f"http://127.0.0.1:{server.port}/")
    page.locator(".person", has_text={"zh": "访客", "en": "isitor"}[language]).first.click()
    here = Visit(page)
    expect(here.replies).to_have_count(1)
    return here


def attended(browser: Browser, server: Server, language: str, **size: int) -> tuple[Colleague, Visit]:
    """A customer whom Lin Yue has just accepted."""
    lin = enter(browser, server, "lin.yue", language, **size)
    lin.be_available()
    here = customer(browser, server, language)
    here.say(HUMAN[language])
    lin.accept()
    lin.settle()
    return lin, here


@LANGUAGES
def test_a_customer_goes_through_two_representatives(people: Browser, harbour: Server, language: str) -> None:
    zh = language == "zh"
    lin, here = attended(people, harbour, language)
    expect(lin.page.locator(".handover-why")).to_have_text(
        "客户要求人工" if zh else "The customer asked for a person"
    )
    lin.say("您好，请问什么事？" if zh else "Hello, how can I help?")
    expect(here.replies.last).to_contain_text("请问什么事" if zh else "how can I help")
    expect(here.replies.last.locator(".who")).to_contain_text("人工客服" if zh else "Representative")
    here.say("想问网点几点开门" if zh else "when do branches open")
    expect(lin.bubbles.last).to_contain_text("网点" if zh else "branches")

    lin.page.keyboard.press("Alt+p")
    lin.say("客户问网点时间" if zh else "asks about hours")
    expect(lin.page.locator(".log .note")).to_contain_text("网点时间" if zh else "hours")

    colleague = enter(people, harbour, "zhou.kai" if zh else "emma.clarke", language)
    colleague.be_available()
    lin.settle()
    lin.page.keyboard.press("Alt+t")
    choose_option(lin.page, "周凯" if zh else "Emma")
    lin.page.keyboard.press("Control+Enter")
    expect(colleague.ring).to_contain_text("转接给您" if zh else "transfers to you")
    colleague.accept()
    expect(colleague.page.locator(".log .note")).to_contain_text("网点时间" if zh else "hours")
    expect(lin.page.locator(".talk-sub")).to_contain_text("周凯" if zh else "Emma")
    colleague.say("九点开门。" if zh else "They open at nine.")
    expect(here.replies.last).to_contain_text("九点" if zh else "at nine")
    expect(here.page.locator(".log")).not_to_contain_text("客户问网点时间" if zh else "asks about hours")

    colleague.end("已答复网点时间。" if zh else "Told the opening hours.")
    expect(here.page.locator("#compose")).to_be_disabled()


def test_a_second_factor_is_asked_for(people: Browser, harbour: Server) -> None:
    chen = enter(people, harbour, "chen.rui", "zh")
    factor = chen.page.evaluate(ASK, {"method": "POST", "body": None})
    code = pyotp.TOTP(factor["secret"]).now()
    chen.page.evaluate(ASK, {"method": "PUT", "body": {"secret": factor["secret"], "code": code}})
    chen.page.get_by_role("button", name="退出登录").click()
    chen.page.locator("input[name=account]").fill("chen.rui")
    chen.page.locator("input[name=password]").fill(PASSWORDS["chen.rui"])
    chen.page.keyboard.press("Enter")
    box = chen.page.locator("input[name=code]")
    expect(box).to_be_focused()
    box.fill("000000")
    chen.page.keyboard.press("Enter")
    expect(chen.page.locator(".problem")).to_contain_text("动态口令不正确")
    box.fill(pyotp.TOTP(factor["secret"]).now())
    chen.page.keyboard.press("Enter")
    expect(chen.page.locator(".lamp-live")).to_be_visible()


def choose_option(page: Page, text: str) -> None:
    """Find in a long list by typing."""
    expect(page.locator(".sheet .el-select input")).to_be_focused()
    page.keyboard.type(text)
    expect(page.locator(".el-select-dropdown__item:visible", has_text=text).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".sheet .el-select")).to_contain_text(text)


def sign_in_by_keyboard(page: Page, server: Server, language: str) -> Colleague:
    """Sign in and take customers without a mouse."""
    page.goto(f"http://127.0.0.1:{server.port}/desk")
    expect(page.locator("input[name=account]")).to_be_visible()
    for _ in range(4):  # two languages, the appearance, the account
        page.keyboard.press("Tab")
    page.keyboard.type("lin.yue")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORDS["lin.yue"])
    page.keyboard.press("Enter")
    lin = Colleague(page, "lin.yue", language)
    expect(page.locator(".lamp-live")).to_be_visible()
    if page.locator("button.presence-available").count() == 0:
        page.keyboard.press("Alt+s")
        page.keyboard.press("ArrowDown")  # at once, while the menu still opens
        expect(page.get_by_role("menuitem").first).to_be_focused()
        page.keyboard.press("Enter")
    expect(page.locator("button.presence-available")).to_be_visible()
    return lin


@LANGUAGES
def test_everything_is_done_with_the_keyboard(people: Browser, harbour: Server, language: str) -> None:
    zh = language == "zh"
    page = new_page(people, language)
    lin = sign_in_by_keyboard(page, harbour, language)
    here = customer(people, harbour, language)
    here.say(HUMAN[language])
    lin.accept()
    lin.settle()
    page.keyboard.press("Alt+l")
    expect(lin.compose).to_be_focused()
    assert (
        page.evaluate("getComputedStyle(document.activeElement.closest('.composer-box')).boxShadow") != "none"
    )
    page.keyboard.type("我来处理。" if zh else "I will see to it.")
    page.keyboard.press("Control+Enter")
    expect(here.replies.last).to_contain_text("我来处理" if zh else "see to it")

    page.keyboard.press("Alt+b")
    expect(page.locator(".sheet input:checked").first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("回电说明网点时间" if zh else "call back about the hours")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the first of the usual moments
    page.keyboard.press("Control+Enter")
    expect(page.locator(".cases")).to_contain_text("网点时间" if zh else "about the hours")
    expect(here.replies.last).to_contain_text(re.compile(r"HB\d{6}"))

    page.keyboard.press("Alt+m")
    expect(page.locator(".sheet input").first).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".state-snoozed")).to_be_visible()
    here.say("还在吗" if zh else "are you there")
    expect(page.locator(".state-attended")).to_be_visible()

    page.keyboard.press("Control+k")
    expect(page.locator(".palette-box")).to_be_focused()
    page.keyboard.type("English" if zh else "中文")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "en" if zh else "zh-CN")
    lin.end("已约定回电。" if zh else "A call back is agreed.")
    expect(here.page.locator("#compose")).to_be_disabled()


@LANGUAGES
def test_a_reply_to_what_was_not_read_is_refused_and_sent_once(
    people: Browser, harbour: Server, language: str
) -> None:
    zh = language == "zh"
    lin, here = attended(people, harbour, language, width=1440, height=560)
    lin.log.evaluate("log => log.scrollTo(0, 0)")
    expect(lin.page.locator(".to-end")).to_be_visible()
    here.say("等等，我说错了" if zh else "wait, I was wrong")
    expect(lin.page.locator(".to-end")).to_contain_text("1")
    lin.compose.fill("好的，马上办。" if zh else "Fine, doing it now.")
    lin.compose.press("Control+Enter")
    trouble = lin.page.locator(".trouble-stale")
    expect(trouble).to_contain_text("我说错了" if zh else "I was wrong")
    expect(lin.compose).to_have_value(re.compile("马上办|doing it"))
    trouble.get_by_role("button").first.click()
    expect(here.replies.last).to_contain_text("马上办" if zh else "doing it now")
    expect(here.replies.filter(has_text="马上办" if zh else "doing it now")).to_have_count(1)
    lin.page.locator(".to-end").click()
    lin.end("已更正。" if zh else "Corrected.")


def test_two_rings_are_answered_one_after_the_other(people: Browser, harbour: Server) -> None:
    lin = enter(people, harbour, "lin.yue", "zh")
    lin.be_available()
    for _ in range(2):
        customer(people, harbour, "zh").say(HUMAN["zh"])
    expect(lin.ring).to_have_count(2)
    lin.page.keyboard.press("Alt+a")
    lin.accept()
    mine = lin.page.locator("[aria-labelledby=list-waiting] .work-card")
    expect(mine).to_have_count(2)
    lin.end("第一位已答复。")
    expect(mine).to_have_count(1)
    mine.click()
    expect(lin.page.locator(".state-attended")).to_be_visible()
    lin.end("第二位已答复。")


def test_a_draft_survives_a_refresh_and_another_browser(people: Browser, harbour: Server) -> None:
    lin, here = attended(people, harbour, "zh")
    lin.compose.fill("写到一半的话")
    expect(lin.page.locator(".draft-mark")).to_contain_text(re.compile(r"\d\d:\d\d 已存"))
    lin.page.reload()
    expect(lin.compose).to_have_value("写到一半的话")
    again = enter(people, harbour, "lin.yue", "zh")
    again.page.locator(".work-card").first.click()
    expect(again.compose).to_have_value("写到一半的话")
    lin.settle()
    lin.say("写完了。")
    expect(here.replies.last).to_contain_text("写完了")
    lin.end("完成。")


def test_the_lamp_tells_the_truth_and_nothing_is_lost(people: Browser, harbour: Server) -> None:
    lin, here = attended(people, harbour, "zh")
    lin.page.context.set_offline(True)
    expect(lin.page.locator(".lamp-offline")).to_contain_text("已断开")
    lin.compose.fill("断线时写的")
    lin.compose.press("Control+Enter")
    expect(lin.page.locator(".trouble-line")).to_be_visible()
    here.say("断线时说的")
    lin.page.context.set_offline(False)
    expect(lin.page.locator(".lamp-live")).to_be_visible()
    expect(lin.bubbles.filter(has_text="断线时说的")).to_have_count(1)
    lin.settle()
    lin.page.locator(".trouble-line").get_by_role("button").first.click()
    expect(here.replies.filter(has_text="断线时写的")).to_have_count(1)
    lin.end("恢复后办结。")


def test_a_file_reaches_the_record_and_comes_back(people: Browser, harbour: Server) -> None:
    lin, _ = attended(people, harbour, "zh")
    held = {"name": "费率表.txt", "mimeType": "text/plain", "buffer": "年费一百元".encode()}
    lin.page.locator(".composer input[type=file]").set_input_files([held])  # type: ignore[list-item]
    link = lin.page.locator(".event a")
    expect(link).to_contain_text("费率表.txt")
    with lin.page.expect_download() as download:
        link.click()
    assert download.value.path().read_text("utf-8") == "年费一百元"
    bad = {"name": "工具.exe", "mimeType": "application/octet-stream", "buffer": b"MZ\x90"}
    lin.page.locator(".composer input[type=file]").set_input_files([bad])  # type: ignore[list-item]
    expect(lin.page.locator(".notice-bad")).to_contain_text("不能发送")
    lin.end("已发送。")


def test_words_that_may_not_be_said_are_stopped_while_they_are_typed(
    people: Browser, harbour: Server
) -> None:
    lin, _ = attended(people, harbour, "zh")
    lin.compose.fill("请把您的密码发给我")
    expect(lin.page.locator(".stops .stop-block")).to_contain_text("密码")
    expect(lin.page.locator(".help-stop")).to_be_visible()
    expect(lin.page.locator(".composer .solid-button")).to_be_disabled()
    lin.compose.fill("请在安全窗口里填写。")
    expect(lin.page.locator(".stops")).to_have_count(0)
    lin.say("请在安全窗口里填写。")
    lin.end("已提醒。")


def test_an_input_method_keeps_its_keys_and_full_width_signs_count(people: Browser, harbour: Server) -> None:
    lin, _ = attended(people, harbour, "zh")
    lin.compose.focus()
    lin.compose.evaluate(
        """box => box.dispatchEvent(new KeyboardEvent("keydown",
        {key: "e", code: "KeyE", altKey: true, isComposing: true, bubbles: true}))"""
    )
    lin.compose.evaluate(
        """box => box.dispatchEvent(new KeyboardEvent("keydown",
        {key: "Enter", code: "Enter", ctrlKey: true, keyCode: 229, bubbles: true}))"""
    )
    expect(lin.page.locator(".el-dialog")).to_have_count(0)
    lin.compose.fill("／zzhs")
    expect(options(lin)).to_have_count(1)
    expect(options(lin).first).to_contain_text("正在核实")
    lin.compose.press("Enter")
    expect(lin.compose).to_have_value(re.compile("^您反映的情况"))
    lin.compose.fill("")
    lin.log.focus()
    lin.page.evaluate(
        """() => document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
        {key: "？", code: "Slash", shiftKey: true, bubbles: true}))"""
    )
    expect(lin.page.locator(".keys")).to_be_visible()
    lin.page.keyboard.press("Escape")
    lin.end("完成。")


def options(colleague: Colleague) -> Locator:
    return colleague.page.locator(".suggestions [role=option]")


@LANGUAGES
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_desk_has_no_barriers(people: Browser, harbour: Server, language: str, theme: str) -> None:
    page = new_page(people, language)
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.goto(f"http://127.0.0.1:{harbour.port}/desk")
    expect(page.locator(".ready-account").first).to_be_visible()
    check_axe(page)
    page.close()
    lin, here = attended(people, harbour, language)
    lin.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    here.say("13800006021 是我的手机号" if language == "zh" else "my phone number is 13800006021")
    expect(lin.page.locator(".token")).to_be_visible()
    lin.settle()
    lin.say("收到。" if language == "zh" else "Thank you.")
    lin.page.keyboard.press("Alt+p")
    lin.say("备注" if language == "zh" else "a note")
    check_axe(lin.page)
    for keys in ("Alt+t", "Alt+b", "Alt+v", "Alt+e", "Control+k", "Alt+o"):
        lin.page.keyboard.press(keys)
        expect(lin.page.locator(".el-dialog")).to_be_visible()
        check_axe(lin.page)
        lin.page.keyboard.press("Escape")
        expect(lin.page.locator(".el-dialog")).to_have_count(0)
    lin.end("完成。" if language == "zh" else "Done.")


def test_panes_give_way_and_nothing_is_cut_off(people: Browser, harbour: Server) -> None:
    lin, _ = attended(people, harbour, "zh")
    docked = ".pane:not(.is-rail)"
    for width, left in ((1440, 3), (1300, 2), (1024, 1)):
        lin.page.set_viewport_size({"width": width, "height": 768})
        expect(lin.page.locator(docked)).to_have_count(left)
        assert lin.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(lin.page.locator(".pane-copilot:not(.is-rail)")).to_be_visible()
    lin.page.locator(".pane-customer .rail").click()
    expect(lin.page.locator(".pane-customer .ladder")).to_be_visible()
    lin.page.locator(".pane-customer .pane-head button").focus()
    lin.page.keyboard.press("Escape")
    expect(lin.page.locator(".pane-customer .ladder")).to_have_count(0)
    lin.end("完成。")
