"""The console: renders the tracks of a song to the prints of its mix recipe.

The connections are made in :mod:`dsp.mix.routing_graph.cut_graph`.

A mix is as long as the longest input that the recipe names, or as the last sound in any print, delays and tails of
effects (:mod:`dsp.mix.effects`) included.  All prints are equally long, and in sync to the sample: latency within a mix
is compensated at its end (:mod:`dsp.mix.render_loop`).
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from pathlib import Path

from domain.recipe import MixRecipe
from dsp.audio import STEREO, Printed, Source, Unsound
from dsp.blocks.graph import Node
from dsp.files.sound import SoundReader, SoundWriter
from dsp.mix.listen_print import ListenWriter
from dsp.mix.plugins.rack import Rack
from dsp.mix.prints import Print, prints_of
from dsp.mix.render_loop import play
from dsp.mix.routing_graph.mix_graph import MixGraph
from dsp.mix.routing_graph.node_registry import NO_SOURCES, NodeRegistry

Inputs = Mapping[str, Mapping[str, Source]]
"""Source by part and track."""


def render_mix(
    recipe: MixRecipe,
    inputs: Inputs,
    out: Path,
    *,
    impulses: Mapping[str, Source] = NO_SOURCES,
    threads: int = 1,
    progress: Callable[[float], None] | None = None,
    rack: Rack | None = None,
) -> list[Printed]:
    """Print a mix into the folder *out*: its main version and all other prints of the recipe, in one pass.

    Args:
        recipe: mix recipe.
        inputs: the tracks of each part, one rate for all; parts that the recipe does not name are unused.
        out: an existing folder; each print becomes ``NAME.wav`` in it, stereo, RF64 of float32.
        impulses: impulse responses by name in the recipe.
        threads: number of nodes that may run at a time; the bits are equal for any number.
        progress: called with the share that is done, 0 to 1, after each block.
        rack: provides the plug-ins of other makers; closed by the caller.

    Returns:
        ``main`` first, then the others sorted by name (:mod:`dsp.mix.prints`).

    Raises:
        Unsound: a strip's track is not among the inputs of its part (an absent part is silent), no part has any track,
            the rates differ, a track has more than two channels, a filter lies above half the rate, an impulse is
            missing or unusable, two prints would have one name, or a plug-in is not allowed, crashes or hangs.
    """
    with ExitStack() as opened:
        wiring = MixGraph(NodeRegistry(recipe, readers_of(recipe, inputs, opened), impulses, rack))
        prints = prints_of(recipe, wiring.tracks)
        nodes = [_node(wiring, one) for one in prints]
        frames = max(wiring.longest_frames, *(node.ends for node in nodes))
        files = []
        for one in prints:
            file = _file(recipe, out, one, wiring.rate, frames)
            opened.enter_context(file)
            files.append(file)
        done = 0
        for made in opened.enter_context(closing(play(nodes, frames, threads=threads))):
            for file, block in zip(files, made, strict=True):
                file.write(block)
            done += made[0].shape[1]
            if progress:
                progress(done / frames)
        return [file.close() for file in files]


def _node(wiring: MixGraph, one: Print) -> Node:
    cut = wiring.cut(one.cut)
    return cut.before_master() if one.tap == "stem" else cut.master()


def readers_of(recipe: MixRecipe, inputs: Inputs, files: ExitStack) -> dict[str, dict[str, SoundReader]]:
    """Open a reader for each track of each present part that the recipe names.  Raises: Unsound."""
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


def _reader(name: str, source: Source, files: ExitStack) -> SoundReader:
    try:
        reader = files.enter_context(SoundReader(source))
    except Unsound as error:
        raise Unsound(f"{name}: {error.reason}") from error
    if reader.channels > STEREO:
        raise Unsound(f"{name} has {reader.channels} channels: a strip hears one or two.")
    return reader


def _file(recipe: MixRecipe, out: Path, one: Print, rate: int, frames: int) -> SoundWriter | ListenWriter:
    name = one.name
    if Path(name).name != name or name in {".", ".."}:
        raise Unsound(f"A version cannot be called {name!r}: its name becomes a file's name.")
    writer = SoundWriter(out / f"{name}.wav", rate, STEREO, frames, name=name)
    return ListenWriter(writer, recipe.listen) if one.tap == "listen" else writer
