"""The edit: how a part is cut from its takes, and the text of it that its plan hashes."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from domain.recipe.values import Recipe


class Span(Recipe):
    """Where one take sounds, in frames of song time, half open."""

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(gt=0)]
    take: Annotated[int, Field(gt=0)]


class EditRecipe(Recipe):
    """How a part is cut from its takes: layers that sound together, each a row of spans that never overlap.

    Where two spans of a layer touch, they are joined by a crossfade of ``crossfade_frames`` around the joint; where a
    span borders silence inside its take it is faded; the first and last frame of a take stay as they were recorded.
    """

    rate: Annotated[int, Field(gt=0)]
    length: Annotated[int, Field(ge=0)]
    """Frames, of every track of the result."""
    crossfade_frames: Annotated[int, Field(ge=0)]
    starts: Mapping[int, int]
    """Frame of song time at which each take begins."""
    layers: tuple[tuple[Span, ...], ...]


EDIT_SHAPE = "takesheet-edit-1"


def edit_text(recipe: EditRecipe) -> str:
    """The text of *recipe* that its plan hashes; a released shape never changes (golden file)."""
    return "\n".join(_edit_lines(recipe)) + "\n"


def _edit_lines(recipe: EditRecipe) -> Iterator[str]:
    yield EDIT_SHAPE
    yield f"rate {recipe.rate}"
    yield f"length {recipe.length}"
    yield f"crossfade {recipe.crossfade_frames}"
    for take, start in sorted(recipe.starts.items()):
        yield f"take {take} starts {start}"
    for number, layer in enumerate(recipe.layers, start=1):
        for span in layer:
            yield f"layer {number} from {span.start} to {span.end} take {span.take}"
