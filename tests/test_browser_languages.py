"""The chat in the reader's language, and where one writes from right to left."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import NARROW, WIDE, Visitor, Visitors, anchor
from tests.galaxy_server import GalaxyServer
from tests.people import Api
from tests.writers import Two

#: What the browser asks for; the document's language; the masthead, the rooms, the composer of the lobby.
LANGUAGES = [
    ("de-DE", "de", "Chat", "Räume", "Nachricht an All Chats", "gerade eben"),
    ("es-ES", "es", "Chat", "Salas", "Mensaje para All Chats", "ahora mismo"),
    ("fr-FR", "fr", "Chat", "Salons", "Message à All Chats", "à l\u2019instant"),
    pytest.param(
        *("ja-JP", "ja", "チャット", "ルーム", "All Chats へのメッセージ", "たった今"), marks=pytest.mark.firefox
    ),
    ("zh-CN", "zh-Hans", "聊天", "房间", "发送给 All Chats 的消息", "刚刚"),
]
CATALOGUE = re.compile(r"/assets/(de|es|fr|ja|zh)-[\w-]+\.js$")
TURN = 'new MutationObserver(() => { document.documentElement.dir = "rtl" }).observe(document, { childList: true })'

#: What a person could see or reach outside of the panel that it belongs to.
OUTSIDE = """panel => {
    const frame = panel.getBoundingClientRect();
    const parts = panel.querySelectorAll("button, a, textarea, input, p, h1, h2, h3, h4, time, .avatar, .message-body");
    return [...parts].filter(part => {
        const box = part.getBoundingClientRect();
        const seen = box.width > 1 && !part.closest(".hidden, [popover], dialog");
        return seen && (box.left < frame.left - 1 || box.right > frame.right + 1);
    }).map(part => part.outerHTML.slice(0, 200));
}"""


def loaded(visitor: Visitor) -> list[str]:
    return [found[1] for url in visitor.requested if (found := CATALOGUE.search(url))]


@pytest.mark.parametrize(("locale", "language", "title", "rooms", "composer", "now"), LANGUAGES)
def test_a_language(
    galaxy: GalaxyServer,
    visitors: Visitors,
    locale: str,
    language: str,
    title: str,
    rooms: str,
    composer: str,
    now: str,
) -> None:
    ada = visitors(galaxy.create_user("ada", chat=True), locale=locale)
    expect(ada.icon.get_by_role("button")).to_have_attribute("aria-label", title)
    ada.open_panel()
    expect(ada.panel.locator("xpath=..")).to_have_attribute("lang", language)
    ada.go_online()
    expect(ada.page.get_by_role("navigation", name=rooms, exact=True)).to_be_visible()
    ada.open_room("All Chats")
    expect(ada.composer).to_have_accessible_name(composer)
    ada.say(f"Guten Tag, bonjour, hola, こんにちは, 你好 ({locale}, {ada.browser})")
    time = ada.messages.last.locator("time")
    expect(time).to_have_text(now)
    year = str(datetime.now(tz=timezone.utc).year)
    expect(time).to_have_attribute("title", re.compile(year))
    assert set(loaded(ada)) == {language[:2]}
    ada.screenshot(f"language-{language}")

    ada.page.goto(f"{galaxy.url}/communication")
    expect(ada.page.locator("html")).to_have_attribute("lang", language)
    expect(ada.page).to_have_title(title)
    expect(ada.composer).to_have_accessible_name(composer)
    assert ada.page.locator("html").get_attribute("dir") == "ltr"
    ada.screenshot(f"language-{language}-page")
    ada.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    outside = ada.panel.evaluate(OUTSIDE)
    ada.screenshot(f"language-{language}-narrow")
    assert outside == []
    assert ada.errors == []


def test_english_loads_no_other_language_and_speaks_for_one_that_cannot_be_loaded(
    galaxy: GalaxyServer, visitors: Visitors
) -> None:
    user = galaxy.create_user("ada", chat=True)
    ada = visitors(user)
    ada.open_panel()
    expect(ada.bubble).to_have_text("Offline")
    assert loaded(ada) == []
    assert ada.errors == []

    french = visitors(user, locale="fr-FR")
    french.page.route(CATALOGUE, lambda route: route.abort())
    french.open_panel()
    french.go_online()
    expect(french.page.get_by_role("navigation", name="Rooms")).to_be_visible()
    assert set(loaded(french)) == {"fr"}


def test_recent_messages_say_how_long_ago(two: Two) -> None:
    """The clock is moved; coming back to the page is when one reads it."""
    ben = two.ben
    two.post("Just written")
    time = ben.message("Just written").locator("time")
    expect(time).to_have_text("just now")
    now = datetime.now(tz=timezone.utc)
    for minutes, told in ((5, r"^5 mins? ago$"), (59, r"^59 mins? ago$"), (61, r"^\d\d:\d\d$")):
        ben.page.clock.set_fixed_time(now + timedelta(minutes=minutes, seconds=30))
        ben.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(time).to_have_text(re.compile(told))


def test_names_and_texts_of_another_direction_keep_it_to_themselves(two: Two) -> None:
    ada = two.ada
    answer = two.apis[0]("PATCH", f"rooms/{two.room_id}", {"name": "חדר (מעבדה)", "topic": "שלום, Galaxy!"})
    assert answer.ok, answer.text
    two.post("שלום לכולם, זה עובד?")
    text = ada.message("שלום לכולם").locator(anchor("communication message text"))
    expect(text).to_have_css("direction", "rtl")
    expect(ada.page.get_by_role("heading", name="חדר (מעבדה)")).to_have_css("direction", "ltr")
    expect(ada.visitor.composer).to_have_accessible_name("Message to \u2068חדר (מעבדה)\u2069")
    ada.visitor.screenshot("direction-names")


def middle(part: Locator) -> float:
    box = part.bounding_box()
    assert box
    return box["x"] + box["width"] / 2


def post_to_everybody(galaxy: GalaxyServer, name: str) -> None:
    api = Api(galaxy.url, key=galaxy.create_user(name, chat=True).api_key)
    lobby = next(room["id"] for room in api.get("rooms") if room["kind"] == "lobby")
    for place, text in enumerate(("Does it hold from right to left?", "שלום, האם זה עובד?")):
        assert api("POST", f"rooms/{lobby}/messages", {"text": text, "client_id": f"{name}-{place}"}).ok


@pytest.mark.firefox
def test_the_docked_panel_from_right_to_left(galaxy: GalaxyServer, visitors: Visitors) -> None:
    """Galaxy's page is turned by hand, as it has no such language; the panel stands at its end, which is left then."""
    post_to_everybody(galaxy, "ben")
    ada = visitors(galaxy.create_user("ada", chat=True))
    ada.page.add_init_script(TURN)
    ada.open_galaxy()
    ada.open_panel()
    ada.go_online()
    ada.open_room("All Chats")
    ada.say(f"Yes, the panel of {ada.browser} stands on the other side.")
    panel, columns = ada.panel.bounding_box(), ada.page.locator("#columns").bounding_box()
    assert panel
    assert columns
    assert panel["x"] == 0
    assert columns["x"] >= panel["width"] - 1, "the panel covers nothing of Galaxy's"
    assert ada.panel.evaluate(OUTSIDE) == []
    send = ada.page.locator(".composer-send .icon")
    expect(send).to_have_css("transform", "matrix(-1, 0, 0, 1, 0, 0)")
    assert middle(ada.page.locator(".composer-send")) < middle(ada.composer), "sending is at the end of the line"

    ada.messages.last.hover()
    ada.messages.last.get_by_role("button", name="More actions").click()
    menu = ada.page.get_by_role("menu")
    expect(menu).to_be_visible()
    ada.screenshot("rtl-docked")
    ada.page.keyboard.press("Escape")
    ada.messages.last.get_by_role("button", name="Add reaction").first.click()
    first, second = (ada.page.locator(".emoji-grid button").nth(place) for place in (0, 1))
    first.focus()
    ada.page.keyboard.press("ArrowLeft")
    expect(second).to_be_focused()
    ada.screenshot("rtl-docked-emoji")
    assert ada.errors == []


