"""The browsers in which tests run: Chromium, and for those marked so stock Firefox, too."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser import ARGUMENTS

PROGRAM = '#!/bin/sh\nPYTHONPATH="{root}" exec "{python}" -m tests.bidi_proxy "{firefox}" "$@"\n'


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "browser" in metafunc.fixturenames:
        metafunc.parametrize("browser", ["chromium", "firefox"], indirect=True, scope="module")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In Firefox runs only what is marked so, a test or one of its parameters."""
    unwanted = [item for item in items if _is_in_firefox(item) and not item.get_closest_marker("firefox")]
    config.hook.pytest_deselected(items=unwanted)
    items[:] = [item for item in items if item not in unwanted]


def _is_in_firefox(item: pytest.Item) -> bool:
    callspec = getattr(item, "callspec", None)
    return callspec is not None and callspec.params.get("browser") == "firefox"


@pytest.fixture(scope="module")
def browser(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Not for the session: Playwright keeps an event loop running in this thread, where other tests start their own."""
    path = request.getfixturevalue(f"{request.param}_path")
    with sync_playwright() as playwright:
        if request.param == "chromium":
            browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        else:
            browser = _launch_firefox(playwright, path, tmp_path_factory.mktemp("firefox"))
        yield browser
        browser.close()


def _launch_firefox(playwright: Playwright, path: str, directory: Path) -> Browser:
    """By WebDriver BiDi, through a program of the directory that stands before it."""
    program = directory / "firefox"
    program.write_text(PROGRAM.format(root=Path(__file__).parent.parent, python=sys.executable, firefox=path))
    program.chmod(0o755)
    # This channel stands for a Firefox that is not Playwright's own.
    return playwright.firefox.launch(executable_path=program, channel="moz-firefox")
