"""What axe-core finds in the chat, and what has the focus."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
#: The rules: WCAG 2.2 AA with all that it includes, and what is good practice beyond.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """([chat, tags]) => axe.run(
    { include: [[chat]] },
    { runOnly: tags, resultTypes: ["violations"], iframes: false, preload: false },
)"""

#: Of the element that has the focus, in whatever shadow root: where it is, what it is called, whether one sees it.
FOCUS = """() => {
    let one = document.activeElement;
    while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
    if (!one || one === document.body) return { inChat: false, name: "", text: "", seen: false };
    const chat = document.querySelector("galaxy-communication");
    const shown = one.matches(".hidden") ? one.nextElementSibling : one;
    const { boxShadow, outlineStyle, outlineColor } = getComputedStyle(shown);
    const outlined = outlineStyle !== "none" && !/rgba\\(.*, 0\\)|transparent/.test(outlineColor);
    const { top, bottom, left, right } = shown.getBoundingClientRect();
    return {
        inChat: one.getRootNode() === chat?.shadowRoot,
        name: (one.ariaLabel ?? one.labels?.[0]?.textContent ?? one.textContent).replace(/\\s+/g, " ").trim(),
        role: one.getAttribute("role") ?? one.localName,
        seen: (boxShadow !== "none" || outlined) && bottom > 0 && right > 0 && top < innerHeight && left < innerWidth,
    };
}"""


def violations(page: Page, selector: str = "galaxy-communication") -> list[str]:
    """One line for each element that breaks a rule."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    result: dict[str, Any] = page.evaluate(RUN, [selector, TAGS])
    return [
        f"{rule['id']}: {node['html'][:160]}: {' '.join(node['failureSummary'].split())}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]


def focus(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(FOCUS)
    return found
