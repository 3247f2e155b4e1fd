"""The client's files as they are sent: kept for good, and compressed for who takes them so."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from galaxy_communication.pages import STATIC, ImmutableFiles

SCRIPT = "export {};" * 100


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    assets = tmp_path / "assets"
    assets.mkdir()
    (tmp_path / "page.css").write_text("body {}")
    (assets / "both.js").write_text(SCRIPT)
    (assets / "both.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    (assets / "both.js.br").write_bytes(b"brotli")
    (assets / "plain.js").write_text(SCRIPT)
    return TestClient(ImmutableFiles(directory=tmp_path))


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br;q=0.0,gzip; q=0", None),
        ("identity", None),
        ("zbr", None),
    ],
)
def test_is_sent_as_it_is_taken(client: TestClient, accepted: str, sent: str | None) -> None:
    with client.stream("GET", "/assets/both.js", headers={"Accept-Encoding": accepted}) as answer:
        body = b"".join(answer.iter_raw())
    assert answer.headers.get("content-encoding") == sent
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert "immutable" in answer.headers["cache-control"]
    assert int(answer.headers["content-length"]) == len(body)
    assert (gzip.decompress(body) if sent == "gzip" else body) == (b"brotli" if sent == "br" else SCRIPT.encode())


def test_each_way_has_its_own_tag(client: TestClient) -> None:
    tags = [
        client.head("/assets/both.js", headers={"Accept-Encoding": way}).headers["etag"] for way in ("gzip", "identity")
    ]
    assert tags[0] != tags[1]
    for tag, status in zip(tags, (304, 200), strict=True):
        headers = {"Accept-Encoding": "gzip", "If-None-Match": tag}
        assert client.get("/assets/both.js", headers=headers).status_code == status


def test_what_was_not_compressed_is_sent_plain(client: TestClient) -> None:
    for path in ("/assets/plain.js", "/page.css"):
        answer = client.get(path, headers={"Accept-Encoding": "br, gzip"})
        assert (answer.status_code, answer.headers.get("content-encoding")) == (200, None)


def test_the_build_has_left_all_of_the_bundle_both_ways() -> None:
    scripts = sorted((STATIC / "assets").glob("*.js"))
    assert scripts
    for script in scripts:
        assert gzip.decompress(script.with_name(f"{script.name}.gz").read_bytes()) == script.read_bytes()
        smaller = script.with_name(f"{script.name}.br").stat().st_size < script.stat().st_size
        assert smaller or script.stat().st_size < 100, "a line alone does not get smaller"


def test_what_is_not_seen_at_first_brings_its_texts() -> None:
    texts = {"Go offline": "chat", "Find a room by its name": "secondary"}
    for text, place in texts.items():
        found = [path.name for path in (STATIC / "assets").glob("*.js") if text in path.read_text()]
        assert [name.split("-")[0] for name in found] == [place], text
