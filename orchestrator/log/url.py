"""The address of a PostgreSQL database, whose password is never said."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from domain.refusal import Misused
from flows.redaction import redacted

SCHEME: Final = "postgresql+psycopg"
_SCHEMES: Final = {SCHEME, "postgresql", "postgres"}
_SECRETS: Final = {"password", "sslpassword", "oauth_client_secret"}
"""Parameters of libpq that must not be said (PostgreSQL documentation, section 34.1.2)."""


@dataclass(frozen=True, slots=True)
class DatabaseUrl:
    """A URL like ``postgresql+psycopg://user@host/database``; its text holds no secret, ``whole`` may."""

    whole: str = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The URL that *text* is.

        Raises:
            Misused: ``store.url``; what is told does not repeat the text.
        """
        try:
            parts = urlsplit(text)
            parts.port  # noqa: B018 - reading it is what checks it
        except ValueError:
            raise Misused("store.url", f"that is no URL; write {SCHEME}://user@host/database") from None
        if parts.scheme not in _SCHEMES:
            raise Misused("store.url", f"a log lies in a file or at {SCHEME}://…, not at {parts.scheme}://…")
        return cls(text)

    @property
    def conninfo(self) -> str:
        """The same in the words of libpq, secrets included."""
        return f"postgresql://{self.whole.partition('://')[2]}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be said of it."""
        return secrets_in(self.whole)

    def __str__(self) -> str:
        return redacted(self.whole)


def secrets_in(url: str) -> tuple[str, ...]:
    """The passwords in a URL, as they are written and as they are meant."""
    parts = urlsplit(url)
    written = parts.password or ""
    given = [value for name, value in parse_qsl(parts.query) if name in _SECRETS]
    return tuple({word for word in (written, unquote(written), *given) if word})


Place = Path | DatabaseUrl
"""Where a log lies: a file, or a PostgreSQL database."""
