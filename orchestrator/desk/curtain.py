"""Words and rows as far as the caller may see them (:mod:`domain.label.curtain`).

Tests: ``tests/orchestrator/test_curtain.py``.
"""

import re
from collections.abc import Callable, Collection
from typing import Final

from domain.core.ids import record_of
from domain.core.refusal import FreeText, Refused, suggest
from domain.label.curtain import MONEY, Reader, audits, sees
from domain.label.people import MAY, ROLES, Role
from domain.label.permissions import roles_in_words
from domain.status.verdicts import Status
from orchestrator.studio import Studio

NOT_APPROVED: Final = "not approved"
"""Status of a rejected mix or master that is shown to people who may not see rejections."""
_REJECTED: Final = re.compile(r"(?:lapsed, )?\brejected(?=\)?$)")
"""The end of a status, or of the reason in one: a master is blocked if a mix it holds was rejected."""


def refuse_money(studio: Studio, record: str | None = None) -> None:
    """Refuse to show the money of *record*, or of all records, to a caller who sees none of it.

    Raises:
        Refused: ``curtain.money``.
    """
    if blind := _blind(studio.reader, lambda reader: sees(reader, "money", record)):
        raise _refusal(blind, "curtain.money", "money")


def _blind(reader: Reader, sees_it: Callable[[Reader], bool]) -> Reader | None:
    """The one who does not see it: *reader*, or else the caller who views as them; None if both do."""
    return next((one for one in (reader._replace(caller=None), reader.caller) if one and not sees_it(one)), None)


def refuse_all_money(studio: Studio) -> None:
    """Refuse to show the money of all records to a caller who does not see that of each.

    Raises:
        Refused: ``curtain.money``.
    """
    if blind := _blind(studio.reader, _sees_all_money):
        raise _refusal(blind, "curtain.money", "the money of all records")


def _sees_all_money(reader: Reader) -> bool:
    """True if *reader* sees the money of each record."""
    return any(scope.record is None for role in MONEY for scope in reader.roles.get(role, ()))


def _refusal(reader: Reader, rule: str, matter: str, roles: Collection[Role] = MONEY) -> Refused:
    has, may = ", ".join(roles_in_words(reader.roles)) or "no role", [role for role in ROLES if role in roles]
    return Refused(
        rule,
        f"{reader.person} ({has}) does not see {matter}; {', '.join(may[:-1])} and {may[-1]} do",
        next=suggest("user show", FreeText(reader.person)),
    )


def refuse_export(studio: Studio) -> None:
    """Refuse to export the log, which proves every amount and verdict, to a caller who may not audit the label.

    Raises:
        Refused: ``curtain.export``.
    """
    if blind := _blind(studio.reader, audits):
        raise _refusal(blind, "curtain.export", "the whole log, with its amounts and verdicts", MAY["audit"])


def refuse_audit(studio: Studio) -> None:
    """Refuse to say that the log holds to a caller who may not audit the label; what is damaged, anybody is told.

    Raises:
        Refused: ``curtain.verify``.
    """
    if blind := _blind(studio.reader, audits):
        raise _refusal(blind, "curtain.verify", "what was verified", MAY["audit"])


def refuse_receipt(studio: Studio, position: int) -> None:
    """Refuse to prove an event that the caller does not see.  Raises: Refused ``curtain.export``."""
    if not all(sees(studio.reader, one.event) for one in studio.log.events_at([position])):
        raise _refusal(studio.reader, "curtain.export", f"the event at position {position}")


def shown_verdict(studio: Studio, verdict: str | None, record: str) -> str:
    """Return the verdict on a take of *record*; empty without a verdict, or if the caller may not see the rejection."""
    hidden = verdict == "rejected" and not sees(studio.reader, "rejections", record)
    return "" if hidden else verdict or ""


def shown_status(studio: Studio, status: Status) -> str:
    """Return the status of a mix or a master in words."""
    return shown_words(studio, str(status), record_of(status.address))


def shown_words(studio: Studio, words: str, record: str) -> str:
    """Return *words*, a status or its reason, with ``NOT_APPROVED`` for a rejection that the caller may not see."""
    return words if sees(studio.reader, "rejections", record) else _REJECTED.sub(NOT_APPROVED, words)
