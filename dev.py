#!/usr/bin/env python3
"""Set up everything and go. Needs nothing but Python 3.10 or later and network access to the package registries.

    python3 dev.py demo [--prefix /galaxy] [--port N] [--directory DIR]     a real Galaxy with chat; Ctrl+C stops it
    python3 dev.py test [tox arguments] [-- pytest arguments]               all tests, e.g. "test -- -k lobby"

What it installs goes below .dev/, which can be deleted at any time; only what a bare Debian or Ubuntu lacks is taken
from the system's own packages. What is there already is not installed again.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn

GALAXY = "galaxy==26.1.1"
TOOLS = ["uv>=0.5", "tox>=4.24", "tox-uv>=1.20"]
ROOT = Path(__file__).resolve().parent
STATE = ROOT / ".dev"
HEARTBEAT_SECONDS = 15


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 10):  # noqa: UP036
        sys.exit("Python 3.10 or later is needed, this is " + sys.version.split()[0])
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    # SIGINT as well: a shell starts what runs in the background with that one ignored.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    prepare_environment()
    STATE.mkdir(exist_ok=True)
    (STATE / ".gitignore").write_text("*\n")
    try:
        return COMMANDS[arguments[0]](arguments[1:])
    except KeyboardInterrupt:
        say("Interrupted.")
        return 130


def demo(arguments: list[str]) -> NoReturn:
    tools = install_tools()
    environment = STATE / "demo"
    python = environment / "bin" / "python"
    uv = str(tools / "uv")
    if needs("demo-environment", GALAXY):
        step("Creating the demo's environment", [uv, "venv", "--clear", "--python", sys.executable, str(environment)])
        (STATE / "demo-project.stamp").unlink(missing_ok=True)
        done("demo-environment", GALAXY)
    sources = project_digest()
    if needs("demo-project", sources):
        install = [uv, "pip", "install", "--python", str(python), "--compile-bytecode"]
        project = ["--reinstall-package", "galaxy-communication", "--editable", str(ROOT)]
        say("The first time the next step takes some minutes.")
        step(f"Installing {GALAXY} and this project", [*install, GALAXY, *project])
        done("demo-project", sources)
    if not any(argument.startswith("--directory") for argument in arguments):
        arguments = ["--directory", str(STATE / "galaxy"), *arguments]
    # Becomes the demo, so that a Ctrl+C is the demo's alone.
    sys.stdout.flush()
    os.execv(python, [str(python), "-m", "galaxy_communication.cli", "demo", *arguments])


def test(arguments: list[str]) -> int:
    tools = install_tools()
    os.environ["PATH"] = f"{tools}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    if sys.stdout.isatty():
        os.environ.setdefault("FORCE_COLOR", "1")
    tox = [str(tools / "tox"), "run", "--root", str(ROOT), "--workdir", str(STATE / "tox")]
    return relay([*tox, *arguments])


COMMANDS = {"demo": demo, "test": test}


def prepare_environment() -> None:
    # Galaxy without its byte code takes three times as long to start.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # An activated or foreign environment is not for us to install into.
    for name in ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH"):
        os.environ.pop(name, None)
    os.environ.setdefault("UV_PYTHON_DOWNLOADS", "never")
    # uv does not read pip's settings; whoever has set only those means them for uv as well.
    for pip_name, uv_names in {
        "PIP_INDEX_URL": ("UV_DEFAULT_INDEX", "UV_INDEX_URL"),
        "PIP_EXTRA_INDEX_URL": ("UV_INDEX", "UV_EXTRA_INDEX_URL"),
        "PIP_CERT": ("SSL_CERT_FILE",),
    }.items():
        if pip_name in os.environ and not any(name in os.environ for name in uv_names):
            os.environ[uv_names[0]] = os.environ[pip_name]


def install_tools() -> Path:
    """The folder of the private uv and tox."""
    tools = STATE / "tools"
    if needs("tools", *TOOLS):
        if importlib.util.find_spec("ensurepip") is None:
            install_venv()
        step("Creating the tools' environment", [sys.executable, "-m", "venv", "--clear", str(tools)])
        step("Installing uv and tox", [str(tools / "bin" / "python"), "-m", "pip", "install", *TOOLS])
        done("tools", *TOOLS)
    return tools / "bin"


def install_venv() -> None:
    """Debian and Ubuntu ship Python without the part that makes virtual environments."""
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    allowed = not sudo or (shutil.which("sudo") and subprocess.call([*sudo, "true"], stderr=subprocess.DEVNULL) == 0)
    if not shutil.which("apt-get") or not allowed:
        sys.exit(f"Python's venv module is incomplete here. Install it, e.g. with: sudo apt-get install {package}")
    apt = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    step("Reading the package lists", [*apt, "update"])
    step(f"Installing {package}", [*apt, "install", "--yes", "--no-install-recommends", package])


def project_digest() -> str:
    """Of what decides whether the editable install, which also builds the client, has to be done again."""
    sys.path.insert(0, str(ROOT / "buildtools"))
    import build_client

    content = hashlib.sha256(build_client.sources_digest().encode())
    for pattern in ("setup.*", "pyproject.toml", "buildtools/*.py", "*.pth", "*.start", "*/__init__.py"):
        for file in sorted(ROOT.glob(pattern)):
            content.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return content.hexdigest()


def needs(name: str, *inputs: str) -> bool:
    """Whether the step has not yet been done with these inputs and this Python."""
    stamp = STATE / f"{name}.stamp"
    return not stamp.exists() or stamp.read_text() != stamp_text(*inputs)


def done(name: str, *inputs: str) -> None:
    (STATE / f"{name}.stamp").write_text(stamp_text(*inputs))


def stamp_text(*inputs: str) -> str:
    return "\n".join([str(ROOT), sys.executable, sys.version, *inputs])


def step(title: str, command: list[str]) -> None:
    """One step of the set-up, its output shown only when it fails."""
    say(f"{title} ...")
    started = time.monotonic()
    log = STATE / "setup.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        try:
            while process.poll() is None:
                try:
                    process.wait(HEARTBEAT_SECONDS)
                except subprocess.TimeoutExpired:
                    say(f"  {time.monotonic() - started:4.0f} s  {last_line(log)}")
        except BaseException:
            process.terminate()
            process.wait()
            raise
    if process.returncode:
        say("".join(f"  {line}\n" for line in log.read_text(errors="replace").splitlines()[-40:]))
        sys.exit(f"{title}: failed with status {process.returncode}. The whole output is in {log}")
    say(f"  {time.monotonic() - started:4.0f} s  done")


def last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").replace("\r", "\n").split("\n")
    return next((line.strip()[:100] for line in reversed(lines) if line.strip()), "")


def relay(command: list[str]) -> int:
    """Run a long command, showing its output as it comes, and a sign of life whenever it is silent for long."""
    started = time.monotonic()
    pipe, both = subprocess.PIPE, subprocess.STDOUT
    process = subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=both, start_new_session=True)
    assert process.stdout
    interrupted = False
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            try:
                if not selector.select(HEARTBEAT_SECONDS):
                    say(f"\n[{time.monotonic() - started:.0f} s, still running]")
                elif chunk := os.read(process.stdout.fileno(), 65536):
                    sys.stdout.buffer.write(chunk)
                    sys.stdout.buffer.flush()
                else:
                    return 130 if interrupted else process.wait()
            except KeyboardInterrupt:
                interrupted = True
                process.send_signal(signal.SIGINT)  # tox passes it on to pytest, which stops the servers it started


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
