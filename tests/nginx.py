"""nginx before a Galaxy on the loopback interface, as sites have it, with a configuration that a test may change."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest

from galaxy_communication.galaxy_process import HOST, end_with_parent, free_port
from tests.system_packages import install, missing

DEADLINE_SECONDS = 20.0

#: What becomes of a request for a WebSocket: it is passed on, refused, or passed on as any other request.
Upgrades = Literal["pass", "refuse", "strip"]
UPGRADES: dict[Upgrades, str] = {
    "pass": "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;",
    "refuse": "if ($http_upgrade) { return 403; }",
    "strip": 'proxy_set_header Upgrade ""; proxy_set_header Connection "";',
}

CONFIG = """
daemon off;
{user}
worker_processes 1;
worker_shutdown_timeout 1s;  # WebSockets would hold the worker of the configuration before for hours
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ }}
http {{
  access_log off;
  {temporary}
  map $http_upgrade $connection_upgrade {{ default upgrade; '' ''; }}
  server {{
    listen {host}:{port};
    location = /revision {{ return 200 "{revision}"; }}
    location / {{
      proxy_pass http://{host}:{upstream};
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_read_timeout 300s;
      {upgrades}
    }}
  }}
}}
"""


def temporary(folder: Path) -> str:
    """For what nginx would otherwise keep where it is installed."""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)


class Nginx:
    """One with its files in ``folder``. Started by a thread that outlives it, which takes it along."""

    def __init__(self, program: str, folder: Path, upstream: int) -> None:
        """
        :param upstream: the port to which it passes everything on.
        """
        self.port = free_port()
        self.upstream = upstream
        self.upgrades: Upgrades = "pass"
        self._program = program
        self._folder = folder
        self._revision = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [self._program, "-p", str(self._folder), "-e", f"{self._folder}/error.log", "-c", str(self._write())]
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL, preexec_fn=end_with_parent)
        self._wait()

    def reload(self, upgrades: Upgrades) -> None:
        """Returns when the new configuration is served; connections of the old one end within a second."""
        self.upgrades = upgrades
        self._write()
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)
        self._wait()

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(DEADLINE_SECONDS)
            self._process = None

    def _write(self) -> Path:
        self._revision += 1
        path = self._folder / "nginx.conf"
        config = CONFIG.format(
            temporary=temporary(self._folder),
            folder=self._folder,
            host=HOST,
            port=self.port,
            upstream=self.upstream,
            revision=self._revision,
            upgrades=UPGRADES[self.upgrades],
            user="user root;" if os.geteuid() == 0 else "",  # its workers write into the folder
        )
        path.write_text(config)
        return path

    def _wait(self) -> None:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        deadline = time.monotonic() + DEADLINE_SECONDS
        while time.monotonic() < deadline:
            try:
                with opener.open(f"http://{HOST}:{self.port}/revision", timeout=5) as answer:
                    if answer.read() == str(self._revision).encode():
                        return
            except OSError:
                pass
            time.sleep(0.02)
        log = self._folder / "error.log"
        raise AssertionError(f"nginx does not serve its configuration:\n{log.read_text() if log.exists() else ''}")


@pytest.fixture(scope="session")
def nginx_program() -> str:
    """This machine's nginx, else Debian's."""
    if not shutil.which("nginx"):
        install("nginx", ["nginx"])
    return shutil.which("nginx") or missing("nginx", "its package brought no program")


@pytest.fixture(scope="module")
def start_nginx(nginx_program: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[int], Nginx]]:
    """Starts one before a port; stopped after the module."""
    started: list[Nginx] = []

    def start(upstream: int) -> Nginx:
        nginx = Nginx(nginx_program, tmp_path_factory.mktemp("nginx"), upstream)
        started.append(nginx)
        nginx.start()
        return nginx

    yield start
    for nginx in started:
        nginx.stop()
