"""The main path once more, in Firefox."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import Sockets, Visitor, Visitors
from tests.people import Meet


def enter(visitor: Visitor) -> None:
    visitor.open_panel()
    visitor.go_online()
    visitor.open_room("All Chats")


def test_the_way_from_the_switch_to_a_talk_in_two_tabs(
    meet: Meet, firefox_visitors: Visitors, sockets: Sockets
) -> None:
    galaxy = meet.galaxy
    ada = firefox_visitors(galaxy.create_user("ada"))
    expect(ada.icon).to_have_count(0)
    ada.switch_chat_on()
    expect(ada.icon).to_be_visible()
    ada.page.goto(galaxy.url)
    enter(ada)
    history, panel = ada.page.locator("#right").bounding_box(), ada.panel.bounding_box()
    assert history
    assert panel
    assert history["x"] + history["width"] <= panel["x"] + 1, "the history is beside the panel"

    ada.say("Hello from Firefox")
    ben = meet.person()
    ben.send(ben.room()["id"], "Hello from `elsewhere`, see https://usegalaxy.org and $x^2$")
    expect(ada.texts.last.locator("code")).to_have_text("elsewhere")
    expect(ada.texts.last.get_by_role("link")).to_have_attribute("href", "https://usegalaxy.org/")
    expect(ada.texts.last.locator("math")).to_be_visible()
    ada.screenshot("firefox")

    opened = sockets.opened
    second = ada.another_tab()
    second.page.goto(f"{galaxy.url}/communication")
    second.go_online()
    second.open_room("All Chats")
    second.say("From the second tab")
    expect(ada.message("From the second tab")).to_be_visible()
    assert sockets.opened == opened, "both tabs have one connection"

    ada.page.reload()
    expect(ada.connection("connected")).to_be_attached()
    expect(ada.message("Hello from Firefox")).to_be_visible()
    expect(ada.message("From the second tab")).to_be_visible()
    assert ada.errors == []
    # Last, as Playwright hides the caret by a style that the page's policy refuses.
    second.screenshot("firefox-page")
