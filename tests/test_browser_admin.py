"""The administrators' switch: its entry in Galaxy's admin panel, and its page in Galaxy's centre."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import FrameLocator, Locator, expect

from tests.accessibility import violations
from tests.browser import NARROW, Visitor, Visitors, anchor
from tests.galaxy_server import GalaxyServer, StartGalaxy
from tests.people import Api

LINK = anchor("communication admin link")
TOGGLE = anchor("communication admin toggle")


@pytest.fixture(scope="module")
def galaxy(start_galaxy: StartGalaxy) -> GalaxyServer:
    """One whose chat may be switched off."""
    return start_galaxy()


@pytest.fixture
def admin(galaxy: GalaxyServer, visitors: Visitors) -> Iterator[Visitor]:
    user = galaxy.admin(chat=False)
    yield visitors(user)
    assert Api(galaxy.url, key=user.api_key)("PUT", "status", {"enabled": True}).ok


def in_panel(visitor: Visitor) -> Locator:
    return visitor.page.locator("#center").locator(LINK)


def centre(visitor: Visitor) -> FrameLocator:
    return visitor.page.frame_locator("iframe#galaxy_main")


def test_from_galaxys_admin_panel(galaxy: GalaxyServer, visitors: Visitors, admin: Visitor) -> None:
    ada = visitors(galaxy.create_user("ada", chat=True))
    ada.open_galaxy()
    ada.open_panel()
    ada.go_online()
    expect(ada.page.get_by_role("log")).to_have_attribute("aria-busy", "false")

    admin.page.goto(f"{galaxy.url}/admin")
    expect(in_panel(admin)).to_have_text("Chat")
    admin.screenshot("admin-panel")
    in_panel(admin).click()
    toggle = centre(admin).locator(TOGGLE)
    expect(toggle).to_have_attribute("aria-checked", "true")
    admin.screenshot("admin-page")
    toggle.click()
    expect(toggle).to_have_attribute("aria-checked", "true")
    centre(admin).get_by_role("alertdialog").get_by_role("button", name="Switch off").click()
    expect(toggle).to_have_attribute("aria-checked", "false")
    expect(ada.panel).to_have_count(0)
    expect(ada.icon).to_have_count(0)
    admin.screenshot("admin-page-off")

    # Galaxy makes its panel anew.
    admin.page.goto(f"{galaxy.url}/admin")
    expect(in_panel(admin)).to_be_visible()
    admin.page.locator('#center a[href$="/admin/jobs"]').click()
    expect(in_panel(admin)).to_have_count(0)
    admin.page.go_back()
    expect(in_panel(admin)).to_be_visible()
    expect(in_panel(admin)).to_have_count(1)
    in_panel(admin).click()
    expect(toggle).to_have_attribute("aria-checked", "false")
    toggle.click()
    expect(toggle).to_have_attribute("aria-checked", "true")
    for visitor in (admin, ada):
        assert visitor.errors == []


def test_from_the_side_panel(admin: Visitor) -> None:
    admin.page.goto(f"{admin.galaxy.url}/workflows/list")
    admin.page.locator("#activity-admin").click()
    entry = admin.page.locator("#left").locator(LINK)
    expect(entry).to_contain_text("Chat")
    admin.screenshot("admin-side-panel")
    entry.click()
    expect(centre(admin).locator(TOGGLE)).to_be_visible()


def test_the_page_on_its_own(galaxy: GalaxyServer, admin: Visitor) -> None:
    admin.page.goto(f"{galaxy.url}/communication/admin")
    expect(admin.page.get_by_role("switch", name="Chat for everybody")).to_be_visible()
    assert violations(admin.page) == []
    # As in Galaxy's page.
    assert admin.page.locator(TOGGLE).evaluate("one => getComputedStyle(one).fontFamily").startswith('"Atkinson')
    toggle = admin.page.locator(TOGGLE)
    toggle.focus()
    admin.page.keyboard.press("Space")
    expect(admin.page.get_by_role("button", name="Cancel")).to_be_focused()
    admin.page.keyboard.press("Escape")
    expect(toggle).to_be_focused()
    expect(toggle).to_have_attribute("aria-checked", "true")
    for key in ("Space", "Shift+Tab", "Enter"):
        admin.page.keyboard.press(key)
    expect(toggle).to_have_attribute("aria-checked", "false")
    expect(toggle).to_be_focused()
    admin.page.keyboard.press("Space")
    expect(toggle).to_have_attribute("aria-checked", "true")
    admin.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    admin.screenshot("admin-page-narrow")


def test_others_find_no_trace_of_it(galaxy: GalaxyServer, visitors: Visitors) -> None:
    eve = visitors(galaxy.create_user("eve", chat=True))
    eve.open_galaxy()
    expect(eve.icon).to_be_visible()
    assert not [url for url in eve.requested if "entries.js" in url]
    eve.page.goto(f"{galaxy.url}/communication/admin")
    expect(eve.page.get_by_text("Only administrators can do this.")).to_be_visible()
    expect(eve.page.locator(TOGGLE)).to_have_count(0)
