"""Erasures that a later export of the log proves, for a backup that was made before them.

Tests: ``tests/orchestrator/cli/commands/label/test_erasure.py``.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from domain.core.refusal import Misused, NotFound
from domain.label.erasure import TextsErased
from domain.status.events.event_types import KINDS, kind_of
from orchestrator.log.append_condition import Draft
from orchestrator.log.store import Log
from orchestrator.origin import user_at_host
from orchestrator.studio import ROBOT

LONGEST_LINE: Final = 32 << 20
"""Bytes; a longer line of an export is not an event."""


def erase_again(copy: Path, export: Path, *, position: int, hash_: str) -> int:
    """Erase from the log in the file *copy* the texts that were erased after its backup; return their number.

    Args:
        copy: the restored log.
        export: ``log export`` of the same log, made later.
        position: last position of the restored log.
        hash_: hash there, hexadecimal.

    Raises:
        NotFound: ``export.missing``.
        Misused: ``export.other``; the file is no export, or one of another log or another history.
    """
    erasures = list(_erasures(export, position, hash_))
    with Log.open(copy, kinds=KINDS) as log:
        beside, erased = log.texts(log.texts_stored()).keys(), 0
        for event in erasures:
            again = tuple(one for one in event.texts if (one.position, one.field) in beside)
            if again:
                draft = Draft(TextsErased(person=event.person, texts=again), ROBOT, user_at_host())
                log.erase_texts(draft, {(one.position, one.field) for one in again})
                erased += len(again)
    return erased


def _erasures(export: Path, position: int, hash_: str) -> Iterator[TextsErased]:
    kind, joined = kind_of(TextsErased), position == 0
    for number, event in enumerate(_lines(export)):
        if number == position and number:
            joined = event.get("hash") == hash_
        if event.get("kind") == kind:
            try:
                yield TextsErased.model_validate_json(str(event.get("data")))
            except ValidationError as error:
                raise _other(export, f"its position {event.get('position')} is no erasure") from error
    if not joined:
        raise _other(export, f"it has another event at position {position}, or ends before it")


def _lines(export: Path) -> Iterator[dict[str, Any]]:
    try:
        with export.open("rb") as file:
            while line := file.readline(LONGEST_LINE):
                found = json.loads(line)
                if not isinstance(found, dict):
                    raise _other(export, "a line of it is no event")
                yield found
    except FileNotFoundError:
        raise NotFound("export.missing", f"no export at {export}", next="takesheet log export FILE") from None
    except (OSError, ValueError, RecursionError) as error:
        raise _other(export, f"it cannot be read: {error}") from None


def _other(export: Path, what: str) -> Misused:
    return Misused("export.other", f"{export} is no later export of this log: {what}", next="takesheet log export FILE")
