"""MIDI takes: ingest of files, each played by its part's instrument, and changes to how a take is played."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from domain.core.address import Address
from domain.core.ids import record_of, song_of
from domain.core.plain_errors import plain_words
from domain.core.refusal import Misused, Refused, suggest
from domain.label.catalog import PartAdded, Song, set_clock
from domain.label.people import Role
from domain.recipe import INSTRUMENT_NAMES, INSTRUMENTS, SAMPLER, Instrument, MidiRecipe, midi_words
from domain.takes.midi_takes import MidiPlayed, play
from domain.takes.takes import Take, Track
from dsp.audio import Unsound
from dsp.draft.roles import role_of
from dsp.midi.file import parse, read_bytes
from dsp.midi.hits import remarks
from flows.jobs.midi import perform
from flows.vault.vault import Blob, Vault
from flows.vault.vault_faults import VaultFault
from orchestrator.desk.addressing.addresses import catalog_of
from orchestrator.desk.intake.recorder_file_names import spoken
from orchestrator.desk.intake.soundfonts import BUILT_IN, SoundFontFile, soundfont
from orchestrator.desk.intake.take_arrival import FileResult, IncomingTake, IngestOptions, Performance, arrive
from orchestrator.desk.takes.takes import parts_of, song_query
from orchestrator.studio import History, Studio

USUAL_RATE: Final = 48_000
"""Rate in Hz of a song whose first take is MIDI, unless another is given."""
BITS: Final = 32
"""Bit depth of an instrument's sound."""

VOICES: Final[dict[Instrument, frozenset[str]]] = {
    "drums": frozenset({"kick", "snare", "tom", "hi-hat", "overhead", "percussion", "drums"}),
    "bass": frozenset({"bass"}),
    "keys": frozenset({"keys"}),
}
"""The roles (:mod:`dsp.draft.roles`) that each instrument plays."""


def take_in_midi(studio: Studio, vault: Vault, part: str, path: Path, wish: IngestOptions) -> FileResult:
    """Ingest a MIDI file as one take of *part*; a file that cannot be played is refused in its row."""
    try:
        return _taken_in(studio, vault, part, path, wish)
    except (VaultFault, Unsound) as fault:
        return FileResult(path, reason=fault.reason)
    except OSError as error:
        return FileResult(path, reason=f"it cannot be read ({error.strerror})")
    except Refused as refusal:
        if refusal.rule != "rate.match":
            raise
        return FileResult(path, reason=f"{refusal.rule}: {refusal.detail}")


def _taken_in(studio: Studio, vault: Vault, part: str, path: Path, wish: IngestOptions) -> FileResult:
    known = catalog_of(studio, record_of(part))
    known.refuse_absent(part)
    instrument, why_instrument = voice_of(known.part(part), wish.voice)
    rate, why_rate = _rate(known.song(song_of(part)), wish.rate)
    data = read_bytes(path)
    score = parse(data)
    file = _kept(vault, data)
    recipe = _recipe(instrument, {"soundfont": soundfont(studio, vault, record_of(part), wish.samples, instrument)})
    track = Track(
        name="main", sound=perform(vault, file.hash, recipe, rate), original=file.hash, file=spoken(path.name)
    )
    arrival = IncomingTake(
        tracks=(track,),
        bits=BITS,
        warnings=tuple(remarks(score, instrument, sampled=recipe.soundfont is not None)),
        performance=Performance(file.hash, file.size, len(score.notes), recipe),
    )
    arrived = arrive(studio, part, arrival, wish)
    return arrived.row(path, told=True, more=("" if recipe.soundfont else why_instrument, why_rate))


def voice_of(part: PartAdded, wanted: str | None) -> tuple[Instrument, str]:
    """The instrument that plays *part*, and a remark on the choice.  Raises: Misused ``midi.recipe``."""
    if wanted:
        return _recipe("keys", {"instrument": wanted}).instrument, ""
    role = role_of(part.instrument, part.name).name
    for instrument, roles in VOICES.items():
        if role in roles:
            return instrument, f"played by {instrument}"
    return "keys", f"played by keys, for want of a built-in {role}; --voice chooses another"


