"""Galaxy as gravity keeps it, and the chat's own process beside it in gravity's supervisord."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from galaxy_communication.galaxy_process import HOST, GalaxyFailed, free_port
from tests.deployed import PROGRAMS, supervisor_program, wait_for_port
from tests.galaxy_server import CONFIG, GalaxyServer
from tests.people import Api, Person, eventually


class KeptGalaxy(GalaxyServer):
    """Its ``gravity`` section is JSON, which is YAML as well."""

    @property
    def state(self) -> Path:
        return self.directory / "gravity"

    def start(self) -> None:
        gunicorn = {"bind": f"{HOST}:{self.port}", "environment": {"PYDANTIC_DISABLE_PLUGINS": "1"}}
        celery = {"enable": False, "enable_beat": False}
        gravity = {"galaxy_root": str(self.directory), "gunicorn": gunicorn, "celery": celery}
        with self._write_files().open("a") as file:
            file.write(f"gravity: {json.dumps(gravity)}\n")
        self.control("start")

    def check_alive(self) -> None:
        """gravity is asked in the test."""

    def stop(self) -> None:
        super().stop()
        self.control("shutdown")

    def control(self, *arguments: str) -> str:
        ours = {
            "GALAXY_CONFIG_FILE": str(self.directory / "galaxy.yml"),
            "GRAVITY_STATE_DIR": str(self.state),
            "GRAVITY_SKIP_SYSTEMD": "1",  # else root has to have systemd
            "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
        }
        command = [str(PROGRAMS / "galaxyctl"), *arguments]
        done = subprocess.run(command, env=os.environ | ours, capture_output=True, text=True, check=False)
        if done.returncode:
            raise GalaxyFailed(f"galaxyctl {arguments} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def log_tail(self, lines: int = 40) -> str:
        said = "\n".join(path.read_text(errors="replace") for path in self.directory.rglob("*.log"))
        return f"What gravity's programs said last:\n{said[-100 * lines :]}"


@pytest.fixture
def chats_port() -> int:
    return free_port()


@pytest.fixture
def galaxy(chats_port: int, make_postgresql_database: Callable[[], str]) -> Iterator[KeptGalaxy]:
    config = {
        "database_connection": make_postgresql_database(),
        "communication_server_host": f"http://{HOST}",
        "communication_server_port": chats_port,
    }
    with ExitStack() as stack:
        # Not pytest's: the path of a socket, supervisord's, has at most 107 characters.
        directory = Path(stack.enter_context(TemporaryDirectory(prefix="gravity-")))
        galaxy = KeptGalaxy(directory, {**CONFIG, **config}, port=free_port())
        programs = galaxy.state / "supervisor" / "supervisord.conf.d"
        programs.mkdir(parents=True)
        (programs / "communication.conf").write_text(supervisor_program(galaxy, directory / "communication.log"))
        stack.callback(galaxy.stop)
        galaxy.start_and_wait()
        yield galaxy


def test_gravity_starts_and_stops_both(galaxy: KeptGalaxy, chats_port: int) -> None:
    """The chat's own process begins before Galaxy has made its database, and is started again until that is there."""
    wait_for_port(chats_port, galaxy.directory / "communication.log")
    states = dict(line.split()[:2] for line in galaxy.control("status").splitlines())
    assert states == {"gunicorn": "RUNNING", "galaxy_communication": "RUNNING"}
    user = galaxy.create_user(chat=True)
    chat = f"http://{HOST}:{chats_port}"
    assert Api(galaxy.url, key=user.api_key).get("status")["socket"]["url"] == chat
    person = Person(chat).connect(api_key=user.api_key)
    try:
        sent = person.send(person.room()["id"], "kept by gravity")
        assert person.wait_for_message(sent["id"])["message"] == sent
        galaxy.control("stop")
        assert person.ended.wait(15)
    finally:
        person.close()
    for port in (galaxy.port, chats_port):
        with socket.socket() as client:
            assert client.connect_ex((HOST, port)) != 0, f"something still listens at {port}"
    eventually(lambda: not (galaxy.state / "supervisor" / "supervisord.pid").exists())
