"""Every state of the chat, one after the other, for what looks at all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from playwright.sync_api import expect

from tests.people import Api
from tests.stage import REFUSED, RUSHED, WAITING, Stage

State = Callable[[Stage], Iterator[None]]
STATES: list[State] = []


def state(show: State) -> State:
    """Of the chat: shown before the ``yield``, left after it. They come one after the other, as they stand here."""
    STATES.append(show)
    return show


@state
def offline(stage: Stage) -> Iterator[None]:
    expect(stage.chat.get_by_text(stage.text("offline.title"))).to_be_visible()
    yield


@state
def connecting(stage: Stage) -> Iterator[None]:
    stage.cable.pull()
    stage.visitor.bubble.click()
    expect(stage.page.locator(".skeleton").first).to_be_visible()
    yield
    stage.visitor.bubble.click()
    stage.cable.repair()
    stage.visitor.go_online()


@state
def every_kind_of_message(stage: Stage) -> Iterator[None]:
    stage.visitor.open_room(stage.room.name)
    expect(stage.visitor.message("See you")).to_be_visible()
    expect(stage.page.locator(".message-text:not(.rendered)")).to_have_count(0)
    for text in (REFUSED, RUSHED, WAITING):
        stage.visitor.composer.fill(text)
        stage.visitor.composer.press("Enter")
        expect(stage.visitor.message(text)).to_be_visible()
    expect(stage.visitor.delivered("failed")).to_have_count(1)
    expect(stage.visitor.message(RUSHED).locator(".delivery")).to_contain_text(re.compile(r"\d"))
    yield


@state
def older_messages(stage: Stage) -> Iterator[None]:
    stage.chat.get_by_role("log").evaluate("list => (list.scrollTop = 0)")
    expect(stage.chat.get_by_text(stage.text("messages.newest"))).to_be_visible()
    yield
    stage.button(stage.text("messages.newest")).click()


@state
def tools_of_a_message(stage: Stage) -> Iterator[None]:
    stage.focus("It is hidden")
    expect(
        stage.visitor.message("It is hidden").get_by_role("button", name=stage.text("message.reply"))
    ).to_be_visible()
    yield


@state
def menu_of_a_message(stage: Stage) -> Iterator[None]:
    stage.press("Enter")
    expect(stage.chat.get_by_role("menu")).to_be_visible()
    yield
    stage.press("Escape", "Escape")


@state
def emoji(stage: Stage) -> Iterator[None]:
    stage.focus("It is hidden")
    stage.press("+")
    expect(stage.at("emoji picker").locator(".emoji").first).to_be_visible()
    yield
    stage.press("Escape")


@state
def question_before_deleting(stage: Stage) -> Iterator[None]:
    stage.focus("It is hidden")
    stage.press("Delete")
    expect(stage.chat.get_by_role("alertdialog")).to_be_visible()
    yield
    stage.press("Escape")


@state
def versions(stage: Stage) -> Iterator[None]:
    stage.focus("This was changed")
    stage.press("Enter")
    stage.chat.get_by_role("menuitem", name=stage.text("message.versions")).click()
    expect(stage.page.locator(".version")).to_have_count(2)
    yield
    stage.press("Escape")


@state
def reply(stage: Stage) -> Iterator[None]:
    stage.focus("It is hidden")
    stage.press("r")
    expect(stage.at("composer note")).to_be_visible()
    yield
    stage.press("Escape")


@state
def edit(stage: Stage) -> Iterator[None]:
    stage.focus("This was changed")
    stage.press("e")
    expect(stage.at("composer note")).to_be_visible()
    yield
    stage.press("Escape")


@state
def people_to_mention(stage: Stage) -> Iterator[None]:
    stage.visitor.composer.focus()
    stage.page.keyboard.type(f"@{stage.room.ben.username[:3]}")
    expect(stage.at("completions")).to_be_visible()
    yield
    stage.visitor.composer.fill("")


@state
def pinned(stage: Stage) -> Iterator[None]:
    stage.at("pins").click()
    expect(stage.at("pinned messages").get_by_text("Keep the raw reads")).to_be_visible()
    yield
    stage.press("Escape")


@state
def person(stage: Stage) -> Iterator[None]:
    stage.at("person button").last.click()
    expect(stage.at("person")).to_be_visible()
    yield
    stage.press("Escape")


@state
def search(stage: Stage) -> Iterator[None]:
    stage.visitor.composer.focus()
    stage.press("Control+Shift+F")
    expect(stage.at("search")).to_be_visible()
    yield


@state
def search_with_hits(stage: Stage) -> Iterator[None]:
    stage.page.keyboard.type("reads")
    expect(stage.at("search hit").first).to_be_visible()
    expect(stage.page.locator(".outdated")).to_have_count(0)
    yield


@state
def search_in_vain(stage: Stage) -> Iterator[None]:
    stage.at("search query").fill("nowhere-to-be-found")
    expect(stage.at("search count")).to_have_text(stage.text("search.noneHere"))
    yield
    stage.at("search query").fill("")
    stage.press("Escape")


@state
def details(stage: Stage) -> Iterator[None]:
    stage.at("room details button").click()
    expect(stage.at("member")).to_have_count(2)
    yield


@state
def menu_of_a_member(stage: Stage) -> Iterator[None]:
    stage.button(stage.text("room.memberActions", name=stage.room.ben.username)).click()
    expect(stage.chat.get_by_role("menu")).to_be_visible()
    yield
    stage.press("Escape")


@state
def changing_the_room(stage: Stage) -> Iterator[None]:
    stage.at("edit room").click()
    expect(stage.chat.get_by_role("textbox", name=stage.text("room.topic"))).to_be_visible()
    yield
    stage.button(stage.text("room.cancel")).click()
    stage.button(stage.text("room.closeDetails")).click()


@state
def preferences(stage: Stage) -> Iterator[None]:
    stage.visitor.open_preferences(stage.text("preferences.title"))
    expect(stage.at("preference presence")).to_be_visible()
    yield
    stage.press("Escape")


@state
def shortcuts(stage: Stage) -> Iterator[None]:
    stage.visitor.composer.focus()
    stage.press("Control+/")
    expect(stage.at("shortcuts")).to_be_visible()
    yield
    stage.press("Escape")


@state
def new_room(stage: Stage) -> Iterator[None]:
    dialog = stage.choose("rooms.newRoom")
    dialog.get_by_role("combobox").fill(stage.room.ben.username)
    expect(dialog.get_by_role("option")).to_have_count(1)
    dialog.get_by_role("combobox").press("Enter")
    expect(
        dialog.get_by_role("button", name=stage.text("people.unchoose", name=stage.room.ben.username))
    ).to_be_visible()
    yield
    stage.press("Escape")


@state
def new_conversation(stage: Stage) -> Iterator[None]:
    dialog = stage.choose("rooms.newConversation")
    dialog.get_by_role("combobox").fill(stage.room.ben.username)
    expect(dialog.get_by_role("option")).to_have_count(1)
    yield
    stage.press("Escape")


@state
def browse(stage: Stage) -> Iterator[None]:
    dialog = stage.choose("rooms.browse")
    expect(dialog.locator("[data-room-name]").first).to_be_visible()
    yield
    stage.press("Escape")


@state
def empty_room(stage: Stage) -> Iterator[None]:
    stage.visitor.open_room(f"Empty room of {stage.room.ada.username}")
    expect(stage.chat.get_by_text(stage.text("empty.private"))).to_be_visible()
    yield


@state
def archived_room(stage: Stage) -> Iterator[None]:
    stage.visitor.open_room(f"Old room of {stage.room.ada.username}")
    expect(stage.chat.get_by_text(stage.text("closed.archived")).first).to_be_visible()
    expect(stage.page.locator(".skeleton")).to_have_count(0)
    yield
    stage.visitor.open_room(stage.room.name)


@state
def slow_mode(stage: Stage) -> Iterator[None]:
    stage.visitor.open_room(f"Slow room of {stage.room.ada.username}")
    stage.visitor.composer.fill("Slowly")
    stage.visitor.composer.press("Enter")
    expect(stage.at("slow mode")).to_contain_text(re.compile(r"[12]\d"))
    yield
    stage.visitor.open_room(stage.room.name)


@state
def silenced(stage: Stage) -> Iterator[None]:
    admin = Api(stage.visitor.galaxy.url, key=stage.room.admin.api_key)
    silence = f"admin/silences/{stage.room.ada.id}"
    assert admin("PUT", silence, {"reason": "Please read the rules."}).ok
    expect(stage.at("closed room")).to_contain_text("Please read the rules.")
    yield
    assert admin("DELETE", silence).ok
    expect(stage.visitor.composer).to_be_visible()


@state
def connection_lost(stage: Stage) -> Iterator[None]:
    stage.cable.cut()
    expect(stage.chat.get_by_text(stage.text("connection.lost"))).to_be_visible()
    yield
    stage.cable.repair()
    # An attempt that went nowhere has to be given up first.
    expect(stage.visitor.connection("connected")).to_be_attached(timeout=60_000)


@state
def banned(stage: Stage) -> Iterator[None]:
    admin = Api(stage.visitor.galaxy.url, key=stage.room.admin.api_key)
    ban = f"admin/bans/{stage.room.ada.id}"
    assert admin("PUT", ban, {"reason": "Spam."}).ok
    expect(stage.chat.get_by_text(stage.text("refusal.banned", why="Spam."))).to_be_visible()
    yield
    assert admin("DELETE", ban).ok
    stage.button(stage.text("retry")).click()
    expect(stage.visitor.connection("connected")).to_be_attached()


@state
def switched_off_by_oneself(stage: Stage) -> Iterator[None]:
    stage.visitor.galaxy.enable_chat(stage.room.ada, False)
    stage.expect_no_chat("notForYou.title")
    yield
    stage.visitor.galaxy.enable_chat(stage.room.ada)
    stage.come_back()


@state
def switched_off_by_the_administrator(stage: Stage) -> Iterator[None]:
    admin = Api(stage.visitor.galaxy.url, key=stage.room.admin.api_key)
    assert admin("PUT", "status", {"enabled": False}).ok
    stage.expect_no_chat("switchedOff.title")
    yield
    assert admin("PUT", "status", {"enabled": True}).ok
    stage.come_back()


@state
def session_ended(stage: Stage) -> Iterator[None]:
    stage.visitor.log_out_elsewhere()
    expect(stage.chat.get_by_text(stage.text("ended.title"))).to_be_visible()
    yield
