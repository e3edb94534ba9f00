"""Any edit recipe is refused in one line, or every track is cut to its length.

A sample; ``python -m tests.drills --only "edit recipes"`` tries ten thousand.
"""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dsp.edit.cutting import Takes
from tests.dsp.edit.recipe_trial import author, material, tried

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Takes, Path]:
    return material(tmp_path_factory.mktemp("takes")), tmp_path_factory.mktemp("out")


@settings(max_examples=40, deadline=None)
@given(number=st.integers(0, 2**32))
def test_every_edit_is_refused_in_one_line_or_cut_the_same_again(place: tuple[Takes, Path], number: int) -> None:
    sources, out = place
    tried(author(number).recipe(), sources, out, again=True)
