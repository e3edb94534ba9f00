"""The version of an instrument is raised in the commit that moves its sound, and only then."""

import json
from pathlib import Path

import pytest

from domain.recipe import INSTRUMENT_NAMES, INSTRUMENTS, Instrument
from tests.dsp.midi import performances
from tests.dsp.midi.test_play import printed
from tests.paths import GOLDEN

FROZEN = GOLDEN / "midi.json"


@pytest.mark.parametrize("instrument", INSTRUMENT_NAMES)
def test_the_version_and_the_sound_move_together(tmp_path: Path, instrument: Instrument) -> None:
    versions = json.loads(FROZEN.read_text())[instrument]
    now = printed(getattr(performances, instrument)(), tmp_path, instrument, swing=58, quantise="1/16").pcm
    assert now == versions[-1], f"the sound moved: raise INSTRUMENTS[{instrument!r}] and add what it gives now"
    assert len(versions) == INSTRUMENTS[instrument], "a version is raised with the sound, and only with it"
    assert len(set(versions)) == len(versions)
