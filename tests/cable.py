"""What lies between a page and the chat's socket, for tests of what can go wrong there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from playwright.sync_api import Page, WebSocketRoute

from tests.browser import WITHOUT_WORKERS

#: A frame of the page that sends a message, and the number of the answer that it wants.
SENDS = re.compile(r'42/chat,(\d+)\["message.send"')


class Cable:
    """Lies between a page that is about to be opened and the chat's socket, which is the page's own then, and loses
    what one wants it to lose. It can answer a message in the server's place, which has no rate limits yet."""

    def __init__(self, page: Page) -> None:
        self.loses: Callable[[str], bool] = lambda frame: False
        self.refuses: Callable[[str], dict[str, object] | None] = lambda frame: None
        page.add_init_script(WITHOUT_WORKERS)
        page.route_web_socket(re.compile("/communication/socket.io/"), self._plug)

    def pull(self) -> None:
        """Both sides go on believing that they are connected."""
        self.loses = lambda frame: True

    def repair(self) -> None:
        self.loses = lambda frame: False

    def _plug(self, page_side: WebSocketRoute) -> None:
        server_side = page_side.connect_to_server()
        page_side.on_message(lambda frame: self._send(str(frame), page_side, server_side))
        server_side.on_message(lambda frame: self._carry(frame, page_side))

    def _send(self, frame: str, page_side: WebSocketRoute, server_side: WebSocketRoute) -> None:
        sent = SENDS.match(frame)
        error = self.refuses(frame) if sent else None
        if sent and error:
            page_side.send(f"43/chat,{sent[1]}{json.dumps([{'ok': False, 'error': error}])}")
        else:
            self._carry(frame, server_side)

    def _carry(self, frame: str | bytes, to: WebSocketRoute) -> None:
        if not self.loses(str(frame)):
            to.send(frame)
