"""Facts of a song: its key, charts and reference recordings, and with them its tempo and lyrics."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Literal

from domain.core.event import Event
from domain.core.ids import record_of
from domain.core.refusal import Misused, NotFound, Refused
from domain.label.people import Role
from domain.song.song_facts import LARGEST_CHART, SongChanges, SongDescribed, SongFile, describe_song, read_key
from flows.vault.vault import Vault
from orchestrator.desk.addressing.addresses import catalog_of
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.record_state.song_places import places_read
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio


def facts_query(song: str) -> Query:
    """Query for the facts of *song*."""
    return Query.of(SongDescribed, tags=[f"song:{song}"])


def change_facts(
    studio: Studio, vault: Vault, song: str, *, key: str | None = None, charts: Sequence[Path] = (),
    references: Sequence[Path] = (), without: Sequence[str] = (), why: str | None = None,
) -> bool:  # fmt: skip
    """Change the facts of *song*; return False if they were so already.

    Args:
        studio: the store.
        vault: where the files are kept, by the hash of their bytes.
        song: song id.
        key: such as ``F# minor``; an empty text takes it away.
        charts: files of any kind.
        references: sound files, lossy ones too.
        without: names of files to take away.
        why: the reason given.

    Raises:
        Misused: ``song.key``; ``file.unfit``, a chart is no file, empty or too large.
        NotFound: ``file.missing``, ``song.file``.
        Refused: ``audio.unsound``; a reference is no sound.
        VaultFault: a file cannot be stored.
    """
    if key is not None and key.strip():
        read_key(key)  # before any file is copied
    for chart in charts:
        refuse_unfit(chart, LARGEST_CHART)
    for reference in references:
        refuse_silent(reference)
    files = [
        *(_stored(vault, file, "chart") for file in charts),
        *(_stored(vault, file, "reference") for file in references),
    ]
    changes = SongChanges(key=key, files=files, without=without)

    def decision(history: History, _: Role) -> tuple[bool, Sequence[Event]]:
        events = describe_song(_last(history), song=song, changes=changes)
        return bool(events), events

    return studio.decide(facts_query(song), decision, deed="record", why=why)


def _stored(vault: Vault, file: Path, role: Literal["chart", "reference"]) -> SongFile:
    blob = vault.take_in(file)
    return SongFile(role=role, name=file.name, blob=blob.hash, size=blob.size)


def refuse_unfit(file: Path, most: int) -> None:
    """Refuse what is no plain file, or is empty or larger than *most* bytes.

    Raises:
        NotFound: ``file.missing``.
        Misused: ``file.unfit``.
    """
    if not file.exists():
        raise NotFound("file.missing", f"there is no file {file}")
    if not file.is_file():
        raise Misused("file.unfit", f"{file} is no file")
    size = file.stat().st_size
    if not 0 < size <= most:
        raise Misused("file.unfit", f"{file.name} has {size:,} bytes; 1 to {most:,} are taken")


def refuse_silent(file: Path) -> None:
    """Refuse what is no sound file, lossless or lossy, read to its end.

    Raises:
        NotFound: ``file.missing``.
        Refused: ``audio.unsound``.
    """
    from dsp.audio import Unsound
    from dsp.files.lossy.lossy_files import inspect_lossy
    from dsp.files.sound import inspect

    if not file.exists():
        raise NotFound("file.missing", f"there is no file {file}")
    try:
        inspect(file)
    except Unsound as error:
        try:
            inspect_lossy(file)
        except (Unsound, OSError):
            raise Refused("audio.unsound", f"{file.name}: {error.reason}") from None


def song_facts(studio: Studio, song: str) -> Row:
    """The facts of *song*: title, key, tempo, lyrics, charts and reference recordings."""
    catalog, places = catalog_of(studio, record_of(song)), places_read(studio, song)
    known = _last(studio.read(facts_query(song)))
    files = known.files if known else ()
    tempo, lyrics = places.arrangement.tempo, places.lyrics.attached
    return {
        "address": song,
        "title": catalog.song(song).title,
        "key": (known.key or "") if known else "",
        "tempo": ", ".join(f"{float(Fraction(one.bpm)):g}" for one in tempo.tempi) if tempo else "",
        "lyrics": lyrics.file if lyrics else "",
        "charts": [one.name for one in files if one.role == "chart"],
        "references": [one.name for one in files if one.role == "reference"],
    }


def fact_lines(studio: Studio, song: str) -> list[str]:
    """The facts of *song* in one line, as they are shown where it is judged; none if nothing is known."""
    facts = song_facts(studio, song)
    told = [f"{facts['key']}" if facts["key"] else "", f"{facts['tempo']} bpm" if facts["tempo"] else ""]
    told += [f"lyrics {facts['lyrics']}" if facts["lyrics"] else ""]
    for noun in ("charts", "references"):
        names = facts[noun]
        if isinstance(names, list) and names:
            told.append(f"{noun} {', '.join(names)}")
    line = " · ".join(filter(None, told))
    return [f"{facts['title']}: {line}"] if line else []


def song_files(studio: Studio, vault: Vault, song: str) -> list[Row]:
    """One row for each chart and reference recording of *song*, with the path of its bytes.

    Raises:
        VaultFault: a file is missing from the vault.
    """
    known = _last(studio.read(facts_query(song)))
    return [
        {"role": one.role, "name": one.name, "file": str(vault.checked(one.blob))}
        for one in (known.files if known else ())
    ]


def reference_recordings(studio: Studio, song: str) -> list[SongFile]:
    """The reference recordings of *song*, in the order in which they were added."""
    known = _last(studio.read(facts_query(song)))
    return [one for one in (known.files if known else ()) if one.role == "reference"]


def _last(history: History) -> SongDescribed | None:
    return next((one.event for one in reversed(history) if isinstance(one.event, SongDescribed)), None)
