"""Writing in a real browser: preview, emoji, pasted code, drags from the history, input methods, drafts."""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests
from playwright.sync_api import Locator, Page, expect

from tests.browser import NARROW, WIDE, Visitor, Visitors, anchor
from tests.galaxy_server import GalaxyServer, TestUser
from tests.writers import Two, Writer

MAX_LENGTH = 6000
CODE = "import sys\n\nfor line in sys.stdin:\n    print(line.strip())\n"
BLOCK = f"```\n{CODE}```\n"


def option(page: Page, name: str) -> Locator:
    return page.get_by_role("option", name=name, exact=True)


def resize(visitor: Visitor, size: tuple[int, int]) -> None:
    visitor.page.set_viewport_size({"width": size[0], "height": size[1]})


def screenshots(visitor: Visitor, name: str) -> None:
    """Wide and narrow, with the composer in sight."""
    for suffix, size in (("narrow", NARROW), ("wide", WIDE)):
        resize(visitor, size)
        expect(visitor.page.get_by_role("button", name="Preview", exact=True)).to_be_in_viewport(ratio=1)
        visitor.screenshot(f"composer-{name}-{suffix}")


def reload(writer: Writer) -> None:
    writer.page.reload()
    expect(writer.visitor.connection("connected")).to_be_attached()
    expect(writer.visitor.composer).to_be_visible()


def test_a_preview_shows_what_will_be_sent(two: Two) -> None:
    ada = two.ada
    two.post("Here I am", by=1)
    expect(ada.message("Here I am")).to_be_visible()
    composer, preview = ada.visitor.composer, ada.at("composer preview")
    source = f"**Look** @{two.ben.name}:\n\n- `one`\n- two\n\n```\nx = 1\n```"
    composer.fill(source)
    composer.evaluate("box => box.setSelectionRange(2, 6)")
    composer.press("Control+Shift+Enter")
    expect(preview.locator("strong")).to_have_text("Look")
    expect(preview.locator(".mention")).to_have_text(f"@{two.ben.name}")
    expect(preview).to_be_focused()
    expect(composer).to_be_hidden()
    expect(ada.page.get_by_role("button", name="Preview", exact=True)).to_have_attribute("aria-pressed", "true")
    screenshots(ada.visitor, "preview")
    looked = preview.locator(anchor("communication message text")).inner_html()

    preview.press("Escape")
    expect(composer).to_be_focused()
    assert composer.evaluate("box => [box.value, box.selectionStart, box.selectionEnd]") == [source, 2, 6]
    ada.page.get_by_role("button", name="Preview", exact=True).click()
    preview.press("Enter")
    expect(preview).to_have_count(0)
    expect(composer).to_be_focused()
    expect(ada.visitor.delivered("pending")).to_have_count(0)
    assert ada.visitor.texts.last.inner_html() == looked

    composer.press("ArrowUp")
    composer.press("Control+Shift+Enter")
    expect(preview.locator("strong")).to_have_text("Look")
    preview.press("Escape")
    composer.fill("It was *nothing*")
    composer.press("Control+Shift+Enter")
    preview.press("Enter")
    for one in (ada, two.ben):
        expect(one.visitor.texts.last.locator("em")).to_have_text("nothing")


def test_emoji_are_completed_and_inserted(two: Two) -> None:
    ada = two.ada
    composer = ada.visitor.composer
    composer.press_sequentially("Thanks :) see http://a.example, 12:30 :")
    expect(ada.page.get_by_role("listbox")).to_have_count(0)
    composer.press_sequentially("th")
    expect(option(ada.page, "thumbs up")).to_have_attribute("aria-selected", "true")
    expect(composer).to_have_attribute("aria-haspopup", "listbox")
    screenshots(ada.visitor, "emoji")
    composer.press("ArrowDown")
    expect(option(ada.page, "thumbs down")).to_have_attribute("aria-selected", "true")
    composer.press("ArrowUp")
    composer.press("Tab")
    expect(composer).to_have_value("Thanks :) see http://a.example, 12:30 👍 ")
    composer.press("Control+z")
    expect(composer).to_have_value("Thanks :) see http://a.example, 12:30 :th")
    composer.press("Escape")

    composer.fill("Go now")
    composer.evaluate("box => box.setSelectionRange(2, 2)")
    ada.page.get_by_role("button", name="Insert an emoji").click()
    picker = ada.page.get_by_role("dialog", name="Choose an emoji")
    expect(picker.get_by_role("textbox")).to_be_focused()
    expect(picker.get_by_role("button", name="rocket")).to_be_visible()
    screenshots(ada.visitor, "picker")
    ada.page.keyboard.type("rocket")
    ada.page.keyboard.press("Enter")
    expect(composer).to_be_focused()
    expect(composer).to_have_value("Go 🚀 now")
    composer.press("Enter")
    expect(two.ben.message("Go 🚀 now")).to_be_visible()


