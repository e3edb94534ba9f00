"""Redaction of URLs that are printed, logged, stored in a parameter or backed up.

Kept are scheme, user, hosts, path, and the query parameters that are known to hold no secret.
"""

import re
from typing import Final
from urllib.parse import parse_qsl, urlencode

_PLAIN: Final = frozenset({
    "application_name", "channel_binding", "connect_timeout", "dbname", "host", "hostaddr", "keepalives", "options",
    "port", "region", "search_path", "sslcert", "sslkey", "sslmode", "sslrootcert", "target_session_attrs", "user",
})  # fmt: skip
"""Query parameters whose values may be shown; all others might be keys or signatures."""

_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}://(?:\S{0,1000}@)?[^\s'\"<>]*")
"""Bounded, since a long text without a URL would take quadratic time.  Passwords may contain quotes."""
_PASSWORD: Final = re.compile(r"([^:@/?#\[]*):(?!\d{0,5}(?:[/?#,]|$)).*@", re.DOTALL)
"""User and password up to the last ``@``, since passwords may contain unescaped ``/``, ``?`` or ``#``."""


def redacted(url: str) -> str:
    """*url* without password, fragment and parameters that may be secret; a text without scheme is unchanged."""
    scheme, found, rest = url.partition("://")
    if not found:
        return url
    rest = _PASSWORD.sub(r"\1@", rest, count=1) if _PASSWORD.match(rest) else rest
    rest, _, _ = rest.partition("#")
    rest, _, query = rest.partition("?")
    authority, slash, path = rest.partition("/")
    user, at, hosts = authority.rpartition("@")
    name = user.partition(":")[0]
    kept = urlencode([(key, value) for key, value in parse_qsl(query) if key in _PLAIN], safe="/,=:")
    return f"{scheme}://{name}{at}{hosts}{slash}{path}{'?' if kept else ''}{kept}"


def redacted_text(text: str) -> str:
    """*text* with each URL in it redacted, for messages of libraries that repeat a URL."""
    return _URL.sub(lambda url: redacted(url[0]), text)


def holds_secret(url: str) -> bool:
    """True if *url* contains a password, or a parameter that may be one."""
    _, found, rest = url.partition("://")
    if not found:
        return False
    if _PASSWORD.match(rest):
        return True
    rest = rest.partition("#")[0]
    authority = rest.partition("/")[0].partition("?")[0]
    query = rest.partition("?")[2]
    password = authority.rpartition("@")[0].partition(":")[2]
    return bool(password) or any(key not in _PLAIN for key, _ in parse_qsl(query, keep_blank_values=True))
