"""SoundFonts: samples that play MIDI takes in place of the built-in instruments; ingest and lookup."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain.core.refusal import Misused, NotFound, Refused
from domain.recipe import PATCHES, Instrument, SoundFont
from domain.takes.midi_takes import MidiPlayed
from dsp.audio import Unsound
from dsp.midi.sampled import is_soundfont
from flows.jobs.fluidsynth import VARIABLE, FluidSynth, installed
from flows.vault.vault import Vault
from orchestrator.log.query import Query
from orchestrator.studio import Studio

MOST_BYTES: Final = 4 << 30
HIGHEST_PATCH: Final = 127


@dataclass(frozen=True, slots=True)
class SoundFontFile:
    """A SoundFont as requested on the command line, not checked yet."""

    file: str | None = None
    """A path, or the name of a SoundFont file that was ingested before."""
    patch: int | None = None

    def kept(self, before: SoundFont | None) -> SoundFont | None:
        """*before* with the requested patch and the FluidSynth found here; None if a file is requested."""
        if before is None or self.file is not None:
            return None
        patch = before.patch if self.patch is None else _patch(self.patch)
        return before.model_copy(update={"patch": patch, "program": player().version})


BUILT_IN: Final = SoundFontFile()
"""No SoundFont requested."""


def soundfont(
    studio: Studio, vault: Vault, record: str, wish: SoundFontFile, instrument: Instrument
) -> SoundFont | None:
    """The requested SoundFont: a file to ingest, or the name of one that already plays takes of *record*.

    None without a request.

    Args:
        studio: the store.
        vault: where the file is kept.
        record: its id.
        wish: the request.
        instrument: gives the patch unless one is requested.

    Raises:
        Refused: ``midi.fluidsynth``; FluidSynth is not installed.
        NotFound: ``file.missing``.
        Misused: ``midi.recipe``; there is no such patch, or a patch is requested without a SoundFont.
        Unsound: the file is not a SoundFont, or is too large.
        VaultFault: the file cannot be stored.
    """
    if wish.file is None:
        if wish.patch is not None:
            raise Misused("midi.recipe", "a patch is one of a SoundFont's: give --soundfont FILE too")
        return None
    chosen = PATCHES[instrument] if wish.patch is None else _patch(wish.patch)
    synth, path = player(), Path(wish.file)
    if not path.exists():
        return _known(studio, record, wish.file).model_copy(update={"patch": chosen, "program": synth.version})
    if not is_soundfont(path) or path.stat().st_size > MOST_BYTES:
        raise Unsound(f"{path.name} is no SoundFont (.sf2 or .sf3, {MOST_BYTES >> 30} GiB at most)")
    blob = vault.take_in(path)
    return SoundFont(file=path.name, blob=blob.hash, size=blob.size, patch=chosen, program=synth.version)


def _patch(number: int) -> int:
    if not 0 <= number <= HIGHEST_PATCH:
        raise Misused("midi.recipe", f"patch {number}: General MIDI counts them from 0 to {HIGHEST_PATCH}")
    return number


def player() -> FluidSynth:
    """The FluidSynth found here.  Raises: Refused ``midi.fluidsynth``; Unsound, its version cannot be read."""
    synth = installed()
    if synth is None:
        raise Refused(
            "midi.fluidsynth",
            f"a SoundFont is played by FluidSynth, which is not installed here (nor named in {VARIABLE})",
            next="install FluidSynth (Debian: apt install fluidsynth; macOS: brew install fluid-synth), or leave out "
            "--soundfont",
        )
    return synth


def _known(studio: Studio, record: str, name: str) -> SoundFont:
    played = studio.read(Query.of(MidiPlayed, tags=[f"record:{record}"]))
    for recorded in reversed(played):
        font = recorded.event.recipe.soundfont if isinstance(recorded.event, MidiPlayed) else None
        if font and font.file == name:
            return font
    raise NotFound("file.missing", f"there is no file {name}, and no take of {record} is played by a SoundFont {name}")
