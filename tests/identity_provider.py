"""A provider of identities by OIDC, as far as it takes to know its tokens: where its keys are, and which. To Galaxy it
is an Okta, of which it asks no more."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from galaxy_communication.galaxy_process import HOST

#: As Galaxy's table of those who have logged in by it has it.
NAME = "okta-openidconnect"
BACKENDS = """<OIDC><provider name="Okta">
<client_id>galaxy</client_id>
<client_secret>secret</client_secret>
<redirect_uri>http://localhost/authnz/okta/callback</redirect_uri>
<icon>data:image/gif;base64,R0lGODlhAQABAAAAACw=</icon>
<api_url>{url}/</api_url>
</provider></OIDC>
"""


class IdentityProvider:
    def __init__(self, url: str) -> None:
        self.url = url
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def options(self, folder: Path) -> dict[str, object]:
        """Of ``galaxy.yml``, with files in ``folder``."""
        (folder / "oidc.xml").write_text("<OIDC/>")
        (folder / "oidc_backends.xml").write_text(BACKENDS.format(url=self.url))
        files = {"oidc_config_file": "oidc.xml", "oidc_backends_config_file": "oidc_backends.xml"}
        return {"enable_oidc": True} | {option: str(folder / name) for option, name in files.items()}

    def token(self, subject: str) -> str:
        """That lets Galaxy's API be used in somebody's name."""
        claims = {
            "iss": self.url,
            "sub": subject,
            "exp": time.time() + 600,
            "iat": time.time() - 1,
            "scope": "https://galaxyproject.org/api:*",
        }
        return str(jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": "1"}))

    def answer(self, path: str) -> Any:
        if path.startswith("/.well-known/"):
            return {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
        key = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**key, "kid": "1", "alg": "RS256", "use": "sig"}]}


@contextmanager
def running_provider() -> Iterator[IdentityProvider]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(provider.answer(self.path)).encode())

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            pass

    with ThreadingHTTPServer((HOST, 0), Handler) as server:
        provider = IdentityProvider(f"http://{HOST}:{server.server_port}")
        Thread(target=server.serve_forever, daemon=True).start()
        yield provider
        server.shutdown()
