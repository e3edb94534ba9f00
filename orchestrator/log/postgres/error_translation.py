"""Translation of PostgreSQL's errors into refusals of the store."""

from collections.abc import Callable
from types import TracebackType
from typing import Final

import psycopg

from domain.core.refusal import Refusal
from flows.vault.redaction import redacted_text
from orchestrator.log.database.url import DatabaseUrl
from orchestrator.log.refusals import (
    StandbyServer,
    StoreBusy,
    StoreDamaged,
    StoreForbidden,
    StoreFull,
    StoreUnreachable,
)

# PostgreSQL documentation, appendix A: the classes and codes of errors.
_BUSY: Final = {"55P03", "40P01", "40001"}
_DAMAGED: Final = {"42P01", "42703", "42883", "XX001", "XX002"}
_DAMAGED_CLASSES: Final = {"22", "23"}
_FORBIDDEN: Final = {"42501"}
_BY_CODE: Final = {"53100": StoreFull, "25006": StandbyServer, "0A000": StandbyServer}
"""A full disk; a read-only transaction; an attempt to write while the server recovers."""
_UNREACHABLE: Final = {"3D000", "3F000"}
_UNREACHABLE_CLASSES: Final = {"08", "28", "53", "57", "58"}


class PostgresErrors:
    """Context that translates the driver's errors.

    Raises:
        StoreDamaged: our tables are missing or corrupted, or the guards refused a change.
        StoreBusy: other writers hold the log for longer than any append takes.
        StoreFull: the server's disk is full.
        StoreForbidden: this role lacks the rights.
        StandbyServer: the server is read-only.
        StoreUnreachable: no answer, or no such database.
    """

    __slots__ = ("_url",)

    def __init__(self, url: DatabaseUrl) -> None:
        self._url = url

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if isinstance(error, psycopg.Error) and (told := _told(self._url, error)):
            # The driver's message may contain the URL with its password, so it is not chained.
            raise told from (None if self._url.secrets else error)


def _told(url: DatabaseUrl, error: psycopg.Error) -> Refusal | None:
    place, words, code = str(url), in_words(url, error), error.sqlstate or ""
    if code in _FORBIDDEN:
        return StoreForbidden(place, role=role_of(url), reason=words)
    if code in _BUSY:
        return StoreBusy(place)
    family = _family(code, error)
    return family(place, words) if family else None


def _family(code: str, error: psycopg.Error) -> Callable[[str, str], Refusal] | None:
    """Return a function that makes the refusal for *code* from the place and the server's message; None without one."""
    if code in _DAMAGED or code[:2] in _DAMAGED_CLASSES:
        return StoreDamaged
    if code in _UNREACHABLE or code[:2] in _UNREACHABLE_CLASSES:
        return _BY_CODE.get(code, StoreUnreachable)
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) or not code:
        return _BY_CODE.get(code, StoreUnreachable)
    return _BY_CODE.get(code)


def role_of(url: DatabaseUrl) -> str:
    """Return the role that connects: that of the URL, of PGUSER, or the user of the operating system."""
    named = psycopg.conninfo.conninfo_to_dict(url.conninfo).get("user")
    defaults = {option.keyword: option.val for option in psycopg.pq.Conninfo.get_defaults()}
    return str(named or (defaults.get(b"user") or b"").decode() or "?")


def in_words(url: DatabaseUrl, error: Exception) -> str:
    """Return the driver's message in one line, without the secrets of *url*."""
    diagnosed = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    words = " ".join((diagnosed or str(error)).split()) or type(error).__name__
    for secret in url.secrets:
        words = words.replace(secret, "…")
    return redacted_text(words)
