"""What browsers load: the page of the chat, the client's files, and the script that Galaxy's client runs."""

from __future__ import annotations

import html
import json
import os
import re
from functools import cached_property
from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"
ENTRY = "src/main.ts"
#: The better one first.
ENCODINGS = {"br": ".br", "gzip": ".gz"}

#: Everything comes from this server, but for what is said and heard where another one serves the chat; styles are set
#: through the style sheet interfaces, never inline.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'{server}",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    )
)

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Chat</title>
<link rel="icon" href="{root}static/favicon.ico">
<link rel="stylesheet" href="{root}communication/static/page.css">
<script type="module" src="{entry}"></script>
</head>
<body>
<galaxy-communication mode="{mode}" root="{root}"></galaxy-communication>
</body>
</html>
"""


class Client:
    """The browser client as the package build left it.

    :param root: Galaxy's root as a path that ends with a slash.
    :param server_url: of the process that serves the chat, None where that is Galaxy's.
    """

    def __init__(self, root: str, frame_options: str | None = None, server_url: str | None = None) -> None:
        self.root = root
        self._frame_options = frame_options
        sources = [server_url, server_url.replace("http", "ws", 1)] if server_url else []
        self._policy = CONTENT_SECURITY_POLICY.format(server="".join(f" {source}" for source in sources))

    @cached_property
    def entry(self) -> str:
        """Path of the module that shows the chat."""
        manifest = json.loads((STATIC / "manifest.json").read_text())
        return f"{self.root}communication/static/{manifest[ENTRY]['file']}"

    def onload_script(self) -> str:
        """The script for Galaxy's webhook, knowing where it is."""
        script = (STATIC / "onload.js").read_text()
        options = json.dumps({"root": self.root, "entry": self.entry})
        return script.replace("__GALAXY_COMMUNICATION__", options)

    async def page(self, _request: Request) -> Response:
        return self._page("page")

    async def admin_page(self, _request: Request) -> Response:
        """The same for everybody: only what it asks for is the administrators'."""
        return self._page("admin")

    async def preferences_page(self, _request: Request) -> Response:
        return self._page("preferences")

    def _page(self, mode: str) -> Response:
        headers = {"Content-Security-Policy": self._policy, "X-Content-Type-Options": "nosniff"}
        if self._frame_options:
            headers["X-Frame-Options"] = self._frame_options
        page = PAGE.format(mode=mode, root=html.escape(self.root), entry=html.escape(self.entry))
        return HTMLResponse(page, headers=headers)


class ImmutableFiles(StaticFiles):
    """Files whose names change with their content may be kept for good; the others are asked for again. What is large
    lies here compressed as well, as the build left it: nothing is compressed while Galaxy serves."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        hashed = path.startswith("assets/")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if hashed else "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Vary"] = "Accept-Encoding"
        return response

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        accepted = Headers(scope=scope).get("accept-encoding", "")
        for encoding, suffix in ENCODINGS.items():
            compressed = Path(f"{full_path}{suffix}")
            if _accepts(encoding, accepted) and compressed.is_file():
                response = super().file_response(compressed, compressed.stat(), scope, status_code)
                response.headers["Content-Encoding"] = encoding
                response.headers["Content-Type"] = "text/javascript; charset=utf-8"
                return response
        return super().file_response(full_path, stat_result, scope, status_code)


def _accepts(encoding: str, header: str) -> bool:
    """Not where it is named only to be refused: ``gzip;q=0``."""
    return re.search(rf"\b{encoding}\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", header) is not None
