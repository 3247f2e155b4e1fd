"""Through nginx, before a Galaxy of two processes under a prefix: with WebSockets, without, and with them again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser import Visitor, Visitors, anchor
from tests.galaxy_server import GalaxyServer, StartGalaxy, TestUser
from tests.nginx import Nginx, Upgrades
from tests.writers import Writer

LIVE = 15_000
#: Three attempts and their back-off, or what is between two attempts while REST does, in milliseconds.
SWITCH = 90_000
#: The longest pause between two looks over REST, and the look.
POLL = 45_000


@pytest.fixture(scope="module")
def two_processes(start_galaxy: StartGalaxy, make_postgresql_database: Callable[[], str]) -> GalaxyServer:
    return start_galaxy(server="gunicorn", workers=2, prefix="/galaxy", database=make_postgresql_database())


@pytest.fixture(scope="module")
def nginx(two_processes: GalaxyServer, start_nginx: Callable[[int], Nginx]) -> Nginx:
    """From here on Galaxy is where nginx is."""
    nginx = start_nginx(two_processes.port)
    two_processes.url = two_processes.url.replace(f":{two_processes.port}", f":{nginx.port}")
    return nginx


@pytest.fixture
def visitors(browser: Browser, two_processes: GalaxyServer, nginx: Nginx) -> Iterator[Visitors]:
    visiting = Visitors(browser, two_processes)
    yield visiting
    visiting.leave()


def edit(visitor: Visitor, text: str) -> None:
    """One's last message."""
    visitor.composer.press("ArrowUp")
    expect(visitor.composer).not_to_have_value("")
    visitor.composer.fill(text)
    visitor.composer.press("Enter")
    expect(visitor.message(text)).to_have_count(1)


def talk(ada: Writer, ben: Writer, how: str, within: float) -> list[str]:
    """Both write, one edits, one reacts, and both see all of it. What they have said."""
    ada.visitor.say(f"Does this pass nginx? ({how})")
    expect(ben.message(f"Does this pass nginx? ({how})")).to_be_visible(timeout=within)
    ben.visitor.say(f"It does ({how})")
    expect(ada.message(f"It does ({how})")).to_be_visible(timeout=within)
    said = [f"And two processes? ({how})", f"It does ({how})"]
    edit(ada.visitor, said[0])
    expect(ben.message(said[0])).to_be_visible(timeout=within)
    ada.tool(said[1], "Add reaction")
    ada.page.get_by_role("dialog", name="Choose a reaction").get_by_role("button").first.click()
    for one in (ada, ben):
        expect(one.message(said[1]).locator(anchor("communication message reaction"))).to_be_visible(timeout=within)
    return said


def test_the_chat_goes_on_whatever_the_proxy_lets_pass(
    two_processes: GalaxyServer, nginx: Nginx, visitors: Visitors
) -> None:
    ada, ben = (Writer(visitors(user), user, "All Chats") for user in people(two_processes))
    both = ada.visitor, ben.visitor
    said = talk(ada, ben, "live", LIVE)
    ways: list[Upgrades] = ["refuse", "strip"]
    for way in ways:
        nginx.reload(way)
        for visitor in both:
            expect(polling(visitor)).to_be_visible(timeout=SWITCH)
            expect(visitor.connection("connecting")).to_be_attached()
        said += talk(ada, ben, way, POLL)
        ada.visitor.screenshot("proxy-blocks")

        nginx.reload("pass")
        ada.visitor.say(f"While it comes back ({way})")
        said.append(f"While it comes back ({way})")
        if way == "refuse":  # the other time it comes back by itself
            for visitor in both:
                polling(visitor).get_by_role("button", name="Try now").click()
        for visitor in both:
            expect(visitor.connection("connected")).to_be_attached(timeout=SWITCH)
            expect(polling(visitor)).to_have_count(0)
            expect(visitor.texts).to_have_text(said)
            expect(visitor.delivered("sent")).to_have_count(len(said))


def people(galaxy: GalaxyServer) -> list[TestUser]:
    return [galaxy.create_user(name, chat=True) for name in ("ada", "ben")]


def polling(visitor: Visitor) -> Locator:
    return visitor.page.locator(anchor("communication polling"))