def test_the_words_of_emoji_come_when_they_are_wanted(two: Two) -> None:
    def words() -> list[str]:
        return [url for url in two.ada.visitor.requested if re.search(r"/assets/loader-", url)]

    expect(two.ada.visitor.composer).to_be_visible()
    assert words() == []
    two.ada.visitor.composer.press_sequentially(":ta")
    expect(option(two.ada.page, "party")).to_be_visible()
    assert len(words()) == 1


@pytest.mark.firefox
def test_pasted_code_becomes_a_block(two: Two) -> None:
    ada = two.ada
    composer = ada.visitor.composer
    ada.visitor.allow_clipboard()

    def paste(text: str, keys: str = "Control+v") -> None:
        composer.press("End")  # a page that nobody has touched may not write there
        ada.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        composer.press(keys)

    composer.fill("My script:")
    paste(CODE)
    expect(composer).to_have_value(f"My script:\n{BLOCK}")
    expect(ada.page.get_by_text("Pasted as code.")).to_be_visible()
    screenshots(ada.visitor, "code")
    composer.press_sequentially("Good?")
    composer.press("Enter")
    expect(two.ben.visitor.texts.last.locator("pre")).to_have_text(CODE.rstrip() + "\n")
    expect(two.ben.visitor.texts.last).to_contain_text("Good?")

    paste(CODE)
    expect(composer).to_have_value(BLOCK)
    composer.press("Control+z")
    expect(composer).to_have_value(CODE)
    expect(ada.page.get_by_text("Pasted as code.")).to_have_count(0)
    composer.fill("")
    paste(CODE)
    ada.page.get_by_role("button", name="Make it plain text").click()
    expect(composer).to_have_value(CODE)
    expect(composer).to_be_focused()
    composer.fill("")
    paste(CODE, "Control+Shift+v")
    expect(composer).to_have_value(CODE)
    composer.fill("")
    prose = "Dear all,\nplease look at my history.\nThank you!"
    paste(prose)
    expect(composer).to_have_value(prose)


def test_what_is_dragged_from_the_history_is_linked(galaxy: GalaxyServer, visitors: Visitors) -> None:
    user = galaxy.create_user("ada", chat=True)
    name, other = "reads_1 [raw] *new*.txt", "reads_2.txt"
    visitor = visitors(user, (1700, 850))
    visitor.page.goto(galaxy.url)
    current = visitor.context.request.get(f"{galaxy.url}/history/current_history_json").json()["id"]
    items = [make_dataset(galaxy, user, current, one) for one in (name, other)]
    visitor.open_panel()
    visitor.go_online()
    visitor.open_room("All Chats")
    composer = visitor.composer
    composer.fill("Please look at")
    item = visitor.page.locator(f'[id="dataset-{items[0]["id"]}"]')
    target = visitor.page.get_by_role("log")
    item.hover()
    visitor.page.mouse.down()
    target.hover()
    target.hover()
    expect(visitor.page.locator(anchor("communication drop target"))).to_be_visible()
    visitor.screenshot("composer-drop")
    visitor.page.mouse.up()
    expect(visitor.page.locator(anchor("communication drop target"))).to_have_count(0)
    address = f"{galaxy.url}/datasets/{items[0]['id']}/preview"
    expect(composer).to_have_value(rf"Please look at [reads_1 &#91;raw&#93; \*new\*.txt]({address})")
    expect(composer).to_be_focused()
    composer.press("Enter")
    link = visitor.texts.last.get_by_role("link", name=name)
    expect(link).to_have_attribute("href", address)
    with visitor.context.expect_page() as opened:
        link.click()
    expect(opened.value.locator("#center")).to_contain_text("reads_1 [raw]")
    expect(opened.value.locator("#center")).not_to_contain_text("Not Found")

    composer.press_sequentially("x")
    visitor.page.locator(f'[id="dataset-{items[1]["id"]}"]').drag_to(composer)
    expect(composer).to_have_value(f"x [{other}]({galaxy.url}/datasets/{items[1]['id']}/preview)")
    assert visitor.errors == []


