"""How smoothly a room of 50,000 messages scrolls, and how much of it is in the DOM: a real Galaxy and a real Chromium.

    python -m benchmarks.scrolling [--messages COUNT] [--seconds SECONDS]

Loads all of them, as somebody does who goes up to the beginning, then goes through them at several speeds, one step in
a frame. Frames are those that the browser asks for by `requestAnimationFrame`; on a machine without a graphics card it
paints with the processor, so the figures are lower bounds.
"""

from __future__ import annotations

import argparse
import statistics
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from galaxy.security.idencoding import IdEncodingHelper
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import insert
from sqlalchemy.orm import Session

from galaxy_communication.database import Database
from galaxy_communication.galaxy_process import free_port
from galaxy_communication.models import Membership, Message, Room
from tests.browser import ARGUMENTS, WIDE, Visitor
from tests.galaxy_server import CONFIG, GalaxyServer, TestUser
from tests.system_packages import installed_chromium

#: Pixels in a frame: reading, the wheel, and a flick.
SPEEDS = (20, 100, 400)
TEXTS = (
    "Thanks, that works.",
    "Has anybody seen **this** with `bwa mem`? It stops after some minutes, and the log says nothing.",
    "- one\n- two\n- three",
    "```\nsamtools sort reads.bam -o sorted.bam\nsamtools index sorted.bam\n```",
    "It may be the memory: the default of this tool is 4 GB, and a genome of that size takes more. " * 3,
)

LOAD = """async () => {
  const list = document.querySelector('galaxy-communication').shadowRoot.querySelector('[role="log"]');
  const frame = () => new Promise(requestAnimationFrame);
  for (let still = 0; still < 120; ) {
    const before = list.scrollHeight;
    list.scrollTop = 0;
    await frame();
    still = list.scrollHeight === before ? still + 1 : 0;
  }
  return list.scrollHeight;
}"""
SCROLL = """async ({ step, seconds }) => {
  const { shadowRoot } = document.querySelector('galaxy-communication');
  const list = shadowRoot.querySelector('[role="log"]');
  const frame = () => new Promise(requestAnimationFrame);
  const [frames, blank] = [[], []];
  let most = 0;
  let [direction, before] = [1, await frame()];
  for (const end = before + seconds * 1000; before < end; ) {
    if (list.scrollTop === 0) direction = 1;
    else if (list.scrollTop + list.clientHeight >= list.scrollHeight - 1) direction = -1;
    list.scrollTop += direction * step;
    const now = await frame();
    frames.push(now - before);
    before = now;
    most = Math.max(most, shadowRoot.querySelectorAll('*').length);
    const box = list.getBoundingClientRect();
    const seen = shadowRoot.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (seen?.classList.contains('messages-space')) blank.push(now);
  }
  return { frames, most, blank: blank.length };
}"""


def fill(database: Database, users: list[int], count: int) -> None:
    """A public room of ``count`` messages, in which the first of the users is."""

    def write(session: Session) -> None:
        room = Room(kind="public", name="Large", head_seq=count)
        session.add(room)
        session.flush()
        begin = datetime.now(timezone.utc) - timedelta(minutes=count)
        rows = [
            {
                "room_id": room.id,
                "seq": seq,
                "changed_seq": seq,
                "user_id": users[seq // 3 % len(users)],
                "client_id": f"c{seq}",
                "text": f"{TEXTS[seq % len(TEXTS)]} {seq}" if seq % len(TEXTS) != 3 else TEXTS[3],
                "created_at": begin + timedelta(minutes=seq),
            }
            for seq in range(1, count + 1)
        ]
        session.execute(insert(Message), rows)
        session.add(Membership(room_id=room.id, user_id=users[0], role="member", read_seq=count, notify="all"))

    database.write_now(write)


def show(page: Page, step: int, seconds: float) -> None:
    result: dict[str, Any] = page.evaluate(SCROLL, {"step": step, "seconds": seconds})
    frames = sorted(result["frames"])
    rate = 1000 * len(frames) / sum(frames)
    late = sum(1 for each in frames if each > 25) / len(frames)
    print(
        f"{step:4} pixels a frame: {rate:5.1f} frames/s, median {statistics.median(frames):.1f} ms, "
        f"p99 {frames[int(len(frames) * 0.99)]:.1f} ms, longest {frames[-1]:.0f} ms, {late:.1%} late; "
        f"at most {result['most']:,} elements; {result['blank']} frames without messages",
        flush=True,
    )


def visit(galaxy: GalaxyServer, user: TestUser, messages: int, seconds: float) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed_chromium(), args=list(ARGUMENTS))
        visitor = Visitor(browser, galaxy, WIDE)
        visitor.log_in(user)
        visitor.page.goto(f"{galaxy.url}/communication")
        visitor.go_online()
        visitor.open_room("Large")
        visitor.messages.first.wait_for()
        visitor.page.set_default_timeout(0)
        height = visitor.page.evaluate(LOAD)
        print(f"{messages:,} messages, {height:,} pixels", flush=True)
        for step in SPEEDS:
            show(visitor.page, step, seconds)
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    with ExitStack() as stack:
        directory = Path(stack.enter_context(TemporaryDirectory(prefix="communication-scrolling-")))
        url = f"sqlite:///{directory / 'chat.sqlite'}"
        galaxy = GalaxyServer(directory, {**CONFIG, "communication_database_connection": url}, port=free_port())
        stack.callback(galaxy.stop)
        galaxy.start_and_wait()
        people = [galaxy.create_user("reader", chat=True), *(galaxy.create_user("author") for _ in range(5))]
        database = Database(url)
        decode = IdEncodingHelper(id_secret=(galaxy.directory / "id_secret").read_text()).decode_id
        fill(database, [decode(person.id) for person in people], options.messages)
        database.close()
        visit(galaxy, people[0], options.messages, options.seconds)


if __name__ == "__main__":
    main()
