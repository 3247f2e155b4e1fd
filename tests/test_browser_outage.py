"""What people see when the server dies, the network goes or their browser crashes, with a Galaxy that may be killed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import NARROW, WIDE, Visitor, Visitors
from tests.cable import Cable
from tests.galaxy_server import GalaxyServer, StartGalaxy, TestUser

#: A back-off that has reached its cap, and the attempt after it, in milliseconds.
RECONNECT = 60_000


@pytest.fixture(scope="module")
def mortal(start_galaxy: StartGalaxy) -> GalaxyServer:
    return start_galaxy()


@pytest.fixture
def visitors(browser: Browser, mortal: GalaxyServer) -> Iterator[Visitors]:
    visiting = Visitors(browser, mortal)
    yield visiting
    visiting.leave()


def come_in(visitor: Visitor) -> None:
    visitor.page.goto(visitor.galaxy.url)
    visitor.open_panel()
    visitor.go_online()
    visitor.open_room("All Chats")
    expect(visitor.page.get_by_role("log")).to_have_attribute("aria-busy", "false")


def write(visitor: Visitor, *texts: str) -> None:
    for text in texts:
        visitor.say(text)


#: How many messages the browser has stored for the next visit.
STORED = """async () => {
  const [{ name }] = await indexedDB.databases();
  const done = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const database = await done(indexedDB.open(name));
  const count = await done(database.transaction("drafts").objectStore("drafts").count());
  database.close();
  return count;
}"""


def wait_until_stored(visitor: Visitor, count: int) -> None:
    """A browser stores in its own time; a crash in these milliseconds loses what was written in them."""
    visitor.page.wait_for_function(f"async () => (await ({STORED})()) === {count}")


def network_errors(visitor: Visitor) -> list[str]:
    """What the browser itself says of a server that is not there."""
    return [error for error in visitor.errors if re.search("net::ERR_|establish a connection", error)]


@pytest.fixture
def ada_user(mortal: GalaxyServer) -> TestUser:
    return mortal.create_user("ada", chat=True)


@pytest.fixture
def ada(visitors: Visitors, ada_user: TestUser) -> Visitor:
    return visitors(ada_user)


@pytest.fixture
def ben(visitors: Visitors, mortal: GalaxyServer) -> Visitor:
    return visitors(mortal.create_user("ben", chat=True))


def test_what_is_written_while_the_server_is_dead_arrives_once_everywhere(
    mortal: GalaxyServer, ada: Visitor, ben: Visitor
) -> None:
    for visitor in (ada, ben):
        come_in(visitor)
    write(ada, "Is anybody there?")
    expect(ben.message("Is anybody there?")).to_be_visible()
    before = ada.texts.all_inner_texts()

    mortal.kill()
    for visitor in (ada, ben):
        expect(visitor.connection("connecting")).to_be_attached()
        expect(visitor.bubble).to_have_attribute("aria-pressed", "true")
    written = ["The server seems to be gone", "I go on writing", "Three messages, one after the other"]
    write(ada, *written)
    expect(ada.delivered("pending")).to_have_count(3)
    ada.composer.fill("And a fourth one, not sent y")
    ada.screenshot("outage")
    ada.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    ada.screenshot("outage-narrow")
    ada.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})

    mortal.start_and_wait()
    for visitor in (ada, ben):
        expect(visitor.connection("connected")).to_be_attached(timeout=RECONNECT)
        expect(visitor.texts).to_have_text([*before, *written])
        expect(visitor.delivered("sent")).to_have_count(len(before) + 3)
    expect(ada.composer).to_have_value("And a fourth one, not sent y")
    for visitor in (ada, ben):
        visitor.page.reload()
        expect(visitor.connection("connected")).to_be_attached()
        expect(visitor.texts).to_have_text([*before, *written])
        assert visitor.errors == network_errors(visitor)


def test_a_crash_of_the_tab_loses_nothing(mortal: GalaxyServer, ada: Visitor, ben: Visitor) -> None:
    for visitor in (ada, ben):
        come_in(visitor)
    before = ada.texts.all_inner_texts()
    mortal.kill()
    expect(ada.connection("connecting")).to_be_attached()
    written = ["Written without a server", "And then my browser crashed"]
    write(ada, *written)
    wait_until_stored(ada, len(written))
    ada.crash()
    mortal.start_and_wait()

    cable = Cable(ada.page)
    cable.loses = lambda frame: "message.send" in frame
    come_in(ada)
    expect(ada.delivered("pending")).to_have_count(2)
    expect(ada.texts).to_have_text([*before, *written])
    expect(ben.connection("connected")).to_be_attached(timeout=RECONNECT)
    expect(ben.texts).to_have_text(before)
    cable.repair()
    ada.page.reload()
    for visitor in (ada, ben):
        expect(visitor.texts).to_have_text([*before, *written])
        expect(visitor.delivered("sent")).to_have_count(len(before) + 2)
        assert visitor.errors == network_errors(visitor)


@pytest.mark.firefox
def test_without_a_network_one_is_not_shown_as_connected(ada: Visitor) -> None:
    ada.share_nothing()
    come_in(ada)
    before = ada.texts.all_inner_texts()
    ada.context.set_offline(True)
    expect(ada.connection("connecting")).to_be_attached()
    text = f"From the train in {ada.browser}"
    write(ada, text)
    expect(ada.delivered("pending")).to_have_count(1)
    ada.context.set_offline(False)
    expect(ada.connection("connected")).to_be_attached()
    expect(ada.texts).to_have_text([*before, text])
    expect(ada.delivered("pending")).to_have_count(0)
    assert ada.errors == network_errors(ada)


def test_a_connection_that_died_unnoticed_is_found_out_when_one_comes_back(ada: Visitor) -> None:
    cable = Cable(ada.page)
    come_in(ada)
    before = ada.texts.all_inner_texts()
    cable.pull()
    text = f"Into the void in {ada.browser}"
    write(ada, text)
    expect(ada.connection("connected")).to_be_attached()
    ada.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(ada.connection("connecting")).to_be_attached()
    expect(ada.delivered("pending")).to_have_count(1)
    cable.repair()
    ada.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(ada.connection("connected")).to_be_attached()
    expect(ada.texts).to_have_text([*before, text])
    expect(ada.delivered("pending")).to_have_count(0)
    assert ada.errors == []
