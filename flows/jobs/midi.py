"""Rendering of a MIDI file from the vault by its instrument; the sound is put into the vault."""

from pathlib import Path
from typing import TYPE_CHECKING

from domain.core.event import Sha
from domain.recipe import SAMPLER, MidiRecipe, SoundFont
from domain.render.jobs import Sound
from flows.jobs.rendering import published
from flows.vault.vault import Vault

if TYPE_CHECKING:
    from dsp.audio import Printed
    from dsp.midi.score import Score


def perform(vault: Vault, file: Sha, recipe: MidiRecipe, rate: int) -> Sound:
    """Render the MIDI file *file* as *recipe* says at *rate* Hz; equal input gives equal bytes.

    Raises:
        Unsound: the file, the recipe or the instrument's version is not one that can be played
            (:func:`dsp.midi.play.play`, :func:`flows.jobs.fluidsynth.render`).
        VaultFault: a file is not in the vault, or its sound cannot be put there.
    """
    from dsp.midi.changes import changed
    from dsp.midi.file import read_midi
    from dsp.midi.play import play

    with vault.scratch() as room:
        score, path = read_midi(vault.checked(file)), room / "taken.wav"
        if recipe.soundfont:
            _refuse_another(recipe.soundfont, recipe.version)
            printed = _sampled(changed(score, recipe), recipe, vault.checked(recipe.soundfont.blob), rate, path)
        else:
            printed = play(score, recipe, rate, path)
        return published(vault, printed).sound


def _refuse_another(font: SoundFont, way: int) -> None:
    """Refuse other versions.  Raises: Unsound; FluidSynth or the playing of SoundFonts is not of the pinned version."""
    from dsp.audio import Unsound
    from flows.jobs.fluidsynth import installed

    synth = installed()
    if synth is None or synth.version != font.program:
        here = f"here it is {synth.version}" if synth else "it is not installed here"
        raise Unsound(f"it was played by FluidSynth {font.program}, and {here}")
    if way != SAMPLER:
        raise Unsound(f"its SoundFont was played in way {way}, and this takesheet plays in way {SAMPLER}")


def _sampled(score: "Score", recipe: MidiRecipe, font: Path, rate: int, path: Path) -> "Printed":
    """Render *score* by FluidSynth with the SoundFont at *font*.  Raises: Unsound."""
    from dsp.midi.sampled import as_take, for_sampler
    from flows.jobs.fluidsynth import render

    assert recipe.soundfont is not None, "a built-in instrument plays otherwise"
    played, lasts_s = for_sampler(score, recipe.instrument, recipe.soundfont.patch)
    return as_take(render(font, played, rate, lasts_s=lasts_s, room=path.parent), rate, path)
