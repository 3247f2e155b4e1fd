"""Galaxy as a child process, for the demo and the tests; nothing here is for production.

Galaxy is never imported here: it lives in a process of its own, as it does on a server.
"""

from __future__ import annotations

import ctypes
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, NamedTuple

HOST = "127.0.0.1"
FACTORY = "galaxy.webapps.galaxy.fast_factory:factory"
STOP_SECONDS = 20.0  # how long a Galaxy may take to shut down before it is killed

Server = Literal["uvicorn", "gunicorn"]

# "python -m server", with a garbage collector that runs less often: a fifth of Galaxy's start is spent in it.
LAUNCHER = """import gc, runpy, sys
gc.set_threshold(100_000, 50, 100)
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)"""

# The fastest real Galaxy there is: few data types, no tools, nothing looked up on the internet while it starts.
FILES: Mapping[str, str] = {
    ".gitignore": "*\n",
    "tool_conf.xml": "<toolbox></toolbox>\n",
    "tool_data_table_conf.xml": "<tables></tables>\n",
    "datatypes_conf.xml": """<datatypes><registration>
  <datatype extension="auto" type="galaxy.datatypes.data:Data" mimetype="application/octet-stream"/>
  <datatype extension="data" type="galaxy.datatypes.data:Data" mimetype="application/octet-stream"/>
  <datatype extension="txt" type="galaxy.datatypes.data:Text" display_in_upload="true"/>
  <datatype extension="tabular" type="galaxy.datatypes.tabular:Tabular" display_in_upload="true"/>
</registration><sniffers></sniffers></datatypes>
""",
}
CONFIG: Mapping[str, object] = {
    "database_auto_migrate": True,
    "edam_panel_views": "",
    "index_tool_help": False,
    "involucro_auto_init": False,
    "conda_auto_init": False,
    "watch_tools": "false",
    "job_config": {
        "runners": {"local": {"load": "galaxy.jobs.runners.local:LocalJobRunner", "workers": 1}},
        "execution": {"default": "local", "environments": {"local": {"runner": "local"}}},
    },
}


class GalaxyFailed(Exception):
    """Galaxy ended, did not answer, or refused a request."""


class Account(NamedTuple):
    username: str
    email: str
    password: str


