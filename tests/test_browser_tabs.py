"""Several tabs of one browser: one connection, held by a worker that they share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import Sockets, Visitor, Visitors
from tests.galaxy_server import GalaxyServer, StartGalaxy


@pytest.fixture(scope="module")
def prefixed(start_galaxy: StartGalaxy) -> GalaxyServer:
    return start_galaxy(prefix="/some/galaxy")


@pytest.fixture
def prefixed_visitors(browser: Browser, prefixed: GalaxyServer) -> Iterator[Visitors]:
    visiting = Visitors(browser, prefixed)
    yield visiting
    visiting.leave()


def come_in(visitor: Visitor) -> None:
    visitor.page.goto(visitor.galaxy.url)
    visitor.open_panel()
    enter(visitor)


def come_to_the_page(visitor: Visitor) -> None:
    visitor.page.goto(f"{visitor.galaxy.url}/communication")
    enter(visitor)


def enter(visitor: Visitor) -> None:
    visitor.go_online()
    visitor.open_room("All Chats")


@pytest.mark.firefox
def test_all_tabs_have_one_connection(galaxy: GalaxyServer, visitors: Visitors, sockets: Sockets) -> None:
    """Galaxy's page, a second one, and the chat's own page, whose policy is strict."""
    first = visitors(galaxy.create_user("ada", chat=True))
    ben = visitors(galaxy.create_user("ben", chat=True))
    come_in(ben)
    come_in(first)
    second, third = first.another_tab(), first.another_tab()
    come_in(second)
    come_to_the_page(third)
    assert sockets.opened == 2, "one of each browser"
    assert first.sockets == [], "of a page's own"

    said = [f"From {whom} in {ben.browser}" for whom in ("the first tab", "the third tab", "somebody else")]
    for visitor, text in zip((first, third, ben), said, strict=True):
        visitor.say(text)
    for visitor in (first, second, third, ben):
        for text in said:
            expect(visitor.message(text)).to_have_count(1)

    first.page.close()
    question, answer = f"Is anybody still there in {ben.browser}?", f"Yes, in the last tab of {ben.browser}"
    ben.say(question)
    expect(second.message(question)).to_be_visible()
    second.bubble.click()
    expect(second.connection("offline")).to_be_attached()
    third.say(answer)
    expect(ben.message(answer)).to_be_visible()
    assert sockets.opened == 2

    before = sockets.open
    third.page.close()
    sockets.wait_until_open(before - 1)
    assert first.errors == ben.errors == []


def test_what_one_tab_reads_is_read_in_the_other(galaxy: GalaxyServer, visitors: Visitors) -> None:
    first, ben = visitors(galaxy.create_user("ada", chat=True)), visitors(galaxy.create_user("ben", chat=True))
    come_in(ben)
    ben.open_room("NGS")
    come_in(first)
    second = first.another_tab()
    come_in(second)
    for visitor in (first, second):
        visitor.open_room("NGS")
        visitor.open_room("All Chats")
    ben.say("Read it anywhere")
    for visitor in (first, second):
        expect(visitor.room("NGS")).to_contain_text("1")
    first.open_room("NGS")
    for visitor in (first, second):
        expect(visitor.unread).to_have_count(0)


def test_somebody_else_logs_in(galaxy: GalaxyServer, visitors: Visitors, sockets: Sockets) -> None:
    """The session of the one before is still good, as far as the server knows."""
    ada_user, ben_user = galaxy.create_user("ada", chat=True), galaxy.create_user("ben", chat=True)
    ada = visitors(ada_user)
    come_in(ada)
    ada.say(f"From ada in {ada.browser}")
    ada.context.clear_cookies()
    ben = ada.another_tab()
    ben.log_in(ben_user)
    come_to_the_page(ben)
    text = f"From ben in {ada.browser}"
    ben.say(text)
    expect(ben.message(text)).to_have_attribute("data-author", ben_user.username)
    expect(ada.connection("offline")).to_be_attached()
    expect(ada.message(text)).to_have_count(0)
    assert sockets.opened == 2


def test_under_a_prefix(prefixed: GalaxyServer, prefixed_visitors: Visitors) -> None:
    sockets = Sockets(prefixed)
    first = prefixed_visitors(prefixed.create_user("ada", chat=True))
    come_in(first)
    second = first.another_tab()
    come_to_the_page(second)
    second.say("From below")
    expect(first.message("From below")).to_be_visible()
    assert sockets.opened == 1
    assert [error for error in first.errors if "/favicon.ico" not in error] == []  # which Galaxy's own page lacks there
