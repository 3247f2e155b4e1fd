"""The examples of docs/deployment that need no Galaxy; `test_dedicated` and `test_gravity` have the others."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import requests

from galaxy_communication.galaxy_process import HOST, free_port
from tests.deployed import PROGRAMS, Proxy, example, ports, running_proxy
from tests.system_packages import install

UNIT = "galaxy_communication.service"
CHATS = ("/communication", "/communication/socket.io/", "/api/communication/status")
GALAXYS = ("/", "/api/version", "/communications")


@contextmanager
def echo() -> Iterator[int]:
    """The port of a server that answers which path it was asked for."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(f"{self.server.server_port} {self.path}".encode())  # type: ignore[attr-defined]

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            pass

    with ThreadingHTTPServer((HOST, 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize("name", ["inside", "dedicated"])
@pytest.mark.parametrize("proxy", ["nginx", "apache"])
def test_a_proxys_example_works_without_a_prefix(tmp_path: Path, proxy: Proxy, name: str) -> None:
    port = free_port()
    with echo() as galaxy, echo() as chat:
        replaced = ports(proxy, port, galaxy, chat if name == "dedicated" else None)
        with running_proxy(proxy, tmp_path, name, replaced, port, prefixed=False):
            reached = {path: requests.get(f"http://{HOST}:{port}{path}", timeout=60).text for path in CHATS + GALAXYS}
    chats = chat if name == "dedicated" else galaxy
    assert reached == {path: f"{chats if path in CHATS else galaxy} {path}" for path in CHATS + GALAXYS}


def unit(*, with_gravity: bool) -> str:
    program = str(Path(sys.executable).parent / "galaxy-communication")
    text = example(UNIT, {"/srv/galaxy/venv/bin/galaxy-communication": program})
    if with_gravity:
        for line in ("PartOf=galaxy.target", "WantedBy=galaxy.target"):
            assert f"\n# {line}\n" in text
            text = text.replace(f"\n# {line}\n", f"\n{line}\n")
    return text


@pytest.mark.parametrize("with_gravity", [False, True], ids=["alone", "with gravity"])
def test_the_unit_of_systemd_is_sound(tmp_path: Path, with_gravity: bool) -> None:
    if not shutil.which("systemd-analyze"):
        install("systemd-analyze", ["systemd"])
    units = tmp_path / "etc" / "systemd" / "system"
    units.mkdir(parents=True)
    (units / UNIT).write_text(unit(with_gravity=with_gravity))
    checked = _run("systemd-analyze", "verify", str(units / UNIT))
    assert (checked.returncode, checked.stderr) == (0, "")
    enabled = _run("systemctl", f"--root={tmp_path}", "enable", UNIT)
    assert enabled.returncode == 0, enabled.stderr
    targets = ["galaxy.target", "multi-user.target"] if with_gravity else ["multi-user.target"]
    assert sorted(path.parent.name for path in units.glob("*.wants/*")) == [f"{one}.wants" for one in targets]


@pytest.mark.parametrize(("name", "stays"), [(UNIT, True), ("galaxy-communication.service", False)])
def test_gravity_leaves_the_unit_alone(tmp_path: Path, name: str, stays: bool) -> None:
    """Which it does for its name."""
    units, programs = tmp_path / "units", tmp_path / "bin"
    units.mkdir()
    programs.mkdir()
    systemctl = programs / "systemctl"  # there is no systemd to ask
    systemctl.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n')
    systemctl.chmod(0o755)
    galaxy = {"galaxy_root": str(tmp_path), "virtualenv": str(PROGRAMS.parent), "galaxy_user": "root"}
    celery = {"enable": False, "enable_beat": False}
    config = tmp_path / "galaxy.yml"
    config.write_text(json.dumps({"gravity": {"process_manager": "systemd", "celery": celery, **galaxy}, "galaxy": {}}))
    ours = {
        "GRAVITY_SYSTEMD_UNIT_PATH": str(units),
        "GRAVITY_STATE_DIR": str(tmp_path / "state"),
        "PATH": f"{programs}:{os.environ['PATH']}",
    }

    def update() -> None:
        done = _run(str(PROGRAMS / "galaxyctl"), "--config-file", str(config), "update", **ours)
        assert done.returncode == 0, done.stdout + done.stderr

    update()
    assert (units / "galaxy.target").exists(), "so gravity has made its units"
    (units / name).write_text(unit(with_gravity=True))
    update()
    assert (units / name).exists() is stays
    assert (name in (tmp_path / "asked").read_text()) is not stays


def _run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
