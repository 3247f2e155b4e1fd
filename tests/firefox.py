"""Stock Firefox, which Playwright drives by WebDriver BiDi."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import Visitors
from tests.galaxy_server import GalaxyServer

PROGRAM = '#!/bin/sh\nPYTHONPATH="{root}" exec "{python}" -m tests.bidi_proxy "{firefox}" "$@"\n'


@pytest.fixture(scope="module")
def firefox(firefox_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    program = tmp_path_factory.mktemp("firefox") / "firefox"
    program.write_text(PROGRAM.format(root=Path(__file__).parent.parent, python=sys.executable, firefox=firefox_path))
    program.chmod(0o755)
    with sync_playwright() as playwright:
        # This channel stands for a Firefox that is not Playwright's own.
        browser = playwright.firefox.launch(executable_path=program, channel="moz-firefox")
        yield browser
        browser.close()


@pytest.fixture
def firefox_visitors(firefox: Browser, galaxy: GalaxyServer) -> Iterator[Visitors]:
    visiting = Visitors(firefox, galaxy)
    yield visiting
    visiting.leave()
