"""Every state of the chat as one sees it, into docs/states.md.

``python3 dev.py test -e py -- tests/screenshots.py`` makes them anew.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from galaxy_communication.galaxy_process import Account
from tests.browser import NARROW, WIDE, Visitors
from tests.galaxy_server import GalaxyServer, StartGalaxy
from tests.stage import Room, Stage, furnish
from tests.states import STATES
from tests.test_browser_languages import TURN

DOCS = Path(__file__).parent.parent / "docs"
#: What the browser asks for, by the names of the columns. The second one is turned.
LOOKS = {"en": "en-GB", "rtl": "en-GB", "de": "de-DE", "es": "es-ES", "fr": "fr-FR", "ja": "ja-JP", "zh": "zh-CN"}
GAP = 16
#: Of 100, which is the best.
QUALITY = 60
HEAD = """# Every state of the chat

Docked in Galaxy's page; then 400 pixels wide on a page of its own: in English, turned from right to left, in German,
Spanish, French, Japanese and Chinese. Made anew by `python3 dev.py test -e py -- tests/screenshots.py`.
"""


@pytest.fixture(scope="module", autouse=True)
def _fonts(east_asian_fonts: None) -> None:
    """Before the browser, which looks for them when it starts."""


@pytest.fixture(scope="module")
def galaxy(start_galaxy: StartGalaxy) -> GalaxyServer:
    return start_galaxy(config={"expose_user_name": True})


@pytest.fixture(scope="module")
def room(galaxy: GalaxyServer) -> Room:
    accounts = [Account(name, f"{name}@example.org", "user-password") for name in ("ada", "ben")]
    ada, ben = (galaxy.user(account, chat=True) for account in accounts)
    return furnish(galaxy, ada, ben)


@pytest.fixture(scope="module")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shots")


def walk(stage: Stage, shots: Path, look: str) -> None:
    for show in STATES:
        with contextmanager(show)(stage):
            stage.page.evaluate("document.fonts.ready")
            # What moves, and the caret, would be another picture each time.
            stage.page.screenshot(path=shots / f"{show.__name__}-{look}.png", animations="disabled", caret="hide")


def test_docked_and_wide(room: Room, visitors: Visitors, shots: Path) -> None:
    walk(Stage(visitors(room.ada, WIDE), room, docked=True), shots, "wide")


@pytest.mark.parametrize("look", LOOKS)
def test_narrow(room: Room, visitors: Visitors, shots: Path, look: str) -> None:
    visitor = visitors(room.ada, NARROW, LOOKS[look])
    if look == "rtl":
        visitor.page.add_init_script(TURN)
    walk(Stage(visitor, room, docked=False, look=look), shots, look)


def test_the_page(shots: Path) -> None:
    """Of all that was taken before, so this one comes last."""
    folder = DOCS / "states"
    folder.mkdir(exist_ok=True)
    lines = [HEAD]
    for show in STATES:
        name = show.__name__
        save(opened(shots / f"{name}-wide.png"), folder / f"{name}-wide.webp")
        save(row([opened(shots / f"{name}-{look}.png") for look in LOOKS]), folder / f"{name}.webp")
        title = name.replace("_", " ").capitalize()
        lines += [f"## {title}\n", f"![Docked](states/{name}-wide.webp)\n", f"![Narrow](states/{name}.webp)\n"]
    (DOCS / "states.md").write_text("\n".join(lines), encoding="utf-8")


def opened(path: Path) -> Image.Image:
    image = Image.open(path)
    image.load()  # which closes the file
    return image


def save(image: Image.Image, path: Path) -> None:
    image.save(path, quality=QUALITY, method=6)


def row(images: list[Image.Image]) -> Image.Image:
    width, height = NARROW
    sheet = Image.new("RGB", (len(images) * (width + GAP) - GAP, height), "#888")
    for place, image in enumerate(images):
        sheet.paste(image, (place * (width + GAP), 0))
    return sheet
