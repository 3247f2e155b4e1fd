"""The demo: a real Galaxy with chat on and two users in it, until Ctrl+C."""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from .galaxy_process import Account, GalaxyFailed, GalaxyProcess, free_port

ADMIN = Account("admin", "admin@example.org", "demo-admin")
RESEARCHER = Account("researcher", "researcher@example.org", "demo-researcher")

CONFIG: dict[str, object] = {
    "brand": "Communication demo",
    "admin_users": ADMIN.email,
    "allow_user_deletion": True,
    "allow_user_impersonation": True,
    "enable_notification_system": True,
    "enable_communication_server": True,
    "persistent_communication_rooms": "NGS,RNA-Seq,Genome Annotation",
}
PROGRESS_SECONDS = 10.0


def run(directory: Path, port: int | None, prefix: str) -> int:
    """Returns the exit status. Messages and users stay in ``directory`` for the next time."""
    # SIGINT as well: a shell starts what runs in the background with that one ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        galaxy = GalaxyProcess(directory, CONFIG, port=_choose_port(port), prefix=prefix)
        with _only_one_in(galaxy.directory):
            _serve(galaxy)
    except GalaxyFailed as failure:
        print(failure, file=sys.stderr, flush=True)
        return 1
    return 0


def _serve(galaxy: GalaxyProcess) -> None:
    try:
        _say(f"Starting Galaxy in {galaxy.directory} (the first time takes a minute or two)")
        galaxy.start()
        galaxy.wait_until_ready(progress=_Progress())
        _create_users(galaxy)
        _check_chat(galaxy)
        _say(_welcome(galaxy))
        while True:
            galaxy.check_alive()
            time.sleep(1)
    except KeyboardInterrupt:
        _say("\nStopping Galaxy ...")
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # stopping ends by itself, an impatient Ctrl+C would break it
        galaxy.stop()
        _say("Galaxy stopped.")


def _choose_port(wanted: int | None) -> int:
    port = free_port(preferred=wanted or 8080)
    if wanted and port != wanted:
        raise GalaxyFailed(f"Port {wanted} is in use: choose another --port, or leave it out.")
    return port


def _create_users(galaxy: GalaxyProcess) -> None:
    for account in (ADMIN, RESEARCHER):
        user_id, created = galaxy.ensure_user(account)
        if created:  # whoever switched chat off later keeps it off
            galaxy.set_chat_preference(user_id, account, on=True)


def _check_chat(galaxy: GalaxyProcess) -> None:
    try:
        on = galaxy.api("GET", "communication/status")["enabled"]
    except GalaxyFailed:  # not even mounted
        on = False
    if not on:
        raise GalaxyFailed(f"Galaxy runs, but chat is off; galaxy_communication says why in {galaxy.log}")


def _welcome(galaxy: GalaxyProcess) -> str:
    return f"""
Galaxy is ready:  {galaxy.url}/

  administrator   {ADMIN.email}   password {ADMIN.password}
  user            {RESEARCHER.email}   password {RESEARCHER.password}

Log in as one of them here, as the other in a private window or another browser: the chat is the icon at the top.
Data and log are kept in {galaxy.directory}
Stop with Ctrl+C.
"""


class _Progress:
    """Says now and then that Galaxy is still starting."""

    def __init__(self) -> None:
        self._next = PROGRESS_SECONDS

    def __call__(self, elapsed: float) -> None:
        if elapsed >= self._next:
            _say(f"  Galaxy is starting, {elapsed:.0f} s")
            self._next += PROGRESS_SECONDS


@contextmanager
def _only_one_in(directory: Path) -> Iterator[None]:
    """Two Galaxies over one SQLite file would not see each other's messages."""
    directory.mkdir(parents=True, exist_ok=True)
    lock = os.open(directory / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise GalaxyFailed(f"Another demo runs in {directory}: stop it, or choose another --directory.") from None
    finally:
        os.close(lock)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _say(text: str) -> None:
    print(text, flush=True)