def _rate(song: Song, wanted: int | None) -> tuple[int, str]:
    """Rate of *song* in Hz, and a remark if this take sets it.  Raises: Unsound, Refused ``rate.match``."""
    rate = wanted or (song.clock.rate if song.clock else USUAL_RATE)
    if song.clock and rate != song.clock.rate:
        raise Unsound(f"{song.id} runs at {song.clock.rate} Hz and so will this: leave out --rate {rate}")
    set_clock(song, rate=rate, bits=BITS, zero=None)
    return rate, "" if song.clock else f"the song runs at {rate} Hz from now on; --rate sets another with a first take"


def _kept(vault: Vault, data: bytes) -> Blob:
    with vault.scratch() as room:
        copy = room / "played.mid"
        copy.write_bytes(data)
        return vault.publish(copy)


@dataclass(frozen=True, slots=True)
class MidiReplay:
    """How a MIDI take was played before and after a change."""

    take: str
    before: MidiPlayed
    after: MidiPlayed
    again: bool

    def as_dict(self) -> dict[str, object]:
        """For ``--json``."""
        return {
            "take": self.take,
            "before": midi_words(self.before.recipe),
            "after": midi_words(self.after.recipe),
            "again": self.again,
            "pcm": self.after.sound.pcm,
        }


def replay(
    studio: Studio, vault: Vault, address: Address, changes: dict[str, Any], samples: SoundFontFile = BUILT_IN, *,
    why: str | None = None,
) -> MidiReplay:  # fmt: skip
    """Play a MIDI take with *changes*, counted from its file as recorded; without any, as recorded.

    Args:
        studio: the store.
        vault: where the MIDI file and its sounds lie.
        address: the take's address.
        changes: fields of a ``MidiRecipe``; the instrument stays unless it is named.
        samples: the SoundFont; the take's own stays unless this or an instrument is named.
        why: the reason.

    Raises:
        NotFound: ``take.unknown``.
        Misused: ``midi.recipe``; ``midi.audio``, the take is not a MIDI take.
        Refused: ``midi.refused``, the file cannot be played with these changes; ``midi.fluidsynth``.
        NotFound, Unsound, VaultFault: of a SoundFont, see :func:`orchestrator.desk.intake.soundfonts.soundfont`.
    """
    part, number, query = "/".join(address.path), address.take or 0, song_query("/".join(address.path[:2]))
    before = _played(_take(studio.read(query), part, number), str(address))
    recipe = _recipe(before.recipe.instrument, changes)
    kept = None if "instrument" in changes else samples.kept(before.recipe.soundfont)
    font = kept or soundfont(studio, vault, address.path[0], samples, recipe.instrument)
    recipe = _recipe(before.recipe.instrument, {**changes, "soundfont": font})
    after = before
    if recipe != before.recipe:
        try:
            sound = perform(vault, before.file, recipe, before.sound.rate)
        except Unsound as fault:
            raise Refused("midi.refused", fault.reason, next=suggest("take show", str(address))) from fault
        after = before.model_copy(update={"recipe": recipe, "sound": sound})

    def decision(history: History, _: Role) -> tuple[bool, Sequence[MidiPlayed]]:
        events = play(_take(history, part, number).played, after)
        return not events, events

    again = studio.decide(query, decision, deed="ingest", why=why)
    return MidiReplay(before.take, before, after, again)


def _take(history: History, part: str, number: int) -> Take:
    return parts_of(history)[part].takes.take(part, number)


def _played(take: Take, address: str) -> MidiPlayed:
    if take.played is None:
        raise Misused("midi.audio", f"{address} is audio: it has no notes to quantise, transpose or play otherwise")
    return take.played


def _recipe(instrument: Instrument, changes: dict[str, Any]) -> MidiRecipe:
    wanted = {"instrument": instrument, **changes}
    name = wanted["instrument"]
    if name not in INSTRUMENTS:
        raise Misused("midi.recipe", f"there is no voice {name!r}; there are {', '.join(INSTRUMENT_NAMES)}")
    try:
        version = SAMPLER if wanted.get("soundfont") else INSTRUMENTS[name]
        return MidiRecipe.model_validate({**wanted, "version": version})
    except ValidationError as error:
        first = error.errors()[0]
        if first["loc"][0] == "quantise":
            grids = "1/4, 1/8, 1/16 and so on to 1/64, with a T behind them for triplets"
            raise Misused("midi.recipe", f"{first['input']!r}"[:40] + f" is no grid: write {grids}") from None
        raise Misused("midi.recipe", f"{first['loc'][0]}: {plain_words(first)}, not {first['input']!r}"[:300]) from None
