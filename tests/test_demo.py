"""The demo command, as a newcomer uses it: start, log in as told, stop with Ctrl+C."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from galaxy_communication.demo import ADMIN, RESEARCHER
from galaxy_communication.galaxy_process import HOST, free_port
from tests.galaxy_server import browser_login, session_cookie
from tests.people import Person


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "demo"


@pytest.fixture
def demo(directory: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "galaxy_communication.cli", "demo", "--directory", str(directory)]
    with subprocess.Popen(
        [*command, "--port", str(free_port())],
        cwd=directory.parent,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        yield process
        process.kill()  # Galaxy ends with it; after a test that passed there is nothing left to kill


def test_prints_address_and_logins_and_stops_on_interrupt(demo: subprocess.Popen[str], directory: Path) -> None:
    assert demo.stdout
    printed = ""
    for line in demo.stdout:  # ends by itself when Galaxy does not come up
        printed += line
        if "Stop with" in line:
            break
    address = re.search(r"http://\S+", printed)
    logins = re.findall(r"(\S+@\S+)\s+password (\S+)", printed)
    assert address, printed
    assert logins == [(ADMIN.email, ADMIN.password), (RESEARCHER.email, RESEARCHER.password)]
    url = address[0].rstrip("/")
    people = []
    for email, password in logins:
        with browser_login(url, email, password) as session:
            user = session.get(f"{url}/api/users/current", timeout=60).json()
            assert (user["email"], user["is_admin"]) == (email, email == ADMIN.email)
            extra = user["preferences"].get("extra_user_preferences", "")
            assert '"communication|enabled": true' in extra
            people.append(Person(url).connect(cookie=session_cookie(session)))
    sent = people[0].send(people[0].room()["id"], "to whoever stops it")
    people[1].wait_for_message(sent["id"])

    second = _run_demo(directory)
    assert (second.returncode, second.stdout) == (1, "")
    assert "Another demo runs in" in second.stderr

    log = directory / "galaxy.log"
    logged = len(log.read_text())
    demo.send_signal(signal.SIGINT)
    rest, _ = demo.communicate(timeout=60)
    assert demo.returncode == 0, rest
    assert rest.endswith("Galaxy stopped.\n")
    assert "Traceback" not in rest
    farewell = log.read_text()[logged:]
    assert "Traceback" not in farewell, farewell
    assert "Finished server process" in farewell, farewell
    for person in people:
        assert person.ended.wait(15)
        person.close()
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=10)


def test_a_port_in_use_is_said_at_once(directory: Path) -> None:
    with socket.create_server((HOST, 0)) as taken:
        refused = _run_demo(directory, "--port", str(taken.getsockname()[1]))
    assert refused.returncode == 1
    assert "is in use" in refused.stderr


def test_a_galaxy_that_does_not_start_shows_its_log(directory: Path) -> None:
    directory.mkdir()
    (directory / "data").write_text("not the folder that Galaxy needs")
    failed = _run_demo(directory)
    assert failed.returncode == 1
    assert "Galaxy ended with status" in failed.stderr
    assert "Error" in failed.stderr


def _run_demo(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "galaxy_communication.cli", "demo", "--directory", str(directory), *arguments]
    return subprocess.run(command, cwd=directory.parent, capture_output=True, text=True, timeout=120)
