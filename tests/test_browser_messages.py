"""Messages in real browsers: what one does to them is what the others see, and what a reload shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import NARROW, WIDE, anchor
from tests.writers import Two

RICH = {
    "text": "Hello **everybody**, have you used `samtools view`? See https://usegalaxy.org\n\n- one\n- two\n\n> quoted",
    "code": "```python\n"
    "def coverage(reads, length, genome):\n"
    '    """Expected coverage of a genome, in a line that is longer than a narrow screen is wide."""\n'
    "    return reads * length / genome\n"
    "```",
    "table": "| sample | reads | mapped |\n|---|--:|:-:|\n"
    "| control_1 | 12,345,678 | 98 % |\n"
    "| treated_2 | 9,876,543 | 71 % |",
    "formulas": "Poisson, $P(k) = \\frac{\\lambda^k e^{-\\lambda}}{k!}$, for $5 or $10:\n\n"
    "$$\\int_0^\\infty e^{-x^2}\\,dx = \\frac{\\sqrt{\\pi}}{2}$$",
}
#: The client's own tests try the same, in a browser that is none.
HOSTILE: list[str] = json.loads(
    (Path(__file__).parent.parent / "galaxy_communication/client/tests/hostile.json").read_text()
)
#: So many hostile messages are in the page at the same time: of a long room only what is near the view is.
AT_ONCE = 20
HARMFUL = {"script", "img", "svg", "iframe", "style", "base", "form", "input", "object", "link", "meta", "template"}

#: Of every element that a message has made: what it is, and each attribute.
MADE = """all => all.flatMap(text => [...text.querySelectorAll("*")].map(one =>
    [one.localName, ...[...one.attributes].map(({ name, value }) => `${name}=${value}`)]))"""


@pytest.mark.firefox
def test_markdown_code_tables_and_formulas(two: Two) -> None:
    ada, ben = two.ada, two.ben
    for by, source in enumerate(RICH.values()):
        two.post(source, by % 2)
    texts = ben.visitor.texts
    expect(texts.nth(0).locator("strong")).to_have_text("everybody")
    expect(texts.nth(0).locator("li")).to_have_text(["one", "two"])
    expect(texts.nth(0).get_by_role("link")).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(texts.nth(2).get_by_role("cell").first).to_have_text("control_1")
    for fraction in (texts.nth(3).locator("mfrac").nth(0), texts.nth(3).locator("mfrac").nth(1)):
        box = fraction.bounding_box()
        assert box
        assert box["height"] > 15, "a fraction is higher than a line"
    expect(texts.nth(3)).to_contain_text("for $5 or $10")

    ben.visitor.allow_clipboard()
    texts.nth(1).hover()
    texts.nth(1).get_by_role("button", name="Copy").click()
    expect(texts.nth(1).get_by_role("button", name="Copied")).to_be_visible()
    assert ben.page.evaluate("navigator.clipboard.readText()") == "\n".join(RICH["code"].split("\n")[1:-1]) + "\n"

    expect(texts.nth(1).get_by_role("button", name="Copy", exact=True)).to_be_visible()
    for name, size in (("messages", WIDE), ("messages-narrow", NARROW)):
        ada.page.set_viewport_size({"width": size[0], "height": size[1]})
        code = ada.visitor.texts.nth(1).locator("pre")
        room = ada.page.get_by_role("log").bounding_box()
        block = code.bounding_box()
        assert room
        assert block
        assert block["x"] + block["width"] <= room["x"] + room["width"], "long lines scroll within"
        ada.visitor.screenshot(name)
    assert code.evaluate("pre => pre.scrollWidth > pre.clientWidth")
    two.expect_the_same_after_a_reload()


def test_what_is_hostile_is_harmless(two: Two) -> None:
    title = two.ada.page.title()
    texts = two.ada.visitor.texts
    formulas, shown = 0, ""
    for start in range(0, len(HOSTILE), AT_ONCE):
        for source in HOSTILE[start : start + AT_ONCE]:
            two.post(source, by=1)
        last = two.post("That was all", by=1)
        expect(two.ada.page.locator(f'[data-seq="{last["seq"]}"]')).to_be_in_viewport()
        expect(two.ada.page.locator(".message-text:not(.rendered)")).to_have_count(0)
        texts.last.hover()
        for element, *attributes in texts.evaluate_all(MADE):
            assert element not in HARMFUL
            for attribute in attributes:
                name, _, value = attribute.partition("=")
                assert name not in ("style", "src", "id", "srcdoc", "name"), attribute
                assert not name.startswith("on"), attribute
                assert name != "href" or value.startswith(("http://", "https://", "mailto:")), attribute
        assert two.ada.page.title() == title
        formulas += texts.locator("math").count()
        shown += "\n".join(texts.all_inner_texts())
    assert formulas > 0, "KaTeX has come, and done what it can"
    assert "%3Cimg src=x" in shown


def test_an_answer_leads_to_what_it_answers(two: Two) -> None:
    ada, ben = two.ada, two.ben
    two.post("Why does my **alignment** fail?", by=1)
    for number in range(60):
        two.post(f"In between {number}")
    expect(ada.message("In between 59")).to_be_visible()
    two.post("The last one", by=1)

    ada.tool("The last one", "Reply")
    expect(ada.at("composer note")).to_contain_text(f"Replying to {ben.name}")
    expect(ada.visitor.composer).to_be_focused()
    ada.page.keyboard.press("Escape")
    expect(ada.at("composer note")).to_have_count(0)
    ada.page.get_by_role("log").evaluate("list => (list.scrollTop = 0)")
    expect(ada.message("Why does my alignment fail?")).to_be_attached()
    ada.tool("Why does my alignment fail?", "Reply")
    ada.visitor.screenshot("reply")
    ada.visitor.say("Because it was not sorted")
    for one in (ada, ben):
        quote = one.message("Because it was not sorted").locator(anchor("communication message quote"))
        expect(quote).to_have_text(f"In answer to {ben.name}Why does my alignment fail?")
    two.expect_the_same_after_a_reload()

    # Its page is not loaded now: what it says was fetched alone, and following it fetches its surroundings.
    expect(ben.message("Why does my alignment fail?")).to_have_count(0)
    ben.message("Because it was not sorted").locator(anchor("communication message quote")).click()
    expect(ben.message("Why does my alignment fail?")).to_be_in_viewport()
    ben.visitor.screenshot("jumped-to")


def test_reactions_are_seen_by_both_and_taken_back(two: Two) -> None:
    ada, ben = two.ada, two.ben
    two.post("It works!")
    ben.tool("It works!", "Add reaction")
    picker = ben.page.get_by_role("dialog", name="Choose a reaction")
    expect(picker.get_by_role("textbox")).to_be_focused()
    ben.visitor.screenshot("emoji")
    ben.page.keyboard.type("party")
    ben.page.keyboard.press("ArrowDown")
    expect(picker.get_by_role("button", name="party", exact=True)).to_be_focused()
    ben.page.keyboard.press("Enter")
    expect(ada.reaction("It works!", "🎉")).to_have_attribute("title", f"🎉: {ben.name}")
    expect(ada.reaction("It works!", "🎉")).to_have_attribute("aria-pressed", "false")
    ada.reaction("It works!", "🎉").click()
    for one, names in ((ada, f"{ben.name} and You"), (ben, f"You and {ada.name}")):
        expect(one.reaction("It works!", "🎉")).to_have_text("🎉 2")
        expect(one.reaction("It works!", "🎉")).to_have_attribute("title", f"🎉: {names}")
        expect(one.reaction("It works!", "🎉")).to_have_attribute("aria-pressed", "true")
    ben.reaction("It works!", "🎉").click()
    for one in (ada, ben):
        expect(one.reaction("It works!", "🎉")).to_have_text("🎉 1")
    two.expect_the_same_after_a_reload()
    ada.reaction("It works!", "🎉").click()
    expect(ben.reaction("It works!", "🎉")).to_have_count(0)


def test_edits_and_deletions_by_the_keyboard(two: Two) -> None:
    ada, ben = two.ada, two.ben
    two.post("Not to be touched", by=1)
    ada.write("I mean **this** and taht")
    ada.page.keyboard.press("ArrowUp")
    expect(ada.at("composer note")).to_contain_text("Editing your message")
    expect(ada.visitor.composer).to_have_value("I mean **this** and taht")
    ada.visitor.screenshot("editing")
    ada.visitor.composer.fill("I mean **this** and _that_")
    ada.page.keyboard.press("Enter")
    for one in (ada, ben):
        expect(one.message("I mean this and that").get_by_text("edited")).to_be_visible()
        expect(one.message("taht")).to_have_count(0)
    expect(ada.visitor.composer).to_have_value("")
    two.expect_the_same_after_a_reload()

    # From the composer back to the last message, into its menu.
    ada.visitor.composer.focus()
    ada.visitor.messages.last.focus()
    ada.page.keyboard.press("Enter")
    expect(ada.page.get_by_role("menu")).to_be_visible()
    ada.visitor.screenshot("menu")
    ada.page.keyboard.press("s")
    expect(ada.page.get_by_role("menuitem", name="Show versions")).to_be_focused()
    ada.page.keyboard.press("Enter")
    versions = ada.page.get_by_role("dialog", name="Versions of this message")
    expect(versions.get_by_role("listitem")).to_have_count(2)
    expect(versions).to_contain_text("I mean **this** and taht")
    ada.visitor.screenshot("versions")
    ada.page.keyboard.press("Escape")
    expect(versions).to_have_count(0)

    ada.visitor.messages.last.focus()
    ada.page.keyboard.press("Enter")
    ada.page.keyboard.press("End")
    expect(ada.page.get_by_role("menuitem", name="Delete")).to_be_focused()
    ada.page.keyboard.press("Enter")
    expect(ada.page.get_by_role("alertdialog").get_by_role("button", name="Keep")).to_be_focused()
    ada.page.keyboard.press("Shift+Tab")
    ada.page.keyboard.press("Enter")
    for one in (ada, ben):
        expect(one.visitor.messages.last).to_contain_text("This message was deleted.")
        expect(one.message("I mean this")).to_have_count(0)
        expect(one.visitor.messages).to_have_count(2)
    two.expect_the_same_after_a_reload()


def test_pins(two: Two) -> None:
    ada, ben = two.ada, two.ben
    for number in range(3):
        two.post(f"Rule {number}: be **kind**")
    ben.at("pins").click()
    pinned = ben.at("pinned messages")
    expect(pinned).to_contain_text("Nothing is pinned here.")
    ada.choose("Rule 0", "Pin to the room")
    ada.choose("Rule 2", "Pin to the room")
    for one in (ada, ben):
        expect(one.message("Rule 0").get_by_text("Pinned")).to_be_visible()
    expect(pinned.get_by_role("listitem").locator(".message-text")).to_have_text(["Rule 2: be kind", "Rule 0: be kind"])
    expect(pinned.get_by_role("button", name="Unpin")).to_have_count(0)
    ben.visitor.screenshot("pins")
    pinned.get_by_role("listitem").filter(has_text="Rule 0").get_by_role("button", name="Show in the room").click()
    expect(pinned).to_have_count(0)
    expect(ben.message("Rule 0")).to_be_in_viewport()

    ada.at("pins").click()
    rule = ada.at("pinned messages").get_by_role("listitem").filter(has_text="Rule 2")
    rule.get_by_role("button", name="Unpin").click()
    expect(ada.at("pinned messages").get_by_role("listitem")).to_have_count(1)
    ada.page.keyboard.press("Escape")
    expect(ada.at("pins")).to_be_focused()
    for one in (ada, ben):
        expect(one.message("Rule 2").get_by_text("Pinned")).to_have_count(0)
    two.expect_the_same_after_a_reload()


def test_names_are_completed_by_the_keyboard_and_stand_out(two: Two) -> None:
    ada, ben = two.ada, two.ben
    composer = ada.visitor.composer
    composer.press_sequentially(f"Thanks @{ben.name[:3]}")
    options = ada.at("completions").get_by_role("option")
    expect(options).to_have_text([f"B@{ben.name}"])
    expect(composer).to_have_attribute("aria-haspopup", "listbox")
    ada.visitor.screenshot("mention")
    composer.press("Tab")
    expect(composer).to_have_value(f"Thanks @{ben.name} ")
    expect(options).to_have_count(0)
    composer.press_sequentially("and @")
    expect(options).to_have_text([f"B@{ben.name}", "@roomEverybody in this room"])
    composer.press("ArrowDown")
    composer.press("Enter")
    expect(composer).to_have_value(f"Thanks @{ben.name} and @room ")
    composer.press_sequentially("and @nobody")
    composer.press("Enter")
    expect(composer).to_have_value("")
    for one, marks in ((ada, ["mention", "mention me"]), (ben, ["mention me", "mention me"])):
        mentions = one.message("Thanks").locator(".mention")
        expect(mentions).to_have_text([f"@{ben.name}", "@room"])
        assert mentions.evaluate_all("all => all.map(one => one.className)") == marks
    assert [seen["forMe"] for seen in ben.sees()] == [True]
    ben.visitor.screenshot("mentioned")
    two.expect_the_same_after_a_reload()


def test_on_a_touch_screen_the_menu_is_always_there(two: Two) -> None:
    two.post("Press me", by=1)
    ada = two.ada
    ada.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    more = ada.message("Press me").get_by_role("button", name="More actions")
    expect(more).to_have_css("opacity", "1")
    more.click()
    expect(ada.page.get_by_role("menu")).to_be_in_viewport(ratio=1)
    ada.visitor.screenshot("menu-narrow")
    ada.page.get_by_role("menuitem", name="Add reaction").click()
    expect(ada.page.get_by_role("dialog", name="Choose a reaction")).to_be_in_viewport(ratio=1)
    ada.page.get_by_role("button", name="thumbs up").click()
    expect(ada.reaction("Press me", "👍")).to_be_visible()
