"""Entries that are numbered within a record, such as the handoff ``night-bus/H1``: of which record one is.

Tests: ``tests/orchestrator/cli/commands/correspondence/test_signoff.py``.
"""

from collections.abc import Callable, Iterable

from domain.core.refusal import Misused, Suggestion
from orchestrator.desk.addressing import addresses
from orchestrator.desk.addressing.current_place import current_path
from orchestrator.studio import Studio


def numbered_entry(
    studio: Studio,
    text: str,
    *,
    noun: str,
    is_id: Callable[[str], bool],
    records_with: Callable[[str], Iterable[str]],
    listing: Suggestion,
) -> tuple[str, str]:
    """Record and number of the entry that *text* names: ``night-bus/H1``, or ``H1`` of the current record.

    Without a current record it is that of the only record with such a number.

    Args:
        studio: the store.
        text: as it was typed.
        noun: command of such entries, such as ``handoff``.
        is_id: tells if a word is formed like their number.
        records_with: ids of the records that have an entry with a number, which is in capital letters.
        listing: the command that lists such entries.

    Raises:
        Misused: ``handoff.id``, with the noun before the dot; no number, or no record where there are several.
        NotFound: ``record.unknown``.
    """
    above, _, id_ = text.rpartition("/")
    if not is_id(id_):
        example = "H1" if noun == "handoff" else "G1"
        raise Misused(
            f"{noun}.id",
            f"{text[:60]!r} is no {noun}; write one like night-bus/{example}",
            next=listing,
        )
    if above:
        return addresses.record(studio, above), id_
    if here := current_path(studio):
        return here[0], id_
    found = sorted(set(records_with(id_.upper())))
    if len(found) != 1:
        named = " or ".join(f"{record}/{id_}" for record in found[:3]) or f"RECORD/{id_}"
        raise Misused(f"{noun}.id", f"{id_} is of which record? write {named}", next=listing)
    return found[0], id_
