"""MIDI takes: a performance kept as its own file, and the sound that a pinned instrument makes of it.

The source of a MIDI take is the ``.mid`` file, byte for byte.  Its sound is rendered by a built-in instrument of a
stated version, at the song's rate, after the changes that were decided (quantise, transpose, velocity): a pure
function of the file's bytes and a :class:`domain.recipe.MidiRecipe`.  The sound is rendered at ingest and when the
recipe changes, and is kept in the vault beside the file, like the converted audio of an audio take.

Apart from that a MIDI take is like any other.  Comps, plans and verdicts refer to the pcm hash of its sound: a changed
quantisation makes stale only what uses the take, and a new version of an instrument makes nothing stale; it is used
from the next decision on.  The recipe is recorded with the sound, and a rebuild renders the file again by it.

Time is exact: a tick is a whole number or a fraction, and becomes a frame by one rational product, rounded once.
"""
