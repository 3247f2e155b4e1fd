"""The ready examples of docs/deployment, started: their addresses and folders replaced, and nothing else."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from galaxy_communication.galaxy_process import HOST, GalaxyProcess, end_with_parent
from tests.nginx import temporary
from tests.system_packages import install, missing

EXAMPLES = Path(__file__).parent.parent / "docs" / "deployment"
PROGRAMS = Path(sys.executable).parent
DEADLINE_SECONDS = 120.0

Proxy = Literal["nginx", "apache"]

NGINX = """daemon off;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    {temporary}
    include {folder}/example.conf;
}}
"""
APACHE_MODULES = ("mpm_event", "authz_core", "headers", "proxy", "proxy_http")
APACHE = """ServerRoot {folder}
PidFile {folder}/apache.pid
DefaultRuntimeDir {folder}
ErrorLog {folder}/error.log
ServerName localhost
User daemon
Group daemon
Listen {port}
Include {folder}/example.conf
"""


def example(name: str, replaced: Mapping[str, str]) -> str:
    text = (EXAMPLES / name).read_text()
    for what, by in replaced.items():
        assert what in text, f"{name} no longer says {what}"
        text = text.replace(what, by)
    return text


def without_prefix(text: str) -> str:
    """As docs/deployment.md has it."""
    return text.replace("/galaxy/", "/").replace("/galaxy ", "/ ")


def ports(proxy: Proxy, own: int, galaxy: int, chat: int | None = None) -> dict[str, str]:
    """What to replace in an example.

    :param chat: None for one that knows no such process.
    """
    listen = {"nginx": "listen 80;", "apache": "<VirtualHost *:80>"}[proxy]
    replaced = {listen: listen.replace("80", str(own)), f"{HOST}:8080": f"{HOST}:{galaxy}"}
    return replaced if chat is None else replaced | {f"{HOST}:7070": f"{HOST}:{chat}"}


def _program(proxy: Proxy) -> str:
    """Debian keeps it out of the path of those who are not root."""
    name, package = {"nginx": ("nginx", "nginx-light"), "apache": ("apache2", "apache2-bin")}[proxy]
    path = f"{os.environ['PATH']}:/usr/sbin"
    if not shutil.which(name, path=path):
        install(name, [package])
    return shutil.which(name, path=path) or missing(name, "its package brought no program")


@contextmanager
def running_proxy(
    proxy: Proxy, folder: Path, name: str, replaced: Mapping[str, str], port: int, *, prefixed: bool = True
) -> Iterator[None]:
    text = example(f"{proxy}-{name}.conf", replaced)
    (folder / "example.conf").write_text(text if prefixed else without_prefix(text))
    program, main = _program(proxy), folder / "main.conf"
    if proxy == "nginx":
        main.write_text(NGINX.format(folder=folder, temporary=temporary(folder)))
        command = [program, "-p", str(folder), "-c", str(main)]
    else:
        modules = "".join(f"LoadModule {one}_module /usr/lib/apache2/modules/mod_{one}.so\n" for one in APACHE_MODULES)
        main.write_text(modules + APACHE.format(folder=folder, port=port))
        command = [program, "-f", str(main), "-DFOREGROUND"]
    with running(command, folder, folder / "log"):
        wait_for_port(port, folder / "log")
        yield


def supervisor_program(galaxy: GalaxyProcess, log: Path) -> str:
    """The chat's own process, for a supervisord."""
    return example(
        "supervisord.conf",
        {
            "directory = /srv/galaxy/server": f"directory = {galaxy.directory}",
            "/srv/galaxy/venv/bin/": f"{PROGRAMS}/",
            "/srv/galaxy/config/galaxy.yml": str(galaxy.directory / "galaxy.yml"),
            "user = galaxy": f"user = {getpass.getuser()}",
            "/srv/galaxy/var/communication.log": str(log),
        },
    )


class Supervised:
    """The chat's own process as supervisord keeps it."""

    def __init__(self, galaxy: GalaxyProcess, folder: Path, port: int) -> None:
        self.port = port
        self.log = folder / "communication.log"
        self.url = f"http://{HOST}:{port}{galaxy.prefix.rstrip('/')}"
        program = supervisor_program(galaxy, self.log)
        self._config = folder / "supervisord.conf"
        self._config.write_text(
            f"[supervisord]\nnodaemon = true\nlogfile = {folder}/supervisord.log\npidfile = {folder}/supervisord.pid\n"
            f"[unix_http_server]\nfile = {folder}/socket\n[supervisorctl]\nserverurl = unix://{folder}/socket\n"
            "[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory = "
            f"supervisor.rpcinterface:make_main_rpcinterface\n{program}"
        )
        self._folder = folder

    @contextmanager
    def running(self) -> Iterator[None]:
        command = [str(PROGRAMS / "supervisord"), "-c", str(self._config)]
        with running(command, self._folder, self._folder / "log"):
            wait_for_port(self.port, self.log)
            yield

    def control(self, *arguments: str) -> str:
        command = [str(PROGRAMS / "supervisorctl"), "-c", str(self._config), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout


@contextmanager
def running(command: list[str], folder: Path, log: Path) -> Iterator[None]:
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, preexec_fn=end_with_parent
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(DEADLINE_SECONDS)


def wait_for_port(port: int, log: Path) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        with socket.socket() as client:
            if client.connect_ex((HOST, port)) == 0:
                return
        said = log.read_text(errors="replace")[-4000:] if log.exists() else ""
        assert time.monotonic() < deadline, f"nothing listens at {port}:\n{said}"
        time.sleep(0.1)
