"""Moving a take to the part that it is really of."""

from domain.core.ids import number_of, part_of, record_of
from domain.core.refusal import Refused, suggest
from domain.label.corrections import TakeMoved
from domain.takes.midi_takes import MidiPlayed
from domain.takes.takes import TakeIngested, Takes


def move_take(
    own: Takes, there: Takes, *, take: str, part: str, performance: MidiPlayed | None = None
) -> tuple[str, list[TakeIngested | MidiPlayed | TakeMoved]]:
    """Move *take* to *part*: a new number over the same audio, pass and place.

    Verdicts and edits do not follow: they were given on a performance of another part.  The old number sounds no
    longer, and what lies beneath it in its comp shows again.  Audio that is a take of *part* already keeps its number.

    Args:
        own: takes of the part that it leaves.
        there: takes of *part*.
        take: its id.
        part: id of the part that it is of.
        performance: how it was first played, if it is a MIDI take.

    Returns:
        Its id now, and new events; for a take that is of *part* already, its id and no events.

    Raises:
        NotFound: ``take.unknown``, or ``take.moved`` if it is in a third part now.
        Refused: ``take.move``; the part is on another record.
    """
    number = number_of(take)
    if number in own.moved and part_of(own.moved[number].to) == part:
        return own.moved[number].to, []
    old = own.take(part_of(take), number)
    if part_of(take) == part:
        return take, []
    if record_of(take) != record_of(part):
        raise Refused(
            "take.move",
            f"{take} cannot move to another record, {record_of(part)}, where its session and its pass do not exist; "
            "ingest its file there",
            next=suggest("take ingest", part, "FILE"),
        )
    known = next((one.number for one in there.takes.values() if one.is_of(old.ingested.tracks)), None)
    new = f"{part}/{known or there.next}"
    moved = TakeMoved(take=take, to=new)
    if known:
        return new, [moved]
    ingested = old.ingested.model_copy(update={"take": new, "part": part})
    played = [performance.model_copy(update={"take": new})] if performance else []
    return new, [ingested, *played, moved]
