"""Sources of an edit: takes as they were recorded, and their stretched or shifted pieces."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from domain.recipe import EditRecipe, Treated
from dsp.audio import Source, Take

Key: TypeAlias = tuple[int, Treated | None]
"""A take as recorded (None), or its piece under a treatment."""


@dataclass(frozen=True, slots=True)
class Tapes:
    """All takes of an edit and their stretched or shifted pieces."""

    takes: Mapping[int, Take]
    made: Mapping[Key, Take] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Every track name of any take, sorted."""
        return sorted({name for tracks in self.takes.values() for name in tracks})

    def track(self, name: str) -> dict[Key, Source]:
        """The source of track *name* in every take and piece that has such a track."""
        recorded: dict[Key, Source] = {
            (take, None): tracks[name] for take, tracks in self.takes.items() if name in tracks
        }
        return recorded | {key: tracks[name] for key, tracks in self.made.items() if name in tracks}


@contextmanager
def laid_out(recipe: EditRecipe, takes: Mapping[int, Take], folder: Path) -> Iterator[Tapes]:
    """*takes* with the pieces that *recipe* needs stretched or shifted, in temporary files of *folder*."""
    spans = [span for layer in recipe.layers for span in layer]
    wanted = {(span.take, span.treated): span.treated for span in spans if span.treated and span.treated.resounds}
    if not wanted:
        yield Tapes(takes)
        return
    from dsp.edit.stretching import make_anew  # importing the stretcher takes a third of a second

    made: dict[Key, Take] = {}
    with TemporaryDirectory(dir=folder) as name:
        for number, ((take, treated), piece) in enumerate(wanted.items()):
            room = Path(name) / str(number)
            room.mkdir()
            made[take, treated] = make_anew(takes[take], piece, recipe.starts[take], room)
        yield Tapes(takes, made)