def make_dataset(galaxy: GalaxyServer, user: TestUser, history: str, name: str) -> dict[str, Any]:
    """By Galaxy's own upload; the item is in the history before its job has run."""
    headers = {"x-api-key": user.api_key}
    content = {"src": "pasted", "paste_content": "hello\n", "ext": "txt", "name": name}
    targets = [{"destination": {"type": "hdas"}, "items": [content]}]
    body = {"history_id": history, "targets": targets}
    answer = requests.post(f"{galaxy.url}/api/tools/fetch", json=body, headers=headers, timeout=120)
    assert answer.ok, answer.text
    made: dict[str, Any] = answer.json()["outputs"][0]
    return made


@pytest.mark.firefox
def test_what_is_typed_outlives_a_reload_and_is_nobody_elses(galaxy: GalaxyServer, two: Two) -> None:
    ada = two.ada
    composer = ada.visitor.composer
    composer.fill("Half a thought")
    ada.visitor.open_room("All Chats")
    expect(composer).to_have_value("")
    composer.fill("Another one\nin two lines")
    reload(ada)
    expect(composer).to_have_value("Another one\nin two lines")
    ada.visitor.open_room(f"Room of {ada.name}")
    expect(composer).to_have_value("Half a thought")
    composer.press("Enter")
    expect(two.ben.message("Half a thought")).to_be_visible()
    reload(ada)
    expect(composer).to_have_value("")

    ada.visitor.context.clear_cookies()
    ada.visitor.log_in(two.ben.user)
    ada.page.goto(f"{galaxy.url}/communication")
    ada.visitor.go_online()
    ada.visitor.open_room("All Chats")
    expect(composer).to_have_value("")
    assert "Another one" not in ada.page.evaluate("JSON.stringify(sessionStorage)")
    ada.visitor.errors.clear()  # of the connection that was ended


def test_enter_is_the_input_methods_while_it_composes(two: Two) -> None:
    ada = two.ada
    ada.visitor.composer.focus()
    keyboard = ada.visitor.context.new_cdp_session(ada.page)
    keyboard.send("Input.imeSetComposition", {"text": "こんにち", "selectionStart": 4, "selectionEnd": 4})
    expect(ada.visitor.composer).to_have_value("こんにち")
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
    keyboard.send("Input.insertText", {"text": "こんにちは"})
    expect(ada.visitor.composer).to_have_value("こんにちは")
    expect(ada.visitor.messages).to_have_count(0)
    ada.visitor.composer.press("Enter")
    expect(two.ben.message("こんにちは")).to_be_visible()


def test_what_is_too_long_is_not_sent_and_says_by_how_much(two: Two) -> None:
    ada = two.ada
    composer = ada.visitor.composer
    composer.fill("🧬" * (MAX_LENGTH - 150))
    expect(ada.page.get_by_text("150 characters left")).to_be_visible()
    composer.fill("🧬" * (MAX_LENGTH + 1))
    expect(ada.page.get_by_text("1 character too many")).to_be_visible()
    expect(ada.page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    screenshots(ada.visitor, "long")
    composer.press("Enter")
    expect(composer).to_have_value("🧬" * (MAX_LENGTH + 1))
    composer.press("Backspace")
    composer.press("Enter")
    expect(composer).to_have_value("")
    expect(ada.visitor.delivered("sent")).to_have_count(1)
    expect(two.ben.message("🧬🧬🧬")).to_be_visible()


def test_it_grows_with_its_lines_up_to_a_limit(two: Two) -> None:
    composer = two.ada.visitor.composer

    def height() -> float:
        height: float = composer.evaluate("box => box.offsetHeight")
        return height

    composer.fill("one")
    one = height()
    composer.press("Shift+Enter")
    composer.press_sequentially("two")
    expect(composer).to_have_value("one\ntwo")
    assert height() > one + 10
    composer.fill("line\n" * 40)
    most = height()
    assert most < 200
    assert composer.evaluate("box => box.scrollHeight > box.clientHeight")
    screenshots(two.ada.visitor, "lines")
    composer.press("Enter")
    expect(composer).to_have_value("")
    assert height() == one
