"""The console: from the tracks of a song to its mix, as a recipe says.

Who feeds whom stands in :mod:`dsp.wiring`.

How long a mix is: as long as the longest input the recipe names, or as the last that sounds in any version, delays and
the tails of effects (:mod:`dsp.effects`) included.  All versions are equally long, and in sync to the sample.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from pathlib import Path

from domain.recipe import MixRecipe, Version
from dsp.audio import BLOCK_FRAMES, STEREO, Printed, Source, Unsound
from dsp.files import Reader, Writer
from dsp.graph import pull
from dsp.wiring import Wiring

Inputs = Mapping[str, Mapping[str, Source]]
"""Part to track to where it lies."""

MAIN = "main"


def render_mix(
    recipe: MixRecipe,
    inputs: Inputs,
    out: Path,
    *,
    threads: int = 1,
    progress: Callable[[float], None] | None = None,
) -> list[Printed]:
    """Print every version of a mix into the folder *out*, in one pass.

    Args:
        recipe: the mix.
        inputs: the tracks of each part, one rate for all; parts the recipe does not name are not heard.
        out: an existing folder; each version becomes ``NAME.wav`` in it, stereo, RF64 of float32.
        threads: how many strips may work at a time; the bits are the same for any number.
        progress: told the share that is done, 0 to 1, after each block.

    Returns:
        ``main`` first, then the versions in the order of their names.

    Raises:
        Unsound: a strip's track is not among the inputs of its part (an absent part is silent), no part is there at
            all, the rates differ, a track has more than two channels, or a filter lies above half the rate.
    """
    versions = {MAIN: Version(), **{name: recipe.versions[name] for name in sorted(recipe.versions)}}
    with ExitStack() as opened:
        wiring = Wiring(recipe, readers_of(recipe, inputs, opened))
        masters = [wiring.master(version) for version in versions.values()]
        frames = max(wiring.longest_frames, *(master.ends for master in masters))
        files = [opened.enter_context(_writer(out, name, wiring.rate, frames)) for name in versions]
        blocks = -(-frames // BLOCK_FRAMES)
        pulled = opened.enter_context(closing(pull(masters, blocks, threads=threads)))
        for number, made in enumerate(pulled):
            for file, block in zip(files, made, strict=True):
                file.write(block[:, : frames - number * BLOCK_FRAMES])
            if progress:
                progress((number + 1) / blocks)
        return [file.close() for file in files]


def readers_of(recipe: MixRecipe, inputs: Inputs, files: ExitStack) -> dict[str, dict[str, Reader]]:
    """A reader for each track of each part the recipe names and that is there.  Raises: Unsound."""
    for name in recipe.strips:
        part, dot, track = name.partition(".")
        if dot and inputs.get(part) and track not in inputs[part]:
            raise Unsound(
                f"There is a strip {name}, but {part} has no track {track}: {', '.join(sorted(inputs[part]))}."
            )
    readers = {
        part: {track: _reader(f"{part}.{track}", source, files) for track, source in sorted(inputs[part].items())}
        for part in recipe.parts
        if inputs.get(part)
    }
    if not readers:
        raise Unsound("There is nothing to mix: none of the recipe's parts has a track.")
    rates = {reader.rate: f"{part}.{track}" for part in readers for track, reader in readers[part].items()}
    if len(rates) > 1:
        raise Unsound(
            f"The rates differ: {', '.join(f'{name} has {rate} Hz' for rate, name in sorted(rates.items()))}."
        )
    return readers


def _reader(name: str, source: Source, files: ExitStack) -> Reader:
    try:
        reader = files.enter_context(Reader(source))
    except Unsound as error:
        raise Unsound(f"{name}: {error.reason}") from error
    if reader.channels > STEREO:
        raise Unsound(f"{name} has {reader.channels} channels: a strip hears one or two.")
    return reader


def _writer(out: Path, name: str, rate: int, frames: int) -> Writer:
    if Path(name).name != name or name in {".", ".."}:
        raise Unsound(f"A version cannot be called {name!r}: its name becomes a file's name.")
    return Writer(out / f"{name}.wav", rate, STEREO, frames, name=name)
