"""How one wants the chat: its entry among Galaxy's preferences, the page that it leads to, and the language."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import FrameLocator, Locator, expect

from tests.accessibility import violations
from tests.browser import NARROW, Visitor, Visitors, anchor
from tests.galaxy_server import GalaxyServer, StartGalaxy
from tests.people import Api

ENTRY = f"#center {anchor('communication preference')}"
#: Galaxy's first one: a card, or up to Galaxy 25.0 a row.
GALAXYS_FIRST = "#g-card-edit-preferences-information, .row:has(> * > #edit-preferences-information)"


@pytest.fixture(scope="module")
def galaxy(start_galaxy: StartGalaxy) -> GalaxyServer:
    """One whose chat may be switched off."""
    return start_galaxy()


@pytest.fixture
def admin(galaxy: GalaxyServer) -> Iterator[Api]:
    api = Api(galaxy.url, key=galaxy.admin(chat=False).api_key)
    yield api
    assert api("PUT", "status", {"enabled": True}).ok


def entry(visitor: Visitor) -> Locator:
    return visitor.page.locator(ENTRY)


def centre(visitor: Visitor) -> FrameLocator:
    return visitor.page.frame_locator("iframe#galaxy_main")


def switch(place: FrameLocator | Locator, name: str) -> Locator:
    return place.locator(anchor(f"communication preference {name}"))


def test_the_entry_and_galaxys_own_form_are_one_switch(galaxy: GalaxyServer, visitors: Visitors, admin: Api) -> None:
    ada = visitors(galaxy.create_user("ada", chat=False))
    ada.page.goto(f"{galaxy.url}/user")
    expect(entry(ada)).to_be_visible()
    assert entry(ada).evaluate(
        """(one, first) => (one.closest(".row") ?? one).nextElementSibling.matches(first)""", GALAXYS_FIRST
    )
    ada.screenshot("preferences-entry")
    entry(ada).click()
    wanted = switch(centre(ada), "enabled")
    expect(wanted).not_to_be_checked()
    expect(ada.icon).to_have_count(0)
    wanted.check()
    expect(ada.icon).to_be_visible()
    ada.screenshot("preferences-in-galaxy")

    ada.page.goto(f"{galaxy.url}/user/information")
    expect(ada.preference.locator("input")).to_be_checked()
    ada.switch_chat_on()  # the other way: it turns what it finds
    expect(ada.icon).to_have_count(0)
    expect(entry(ada)).to_have_count(1)
    entry(ada).click()
    expect(wanted).not_to_be_checked()
    wanted.check()
    expect(ada.icon).to_be_visible()

    # Galaxy makes its page anew.
    ada.page.goto(f"{galaxy.url}/user")
    expect(entry(ada)).to_be_visible()
    ada.page.locator(GALAXYS_FIRST).get_by_text("Manage Information").click()
    expect(entry(ada)).to_have_count(0)
    ada.page.go_back()
    expect(entry(ada)).to_have_count(1)

    ada.open_panel()
    ada.go_online()
    expect(ada.page.get_by_role("log")).to_have_attribute("aria-busy", "false")
    assert admin("PUT", "status", {"enabled": False}).ok
    for ours in (entry(ada), ada.icon, ada.panel):
        expect(ours).to_have_count(0)
    ada.page.goto(f"{galaxy.url}/user")
    expect(ada.page.locator(GALAXYS_FIRST)).to_be_visible()
    expect(entry(ada)).to_have_count(0)
    ada.page.goto(f"{galaxy.url}/communication/preferences")
    expect(ada.page.get_by_text("Chat is switched off on this Galaxy.")).to_be_visible()
    assert ada.errors == []


def test_the_page_on_its_own(galaxy: GalaxyServer, visitors: Visitors) -> None:
    user = galaxy.create_user("ben", chat=True)
    api = Api(galaxy.url, key=user.api_key)
    (lobby,) = (room["id"] for room in api.get("rooms") if room["kind"] == "lobby")
    assert api("POST", f"rooms/{lobby}/messages", {"text": "my own words", "client_id": "1"}).ok
    ben = visitors(user)
    ben.page.goto(f"{galaxy.url}/communication/preferences")
    page = ben.page.locator(anchor("communication preferences page"))
    for name in ("presence", "typing", "notifications", "sound"):
        was = switch(page, name).is_checked()
        switch(page, name).click()
        expect(switch(page, name)).to_be_checked(checked=not was)
    ben.screenshot("preferences-page")
    assert violations(ben.page) == []
    with ben.page.expect_download() as download:
        page.get_by_role("link", name="Export what I have written").click()
    (line,) = download.value.path().read_text().splitlines()
    assert json.loads(line)["text"] == "my own words"
    ben.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    ben.screenshot("preferences-page-narrow")
    ben.page.reload()
    expect(switch(page, "sound")).to_be_checked()
    expect(switch(page, "presence")).not_to_be_checked()
    assert ben.errors == []


def test_the_language_is_chosen_in_either_place(galaxy: GalaxyServer, visitors: Visitors) -> None:
    cy = visitors(galaxy.create_user("cy", chat=True), locale="es-ES")
    cy.page.goto(f"{galaxy.url}/communication/preferences")
    page = cy.page.locator(anchor("communication preferences page"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Preferencias del chat")
    switch(page, "language").select_option("Deutsch")
    expect(page.get_by_role("heading", level=1)).to_have_text("Chat-Einstellungen")
    assert violations(cy.page) == []
    cy.screenshot("preferences-page-german")

    cy.open_galaxy()
    cy.open_panel()
    expect(cy.panel.get_by_text("Sie sind offline.")).to_be_visible()
    cy.go_online()
    language = switch(cy.open_preferences("Chat-Einstellungen"), "language")
    expect(language).to_have_value("de")
    language.select_option("日本語")
    expect(cy.page.get_by_role("dialog", name="チャットの設定")).to_be_visible()
    cy.screenshot("preferences-panel-japanese")
    language.select_option("")
    expect(cy.page.get_by_role("dialog", name="Preferencias del chat")).to_be_visible()
    assert cy.errors == []
