"""Requests for a session, as people type them: ``jo:leader``, ``al:double=2:overdub``, ``20m`` of finished music.

Tests: ``tests/orchestrator/cli/commands/label/test_room.py``.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from domain.booking.terms.card_text import parse_minutes
from domain.booking.terms.pricing import Duties
from domain.core.address import slug
from domain.core.refusal import Misused


class SessionRequest(NamedTuple):
    """The rooms, people and gear of a session, and what they do beside their own part."""

    resources: tuple[str, ...]
    duties: Mapping[str, Duties]
    finished_minutes: int = 0


def session_request(rooms: Sequence[str], others: Sequence[str], finished: str | None) -> SessionRequest:
    """Parse the rooms and the comma-separated *others* of a session.

    Raises:
        Misused: ``session.duty``, ``rate.duration``.
    """
    names, duties = list(rooms), dict[str, Duties]()
    for word in (one.strip() for text in others for one in text.split(",")):
        name, *said = word.split(":")
        names.append(name)
        if said:
            duties[slug(name)] = _duties(word, said)
    return SessionRequest(tuple(names), duties, parse_minutes(finished) if finished else 0)


def _duties(word: str, said: Sequence[str]) -> Duties:
    found = Duties()
    for duty in said:
        match duty.split("="):
            case ["leader"]:
                found = found._replace(leader=True)
            case ["overdub"]:
                found = found._replace(overdub=True)
            case ["double"]:
                found = found._replace(doubles=1)
            case ["double", count] if count.isascii() and count.isdigit() and 1 <= int(count[:3]) <= 99:  # noqa: PLR2004 - more instruments than anybody plays
                found = found._replace(doubles=int(count[:3]))
            case _:
                raise Misused(
                    "session.duty", f"{word[:100]!r} is no duty; write jo:leader, jo:overdub, jo:double or jo:double=2"
                )
    return found
