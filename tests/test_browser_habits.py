"""What people knew from the original chat server: tabs, gold for news, Ctrl+L, rooms that are always there."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Locator, expect

from tests.browser import NARROW, WIDE, Visitor, Visitors, anchor
from tests.galaxy_server import GalaxyServer
from tests.people import Api, eventually

ROOMS = ("All Chats", "NGS", "RNA-Seq", "Genome Annotation")
GOLD = re.compile(r"(^| )news( |$)")


class Tabs:
    """The open rooms of somebody."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page

    def at(self, description: str) -> Locator:
        return self.page.locator(anchor(f"communication {description}"))

    @property
    def names(self) -> list[str]:
        names: list[str] = self.at("room tab").evaluate_all("all => all.map(tab => tab.dataset.roomName)")
        return names

    def tab(self, name: str) -> Locator:
        return self.at("room tab").and_(self.page.locator(f'[data-room-name="{name}"]'))

    def around(self, name: str) -> Locator:
        """What is gold."""
        return self.tab(name).locator("..")

    def close(self, name: str) -> None:
        self.around(name).locator(anchor("communication close tab")).click()

    def expect_current(self, name: str) -> None:
        expect(self.tab(name)).to_have_attribute("aria-selected", "true")
        expect(self.visitor.room(name)).to_have_attribute("aria-current", "true")

    def choose(self, entry: str) -> None:
        self.at("tabs menu").click()
        self.page.get_by_role("menuitem", name=entry).click()

    def is_in_sight(self, name: str) -> None:
        """Wholly, and not beneath what scrolls."""
        self.page.wait_for_function(
            """([tab, strip]) => {
                const [one, all] = [tab.getBoundingClientRect(), strip.getBoundingClientRect()];
                const middle = document.querySelector("galaxy-communication").shadowRoot
                    .elementFromPoint((one.left + one.right) / 2, (one.top + one.bottom) / 2);
                return one.left >= all.left - 1 && one.right <= all.right + 1 && tab.contains(middle);
            }""",
            arg=[self.tab(name).element_handle(), self.page.get_by_role("tablist").element_handle()],
        )


def come(visitor: Visitor, path: str = "") -> Tabs:
    visitor.page.goto(f"{visitor.galaxy.url}{path}")
    if path == "":
        visitor.open_panel()
    visitor.go_online()
    for name in ROOMS:
        visitor.open_room(name)
    return Tabs(visitor)


def come_back(tabs: Tabs) -> None:
    tabs.page.reload()
    expect(tabs.visitor.connection("connected")).to_be_attached()
    expect(tabs.at("room tab").first).to_be_visible()


def test_tabs_of_open_rooms(galaxy: GalaxyServer, visitors: Visitors) -> None:
    """They are closed without leaving the room, in four ways, and are what they were after a reload."""
    tabs = come(visitors(galaxy.create_user("ada", chat=True), WIDE), "/communication")
    assert tabs.names == list(ROOMS)
    tabs.expect_current("Genome Annotation")
    tabs.visitor.screenshot("tabs")
    tabs.tab("NGS").click()
    tabs.expect_current("NGS")
    expect(tabs.visitor.composer).to_be_focused()

    tabs.close("Genome Annotation")
    expect(tabs.at("room tab")).to_have_count(3)
    expect(tabs.visitor.room("Genome Annotation")).not_to_contain_text("Join")
    tabs.expect_current("NGS")
    come_back(tabs)
    assert tabs.names == ["All Chats", "NGS", "RNA-Seq"]
    tabs.expect_current("NGS")

    tabs.tab("NGS").focus()
    tabs.page.keyboard.press("ArrowLeft")
    expect(tabs.tab("All Chats")).to_be_focused()
    tabs.expect_current("NGS")
    tabs.page.keyboard.press("Delete")
    expect(tabs.tab("All Chats")).to_have_count(0)
    tabs.tab("RNA-Seq").click(button="middle")
    expect(tabs.at("room tab")).to_have_count(1)
    tabs.visitor.open_room("All Chats")
    tabs.choose("Close tab")
    expect(tabs.at("room tab")).to_have_count(1)
    tabs.expect_current("NGS")
    assert tabs.visitor.errors == []


