"""Any mix recipe is refused in one clear line, or its mix is finite and reproducible.

A sample; ``python -m tests.drills --only recipes`` tries ten thousand.
"""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dsp.mix.recipe_author import SCHEMA
from tests.dsp.mix.recipe_trial import Inputs, author, material, tried

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Inputs, Path]:
    out = tmp_path_factory.mktemp("out")
    return material(tmp_path_factory.mktemp("song")), out


@settings(max_examples=40, deadline=None)
@given(number=st.integers(0, 2**32))
def test_every_recipe_is_refused_in_one_line_or_rendered_the_same_again(
    place: tuple[Inputs, Path], number: int
) -> None:
    inputs, out = place
    tried(author(number).recipe(), inputs, out, again=True)


def test_recipes_at_random_use_every_field_there_is() -> None:
    written = " ".join(author(number).recipe() for number in range(200))
    fields = {field for table in (SCHEMA, *SCHEMA["$defs"].values()) for field in table.get("properties", ())}
    assert {field for field in fields if field not in written} == set()
