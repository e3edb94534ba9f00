"""Whatever is wrong with a value is said in the words of a recipe, and never in pydantic's."""

from decimal import Decimal
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from domain.core.plain_errors import no_such_field, plain_words


class Knobs(BaseModel):
    model_config = ConfigDict(extra="forbid")

    ratio: Annotated[Decimal, Field(ge=1, lt=100)] = Decimal(2)
    poles: int = 2
    on: bool = True
    name: Annotated[str, Field(min_length=1, max_length=3, pattern="^[a-z]*$")] = "a"
    shape: Literal["bell", "shelf"] = "bell"
    points: tuple[int, ...] = ()
    table: dict[str, int] = Field(default_factory=dict)

    @field_validator("poles")
    @classmethod
    def _even(cls, poles: int) -> int:
        if poles % 2:
            raise ValueError("poles come in pairs")
        return poles


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("ratio", 0, "must be at least 1"),
        ("ratio", 100, "must be less than 100"),
        ("ratio", "x", "must be a number"),
        ("ratio", Decimal("NaN"), "must be a finite number"),
        ("ratoi", 3, "no such field"),
        ("poles", 1.5, "must be a whole number"),
        ("poles", 3, "poles come in pairs"),
        ("on", "x", "must be true or false"),
        ("name", 3, "must be text"),
        ("name", "", "must have at least 1 characters"),
        ("name", "long", "must have at most 3 characters"),
        ("name", "A", "must match pattern '^[a-z]*$'"),
        ("shape", "notch", "must be 'bell' or 'shelf'"),
        ("points", 3, "must be a list"),
        ("table", 3, "must be a table"),
    ],
)
def test_what_is_wrong_is_said_plainly(field: str, value: object, words: str) -> None:
    with pytest.raises(ValidationError) as found:
        Knobs.model_validate({field: value})
    assert plain_words(found.value.errors()[0]) == words


def test_a_misspelt_field_is_told_with_the_one_that_was_meant() -> None:
    assert no_such_field("ratoi", "a compressor", ["ratio", "threshold_db"]) == (
        "no such field `ratoi` in a compressor; did you mean `ratio`?"
    )
    assert no_such_field("zzz", "a compressor", ["ratio"]) == "no such field `zzz` in a compressor"
