"""At home in Galaxy: the panel beside or below Galaxy's page, in a window of its own, in Galaxy's centre."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import NARROW, WIDE, Sockets, Visitor, Visitors
from tests.galaxy_server import GalaxyServer, TestUser

#: Of Galaxy's page: what must be seen beside the panel, and wide enough to be used.
PARTS = ("#masthead", "#columns", "#activity-tools", ".activity-panel", "#center", "#current-history-panel")
COLUMNS = "#columns"
FONT = """element => {
    const { fontFamily, fontSize } = getComputedStyle(element);
    return [fontFamily.split(",")[0], fontSize];
}"""
HIGH = (1300, 1000)


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of(cls, locator: Locator) -> Box:
        box = locator.bounding_box()
        assert box, f"{locator} is not to be seen"
        return cls(box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"])

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def is_within(self, width: float, height: float) -> bool:
        return self.left >= 0 and self.top >= 0 and self.right <= width + 0.5 and self.bottom <= height + 0.5

    def overlaps(self, other: Box) -> bool:
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide > 0.5 and high > 0.5


def arrive(visitors: Visitors, user: TestUser, size: tuple[int, int] = WIDE) -> Visitor:
    visitor = visitors(user, size)
    visitor.open_panel()
    visitor.go_online()
    visitor.open_room("All Chats")
    return visitor


def separator(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("separator", name="Resize the chat")


def panel(visitor: Visitor) -> Box:
    return Box.of(visitor.panel)


def covers_nothing(visitor: Visitor) -> None:
    """Every part of Galaxy is within the window and not below the panel, or one can scroll it there."""
    size = visitor.page.viewport_size
    assert size
    ours = panel(visitor)
    assert ours.is_within(size["width"], size["height"])
    for part in PARTS:
        visitor.page.locator(part).first.scroll_into_view_if_needed()
        theirs = Box.of(visitor.page.locator(part).first)
        assert not ours.overlaps(theirs), (part, theirs, ours)
        assert theirs.is_within(size["width"], size["height"]), (part, theirs)
    columns = Box.of(visitor.page.locator(COLUMNS))
    assert columns.width >= max(0.4 * size["width"], 320)
    assert columns.height >= 190


def drag(visitor: Visitor, x: float, y: float) -> None:
    """The separator, by so much, over whatever lies there, but not out of the window."""
    line = Box.of(separator(visitor))
    from_x, from_y = (line.left + line.right) / 2, (line.top + line.bottom) / 2
    to_x, to_y = min(max(from_x + x, 0), WIDE[0] - 1), from_y + y
    visitor.page.mouse.move(from_x, from_y)
    visitor.page.mouse.down()
    visitor.page.mouse.move((from_x + to_x) / 2, (from_y + to_y) / 2)
    visitor.page.mouse.move(to_x, to_y)
    visitor.page.mouse.up()


def visit_form(visitor: Visitor) -> None:
    """With the history and the tools open beside it."""
    visitor.page.goto(f"{visitor.galaxy.url}/user/information")
    expect(visitor.preference).to_be_visible()
    expect(visitor.composer).to_be_visible()


@pytest.mark.firefox
def test_beside_galaxy(galaxy: GalaxyServer, visitors: Visitors) -> None:
    ada = arrive(visitors, galaxy.create_user("ada", chat=True))
    visit_form(ada)
    text = f"Beside the history in {ada.browser}"
    ada.say(text)
    covers_nothing(ada)
    assert (panel(ada).right, panel(ada).bottom) == WIDE
    width = panel(ada).width
    ada.screenshot("dock-right")

    drag(ada, -150, 0)
    assert panel(ada).width == pytest.approx(width + 150, abs=1)
    covers_nothing(ada)
    drag(ada, -2000, 0)
    assert panel(ada).width == 780, "40 % are Galaxy's"
    covers_nothing(ada)
    ada.screenshot("dock-right-largest")
    drag(ada, 1000, 0)
    assert panel(ada).width == 320
    covers_nothing(ada)
    ada.screenshot("dock-right-smallest")

    separator(ada).press("ArrowLeft")
    expect(separator(ada)).to_have_attribute("aria-valuenow", "340")
    expect(separator(ada)).to_have_attribute("aria-orientation", "vertical")
    ada.screenshot("dock-separator-focused")
    separator(ada).press("End")
    expect(separator(ada)).to_have_attribute("aria-valuenow", "780")
    assert panel(ada).width == 780
    ada.page.reload()
    expect(ada.message(text)).to_be_visible()
    assert panel(ada).width == 780
    covers_nothing(ada)

    ada.page.set_viewport_size({"width": 800, "height": 800})
    expect(separator(ada)).to_have_attribute("aria-valuenow", "480")
    covers_nothing(ada)
    ada.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    expect(separator(ada)).to_have_count(0)
    all_below = panel(ada)
    # Galaxy's masthead is wider than that, so Firefox has a scroll bar below.
    bottom = ada.page.evaluate("document.documentElement.clientHeight")
    assert (all_below.left, all_below.right, all_below.bottom) == (0, NARROW[0], bottom)
    assert all_below.top == Box.of(ada.page.locator("#masthead")).bottom
    ada.screenshot("dock-narrow")
    ada.page.get_by_role("button", name="Back to Galaxy").click()
    expect(ada.panel).to_have_count(0)
    expect(ada.icon.get_by_role("button")).to_be_focused()
    ada.screenshot("dock-narrow-back")
    ada.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    assert Box.of(ada.page.locator(COLUMNS)).right == WIDE[0]
    ada.open_panel()
    assert panel(ada).width == 780
    assert ada.errors == []


def test_below_galaxy(galaxy: GalaxyServer, visitors: Visitors) -> None:
    ada = arrive(visitors, galaxy.create_user("ada", chat=True))
    visit_form(ada)
    ada.composer.fill("A draft that stays")
    ada.choose("Dock at the bottom")
    expect(separator(ada)).to_have_attribute("aria-orientation", "horizontal")
    expect(ada.composer).to_have_value("A draft that stays")
    assert (panel(ada).left, panel(ada).right, panel(ada).bottom) == (0, *WIDE)
    covers_nothing(ada)
    ada.screenshot("dock-bottom")
    height = panel(ada).height
    drag(ada, 0, -60)
    assert panel(ada).height == pytest.approx(height + 60, abs=1)
    covers_nothing(ada)
    separator(ada).press("End")
    covers_nothing(ada)
    ada.screenshot("dock-bottom-largest")
    separator(ada).press("Home")
    separator(ada).press("ArrowUp")
    assert panel(ada).height == 244
    covers_nothing(ada)
    ada.screenshot("dock-bottom-smallest")

    ada.page.get_by_role("button", name="Close chat").click()
    expect(ada.panel).to_have_count(0)
    assert Box.of(ada.page.locator(COLUMNS)).bottom == WIDE[1]
    ada.open_panel()
    assert panel(ada).height == 244
    ada.page.reload()
    expect(ada.composer).to_be_visible()
    assert panel(ada).height == 244
    covers_nothing(ada)

    ada.page.set_viewport_size({"width": 1000, "height": 400})
    expect(separator(ada)).to_have_attribute("aria-orientation", "vertical")
    covers_nothing(ada)
    ada.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    expect(separator(ada)).to_have_attribute("aria-orientation", "horizontal")
    tab = ada.another_tab()
    tab.open_galaxy()
    tab.open_panel()
    assert panel(tab).height == 244, "of the browser, not of the tab"
    tab.choose("Dock at the side")
    covers_nothing(tab)
    assert ada.errors == []


def test_a_window_of_its_own(galaxy: GalaxyServer, visitors: Visitors, sockets: Sockets) -> None:
    ada = arrive(visitors, galaxy.create_user("ada", chat=True))
    text = f"From the panel in {ada.browser}"
    ada.say(text)
    opened = sockets.opened
    with ada.context.expect_page() as popup:
        ada.choose("Open in its own window")
    own = of_page(ada, popup.value)
    expect(ada.panel).to_have_count(0)
    expect(own.message(text)).to_be_visible()
    assert own.page.url == f"{galaxy.url}/communication"
    if not ada.in_firefox:  # there its driver gives every page the size of the first
        assert own.page.evaluate("[innerWidth, innerHeight]") == [480, 720]
    assert sockets.opened == opened, "online as the panel was, by the same connection"
    own.composer.fill("Half written")
    own.screenshot("own-window")
    ada.open_panel()
    assert font(own) == font(ada)
    assert own.page.evaluate("document.fonts.check('1em \"Atkinson Hyperlegible\"')")
    assert [url for url in ada.requested if "/communication/static/" in url and ".woff" in url] == []

    pages = len(ada.context.pages)
    ada.choose("Open in its own window")
    expect(ada.panel).to_have_count(0)
    assert len(ada.context.pages) == pages
    expect(own.composer).to_have_value("Half written")
    own.page.close()

    ada.open_panel()
    ada.panel_menu.click()
    with ada.context.expect_page() as tab:
        ada.page.get_by_role("menuitem", name="Open in its own window").click(modifiers=["ControlOrMeta"])
    expect(of_page(ada, tab.value).panel).to_be_visible()
    expect(ada.panel).to_be_visible()
    assert ada.errors == []


def font(visitor: Visitor) -> list[str]:
    return list(visitor.panel.evaluate(FONT))


def of_page(visitor: Visitor, page: Page) -> Visitor:
    """A page that the browser has opened by itself, whose errors are noted, too."""
    tab = visitor.another_tab()
    tab.page.close()
    tab.page = page
    page.on("console", tab._note_message)
    page.on("pageerror", lambda error: tab._note_error(str(error), error.stack or ""))
    return tab


@pytest.mark.parametrize("route", [pytest.param("/", marks=pytest.mark.firefox), "/workflows/list", "/user"])
def test_in_galaxys_centre(galaxy: GalaxyServer, visitors: Visitors, route: str) -> None:
    ada = arrive(visitors, galaxy.create_user("ada", chat=True))
    text = f"To be seen in the middle of {route} in {ada.browser}"
    ada.say(text)
    ada.page.goto(f"{galaxy.url}{route}")
    expect(ada.message(text)).to_be_visible()
    address = ada.page.url
    ada.choose("Open in Galaxy\u2019s centre")
    expect(ada.panel).to_have_count(0)
    frame = ada.page.frame_locator("iframe[name=galaxy_main]")
    expect(frame.get_by_role("main").get_by_text(text)).to_be_visible()
    expect(frame.locator("#masthead")).to_have_count(0)
    expect(ada.page.locator("#masthead")).to_be_visible()
    assert ada.page.url == address
    ada.screenshot("dock-centre")
    ada.page.locator("#activity-datasets").click()
    ada.page.wait_for_url("**/datasets/list")
    expect(ada.page.locator("iframe[name=galaxy_main]")).to_be_hidden()
    ada.open_panel()
    expect(ada.message(text)).to_be_visible()
    assert ada.errors == []


def test_galaxys_routes_take_nothing_away(galaxy: GalaxyServer, visitors: Visitors, sockets: Sockets) -> None:
    ada = arrive(visitors, galaxy.create_user("ada", chat=True))
    ada.composer.fill("A draft that stays")
    opened = sockets.opened
    ada.page.evaluate("window.sameDocument = true")
    for route in ("/workflows/list", "/user", "/histories/list"):
        ada.page.evaluate("route => void Galaxy.router.push(route)", route)
        ada.page.wait_for_url(f"**{route}")
        expect(ada.icon).to_be_visible()
        expect(ada.composer).to_have_value("A draft that stays")
        covers_nothing(ada)
    ada.page.go_back()
    ada.page.wait_for_url("**/user")
    expect(ada.composer).to_have_value("A draft that stays")
    expect(ada.connection("connected")).to_be_attached()
    assert ada.page.evaluate("window.sameDocument")
    assert sockets.opened == opened
    ada.composer.press("Enter")
    expect(ada.message("A draft that stays")).to_be_visible()
    assert ada.errors == []


@pytest.mark.firefox
def test_logout_leaves_nothing_and_login_brings_it_back(
    galaxy: GalaxyServer, visitors: Visitors, sockets: Sockets
) -> None:
    user = galaxy.create_user("ada", chat=True)
    ada = arrive(visitors, user)
    online = sockets.open
    ada.page.locator("#masthead #user a.nav-link, #masthead #user .dropdown-toggle").first.click()
    ada.page.get_by_text("Sign Out", exact=True).click()
    ada.page.wait_for_selector("#masthead li#user.loggedout-only")
    expect(ada.icon).to_have_count(0)
    expect(ada.page.locator("galaxy-communication")).to_have_count(0)
    assert ada.page.evaluate("document.adoptedStyleSheets.length") == 0
    sockets.wait_until_open(online - 1)
    ada.log_in(user)
    expect(ada.panel).to_be_visible()
    expect(ada.connection("connected")).to_be_attached()
    covers_nothing(ada)
    assert [error for error in ada.errors if not re.search(r"40[13]", error)] == []


def test_looks_like_galaxy(galaxy: GalaxyServer, visitors: Visitors) -> None:
    """Font and colours are those of Galaxy's page, by its own style sheet."""
    ada = arrive(visitors, galaxy.create_user("ada", chat=True), HIGH)
    assert font(ada) == ada.page.locator("body").evaluate(FONT)
    primary = ada.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--primary').trim()")
    assert ada.panel.evaluate("panel => getComputedStyle(panel).getPropertyValue('--brand').trim()") == primary