class GalaxyProcess:
    """One Galaxy web server with its data in ``directory``, where a later start finds it again.

    Start it from a thread that outlives it: the kernel ends it together with the thread that started it, so that no
    Galaxy is left behind when its parent is killed.
    """

    def __init__(
        self,
        directory: Path,
        config: Mapping[str, object],
        *,
        port: int,
        prefix: str = "/",
        environment: Mapping[str, str] | None = None,
        python: str = sys.executable,
        server: Server = "uvicorn",
        workers: int = 1,
        factory: str = FACTORY,
    ) -> None:
        self.directory = directory.resolve()
        self.log = self.directory / "galaxy.log"
        self.port = port
        self.prefix = "/" + prefix.strip("/")
        self.url = f"http://{HOST}:{port}{self.prefix.rstrip('/')}"
        self.bootstrap_key = secrets.token_hex(16)
        self._config = dict(config)
        self._environment = dict(environment or {})
        self._command = [python, "-c", LAUNCHER, server, *_arguments(server, port, workers, factory)]
        self._process: subprocess.Popen[bytes] | None = None
        self._answered = False
        self._first_start = self.directory / "first-start-unfinished"

    def start(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        self._forget_half_made_database()
        config_file = self._write_files()
        # Without its byte code Galaxy takes three times as long to import.
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        ours = {"GALAXY_CONFIG_FILE": str(config_file), "PYDANTIC_DISABLE_PLUGINS": "1", "PYTHONUNBUFFERED": "1"}
        self._answered = False
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self.directory,
                env=inherited | ours | self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a Ctrl+C is for the parent, who then ends Galaxy in order
                preexec_fn=end_with_parent,
            )

    def wait_until_ready(self, timeout: float = 300.0, progress: Callable[[float], None] | None = None) -> None:
        """Return once Galaxy answers; ``progress`` is called every half second with the seconds gone."""
        started = time.monotonic()
        while (elapsed := time.monotonic() - started) < timeout:
            self.check_alive()
            try:
                self.api("GET", "version", timeout=5.0)
            except (OSError, GalaxyFailed):
                if progress:
                    progress(elapsed)
                time.sleep(0.5)
            else:
                self._answered = True
                self._first_start.unlink(missing_ok=True)
                return
        raise GalaxyFailed(f"Galaxy did not answer within {timeout:.0f} s.\n{self.log_tail()}")

    def check_alive(self) -> None:
        status = self._process.poll() if self._process else None
        if self._process is None or status is not None:
            raise GalaxyFailed(f"Galaxy ended with status {status}.\n{self.log_tail()}")

    @property
    def pid(self) -> int:
        """Of gunicorn's master, where that serves."""
        self.check_alive()
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """Stop Galaxy and all it started. While it is still starting it is deaf to a signal, and so is killed."""
        process, self._process = self._process, None
        if process is None:
            return
        if self._answered:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
        _kill(process)

    def kill(self) -> None:
        """End Galaxy as a crash would: it gets no chance to finish anything."""
        process, self._process = self._process, None
        if process is not None:
            _kill(process)

    def log_tail(self, lines: int = 40) -> str:
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return f"The last lines of {self.log}:\n" + "\n".join(text.splitlines()[-lines:])

    def api(
        self, method: str, path: str, payload: object = None, *, key: str | None = None, timeout: float = 60.0
    ) -> Any:
        """Call Galaxy's API, with the administrator's bootstrap key unless ``key`` is given."""
        request = urllib.request.Request(
            f"{self.url}/api/{path}",
            None if payload is None else json.dumps(payload).encode(),
            {"Content-Type": "application/json", "x-api-key": key or self.bootstrap_key},
            method=method,
        )
        # No proxy of the environment may come between us and the loopback interface.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=timeout) as response:
                return json.loads(response.read() or b"null")
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            raise GalaxyFailed(f"{method} {path} was refused with {error.code}: {text}") from error

    def ensure_user(self, account: Account) -> tuple[str, bool]:
        """The encoded id of the account's user, and whether it was created just now."""
        for user in self.api("GET", f"users?f_email={urllib.parse.quote(account.email)}"):
            if user["email"] == account.email:
                return str(user["id"]), False
        return str(self.api("POST", "users", account._asdict())["id"]), True

    def set_chat_preference(self, user_id: str, account: Account, on: bool) -> None:
        """Do what saving Galaxy's preferences form does, which wants name and address again."""
        form = {"email": account.email, "username": account.username, "communication|enabled": on}
        self.api("PUT", f"users/{user_id}/information/inputs", form)

    def _write_files(self) -> Path:
        for name, content in FILES.items():
            (self.directory / name).write_text(content)
        config: dict[str, object] = {
            **CONFIG,
            "bootstrap_admin_api_key": self.bootstrap_key,
            "id_secret": self._id_secret(),
            "data_dir": str(self.directory / "data"),
            "template_cache_path": str(self.directory / "templates"),
            "tool_config_file": str(self.directory / "tool_conf.xml"),
            "tool_data_table_config_path": str(self.directory / "tool_data_table_conf.xml"),
            "datatypes_config_file": str(self.directory / "datatypes_conf.xml"),
            "galaxy_url_prefix": self.prefix,
            **self._config,
        }
        # JSON is YAML, so each value can be written as JSON and no YAML library is needed.
        lines = [f"  {name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in config.items()]
        return _write_private(self.directory / "galaxy.yml", "galaxy:\n" + "".join(lines))

    def _id_secret(self) -> str:
        """Made once for each directory: ids and logins of an earlier start stay good."""
        file = self.directory / "id_secret"
        if not file.exists():
            _write_private(file, secrets.token_hex(16))
        return file.read_text()

    def _forget_half_made_database(self) -> None:
        """Galaxy refuses the half-made database that is left when its very first start is interrupted."""
        data = self.directory / "data"
        if self._first_start.exists():
            for file in data.glob("universe.sqlite*"):
                file.unlink()
        if not (data / "universe.sqlite").exists():
            self._first_start.touch()


def free_port(preferred: int = 0) -> int:
    """``preferred`` if nothing listens there, else any free port of the loopback interface."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, preferred))
        except OSError:
            listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


_libc = ctypes.CDLL(None)


def end_with_parent() -> None:
    """Runs in the child before it becomes another program: ask Linux for SIGTERM when the parent is gone."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        _libc.prctl(pr_set_pdeathsig, signal.SIGTERM)


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _arguments(server: Server, port: int, workers: int, factory: str) -> list[str]:
    if server == "uvicorn":
        return ["--factory", factory, "--host", HOST, "--port", str(port), "--timeout-graceful-shutdown", "5"]
    # As Galaxy's own process manager starts it in production: preloaded in the master, then forked.
    config = ["--config", "python:galaxy.web_stack.gunicorn_config", "--preload", "--timeout", "300"]
    worker = ["-k", "galaxy.webapps.galaxy.workers.Worker", "--workers", str(workers), "--graceful-timeout", "5"]
    return [f"{factory}()", "--bind", f"{HOST}:{port}", *worker, *config]


def _write_private(file: Path, text: str) -> Path:
    file.touch(mode=0o600)
    file.write_text(text)
    return file
