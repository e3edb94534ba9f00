"""Tables of takes and comps.

Tests: ``tests/orchestrator/cli/commands/daily/test_daily.py``.
"""

from collections.abc import Sequence

from domain.core.address import Address, clock
from domain.core.ids import lies_under, record_of
from domain.core.refusal import NotFound, suggest
from domain.recipe import Splice, midi_words, splice_noted
from domain.status.note_list import notes_of, notes_on
from domain.status.review.ratings import SoundRated, ratings_in_words
from domain.takes.outside_comps import CompSubmitted
from domain.takes.takes import Take
from flows.vault.vault import Vault
from flows.vault.vault_faults import VaultFault
from orchestrator.desk.addressing.addresses import catalog_of
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.curtain import shown_verdict
from orchestrator.desk.record_state.note_rows import note_lines
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.desk.record_state.sound_ratings import ratings_read
from orchestrator.desk.takes.takes import PartState, parts_read
from orchestrator.studio import Studio


def take_rows(studio: Studio, target: Address) -> list[Row]:
    """One row for each take at or under *target*; takes of a removed or shelved part only if *target* is that part."""
    if len(target.path) > 1:
        songs = ["/".join(target.path[:2])]
    else:
        songs = [song.id for song in catalog_of(studio, target.path[0]).songs_of(target.path[0])]
    wanted, ratings = "/".join(target.path), ratings_read(studio, target.path[0])
    return [
        _row(studio, state, take, ratings)
        for song in songs
        for part, state in parts_read(studio, song).items()
        if lies_under(part, wanted) and (state.absence is None or part == wanted)
        for take in state.takes.takes.values()
    ]


def _row(studio: Studio, state: PartState, take: Take, ratings: Sequence[SoundRated]) -> Row:
    ingested = take.ingested
    used = take.number in state.comp.used
    return {
        "take": ingested.take,
        "verdict": shown_verdict(studio, take.verdict, record_of(ingested.take)),
        "moved": ratings_in_words(ratings, ingested.take, take.sound),
        "sounds": used,
        "gap": ", ".join(
            f"{clock(hole.start, take.rate)}-{clock(hole.end, take.rate)}"
            for hole in state.comp.holes(state.takes)
            if hole.take == take.number
        ),
        "pass": ingested.pass_number,
        "starts": clock(take.start, take.rate),
        "length": clock(take.frames, take.rate),
        "tracks": len(ingested.tracks),
        "notes": take.played.notes if take.played else "",
        "rate": take.rate,
        "bits": ingested.bits,
        "recorded": ingested.recorded_on or "",
        "session": ingested.session or "",
        "warnings": len(ingested.warnings) or "",
    }


def take_facts(studio: Studio, address: Address) -> Row:
    """One take: its row, tracks, recorder metadata and take check warnings.  Raises: NotFound ``take.unknown``."""
    part, song = "/".join(address.path), "/".join(address.path[:2])
    state = parts_read(studio, song).get(part)
    if state is None or address.take is None:
        raise NotFound("take.unknown", f"there is no {address}", next=suggest("take list", song))
    take = state.takes.take(part, address.take)
    tracks = [
        f"{track.name} ({track.file}, {track.sound.channels} ch, {track.sound.pcm[:12]})" for track in take.tracks
    ]
    decoded: Row = {"source": take.lossy_remark} if take.lossy_remark else {}
    played = {"played": midi_words(take.played.recipe)} if take.played else {}
    told = _recorder_said(Vault(studio.config.vault), take)
    read = read_record(studio, record_of(part))
    notes = note_lines(read.state, notes_on(notes_of(read.history, studio.reader), take.ingested.take))
    more: Row = {"tracks": tracks, "warnings": list(take.ingested.warnings), "note_list": notes}
    ratings = ratings_read(studio, record_of(part))
    return _row(studio, state, take, ratings) | decoded | played | told | more


def _recorder_said(vault: Vault, take: Take) -> Row:
    """Metadata that the recorder wrote into the original file; only the header is read: the vault may be remote."""
    from dsp.files.metadata.bext import read_stamp  # imported on demand: rows of many takes need no XML

    first = take.ingested.tracks[0]
    try:
        with vault.stream(first.original or first.sound.blob) as file:
            stamp = read_stamp(file)
    except VaultFault as fault:
        return {"recorder": fault.reason}
    circled = None if stamp.circled is None else "circled" if stamp.circled else "not circled"
    told = {"tape": stamp.tape, "scene": stamp.scene, "take": stamp.take, "note": stamp.note}
    said = [*(f"{name} {text}" for name, text in told.items() if text), *filter(None, [circled])]
    return {"recorder": said} if said else {}


def comp_rows(studio: Studio, part: str) -> list[Row]:
    """One row for each stretch of the comp of *part*, or gap (``comp.gap``), with the positions of rendered splices.

    If an outside comp is in force, it is the first row, of layer 0; the other rows are the comp it was made from.
    """
    state = read_record(studio, record_of(part)).state
    comp, takes, sound = state.comp(part), state.takes_of(part), state.sound(part)
    rate = next((take.rate for take in takes.takes.values()), 1)
    found: list[tuple[int, int, int, str]] = [
        (number, stroke.start, stroke.end, str(stroke.take))
        for number, layer in enumerate(comp.sounding_layers(takes), start=1)
        for stroke in layer
    ]
    found += [(1, start, end, "silence") for start, end in comp.gaps(takes)]
    report = sound.report if sound else None
    known = [splice for note in (report.notes if report else ()) if (splice := splice_noted(note))]
    splices = {(splice.layer, splice.decided): splice for splice in known}
    return _brought(sound.outside if sound else None) + [
        {"layer": layer, "from": clock(start, rate), "to": clock(end, rate), "take": take}
        | _spliced(splices.get((layer, start)), rate)
        for layer, start, end, take in sorted(found)
    ]


def _brought(submitted: CompSubmitted | None) -> list[Row]:
    """The row of an outside comp in force; empty if *submitted* is None."""
    if submitted is None:
        return []
    sound = submitted.tracks[0].sound
    whole: Row = {"layer": 0, "from": clock(0, sound.rate), "to": clock(sound.frames, sound.rate)}
    return [whole | {"take": f"edited outside by {submitted.maker}, from:"} | _spliced(None, sound.rate)]


def _spliced(splice: Splice | None, rate: int) -> Row:
    """Offset in ms of the rendered splice at the start of a stretch, and the correlation of the takes there.

    The correlation is empty if the takes have no track in common.
    """
    if splice is None:
        return {"spliced": "", "correlation": "", "splice": None}
    moved = (splice.at - splice.decided) * 1000 / rate
    alike = [f"{value}" for value in sorted(splice.correlation.values())]
    told = "".join(alike) if len(alike) < 2 else f"{alike[0]} to {alike[-1]}"  # noqa: PLR2004 - a range has two ends
    return {"spliced": f"{moved:+.1f} ms", "correlation": told, "splice": splice.model_dump(mode="json")}
