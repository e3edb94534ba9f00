"""One performance: a MIDI file of the vault, played by its instrument into the vault."""

from domain.event import Sha
from domain.jobs import Sound
from domain.recipe import MidiRecipe
from flows.answer import published
from flows.vault import Vault


def perform(vault: Vault, file: Sha, recipe: MidiRecipe, rate: int) -> Sound:
    """The sound of the MIDI file *file*, played as *recipe* says at *rate* Hz; the same again is the same bytes.

    Raises:
        Unsound: the file, the recipe or the instrument's version is not one that can be played
            (:func:`dsp.midi.play.play`).
        VaultFault: the file is not in the vault, or its sound cannot be put there.
    """
    from dsp.midi.file import read_midi
    from dsp.midi.play import play

    with vault.scratch() as room:
        printed = play(read_midi(vault.checked(file)), recipe, rate, room / "played.wav")
        return published(vault, printed).sound