def test_more_tabs_than_fit(galaxy: GalaxyServer, visitors: Visitors) -> None:
    """In a phone's width; the room that is open is always in sight, and so is where there is news."""
    user = galaxy.create_user("ada", chat=True)
    tabs = come(visitors(user, NARROW))
    ben = come(visitors(galaxy.create_user("ben", chat=True)))
    tabs.is_in_sight("Genome Annotation")
    expect(tabs.at("tabs after")).to_have_count(0)
    tabs.visitor.screenshot("tabs-narrow")
    ben.tab("All Chats").click()
    ben.visitor.say(f"Out of your sight in {ben.visitor.browser}")
    expect(tabs.at("tabs before")).to_have_class(GOLD)
    tabs.is_in_sight("Genome Annotation")
    tabs.visitor.screenshot("tabs-narrow-news")
    while tabs.at("tabs before").count():
        with suppress(Error):  # where the strip was on its way to the beginning
            tabs.at("tabs before").click(timeout=2_000)
    tabs.is_in_sight("All Chats")
    expect(tabs.around("All Chats")).to_have_class(GOLD)
    tabs.tab("All Chats").click()
    expect(tabs.around("All Chats")).not_to_have_class(GOLD)
    tabs.page.bring_to_front()
    tabs.tab("All Chats").press("End")
    expect(tabs.tab("Genome Annotation")).to_be_focused()
    tabs.is_in_sight("Genome Annotation")

    tabs.at("fold rooms").click()
    expect(tabs.visitor.room("NGS")).to_have_count(0)
    ben.tab("NGS").click()
    ben.visitor.say(f"While the list is away in {ben.visitor.browser}")
    expect(tabs.at("fold rooms")).to_contain_text("1")
    tabs.visitor.screenshot("tabs-narrow-folded")
    come_back(tabs)
    expect(tabs.visitor.room("NGS")).to_have_count(0)
    assert tabs.names == list(ROOMS)
    assert tabs.visitor.errors == ben.visitor.errors == []


def test_gold_until_it_is_read(galaxy: GalaxyServer, visitors: Visitors) -> None:
    ada_user = galaxy.create_user("ada", chat=True)
    ada = come(visitors(ada_user))
    ben = come(visitors(galaxy.create_user("ben", chat=True), NARROW))
    ben.tab("NGS").click()
    ben.visitor.say("Has anybody seen my reads?")
    expect(ada.around("NGS")).to_have_class(GOLD)
    expect(ada.around("NGS")).to_have_css("background-color", "rgb(255, 215, 0)")
    expect(ada.tab("NGS")).to_contain_text("1")
    ada.visitor.screenshot("tab-of-gold")
    expect(ben.around("NGS")).not_to_have_class(GOLD)
    come_back(ada)
    expect(ada.around("NGS")).to_have_class(GOLD)
    ada.tab("NGS").click()
    expect(ada.around("NGS")).not_to_have_class(GOLD)
    rooms = Api(galaxy.url, key=ada_user.api_key)
    eventually(lambda: all(room["unread"] == 0 for room in rooms.get("rooms") if room["name"] == "NGS"))
    ada.tab("All Chats").click()
    expect(ada.around("NGS")).not_to_have_class(GOLD)
    expect(ada.tab("NGS")).not_to_contain_text("1")
    assert ada.visitor.errors == ben.visitor.errors == []


def test_nothing_flashes_for_those_who_do_not_want_it(galaxy: GalaxyServer, visitors: Visitors) -> None:
    ada = come(visitors(galaxy.create_user("ada", chat=True)))
    ben = come(visitors(galaxy.create_user("ben", chat=True)))
    running = "tab => tab.getAnimations().length"
    ben.visitor.say("A first flash")
    ada.tab("NGS").click()
    ben.tab("RNA-Seq").click()
    ben.visitor.say("Three times, and no more")
    expect(ada.around("RNA-Seq")).to_have_class(GOLD)
    assert ada.around("RNA-Seq").evaluate("tab => getComputedStyle(tab).animationIterationCount") == "3"
    ada.page.emulate_media(reduced_motion="reduce")
    assert ada.around("RNA-Seq").evaluate(running) == 0
    expect(ada.around("RNA-Seq")).to_have_css("background-color", "rgb(255, 215, 0)")


