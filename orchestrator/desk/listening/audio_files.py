"""Audio files of an address: takes, comps, mixes and masters.

Tests: ``tests/orchestrator/cli/test_release.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.core.address import Address
from domain.core.ids import slug_of
from domain.core.refusal import NotFound, Refused, suggest
from domain.masters.masters import Masters
from domain.mixes.mixes import FromOutside
from domain.render.jobs import Named
from domain.status.master_status import master_files
from domain.status.record_state import RecordState, mix_prints
from orchestrator.desk.addressing.addresses import noun_of
from orchestrator.desk.record_state.record_state import read_record
from orchestrator.studio import Studio


@dataclass(frozen=True, slots=True)
class AudioFile:
    """An audio file of the vault, and its name when exported."""

    name: str
    """Relative path with ``/``, without a suffix."""
    audio: Named


def audio_at(studio: Studio, address: Address) -> list[AudioFile]:
    """The audio files of a full *address*.

    Raises:
        NotFound: nothing has this address, or it has no audio.
        Refused: ``audio.pending``; not rendered yet, or made outside from what has changed.
    """
    state = read_record(studio, address.path[0]).state
    noun = noun_of(address)
    if noun == "master":
        return _waiting(master_audio(state, address), state, address)
    if noun == "mix":
        song, number = "/".join(address.path), address.revision[1] if address.revision else 0
        state.mixes[song].revision(song, number) if song in state.mixes else _no(address)
        stem = f"{address.path[1]}_mix{number}"
        files = [AudioFile(f"{stem}_{print_.name}", print_) for print_ in mix_prints(state, song, number)]
        return _waiting(files, state, address)
    if noun == "take":
        take = state.takes_of("/".join(address.path)).take("/".join(address.path), address.take or 0)
        tracks = [track for track in take.tracks if address.track in (None, track.name)]
        stem = f"{address.path[1]}_{address.path[2]}_{address.take}"
        return [AudioFile(f"{stem}_{t.name}", Named(name=t.name, sound=t.sound)) for t in tracks] or _no(address)
    if noun == "part":
        return _waiting(_comp(state, address), state, address)
    raise NotFound("audio.none", f"{address} is no sound: name a take, a part, a mix or a master")


def _comp(state: RecordState, address: Address) -> list[AudioFile]:
    part = "/".join(address.path)
    sound = state.sound(part)
    if sound is None:
        raise NotFound("audio.none", f"{part} has no keeper", next=suggest("take list", part))
    stem = f"{address.path[1]}_{address.path[2]}"
    return [AudioFile(f"{stem}_{track.name}", track) for track in sound.tracks]


def master_audio(state: RecordState, address: Address) -> list[AudioFile]:
    """The files of a master; empty unless all of them are rendered."""
    record, number = address.path[0], address.revision[1] if address.revision else 0
    files = list(master_files(state, state.masters.get(record, Masters()).master(record, number)))
    if not all(file.sound for file in files):
        return []
    return [
        AudioFile(f"{file.target}/{file.number:02d}_{slug_of(file.song)}", Named(name=file.song, sound=file.sound))
        for file in files
        if file.sound
    ]


def _waiting(files: Sequence[AudioFile], state: RecordState, address: Address) -> list[AudioFile]:
    if not files:
        raise pending(state, address)
    return list(files)


def pending(state: RecordState, address: Address) -> Refused:
    """The refusal for *address* without audio: not rendered yet, or made outside from inputs that have changed."""
    if maker := _maker(state, address):
        return Refused(
            "audio.pending",
            f"{address} no longer holds: what {maker} worked from has changed",
            next=suggest("why", str(address)),
        )
    return Refused("audio.pending", f"{address} is not rendered yet", next=suggest("render", str(address)))


def _maker(state: RecordState, address: Address) -> str | None:
    """The maker of the mix or master at *address* if it was made outside, else None."""
    kind, number = address.revision or ("", 0)
    if kind == "master":
        outside = state.masters[address.path[0]].masters[number].outside
        return outside.maker if outside else None
    if kind == "mix":
        made = state.mixes["/".join(address.path)].revisions[number].made
        return made.maker if isinstance(made, FromOutside) else None
    return None


def _no(address: Address) -> list[AudioFile]:
    raise NotFound("address", f"there is no {address}", next=suggest("record show", address.path[0]))
