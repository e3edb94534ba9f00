"""The address of a PostgreSQL database, whose password is never printed."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self
from urllib.parse import parse_qsl, unquote

from domain.core.refusal import Misused
from flows.vault.redaction import redacted

SCHEME: Final = "postgresql+psycopg"
_SCHEMES: Final = {SCHEME, "postgresql", "postgres"}
_SECRETS: Final = {"password", "sslpassword", "oauth_client_secret"}
"""Parameters of libpq that hold a secret (PostgreSQL documentation, section 34.1.2)."""
_HOST: Final = re.compile(r"(?:\[[0-9A-Fa-f:.%]+\]|[^:\[\]\s]*)(?::(\d{0,5}))?")
_LAST_PORT: Final = 65535


@dataclass(frozen=True, slots=True)
class DatabaseUrl:
    """A URL like ``postgresql+psycopg://user@host/database``; its text holds no secret, ``whole`` may.

    Several hosts, for a server with standbys, are separated by commas: ``…://user@one:5432,two:5433/database``.
    """

    whole: str = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse a URL.

        Raises:
            Misused: ``store.url``; the message does not repeat the text.
        """
        scheme, _, _ = text.partition("://")
        if scheme not in _SCHEMES:
            raise Misused("store.url", f"a log lies in a file or at {SCHEME}://…, not at {scheme[:40]}://…")
        if not all(_is_host(host) for host in _authority(text).rpartition("@")[2].split(",")):
            raise Misused("store.url", f"that is no URL; write {SCHEME}://user@host/database")
        return cls(text)

    @property
    def conninfo(self) -> str:
        """The URL in the form that libpq takes, secrets included."""
        return f"postgresql://{self.whole.partition('://')[2]}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secrets in the URL, which must not be printed."""
        return secrets_in(self.whole)

    @property
    def shared(self) -> str:
        """The address for other people: without secrets and without the role that connects."""
        scheme, mark, rest = str(self).partition("://")
        authority, slash, path = rest.partition("/")
        return f"{scheme}{mark}{authority.rpartition('@')[2]}{slash}{path}"

    def __str__(self) -> str:
        return redacted(self.whole)


def _authority(url: str) -> str:
    """Return the part of *url* with user, password, hosts and ports."""
    return re.split(r"[/?#]", url.partition("://")[2], maxsplit=1)[0]


def _is_host(text: str) -> bool:
    found = _HOST.fullmatch(text)
    return found is not None and int(found[1] or 0) <= _LAST_PORT


def secrets_in(url: str) -> tuple[str, ...]:
    """Return the secrets in a URL, both percent-encoded and decoded."""
    written = _authority(url).rpartition("@")[0].partition(":")[2]
    query = url.partition("#")[0].partition("?")[2]
    given = [value for name, value in parse_qsl(query) if name in _SECRETS]
    return tuple({word for word in (written, unquote(written), *given) if word})


Place = Path | DatabaseUrl
"""Location of a log: a file, or a PostgreSQL database."""
