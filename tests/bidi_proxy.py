"""Firefox, run as a program, behind a proxy for its WebDriver BiDi: Playwright asks for a few things that it does not
have yet. Where that is only to emulate another device, which no test here wants, it counts as done.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve

LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")


async def main(program: str, *arguments: str) -> None:
    firefox = await asyncio.create_subprocess_exec(program, *arguments, stderr=asyncio.subprocess.PIPE)
    assert firefox.stderr
    async for line in firefox.stderr:
        text = line.decode(errors="replace")
        if found := LISTENING.search(text):
            text = text.replace(found[1], await stand_before(found[1]))
        print(text, end="", file=sys.stderr, flush=True)
    sys.exit(await firefox.wait())


async def stand_before(address: str) -> str:
    """The address to use instead."""

    async def handle(playwright: ServerConnection) -> None:
        path = playwright.request.path if playwright.request else ""
        async with connect(address + path, max_size=None, compression=None) as firefox:
            await carry(playwright, firefox)

    server = await serve(handle, "127.0.0.1", 0, max_size=None, compression=None)
    host, port = next(iter(server.sockets)).getsockname()
    return f"ws://{host}:{port}"


async def carry(playwright: ServerConnection, firefox: ClientConnection) -> None:
    emulations: set[int] = set()

    async def ask() -> None:
        async for message in playwright:
            command = json.loads(message)
            if command["method"].startswith("emulation."):
                emulations.add(command["id"])
            await firefox.send(message)

    async def answer() -> None:
        async for message in firefox:
            answer = json.loads(message)
            if answer.get("error") == "unknown command" and answer["id"] in emulations:
                message = json.dumps({"type": "success", "id": answer["id"], "result": {}})
            await playwright.send(message)

    _, others = await asyncio.wait(
        {asyncio.ensure_future(ask()), asyncio.ensure_future(answer())}, return_when=asyncio.FIRST_COMPLETED
    )
    for other in others:
        other.cancel()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
