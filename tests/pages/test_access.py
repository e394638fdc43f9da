"""The page for everybody: keyboard, screen reader, small screens, large text, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pages.bank import LiveBank
from tests.pages.conftest import ROOT
from tests.pages.visit import SAID, Visit, visit

pytestmark = pytest.mark.browser
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
AXE_RUN = """() => axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}).then(found => found.violations.map(v => v.id + ": " + v.nodes.map(n => n.target + " " + n.failureSummary).join(" | ")))"""
TARGET_PX_MIN = 24
SMALL_TARGETS = f"""() => [...document.querySelectorAll("button, summary, select, input, a")]
  .filter(e => e.checkVisibility() && !e.closest("[inert]") && !e.closest(".skip"))
  .filter(e => e.type !== "radio")
  .filter(e => {{
    const box = e.getBoundingClientRect();
    return Math.min(box.width, box.height) < {TARGET_PX_MIN};
  }})
  .map(e => e.outerHTML.slice(0, 120))"""

BEYOND = """() => [...document.querySelectorAll(".front *")]
  .filter(e => e.checkVisibility() && !e.closest(".sr, .skip, .prose-table, .icon, .mark"))
  .filter(e => e.getBoundingClientRect().right > document.querySelector(".front").clientWidth + 1)
  .map(e => e.className || e.tagName)"""


def check_axe(page: Page) -> None:
    """Let axe-core look at the page as it stands."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed; `make web` installs it")
    page.wait_for_timeout(300)  # until what rises into view has its full colour
    page.evaluate(AXE.read_text("utf-8"))
    assert page.evaluate(AXE_RUN) == []
    assert page.evaluate(SMALL_TARGETS) == []


def _start(here: Visit) -> None:
    here.page.locator(".new-talk").click()
    expect(here.page.locator(".person")).to_have_count(3)


def _full(here: Visit, language: str) -> None:
    here.say(SAID["rates"][language])
    here.say(SAID["lost"][language])
    here.page.locator(".choices .choice").first.click()
    expect(here.page.locator(".card-case")).to_have_count(1)
    here.page.locator(".sources summary").last.click()
    here.say({"zh": "转人工", "en": "a person"}[language])
    expect(here.page.locator(".card-queue")).to_have_count(1)
    here.say(SAID["otp"][language])
    expect(here.page.locator(".phone-code")).not_to_have_count(0)


def _settings(here: Visit) -> None:
    here.page.locator("[popovertarget=settings]").click()
    expect(here.page.locator(".settings")).to_be_visible()


def _why(here: Visit, language: str) -> None:
    here.say(SAID["rates"][language])
    expect(here.replies).to_have_count(2)
    here.page.locator("#tab-why").click()
    expect(here.page.locator(".why-turn")).to_have_count(2)


SCENES: dict[str, Callable[[Visit, str], None]] = {
    "start": lambda here, _: _start(here),
    "conversation": _full,
    "settings": lambda here, _: _settings(here),
    "why": _why,
}


@pytest.mark.parametrize(("language", "scheme"), [("zh", "light"), ("en", "dark")])
@pytest.mark.parametrize("scene", SCENES)
def test_axe_finds_nothing(page: Page, bank: LiveBank, scheme: str, scene: str, language: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    here = visit(page, bank, language)
    SCENES[scene](here, language)
    check_axe(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_phone_in_senior_mode(page: Page, bank: LiveBank, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": 390, "height": 844})
    here = visit(page, bank, who=1)
    here.say(SAID["rates"]["zh"])
    expect(here.replies).to_have_count(2)
    check_axe(page)
    page.locator('.demo-bar [data-tab="phone"]').click()
    check_axe(page)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("who", [0, 1], ids=["standard", "large"])
def test_nothing_needs_sideways_scrolling(page: Page, bank: LiveBank, language: str, who: int) -> None:
    here = visit(page, bank, language, who)
    here.say(SAID["rates"][language])
    here.say(SAID["lost"][language])
    here.say(SAID["otp"][language])
    expect(page.locator(".widget")).to_be_visible()
    for width in (1440, 768, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(BEYOND) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_conversation_can_be_held_with_the_keyboard_alone(page: Page, bank: LiveBank) -> None:
    page.goto(bank.url)
    expect(page.locator(".person")).to_have_count(3)
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('person')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#compose")).to_be_focused()
    page.keyboard.insert_text("我的卡丢了")
    page.keyboard.press("Enter")
    expect(page.locator(".choices .choice")).to_have_count(2)
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.closest('.choices') !== null"):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.locator(".card-case")).to_have_count(1)
    expect(page.locator("#compose")).to_be_focused()


def test_the_skip_link_leads_to_the_message_box(page: Page, bank: LiveBank) -> None:
    visit(page, bank)
    page.locator(".skip").focus()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#compose")).to_be_focused()


def test_the_panel_over_a_phone_keeps_the_focus_and_gives_it_back(page: Page, bank: LiveBank) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, bank)
    expect(page.locator(".panel")).not_to_be_visible()
    opener = page.locator('.demo-bar [data-tab="why"]')
    opener.click()
    expect(page.locator("#tab-why")).to_be_focused()
    assert page.evaluate("document.querySelector('.front').inert") is True
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tab-phone")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).not_to_be_visible()
    expect(opener).to_be_focused()


def test_new_messages_are_announced_and_old_ones_are_not(page: Page, bank: LiveBank) -> None:
    here = visit(page, bank)
    log = page.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    here.say("你好")
    expect(here.replies).to_have_count(2)
    page.reload()
    page.wait_for_selector(".turn-assistant")
    assert page.get_by_role("status").count() >= 2


def test_the_page_is_small(pages: Path) -> None:
    import gzip

    parts = [path for path in (pages / "assets").glob("chat-*") if path.suffix in (".js", ".css")]
    assert parts
    assert sum(len(gzip.compress(path.read_bytes())) for path in parts) < 60_000


def test_motion_is_calmed_where_the_customer_wishes_so(browser: Browser, bank: LiveBank) -> None:
    context = browser.new_context(reduced_motion="reduce", locale="zh-CN")
    here = visit(context.new_page(), bank)
    duration = here.page.evaluate("getComputedStyle(document.querySelector('.turn')).animationName")
    assert duration == "none"
    context.close()
