"""The move of a take to another part."""

from domain.core.ids import number_of, part_of, record_of
from domain.core.refusal import Refused, suggest
from domain.label.corrections import TakeMoved
from domain.takes.midi_takes import MidiPlayed
from domain.takes.takes import TakeIngested, Takes


def move_take(
    source: Takes, target: Takes, *, take: str, part: str, performance: MidiPlayed | None = None
) -> tuple[str, list[TakeIngested | MidiPlayed | TakeMoved]]:
    """Move *take* to *part*: a new number over the same audio, pass and place.

    Verdicts and edits do not move: they were decided about a performance of another part.  The old number no longer
    sounds, and the strokes beneath it in the old part's comp sound again.  Audio that is a take of *part* already keeps
    its number.

    Args:
        source: takes of the part that the take leaves.
        target: takes of *part*.
        take: its id.
        part: id of the part to which the take is moved.
        performance: first sound of a MIDI take; None for any other take.

    Returns:
        The take's new id and the new events; for a take that is in *part* already, its id and no events.

    Raises:
        NotFound: ``take.unknown``; ``take.moved`` if the take was moved to a third part before.
        Refused: ``take.move``; the part is on another record.
    """
    number = number_of(take)
    if number in source.moved and part_of(source.moved[number].to) == part:
        return source.moved[number].to, []
    old = source.take(part_of(take), number)
    if part_of(take) == part:
        return take, []
    if record_of(take) != record_of(part):
        raise Refused(
            "take.move",
            f"{take} cannot move to another record, {record_of(part)}, where its session and its pass do not exist; "
            "ingest its file there",
            next=suggest("take ingest", part, "FILE"),
        )
    known = next((one.number for one in target.takes.values() if one.is_of(old.ingested.tracks)), None)
    new = f"{part}/{known or target.next}"
    moved = TakeMoved(take=take, to=new)
    if known:
        return new, [moved]
    ingested = old.ingested.model_copy(update={"take": new, "part": part})
    played = [performance.model_copy(update={"take": new})] if performance else []
    return new, [ingested, *played, moved]
