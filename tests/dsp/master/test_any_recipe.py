"""Any master recipe is refused in one clear line, or its masters stay below their ceilings.

A sample; ``python -m tests.drills --only "master recipes"`` tries ten thousand.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.audio import Source
from tests.dsp.master.recipe_trial import author, material, tried

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sequence[Source], Path]:
    return material(tmp_path_factory.mktemp("songs")), tmp_path_factory.mktemp("out")


@settings(max_examples=15, deadline=None)
@given(number=st.integers(0, 2**32))
def test_every_master_is_refused_in_one_line_or_finished_the_same_again(
    place: tuple[Sequence[Source], Path], number: int
) -> None:
    mixes, out = place
    tried(author(number).recipe(), mixes, out, again=True)
