"""Ideas: captured from files or words, listed, and promoted to songs.

Tests: ``tests/orchestrator/cli/commands/song/test_idea.py``.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, get_args

from domain.core.address import clock
from domain.core.event import Event
from domain.core.fold import fold_events
from domain.core.ids import record_of
from domain.core.refusal import NotFound, Refused, suggest
from domain.label import catalog
from domain.label.catalog import catalog_after
from domain.label.catalog_additions import add_song, song_named
from domain.label.people import Role
from domain.recipe import INSTRUMENTS, MidiRecipe
from domain.render.jobs import Sound
from domain.song import ideas
from domain.song.ideas import (
    Idea,
    IdeaEvent,
    IdeaFile,
    Ideas,
    IdeaSort,
    capture_idea,
    promote_idea,
    title_of_song,
)
from domain.song.song_facts import SongChanges, SongDescribed, SongFile, describe_song
from flows.vault.vault import Vault
from orchestrator.desk.addressing.addresses import catalog_query
from orchestrator.desk.addressing.rows import Row
from orchestrator.desk.addressing.times import shown
from orchestrator.desk.listening.audition import AuditionFile
from orchestrator.log.query import Query
from orchestrator.studio import History, Studio

IDEAS: Final = Query.of(*get_args(IdeaEvent))
MIDI_HZ: Final = 48_000
"""Rate in Hz at which the idea of a MIDI file is played."""
MIDI_MAGIC: Final = b"MThd"


def ideas_of(history: History) -> Ideas:
    """The ideas after *history*."""
    return fold_events(ideas.evolve, Ideas(), (one.event for one in history if isinstance(one.event, IdeaEvent)))


def capture(
    studio: Studio, vault: Vault, file: Path | None, *, sort: IdeaSort | None = None, text: str = "",
    title: str = "", why: str | None = None,
) -> str:  # fmt: skip
    """Capture an idea; return its id, also if it is there already.

    Args:
        studio: the store.
        vault: where a file is kept by its hash.
        file: a sound, lossy or not, or a MIDI file; None for words.
        sort: ``text`` or ``chords`` for words.
        text: the words or chords.
        title: of the idea.
        why: the reason given.

    Raises:
        Misused: ``idea.empty``.
        NotFound: ``file.missing``.
        Refused: ``idea.file``; the file is neither sound nor MIDI.
        VaultFault: the file cannot be stored.
    """
    found, kept = (_kept(vault, file)) if file else (sort or "text", None)

    def decision(history: History, _: Role) -> tuple[str, Sequence[Event]]:
        return capture_idea(ideas_of(history), sort=found, by=studio.who.actor, title=title, text=text, file=kept)

    return studio.decide(IDEAS, decision, deed="note", why=why)


def _kept(vault: Vault, path: Path) -> tuple[IdeaSort, IdeaFile]:
    """Put a sound or MIDI file into the vault, and its sound where that is another file."""
    from dsp.audio import Unsound

    if not path.is_file():
        raise NotFound("file.missing", f"there is no file {path}")
    try:
        with path.open("rb") as opened:
            midi = opened.read(len(MIDI_MAGIC)) == MIDI_MAGIC
        return _midi(vault, path) if midi else _audio(vault, path)
    except (Unsound, OSError) as error:
        reason = error.reason if isinstance(error, Unsound) else str(error.strerror)
        raise Refused(
            "idea.file",
            f"{path.name} is neither a sound nor a MIDI file: {reason}",
            next=suggest("idea add", text="WORDS"),
        ) from None


def _midi(vault: Vault, path: Path) -> tuple[IdeaSort, IdeaFile]:
    from dsp.midi.file import parse, read_bytes
    from flows.jobs.midi import perform

    parse(read_bytes(path))
    blob = vault.take_in(path)
    recipe = MidiRecipe(instrument="keys", version=INSTRUMENTS["keys"])
    sound = perform(vault, blob.hash, recipe, MIDI_HZ)
    return "midi", IdeaFile(name=path.name, blob=blob.hash, size=blob.size, sound=sound)


def _audio(vault: Vault, path: Path) -> tuple[IdeaSort, IdeaFile]:
    from dsp.audio import Unsound
    from dsp.files.lossy.lossy_files import decode, inspect_lossy
    from dsp.files.sound import inspect
    from flows.jobs.rendering import published

    try:
        facts = inspect(path)
    except Unsound as error:
        try:
            inspect_lossy(path)
        except Unsound:
            raise error from None
        blob = vault.take_in(path)
        with vault.scratch() as room:
            sound = published(vault, decode(vault.path(blob.hash), room / "decoded.wav")).sound
        return "audio", IdeaFile(name=path.name, blob=blob.hash, size=blob.size, sound=sound)
    blob = vault.take_in(path)
    sound = Sound(
        blob=blob.hash, size=blob.size, pcm=facts.pcm, rate=facts.rate, frames=facts.frames, channels=facts.channels
    )
    return "audio", IdeaFile(name=path.name, blob=blob.hash, size=blob.size, sound=sound)


def idea_rows(studio: Studio, song: str | None = None) -> list[Row]:
    """One row for each idea, or for those that belong to *song*, oldest first."""
    history = studio.read(IDEAS)
    times = {one.event.address: one.recorded_at for one in reversed(history)}
    return [
        {
            "idea": name,
            "sort": idea.captured.sort,
            "title": idea.captured.title,
            "content": _content(idea),
            "songs": ", ".join(idea.songs),
            "by": idea.captured.by,
            "at": shown(studio, times[name]),
        }
        for name, idea in ideas_of(history).ideas.items()
        if song is None or song in idea.songs
    ]


def _content(idea: Idea) -> str:
    file = idea.captured.file
    return f"{file.name}, {clock(file.sound.frames, file.sound.rate)}" if file else idea.captured.text


def idea_named(studio: Studio, name: str) -> Idea:
    """The idea called *name*.  Raises: NotFound ``idea.unknown``."""
    return ideas_of(studio.read(IDEAS)).idea(name)


def promote(studio: Studio, name: str, target: str, *, title: str | None, why: str | None) -> str:
    """Promote an idea to a song; return the song's address.

    Args:
        studio: the store.
        name: of the idea, such as ``I3``.
        target: id of a record, on which a song is added; or of a song, to which the idea then belongs.
        title: of the new song; that of the idea by default.
        why: the reason given.

    The sound of the idea is among the reference recordings of the song; it is never a take.

    Raises:
        NotFound: ``idea.unknown``.
        Refused: ``idea.title``.
    """
    record = record_of(target)

    def decision(history: History, _: Role) -> tuple[str, Sequence[Event]]:
        known, state = ideas_of(history), catalog_after(history)
        idea = known.idea(name)
        events: list[Event] = []
        song = target
        if target == record:
            words = title_of_song(idea.captured, title)
            new = add_song(state, record=record, title=words)
            events += new
            song = str(song_named(fold_events(catalog.evolve, state, new), record, words))
        events += promote_idea(known, idea=name, song=song)
        if events:
            events += _reference(history, idea, song)
        return song, events

    query = IDEAS | catalog_query(record) | Query.of(SongDescribed, tags=[f"record:{record}"])
    return studio.decide(query, decision, deed="record", why=why)


def _reference(history: History, idea: Idea, song: str) -> list[SongDescribed]:
    """The file of *idea* among the reference recordings of *song*; a MIDI file is one of its charts."""
    file = idea.captured.file
    if file is None:
        return []
    facts = (one.event for one in reversed(history) if isinstance(one.event, SongDescribed) and one.event.song == song)
    reference = SongFile(
        role="chart" if idea.captured.sort == "midi" else "reference", name=file.name, blob=file.blob, size=file.size
    )
    return describe_song(next(facts, None), song=song, changes=SongChanges(files=[reference]))


def idea_audition(vault: Vault, idea: Idea) -> AuditionFile | None:
    """The sound of *idea* to play; None for words.

    Raises:
        VaultFault: it is missing from the vault, or its bytes have changed.
    """
    from dsp.audio import Source

    file = idea.captured.file
    if file is None:
        return None
    sound, path = file.sound, vault.checked(file.sound.blob)
    words = (f"{idea.captured.idea} · {idea.captured.title or file.name} · {clock(sound.frames, sound.rate)}",)
    return AuditionFile(path, Source(path), sound.rate, sound.frames, words, temporary=False)