@pytest.mark.firefox
def test_the_view_is_cleared_and_history_comes_back(galaxy: GalaxyServer, visitors: Visitors) -> None:
    """In this browser tab alone, and nothing is lost."""
    ada = come(visitors(galaxy.create_user("ada", chat=True)))
    ben = come(visitors(galaxy.create_user("ben", chat=True), NARROW))
    before, after = (f"{text} in {ada.visitor.browser}" for text in ("Before", "And after"))
    ada.visitor.say(before)
    expect(ben.visitor.message(before)).to_be_visible()
    ada.page.bring_to_front()
    ada.visitor.composer.press("Control+l")
    expect(ada.visitor.messages).to_have_count(0)
    expect(ada.visitor.composer).to_be_focused()
    ben.visitor.say(after)
    expect(ada.visitor.texts).to_have_text([after])
    ada.visitor.screenshot("cleared")
    expect(ben.visitor.message(before)).to_be_visible()
    ben.choose("Clear view")
    expect(ben.visitor.messages).to_have_count(0)
    ben.visitor.screenshot("cleared-narrow")
    for tabs in (ada, ben):
        tabs.page.get_by_role("button", name="Show history").click()
        expect(tabs.visitor.message(before)).to_be_visible()
        expect(tabs.visitor.message(after)).to_be_visible()
        expect(tabs.at("cleared")).to_have_count(0)
    assert ada.visitor.errors == ben.visitor.errors == []


def test_rooms_that_are_always_there_are_offered(galaxy: GalaxyServer, visitors: Visitors) -> None:
    for size in (WIDE, NARROW):
        ada = visitors(galaxy.create_user("ada", chat=True), size)
        ada.open_panel()
        ada.go_online()
        tabs = Tabs(ada)
        tabs.at("add room").click()
        ada.page.get_by_role("menuitem", name="Browse rooms").click()
        offered = ada.page.get_by_role("dialog").get_by_role("list", name="Permanent rooms").get_by_role("listitem")
        expect(offered).to_have_count(len(ROOMS))
        assert set(ROOMS) == set(offered.evaluate_all("all => all.map(room => room.dataset.roomName)"))
        expect(offered.filter(has_text="All Chats")).to_contain_text("Joined")
        expect(offered.filter(has_text="NGS")).not_to_contain_text("Joined")
        ada.screenshot(f"permanent-rooms-{size[0]}")
        ada.page.get_by_role("searchbox").fill("rna-seq")
        ada.page.keyboard.press("Enter")
        tabs.expect_current("RNA-Seq")
        assert tabs.names == ["All Chats", "RNA-Seq"]
        assert ada.errors == []


def test_the_bubble_forgets_with_the_session_of_the_browser(galaxy: GalaxyServer, visitors: Visitors) -> None:
    """Offline at first, in the original's colours; each new browser session begins so again."""
    user = galaxy.create_user("ada", chat=True)
    for _session in range(2):
        ada = visitors(user)
        ada.open_panel()
        dot = ada.bubble.locator(".bubble-dot")
        expect(dot).to_have_css("background-color", "rgb(255, 0, 0)")
        expect(ada.bubble).to_have_text("Offline")
        ada.go_online()
        expect(dot).to_have_css("background-color", "rgb(0, 221, 0)")
        expect(ada.bubble).to_have_text("Online")
        ada.page.reload()
        expect(ada.bubble).to_have_attribute("aria-pressed", "true")


def test_own_messages_are_set_apart_and_people_come_and_go(galaxy: GalaxyServer, visitors: Visitors) -> None:
    ben_user = galaxy.create_user("ben", chat=True)
    for number, size in enumerate((WIDE, NARROW)):
        ada = visitors(galaxy.create_user("ada", chat=True), size)
        ada.open_panel()
        ada.go_online()
        ada.open_room("NGS")
        ben = visitors(ben_user)
        ben.open_panel()
        ben.go_online()
        ben.open_room("NGS")
        notice = ada.page.locator(anchor("communication room notice"))
        expect(notice.filter(has_text=f"{ben_user.username} joined")).to_be_visible()
        ada.say(f"Mine {number}")
        ben.say(f"Theirs {number}")
        expect(ada.message(f"Theirs {number}")).to_be_visible()
        bodies = [
            ada.message(f"{whose} {number}").locator(anchor("communication message text")).bounding_box()
            for whose in ("Mine", "Theirs")
        ]
        assert bodies[0]
        assert bodies[1]
        assert bodies[0]["x"] > bodies[1]["x"]
        ben.page.locator(anchor("communication room details button")).click()
        ben.page.get_by_role("button", name="Leave this room").click()
        expect(notice.filter(has_text=f"{ben_user.username} left")).to_be_visible()
        ada.screenshot(f"own-messages-{size[0]}")
        assert ada.errors == ben.errors == []
