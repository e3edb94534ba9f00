"""Recipes: edits, mixes and masters as text that people can read and keep.

A recipe is stored as its author wrote it and never serialised again, because its text is part of the plan hash. Numbers
are decimals; units are part of the names: dB, Hz, ms, s, LUFS, dBTP, frames (samples per channel).
"""

from domain.recipe.channel import Bus, Channel, Group, Grouped, MasterBus, PanPoint, Point, Send, Sending, Strip
from domain.recipe.dynamics import Compression, Compressor, DeEsser, Gate, Multiband, MultibandBand, SideChained
from domain.recipe.edit import (
    EDIT_SHAPE,
    EditRecipe,
    Formants,
    Ramp,
    Span,
    TimeStretch,
    Treated,
    edit_text,
    stretched_frames,
)
from domain.recipe.effects import Chorus, Convolution, Delay, Phaser, Reverb, note_ms
from domain.recipe.external import NOT_REPRODUCIBLE, External, external_note, external_noted
from domain.recipe.master import MasterRecipe, Target
from domain.recipe.midi import (
    INSTRUMENT_NAMES,
    INSTRUMENTS,
    PATCHES,
    SAMPLER,
    Instrument,
    MidiRecipe,
    SoundFont,
    grid_quarters,
    midi_words,
)
from domain.recipe.mix import Listen, MixRecipe, Version, Words
from domain.recipe.nyquist import refuse_too_high
from domain.recipe.routing import Routing, bus_name, part_of
from domain.recipe.splice import ArrangedJoint, Splice, joint_note, splice_note, splice_noted
from domain.recipe.text.recipe_text import parse_master, parse_mix
from domain.recipe.tone import Saturation, Stereo, Tilt, Tone, ToneBand
from domain.recipe.values import (
    Frequency,
    Gain,
    Milliseconds,
    Pan,
    Quality,
    Recipe,
    Seconds,
    Semitones,
    Share,
    StretchRatio,
    Word,
)

__all__ = [
    "EDIT_SHAPE",
    "INSTRUMENTS",
    "INSTRUMENT_NAMES",
    "NOT_REPRODUCIBLE",
    "PATCHES",
    "SAMPLER",
    "ArrangedJoint",
    "Bus",
    "Channel",
    "Chorus",
    "Compression",
    "Compressor",
    "Convolution",
    "DeEsser",
    "Delay",
    "EditRecipe",
    "External",
    "Formants",
    "Frequency",
    "Gain",
    "Gate",
    "Group",
    "Grouped",
    "Instrument",
    "Listen",
    "MasterBus",
    "MasterRecipe",
    "MidiRecipe",
    "Milliseconds",
    "MixRecipe",
    "Multiband",
    "MultibandBand",
    "Pan",
    "PanPoint",
    "Phaser",
    "Point",
    "Quality",
    "Ramp",
    "Recipe",
    "Reverb",
    "Routing",
    "Saturation",
    "Seconds",
    "Semitones",
    "Send",
    "Sending",
    "Share",
    "SideChained",
    "SoundFont",
    "Span",
    "Splice",
    "Stereo",
    "StretchRatio",
    "Strip",
    "Target",
    "Tilt",
    "TimeStretch",
    "Tone",
    "ToneBand",
    "Treated",
    "Version",
    "Word",
    "Words",
    "bus_name",
    "edit_text",
    "external_note",
    "external_noted",
    "grid_quarters",
    "joint_note",
    "midi_words",
    "note_ms",
    "parse_master",
    "parse_mix",
    "part_of",
    "refuse_too_high",
    "splice_note",
    "splice_noted",
    "stretched_frames",
]
