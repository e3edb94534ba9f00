"""Sign-in of a browser to Prefect's pages: a link that works once, within a minute.

Prefect's pages ask for the secret of the API and keep it in the browser's storage for their origin.  The page that the
link opens has the same origin; it stores the secret and redirects to Prefect.
"""

import json
import time
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Final

from orchestrator.engine.prefect_server.api import credentials

PATH: Final = "/takesheet/sign-in"
VALID_S: Final = 60.0
STORED_AS: Final = "prefect-password"
"""The name under which Prefect 3's pages keep the secret in ``localStorage``."""


@dataclass(frozen=True, slots=True)
class Page:
    """Body and headers of an HTML page."""

    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]


class SignIn:
    """The links that were issued and not yet used.

    Args:
        auth: the secret of the API.
    """

    def __init__(self, auth: str) -> None:
        self._auth = auth
        self._until: dict[str, float] = {}

    def new_path(self) -> str:
        """Issue a link; return its path."""
        now = time.monotonic()
        self._until = {path: until for path, until in self._until.items() if until > now}
        path = f"{PATH}/{token_urlsafe(32)}"
        self._until[path] = now + VALID_S
        return path

    def page(self, path: str) -> Page | None:
        """Return the sign-in page of *path* and use up the link; None if it is unknown, used or older than a minute."""
        if self._until.pop(path, 0.0) <= time.monotonic():
            return None
        nonce = token_urlsafe(16)
        words = f"localStorage.setItem({json.dumps(STORED_AS)}, {json.dumps(credentials(self._auth))})"
        body = (
            '<!doctype html><meta charset="utf-8"><title>Prefect</title>'
            f'<script nonce="{nonce}">{words}; location.replace("/");</script>'
        )
        policy = f"default-src 'none'; script-src 'nonce-{nonce}'; frame-ancestors 'none'; base-uri 'none'"
        return Page(
            body.encode(),
            (
                (b"content-security-policy", policy.encode()),
                (b"referrer-policy", b"no-referrer"),
                (b"x-content-type-options", b"nosniff"),
            ),
        )
