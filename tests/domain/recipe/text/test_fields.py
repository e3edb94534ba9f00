"""Fields of a recipe, from its own types."""

import pytest

from domain.core.refusal import NotFound
from domain.recipe import MixRecipe, Strip
from domain.recipe.text.fields import table


def test_every_field_of_a_table_is_told() -> None:
    assert {field.name for field in table().fields} == set(MixRecipe.model_fields)
    assert {field.name for field in table("strips").fields} == set(Strip.model_fields)


def test_a_field_is_told_with_its_range_and_what_it_is_unsaid() -> None:
    fields = {field.name: (field.takes, field.default) for field in table("compressor").fields}
    assert fields["ratio"] == ("1 to 100", "2")
    assert fields["threshold_db"] == ("-80 to 0", "required")
    assert fields["side_chain"] == ("text", "-")


def test_a_choice_a_list_and_a_table_are_said_in_words() -> None:
    fields = {field.name: field.takes for field in table("strips").fields}
    assert "6, 12, 18, 24, 36, 48" in fields["high_pass_slope_db"]
    assert fields["eq"] == "a list: a table"
    assert fields["mute"] == "true or false"
    assert fields["gate"] == "a table"
    assert fields["sends"] == "by name: a table"


@pytest.mark.parametrize("name", ["", "eq", "buses.delay", "strips.sends", "multiband", "listen"])
def test_every_table_says_what_it_is_for(name: str) -> None:
    assert table(name).about
    assert table(name).fields


def test_a_table_that_is_none_is_answered_with_those_there_are() -> None:
    with pytest.raises(NotFound, match=r"recipe\.table.*compressor"):
        table("flanger")