def test_the_page_from_right_to_left(galaxy: GalaxyServer, visitors: Visitors) -> None:
    post_to_everybody(galaxy, "ben")
    ada = visitors(galaxy.create_user("ada", chat=True))
    ada.page.add_init_script(TURN)
    ada.page.goto(f"{galaxy.url}/communication")
    ada.go_online()
    ada.open_room("All Chats")
    ada.say("My own messages are at the end of the line, and others' at its beginning.")
    rooms, log = ada.page.get_by_role("navigation", name="Rooms"), ada.page.get_by_role("log")
    assert middle(rooms) > middle(log), "the rooms stand before the messages"
    own, others = (ada.message(text).last.locator(".message-body") for text in ("My own", "Does it hold"))
    assert middle(own) < middle(others)
    expect(others.locator(anchor("communication message text"))).to_have_css("direction", "ltr")
    for name, (width, height) in (("rtl-page", WIDE), ("rtl-narrow", NARROW)):
        ada.page.set_viewport_size({"width": width, "height": height})
        ada.screenshot(name)
        assert ada.panel.evaluate(OUTSIDE) == []
    ada.page.locator(anchor("communication room details button")).click()
    ada.screenshot("rtl-narrow-details")
    assert ada.panel.evaluate(OUTSIDE) == []
    assert ada.errors == []
