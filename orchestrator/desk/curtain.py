"""Words and rows as far as the caller may see them (:mod:`domain.label.curtain`).

Tests: ``tests/orchestrator/test_curtain.py``.
"""

from typing import Final

from domain.core.refusal import FreeText, Refused, suggest
from domain.label.curtain import MONEY, sees
from domain.label.people import ROLES
from domain.status.verdicts import Status
from orchestrator.studio import Studio

NOT_APPROVED: Final = "not approved"
"""Shown of a rejected mix or master to whoever does not see rejections."""


def refuse_money(studio: Studio) -> None:
    """Refuse to show money to a caller who does not see it.  Raises: Refused ``curtain.money``."""
    if sees(studio.reader, "money"):
        return
    has, may = ", ".join(sorted(studio.reader.roles)) or "no role", [role for role in ROLES if role in MONEY]
    raise Refused(
        "curtain.money",
        f"{studio.who.actor} ({has}) does not see money; {', '.join(may[:-1])} and {may[-1]} do",
        next=suggest("user show", FreeText(studio.who.actor)),
    )


def shown_verdict(studio: Studio, verdict: str | None) -> str:
    """Return the verdict on a take; empty if there is none, or if it is a rejection that the caller does not see."""
    return "" if verdict is None or (verdict == "rejected" and not sees(studio.reader, "rejections")) else verdict


def shown_status(studio: Studio, status: Status) -> str:
    """Return the status of a mix or a master in words."""
    if status.state == "rejected" and not sees(studio.reader, "rejections"):
        return NOT_APPROVED
    return str(status)
