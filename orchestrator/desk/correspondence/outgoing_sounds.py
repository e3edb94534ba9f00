"""Sounds that can be sent: a mix, a master of one song, a take, a part, or everything of a pass at once.

Tests: ``tests/orchestrator/cli/commands/correspondence/test_send.py``.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

import numpy as np

from domain.core.address import Address
from domain.core.refusal import Misused, NotFound, Refused, suggest
from domain.correspondence.parcels import SentSound
from domain.mixes.versions import VERSIONS
from domain.render.jobs import Named, Sound, manifest
from domain.status.record_state import RecordState
from domain.takes.takes import Take
from dsp.audio import STEREO, Audio, Source, grid
from dsp.files.sound import SoundReader
from flows.vault.vault import Vault
from orchestrator.desk.addressing.addresses import noun_of
from orchestrator.desk.listening.audio_files import audio_at
from orchestrator.desk.mixes.mixes import status_of
from orchestrator.studio import Studio

MAIN: Final = "main"
STEMS: Final = "stems"
ROUGH_PEAK: Final = 10 ** (-1 / 20)
"""Highest sample of a sum of tracks: -1 dBFS; a sum that stays below is left as it is."""


@dataclass(frozen=True, slots=True)
class PlacedFile:
    """One file of a sound, and the frame of the sound at which it begins."""

    source: Source
    begins: int = 0


@dataclass(frozen=True, slots=True)
class OutgoingSound:
    """A sound that is sent: what it is, and the tracks that are heard together in it."""

    sent: tuple[SentSound, ...]
    what: str
    """For people, such as ``mix 3``."""
    tracks: tuple[PlacedFile, ...]
    rate: int
    frames: int
    channels: int
    is_final: bool = False
    begins: int = 0
    """Frame of song time at which it begins."""

    def blocks(self) -> Iterator[Audio]:
        """The signal, shape (channels, frames) a block; several tracks are summed, below full scale."""
        gain = 1.0 if len(self.tracks) == 1 else min(1.0, ROUGH_PEAK / max(self._peak(), 1e-9))
        for block in self._sum():
            yield block if gain == 1.0 else (block * np.float32(gain))

    def _peak(self) -> float:
        return max((float(np.abs(block).max(initial=0.0)) for block in self._sum()), default=0.0)

    def _sum(self) -> Iterator[Audio]:
        with ExitStack() as opened:
            readers = [(opened.enter_context(SoundReader(one.source)), one.begins) for one in self.tracks]
            for start, frames in grid(self.frames):
                block = np.zeros((self.channels, frames), np.float32)
                for reader, begins in readers:
                    block += reader.read(start - begins, frames)[:STEREO]
                yield block


def outgoing_sound(studio: Studio, state: RecordState, address: Address) -> OutgoingSound:
    """The sound at a full *address*, ready to be sent.

    Raises:
        NotFound: nothing has this address, or it has no audio.
        Refused: ``audio.pending``.
        Misused: ``send.what``; it is no sound, or a master of several files.
    """
    noun = noun_of(address)
    if noun == "pass":
        return _pass(studio, state, address)
    if noun not in {"mix", "master", "take", "part"}:
        raise Misused("send.what", f"{address} is no sound; send a mix, a master, a take, a part or a pass")
    named = [one.audio for one in audio_at(studio, address)]
    if noun == "mix":
        named = [one for one in named if one.name == MAIN]
    elif noun == "master":
        named = named[:1] if len({one.name for one in named}) == 1 else _several(address)
    whole = status_of(state, address) if noun in {"mix", "master"} else None
    hash_ = (whole.output if whole else None) or _hash(named)
    sent = (SentSound(target=str(address), hash=hash_),)
    is_final = noun == "master" and whole is not None and whole.state == "approved"
    begins = _beginning(state, address)
    return _summed(studio, named, [0] * len(named), sent, _what(state, address), is_final=is_final, begins=begins)


def outgoing_prints(studio: Studio, state: RecordState, address: Address, what: Sequence[str]) -> list[OutgoingSound]:
    """The prints of a mix that *what* names, or with ``main`` all files of a master, each ready to be sent.

    Args:
        studio: the store.
        state: of the record.
        address: full address of a mix or a master.
        what: names of prints, such as ``main`` and ``instrumental``; ``stems`` for all stems.

    Raises:
        Misused: ``send.what``; it is neither a mix nor a master.
        NotFound: ``send.what``; there is no such print.
        Refused: ``audio.pending``.
    """
    if noun_of(address) not in {"mix", "master"}:
        raise Misused("send.what", f"{address} has no prints; only a mix or a master is sent as a pack")
    whole, files = status_of(state, address), audio_at(studio, address)
    named = {one.audio.name if noun_of(address) == "mix" else one.name.replace("/", " "): one.audio for one in files}
    chosen = _chosen(address, list(named), what)
    main = SentSound(target=str(address), hash=whole.output or _hash(list(named.values())))
    is_final = noun_of(address) == "master" and whole.state == "approved"
    return [
        _summed(
            studio, [named[name]], [0],
            (main,) if name == MAIN else (SentSound(target=f"{address} {name}", hash=named[name].sound.pcm),),
            name, is_final=is_final, begins=0,
        )
        for name in chosen
    ]  # fmt: skip


def _chosen(address: Address, names: Sequence[str], what: Sequence[str]) -> list[str]:
    if noun_of(address) == "master":
        if list(what) != [MAIN]:
            raise Misused("send.what", f"{address} is sent whole: --what main")
        return list(names)
    stems = [name for name in names if name != MAIN and name not in VERSIONS]
    chosen = [name for word in what for name in (stems if word == STEMS else [word])]
    missing = [name for name in chosen if name not in names] or ([] if chosen else [STEMS])
    if missing:
        there = ", ".join([*(name for name in names if name not in stems), *([STEMS] if stems else [])])
        raise NotFound(
            "send.what", f"{address} has no {missing[0][:40]}; it has {there}", next=suggest("mix show", str(address))
        )
    return list(dict.fromkeys(chosen))


def _several(address: Address) -> list[Named]:
    raise Misused(
        "send.what",
        f"{address} has several files; send it as a pack",
        next=suggest("send", str(address), to="NAME", what="main"),
    )


def _hash(named: Sequence[Named]) -> str:
    """The pcm hash of one file, or the manifest hash of several."""
    return named[0].sound.pcm if len(named) == 1 else manifest((one.name, one.sound.pcm) for one in named)


def _what(state: RecordState, address: Address) -> str:
    if address.revision:
        return f"{address.revision[0]} {address.revision[1]}"
    part = state.catalog.songs["/".join(address.path[:2])].parts[address.path[2]]
    return f"{part.name} {f'take {address.take}' if address.take is not None else 'comp'}"


def _beginning(state: RecordState, address: Address) -> int:
    """Frame of song time at which the file of a take begins; 0 for anything else."""
    if address.take is None:
        return 0
    part = "/".join(address.path)
    return state.takes_of(part).take(part, address.take).begins


def _pass(studio: Studio, state: RecordState, address: Address) -> OutgoingSound:
    """All takes of a pass together, each at its place in the song."""
    song, number = "/".join(address.path), address.revision[1] if address.revision else 0
    takes = [
        take
        for part in state.catalog.song(song).parts
        for take in state.takes_of(f"{song}/{part}").takes.values()
        if take.ingested.pass_number == number
    ]
    named = [one for take in takes for one in _named(take)]
    if not named:
        raise NotFound("audio.none", f"{address} has no take", next=suggest("take list", song))
    first = min(take.begins for take in takes)
    places = [take.begins - first for take in takes for _ in take.tracks]
    sent = (
        SentSound(target=str(address), hash=_hash(named)),
        *(SentSound(target=take.ingested.take, hash=_hash(_named(take))) for take in takes),
    )
    return _summed(studio, named, places, sent, f"take {number}", is_final=False, begins=first)


def _named(take: Take) -> list[Named]:
    return [Named(name=track.name, sound=track.sound) for track in take.tracks]


def _summed(
    studio: Studio, named: Sequence[Named], places: Sequence[int], sent: tuple[SentSound, ...], what: str, *,
    is_final: bool, begins: int,
) -> OutgoingSound:  # fmt: skip
    vault, sounds = Vault(studio.config.vault), [one.sound for one in named]
    if len({sound.rate for sound in sounds}) > 1:
        raise Refused("rate.match", f"{sent[0].target} has tracks of several rates, which are not summed")
    channels = STEREO if len(sounds) > 1 or sounds[0].channels > 1 else 1
    if any(sound.channels > STEREO for sound in sounds):
        raise Refused("send.channels", f"{sent[0].target} has a file of more than two channels", next="send its mix")
    tracks = tuple(PlacedFile(_source(vault, sound), place) for sound, place in zip(sounds, places, strict=True))
    frames = max(place + sound.frames for sound, place in zip(sounds, places, strict=True))
    return OutgoingSound(sent, what, tracks, sounds[0].rate, frames, channels, is_final, begins)


def _source(vault: Vault, sound: Sound) -> Source:
    return Source(vault.checked(sound.blob), sound.first_channel, sound.channels)
