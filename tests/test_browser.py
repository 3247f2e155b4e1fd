"""The chat in a real Galaxy, in real browsers."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import NARROW, Sockets, Visitors
from tests.galaxy_server import GalaxyServer


def test_two_people_two_browsers_one_room(galaxy: GalaxyServer, visitors: Visitors, sockets: Sockets) -> None:
    """The whole way: log in, switch chat on in the form, open the panel, go online, talk. A third sees no trace."""
    ada_user, ben_user = galaxy.create_user("ada"), galaxy.create_user("ben")
    ada, ben, eve = visitors(ada_user), visitors(ben_user), visitors(galaxy.create_user("eve"))
    for online, visitor in enumerate((ada, ben)):
        expect(visitor.icon).to_have_count(0)
        visitor.switch_chat_on()
        # Without a reload: the icon is there as soon as the form is saved.
        expect(visitor.icon).to_be_visible()
        assert sockets.opened == online
        visitor.page.goto(galaxy.url)
        visitor.open_panel()
        assert sockets.opened == online, "offline at first, as the original was"
        visitor.go_online()
        visitor.open_room("All Chats")
    ada.page.goto(f"{galaxy.url}/user/information")
    ada.preference.scroll_into_view_if_needed()
    ada.screenshot("preference")
    ada.page.goto(galaxy.url)
    expect(ada.connection("connected")).to_be_attached()
    ada.open_room("All Chats")

    ada.say("Does anybody know why FastQC fails on my reads?")
    expect(ben.message("Does anybody know why FastQC")).to_be_visible()
    ben.say("Are they still gzipped? Set the datatype to fastqsanger.gz")
    expect(ada.message("Are they still gzipped?")).to_be_visible()
    ada.say("Yes! Thank you, that was it")
    expect(ben.message("Yes! Thank you")).to_be_visible()
    for visitor in (ada, ben):
        assert visitor.messages.evaluate_all("all => all.map(one => one.dataset.author).slice(-3)") == [
            ada_user.username,
            ben_user.username,
            ada_user.username,
        ]
        seqs = [int(seq) for seq in visitor.messages.evaluate_all("all => all.map(one => one.dataset.seq)")]
        assert seqs == sorted(set(seqs))
        expect(visitor.unread).to_have_count(0)
    ada.screenshot("masthead", ada.page.locator("#masthead"))
    ada.screenshot("panel")
    ben.screenshot("panel-of-the-other")

    opened = sockets.opened
    eve.open_galaxy()
    expect(eve.icon).to_have_count(0)
    assert eve.page.locator("galaxy-communication").count() == 0
    assert sockets.opened == opened
    assert [url for url in eve.requested if "/communication/" in url and not url.endswith("/status")] == []
    for visitor in (ada, ben, eve):
        assert visitor.errors == []
        assert {url.split("/")[2] for url in visitor.requested if url.startswith("http")} == {galaxy.url.split("/")[2]}


def test_going_offline_closes_the_socket_and_lasts_for_the_session(
    galaxy: GalaxyServer, visitors: Visitors, sockets: Sockets
) -> None:
    ada = visitors(galaxy.create_user("ada", chat=True))
    ada.open_panel()
    ada.go_online()
    ada.page.reload()
    expect(ada.connection("connected")).to_be_attached()
    online = sockets.open
    ada.bubble.click()
    expect(ada.bubble).to_have_attribute("aria-pressed", "false")
    sockets.wait_until_open(online - 1)
    expect(ada.connection("offline")).to_be_attached()
    expect(ada.composer).to_have_count(0)
    ada.screenshot("offline")
    opened = sockets.opened
    ada.open_galaxy()
    expect(ada.connection("offline")).to_be_attached()
    assert sockets.opened == opened
    assert ada.errors == []


def test_what_happened_elsewhere_shows(galaxy: GalaxyServer, visitors: Visitors) -> None:
    """Unread at the next visit, in the masthead and in the room list; gone when read."""
    ada_user = galaxy.create_user("ada", chat=True)
    ada, ben = visitors(ada_user), visitors(galaxy.create_user("ben", chat=True))
    for visitor in (ada, ben):
        visitor.open_panel()
        visitor.go_online()
        visitor.open_room("NGS")
    ada.open_room("Genome Annotation")
    ben.say("One for later")
    expect(ada.unread).to_be_visible()
    expect(ada.room("NGS")).to_contain_text("1")
    ada.open_room("NGS")
    expect(ada.message("One for later")).to_be_visible()
    expect(ada.unread).to_have_count(0)
    ada.page.reload()
    expect(ada.connection("connected")).to_be_attached()
    expect(ada.unread).to_have_count(0)
    assert ada.errors == ben.errors == []


def test_markup_stays_text(galaxy: GalaxyServer, visitors: Visitors) -> None:
    """The original's worst fault: percent-encoded markup became HTML after it had been sanitised."""
    ada = visitors(galaxy.create_user("ada", chat=True))
    ada.open_panel()
    ada.go_online()
    ada.open_room("All Chats")
    for text in (
        "<img src=x onerror=\"document.title='pwned'\">",
        "%3Cimg src=x onerror=\"document.title='pwned'\"%3E",
        "[x](javascript:document.title='pwned') https://example.org/\"onmouseover=document.title='pwned'",
    ):
        ada.say(text)
    assert "pwned" not in ada.page.title()
    assert ada.page.locator('galaxy-communication [src="x"], galaxy-communication a[href^="javascript"]').count() == 0
    assert ada.errors == []


def test_the_page_of_its_own_and_a_narrow_screen(galaxy: GalaxyServer, visitors: Visitors) -> None:
    user = galaxy.create_user("ada", chat=True)
    ada = visitors(user)
    ada.page.goto(f"{galaxy.url}/communication")
    ada.go_online()
    ada.open_room("All Chats")
    ada.say("From the page of its own")
    ada.screenshot("page")
    narrow = visitors(user, NARROW)
    narrow.open_panel()
    narrow.go_online()
    narrow.screenshot("narrow-rooms")
    narrow.open_room("All Chats")
    expect(narrow.message("From the page of its own")).to_be_visible()
    narrow.screenshot("narrow-room")
    assert ada.errors == narrow.errors == []


def test_strangers_see_no_trace(galaxy: GalaxyServer, visitors: Visitors) -> None:
    nobody = visitors()
    with nobody.page.expect_response("**/api/webhooks") as scripts:
        nobody.page.goto(f"{galaxy.url}/login/start")
    scripts.value.finished()
    nobody.page.wait_for_selector("#masthead li#user")
    expect(nobody.icon).to_have_count(0)
    assert [url for url in nobody.requested if "communication" in url] == []
    assert nobody.errors == []
